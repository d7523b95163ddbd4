//! Plain JavaScript objects.

use js_sys::Object;
use wasm_bindgen::JsValue;

use super::reflect::set_member;

/// Returns a plain object with these members, in this order.
pub fn object(members: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in members {
        // A fresh plain object takes every member.
        let _ = set_member(&object, name, value);
    }
    object
}

/// A number or a text; `null` if it is missing.
pub fn nullable(value: Option<impl Into<JsValue>>) -> JsValue {
    value.map_or(JsValue::NULL, Into::into)
}
