//! Headers of requests.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/pkg-template/runtime/http.js")]
extern "C" {
    /// Checks that HTTP allows this name and value. Only the platform knows what it accepts: the error is what it throws.
    #[wasm_bindgen(js_name = checkHeader, catch)]
    pub fn check_header(name: &str, value: &str) -> Result<(), JsValue>;
}
