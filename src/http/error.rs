//! Failures as JavaScript errors. They contain no secrets: foreign text was masked when it was put into them. The caller's
//! own ids and names are exact.

use wasm_bindgen::prelude::*;

use super::failure::{Failure, Fault};
use crate::js::object::{nullable, object};

#[wasm_bindgen(module = "/pkg-template/runtime/scheduler-error.js")]
extern "C" {
    /// A JavaScript class, since only those can extend `Error`.
    type SchedulerError;

    #[wasm_bindgen(constructor)]
    fn new(message: &str, fields: &JsValue) -> SchedulerError;
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
    let fields = object(&[
        ("code", fault.code.as_str().into()),
        ("status", nullable(fault.status)),
        ("error", nullable(fault.error.as_deref())),
        ("reason", nullable(fault.reason.as_deref())),
        ("method", fault.method.as_str().into()),
        ("url", (&fault.url).into()),
        ("requestId", nullable(fault.request_id.as_deref())),
        ("attempts", fault.attempts.into()),
        ("retryAfter", nullable(fault.retry_after.map(|wait| wait.as_secs_f64()))),
        ("cause", fault.cause.clone()),
        ("doc", fault.doc.clone()),
    ]);
    SchedulerError::new(&fault.message, &fields).into()
}
