//! Failures as JavaScript errors. They contain no secrets: foreign text was masked when it was put into them. The caller's
//! own ids and names are exact.

use js_sys::Object;
use wasm_bindgen::prelude::*;

use super::failure::{Failure, Fault};
use crate::js::rows::object;

#[wasm_bindgen(module = "/pkg-template/runtime/scheduler-error.js")]
extern "C" {
    /// A JavaScript class, since only those can extend `Error`.
    type SchedulerError;

    #[wasm_bindgen(constructor)]
    fn new(message: &str, fields: &Object) -> SchedulerError;
}

impl From<Failure> for JsValue {
    fn from(failure: Failure) -> JsValue {
        match failure {
            Failure::Aborted(reason) => reason,
            Failure::Fault(fault) => scheduler_error(&fault),
        }
    }
}

fn scheduler_error(fault: &Fault) -> JsValue {
    let text = |text: &Option<String>| text.as_deref().map_or(JsValue::NULL, JsValue::from);
    let fields = object([
        ("code", fault.code.as_str().into()),
        ("status", fault.status.map_or(JsValue::NULL, JsValue::from)),
        ("error", text(&fault.error)),
        ("reason", text(&fault.reason)),
        ("method", fault.method.as_str().into()),
        ("url", fault.url.as_str().into()),
        ("requestId", text(&fault.request_id)),
        ("attempts", fault.attempts.into()),
        ("retryAfter", fault.retry_after.map_or(JsValue::NULL, |wait| wait.as_secs_f64().into())),
        ("cause", fault.cause.clone()),
        ("doc", fault.doc.clone()),
    ]);
    SchedulerError::new(&fault.message, &fields).into()
}
