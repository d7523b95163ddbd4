//! Credentials for the server's replicator, within a replication document.

use crate::http::auth::Auth;
use crate::http::{Failure, Requester};
use rows::json::{ObjectWriter, write_string};

/// What an end of a replication needs in addition to its `url`.
pub enum ForReplicator {
    /// The value of its `auth`, as JSON
    Auth(Vec<u8>),
    /// The value of `Authorization` in its `headers`
    Authorization(String),
}

/// Returns the client's credentials for the replicator, which sends its own requests.
pub async fn for_replicator(requester: &Requester) -> Result<Option<ForReplicator>, Failure> {
    let server = &requester.server;
    let Some(auth) = &server.auth else { return Ok(None) };
    Ok(match auth {
        Auth::Basic { username, password } => Some(ForReplicator::Auth(basic_auth(username, password))),
        // The replicator opens its own session.
        Auth::Session(session) => Some(ForReplicator::Auth(basic_auth(&session.username, &session.password))),
        Auth::Iam(iam) => Some(ForReplicator::Auth(nested("iam", &[("api_key", &iam.api_key)]))),
        Auth::Bearer(bearer) => {
            let credential = bearer.credential(&server.address, &server.transport, &requester.abort).await?;
            credential.header().map(|(_, value)| ForReplicator::Authorization(value.to_owned()))
        }
    })
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
