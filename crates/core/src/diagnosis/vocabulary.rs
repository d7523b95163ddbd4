//! The words of CouchDB's replicator, and what each of them means.

use super::{Cause, Side};
use rows::json::find;

/// Words that show the cause: as an atom, as the first part of a tuple, or followed by a colon.
pub const CAUSES: [(Cause, &str); 18] = [
    (Cause::Unauthorized, "unauthorized session_request_unauthorized session_requires_valid_user"),
    (Cause::Forbidden, "forbidden session_request_forbidden"),
    (Cause::DatabaseMissing, "db_not_found no_db_file database_does_not_exist"),
    (Cause::HostUnknown, "nxdomain"),
    (
        Cause::ConnectionRefused,
        "econnrefused connection_refused ehostunreach host_unreachable enetunreach network_unreachable ehostdown enetdown \
         ttl_expired disallowed_by_ruleset",
    ),
    (
        Cause::ConnectionClosed,
        "sel_conn_closed connection_closed connection_closing closed econnreset enetreset econnaborted epipe enotconn \
         worker_is_dead more_data_expected proxy_tunnel_failed",
    ),
    (Cause::Timeout, "timeout req_timedout etimedout connect_timeout"),
    (Cause::Tls, "tls_alert bad_cert esslconnect eoptions ecacertfile ecertfile ekeyfile cacertfile certfile keyfile"),
    (Cause::RateLimited, "max_backoff too_many_requests"),
    (
        Cause::ServerError,
        "internal_server_error service_unavailable bad_gateway gateway_timeout invalid_json parse_error cookie_not_found \
         cookie_format_invalid session_not_supported",
    ),
    (Cause::Quota, "payment_required"),
    (
        Cause::TooLarge,
        "request_body_too_large request_uri_too_long request_entity_too_large too_large document_too_large \
         attachment_too_large",
    ),
    (
        Cause::Resources,
        "enospc edquot emfile enfile system_limit enomem enobufs eacces eperm erofs eio eaddrnotavail eaddrinuse \
         eafnosupport",
    ),
    (Cause::Document, "missing_doc missing_stub open_doc_revs_failed kaboom"),
    (Cause::Filter, "os_process_error os_process_timeout compilation_error"),
    (Cause::Internal, "noproc noconnection killed nodedown rexi_DOWN all_workers_died"),
    (Cause::Duplicate, "duplicate_job already_started"),
    (
        Cause::InvalidDocument,
        "bad_request doc_validation illegal_docid local_endpoints_not_supported invalid_uri url_parsing_failed",
    ),
];

/// HTTP statuses that show a more specific cause than an error of the server.
pub const STATUSES: [(Cause, &str); 7] = [
    (Cause::Unauthorized, "401"),
    (Cause::Forbidden, "403"),
    (Cause::Timeout, "408"),
    (Cause::RateLimited, "429"),
    (Cause::Redirect, "301 302 303 307 308"),
    (Cause::Quota, "402"),
    (Cause::TooLarge, "413 414 431"),
];

/// Words that show the end.
pub const SIDES: [(Side, &str); 2] = [
    (Side::Source, "missing_doc open_doc_revs_failed kaboom request_uri_too_long parse_error"),
    (Side::Target, "missing_stub"),
];

/// Functions of the replicator that work on one end, and functions inside them:
/// `-changes_since/5-fun-2-`. `run_user_fun` passes on errors of both ends.
pub const FUNCTIONS: [(Option<Side>, &str); 3] = [
    (
        Some(Side::Source),
        "changes_since continuous_changes parse_changes_line read_changes bulk_get open_doc_revs receive_docs fetch_doc",
    ),
    (Some(Side::Target), "get_missing_revs find_missing update_docs flush_docs flush_doc"),
    (None, "run_user_fun"),
];

