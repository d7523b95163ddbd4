//! One attempt at a request: bounded in time, and stopped the moment the caller's signal is.

use std::cell::Cell;
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Poll, Waker};

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal};

use super::abort::{Listener, is_aborted, reason};
use crate::js::clock::now;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    pub fn set_timeout(callback: &Function, milliseconds: f64) -> JsValue;
    #[wasm_bindgen(js_name = clearTimeout)]
    pub fn clear_timeout(timer: &JsValue);
}

/// The longest delay `setTimeout` knows; a longer one would fire at once.
pub const LONGEST_TIMER: f64 = 2_147_483_647.0;

/// Why waiting ended without what was waited for.
pub enum Stop {
    /// The caller's signal, with its reason.
    Aborted(JsValue),
    /// The time for this attempt is used up.
    TimedOut,
    /// The promise was rejected with this.
    Rejected(JsValue),
}

/// One attempt. Dropping it ends the request, if it is still under way.
pub struct Attempt {
    interrupt: Rc<Interrupt>,
    /// Milliseconds that may still be spent waiting for the server; time the caller takes does not count.
    left: Cell<f64>,
    on_timeout: Closure<dyn Fn()>,
    caller: Option<Listener>,
}

/// What can break into a wait.
struct Interrupt {
    controller: AbortController,
    stop: Cell<Option<Stop>>,
    waiting: Cell<Option<Waker>>,
}

impl Attempt {
    /// An attempt of at most `timeout` milliseconds, which can be infinite. Where `signal` is aborted already, its reason is the
    /// error, and nothing must be sent.
    pub fn new(signal: Option<&AbortSignal>, timeout: f64) -> Result<Attempt, Stop> {
        if let Some(signal) = signal.filter(|signal| is_aborted(signal)) {
            return Err(Stop::Aborted(reason(signal)));
        }
        let interrupt = Rc::new(Interrupt {
            controller: AbortController::new().map_err(Stop::Rejected)?,
            stop: Cell::new(None),
            waiting: Cell::new(None),
        });
        let listen = |signal: &AbortSignal| {
            let interrupt = Rc::clone(&interrupt);
            Listener::on(signal, move |reason| interrupt.with(Stop::Aborted(reason)))
        };
        let caller = signal.map(listen).transpose().map_err(Stop::Rejected)?;
        let on_timeout = {
            let interrupt = Rc::clone(&interrupt);
            Closure::new(move || interrupt.with(Stop::TimedOut))
        };
        Ok(Attempt { interrupt, left: Cell::new(timeout), on_timeout, caller })
    }

    /// The signal for `fetch`.
    pub fn signal(&self) -> AbortSignal {
        self.interrupt.controller.signal()
    }

    /// What `promise` resolves to, unless the attempt is stopped first.
    pub async fn wait(&self, promise: Promise) -> Result<JsValue, Stop> {
        let timer = Timer::start(&self.left, &self.on_timeout);
        let mut promised = JsFuture::from(promise);
        let result = poll_fn(|context| {
            if let Some(stop) = self.interrupt.stop.take() {
                return Poll::Ready(Err(stop));
            }
            match Pin::new(&mut promised).poll(context) {
                Poll::Ready(settled) => Poll::Ready(settled.map_err(Stop::Rejected)),
                Poll::Pending => {
                    self.interrupt.waiting.set(Some(context.waker().clone()));
                    Poll::Pending
                }
            }
        })
        .await;
        drop(timer);
        result
    }

    /// Everything has arrived: nothing is left that could be ended.
    pub fn done(&mut self) {
        self.caller = None;
    }
}

impl Interrupt {
    fn with(&self, stop: Stop) {
        self.stop.set(Some(stop));
        self.controller.abort();
        if let Some(waiting) = self.waiting.take() {
            waiting.wake();
        }
    }
}

impl Drop for Attempt {
    fn drop(&mut self) {
        self.interrupt.controller.abort();
    }
}

/// Runs while the server is waited for, and takes the time from what is left.
struct Timer<'a> {
    left: &'a Cell<f64>,
    started: f64,
    id: Option<JsValue>,
}

impl<'a> Timer<'a> {
    fn start(left: &'a Cell<f64>, on_timeout: &Closure<dyn Fn()>) -> Timer<'a> {
        let id = left
            .get()
            .is_finite()
            .then(|| set_timeout(on_timeout.as_ref().unchecked_ref(), left.get().clamp(0.0, LONGEST_TIMER)));
        Timer { left, started: now(), id }
    }
}

impl Drop for Timer<'_> {
    fn drop(&mut self) {
        if let Some(id) = &self.id {
            clear_timeout(id);
            self.left.set(self.left.get() - (now() - self.started).max(0.0));
        }
    }
}
