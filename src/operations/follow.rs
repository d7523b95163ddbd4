//! Following one replication document from state to state: `waitFor()` and `followReplication()`.

use std::time::Duration;

use js_sys::{Array, Function};
use wasm_bindgen::JsValue;

use super::get_doc::doc_request;
use super::replication::document_request;
use crate::http::{Code, Failure, Fault, Request, Requester};
use crate::js::clock::duration;
use crate::js::rows::{DOCS, whole};
use rows::json::{digits, holds, string, value_in};
use rows::state::{self, State};
use rows::text::text;
use scheduler_core::diagnosis::{self, DiagnosisInput};
use scheduler_core::watch::{are_equal_rows, has_no_state, state};

/// Default time between two looks, in milliseconds.
pub const INTERVAL: f64 = 2000.0;

/// By how much the wait grows while nothing changes, and how long it is at most, in milliseconds.
const GROWTH: f64 = 1.5;
const LONGEST_WAIT: f64 = 30_000.0;

/// Asking may fail so many times in a row: at 2 s growing to 30 s these are two and a half minutes, time enough for a
/// server to restart.
const MOST_FAULTS: u32 = 10;

/// The default of `until`.
pub fn default_until() -> Vec<State> {
    vec![State::Completed]
}

/// Which replication to follow, and to where.
pub struct Wanted {
    /// The replicator database
    pub database: String,
    /// The document
    pub doc_id: String,
    /// States in which it has come to where it should
    pub until: Vec<State>,
    /// Milliseconds between two looks, in the beginning and after each change
    pub interval: f64,
    /// Time limit of the whole call
    pub timeout: Option<Duration>,
    /// Told each change
    pub on_update: Option<Function>,
}

/// Looks at one document again and again. Dropping it ends the request under way.
pub struct Follower {
    requester: Requester,
    wanted: Wanted,
    request: Request,
    /// The row that was given out last.
    last: Option<Vec<u8>>,
    /// How long to wait before the next look; not at all before the first.
    wait: Option<f64>,
    /// How long to wait before the one after that, if nothing changes.
    pace: f64,
    faults: u32,
    /// The server has answered.
    answered: bool,
    /// Whether it is known that the replication is not continuous, or does not matter.
    may_complete: bool,
    /// What comes behind the row that was given out last.
    end: Option<Result<(), Failure>>,
}

/// One change.
struct Step {
    doc: JsValue,
    /// How it ended, if it did: where it should, or elsewhere.
    end: Option<Result<(), Failure>>,
}

impl Follower {
    /// Nothing is sent yet, but the time runs. What `must_complete` is refused where it is continuous.
    pub fn new(requester: &Requester, wanted: Wanted, must_complete: bool) -> Follower {
        let requester = requester.within(wanted.timeout);
        let request = doc_request(&wanted.database, wanted.doc_id.clone());
        let pace = wanted.interval;
        Follower {
            requester,
            wanted,
            request,
            last: None,
            wait: None,
            pace,
            faults: 0,
            answered: false,
            may_complete: !must_complete,
            end: None,
        }
    }

    /// The row in the end.
    pub async fn wait(mut self) -> Result<JsValue, JsValue> {
        loop {
            let step = self.next_step().await?;
            match step.end {
                Some(Ok(())) => return Ok(step.doc),
                Some(Err(failure)) => return Err(failure.into()),
                None => {}
            }
        }
    }

    /// The next change, for an iterator; nothing once it has come to where it should.
    pub async fn next_row(&mut self) -> Result<Option<Array>, JsValue> {
        if let Some(end) = self.end.take() {
            return Ok(end.map(|()| None)?);
        }
        let step = self.next_step().await?;
        self.end = step.end;
        Ok(Some(Array::of1(&step.doc)))
    }

    async fn next_step(&mut self) -> Result<Step, JsValue> {
        let step = match self.next_change().await {
            Err(Failure::Aborted(_)) if self.requester.abort.has_timed_out() => Err(self.timed_out()),
            step => step,
        }?;
        if let Some(on_update) = &self.wanted.on_update {
            on_update.call1(&JsValue::UNDEFINED, &step.doc)?;
        }
        Ok(step)
    }

