//! Authentication: one file per method.

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

pub use bearer::Bearer;
pub use iam::{Iam, TOKEN_URL};
pub use refresh::Credential;
pub use session::{Session, is_kept_by_the_platform};

/// How to authenticate.
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
    /// A token from the caller.
    Bearer(Bearer),
}

impl Auth {
    /// The credential for a request. Concurrent requests wait for the same one.
    pub async fn credential(
        &self,
        address: &Address,
        transport: &Transport,
        abort: &Abort,
    ) -> Result<Credential, Failure> {
        let (refreshable, refresh) = match self {
            Auth::Basic { username, password } => return Ok(Credential::permanent(basic::header(username, password))),
            Auth::Bearer(bearer) => return bearer.credential(address, transport, abort).await,
            Auth::Session(session) => (&session.refreshable, session.log_in(address, transport)),
            Auth::Iam(iam) => (&iam.refreshable, iam.token(transport)),
        };
        refreshable.get(abort, refresh).await
    }

    /// Hides the credentials in everything that is reported.
    pub fn hide_in(&self, secrets: &Secrets) {
        match self {
            Auth::Basic { username, password } | Auth::Session(Session { username, password, .. }) => {
                secrets.add(password, false);
                secrets.add(&[username.as_str(), ":", password].concat(), false);
            }
            Auth::Iam(iam) => secrets.add(&iam.api_key, false),
            Auth::Bearer(Bearer::Token(token)) => secrets.add(token, false),
            // Its tokens are hidden when they arrive.
            Auth::Bearer(Bearer::Ask(_)) => {}
        }
    }

    /// Stops using `credential` if `failure` says that it has expired. Returns whether a new one can be obtained.
    ///
    /// For HTTP Basic it cannot: sending a wrong password again only brings the account closer to its lock-out.
    pub fn invalidate_if_rejected(&self, credential: &Credential, failure: &Failure) -> bool {
        let Failure::Fault(fault) = failure else { return false };
        let malformed = fault.reason.as_deref().is_some_and(|reason| holds(reason, "Malformed AuthSession cookie"));
        if fault.code != Code::Unauthorized && !malformed {
            return false;
        }
        let refreshable = match self {
            Auth::Basic { .. } | Auth::Bearer(_) => return false,
            Auth::Session(session) => &session.refreshable,
            Auth::Iam(iam) => &iam.refreshable,
        };
        refreshable.invalidate(credential);
        true
    }
}