/// Sentences that show the cause: the end that they are about, how they begin, and how they end.
pub const SENTENCES: [(Cause, Option<Side>, &str, &str); 15] = [
    (Cause::Filter, Some(Side::Source), "Couldn't parse filter code ", ""),
    (Cause::Filter, None, "Invalid filter.", ""),
    (Cause::Filter, None, "Invalid `view` parameter", ""),
    (Cause::Filter, None, "`", " are mutually exclusive"),
    (Cause::InvalidDocument, None, "", " has an invalid url"),
    (Cause::InvalidDocument, None, "Invalid proxy url", ""),
    (Cause::InvalidDocument, None, "Missing replicator database", ""),
    (Cause::InvalidDocument, None, "parameter `", ""),
    (Cause::InvalidDocument, None, "`proxy` is mutually exclusive ", ""),
    (Cause::Checkpoint, Some(Side::Source), "instance_start_time on source database has changed ", ""),
    (Cause::Checkpoint, Some(Side::Target), "instance_start_time on target database has changed ", ""),
    (Cause::Checkpoint, None, "instance_start_time on source and target database has changed ", ""),
    (Cause::Checkpoint, Some(Side::Source), "Source database out of sync", ""),
    (Cause::Checkpoint, Some(Side::Target), "Target database out of sync", ""),
    (Cause::Checkpoint, None, "Source and target databases out of sync", ""),
];

/// First parts of tuples whose last part is the reason itself, and the end that they show.
pub const WRAPPERS: [(Option<Side>, &str); 3] = [
    (
        None,
        "error shutdown EXIT throw exit nocatch badmatch case_clause try_clause bad_return_value worker_died process_died \
         unknown_process_died mp_parser_died failed_to_start_child changes_manager_died changes_queue_died replication_auth_error \
         bad_rep_doc retry_limit temporary_error permanent_failure checkpoint_commit_failure conn_failed send_failed",
    ),
    (Some(Side::Source), "changes_reader_died filter_fetch_error"),
    (Some(Side::Target), "doc_write_failed"),
];

/// Returns the entry of `table` that has `word`.
pub fn look_up<T: Copy>(table: &[(T, &str)], word: &str) -> Option<T> {
    table.iter().find(|(_, words)| is_among(word, words, false)).map(|(what, _)| *what)
}

/// Returns the first entry of `table` with a word that `text` contains.
pub fn look_up_part<T: Copy>(table: &[(T, &str)], text: &str) -> Option<T> {
    table.iter().find(|(_, words)| is_among(text, words, true)).map(|(what, _)| *what)
}

/// Whether `text` is one of `words`, or contains one. Not inlined: it has many calls.
#[inline(never)]
pub fn is_among(text: &str, words: &str, contains: bool) -> bool {
    words.split(' ').any(|word| if contains { find(text, word).is_some() } else { word == text })
}

/// Returns the cause that `word` stands for.
pub fn cause_of(word: &str) -> Option<Cause> {
    look_up(&CAUSES, word)
}

/// Splits `text` at the first `separator`. Not inlined: it has many calls, and a search is long.
#[inline(never)]
pub fn split<'a>(text: &'a str, separator: &str) -> Option<(&'a str, &'a str)> {
    let at = find(text, separator)?;
    Some((text.get(..at)?, text.get(at + separator.len()..)?))
}

/// Returns the text between `start` and `end`, and the text after `end`.
pub fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<(&'a str, &'a str)> {
    split(text.strip_prefix(start)?, end)
}

/// Returns the URL in a sentence.
pub fn url_in(text: &str) -> Option<&str> {
    let (before, _) = split(text, "://")?;
    let scheme = ["https", "http"].into_iter().find(|scheme| before.ends_with(scheme))?;
    text.get(before.len() - scheme.len()..)?.split(|c: char| c <= ' ' || matches!(c, '"' | '`' | '<' | '>')).next()
}

/// Whether `word` is an HTTP status.
pub fn is_status(word: &str) -> bool {
    matches!(word.as_bytes(), [b'2'..=b'5', b'0'..=b'9', b'0'..=b'9'])
}
