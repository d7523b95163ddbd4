//! Reads the reason that a server reports: a sentence, a word, `word: sentence`, or an Erlang term.
//! A sentence can end in a term, and a term can hold a sentence, escaped.
//!
//! An unknown reason stays [`Cause::Unknown`]: a word somewhere in the middle is not enough for a
//! guess.

use super::erlang::{Term, Terms, unescape};
use super::finding::{Detail, Finding};
use super::vocabulary::{
    FUNCTIONS, SENTENCES, SIDES, STATUSES, WRAPPERS, between, cause_of, is_among, is_status, look_up, look_up_part,
    split, url_in,
};
use super::{Cause, Side};
use rows::json::find;

/// Maximum number of nested terms and sentences that are read.
const MAX_NESTING: u32 = 8;

/// Reads `reason` and passes the finding to `then`, since it borrows from texts that live only so
/// long.
pub fn read(reason: &str, then: &mut dyn FnMut(&mut Finding)) {
    let mut finding = Finding::default();
    finding.read_on(reason, MAX_NESTING, then);
}

impl<'a> Finding<'a> {
    /// Reads `text` and what is nested in it. A sentence in a term is read without its escapes, so
    /// the finding borrows from a copy.
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

    /// Reads a sentence; returns the part of it that has to be read next.
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
        // `checkpoint_commit_failure: Error updating …`. Words without `_` can be part of any
        // sentence.
        if let Some((word, rest)) = split(text, ": ").filter(|(word, _)| word.contains('_'))
            && self.unwrap_name(word)
        {
            return Some(rest);
        }
        self.cause = self.judge_sentence(text);
        None
    }

    /// Returns the cause of a sentence in which nothing is nested.
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

    /// Returns the cause that `word` stands for, which is the beginning of `text`.
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

    /// Applies `name` if it only wraps another reason, which follows in a tuple or after a colon;
    /// returns whether it does.
    fn unwrap_name(&mut self, name: &str) -> bool {
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

    /// Reads a term; returns the sentence in it that has to be read next.
    fn read_term(&mut self, mut term: Term<'_, 'a>) -> Option<&'a str> {
        loop {
            if !term.is_tuple() {
                return term.word();
            }
            let head = term.part(0)?;
            let status = self.read_stack(term);
            let Some(name) = head.word() else {
                // A reason, followed by the stack.
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
                // A response that the function does not handle.
                "function_clause" => {
                    self.side = self.side.or(self.stack_side);
                    if self.side == Some(Side::Target) {
                        self.not_found = Cause::DatabaseMissing;
                    }
                    return self.judge_status(status?);
                }
                _ if self.unwrap_name(name) => term.parts().last()?,
                _ => return self.read_named(name, term),
            };
        }
    }

    /// Reads the stack trace that follows a reason:
    /// `{Reason,[{Module,Function,Arguments,Location},…]}`. Returns the HTTP status that the
    /// innermost function was called with.
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

    /// Reads a failed request: `{changes_req_failed,404,Body}`, `{changes_req_failed,timeout}`.
    /// Returns the term that has to be read next.
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

    fn judge_status(&mut self, status: &'a str) -> Option<&'a str> {
        self.status = Some(status);
        self.cause = match look_up(&STATUSES, status) {
            Some(cause) => cause,
            None if status == "404" && self.not_found != Cause::Unknown => self.not_found,
            None if is_status(status) => Cause::ServerError,
            None => Cause::Unknown,
        };
        if status.starts_with('2') {
            // The status is fine, the body is not.
            (self.status, self.detail) = (None, Detail::NoJson);
        }
        None
    }

    /// Reads a tuple whose name is a cause: `{unauthorized,<<"…">>}`.
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
            // TLS options of the server that replicates:
            // `{options,{cacertfile,"…",{error,enoent}}}`.
            "options" => {
                let file = more.and_then(|more| more.word_at(1)).or(words).unwrap_or(name);
                (self.cause, self.detail) = (Cause::Tls, Detail::Alert(name, file));
            }
            "bad_request" => {
                self.cause = Cause::InvalidDocument;
                self.detail = Detail::Words(words.unwrap_or(name));
                // Errors of filters are bad requests too.
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
        // A status instead of a word: `{404,[{<<"error">>,…}]}`.
        if self.cause == Cause::Unknown && self.side.is_some() && is_status(name) {
            self.judge_status(name);
        }
        None
    }
}

/// Returns the `reason` in a body that the server has parsed:
/// `{[{<<"error">>,<<"…">>},{<<"reason">>,<<"…">>}]}`.
fn reason_of_body<'a>(body: Term<'_, 'a>) -> Option<&'a str> {
    let members = if body.is_tuple() { body.part(0)? } else { body };
    let mut members = members.parts().filter(|member| member.is_tuple());
    members.find(|member| member.word_at(0) == Some("reason"))?.word_at(1)
}
