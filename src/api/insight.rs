//! `diagnose` and `progress`: rows in, plain objects out.

use js_sys::Object;
use wasm_bindgen::prelude::*;

use crate::js::date::{print_time, read_time};
use crate::js::reflect::{array_from, is_array, member};
use crate::js::serialize::to_js;
use rows::json::holds;
use rows::state::State;
use scheduler_core::diagnosis::{self, DiagnosisInput, Event, RetrySettings};
use scheduler_core::progress::{self, COUNTERS, ProgressInput};

/// Explains why the replication of a row is unhealthy: a `Diagnosis`, or `null` for other states.
/// Sends nothing. The settings are those of the node, in milliseconds, if they are known.
#[wasm_bindgen]
pub fn diagnose(row: JsValue, interval: Option<f64>, health_threshold: Option<f64>) -> Result<JsValue, JsValue> {
    let fields = RowFields(row);
    let texts = fields.strings(&["state", "source", "target", "source_proxy", "target_proxy", "pid"])?;
    let [state, source, target, source_proxy, target_proxy, pid] = texts.each_ref().map(Option::as_deref);
    let last_updated = fields.string("last_updated")?;
    let error = fields.error()?;
    let history = fields.history()?;
    let events: Option<Vec<Event>> = history.as_ref().map(|history| history.iter().map(event_of).collect());
    let row = DiagnosisInput {
        state,
        error: error.as_deref(),
        error_count: fields.count("error_count")?.unwrap_or_default() as u64,
        last_updated: last_updated.as_deref().and_then(read_time),
        source,
        target,
        source_proxy,
        target_proxy,
        history: events.as_deref(),
        is_running: pid.is_some(),
        settings: RetrySettings {
            interval: interval.map(|interval| interval as i64),
            health_threshold: health_threshold
                .map_or(RetrySettings::default().health_threshold, |threshold| threshold as i64),
        },
    };
    match diagnosis::diagnose(&row) {
        Some(diagnosis) => to_js(&diagnosis.print_times(print_time)),
        None => Ok(JsValue::NULL),
    }
}

/// Computes the progress of a row's replication: a `Progress`. Sends nothing.
#[wasm_bindgen]
pub fn progress(row: JsValue, previous: JsValue, elapsed_ms: Option<f64>) -> Result<JsValue, JsValue> {
    let row = RowFields(row).progress()?;
    let previous = match previous.is_undefined() {
        true => None,
        false => Some(RowFields(previous).progress()?),
    };
    to_js(&progress::progress(&row, previous.as_ref(), elapsed_ms))
}

/// A JavaScript object, for reading its fields. An exception of a getter is passed on.
struct RowFields(JsValue);

impl RowFields {
    fn get(&self, name: &str) -> Result<JsValue, JsValue> {
        member(&self.0, name)
    }

    fn string(&self, name: &str) -> Result<Option<String>, JsValue> {
        Ok(self.get(name)?.as_string())
    }

    /// Each is `None` if it is not a string.
    fn strings<const N: usize>(&self, names: &[&str; N]) -> Result<[Option<String>; N], JsValue> {
        let mut strings = [const { None }; N];
        for (string, name) in strings.iter_mut().zip(names) {
            *string = self.string(name)?;
        }
        Ok(strings)
    }

    /// `None` if it is not a count.
    fn count(&self, name: &str) -> Result<Option<f64>, JsValue> {
        Ok(self.get(name)?.as_f64().filter(|count| (0.0..f64::INFINITY).contains(count)))
    }

    /// Before 3.0, CouchDB sends the reason without an object around it.
    fn error(&self) -> Result<Option<String>, JsValue> {
        let info = self.get("info")?;
        if info.is_object() { RowFields(info).string("error") } else { Ok(info.as_string()) }
    }

    /// Returns type, time and reason of each event.
    fn history(&self) -> Result<Option<Vec<[Option<String>; 3]>>, JsValue> {
        let history = self.get("history")?;
        if !is_array(&history)? {
            return Ok(None);
        }
        let mut events = Vec::new();
        for event in array_from(&history)?.iter() {
            if event.is_object() {
                events.push(RowFields(event).strings(&["type", "timestamp", "reason"])?);
            }
        }
        Ok(Some(events))
    }

    /// A document has its counters in `info`, a job there or at the top level.
    fn progress(&self) -> Result<ProgressInput, JsValue> {
        let info = self.get("info")?;
        let info = RowFields(if info.is_object() { info } else { Object::new().into() });
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

fn event_of(fields: &[Option<String>; 3]) -> Event<'_> {
    let [kind, time, reason] = fields.each_ref().map(Option::as_deref);
    Event { kind: kind.unwrap_or_default(), time: time.and_then(read_time), reason }
}
