//! How a server's replicator is told to authenticate: in the replication document, at each end.

use web_sys::AbortSignal;

use super::Auth;
use crate::http::address::Address;
use crate::http::exchange::Transport;
use crate::http::failure::Failure;
use crate::rows::{ObjectWriter, write_string};

/// What an end of a replication needs beside its `url`.
pub enum ForReplicator {
    /// The value of its `auth`, as JSON
    Auth(Vec<u8>),
    /// The value of `Authorization` in its `headers`
    Authorization(String),
}

impl Auth {
    /// The same credentials for the replicator, which asks on its own.
    pub async fn for_replicator(
        &self,
        address: &Address,
        transport: &Transport,
        signal: Option<&AbortSignal>,
    ) -> Result<Option<ForReplicator>, Failure> {
        Ok(match self {
            Auth::Basic { username, password } => Some(ForReplicator::Auth(basic_auth(username, password))),
            // The replicator opens a session of its own.
            Auth::Session(session) => Some(ForReplicator::Auth(basic_auth(&session.username, &session.password))),
            Auth::Iam(iam) => Some(ForReplicator::Auth(nested("iam", &[("api_key", &iam.api_key)]))),
            Auth::Bearer(bearer) => {
                let pass = bearer.pass(address, transport, signal).await?;
                pass.header().map(|(_, value)| ForReplicator::Authorization(value.to_owned()))
            }
        })
    }
}

fn basic_auth(username: &str, password: &str) -> Vec<u8> {
    nested("basic", &[("username", username), ("password", password)])
}

fn nested(name: &str, members: &[(&str, &str)]) -> Vec<u8> {
    let mut json = Vec::new();
    let mut outer = ObjectWriter::open(&mut json);
    let mut inner = ObjectWriter::open(outer.key(name));
    for (name, text) in members {
        write_string(text, inner.key(name));
    }
    inner.close();
    outer.close();
    json
}
