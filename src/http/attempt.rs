//! One attempt at a request, and its time limit.

use std::cell::Cell;
use std::time::Duration;

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

use super::abort::{Abort, Stop};
use super::timer::Timer;
use crate::js::clock::Instant;

/// One attempt. Dropping it ends the request, if it is still under way.
pub struct Attempt {
    abort: Abort,
    limit: Option<Limit>,
}

/// A limit of the time spent waiting for the server. The time that the caller takes between two waits does not count.
struct Limit {
    whole: Duration,
    left: Cell<Duration>,
    on_timeout: Closure<dyn Fn()>,
}

impl Attempt {
    /// An attempt of the call that `abort` ends. If it is aborted already, the reason is the error, and nothing must be
    /// sent.
    pub fn new(abort: &Abort, limit: Option<Duration>) -> Result<Attempt, Stop> {
        if let Some(reason) = abort.reason() {
            return Err(Stop::Aborted(reason));
        }
        let abort = abort.child(None);
        let limit = limit.map(|limit| {
            let abort = abort.clone();
            Limit { whole: limit, left: Cell::new(limit), on_timeout: Closure::new(move || abort.time_out()) }
        });
        Ok(Attempt { abort, limit })
    }

    /// The signal for `fetch`.
    pub fn signal(&self) -> Result<AbortSignal, JsValue> {
        self.abort.signal()
    }

    /// Begins the time limit again.
    pub fn renew_limit(&self) {
        if let Some(limit) = &self.limit {
            limit.left.set(limit.whole);
        }
    }

    /// Returns the value of `promise`, unless the attempt is aborted or its time limit passes first.
    pub async fn wait(&self, promise: Promise) -> Result<JsValue, Stop> {
        let _waiting = self.limit.as_ref().map(Waiting::start);
        self.abort.wait(promise).await
    }
}

impl Drop for Attempt {
    fn drop(&mut self) {
        self.abort.abort();
    }
}

/// A wait for the server. When it is dropped, its time is subtracted from what is left.
struct Waiting<'a> {
    limit: &'a Limit,
    started: Instant,
    _timer: Timer,
}

impl Waiting<'_> {
    fn start(limit: &Limit) -> Waiting<'_> {
        Waiting { limit, started: Instant::now(), _timer: Timer::start(limit.left.get(), &limit.on_timeout) }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.limit.left.set(self.limit.left.get().saturating_sub(self.started.elapsed()));
    }
}
