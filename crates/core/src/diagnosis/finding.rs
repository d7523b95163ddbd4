//! What a reason says, as far as it is understood.

use super::{Cause, Side};

/// What a reason says.
#[derive(Clone, Copy, Debug, Default)]
pub struct Finding<'a> {
    /// Kind of the error.
    pub cause: Cause,
    /// The end, if the reason itself shows it.
    pub side: Option<Side>,
    pub url: Option<&'a str>,
    pub user: Option<&'a str>,
    /// HTTP status of a response.
    pub status: Option<&'a str>,
    pub detail: Detail<'a>,
    /// The end that the functions of a stack trace work on: used if nothing else shows the end.
    pub stack_side: Option<Side>,
    /// What "not found" means in this reason.
    pub not_found: Cause,
    /// Cause if nothing more specific follows: while a checkpoint or a document was written.
    pub otherwise: Cause,
}

/// Details for the message.
#[derive(Clone, Copy, Debug, Default)]
pub enum Detail<'a> {
    #[default]
    None,
    /// A word of the operating system, or a sentence
    Words(&'a str),
    /// Why TLS fails: an alert or another word, and its description
    Alert(&'a str, &'a str),
    /// A URL that does not parse
    Url,
    /// Why the target refused a document
    Refused(&'a str),
    /// The design document of a filter
    DesignDoc(&'a str),
    /// Another document that runs the same replication, and its database
    OtherDoc(&'a str, &'a str),
    /// A node that runs the same replication
    OtherNode(&'a str),
    /// A request to `_replicate` that runs the same replication
    OtherRequest,
    /// The response was not JSON
    NoJson,
    /// It was the response to `POST /_session`
    Session,
    /// It was not started within a time limit
    Start,
}

impl Finding<'_> {
    /// Whether the URL of an end does not parse.
    pub fn is_about_a_url(&self) -> bool {
        matches!(self.detail, Detail::Words(words) if words.ends_with("has an invalid url"))
    }

    /// Whether it failed on the way to the server, so that the proxy can be the cause.
    pub fn is_on_the_way(&self) -> bool {
        matches!(
            self.cause,
            Cause::HostUnknown | Cause::ConnectionRefused | Cause::ConnectionClosed | Cause::Timeout | Cause::Tls
        )
    }
}
