//! `diagnose` and `progress`: rows in, plain objects out.

use js_sys::Object;
use wasm_bindgen::prelude::*;

use super::validate::{is_array, range_error, type_error};
use crate::js::reflect::{array_from, member};
use crate::js::serialize::to_js;
use rows::json::holds;
use rows::state::State;
use scheduler_core::diagnosis::{self, Event};
use scheduler_core::progress::{self, COUNTERS, ProgressInput};

/// Why the replication of a document's or a job's row is not well, in words: a `Diagnosis`, or `null` for one that is not
/// `crashing`, `error` or `failed`. Sends nothing.
#[wasm_bindgen]
pub fn diagnose(row: JsValue) -> Result<JsValue, JsValue> {
    let fields = Fields::of("diagnose", "row", row)?;
    let texts =
        fields.strings(&["state", "last_updated", "source", "target", "source_proxy", "target_proxy", "pid"])?;
    let text = |at: usize| texts.get(at)?.as_deref();
    let error = fields.error()?;
    let history = fields.history()?;
    let events: Option<Vec<Event>> =
        history.as_ref().map(|history| history.iter().map(|event| event_of(event)).collect());
    let error_count = fields.count("error_count")?.unwrap_or_default() as u64;

    let [state, last_updated, source, target, source_proxy, target_proxy] = [0, 1, 2, 3, 4, 5].map(text);
    let (error, history, is_running) = (error.as_deref(), events.as_deref(), text(6).is_some());
    let row = diagnosis::Row {
        state,
        error,
        error_count,
        last_updated,
        source,
        target,
        source_proxy,
        target_proxy,
        history,
        is_running,
    };
    let Some(told) = diagnosis::diagnose(&row) else { return Ok(JsValue::NULL) };
    to_js(&told)
}

/// How far the replication of a document's or a job's row is: a `Progress`. Sends nothing.
#[wasm_bindgen]
pub fn progress(row: JsValue, previous: JsValue, elapsed_ms: JsValue) -> Result<JsValue, JsValue> {
    let row = Fields::of("progress", "row", row)?.progress()?;
    let previous = match previous.is_undefined() {
        true => None,
        false => Some(Fields::of("progress", "previous", previous)?.progress()?),
    };
    let expected = "milliseconds, more than 0";
    let elapsed_ms = match elapsed_ms.as_f64() {
        Some(elapsed) if elapsed > 0.0 && elapsed.is_finite() => Some(elapsed),
        Some(_) => return Err(range_error("progress", "elapsedMs", expected, &elapsed_ms)),
        None if elapsed_ms.is_undefined() => None,
        None => return Err(type_error("progress", "elapsedMs", expected, &elapsed_ms)),
    };
    to_js(&progress::progress(&row, previous.as_ref(), elapsed_ms))
}

/// A JavaScript object whose fields are read as they are needed. What a getter throws comes out as it is.
struct Fields(JsValue);

impl Fields {
    /// A row: an object that has a state, or, as a job comes from the server, a history.
    #[inline(never)]
    fn of(call: &'static str, name: &str, value: JsValue) -> Result<Fields, JsValue> {
        let fields = Fields(value);
        let is_row = fields.0.is_object()
            && !is_array(&fields.0)?
            && !(fields.get("state")?.is_undefined() && fields.get("history")?.is_undefined());
        if is_row { Ok(fields) } else { Err(type_error(call, name, "a ReplicationDoc or ReplicationJob", &fields.0)) }
    }

    #[inline(never)]
    fn get(&self, name: &str) -> Result<JsValue, JsValue> {
        member(&self.0, name)
    }

    #[inline(never)]
    fn string(&self, name: &str) -> Result<Option<String>, JsValue> {
        Ok(self.get(name)?.as_string())
    }

    /// `None` for what is no string.
    #[inline(never)]
    fn strings(&self, names: &[&str]) -> Result<Vec<Option<String>>, JsValue> {
        let mut strings = Vec::new();
        for name in names {
            strings.push(self.string(name)?);
        }
        Ok(strings)
    }

    /// `None` if it is not a count.
    fn count(&self, name: &str) -> Result<Option<f64>, JsValue> {
        Ok(self.get(name)?.as_f64().filter(|count| (0.0..f64::INFINITY).contains(count)))
    }

    /// Servers before 3.0 give the reason without an object around it.
    #[inline(never)]
    fn error(&self) -> Result<Option<String>, JsValue> {
        let info = self.get("info")?;
        if info.is_object() { Fields(info).string("error") } else { Ok(info.as_string()) }
    }

    /// Type, time and reason of each event.
    #[inline(never)]
    fn history(&self) -> Result<Option<Vec<Vec<Option<String>>>>, JsValue> {
        let history = self.get("history")?;
        if !is_array(&history)? {
            return Ok(None);
        }
        let mut events = Vec::new();
        for event in array_from(&history)?.iter() {
            if event.is_object() {
                events.push(Fields(event).strings(&["type", "timestamp", "reason"])?);
            }
        }
        Ok(Some(events))
    }

    /// A document has its counters in `info`, a job there and at the top level.
    #[inline(never)]
    fn progress(&self) -> Result<ProgressInput, JsValue> {
        let info = self.get("info")?;
        let info = Fields(if info.is_object() { info } else { Object::new().into() });
        let mut counters = [None; COUNTERS.len()];
        for (counter, name) in counters.iter_mut().zip(COUNTERS) {
            *counter = match info.count(name)? {
                None => self.count(name)?,
                known => known,
            };
        }
        let name = self.string("state")?;
        let state = name.as_deref().and_then(State::from_name);
        let is_running = match name {
            Some(_) => state == Some(State::Running),
            None => self.get("pid")?.is_string(),
        };
        let id = self.string("id")?.unwrap_or_default();
        Ok(ProgressInput {
            counters,
            is_running,
            is_completed: state == Some(State::Completed),
            is_continuous: self.get("continuous")?.is_truthy() || holds(&id, "+continuous"),
            sequence: info.string("source_seq")?,
        })
    }
}

fn event_of(event: &[Option<String>]) -> Event<'_> {
    let text = |at: usize| event.get(at)?.as_deref();
    Event { kind: text(0).unwrap_or_default(), timestamp: text(1).unwrap_or_default(), reason: text(2) }
}
