//! `onProgress`: how far a list has been counted.

use std::time::Duration;

use js_sys::Function;
use wasm_bindgen::JsValue;

use crate::js::clock::Instant;

/// Time between two calls.
const INTERVAL: Duration = Duration::from_millis(100);

/// Calls `onProgress`, if there is one.
pub struct Progress {
    callback: Option<Function>,
    called: Instant,
}

impl Progress {
    /// With the caller's callback.
    pub fn new(callback: Option<Function>) -> Progress {
        Progress { callback, called: Instant::now() }
    }

    /// Reports the number of rows counted so far, and of all rows, including design documents, if it is time to do so or the
    /// list has ended. Returns what the callback throws.
    pub fn report(&mut self, rows: u64, total: Option<u64>, has_ended: bool) -> Result<(), JsValue> {
        let Some(callback) = self.callback.as_ref().filter(|_| has_ended || self.called.elapsed() >= INTERVAL) else {
            return Ok(());
        };
        self.called = Instant::now();
        callback.call2(&JsValue::UNDEFINED, &(rows as f64).into(), &(total.unwrap_or(rows) as f64).into())?;
        Ok(())
    }
}
