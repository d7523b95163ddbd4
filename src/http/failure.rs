//! Why a call failed, in the server's words and in ours.

use wasm_bindgen::JsValue;

use crate::rows::holds;

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

    /// The database is there, but not this document.
    pub fn is_missing_document(&self) -> bool {
        self.code == Code::NotFound && !self.reason.as_deref().is_some_and(|reason| holds(reason, "Database"))
    }

    /// Whether it may be gone the next time: the network's faults, a server that is busy, restarting or in one of its
    /// races, an answer cut off. Running out of time is none of them: the time was the caller's to choose.
    pub fn passes(&self) -> bool {
        match self.code {
            Code::Network | Code::RateLimited | Code::Truncated => true,
            Code::Timeout => self.status == Some(408),
            Code::ServerError => !matches!(self.status, Some(501 | 505..)),
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
    /// 404
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

    /// What CouchDB means by a status and a reason, and what a person can do about it.
    pub fn of_refusal(status: u16, error: Option<&str>, reason: Option<&str>) -> (Code, &'static str) {
        let says = |words: &str| reason.is_some_and(|reason| holds(reason, words));
        match status {
            401 if says("server admin") || says("not authorized to access this db") => {
                (Code::Unauthorized, "the scheduler needs the name and password of a server admin")
            }
            401 => (
                Code::Unauthorized,
                "check name and password; they are not tried again, since CouchDB locks an account after five failures",
            ),
            403 if says("temporarily locked") => (
                Code::LockedOut,
                "too many wrong passwords came from here; CouchDB refuses even the right one for up to 5 minutes",
            ),
            403 => (Code::Forbidden, ""),
            404 if says("Database does not exist") => (Code::NotFound, "there is no such replicator database"),
            404 if error == Some("not found") => {
                (Code::NotFound, "the server has no replication scheduler; CouchDB has one since 2.1")
            }
            404 => (Code::NotFound, ""),
            408 => (Code::Timeout, ""),
            409 => (
                Code::BadRequest,
                "there is such a document already, or somebody changed it meanwhile; it was left as it is",
            ),
            429 => (Code::RateLimited, "ask less often, or raise the capacity of the service"),
            400..=499 => (Code::BadRequest, ""),
            500..=599 => (Code::ServerError, ""),
            _ => (Code::InvalidResponse, "CouchDB does not answer so; is something else at this address?"),
        }
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::Code;

    #[test]
    fn each_refusal_has_its_code() {
        let code = |status, error, reason| Code::of_refusal(status, error, reason).0;
        assert_eq!(code(401, Some("unauthorized"), Some("You are not a server admin.")), Code::Unauthorized);
        assert_eq!(code(403, Some("forbidden"), Some("no")), Code::Forbidden);
        assert_eq!(
            code(403, Some("forbidden"), Some("Account is temporarily locked due to multiple authentication failures")),
            Code::LockedOut
        );
        assert_eq!(code(404, Some("not_found"), Some("missing")), Code::NotFound);
        assert_eq!(code(405, None, None), Code::BadRequest);
        assert_eq!(code(429, None, None), Code::RateLimited);
        assert_eq!(code(503, None, None), Code::ServerError);
        assert_eq!(code(304, None, None), Code::InvalidResponse);
    }
}
