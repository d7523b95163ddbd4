//! A bound on many requests together.

use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

use super::abort::Leash;
use super::attempt::{LONGEST_TIMER, clear_timeout, set_timeout};

/// A signal that is aborted with the caller's, or when the time is up. Dropping it stops the clock.
pub struct Deadline {
    leash: Rc<Leash>,
    expired: Rc<Cell<bool>>,
    timer: Option<JsValue>,
    _on_expiry: Closure<dyn Fn()>,
}

impl Deadline {
    /// In so many milliseconds from now; never, if they are infinite.
    pub fn new(signal: Option<&AbortSignal>, milliseconds: f64) -> Result<Deadline, JsValue> {
        let leash = Rc::new(Leash::new(signal)?);
        let expired = Rc::new(Cell::new(false));
        let on_expiry: Closure<dyn Fn()> = {
            let (leash, expired) = (Rc::clone(&leash), Rc::clone(&expired));
            Closure::new(move || {
                expired.set(true);
                leash.pull();
            })
        };
        let callback = on_expiry.as_ref().unchecked_ref();
        let timer = milliseconds.is_finite().then(|| set_timeout(callback, milliseconds.min(LONGEST_TIMER)));
        Ok(Deadline { leash, expired, timer, _on_expiry: on_expiry })
    }

    /// For the calls that it bounds.
    pub fn signal(&self) -> AbortSignal {
        self.leash.signal()
    }

    /// Whether it was the time that aborted the signal.
    pub fn has_expired(&self) -> bool {
        self.expired.get()
    }
}

impl Drop for Deadline {
    fn drop(&mut self) {
        if let Some(timer) = &self.timer {
            clear_timeout(timer);
        }
    }
}
