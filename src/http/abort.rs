//! An ear on a signal of the caller's.

use wasm_bindgen::prelude::*;
use web_sys::{AbortController, AbortSignal};

use crate::js::reflect::member;

#[wasm_bindgen(module = "/pkg-template/runtime/http.js")]
extern "C" {
    /// Calls `callback` when `signal` is aborted. However many listen, it is one listener of the signal.
    #[wasm_bindgen(js_name = onAbort, catch)]
    fn listen(signal: &AbortSignal, callback: &JsValue) -> Result<(), JsValue>;

    #[wasm_bindgen(js_name = offAbort, catch)]
    fn unlisten(signal: &AbortSignal, callback: &JsValue) -> Result<(), JsValue>;
}

/// Whether `signal` is aborted. What a signal that is none throws is passed over.
pub fn is_aborted(signal: &AbortSignal) -> bool {
    member(signal, "aborted").is_ok_and(|aborted| aborted.is_truthy())
}

/// Why it was aborted.
pub fn reason(signal: &AbortSignal) -> JsValue {
    member(signal, "reason").unwrap_or_default()
}

/// Hears when a signal is aborted, until it is dropped.
pub struct Listener {
    signal: AbortSignal,
    on_abort: Closure<dyn Fn()>,
}

impl Listener {
    /// Calls `heard` with the signal's reason when it is aborted.
    pub fn on(signal: &AbortSignal, heard: impl Fn(JsValue) + 'static) -> Result<Listener, JsValue> {
        let on_abort = {
            let signal = signal.clone();
            Closure::new(move || heard(reason(&signal)))
        };
        let listener = Listener { signal: signal.clone(), on_abort };
        listen(signal, listener.on_abort.as_ref())?;
        Ok(listener)
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        // A signal that cannot let go of its listener calls one that does nothing any more.
        let _ = unlisten(&self.signal, self.on_abort.as_ref());
    }
}

/// A signal of our own that is aborted with the caller's, or by us.
pub struct Leash {
    controller: AbortController,
    _caller: Option<Listener>,
}

impl Leash {
    /// A leash that the caller's `signal` pulls as well.
    pub fn new(signal: Option<&AbortSignal>) -> Result<Leash, JsValue> {
        let controller = AbortController::new()?;
        let listen = |signal: &AbortSignal| {
            let controller = controller.clone();
            if is_aborted(signal) {
                controller.abort_with_reason(&reason(signal));
            }
            Listener::on(signal, move |reason| controller.abort_with_reason(&reason))
        };
        let caller = signal.map(listen).transpose()?;
        Ok(Leash { controller, _caller: caller })
    }

    /// For the calls that hang on it.
    pub fn signal(&self) -> AbortSignal {
        self.controller.signal()
    }

    /// Ends every call that hangs on it.
    pub fn pull(&self) {
        self.controller.abort();
    }
}
