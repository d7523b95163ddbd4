//! HTTP Basic authentication (RFC 7617).

use wasm_bindgen::prelude::*;

use rows::text::text;

#[wasm_bindgen]
extern "C" {
    /// Base64 of text in which each character stands for one byte.
    #[wasm_bindgen(catch)]
    fn btoa(latin1: &str) -> Result<String, JsValue>;
}

/// `Basic …`; `None` only where the platform has no `btoa`.
pub fn header(username: &str, password: &str) -> Option<String> {
    let bytes: String = text(&[username, ":", password]).bytes().map(char::from).collect();
    btoa(&bytes).ok().map(|encoded| text(&["Basic ", &encoded]))
}
