//! What a reason says: the rules on the words of CouchDB's replicator.
//!
//! A reason is a sentence, a word, `word: sentence`, or an Erlang term; a sentence can end in a term, and a term can hold a
//! sentence. What is not known here stays [`Cause::Unknown`]: no guess from a word somewhere in the middle.

use super::erlang::{Term, Terms};
use super::{Cause, Side};
use crate::rows::find;

/// What a reason says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Finding<'a> {
    pub cause: Cause,
    /// Which end, where the reason itself tells.
    pub side: Option<Side>,
    pub url: Option<&'a str>,
    pub user: Option<&'a str>,
    pub detail: Detail<'a>,
    /// What "not found" means here.
    not_found: Cause,
}

/// What else it says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Detail<'a> {
    None,
    /// An HTTP status.
    Status(&'a str),
    /// A word of the operating system or of TLS, or a sentence.
    Words(&'a str),
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
    /// The answer was no JSON.
    NoJson,
    /// It could not be started within this time.
    Start,
}

/// A reason nests terms and sentences a few times at most.
const MOST_SENTENCES: usize = 4;

/// What `reason` says.
#[inline(never)]
pub fn read(reason: &str) -> Finding<'_> {
    let mut finding = Finding {
        cause: Cause::Unknown,
        side: None,
        url: None,
        user: None,
        detail: Detail::None,
        not_found: Cause::Unknown,
    };
    let mut rest = Some(reason.trim_ascii());
    for _ in 0..MOST_SENTENCES {
        rest = match rest {
            Some(text) => match Terms::of_tuple(text) {
                Some(terms) => finding.read_term(terms.outermost()),
                None => finding.read_sentence(text),
            },
            None => break,
        };
    }
    finding.detail = match (finding.cause, finding.side, finding.detail) {
        (Cause::InvalidDocument, Some(Side::Target), Detail::Words(words)) => Detail::Refused(words),
        (_, _, detail) => detail,
    };
    finding
}

/// Words that are a cause by themselves, as an atom, at the head of a tuple, or before a colon.
const CAUSES: [(Cause, &str); 12] = [
    (Cause::Unauthorized, "unauthorized session_request_unauthorized session_requires_valid_user"),
    (Cause::Forbidden, "forbidden session_request_forbidden"),
    (Cause::DatabaseMissing, "db_not_found no_db_file database_does_not_exist"),
    (Cause::HostUnknown, "nxdomain"),
    (
        Cause::ConnectionRefused,
        "econnrefused connection_refused ehostunreach host_unreachable enetunreach network_unreachable ehostdown enetdown",
    ),
    (
        Cause::ConnectionClosed,
        "sel_conn_closed connection_closed connection_closing closed econnreset econnaborted epipe enotconn worker_is_dead \
         more_data_expected proxy_tunnel_failed",
    ),
    (Cause::Timeout, "timeout req_timedout etimedout connect_timeout"),
    (Cause::Tls, "tls_alert bad_cert esslconnect"),
    (Cause::RateLimited, "max_backoff too_many_requests"),
    (Cause::ServerError, "internal_server_error service_unavailable bad_gateway gateway_timeout"),
    (Cause::Duplicate, "duplicate_job already_started"),
    (Cause::InvalidDocument, "bad_request doc_validation illegal_docid local_endpoints_not_supported invalid_uri"),
];

/// Sentences that are a cause by themselves: how they begin and end.
const SENTENCES: [(Cause, &str, &str); 9] = [
    (Cause::Filter, "Couldn't parse filter code ", ""),
    (Cause::Filter, "Invalid filter.", ""),
    (Cause::Filter, "Invalid `view` parameter", ""),
    (Cause::Filter, "`", " are mutually exclusive"),
    (Cause::InvalidDocument, "", " has an invalid url"),
    (Cause::InvalidDocument, "Invalid proxy url", ""),
    (Cause::InvalidDocument, "Missing replicator database", ""),
    (Cause::InvalidDocument, "parameter `", ""),
    (Cause::InvalidDocument, "`proxy` is mutually exclusive ", ""),
];

/// Heads of tuples whose last part says more, and the side that they tell.
const WRAPPERS: [(Option<Side>, &str); 3] = [
    (
        None,
        "error shutdown EXIT throw exit nocatch badmatch case_clause try_clause bad_return_value worker_died process_died \
         unknown_process_died changes_manager_died changes_queue_died replication_auth_error bad_rep_doc retry_limit \
         temporary_error permanent_failure checkpoint_commit_failure conn_failed send_failed",
    ),
    (Some(Side::Source), "changes_reader_died filter_fetch_error"),
    (Some(Side::Target), "doc_write_failed"),
];

