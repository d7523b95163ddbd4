//! The client's own secrets, and keeping them out of what it reports.
//!
//! Masking by pattern cannot know that `hunter2` is a password. The client does: it replaces its passwords, keys, tokens and
//! cookies by value in every text that comes from elsewhere, however they are written there.

use wasm_bindgen::prelude::*;

use rows::mask::mask;
use rows::text::text;

#[wasm_bindgen(module = "/pkg-template/runtime/http.js")]
extern "C" {
    /// What one client must not show. Clones share the same secrets.
    #[derive(Clone)]
    pub type Secrets;

    #[wasm_bindgen(constructor)]
    fn new() -> Secrets;

    /// Hides `secret` from now on; a temporary one until enough others have come after it.
    #[wasm_bindgen(method)]
    pub fn add(this: &Secrets, secret: &str, is_temporary: bool);

    #[wasm_bindgen(method, js_name = addHeader)]
    fn add_header_value(this: &Secrets, value: &str);

    #[wasm_bindgen(method)]
    fn hide(this: &Secrets, text: &str) -> String;

    /// `cause` as it may be shown: itself, or a copy of what it says if there is a secret anywhere in it.
    #[wasm_bindgen(method, js_name = hideCause)]
    pub fn hide_cause(this: &Secrets, cause: &JsValue) -> JsValue;

    /// Why a connection failed, as far as `cause` says; empty where it does not.
    #[wasm_bindgen(method, js_name = networkReason)]
    pub fn network_reason(this: &Secrets, cause: &JsValue) -> String;

    /// What an answer of this type that is not CouchDB's looks like, by how it begins.
    #[wasm_bindgen(method)]
    pub fn portrait(this: &Secrets, content_type: &str, beginning: &str) -> String;
}

impl Secrets {
    /// Without any secret yet.
    pub fn none() -> Secrets {
        Secrets::new()
    }

    /// Hides what the header `name: value` holds, if its name says that it is a secret.
    pub fn add_header(&self, name: &str, value: &str) {
        let header = text(&[name, ": ", value]);
        if mask(&header) != header {
            self.add_header_value(value);
        }
    }

    /// `foreign` text as it may be shown: without this client's secrets, and without what looks like one.
    pub fn hidden(&self, foreign: &str) -> String {
        self.hide(&mask(foreign))
    }
}
