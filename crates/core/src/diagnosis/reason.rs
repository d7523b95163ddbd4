//! What a reason says: the rules on the words of CouchDB's replicator.
//!
//! A reason is a sentence, a word, `word: sentence`, or an Erlang term; a sentence can end in a term, and a term can hold a
//! sentence, escaped. What is not known here stays [`Cause::Unknown`]: no guess from a word somewhere in the middle.

use super::erlang::{Term, Terms, unescape};
use super::{Cause, Side};
use rows::json::find;

/// What a reason says.
#[derive(Clone, Copy, Debug)]
pub struct Finding<'a> {
    pub cause: Cause,
    /// Which end, where the reason itself tells.
    pub side: Option<Side>,
    pub url: Option<&'a str>,
    pub user: Option<&'a str>,
    /// The HTTP status of an answer.
    pub status: Option<&'a str>,
    pub detail: Detail<'a>,
    /// Which end the functions of a stack trace work on, for want of a better sign.
    pub stack_side: Option<Side>,
    /// What "not found" means here.
    not_found: Cause,
    /// What it is where nothing in it says more: while a checkpoint or a document was written.
    otherwise: Cause,
}

/// What else it says.
#[derive(Clone, Copy, Debug)]
pub enum Detail<'a> {
    None,
    /// A word of the operating system, or a sentence.
    Words(&'a str),
    /// Why TLS fails: an alert or another word, and what there is to say about it.
    Alert(&'a str, &'a str),
    /// A URL that cannot be read.
    Url,
    /// Of a document that the target does not store.
    Refused(&'a str),
    /// The design document of a filter.
    DesignDoc(&'a str),
    /// A document and its database, which replicate the same.
    OtherDoc(&'a str, &'a str),
    /// A node that replicates the same.
    OtherNode(&'a str),
    /// A request to `_replicate` that replicates the same.
    OtherRequest,
    /// The answer was not JSON.
    NoJson,
    /// It was the answer to `POST /_session`.
    Session,
    /// It could not be started within this time.
    Start,
}

/// A reason nests terms and sentences a few times at most.
const MOST_SENTENCES: u32 = 8;

/// Gives what `reason` says to `then`.
pub fn read(reason: &str, then: &mut dyn FnMut(&mut Finding)) {
    let mut finding = Finding {
        cause: Cause::Unknown,
        side: None,
        url: None,
        user: None,
        status: None,
        detail: Detail::None,
        stack_side: None,
        not_found: Cause::Unknown,
        otherwise: Cause::Unknown,
    };
    finding.read_on(reason, MOST_SENTENCES, then);
}

/// Words that are a cause by themselves, as an atom, at the head of a tuple, or before a colon.
const CAUSES: [(Cause, &str); 18] = [
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

/// HTTP statuses that are more than an error of the server.
const STATUSES: [(Cause, &str); 7] = [
    (Cause::Unauthorized, "401"),
    (Cause::Forbidden, "403"),
    (Cause::Timeout, "408"),
    (Cause::RateLimited, "429"),
    (Cause::Redirect, "301 302 303 307 308"),
    (Cause::Quota, "402"),
    (Cause::TooLarge, "413 414 431"),
];

/// Words that only one end can be the reason of.
const SIDES: [(Side, &str); 2] = [
    (Side::Source, "missing_doc open_doc_revs_failed kaboom request_uri_too_long parse_error"),
    (Side::Target, "missing_stub"),
];

/// Functions of the replicator that work on one end, those within them too: `-changes_since/5-fun-2-`. `run_user_fun` hands on what
/// either has thrown.
const FUNCTIONS: [(Option<Side>, &str); 3] = [
    (
        Some(Side::Source),
        "changes_since continuous_changes parse_changes_line read_changes bulk_get open_doc_revs receive_docs fetch_doc",
    ),
    (Some(Side::Target), "get_missing_revs find_missing update_docs flush_docs flush_doc"),
    (None, "run_user_fun"),
];

/// Sentences that are a cause by themselves: the end that they are about, and how they begin and end.
const SENTENCES: [(Cause, Option<Side>, &str, &str); 15] = [
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

/// Heads of tuples whose last part says more, and the side that they tell.
const WRAPPERS: [(Option<Side>, &str); 3] = [
    (
        None,
        "error shutdown EXIT throw exit nocatch badmatch case_clause try_clause bad_return_value worker_died process_died \
         unknown_process_died mp_parser_died failed_to_start_child changes_manager_died changes_queue_died replication_auth_error \
         bad_rep_doc retry_limit temporary_error permanent_failure checkpoint_commit_failure conn_failed send_failed",
    ),
    (Some(Side::Source), "changes_reader_died filter_fetch_error"),
    (Some(Side::Target), "doc_write_failed"),
];

/// What `table` says of `word`.
#[inline(never)]
pub fn look_up<T: Copy>(table: &[(T, &str)], word: &str) -> Option<T> {
    table.iter().find(|(_, words)| is_among(word, words, false)).map(|(what, _)| *what)
}

/// What `table` says of the first of its words that `text` contains.
#[inline(never)]
pub fn look_up_part<T: Copy>(table: &[(T, &str)], text: &str) -> Option<T> {
    table.iter().find(|(_, words)| is_among(text, words, true)).map(|(what, _)| *what)
}

/// Whether `text` is one of `words`, or contains one. Not inlined: there are many of it.
#[inline(never)]
pub fn is_among(text: &str, words: &str, contains: bool) -> bool {
    words.split(' ').any(|word| if contains { find(text, word).is_some() } else { word == text })
}

fn cause_of(word: &str) -> Option<Cause> {
    look_up(&CAUSES, word)
}

/// `text` before and behind the first `separator`. Not inlined: there are many of it, and a search is long.
#[inline(never)]
pub fn split<'a>(text: &'a str, separator: &str) -> Option<(&'a str, &'a str)> {
    let at = find(text, separator)?;
    Some((text.get(..at)?, text.get(at + separator.len()..)?))
}

/// What follows `start`, up to `end`, and behind that.
fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<(&'a str, &'a str)> {
    split(text.strip_prefix(start)?, end)
}

impl<'a> Finding<'a> {
    /// Reads what stands in `text`, and what that holds. A sentence in a term is escaped: it is read without, and what is found there
    /// lives as long as that, hence `then`.
    #[inline(never)]
    fn read_on(&mut self, text: &'a str, left: u32, then: &mut dyn FnMut(&mut Finding)) {
        let mut text = text.trim_ascii();
        for left in (0..left).rev() {
            let terms = Terms::of_tuple(text);
            let rest = match &terms {
                Some(terms) => self.read_term(terms.outermost()),
                None => self.read_sentence(text),
            };
            let Some(rest) = rest else { break };
            if terms.is_some() && find(rest, "\\").is_some() {
                let mut within = *self;
                return within.read_on(&unescape(rest), left, then);
            }
            text = rest.trim_ascii();
        }
        if self.cause == Cause::Unknown && self.otherwise != Cause::Unknown {
            (self.cause, self.detail) = (self.otherwise, Detail::Words(text));
        }
        if let (Cause::InvalidDocument, Some(Side::Target), Detail::Words(words)) = (self.cause, self.side, self.detail)
        {
            self.detail = Detail::Refused(words);
        }
        then(self);
    }

    /// Reads one sentence; gives what is in it and says more.
    #[inline(never)]
    fn read_sentence(&mut self, text: &'a str) -> Option<&'a str> {
        if let Some((url, rest)) = between(text, "Could not open source database `", "`: ") {
            (self.side, self.url) = (Some(Side::Source), Some(url));
            return Some(rest);
        }
        if let Some((doc, rest)) = between(text, "Couldn't open document `", "`") {
            (self.side, self.detail, self.not_found) = (Some(Side::Source), Detail::DesignDoc(doc), Cause::Filter);
            let (url, rest) = between(rest, " from source database `", "`: ")?;
            self.url = Some(url);
            return Some(rest);
        }
        for (start, side) in [
            ("Failure on source commit: ", Side::Source),
            ("Failure on target commit: ", Side::Target),
            ("Error updating the source checkpoint document: ", Side::Source),
            ("Error updating the target checkpoint document: ", Side::Target),
        ] {
            if let Some(rest) = text.strip_prefix(start) {
                (self.side, self.not_found, self.otherwise) = (Some(side), Cause::DatabaseMissing, Cause::Checkpoint);
                return Some(rest);
            }
        }
        // `checkpoint_commit_failure: Error updating …`. Words without `_` are in everybody's sentences.
        if let Some((word, rest)) = split(text, ": ").filter(|(word, _)| word.contains('_'))
            && self.unwraps(word)
        {
            return Some(rest);
        }
        self.cause = self.judge_sentence(text);
        None
    }

    /// A sentence with nothing more in it.
    fn judge_sentence(&mut self, text: &'a str) -> Cause {
        let known = SENTENCES.iter().find(|(_, _, start, end)| text.starts_with(start) && text.ends_with(end));
        if let Some((cause, side, ..)) = known {
            self.detail = Detail::Words(text);
            self.side = self.side.or(*side);
            return *cause;
        }
        if let Some(cause) = self.judge_duplicate(text) {
            return cause;
        }
        if text.starts_with("Replication for db ") && split(text, " failed to start due to timeout after ").is_some() {
            self.detail = Detail::Start;
            return Cause::Timeout;
        }
        let word = split(text, ": ").map_or(text, |(word, _)| word);
        self.judge_word(word, text)
    }

    fn judge_duplicate(&mut self, text: &'a str) -> Option<Cause> {
        if let Some(node) = text.strip_prefix("Duplicate replication running on ") {
            self.detail = Detail::OtherNode(node);
        } else if text.starts_with("Replication `")
            && split(text, "` already running as a transient replication").is_some()
        {
            self.detail = Detail::OtherRequest;
        } else if text.starts_with("Replication `") {
            let (_, other) = split(text, "` already started, triggered by document `")?;
            let (doc, database) = split(other, "` from db `").unwrap_or((other, ""));
            self.detail = Detail::OtherDoc(doc.trim_end_matches('`'), database.trim_end_matches('`'));
        } else {
            return None;
        }
        Some(Cause::Duplicate)
    }

    /// The cause that `word` is, which stands at the beginning of `text`.
    fn judge_word(&mut self, word: &'a str, text: &'a str) -> Cause {
        let cause = match word {
            "not_found" => self.not_found,
            _ => cause_of(word).unwrap_or(Cause::Unknown),
        };
        if cause == Cause::Unknown {
            return cause;
        }
        self.side = self.side.or_else(|| look_up(&SIDES, word));
        self.url = self.url.or_else(|| url_in(text));
        match cause {
            Cause::ServerError if is_among(word, "cookie", true) => self.detail = Detail::Session,
            Cause::ServerError if is_among(word, "invalid_json parse_error", false) => self.detail = Detail::NoJson,
            Cause::InvalidDocument if is_among(word, "invalid_uri url_parsing_failed", false) => {
                self.detail = Detail::Url
            }
            Cause::InvalidDocument => self.detail = Detail::Words(if text.is_empty() { word } else { text }),
            Cause::Tls => self.detail = Detail::Alert(word, word),
            Cause::ConnectionRefused | Cause::Resources | Cause::Document | Cause::Internal | Cause::TooLarge
                if word != "econnrefused" =>
            {
                self.detail = Detail::Words(word)
            }
            _ => {}
        }
        cause
    }

    /// Whether what follows `name`, in a tuple or behind a colon, says more.
    fn unwraps(&mut self, name: &str) -> bool {
        let Some(side) = look_up(&WRAPPERS, name) else { return false };
        self.side = self.side.or(side);
        if name == "doc_write_failed" {
            (self.not_found, self.otherwise) = (Cause::DatabaseMissing, Cause::Document);
        }
        if name == "checkpoint_commit_failure" {
            self.otherwise = Cause::Checkpoint;
        }
        true
    }

    /// Reads one term; gives the sentence in it that says more.
    #[inline(never)]
    fn read_term(&mut self, mut term: Term<'_, 'a>) -> Option<&'a str> {
        loop {
            if !term.is_tuple() {
                return term.word();
            }
            let head = term.part(0)?;
            let status = self.read_stack(term);
            let Some(name) = head.word() else {
                // A reason and the stack behind it.
                term = head;
                continue;
            };
            // Within the server that replicates: `{timeout,{gen_server,call,…}}`.
            if term.part(1).is_some_and(|call| call.word_at(0) == Some("gen_server")) {
                (self.cause, self.detail) = (Cause::Internal, Detail::Words(name));
                return None;
            }
            let text = |at| term.word_at(at);
            term = match name {
                "http_request_failed" => {
                    self.url = text(2);
                    term.part(3)?
                }
                "session_request_failed" => {
                    (self.url, self.user) = (self.url.or(text(1)), text(2));
                    term.part(3)?
                }
                "session_unexpected_result" => {
                    (self.url, self.user, self.detail) = (self.url.or(text(2)), text(3), Detail::Session);
                    return self.judge_status(text(1)?);
                }
                "http_error_code" => {
                    self.url = text(2).and_then(url_in);
                    return self.judge_status(text(1)?);
                }
                "code" => return self.judge_status(text(1)?),
                "changes_req_failed" | "bulk_get_failed" | "bulk_docs_failed" | "revs_diff_failed" => {
                    self.read_request(name, term)?
                }
                // An answer that no clause of the function takes.
                "function_clause" => {
                    self.side = self.side.or(self.stack_side);
                    if self.side == Some(Side::Target) {
                        self.not_found = Cause::DatabaseMissing;
                    }
                    return self.judge_status(status?);
                }
                "connection_closed" | "timeout" => {
                    self.cause = self.judge_word(name, "");
                    return None;
                }
                _ if self.unwraps(name) => term.parts().last()?,
                _ => return self.read_named(name, term),
            };
        }
    }

    /// Reads the stack trace that follows a reason: `{Reason,[{Module,Function,Arguments,Location},…]}`. Gives the HTTP status
    /// that the innermost function was called with.
    #[inline(never)]
    fn read_stack(&mut self, term: Term<'_, 'a>) -> Option<&'a str> {
        let stack = term.part(1)?;
        let mut at = 0;
        while let Some(frame) = stack.part(at).filter(|_| self.stack_side.is_none()) {
            if frame.word_at(0).is_some_and(|module| module.starts_with("couch_replicator"))
                && let Some(side) = frame.word_at(1).and_then(|function| look_up_part(&FUNCTIONS, function))
            {
                self.stack_side = side;
                break;
            }
            at += 1;
        }
        let innermost = stack.part(0).filter(|frame| frame.word_at(0) == Some("couch_replicator_api_wrap"))?;
        innermost.part(2)?.word_at(0).filter(|status| is_status(status))
    }

    /// A request of its own kind: `{changes_req_failed,404,Body}`, `{changes_req_failed,timeout}`. Gives the term that says
    /// more.
    #[inline(never)]
    fn read_request<'t>(&mut self, name: &str, term: Term<'t, 'a>) -> Option<Term<'t, 'a>> {
        let of_source = matches!(name, "changes_req_failed" | "bulk_get_failed");
        self.side = Some(if of_source { Side::Source } else { Side::Target });
        let what = term.part(1)?;
        let Some(status) = what.word().filter(|word| is_status(word)) else { return Some(what) };
        let reason = term.part(2).and_then(reason_of_body);
        self.not_found = match (of_source, reason) {
            (_, Some("Database does not exist." | "no_db_file")) => Cause::DatabaseMissing,
            // The filter's design document, or something in it.
            (true, Some(reason)) if reason.starts_with("missing") || reason == "deleted" => Cause::Filter,
            // Without a body it can be the database or the filter.
            (true, _) => Cause::Unknown,
            (false, _) => Cause::DatabaseMissing,
        };
        self.judge_status(status);
        self.detail = reason.map_or(Detail::None, Detail::Words);
        None
    }

    #[inline(never)]
    fn judge_status(&mut self, status: &'a str) -> Option<&'a str> {
        self.status = Some(status);
        self.cause = match look_up(&STATUSES, status) {
            Some(cause) => cause,
            None if status == "404" && self.not_found != Cause::Unknown => self.not_found,
            None if is_status(status) => Cause::ServerError,
            None => Cause::Unknown,
        };
        if status.starts_with('2') {
            // As good as the status is, the body is not.
            (self.status, self.detail) = (None, Detail::NoJson);
        }
        None
    }

    /// A tuple that is named by a cause: `{unauthorized,<<"…">>}`.
    #[inline(never)]
    fn read_named(&mut self, name: &'a str, term: Term<'_, 'a>) -> Option<&'a str> {
        let more = term.part(1);
        let words = more.and_then(Term::word);
        match name {
            "session_request_unauthorized"
            | "session_requires_valid_user"
            | "session_request_forbidden"
            | "session_not_supported" => {
                (self.url, self.user, self.detail) = (self.url.or(words), term.word_at(2), Detail::Session);
                self.cause = cause_of(name).unwrap_or(Cause::Unknown);
            }
            "tls_alert" | "bad_cert" => {
                let part = |at| more.and_then(|more| more.word_at(at)).or(words).unwrap_or_default();
                (self.cause, self.detail) = (Cause::Tls, Detail::Alert(part(0), part(1)));
            }
            // Of the TLS of the server that replicates: `{options,{cacertfile,"…",{error,enoent}}}`.
            "options" => {
                let file = more.and_then(|more| more.word_at(1)).or(words).unwrap_or(name);
                (self.cause, self.detail) = (Cause::Tls, Detail::Alert(name, file));
            }
            "bad_request" => {
                self.cause = Cause::InvalidDocument;
                self.detail = Detail::Words(words.unwrap_or(name));
                // The server's own sentences about filters are bad requests too.
                if words.is_some_and(|words| self.side.is_none() && self.judge_sentence(words) == Cause::Filter) {
                    self.cause = Cause::Filter;
                }
            }
            _ => {
                self.cause = self.judge_word(name, words.unwrap_or_default());
                if let Some(words) = words
                    && self.url.is_none()
                    && matches!(self.cause, Cause::Forbidden | Cause::ServerError | Cause::Document)
                    && !matches!(self.detail, Detail::NoJson)
                {
                    self.detail = Detail::Words(words);
                }
            }
        }
        // A status stands for itself where a word was expected: `{404,[{<<"error">>,…}]}`.
        if self.cause == Cause::Unknown && self.side.is_some() && is_status(name) {
            self.judge_status(name);
        }
        None
    }
}

/// Whether it is an HTTP status.
fn is_status(word: &str) -> bool {
    matches!(word.as_bytes(), [b'2'..=b'5', b'0'..=b'9', b'0'..=b'9'])
}

/// The `reason` in a body that the server has parsed: `{[{<<"error">>,<<"…">>},{<<"reason">>,<<"…">>}]}`.
fn reason_of_body<'a>(body: Term<'_, 'a>) -> Option<&'a str> {
    let members = if body.is_tuple() { body.part(0)? } else { body };
    let mut members = members.parts().filter(|member| member.is_tuple());
    members.find(|member| member.word_at(0) == Some("reason"))?.word_at(1)
}

/// The URL in a sentence.
fn url_in(text: &str) -> Option<&str> {
    let (before, _) = split(text, "://")?;
    let scheme = ["https", "http"].into_iter().find(|scheme| before.ends_with(scheme))?;
    text.get(before.len() - scheme.len()..)?.split(|c: char| c <= ' ' || matches!(c, '"' | '`' | '<' | '>')).next()
}
