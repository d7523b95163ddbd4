//! Why a call failed, in the server's words and in ours.

use wasm_bindgen::JsValue;

use rows::json::holds;

/// What ended a call.
pub enum Failure {
    /// The caller's signal: its own reason, whatever kind of value that is.
    Aborted(JsValue),
    /// Anything else.
    Fault(Box<Fault>),
}

/// Everything a `SchedulerError` says.
#[derive(Clone)]
pub struct Fault {
    /// What kind of fault, for programs.
    pub code: Code,
    /// What went wrong and what to do about it, for people.
    pub message: String,
    /// HTTP status, where there was an answer.
    pub status: Option<u16>,
    /// CouchDB's `error`.
    pub error: Option<String>,
    /// CouchDB's `reason`.
    pub reason: Option<String>,
    /// HTTP method of the request.
    pub method: &'static str,
    /// URL of the request, without credentials.
    pub url: String,
    /// `X-Couch-Request-ID` of the answer.
    pub request_id: Option<String>,
    /// How often the request was sent.
    pub attempts: u32,
    /// `Retry-After` of the answer, in seconds.
    pub retry_after: Option<f64>,
    /// What JavaScript threw.
    pub cause: JsValue,
    /// The row that ended a wait; undefined for any other fault.
    pub doc: JsValue,
}

impl Fault {
    /// Whether it is worth to ask again later, even if the time for an answer ran out.
    pub fn may_pass(&self) -> bool {
        self.passes() || self.code == Code::Timeout
    }

    /// A replication completed in the moment it was looked up: CouchDB's own race.
    pub fn is_race(&self) -> bool {
        self.status == Some(500) && self.error.as_deref() == Some("function_clause")
    }

    /// The database is there, but not this document, in CouchDB's own words.
    pub fn is_missing_document(&self) -> bool {
        self.code == Code::NotFound
            && self.error.as_deref() == Some("not_found")
            && !self.reason.as_deref().is_some_and(|reason| holds(reason, "Database"))
    }

    /// Whether it may be gone the next time: the network's faults, a server that is busy, restarting or in one of its
    /// races, an answer cut off. Running out of time is none of them: the time was the caller's to choose.
    pub fn passes(&self) -> bool {
        match self.code {
            Code::Network | Code::RateLimited | Code::Truncated => true,
            Code::Timeout => self.status == Some(408),
            // All but those that say that this request cannot be served at all; 525 and 526 are a proxy's, about certificates.
            Code::ServerError => !matches!(self.status, Some(501 | 505 | 506 | 508 | 510 | 511 | 525 | 526)),
            // A 404 that is not CouchDB's comes from a proxy or gateway whose server is not there at the moment.
            Code::InvalidResponse => self.status == Some(404),
            _ => false,
        }
    }
}

/// The kinds of fault; [`Code::as_str`] is the `code` of the `SchedulerError`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Code {
    /// 401
    Unauthorized,
    /// 403
    Forbidden,
    /// 403 of an account with too many wrong passwords
    LockedOut,
    /// 404 in CouchDB's own words
    NotFound,
    /// Any other 4xx
    BadRequest,
    /// 429
    RateLimited,
    /// 5xx, or an error in an answer that had begun as a 200
    ServerError,
    /// No answer at all
    Network,
    /// No answer, or no end of it, in time
    Timeout,
    /// An answer that ended before its JSON did
    Truncated,
    /// An answer that is not CouchDB's
    InvalidResponse,
    /// A replication that ended otherwise than it was waited for
    ReplicationFailed,
}

impl Code {
    /// The code as JavaScript sees it.
    pub fn as_str(self) -> &'static str {
        match self {
            Code::Unauthorized => "unauthorized",
            Code::Forbidden => "forbidden",
            Code::LockedOut => "locked_out",
            Code::NotFound => "not_found",
            Code::BadRequest => "bad_request",
            Code::RateLimited => "rate_limited",
            Code::ServerError => "server_error",
            Code::Network => "network",
            Code::Timeout => "timeout",
            Code::Truncated => "truncated",
            Code::InvalidResponse => "invalid_response",
            Code::ReplicationFailed => "replication_failed",
        }
    }
}
