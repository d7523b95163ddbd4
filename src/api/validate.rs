//! Single arguments: ids, names and URLs, and the errors for wrong ones.

use js_sys::{Array, JSON, JsString, RangeError, TypeError};
use wasm_bindgen::prelude::*;

use crate::js::reflect::member;
use rows::json::holds;
use scheduler_core::endpoints::is_database_name;

/// The largest whole number that JavaScript counts with exactly.
pub const MAX_SAFE_INTEGER: f64 = 9_007_199_254_740_991.0;

/// The name of a replicator database, or the last part of it.
const REPLICATOR: &str = "_replicator";

/// A name that becomes one segment of a path: a document id, a job id, a database.
pub fn segment(call: &str, name: &str, value: &JsValue) -> Result<String, JsValue> {
    let Some(text) = value.dyn_ref::<JsString>() else {
        return Err(type_error(call, name, "a string", value));
    };
    let problem = match String::from(text).as_str() {
        "" => "a string that is not empty",
        // In a URL these mean this folder and its parent, even if they are percent-encoded.
        "." | ".." => "a name that a URL can contain",
        _ if !text.is_valid_utf16() => "a string without half surrogate pairs",
        _ => return Ok(text.into()),
    };
    Err(range_error(call, name, problem, value))
}

/// The id of a replication document, to write or to delete. Documents whose ids begin with an
/// underscore are not replications, and deleting them stops none.
pub fn replication_id(call: &str, value: &JsValue) -> Result<String, JsValue> {
    let id = segment(call, "id", value)?;
    if id.starts_with('_') {
        return Err(range_error(
            call,
            "id",
            "the id of a replication document, which does not begin with \"_\"",
            value,
        ));
    }
    Ok(id)
}

/// The name of a replicator database. Any other database has no replications, and documents that
/// are written there start none.
pub fn replicator_database(call: &str, name: &str, value: &JsValue) -> Result<String, JsValue> {
    let database = segment(call, name, value)?;
    if is_replicator(&database) {
        return Ok(database);
    }
    let problem = if holds(&database, "%") {
        "a plain name, not percent-encoded, as in \"team/_replicator\""
    } else if is_replicator(&database.to_ascii_lowercase()) {
        "in lowercase letters, like every database of CouchDB"
    } else {
        "\"_replicator\" (also where Cloudant's rows say \"account/_replicator\"), or end in \"/_replicator\" after \
         lowercase letters, digits and _$()+-/, beginning with a letter"
    };
    // A URL may have been passed instead, and contain a password.
    let hidden = JsValue::from("a URL");
    Err(range_error(call, name, problem, if database.contains('@') { &hidden } else { value }))
}

#[inline(never)]
fn is_replicator(name: &str) -> bool {
    name.strip_suffix(REPLICATOR).is_some_and(|prefix| {
        prefix.is_empty() || prefix.ends_with('/') && is_database_name(prefix) && !prefix.starts_with('_')
    })
}

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
