//! Following one replication document from state to state: `waitFor()` and `followReplication()`.

use std::time::Duration;

use js_sys::{Array, Function};
use wasm_bindgen::JsValue;

use super::get_doc::doc_request;
use super::replication::document_request;
use crate::http::{Code, Failure, Request, Requester};
use crate::js::clock::{duration, milliseconds};
use crate::js::rows::{DOCS, to_object};
use rows::json::{digits, holds, string, value_in};
use rows::state::{self, State};
use scheduler_core::diagnosis::{self, DiagnosisInput};
use scheduler_core::watch::{are_equal_rows, has_no_state, state};

/// Default time between two lookups.
pub const INTERVAL: Duration = Duration::from_secs(2);

/// By how much the wait grows while nothing changes.
const GROWTH: f64 = 1.5;

/// Maximum wait, unless the interval is longer.
const MAX_WAIT: Duration = Duration::from_secs(30);

/// Maximum number of errors in a row. With waits of 2 s growing to 30 s they take two and a half minutes, which is enough for
/// a server to restart.
const MAX_FAULTS: u32 = 10;

/// The default of `until`.
pub fn default_until() -> Vec<State> {
    vec![State::Completed]
}

/// Which replication to follow, and until when.
pub struct FollowPlan {
    /// The replicator database
    pub database: String,
    /// The document
    pub doc_id: String,
    /// The awaited states
    pub until: Vec<State>,
    /// Time between two lookups, at the beginning and after each change
    pub interval: Duration,
    /// Time limit of the whole call
    pub timeout: Option<Duration>,
    /// Called for each change
    pub on_update: Option<Function>,
}

/// Looks up one document repeatedly. Dropping it ends the request under way.
pub struct Follower {
    requester: Requester,
    plan: FollowPlan,
    request: Request,
    /// The last row that was returned.
    last: Option<Vec<u8>>,
    /// How long to wait before the next lookup; `None` before the first.
    wait: Option<Duration>,
    /// How long to wait before the lookup after that, if nothing changes.
    pace: Duration,
    faults: u32,
    /// Whether the server has responded.
    answered: bool,
    /// Whether the replication is known not to be continuous, or this does not matter.
    may_complete: bool,
    /// What follows the last row that was returned.
    end: Option<End>,
}

/// How a replication ended.
enum End {
    /// In an awaited state
    Awaited,
    /// In another state, with this error
    Failed(Failure),
}

/// One change.
struct Step {
    doc: JsValue,
    /// How the replication ended, if it did.
    end: Option<End>,
}

