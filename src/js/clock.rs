//! The clock for durations.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/pkg-template/runtime/http.js")]
extern "C" {
    // `catch` makes wasm-bindgen import it through its glue; without, the wasm itself would want the file's module.
    #[wasm_bindgen(js_name = now, catch)]
    fn js_now() -> Result<f64, JsValue>;
}

/// Milliseconds since some moment. Unlike the time of day, it never goes back and never jumps when the computer's clock is set.
pub fn now() -> f64 {
    // Only a replaced `performance` throws; then no time passes, which ends nothing too early.
    js_now().unwrap_or(0.0)
}