    async fn next_change(&mut self) -> Result<Step, Failure> {
        loop {
            if let Some(wait) = self.wait.take() {
                self.requester.sleep(duration(wait), false).await?;
            }
            let Some(row) = self.look().await? else { continue };
            let (Ok(without_state), Ok(state)) = (has_no_state(&row), state(&row)) else {
                return Err(self.not_json(JsValue::UNDEFINED));
            };
            if !self.may_complete {
                self.refuse_if_continuous(&row).await?;
            }
            if without_state || self.last.as_deref().is_some_and(|last| are_equal_rows(last, &row)) {
                self.wait_longer();
                continue;
            }
            let doc = whole(&row, &DOCS).map_err(|error| self.not_json(error))?;
            (self.wait, self.pace) = (Some(self.wanted.interval), self.wanted.interval);
            let end = match state {
                Some(state) if self.wanted.until.contains(&state) => Some(Ok(())),
                Some(state) if state.is_terminal() => Some(Err(self.ended(state, &row, &doc))),
                _ => None,
            };
            self.last = Some(row);
            return Ok(Step { doc, end });
        }
    }

    /// Asks for the row. Nothing, if that failed in a way that may pass.
    async fn look(&mut self) -> Result<Option<Vec<u8>>, Failure> {
        match self.requester.object(&self.request).await {
            Ok((row, _)) => {
                (self.faults, self.answered) = (0, true);
                Ok(Some(row))
            }
            // Whoever cannot be reached in the beginning is more likely called wrong than down; but one that completes
            // while it is looked up is answered with an error of the server.
            Err(Failure::Fault(fault))
                if self.faults < MOST_FAULTS && (fault.may_pass() && self.answered || fault.is_race()) =>
            {
                self.faults += 1;
                self.wait_longer();
                let asked_for = fault.retry_after.unwrap_or(0.0) * 1000.0;
                self.wait = self.wait.map(|wait| wait.max(asked_for));
                Ok(None)
            }
            Err(failure) => Err(failure),
        }
    }

    fn wait_longer(&mut self) {
        self.wait = Some(self.pace);
        self.pace = (self.pace * GROWTH).min(LONGEST_WAIT.max(self.wanted.interval));
    }

    /// Its id tells whether a replication is continuous. Where it has none yet, its document does.
    async fn refuse_if_continuous(&mut self, row: &[u8]) -> Result<(), Failure> {
        let id = value_in(row, "id").ok().flatten().and_then(string);
        let continuous = match id {
            Some(id) => holds(&id, "+continuous"),
            None => {
                let request = document_request(&self.wanted.database, self.wanted.doc_id.clone());
                match self.requester.object(&request).await {
                    Ok((document, _)) => value_in(&document, "continuous") == Ok(Some(b"true")),
                    Err(aborted @ Failure::Aborted(_)) => return Err(aborted),
                    // Whoever may not read documents learns it once the replication has its id.
                    Err(_) => return Ok(()),
                }
            }
        };
        self.may_complete = !continuous;
        if self.may_complete {
            return Ok(());
        }
        let message = "\" is continuous: it never completes; wait for \"running\", or use watch()";
        Err(self.fault(Code::BadRequest, &[message]))
    }

    /// It has come to an end that was not waited for.
    fn ended(&self, state: State, row: &[u8], doc: &JsValue) -> Failure {
        let info = value_in(row, "info").ok().flatten();
        let error = info.and_then(|info| value_in(info, "error").ok()?);
        let reason = info.and_then(|info| string(error.unwrap_or(info)));
        let reason = reason.map(|reason| self.requester.server.transport.secrets.hidden(&reason));
        let asked =
            DiagnosisInput { state: Some(state.as_str()), error: reason.as_deref(), ..DiagnosisInput::default() };
        let hint = diagnosis::diagnose(&asked).map_or(String::new(), |told| told.hint);
        let message: &[&str] = match &reason {
            Some(reason) => &["\" ", state.as_str(), ": ", reason, ": ", &hint],
            None => &["\" is ", state.as_str(), "; it was waited for: ", &state::join(&self.wanted.until, ", ")],
        };
        match self.fault(Code::ReplicationFailed, message) {
            Failure::Fault(fault) => Failure::Fault(Box::new(Fault { reason, doc: doc.clone(), ..*fault })),
            aborted => aborted,
        }
    }

    fn timed_out(&self) -> Failure {
        let until = state::join(&self.wanted.until, " or ");
        let timeout = digits(self.wanted.timeout.unwrap_or_default().as_millis() as u64);
        self.fault(Code::Timeout, &["\" did not become ", &until, " within the `timeout` of ", &timeout, " ms"])
    }

    /// `message` goes on behind the document's id.
    fn fault(&self, code: Code, message: &[&str]) -> Failure {
        let message = text(&["the replication \"", &self.wanted.doc_id, &text(message)]);
        self.requester.fault(&self.request, code, &message, JsValue::UNDEFINED)
    }

    fn not_json(&self, cause: JsValue) -> Failure {
        self.requester.fault(&self.request, Code::InvalidResponse, "a row is not correct JSON", cause)
    }
}