impl Follower {
    /// Sends nothing yet, but starts the time limit. With `must_complete`, a continuous replication is an error.
    pub fn new(requester: &Requester, plan: FollowPlan, must_complete: bool) -> Follower {
        let requester = requester.within(plan.timeout);
        let request = doc_request(&plan.database, plan.doc_id.clone());
        let pace = plan.interval;
        Follower {
            requester,
            plan,
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

    /// Returns the row in an awaited state.
    pub async fn wait(mut self) -> Result<JsValue, JsValue> {
        loop {
            let step = self.next_step().await?;
            match step.end {
                Some(End::Awaited) => return Ok(step.doc),
                Some(End::Failed(failure)) => return Err(failure.into()),
                None => {}
            }
        }
    }

    /// Returns the next change, for an iterator; `None` after an awaited state.
    pub async fn next_row(&mut self) -> Result<Option<Array>, JsValue> {
        match self.end.take() {
            Some(End::Awaited) => return Ok(None),
            Some(End::Failed(failure)) => return Err(failure.into()),
            None => {}
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
        if let Some(on_update) = &self.plan.on_update {
            on_update.call1(&JsValue::UNDEFINED, &step.doc)?;
        }
        Ok(step)
    }

    async fn next_change(&mut self) -> Result<Step, Failure> {
        loop {
            if let Some(wait) = self.wait.take() {
                self.requester.sleep(wait, false).await?;
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
            let doc = to_object(&row, &DOCS).map_err(|error| self.not_json(error))?;
            (self.wait, self.pace) = (Some(self.plan.interval), self.plan.interval);
            let end = match state {
                Some(state) if self.plan.until.contains(&state) => Some(End::Awaited),
                Some(state) if state.is_terminal() => Some(End::Failed(self.ended(state, &row, &doc))),
                _ => None,
            };
            self.last = Some(row);
            return Ok(Step { doc, end });
        }
    }

    /// Requests the row. Returns `None` after a transient error.
    async fn look(&mut self) -> Result<Option<Vec<u8>>, Failure> {
        match self.requester.object(&self.request).await {
            Ok((row, _)) => {
                (self.faults, self.answered) = (0, true);
                Ok(Some(row))
            }
            // Before the first response, a wrong URL is likelier than a server that is down, so the error is returned. But if a
            // replication completes during the lookup, CouchDB responds with an error.
            Err(Failure::Fault(fault))
                if self.faults < MAX_FAULTS
                    && (fault.is_transient_or_timeout() && self.answered || fault.is_race()) =>
            {
                self.faults += 1;
                self.wait_longer();
                self.wait = self.wait.max(fault.retry_after);
                Ok(None)
            }
            Err(failure) => Err(failure),
        }
    }

    fn wait_longer(&mut self) {
        self.wait = Some(self.pace);
        self.pace = duration(milliseconds(self.pace) * GROWTH).min(MAX_WAIT.max(self.plan.interval));
    }

    /// The id of a replication says whether it is continuous; if it has no id yet, its document does.
    async fn refuse_if_continuous(&mut self, row: &[u8]) -> Result<(), Failure> {
        let id = value_in(row, "id").ok().flatten().and_then(string);
        let continuous = match id {
            Some(id) => holds(&id, "+continuous"),
            None => {
                let request = document_request(&self.plan.database, self.plan.doc_id.clone());
                match self.requester.object(&request).await {
                    Ok((document, _)) => value_in(&document, "continuous") == Ok(Some(b"true")),
                    Err(aborted @ Failure::Aborted(_)) => return Err(aborted),
                    // Without permission to read documents, it is known once the replication has its id.
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

    /// The error for a replication that ended in a state that was not awaited.
    fn ended(&self, state: State, row: &[u8], doc: &JsValue) -> Failure {
        let info = value_in(row, "info").ok().flatten();
        let error = info.and_then(|info| value_in(info, "error").ok()?);
        let reason = info.and_then(|info| string(error.unwrap_or(info)));
        let secrets = &self.requester.server.transport.secrets;
        let reason = reason.map(|reason| secrets.hidden(&reason));
        let input =
            DiagnosisInput { state: Some(state.as_str()), error: reason.as_deref(), ..DiagnosisInput::default() };
        let hint = diagnosis::diagnose(&input).map_or(String::new(), |diagnosis| diagnosis.hint);
        let message: &[&str] = match &reason {
            Some(reason) => &["\" ", state.as_str(), ": ", reason, ": ", &hint],
            None => &["\" is ", state.as_str(), "; awaited: ", &state::join(&self.plan.until, ", ")],
        };
        self.fault(Code::ReplicationFailed, message).map(|fault| {
            fault.reason = reason.clone();
            fault.doc = secrets.hide_in_row(doc);
        })
    }

    fn timed_out(&self) -> Failure {
        let until = state::join(&self.plan.until, " or ");
        let timeout = digits(self.plan.timeout.unwrap_or_default().as_millis() as u64);
        self.fault(Code::Timeout, &["\" did not become ", &until, " within the `timeout` of ", &timeout, " ms"])
    }

    /// An error about the replication; `message` continues after the document's id.
    fn fault(&self, code: Code, message: &[&str]) -> Failure {
        let message = ["the replication \"", &self.plan.doc_id, &message.concat()].concat();
        self.requester.fault(&self.request, code, &message, JsValue::UNDEFINED)
    }

    fn not_json(&self, cause: JsValue) -> Failure {
        self.requester.fault(&self.request, Code::InvalidResponse, "a row is not valid JSON", cause)
    }
}
