//! One server, one way to authenticate, and how a request is sent there.

use gloo_net::http::Headers;
use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{AbortSignal, RequestCredentials, RequestInit};

use super::address::Address;
use super::attempt::{Attempt, Stop};
use super::auth::Auth;
use super::body::Body;
use super::failure::{Code, Failure, Fault};
use super::response::Response;
use crate::rows::{Fields, string};

/// How the caller wants requests to be made.
pub struct Settings {
    /// How to authenticate, if at all.
    pub auth: Option<Auth>,
    /// Sent with each request; names and values are valid.
    pub headers: Vec<(String, String)>,
    /// Whether a browser sends its own cookies; `None` leaves it to the platform.
    pub credentials: Option<RequestCredentials>,
    /// Milliseconds for one attempt, its body included; 0 for no bound.
    pub timeout: f64,
    /// Used instead of the global `fetch`.
    pub fetch: Option<Function>,
}

/// A server and how to ask it.
pub struct Connection {
    address: Address,
    settings: Settings,
}

/// One request.
pub struct Call {
    /// HTTP method
    pub method: &'static str,
    /// Path and query behind the server's address
    pub path: String,
    /// The caller's signal
    pub signal: Option<AbortSignal>,
}

impl Call {
    /// A GET of `path`.
    pub fn get(path: String, signal: Option<AbortSignal>) -> Call {
        Call { method: "GET", path, signal }
    }
}

/// Enough of an error's body to hold what CouchDB has to say.
const LONGEST_REFUSAL: usize = 65_536;

impl Connection {
    /// A connection to `address`; nothing is sent yet.
    pub fn new(address: Address, settings: Settings) -> Connection {
        Connection { address, settings }
    }

    /// Where the server is, without credentials.
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// Sends `call` and gives the body of a good answer. Any other answer is a [`Failure`] in the server's own words.
    pub async fn send(&self, call: &Call) -> Result<Body, Failure> {
        let mut sent = Sent { method: call.method, url: self.address.join(&call.path), status: None, request_id: None };
        let timeout = self.settings.timeout;
        let attempt = Attempt::new(call.signal.as_ref(), timeout).map_err(|stop| sent.no_answer(stop))?;
        let value = match self.fetch(call, &sent.url, &attempt) {
            Ok(promise) => attempt.wait(promise).await.map_err(|stop| sent.no_answer(stop))?,
            Err(thrown) => return Err(sent.no_answer(Stop::Rejected(thrown))),
        };
        let Some(response) = Response::of(value) else {
            let message = "fetch gave something that is no Response; look at the `fetch` option".to_owned();
            return Err(sent.fault(Code::InvalidResponse, message, JsValue::UNDEFINED));
        };
        sent.status = Some(response.status);
        sent.request_id = response.request_id();
        let retry_after = response.retry_after();
        let body = Body::of(&response, attempt, sent.clone())?;
        if (200..300).contains(&response.status) { Ok(body) } else { Err(refusal(sent, retry_after, body).await) }
    }

    /// Calls `fetch` with a plain URL and options: every implementation and every mock takes these, while a `Request`
    /// is only taken by the `fetch` of the same library.
    fn fetch(&self, call: &Call, url: &str, attempt: &Attempt) -> Result<Promise, JsValue> {
        let init = RequestInit::new();
        init.set_method(call.method);
        init.set_headers(&self.headers()?);
        init.set_signal(Some(&attempt.signal()));
        if let Some(credentials) = self.settings.credentials {
            init.set_credentials(credentials);
        }
        // Looked up at each call, so that one put in place later is used.
        let fetch = match &self.settings.fetch {
            Some(fetch) => fetch.clone(),
            None => Reflect::get(&js_sys::global(), &"fetch".into())?.dyn_into()?,
        };
        fetch.call2(&JsValue::UNDEFINED, &url.into(), &init).map(|answer| Promise::resolve(&answer))
    }

    /// Nothing beyond Accept, Authorization and what the caller asked for: a browser's preflight is refused by CouchDB for
    /// any header that is not listed in its CORS settings.
    fn headers(&self) -> Result<JsValue, JsValue> {
        let headers = Headers::from_raw(web_sys::Headers::new()?);
        headers.set("Accept", "application/json");
        if let Some(authorization) = self.settings.auth.as_ref().and_then(Auth::header) {
            headers.set("Authorization", &authorization);
        }
        for (name, value) in &self.settings.headers {
            headers.set(name, value);
        }
        Ok(headers.into_raw().into())
    }
}

/// What was sent, and what is known of the answer: enough to say where a fault happened.
#[derive(Clone)]
pub struct Sent {
    method: &'static str,
    url: String,
    status: Option<u16>,
    request_id: Option<String>,
}

impl Sent {
    /// A fault of this exchange. `message` says what went wrong; the request is added to it.
    pub fn fault(&self, code: Code, message: String, cause: JsValue) -> Failure {
        Failure::Fault(Box::new(self.describe(code, message, cause)))
    }

    /// The same, for those who know more about it.
    pub fn describe(&self, code: Code, message: String, cause: JsValue) -> Fault {
        Fault {
            code,
            message: format!("{message} ({} {})", self.method, self.url),
            status: self.status,
            error: None,
            reason: None,
            method: self.method,
            url: self.url.clone(),
            request_id: self.request_id.clone(),
            attempts: 1,
            retry_after: None,
            cause,
        }
    }

    /// The time for the attempt is used up.
    pub fn timed_out(&self) -> Failure {
        let what = if self.status.is_some() { "the answer did not end" } else { "no answer" };
        self.fault(Code::Timeout, format!("{what} within the `timeout`"), JsValue::UNDEFINED)
    }

    fn no_answer(&self, stop: Stop) -> Failure {
        match stop {
            Stop::Aborted(reason) => Failure::Aborted(reason),
            Stop::TimedOut => self.timed_out(),
            Stop::Rejected(cause) => {
                let message =
                    "could not reach the server; in a browser this can also mean that CORS is not enabled there";
                self.fault(Code::Network, message.to_owned(), cause)
            }
        }
    }
}

/// What an answer with an error status says.
async fn refusal(sent: Sent, retry_after: Option<f64>, mut body: Body) -> Failure {
    let bytes = match body.all(LONGEST_REFUSAL).await {
        Ok(bytes) => bytes,
        Err(aborted @ Failure::Aborted(_)) => return aborted,
        // The status alone says enough.
        Err(Failure::Fault(_)) => Vec::new(),
    };
    let text = |key| {
        let fields = Fields::of(bytes.trim_ascii(), &["error", "reason"]).ok()?;
        Some(string(fields.get(key)?)?.into_owned())
    };
    let (error, reason) = (text("error"), text("reason"));
    let status = sent.status.unwrap_or_default();
    let (code, hint) = Code::of_refusal(status, error.as_deref(), reason.as_deref());
    let words = [error.as_deref(), reason.as_deref().map(|reason| reason.trim_end_matches('.')), Some(hint)];
    let words: Vec<&str> = words.into_iter().flatten().filter(|words| !words.is_empty()).collect();
    let message = format!("{status} {}", words.join(": "));
    let fault = sent.describe(code, message.trim_end().to_owned(), JsValue::UNDEFINED);
    Failure::Fault(Box::new(Fault { error, reason, retry_after, ..fault }))
}
