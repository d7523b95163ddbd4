//! Members of JavaScript objects, by name.

use js_sys::Array;
use wasm_bindgen::prelude::*;

// js-sys takes the name as a JavaScript string, which would be created at each call.
#[wasm_bindgen]
extern "C" {
    /// The member of `object` called `name`. The error is what a getter throws, or that `object` is not an object.
    #[wasm_bindgen(js_namespace = Reflect, js_name = get, catch)]
    pub fn member(object: &JsValue, name: &str) -> Result<JsValue, JsValue>;

    /// Whether `value` is an array. The error is what a proxy throws.
    #[wasm_bindgen(js_namespace = Array, js_name = isArray, catch)]
    pub fn is_array(value: &JsValue) -> Result<bool, JsValue>;

    /// The elements of anything iterable. The error is what it throws.
    #[wasm_bindgen(js_namespace = Array, js_name = from, catch)]
    pub fn array_from(value: &JsValue) -> Result<Array, JsValue>;

    /// The names of an object's own members. The error is what a proxy throws.
    #[wasm_bindgen(js_namespace = Object, js_name = keys, catch)]
    pub fn keys(object: &JsValue) -> Result<Array, JsValue>;

    /// Sets the member of `object` called `name`.
    #[wasm_bindgen(js_namespace = Reflect, js_name = set, catch)]
    pub fn set_member(object: &JsValue, name: &str, value: &JsValue) -> Result<bool, JsValue>;
}
