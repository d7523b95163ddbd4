//! Letting others have their turn.

use js_sys::Promise;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/pkg-template/runtime/http.js")]
extern "C" {
    /// Resolves in a new task, after timers, input and painting have had their turn.
    // `catch` makes wasm-bindgen import it through its glue; without, the wasm itself would want the file's module.
    #[wasm_bindgen(js_name = nextTask, catch)]
    pub fn next_task() -> Result<Promise, JsValue>;
}

/// Milliseconds of work after which others have their turn: less than a frame of 60 a second.
pub const TURN: f64 = 10.0;
