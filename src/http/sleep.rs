//! Waiting between two requests.

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortSignal;

use super::abort::{is_aborted, reason};
use super::failure::Failure;

#[wasm_bindgen(module = "/pkg-template/runtime/http.js")]
extern "C" {
    // `catch` makes wasm-bindgen import it through its glue; without, the wasm itself would want the file's module.
    #[wasm_bindgen(js_name = pause, catch)]
    fn js_pause(milliseconds: f64, until_shown: bool, signal: Option<&AbortSignal>) -> Result<Promise, JsValue>;
}

/// Waits for so many milliseconds, and where `until_shown`, in a page, until it can be seen. An abort of `signal` ends the
/// wait at once, with its reason.
pub async fn pause(milliseconds: f64, until_shown: bool, signal: Option<&AbortSignal>) -> Result<(), Failure> {
    if let Ok(due) = js_pause(milliseconds, until_shown, signal) {
        // A signal that cannot be listened to does not end the wait, and nothing else can go wrong.
        let _ = JsFuture::from(due).await;
    }
    match signal.filter(|signal| is_aborted(signal)) {
        Some(signal) => Err(Failure::Aborted(reason(signal))),
        None => Ok(()),
    }
}
