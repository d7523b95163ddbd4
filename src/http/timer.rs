//! A `setTimeout` that is cancelled when it is dropped.

use std::time::Duration;

use js_sys::Function;
use wasm_bindgen::prelude::*;

use crate::js::clock::milliseconds;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &Function, milliseconds: f64) -> JsValue;
    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(timer: &JsValue);
}

/// The longest delay of `setTimeout`, in milliseconds; a longer one would fire at once.
const MAX_DELAY: f64 = 2_147_483_647.0;

/// A running timer. Dropping it cancels it.
pub struct Timer(JsValue);

impl Timer {
    /// Calls `callback` after `delay`.
    pub fn start(delay: Duration, callback: &Closure<dyn Fn()>) -> Timer {
        Timer(set_timeout(callback.as_ref().unchecked_ref(), milliseconds(delay).min(MAX_DELAY)))
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        clear_timeout(&self.0);
    }
}
