//! Yielding to the event loop.

use std::time::Duration;

use js_sys::Promise;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/pkg-template/runtime/http.js")]
extern "C" {
    /// Resolves in a new task, following pending timers, input and painting.
    // With `catch`, wasm-bindgen imports it through its glue; without, the wasm itself would import the file.
    #[wasm_bindgen(js_name = nextTask, catch)]
    pub fn next_task() -> Result<Promise, JsValue>;
}

/// How long to work before yielding: less than a frame at 60 per second.
pub const TURN: Duration = Duration::from_millis(10);
