//! Sends one request, and reads the beginning of its response.

use std::time::Duration;

use gloo_net::http::Method;
use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;
use web_sys::{Headers, RequestCredentials, RequestInit, RequestRedirect};

use super::abort::{Abort, Stop};
use super::attempt::Attempt;
use super::body::Body;
use super::failure::{Code, Failure};
use super::hints::{Refusal, hint};
use super::redirect::Redirect;
use super::request_info::RequestInfo;
use super::response::Response;
use super::retry::retry_after;
use super::secrets::Secrets;
use rows::json::{digits, string, value_in};

#[wasm_bindgen(module = "/pkg-template/runtime/http.js")]
extern "C" {
    // With `catch`, wasm-bindgen imports it through its glue; without, the wasm itself would import the file.
    #[wasm_bindgen(catch)]
    fn send(fetch: Option<&Function>, url: &str, init: &RequestInit) -> Result<Promise, JsValue>;
}

/// How requests are sent, to any server.
#[derive(Clone)]
pub struct Transport {
    /// Whether a browser sends its own cookies; `None` leaves it to the platform.
    pub credentials: Option<RequestCredentials>,
    /// Time limit per attempt, including the body
    pub timeout: Option<Duration>,
    /// Used instead of the global `fetch`.
    pub fetch: Option<Function>,
    /// Hidden in every error.
    pub secrets: Secrets,
}

/// What `fetch` is called with. Names and values of headers are valid.
pub struct Fetch<'a> {
    /// HTTP method
    pub method: Method,
    /// The whole URL, without credentials
    pub url: String,
    /// Sent besides `Accept`
    pub headers: Vec<(&'a str, &'a str)>,
    /// Sent as the body
    pub body: Option<&'a str>,
}

/// How much of the body of an error response is read, in bytes.
const MAX_REFUSAL: usize = 65_536;

impl Transport {
    /// Sends `request` once. Returns the response, whose body may still be arriving. A status other than 2xx is a
    /// [`Failure`] in the server's own words.
    pub async fn send(&self, request: &Fetch<'_>, abort: &Abort) -> Result<(Response, Body), Failure> {
        let mut sent = RequestInfo::new(request.method.clone(), &request.url, &self.secrets);
        let attempt = Attempt::new(abort, self.timeout).map_err(|stop| sent.no_answer(stop))?;
        let value = match self.fetch(request, &attempt) {
            Ok(promise) => attempt.wait(promise).await.map_err(|stop| sent.no_answer(stop))?,
            Err(thrown) => return Err(sent.no_answer(Stop::Rejected(thrown))),
        };
        let redirect = Redirect::of(&value);
        let response = Response::of(value);
        if let Some(response) = &response {
            sent.status = Some(response.status);
            sent.request_id = response.request_id().map(|id| self.secrets.hidden(&id));
            sent.content_type = response.content_type();
            sent.date = response.header("date");
        }
        let redirect = redirect.map(|redirect| redirect.message(&request.url, &self.secrets));
        let is_refusal = |response: &Response| !(200..300).contains(&response.status);
        let response = match (response, &redirect) {
            (Some(response), _) if is_refusal(&response) => {
                let has_token = request.headers.iter().any(|(_, value)| value.starts_with("Bearer "));
                let body = Body::of(&response, attempt, sent.clone())?;
                return Err(refusal(&response, body, sent, has_token, redirect.as_deref()).await);
            }
            (Some(response), None) => response,
            _ => {
                let message =
                    redirect.as_deref().unwrap_or("`fetch` did not return a Response; check the `fetch` option");
                return Err(sent.fault(Code::InvalidResponse, message, JsValue::UNDEFINED));
            }
        };
        let body = Body::of(&response, attempt, sent)?;
        Ok((response, body))
    }

    /// Calls `fetch` with a URL and plain options: every implementation and every mock accepts these, while a `Request` is
    /// accepted only by the `fetch` of the same library.
    fn fetch(&self, request: &Fetch, attempt: &Attempt) -> Result<Promise, JsValue> {
        // Only Accept and what the request needs: CouchDB refuses a browser's preflight for a header that its CORS settings do
        // not list.
        let headers = Headers::new()?;
        headers.set("Accept", "application/json")?;
        for (name, value) in &request.headers {
            headers.set(name, value)?;
        }
        let init = RequestInit::new();
        init.set_method(request.method.as_str());
        init.set_headers(&headers);
        init.set_redirect(RequestRedirect::Manual);
        init.set_signal(Some(&attempt.signal()?));
        if let Some(body) = request.body {
            init.set_body(&body.into());
        }
        if let Some(credentials) = self.credentials {
            init.set_credentials(credentials);
        }
        send(self.fetch.as_ref(), &request.url, &init)
    }
}

/// The error for a response with an error status.
async fn refusal(
    response: &Response,
    mut body: Body,
    sent: RequestInfo,
    has_token: bool,
    redirect: Option<&str>,
) -> Failure {
    let bytes = match body.all(MAX_REFUSAL).await {
        Ok(bytes) => bytes,
        Err(aborted @ Failure::Aborted(_)) => return aborted,
        // The status alone is enough.
        Err(Failure::Fault(_)) => Vec::new(),
    };
    let said = |name| Some(sent.secrets.hidden(&string(value_in(bytes.trim_ascii(), name).ok()??)?));
    // The second names are those of IBM Cloud's token server.
    let error = said("error").or_else(|| said("errorCode"));
    let reason = said("reason").or_else(|| said("errorMessage"));
    let status = response.status;
    let refusal = Refusal { status, error: error.as_deref(), reason: reason.as_deref(), url: &sent.url, has_token };
    let (code, hint) = match redirect {
        Some(redirect) => (Code::InvalidResponse, redirect),
        None => hint(&refusal),
    };
    let portrait = if error.is_none() && redirect.is_none() {
        ["this is not CouchDB's response", &sent.portrait(&bytes)].concat()
    } else {
        String::new()
    };
    let reason_words = reason.as_deref().map(|reason| reason.trim_end_matches('.'));
    let words = [error.as_deref(), reason_words, Some(&*portrait), Some(hint)];
    let words: Vec<&str> = words.into_iter().flatten().filter(|words| !words.is_empty()).collect();
    let message = [&digits(status.into()), " ", &words.join(": ")].concat();
    let mut fault = sent.describe(code, message.trim_ascii_end(), JsValue::UNDEFINED).with_words(error, reason);
    fault.retry_after = retry_after(response);
    fault.into()
}
