//! A credential that expires, refreshed once for all concurrent requests.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::time::Duration;

use js_sys::Promise;
use wasm_bindgen::JsValue;

use crate::http::abort::{Abort, Stop};
use crate::http::failure::{Failure, Fault};
use crate::js::clock::{Instant, duration, milliseconds};
use crate::js::promise::promise;

/// The header that authenticates a request.
#[derive(Clone)]
pub struct Credential {
    /// `None` if the browser adds it.
    header: Option<(&'static str, String)>,
    /// When to refresh it; `None` if it does not expire.
    refresh_at: Option<Instant>,
    serial: u32,
}

impl Credential {
    /// Does not expire, and is sent as `Authorization`.
    pub fn permanent(authorization: Option<String>) -> Credential {
        let header = authorization.map(|value| ("Authorization", value));
        Credential { header, refresh_at: None, serial: 0 }
    }

    /// Expires after `lifetime`, and is refreshed after 80 % of it.
    pub fn expiring(lifetime: Duration, header: (&'static str, String)) -> Credential {
        let refresh_at = Some(Instant::now().plus(duration(milliseconds(lifetime) * 0.8)));
        Credential { header: Some(header), refresh_at, serial: 0 }
    }

    /// The header, if the client has to send one.
    pub fn header(&self) -> Option<(&str, &str)> {
        self.header.as_ref().map(|(name, value)| (*name, value.as_str()))
    }

    fn is_fresh(&self) -> bool {
        self.refresh_at.is_none_or(|refresh_at| Instant::now() < refresh_at)
    }
}

/// Obtains a credential.
pub type Refresh = Pin<Box<dyn Future<Output = Result<Credential, Failure>>>>;

/// A credential that is refreshed when it has expired.
#[derive(Default)]
pub struct Refreshable {
    current: RefCell<Option<Credential>>,
    /// Settles when the refresh under way has ended.
    refreshing: RefCell<Option<Promise>>,
    /// The outcome of the last refresh, for all who waited for it, even if the credential has expired since.
    outcome: RefCell<Option<Result<Credential, Fault>>>,
    serial: Cell<u32>,
}

impl Refreshable {
    /// Returns the current credential, or the one that `refresh` obtains. While a refresh is under way, other callers wait
    /// for the same one. It continues if a waiting caller is aborted.
    pub async fn get(self: &Rc<Refreshable>, abort: &Abort, refresh: Refresh) -> Result<Credential, Failure> {
        if let Some(credential) = self.current.borrow().as_ref().filter(|credential| credential.is_fresh()) {
            return Ok(credential.clone());
        }
        let under_way = self.refreshing.borrow().clone();
        let refreshed = under_way.unwrap_or_else(|| self.start(refresh));
        if let Err(Stop::Aborted(reason)) = abort.child(None).wait(refreshed).await {
            return Err(Failure::Aborted(reason));
        }
        match self.outcome.borrow().clone() {
            Some(outcome) => outcome.map_err(Failure::from),
            // A refresh cannot be aborted, so it has an outcome.
            None => Err(Failure::Aborted(JsValue::UNDEFINED)),
        }
    }

    fn start(self: &Rc<Refreshable>, refresh: Refresh) -> Promise {
        let refreshable = Rc::clone(self);
        let refreshed = promise(async move {
            refreshable.settle(refresh.await);
            Ok(JsValue::UNDEFINED)
        });
        self.refreshing.replace(Some(refreshed.clone()));
        refreshed
    }

    fn settle(&self, result: Result<Credential, Failure>) {
        self.refreshing.replace(None);
        match result {
            Ok(credential) => {
                self.serial.set(self.serial.get() + 1);
                let credential = Credential { serial: self.serial.get(), ..credential };
                self.current.replace(Some(credential.clone()));
                self.outcome.replace(Some(Ok(credential)));
            }
            Err(Failure::Fault(fault)) => {
                self.outcome.replace(Some(Err(*fault)));
            }
            Err(Failure::Aborted(_)) => {}
        }
    }

    /// Does not use `credential` again. If it was replaced already, the newer one is kept.
    pub fn invalidate(&self, credential: &Credential) {
        self.current.borrow_mut().take_if(|current| current.serial == credential.serial);
    }

    /// Takes the current credential away, if there is one.
    pub fn take(&self) -> Option<Credential> {
        self.current.take()
    }
}
