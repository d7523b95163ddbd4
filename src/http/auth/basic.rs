//! HTTP Basic authentication (RFC 7617).

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// Base64 of a text in which each character is one byte.
    #[wasm_bindgen(catch)]
    fn btoa(latin1: &str) -> Result<String, JsValue>;
}

/// `Basic …`; `None` only where the platform has no `btoa`.
pub fn header(username: &str, password: &str) -> Option<String> {
    let bytes: String = [username, ":", password].concat().bytes().map(char::from).collect();
    btoa(&bytes).ok().map(|encoded| ["Basic ", &encoded].concat())
}
