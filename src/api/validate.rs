//! Single arguments: ids, names and URLs, and the errors for wrong ones.

use js_sys::{Array, JSON, JsString, RangeError, TypeError};
use wasm_bindgen::prelude::*;

use crate::js::reflect::member;

/// The largest whole number that JavaScript counts with exactly.
pub const MAX_SAFE_INTEGER: f64 = 9_007_199_254_740_991.0;

/// The text of a URL: a string or a `URL`.
pub fn server_url(call: &str, name: &str, url: &JsValue) -> Result<String, JsValue> {
    let href = || member(url, "href").ok()?.as_string();
    url.as_string()
        .or_else(href)
        .ok_or_else(|| type_error(call, name, "a URL such as \"https://couch.example.com:6984\"", url))
}

/// Whether `value` is an object and neither an array nor a function.
pub fn is_plain_object(value: &JsValue) -> Result<bool, JsValue> {
    Ok(value.is_object() && !is_array(value)? && !value.is_function())
}

/// `value` has the wrong type.
pub fn type_error(call: &str, name: &str, expected: &str, value: &JsValue) -> JsValue {
    TypeError::new(&wrong(call, name, expected, value)).into()
}

/// `value` has the right type and is out of range.
pub fn range_error(call: &str, name: &str, expected: &str, value: &JsValue) -> JsValue {
    RangeError::new(&wrong(call, name, expected, value)).into()
}

fn wrong(call: &str, name: &str, expected: &str, value: &JsValue) -> String {
    [call, ": ", name, " must be ", expected, ", not ", &describe(value)].concat()
}

/// `value` in a few words. Only short strings are repeated.
fn describe(value: &JsValue) -> String {
    match value.dyn_ref::<JsString>() {
        Some(text) if text.length() > 40 => "a long string".to_owned(),
        Some(_) => JSON::stringify(value).map_or_else(|_| kind_of(value).to_owned(), String::from),
        None if value.is_object() || value.is_function() || value.is_symbol() => kind_of(value).to_owned(),
        None => js_string(value),
    }
}

/// The kind of `value`, without repeating any of it.
pub fn kind_of(value: &JsValue) -> &'static str {
    if value.is_string() {
        return "a string";
    }
    if value.is_null() || value.is_undefined() {
        return if value.is_null() { "null" } else { "undefined" };
    }
    if value.is_function() {
        return "a function";
    }
    if value.is_symbol() {
        return "a symbol";
    }
    match is_array(value) {
        Ok(true) => "an array",
        _ if value.is_object() => "an object",
        _ if value.as_bool().is_some() => "a boolean",
        _ => "a number",
    }
}

// js-sys has these without `catch`; but a proxy can make each of them throw, and an exception that
// passes through Rust leaves a promise that never settles.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Array, js_name = isArray, catch)]
    pub fn is_array(value: &JsValue) -> Result<bool, JsValue>;
    #[wasm_bindgen(js_namespace = Object, js_name = entries, catch)]
    pub fn entries(value: &JsValue) -> Result<Array, JsValue>;
    /// `String(value)`, which cannot fail for what is neither an object nor a symbol.
    #[wasm_bindgen(js_name = String)]
    fn js_string(value: &JsValue) -> String;
}
