//! The client's own secrets, and hiding them in errors.
//!
//! Masking by pattern cannot know that `hunter2` is a password. The client does: it replaces its passwords, keys, tokens and
//! cookies by value in every foreign text, in any form.

use wasm_bindgen::prelude::*;

use mask::mask;

#[wasm_bindgen(module = "/pkg-template/runtime/secrets.js")]
extern "C" {
    /// The secrets of one client. Clones share them.
    #[derive(Clone)]
    pub type Secrets;

    #[wasm_bindgen(constructor)]
    fn new() -> Secrets;

    /// Hides `secret` from now on; a temporary one until enough others have followed.
    #[wasm_bindgen(method)]
    pub fn add(this: &Secrets, secret: &str, is_temporary: bool);

    #[wasm_bindgen(method, js_name = addHeader)]
    fn add_header_value(this: &Secrets, value: &str);

    #[wasm_bindgen(method)]
    fn hide(this: &Secrets, text: &str) -> String;

    /// `cause` itself, or, if it contains a secret, a copy without it.
    #[wasm_bindgen(method, js_name = hideCause)]
    pub fn hide_cause(this: &Secrets, cause: &JsValue) -> JsValue;

    /// A copy of a row of `_scheduler/docs` without secrets. Ids, database and state are exact.
    #[wasm_bindgen(method, js_name = hideInRow)]
    pub fn hide_in_row(this: &Secrets, row: &JsValue) -> JsValue;

    /// Why a connection failed, if `cause` says it; otherwise empty.
    #[wasm_bindgen(method, js_name = networkReason)]
    pub fn network_reason(this: &Secrets, cause: &JsValue) -> String;

    /// A description of a response that is not CouchDB's.
    #[wasm_bindgen(method)]
    pub fn portrait(this: &Secrets, content_type: &str, beginning: &str) -> String;
}

impl Secrets {
    /// Without secrets.
    pub fn none() -> Secrets {
        Secrets::new()
    }

    /// Hides the value of the header `name: value`, if its name is sensitive.
    pub fn add_header(&self, name: &str, value: &str) {
        let header = [name, ": ", value].concat();
        if mask(&header) != header {
            self.add_header_value(value);
        }
    }

    /// `foreign` without this client's secrets, and without texts that look like secrets.
    pub fn hidden(&self, foreign: &str) -> String {
        self.hide(&mask(foreign))
    }
}
