//! `diagnose` and `progress`: rows in, plain objects out.

use js_sys::{Object, Reflect};
use wasm_bindgen::prelude::*;

use super::arguments::{array_from, is_array, range_error, type_error};
use super::objects::object;
use crate::insight::diagnosis::{self, Event};
use crate::insight::progress::{self, Counters};

/// Why the replication of a document's or a job's row is not well, in words: a `Diagnosis`, or `null` for one that is not
/// `crashing`, `error` or `failed`. Sends nothing.
#[wasm_bindgen]
pub fn diagnose(row: JsValue) -> Result<JsValue, JsValue> {
    let fields = Fields::of("diagnose", "row", row)?;
    let info = fields.get("info")?;
    // Servers before 3.0 give the reason without an object around it.
    let error = match info.as_string() {
        Some(error) => Some(error),
        None if info.is_object() => Fields(info).string("error")?,
        None => None,
    };
    let history = fields.history()?;
    let texts =
        ["state", "last_updated", "source", "target", "source_proxy", "target_proxy"].map(|name| fields.string(name));
    let [state, last_updated, source, target, source_proxy, target_proxy] = texts;
    let (state, last_updated, source, target) = (state?, last_updated?, source?, target?);
    let (source_proxy, target_proxy) = (source_proxy?, target_proxy?);
    let is_running = fields.get("pid")?.is_string();
    let events: Option<Vec<Event>> = history.as_ref().map(|history| history.iter().map(OwnedEvent::borrow).collect());

    let diagnosis = diagnosis::diagnose(&diagnosis::Row {
        state: state.as_deref(),
        error: error.as_deref(),
        error_count: fields.number("error_count")?.unwrap_or(0.0) as u64,
        last_updated: last_updated.as_deref(),
        source: source.as_deref(),
        target: target.as_deref(),
        source_proxy: source_proxy.as_deref(),
        target_proxy: target_proxy.as_deref(),
        history: events.as_deref(),
        is_running,
    });
    let Some(told) = diagnosis else { return Ok(JsValue::NULL) };
    let members = [
        ("cause", told.cause.as_str().into()),
        ("side", told.side.map_or(JsValue::NULL, |side| side.as_str().into())),
        ("message", told.message.into()),
        ("hint", told.hint.into()),
        ("permanent", told.permanent.into()),
        ("failures", (told.failures as f64).into()),
        ("next_retry", told.next_retry.map_or(JsValue::NULL, JsValue::from)),
    ];
    Ok(object(members).into())
}

/// How far the replication of a document's or a job's row is: a `Progress`. Sends nothing.
#[wasm_bindgen]
pub fn progress(row: JsValue, previous: JsValue, elapsed_ms: JsValue) -> Result<Object, JsValue> {
    let row = Fields::of("progress", "row", row)?.progress()?;
    let previous = match previous.is_undefined() {
        true => None,
        false => Some(Fields::of("progress", "previous", previous)?.progress()?),
    };
    let expected = "milliseconds, more than 0";
    let elapsed = match elapsed_ms.as_f64() {
        Some(elapsed) if elapsed > 0.0 && elapsed.is_finite() => Some(elapsed),
        Some(_) => return Err(range_error("progress", "elapsedMs", expected, &elapsed_ms)),
        None if elapsed_ms.is_undefined() => None,
        None => return Err(type_error("progress", "elapsedMs", expected, &elapsed_ms)),
    };
    let told = progress::progress(&row.borrow(), previous.as_ref().map(OwnedProgress::borrow).as_ref(), elapsed);
    let number = |number: Option<f64>| number.map_or(JsValue::NULL, JsValue::from);
    let counters = row.counters;
    Ok(object([
        ("docs_read", number(counters.docs_read)),
        ("docs_written", number(counters.docs_written)),
        ("doc_write_failures", number(counters.doc_write_failures)),
        ("changes_pending", number(counters.changes_pending)),
        ("fraction", number(told.fraction)),
        ("docs_per_second", number(told.docs_per_second)),
        ("seconds_left", number(told.seconds_left)),
        ("stalled", told.stalled.map_or(JsValue::NULL, JsValue::from)),
    ]))
}

