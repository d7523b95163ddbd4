//! How a request says who is asking: a file for each way.

mod basic;
mod bearer;
mod iam;
mod refresh;
mod session;

use super::abort::Abort;
use super::address::Address;
use super::failure::{Code, Failure};
use super::secrets::Secrets;
use super::transport::Transport;
use rows::json::holds;
use rows::text::text;

pub use bearer::{Bearer, is_token};
pub use iam::{Iam, TOKEN_URL};
pub use refresh::Pass;
pub use session::{Session, is_kept_by_the_platform};

/// One way to authenticate.
pub enum Auth {
    /// HTTP Basic: name and password with each request.
    Basic {
        /// Name of the user; must not contain a colon.
        username: String,
        /// Password of the user.
        password: String,
    },
    /// A cookie from `POST /_session`.
    Session(Session),
    /// A token from IBM Cloud.
    Iam(Iam),
    /// A token of the caller's.
    Bearer(Bearer),
}

impl Auth {
    /// What lets a request through; obtained first where that is needed. Everybody who needs it at the same time
    /// waits for the same one.
    pub async fn pass(&self, address: &Address, transport: &Transport, abort: &Abort) -> Result<Pass, Failure> {
        let (renewed, obtaining) = match self {
            Auth::Basic { username, password } => return Ok(Pass::unlimited(basic::header(username, password))),
            Auth::Bearer(bearer) => return bearer.pass(address, transport, abort).await,
            Auth::Session(session) => (&session.renewed, session.obtain(address, transport)),
            Auth::Iam(iam) => (&iam.renewed, iam.obtain(transport)),
        };
        renewed.get(abort, obtaining).await
    }

    /// Hides the credentials from all that is reported.
    pub fn hide_in(&self, secrets: &Secrets) {
        match self {
            Auth::Basic { username, password } | Auth::Session(Session { username, password, .. }) => {
                secrets.add(password, false);
                secrets.add(&text(&[username, ":", password]), false);
            }
            Auth::Iam(iam) => secrets.add(&iam.api_key, false),
            Auth::Bearer(Bearer::Token(token)) => secrets.add(token, false),
            // Its tokens are hidden as they come.
            Auth::Bearer(Bearer::Ask(_)) => {}
        }
    }

    /// Whether `failure` says that `pass` is not good any more although its credentials are; if so it is not used again.
    ///
    /// Name and password of HTTP Basic are not: trying them again only brings the account closer to its lock-out.
    pub fn has_run_out(&self, pass: &Pass, failure: &Failure) -> bool {
        let Failure::Fault(fault) = failure else { return false };
        let malformed = fault.reason.as_deref().is_some_and(|reason| holds(reason, "Malformed AuthSession cookie"));
        if fault.code != Code::Unauthorized && !malformed {
            return false;
        }
        let renewed = match self {
            Auth::Basic { .. } | Auth::Bearer(_) => return false,
            Auth::Session(session) => &session.renewed,
            Auth::Iam(iam) => &iam.renewed,
        };
        renewed.forget(pass);
        true
    }
}
