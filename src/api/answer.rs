//! Calls that are answered by one object.

use std::rc::Rc;

use js_sys::Promise;
use wasm_bindgen::JsValue;

use super::objects::{Kind, one};
use crate::http::{Call, Connection};
use crate::promise::promise;

/// A promise of the one object that answers `call`, a row of this kind. Wrong arguments come out of the promise, too.
pub fn answer(connection: &Rc<Connection>, call: Result<Call, JsValue>, kind: &'static Kind) -> Promise {
    let connection = Rc::clone(connection);
    promise(async move { Ok(one(&connection, &call?, kind).await?) })
}