/// A JavaScript object whose fields are read as they are needed. What a getter throws comes out as it is.
struct Fields(JsValue);

impl Fields {
    /// A row: an object that has a state, or, as a job comes from the server, a history.
    fn of(call: &'static str, name: &str, value: JsValue) -> Result<Fields, JsValue> {
        let expected = "a ReplicationDoc or ReplicationJob";
        if !value.is_object() || is_array(&value)? {
            return Err(type_error(call, name, expected, &value));
        }
        let fields = Fields(value);
        if fields.get("state")?.is_undefined() && fields.get("history")?.is_undefined() {
            return Err(type_error(call, name, expected, &fields.0));
        }
        Ok(fields)
    }

    fn get(&self, name: &str) -> Result<JsValue, JsValue> {
        Reflect::get(&self.0, &name.into())
    }

    fn string(&self, name: &str) -> Result<Option<String>, JsValue> {
        Ok(self.get(name)?.as_string())
    }

    /// A count; `None` for what is none.
    fn number(&self, name: &str) -> Result<Option<f64>, JsValue> {
        Ok(self.get(name)?.as_f64().filter(|number| *number >= 0.0 && number.is_finite()))
    }

    fn history(&self) -> Result<Option<Vec<OwnedEvent>>, JsValue> {
        let history = self.get("history")?;
        if !is_array(&history)? {
            return Ok(None);
        }
        let mut events = Vec::new();
        for event in array_from(&history)?.iter().filter(JsValue::is_object).map(Fields) {
            events.push(OwnedEvent {
                kind: event.string("type")?.unwrap_or_default(),
                timestamp: event.string("timestamp")?.unwrap_or_default(),
                reason: event.string("reason")?,
            });
        }
        Ok(Some(events))
    }

    /// A document has its counters in `info`, a job there and at the top level.
    fn progress(&self) -> Result<OwnedProgress, JsValue> {
        let info = self.get("info")?;
        let info = Fields(if info.is_object() { info } else { Object::new().into() });
        let number = |name| Ok::<_, JsValue>(info.number(name)?.or(self.number(name)?));
        let counters = Counters {
            revisions_checked: number("revisions_checked")?,
            missing_revisions_found: number("missing_revisions_found")?,
            docs_read: number("docs_read")?,
            docs_written: number("docs_written")?,
            doc_write_failures: number("doc_write_failures")?,
            changes_pending: number("changes_pending")?,
        };
        let sequence = |name| -> Result<Option<String>, JsValue> {
            let value = info.get(name)?;
            Ok(value.as_string().or_else(|| value.as_f64().map(|number| (number as u64).to_string())))
        };
        let state = self.string("state")?;
        let is_running = match &state {
            Some(state) => state == "running",
            None => self.get("pid")?.is_string(),
        };
        Ok(OwnedProgress {
            counters,
            is_running,
            is_completed: state.is_some_and(|state| state == "completed"),
            is_continuous: self.get("continuous")?.is_truthy()
                || self.string("id")?.is_some_and(|id| id.contains("+continuous")),
            sequences: [sequence("source_seq")?, sequence("through_seq")?, sequence("checkpointed_source_seq")?],
        })
    }
}

struct OwnedEvent {
    kind: String,
    timestamp: String,
    reason: Option<String>,
}

impl OwnedEvent {
    fn borrow(&self) -> Event<'_> {
        Event { kind: &self.kind, timestamp: &self.timestamp, reason: self.reason.as_deref() }
    }
}

struct OwnedProgress {
    counters: Counters,
    is_running: bool,
    is_completed: bool,
    is_continuous: bool,
    sequences: [Option<String>; 3],
}

impl OwnedProgress {
    fn borrow(&self) -> progress::Row<'_> {
        progress::Row {
            counters: self.counters,
            is_running: self.is_running,
            is_completed: self.is_completed,
            is_continuous: self.is_continuous,
            sequences: self.sequences.each_ref().map(Option::as_deref),
        }
    }
}