/// What `table` says of `word`.
fn look_up<T: Copy>(table: &[(T, &str)], word: &str) -> Option<T> {
    let mut entries = table.iter();
    entries.find(|(_, words)| words.split(' ').any(|known| known == word)).map(|(what, _)| *what)
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
                (self.side, self.not_found) = (Some(side), Cause::DatabaseMissing);
                return Some(rest);
            }
        }
        self.cause = self.judge_sentence(text);
        None
    }

    /// A sentence with nothing more in it.
    fn judge_sentence(&mut self, text: &'a str) -> Cause {
        let known = SENTENCES.iter().find(|(_, start, end)| text.starts_with(start) && text.ends_with(end));
        if let Some((cause, start, _)) = known {
            self.detail = Detail::Words(text);
            self.side = self.side.or(start.starts_with("Couldn't").then_some(Side::Source));
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
        let Some(cause) = (if word == "not_found" { Some(self.not_found) } else { cause_of(word) }) else {
            return Cause::Unknown;
        };
        self.url = self.url.or_else(|| url_in(text));
        match cause {
            Cause::ConnectionRefused if word != "econnrefused" => self.detail = Detail::Words(word),
            Cause::InvalidDocument => self.detail = Detail::Words(text),
            _ => {}
        }
        cause
    }

    /// Reads one term; gives the sentence in it that says more.
    #[inline(never)]
    fn read_term(&mut self, mut term: Term<'_, 'a>) -> Option<&'a str> {
        loop {
            if !term.is_tuple() {
                return term.word();
            }
            let head = term.part(0)?;
            let Some(name) = head.word() else {
                // A reason and the stack behind it.
                term = head;
                continue;
            };
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
                    (self.url, self.user) = (self.url.or(text(2)), text(3));
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
                // Within the server that replicates: `{timeout,{gen_server,call,…}}`.
                "timeout" if term.part(1).is_some_and(Term::is_tuple) => return None,
                "connection_closed" | "timeout" => {
                    self.cause = self.judge_word(name, "");
                    return None;
                }
                "invalid_json" => {
                    (self.cause, self.detail) = (Cause::ServerError, Detail::NoJson);
                    return None;
                }
                _ => match look_up(&WRAPPERS, name) {
                    Some(side) => {
                        self.side = self.side.or(side);
                        if name == "doc_write_failed" {
                            self.not_found = Cause::DatabaseMissing;
                        }
                        term.parts().last()?
                    }
                    None => return self.read_named(name, term),
                },
            };
        }
    }

    /// A request of its own kind: `{changes_req_failed,404,Body}`, `{changes_req_failed,timeout}`. Gives the term that says
    /// more.
    #[inline(never)]
    fn read_request<'t>(&mut self, name: &str, term: Term<'t, 'a>) -> Option<Term<'t, 'a>> {
        let of_source = matches!(name, "changes_req_failed" | "bulk_get_failed");
        self.side = Some(if of_source { Side::Source } else { Side::Target });
        let what = term.part(1)?;
        let Some(status) = what.word().filter(|word| word.bytes().all(|byte| byte.is_ascii_digit())) else {
            return Some(what);
        };
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
        if let (Detail::None, Some(reason)) = (self.detail, reason) {
            self.detail = Detail::Words(reason);
        }
        None
    }

    fn judge_status(&mut self, status: &'a str) -> Option<&'a str> {
        self.cause = match status {
            "401" => Cause::Unauthorized,
            "403" => Cause::Forbidden,
            "404" => self.not_found,
            "408" => Cause::Timeout,
            "429" => Cause::RateLimited,
            _ if status.len() == 3 && status.starts_with('5') => Cause::ServerError,
            _ => Cause::Unknown,
        };
        if self.cause == Cause::ServerError {
            self.detail = Detail::Status(status);
        }
        None
    }

    /// A tuple that is named by a cause: `{unauthorized,<<"…">>}`.
    #[inline(never)]
    fn read_named(&mut self, name: &'a str, term: Term<'_, 'a>) -> Option<&'a str> {
        let more = term.part(1);
        let words = more.and_then(Term::word);
        match name {
            "session_request_unauthorized" | "session_requires_valid_user" | "session_request_forbidden" => {
                (self.url, self.user) = (self.url.or(words), term.word_at(2));
                self.cause = cause_of(name).unwrap_or(Cause::Unknown);
            }
            "tls_alert" => {
                let alert = more.filter(|more| more.is_tuple()).and_then(|more| more.part(0)?.word());
                self.cause = Cause::Tls;
                self.detail = alert.or(words).map_or(Detail::None, Detail::Words);
            }
            // Of the TLS of the server that replicates: `{options,{cacertfile,"…",{error,enoent}}}`.
            "options" => {
                self.cause = Cause::Tls;
                self.detail = more.and_then(|more| more.part(0)?.word()).map_or(Detail::None, Detail::Words);
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
                if let (Cause::Forbidden | Cause::ServerError | Cause::Tls, Some(words)) = (self.cause, words)
                    && self.url.is_none()
                {
                    self.detail = Detail::Words(words);
                }
            }
        }
        // A status stands for itself where a word was expected: `{404,[{<<"error">>,…}]}`.
        if self.cause == Cause::Unknown && self.side == Some(Side::Target) && name.len() == 3 {
            self.judge_status(name);
        }
        None
    }
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
