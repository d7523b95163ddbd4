//! The clock for durations.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/pkg-template/runtime/http.js")]
extern "C" {
    /// Milliseconds since some moment. Unlike the time of day, it never goes back and never jumps when the computer's clock is set.
    // A method, since wasm-bindgen's glue then calls it: a function would be imported by the wasm from the file itself. Without
    // `catch`, which makes a new function at each call, and the time is looked up several times for each piece of an answer.
    #[wasm_bindgen(js_namespace = clock)]
    pub fn now() -> f64;
}
