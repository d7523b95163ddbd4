//! Failures as JavaScript errors. They contain no secrets: foreign text was masked when it was put into them. The caller's
//! own ids and names are exact.

use serde::Serialize;
use serde_wasm_bindgen::preserve;
use wasm_bindgen::prelude::*;

use super::failure::{Code, Failure, Fault};
use crate::js::serialize::to_js;

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

/// The fields of a `SchedulerError`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ErrorFields<'a> {
    code: Code,
    status: Option<u16>,
    error: Option<&'a str>,
    reason: Option<&'a str>,
    method: &'a str,
    url: &'a str,
    request_id: Option<&'a str>,
    attempts: u32,
    retry_after: Option<f64>,
    #[serde(with = "preserve")]
    cause: JsValue,
    #[serde(with = "preserve")]
    doc: JsValue,
}

fn scheduler_error(fault: &Fault) -> JsValue {
    let fields = ErrorFields {
        code: fault.code,
        status: fault.status,
        error: fault.error.as_deref(),
        reason: fault.reason.as_deref(),
        method: fault.method.as_str(),
        url: &fault.url,
        request_id: fault.request_id.as_deref(),
        attempts: fault.attempts,
        retry_after: fault.retry_after.map(|wait| wait.as_secs_f64()),
        cause: fault.cause.clone(),
        doc: fault.doc.clone(),
    };
    // ErrorFields of these types can always be built.
    let fields = to_js(&fields).unwrap_or_default();
    SchedulerError::new(&fault.message, &fields).into()
}
