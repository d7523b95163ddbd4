//! Ending a call early: because of the caller's `AbortSignal`, a time limit, or [`Abort::abort`].

use std::cell::{Cell, OnceCell, RefCell};
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::{Rc, Weak};
use std::task::{Poll, Waker};
use std::time::Duration;

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal};

use super::timer::Timer;
use crate::js::reflect::member;

#[wasm_bindgen(module = "/pkg-template/runtime/http.js")]
extern "C" {
    /// Calls `callback` when `signal` is aborted. All callbacks share one listener on the signal.
    #[wasm_bindgen(js_name = onAbort, catch)]
    fn listen(signal: &AbortSignal, callback: &JsValue) -> Result<(), JsValue>;

    #[wasm_bindgen(js_name = offAbort, catch)]
    fn unlisten(signal: &AbortSignal, callback: &JsValue) -> Result<(), JsValue>;
}

/// Why a wait ended without a result.
pub enum Stop {
    /// The call was aborted, with this reason.
    Aborted(JsValue),
    /// The time limit has passed.
    TimedOut,
    /// The promise was rejected with this value.
    Rejected(JsValue),
}

/// Ends a call early. Clones belong to the same call. A child is aborted with its parent, or alone.
#[derive(Clone, Default)]
pub struct Abort(Rc<AbortState>);

#[derive(Default)]
struct AbortState {
    /// The reason, once aborted.
    reason: RefCell<Option<JsValue>>,
    has_timed_out: Cell<bool>,
    waiting: Cell<Option<Waker>>,
    children: RefCell<Vec<Weak<AbortState>>>,
    /// Made when [`Abort::signal`] is called first.
    controller: OnceCell<AbortController>,
    timeout: OnceCell<(Timer, Closure<dyn Fn()>)>,
    /// Dropped by [`Abort::abort`].
    caller: Cell<Option<Listener>>,
    /// Keeps the parent listening while the child is in use.
    parent: OnceCell<Abort>,
}

impl Abort {
    /// Is aborted when the caller's `signal` is, with the same reason. The error is what an object that only looks like
    /// a signal throws.
    pub fn new(signal: Option<&AbortSignal>) -> Result<Abort, JsValue> {
        let abort = Abort::default();
        match signal {
            Some(signal) if is_aborted(signal) => abort.end(reason_of(signal)),
            Some(signal) => {
                let state = Rc::downgrade(&abort.0);
                let caller = Listener::new(signal, move |reason| {
                    if let Some(state) = state.upgrade() {
                        Abort(state).end(reason);
                    }
                })?;
                abort.0.caller.set(Some(caller));
            }
            None => {}
        }
        Ok(abort)
    }

    /// For a part of the call, which is aborted after `limit` at the latest.
    pub fn child(&self, limit: Option<Duration>) -> Abort {
        let child = Abort::default();
        let _ = child.0.parent.set(self.clone());
        match self.reason() {
            Some(reason) => child.end(reason),
            None => {
                let mut children = self.0.children.borrow_mut();
                children.retain(|child| child.strong_count() > 0);
                children.push(Rc::downgrade(&child.0));
            }
        }
        if let Some(limit) = limit {
            let state = Rc::downgrade(&child.0);
            let callback: Closure<dyn Fn()> = Closure::new(move || {
                if let Some(state) = state.upgrade() {
                    Abort(state).time_out();
                }
            });
            let _ = child.0.timeout.set((Timer::start(limit, &callback), callback));
        }
        child
    }

    /// Aborts this and all children. The caller's signal is not listened to any more, although requests may take a
    /// moment to end.
    pub fn abort(&self) {
        self.end(JsValue::UNDEFINED);
        drop(self.0.caller.take());
    }

    /// Aborts because the time limit has passed.
    pub fn time_out(&self) {
        if self.reason().is_none() {
            self.0.has_timed_out.set(true);
            self.abort();
        }
    }

    /// Why this was aborted: the caller's own reason, or `undefined` for any other cause. `None` if it was not aborted.
    pub fn reason(&self) -> Option<JsValue> {
        self.0.reason.borrow().clone()
    }

    /// Whether this was aborted because its own time limit has passed.
    pub fn has_timed_out(&self) -> bool {
        self.0.has_timed_out.get()
    }

    /// For functions that accept an `AbortSignal`.
    pub fn signal(&self) -> Result<AbortSignal, JsValue> {
        if let Some(controller) = self.0.controller.get() {
            return Ok(controller.signal());
        }
        let controller = AbortController::new()?;
        if self.reason().is_some() {
            controller.abort();
        }
        Ok(self.0.controller.get_or_init(|| controller).signal())
    }

    /// Returns the value of `promise`, unless this is aborted first. Allows one wait at a time; concurrent ones need a
    /// child each.
    pub async fn wait(&self, promise: Promise) -> Result<JsValue, Stop> {
        let mut promised = JsFuture::from(promise);
        poll_fn(|context| {
            if let Some(reason) = self.reason() {
                return Poll::Ready(Err(if self.has_timed_out() { Stop::TimedOut } else { Stop::Aborted(reason) }));
            }
            self.0.waiting.set(Some(context.waker().clone()));
            Pin::new(&mut promised).poll(context).map_err(Stop::Rejected)
        })
        .await
    }

    fn end(&self, reason: JsValue) {
        if self.reason().is_some() {
            return;
        }
        self.0.reason.replace(Some(reason.clone()));
        if let Some(controller) = self.0.controller.get() {
            controller.abort();
        }
        if let Some(waiting) = self.0.waiting.take() {
            waiting.wake();
        }
        for child in self.0.children.take() {
            if let Some(child) = child.upgrade() {
                Abort(child).end(reason.clone());
            }
        }
    }
}

/// Whether the caller's `signal` is aborted. If it throws, it is not.
fn is_aborted(signal: &AbortSignal) -> bool {
    member(signal, "aborted").is_ok_and(|aborted| aborted.is_truthy())
}

fn reason_of(signal: &AbortSignal) -> JsValue {
    member(signal, "reason").unwrap_or_default()
}

/// Listens to the caller's signal until it is dropped.
struct Listener {
    signal: AbortSignal,
    on_abort: Closure<dyn Fn()>,
}

impl Listener {
    /// Calls `on_abort` with the reason of `signal`.
    fn new(signal: &AbortSignal, on_abort: impl Fn(JsValue) + 'static) -> Result<Listener, JsValue> {
        let on_abort = {
            let signal = signal.clone();
            Closure::new(move || on_abort(reason_of(&signal)))
        };
        let listener = Listener { signal: signal.clone(), on_abort };
        listen(signal, listener.on_abort.as_ref())?;
        Ok(listener)
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        // A signal that throws keeps a callback that does nothing.
        let _ = unlisten(&self.signal, self.on_abort.as_ref());
    }
}
