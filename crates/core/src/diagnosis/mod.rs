//! Why a replication fails, in words, and what to do about it.
//!
//! [`reason`] reads the reason that the server reports into a [`finding`], with the words of
//! [`vocabulary`]; [`erlang`] reads the Erlang terms in it. [`side`] decides whether source or
//! target is meant, [`backoff`] counts the crashes and computes the wait until the next attempt,
//! [`messages`] writes the texts.

mod backoff;
mod erlang;
mod finding;
mod messages;
mod reason;
mod side;
mod vocabulary;

use mask::mask;
use reason::read;
use rows::state::State;
use serde::Serialize;

pub use backoff::{Event, RetrySettings, Streak, streak};

/// Milliseconds since 1970.
pub type Timestamp = i64;

/// The fields of a document's or a job's row that a diagnosis is made from.
#[derive(Clone, Default)]
pub struct DiagnosisInput<'a> {
    /// Any text, as a row can have a state that is not known here. `None` for a job as CouchDB
    /// returns it: its history implies the state.
    pub state: Option<&'a str>,
    /// Reason of a document.
    pub error: Option<&'a str>,
    /// Number of consecutive failures of a document.
    pub error_count: u64,
    /// Time of a document's last change of state.
    pub last_updated: Option<Timestamp>,
    /// URL of the source
    pub source: Option<&'a str>,
    /// URL of the target
    pub target: Option<&'a str>,
    /// URL of the source's proxy
    pub source_proxy: Option<&'a str>,
    /// URL of the target's proxy
    pub target_proxy: Option<&'a str>,
    /// Events of a job, newest first. `None` for a document.
    pub history: Option<&'a [Event<'a>]>,
    /// Whether the job has a process.
    pub is_running: bool,
    /// Settings of its node.
    pub settings: RetrySettings,
}

/// Why a replication is unhealthy.
#[derive(Debug, Serialize)]
pub struct Diagnosis<T = Timestamp> {
    /// Kind of the error.
    pub cause: Cause,
    /// The end where it occurred; `None` if unknown.
    pub side: Option<Side>,
    /// One sentence, secrets masked.
    pub message: String,
    /// What to do about it.
    pub hint: String,
    /// Whether CouchDB has given up.
    pub permanent: bool,
    /// Number of consecutive failures.
    pub failures: u32,
    /// It fails since then, or for longer.
    pub since: Option<T>,
    /// Earliest time of the next attempt; `None` if unknown.
    pub next_retry: Option<T>,
}

impl Diagnosis {
    /// With its times printed by `print`, which returns `None` for a time that it cannot print.
    pub fn print_times(self, print: impl Fn(Timestamp) -> Option<String>) -> Diagnosis<String> {
        let Diagnosis { cause, side, message, hint, permanent, failures, since, next_retry } = self;
        let (since, next_retry) = (since.and_then(&print), next_retry.and_then(&print));
        Diagnosis { cause, side, message, hint, permanent, failures, since, next_retry }
    }
}

/// An end of a replication.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Documents are read from it
    Source,
    /// Documents are written to it
    Target,
}

/// Kind of an error.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
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
    /// No response in time.
    Timeout,
    /// TLS: a certificate, a protocol version, an option.
    Tls,
    /// Status 429.
    RateLimited,
    /// The other end responds with an error of its own.
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
    #[default]
    Unknown,
}

/// Explains why the replication of `row` is unhealthy: `crashing`, `error` or `failed`.
///
/// `None` for other states. The `error_count` of a running replication is about earlier attempts:
/// CouchDB keeps it as long as this attempt lasts, even for weeks, and no row of a document has
/// their reason. A completed replication has read everything; if the target refused some documents,
/// `doc_write_failures` counts them.
pub fn diagnose(row: &DiagnosisInput) -> Option<Diagnosis> {
    let newest = row.history.and_then(<[Event]>::first);
    let state = match row.state {
        Some(name) => State::from_name(name),
        None => newest.filter(|event| !row.is_running && event.kind == "crashed").map(|_| State::Crashing),
    };
    let state = state.filter(|state| state.is_unhealthy())?;

    // The last crash; and the first one in sequence, as far as it is known.
    let (error, crash, failures, since) = match row.history {
        Some(history) => {
            let crash = history.iter().find(|event| event.kind == "crashed");
            let streak = backoff::streak(history, row.settings.health_threshold);
            (crash.and_then(|crash| crash.reason), crash.and_then(|crash| crash.time), streak.crashes, streak.since)
        }
        None => {
            // Between failed starts, CouchDB waits for a random time.
            let known = if state == State::Crashing { row.error_count } else { 0 };
            let since = row.last_updated.map(|last| backoff::first_crash(last, known));
            (row.error, row.last_updated, row.error_count, since)
        }
    };
    // Masked before any part is taken: a part of a secret cannot be recognized without the text
    // around it.
    let mut masked = [const { None }; 5];
    let texts = [error, row.source, row.target, row.source_proxy, row.target_proxy];
    for (masked, text) in masked.iter_mut().zip(texts) {
        *masked = text.map(mask);
    }
    let [error, source, target, source_proxy, target_proxy] = masked.each_ref().map(Option::as_deref);
    let row = DiagnosisInput { error, source, target, source_proxy, target_proxy, ..row.clone() };

    let permanent = state == State::Failed;
    let mut explained = None;
    read(row.error.unwrap_or_default(), &mut |finding| {
        finding.side = finding.side.or_else(|| match finding.url {
            Some(url) => side::side_of(url, &row),
            None if finding.is_about_a_url() => side::side_that_is_missing(&row),
            None => None,
        });
        finding.side = finding.side.or(finding.stack_side);
        let (message, hint) = (messages::message(finding, &row), messages::hint(finding, permanent));
        explained = Some((finding.cause, finding.side, message, hint));
    });
    let (cause, side, message, hint) = explained?;
    let next_retry = crash.filter(|_| state == State::Crashing).map(|crash| {
        let end = backoff::next_retry(crash, failures);
        // The scheduler restarts a healthy job at once.
        let interval = row.settings.interval.filter(|_| failures > 0);
        let decision = |interval| backoff::next_decision(end, row.history.unwrap_or_default(), interval);
        interval.and_then(decision).unwrap_or(end)
    });
    let failures = u32::try_from(failures).unwrap_or(u32::MAX);
    Some(Diagnosis { cause, side, message, hint, permanent, failures, since, next_retry })
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;
