//! Why a replication fails, in words, and what to do about it.
//!
//! [`reason`] reads the reason that the server reports, [`erlang`] the Erlang terms in it. [`side`]
//! decides whether source or target is meant, [`backoff`] counts the crashes and computes the wait
//! until the next attempt, [`messages`] writes the texts.

mod backoff;
mod erlang;
mod messages;
mod reason;
mod side;

use reason::{Detail, Finding, read};
use rows::mask::mask;
use rows::state::State;
use serde::Serialize;

pub use backoff::Event;

/// What a diagnosis needs of a document's or a job's row.
#[derive(Clone, Default)]
pub struct Row<'a> {
    /// Any text, as a row can have a state that is not known here. `None` for a job as CouchDB returns it: its history implies the state.
    pub state: Option<&'a str>,
    /// Of a document.
    pub error: Option<&'a str>,
    /// Of a document.
    pub error_count: u64,
    /// Of a document.
    pub last_updated: Option<&'a str>,
    /// URL of the source
    pub source: Option<&'a str>,
    /// URL of the target
    pub target: Option<&'a str>,
    /// URL of the source's proxy
    pub source_proxy: Option<&'a str>,
    /// URL of the target's proxy
    pub target_proxy: Option<&'a str>,
    /// Of a job: newest first. `None` for a document.
    pub history: Option<&'a [Event<'a>]>,
    /// Of a job: whether it has a process.
    pub is_running: bool,
}

/// Why a replication is not well.
#[derive(Debug, Serialize)]
pub struct Diagnosis {
    /// What kind of fault it is.
    pub cause: Cause,
    /// Which end, where it can be told.
    pub side: Option<Side>,
    /// One sentence, secrets masked.
    pub message: String,
    /// What to do about it.
    pub hint: String,
    /// It will not be tried again.
    pub permanent: bool,
    /// In a row.
    pub failures: u32,
    /// ISO 8601, UTC: it fails since then, or for longer.
    pub since: Option<String>,
    /// ISO 8601, UTC: the earliest time of the next attempt. `None` where it cannot be told.
    pub next_retry: Option<String>,
}

/// An end of a replication.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Where documents are read
    Source,
    /// Where they are written
    Target,
}

/// What kind of fault it is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// A name, password, token or role is not accepted.
    Unauthorized,
    /// The user may not do this.
    Forbidden,
    /// There is no such database.
    DatabaseMissing,
    /// The host name does not resolve.
    HostUnknown,
    /// No program accepts connections there.
    ConnectionRefused,
    /// The connection was closed.
    ConnectionClosed,
    /// No answer in time.
    Timeout,
    /// TLS: a certificate, a protocol version, an option.
    Tls,
    /// Status 429.
    RateLimited,
    /// The other end answers with an error of its own.
    ServerError,
    /// The other end redirects.
    Redirect,
    /// Status 402: a plan or payment.
    Quota,
    /// A document or request is too large.
    TooLarge,
    /// A checkpoint cannot be read or written.
    Checkpoint,
    /// One document cannot be read or written.
    Document,
    /// The server has no disk, memory, files or ports left.
    Resources,
    /// A process inside of CouchDB failed.
    Internal,
    /// The filter is missing, or fails.
    Filter,
    /// Another document runs the same replication.
    Duplicate,
    /// The replication document does not parse.
    InvalidDocument,
    /// The reason is not understood.
    Unknown,
}

/// Why the replication of `row` is not well: for `crashing`, `error` and `failed`.
///
/// `None` for the other states. A running one is at work: its `error_count` is about earlier runs, is kept as long as this one
/// lasts, be it for weeks, and no row of a document says why they ended. A completed one has read all there is, even if
/// the target refused some documents for good reasons of its own, which `doc_write_failures` counts.
#[inline(never)]
pub fn diagnose(row: &Row) -> Option<Diagnosis> {
    let newest = row.history.and_then(<[Event]>::first);
    let state = match row.state {
        Some(name) => State::from_name(name),
        None => newest.filter(|event| !row.is_running && event.kind == "crashed").map(|_| State::Crashing),
    };
    let state = state.filter(|state| state.is_unhealthy())?;

    // When it crashed last; and when it crashed first in a row, or what is known of that.
    let (error, crash, failures, since) = match row.history {
        Some(history) => {
            let crash = history.iter().find(|event| event.kind == "crashed");
            let streak = backoff::streak(history);
            (
                crash.and_then(|crash| crash.reason),
                crash.map(|crash| crash.timestamp),
                streak.crashes,
                streak.since.and_then(|since| backoff::first_crash(since, 0)),
            )
        }
        None => {
            // Between failed starts it waits for a random time.
            let known = if state == State::Crashing { row.error_count } else { 0 };
            let since = row.last_updated.and_then(|last| backoff::first_crash(last, known));
            (row.error, row.last_updated, row.error_count, since)
        }
    };
    // Masked before anything is taken from it: what is left of a secret in a piece is no longer told by what is around it.
    let mut masked = [const { None }; 5];
    let texts = [error, row.source, row.target, row.source_proxy, row.target_proxy];
    for (masked, text) in masked.iter_mut().zip(texts) {
        *masked = text.map(mask);
    }
    let [error, source, target, source_proxy, target_proxy] = masked.each_ref().map(Option::as_deref);
    let row = Row { error, source, target, source_proxy, target_proxy, ..row.clone() };

    let permanent = state == State::Failed;
    let mut told = None;
    read(row.error.unwrap_or_default(), &mut |finding| {
        finding.side = finding.side.or_else(|| match finding.url {
            Some(url) => side::side_of(url, &row),
            None if finding.is_about_a_url() => side::side_that_is_missing(&row),
            None => None,
        });
        finding.side = finding.side.or(finding.stack_side);
        let (message, hint) = (messages::message(finding, &row), messages::hint(finding, permanent));
        told = Some((finding.cause, finding.side, message, hint));
    });
    let (cause, side, message, hint) = told?;
    let next_retry = crash.filter(|_| state == State::Crashing).and_then(|crash| backoff::next_retry(crash, failures));
    let failures = u32::try_from(failures).unwrap_or(u32::MAX);
    Some(Diagnosis { cause, side, message, hint, permanent, failures, since, next_retry })
}

impl Finding<'_> {
    /// Whether the URL of an end does not parse.
    fn is_about_a_url(&self) -> bool {
        matches!(self.detail, Detail::Words(words) if words.ends_with("has an invalid url"))
    }

    /// Whether it failed on the way to the server, so that a proxy can be the one that is meant.
    fn is_on_the_way(&self) -> bool {
        matches!(
            self.cause,
            Cause::HostUnknown | Cause::ConnectionRefused | Cause::ConnectionClosed | Cause::Timeout | Cause::Tls
        )
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;
