//! What an error status means, and what to do about it: the hints of errors.

use super::failure::Code;
use rows::json::{find, holds};

/// A response with an error status.
#[derive(Clone, Copy)]
pub struct Refusal<'a> {
    /// HTTP status
    pub status: u16,
    /// CouchDB's `error`; `None` if the response is not CouchDB's
    pub error: Option<&'a str>,
    /// CouchDB's `reason`
    pub reason: Option<&'a str>,
    /// The URL that was requested
    pub url: &'a str,
    /// Whether a bearer token was sent
    pub has_token: bool,
}

const NO_SCHEDULER: &str = "this server has no replication scheduler; it requires CouchDB 2.1 or later";

const DECODED_SLASH: &str =
    "a proxy may decode %2F in paths; it must forward paths unchanged (nginx: proxy_pass without a path)";

/// Returns the kind of fault, and what to do about it.
pub fn hint(refusal: &Refusal) -> (Code, &'static str) {
    let Refusal { status, error, reason, url, has_token } = *refusal;
    let says = |words: &str| reason.is_some_and(|reason| holds(reason, words));
    match status {
        401 if error.is_none() => (Code::Unauthorized, "a proxy in front of the server requires its own credentials"),
        401 if has_token && says("server admin") => (
            Code::Unauthorized,
            "the scheduler needs a server admin: check that the token has not expired, and that its user is a server admin",
        ),
        401 if has_token => (
            Code::Unauthorized,
            "check the token: it may have expired, or be signed with a key that the server does not know",
        ),
        401 if says("server admin") || says("not authorized to access this db") => {
            (Code::Unauthorized, "the scheduler needs the name and password of a server admin")
        }
        401 => (
            Code::Unauthorized,
            "check the name and the password; they are not sent again, since CouchDB locks an account after five failures",
        ),
        403 if says("temporarily locked") => (
            Code::LockedOut,
            "too many attempts with a wrong password; CouchDB refuses even the right one for up to 5 minutes",
        ),
        403 => (Code::Forbidden, ""),
        404 if error == Some("not found") => (Code::NotFound, NO_SCHEDULER),
        404 if error != Some("not_found") => {
            (Code::InvalidResponse, "check the URL, and the proxy in front of the server")
        }
        404 if says("Database does not exist") && holds(url, "/_scheduler/jobs") => (Code::NotFound, NO_SCHEDULER),
        404 if says("Database does not exist") && holds(url, "%2F") => {
            (Code::NotFound, "this database does not exist, or a proxy decodes %2F in paths")
        }
        404 if says("Database does not exist") => (Code::NotFound, "this database does not exist"),
        // CouchDB responds with a list even if the database is empty.
        404 if is_list(url) => (Code::NotFound, NO_SCHEDULER),
        404 => (Code::NotFound, ""),
        400 if error == Some("illegal_database_name") && holds(url, "/_scheduler/") => (Code::BadRequest, NO_SCHEDULER),
        400 if says("Invalid path") && holds(url, "%2F") => (Code::BadRequest, DECODED_SLASH),
        408 => (Code::Timeout, ""),
        409 => (Code::BadRequest, "the document exists already, or was changed meanwhile; it was not overwritten"),
        429 => (Code::RateLimited, "send fewer requests, or raise the capacity of the service"),
        400..=499 => (Code::BadRequest, ""),
        500..=599 => (Code::ServerError, ""),
        _ => (Code::InvalidResponse, "CouchDB does not respond like this; check the URL"),
    }
}

/// Whether the URL is that of a list, not of one job or document.
fn is_list(url: &str) -> bool {
    const ROOT: &str = "/_scheduler/";
    let path = url.get(..find(url, "?").unwrap_or(url.len())).unwrap_or_default();
    let list = find(path, ROOT).and_then(|at| path.get(at + ROOT.len()..)).unwrap_or_default();
    list == "jobs" || list.strip_prefix("docs/").is_some_and(|database| !holds(database, "/"))
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    fn refused(status: u16, error: Option<&str>, reason: Option<&str>, path: &str) -> (Code, &'static str) {
        let url = ["http://couch.test", path].concat();
        hint(&Refusal { status, error, reason, url: &url, has_token: false })
    }

    #[test]
    fn each_refusal_has_its_code() {
        let code = |status, error, reason| refused(status, error, reason, "/").0;
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

    #[test]
    fn a_404_is_couchdbs_only_in_its_words() {
        for error in [None, Some("Not Found"), Some("no Route matched")] {
            assert_eq!(refused(404, error, None, "/_scheduler/docs/_replicator/a").0, Code::InvalidResponse);
        }
    }

    #[test]
    fn a_server_without_a_scheduler_is_reported() {
        for (status, error, reason, path) in [
            (404, "not found", None, "/_scheduler/docs/_replicator"),
            (404, "not_found", Some("missing"), "/_scheduler/jobs?limit=3"),
            (404, "not_found", Some("missing"), "/couch/_scheduler/docs/_replicator?limit=3"),
            (404, "not_found", Some("Database does not exist."), "/_scheduler/jobs"),
            (400, "illegal_database_name", Some("Name: '_scheduler'."), "/_scheduler/docs/_replicator"),
        ] {
            assert_eq!(refused(status, Some(error), reason, path).1, NO_SCHEDULER, "{path}");
        }
        for path in ["/_scheduler/docs/_replicator/jobs", "/_scheduler/jobs/0a", "/_replicator/a"] {
            assert_eq!(refused(404, Some("not_found"), Some("missing"), path), (Code::NotFound, ""), "{path}");
        }
    }

    #[test]
    fn a_missing_database_is_any() {
        let missing = |path| refused(404, Some("not_found"), Some("Database does not exist."), path);
        for path in ["/_scheduler/docs/_replicator", "/source/_changes?limit=1"] {
            assert_eq!(missing(path), (Code::NotFound, "this database does not exist"), "{path}");
        }
        assert!(missing("/team%2F_replicator/_all_docs").1.ends_with("or a proxy decodes %2F in paths"));
    }

    #[test]
    fn a_proxy_that_decodes_slashes_is_reported() {
        let path = "/_scheduler/docs/_replicator/a%2Fb";
        assert_eq!(refused(400, Some("bad_request"), Some("Invalid path"), path), (Code::BadRequest, DECODED_SLASH));
        assert_eq!(
            refused(400, Some("bad_request"), Some("Invalid path"), "/_scheduler/docs/team"),
            (Code::BadRequest, "")
        );
    }
}
