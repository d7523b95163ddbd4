//! The clock for durations.

use std::time::Duration;

use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/pkg-template/runtime/http.js")]
extern "C" {
    /// Milliseconds since some moment. Unlike the time of day, it never goes back and never jumps when the computer's
    /// clock is set.
    // A method, since wasm-bindgen's glue then calls it: a function would be imported by the wasm from the file itself.
    // Without `catch`, which makes a new function at each call, and the time is read several times per chunk of a body.
    #[wasm_bindgen(js_namespace = clock)]
    pub fn now() -> f64;
}

/// A moment of this clock. The standard library's panics in WebAssembly.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
pub struct Instant(f64);

impl Instant {
    /// This moment.
    pub fn now() -> Instant {
        Instant(now())
    }

    /// The time since this moment.
    pub fn elapsed(self) -> Duration {
        duration(now() - self.0)
    }

    /// The moment that follows by `duration`.
    pub fn plus(self, duration: Duration) -> Instant {
        Instant(self.0 + milliseconds(duration))
    }
}

/// A duration in milliseconds, as JavaScript counts them.
pub fn milliseconds(duration: Duration) -> f64 {
    duration.as_micros() as u64 as f64 / 1000.0
}

/// The duration of so many milliseconds; negative ones are none.
pub fn duration(milliseconds: f64) -> Duration {
    Duration::from_micros((milliseconds * 1000.0) as u64)
}
