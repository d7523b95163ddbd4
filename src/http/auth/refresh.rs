//! Something that lets requests through for a time, and is obtained once for all who need it.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use js_sys::Promise;
use wasm_bindgen::JsValue;

use crate::http::abort::{Abort, Stop};
use crate::http::failure::{Failure, Fault};
use crate::js::clock::now;
use crate::js::promise::promise;

/// The part of its life after which a pass is renewed.
const RENEWED_AFTER: f64 = 0.8;

/// What lets a request through.
#[derive(Clone)]
pub struct Pass {
    /// The header that shows it; `None` where the browser shows it by itself.
    header: Option<(&'static str, String)>,
    /// When it is renewed, by the clock for durations.
    renew_at: f64,
    serial: u32,
}

impl Pass {
    /// Good for ever, shown in `Authorization`.
    pub fn unlimited(authorization: Option<String>) -> Pass {
        let header = authorization.map(|value| ("Authorization", value));
        Pass { header, renew_at: f64::INFINITY, serial: 0 }
    }

    /// Good for `seconds` from now.
    pub fn good_for(seconds: f64, header: Option<(&'static str, String)>) -> Pass {
        Pass { header, renew_at: now() + seconds * 1000.0 * RENEWED_AFTER, serial: 0 }
    }

    /// The header that shows it, if it takes one.
    pub fn header(&self) -> Option<(&str, &str)> {
        self.header.as_ref().map(|(name, value)| (*name, value.as_str()))
    }
}

/// What obtains a pass.
pub type Obtaining = Pin<Box<dyn Future<Output = Result<Pass, Failure>>>>;

/// A pass that is renewed when it has run out.
#[derive(Default)]
pub struct Renewed {
    current: RefCell<Option<Pass>>,
    /// Settles when the one that is being obtained is there, or cannot be obtained.
    obtaining: RefCell<Option<Promise>>,
    /// What the last attempt to obtain one came to, for all who waited for it: also if it has expired since, or was left.
    outcome: RefCell<Option<Result<Pass, Fault>>>,
    serial: Cell<u32>,
}

impl Renewed {
    /// The pass there is, or else the one that `obtaining` gets. While one is being obtained nobody else obtains another, and it
    /// goes on when one of those who wait for it does not want to any more.
    pub async fn get(self: &Rc<Renewed>, abort: &Abort, obtaining: Obtaining) -> Result<Pass, Failure> {
        if let Some(pass) = self.current() {
            return Ok(pass);
        }
        let under_way = self.obtaining.borrow().clone();
        let obtained = under_way.unwrap_or_else(|| self.settle_with(obtaining));
        self.wait(abort, obtained).await
    }

    fn settle_with(self: &Rc<Renewed>, obtaining: Obtaining) -> Promise {
        let renewed = Rc::clone(self);
        let obtained = promise(async move {
            renewed.settle(obtaining.await);
            Ok(JsValue::UNDEFINED)
        });
        self.obtaining.replace(Some(obtained.clone()));
        obtained
    }

    async fn wait(&self, abort: &Abort, obtained: Promise) -> Result<Pass, Failure> {
        if let Err(Stop::Aborted(reason)) = abort.child(None).wait(obtained).await {
            return Err(Failure::Aborted(reason));
        }
        match self.outcome.borrow().clone() {
            Some(outcome) => outcome.map_err(|fault| Failure::Fault(Box::new(fault))),
            // Nobody can abort what is obtained for all, so there is an outcome.
            None => Err(Failure::Aborted(JsValue::UNDEFINED)),
        }
    }

    fn settle(&self, result: Result<Pass, Failure>) {
        self.obtaining.replace(None);
        match result {
            Ok(pass) => {
                self.serial.set(self.serial.get() + 1);
                let pass = Pass { serial: self.serial.get(), ..pass };
                self.current.replace(Some(pass.clone()));
                self.outcome.replace(Some(Ok(pass)));
            }
            Err(Failure::Fault(fault)) => {
                self.outcome.replace(Some(Err(*fault)));
            }
            Err(Failure::Aborted(_)) => {}
        }
    }

    fn current(&self) -> Option<Pass> {
        self.current.borrow().clone().filter(|pass| now() < pass.renew_at)
    }

    /// Does not use `pass` again. Whoever says so of one that has been replaced already is given the newer one.
    pub fn forget(&self, pass: &Pass) {
        self.current.borrow_mut().take_if(|current| current.serial == pass.serial);
    }

    /// Takes the pass away, if there is one.
    pub fn take(&self) -> Option<Pass> {
        self.current.take()
    }
}
