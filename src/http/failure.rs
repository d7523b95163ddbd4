//! Why a call failed, in the server's words and in ours.

use std::time::Duration;

use gloo_net::http::Method;
use serde::Serialize;
use wasm_bindgen::JsValue;

use rows::json::holds;

/// Why a call failed.
pub enum Failure {
    /// The caller's signal was aborted, or a callback threw: the reason, which can be any value.
    Aborted(JsValue),
    /// Anything else.
    Fault(Box<Fault>),
}

/// Everything a `SchedulerError` says.
#[derive(Clone)]
pub struct Fault {
    /// The kind of fault, for programs.
    pub code: Code,
    /// What happened and what to do about it, for people.
    pub message: String,
    /// HTTP status, if there was a response.
    pub status: Option<u16>,
    /// CouchDB's `error`.
    pub error: Option<String>,
    /// CouchDB's `reason`.
    pub reason: Option<String>,
    /// HTTP method of the request.
    pub method: Method,
    /// URL of the request, without credentials.
    pub url: String,
    /// `X-Couch-Request-ID` of the response.
    pub request_id: Option<String>,
    /// How often the request was sent.
    pub attempts: u32,
    /// `Retry-After` of the response.
    pub retry_after: Option<Duration>,
    /// What JavaScript threw.
    pub cause: JsValue,
    /// The row that ended a wait; undefined for any other fault.
    pub doc: JsValue,
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Failure {
        Failure::Fault(Box::new(fault))
    }
}

impl Failure {
    /// The same failure; if it is a fault, changed by `change`.
    pub fn map(mut self, change: impl FnOnce(&mut Fault)) -> Failure {
        if let Failure::Fault(fault) = &mut self {
            change(fault);
        }
        self
    }
}

impl Fault {
    /// The same fault in CouchDB's own words.
    pub fn with_words(self, error: Option<String>, reason: Option<String>) -> Fault {
        Fault { error, reason, ..self }
    }

    /// Whether CouchDB failed because a replication completed while it was looked up.
    pub fn is_race(&self) -> bool {
        self.status == Some(500) && self.error.as_deref() == Some("function_clause")
    }

    /// Whether a list lacks its end, or all of it: the connection was closed, or CouchDB says that it took too long.
    pub fn is_unfinished_list(&self) -> bool {
        self.code == Code::Truncated || self.error.as_deref() == Some("timeout")
    }

    /// Whether CouchDB says that the database exists, but not this document.
    pub fn is_missing_document(&self) -> bool {
        self.code == Code::NotFound
            && self.error.as_deref() == Some("not_found")
            && !self.reason.as_deref().is_some_and(|reason| holds(reason, "Database"))
    }
}

/// The kinds of fault: the `code` of a `SchedulerError`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// 401
    Unauthorized,
    /// 403
    Forbidden,
    /// 403 of an account with too many wrong passwords
    LockedOut,
    /// 404 from CouchDB
    NotFound,
    /// Any other 4xx
    BadRequest,
    /// 429
    RateLimited,
    /// 5xx, or an error within a response with status 200
    ServerError,
    /// No response
    Network,
    /// No response, or not its end, in time
    Timeout,
    /// A response that ended before its JSON did
    Truncated,
    /// A response that is not CouchDB's
    InvalidResponse,
    /// A replication that ended in another state than the awaited one
    ReplicationFailed,
}
