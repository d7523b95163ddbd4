//! Waiting between two requests.

use std::time::Duration;

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

use super::abort::Abort;
use super::failure::Failure;
use crate::js::clock::milliseconds;

#[wasm_bindgen(module = "/pkg-template/runtime/http.js")]
extern "C" {
    // With `catch`, wasm-bindgen imports it through its glue; without, the wasm itself would import the file.
    #[wasm_bindgen(js_name = sleep, catch)]
    fn js_sleep(milliseconds: f64, until_shown: bool, signal: Option<&AbortSignal>) -> Result<Promise, JsValue>;
}

/// Waits for `time`, and, with `until_shown` in a page, until the page is visible. An abort ends the wait at once.
pub async fn sleep(time: Duration, until_shown: bool, abort: &Abort) -> Result<(), Failure> {
    let abort = abort.child(None);
    if let Ok(due) = js_sleep(milliseconds(time), until_shown, abort.signal().ok().as_ref()) {
        // The promise is never rejected.
        let _ = abort.wait(due).await;
    }
    abort.reason().map_or(Ok(()), |reason| Err(Failure::Aborted(reason)))
}
