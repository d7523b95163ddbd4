//! What errors say about a request and its response.

use gloo_net::http::Method;
use mask::mask;
use wasm_bindgen::JsValue;

use super::abort::Stop;
use super::failure::{Code, Failure, Fault};
use super::secrets::Secrets;

/// What is known of a request and its response: enough for an error to say where it happened.
#[derive(Clone)]
pub struct RequestInfo {
    method: Method,
    pub(super) url: String,
    pub(super) status: Option<u16>,
    pub(super) request_id: Option<String>,
    pub(super) content_type: Option<String>,
    /// The server's time, as HTTP writes it
    pub(super) date: Option<String>,
    /// Hidden in errors.
    pub(super) secrets: Secrets,
}

/// How much of a response that is not CouchDB's is read, in bytes.
const MAX_PORTRAIT: usize = 4096;

impl RequestInfo {
    /// A request that has no response yet.
    pub fn new(method: Method, url: &str, secrets: &Secrets) -> RequestInfo {
        RequestInfo {
            method,
            url: url.to_owned(),
            status: None,
            request_id: None,
            content_type: None,
            date: None,
            secrets: secrets.clone(),
        }
    }

    /// What a response that is not CouchDB's looks like, in brackets.
    pub fn portrait(&self, bytes: &[u8]) -> String {
        // Without a character that is cut at the end.
        let beginning = bytes.get(..bytes.len().min(MAX_PORTRAIT)).unwrap_or_default();
        let beginning = beginning.utf8_chunks().next().map_or("", |chunk| chunk.valid());
        self.secrets.portrait(self.content_type.as_deref().unwrap_or_default(), &mask(beginning))
    }

    /// An error of this request. `message` says what happened; method and URL are added to it.
    pub fn fault(&self, code: Code, message: &str, cause: JsValue) -> Failure {
        self.describe(code, message, cause).into()
    }

    /// The same as a [`Fault`], to which more can be added.
    pub fn describe(&self, code: Code, message: &str, cause: JsValue) -> Fault {
        Fault {
            code,
            message: [message, " (", self.method.as_str(), " ", &self.url, ")"].concat(),
            status: self.status,
            error: None,
            reason: None,
            method: self.method.clone(),
            url: self.url.clone(),
            request_id: self.request_id.clone(),
            attempts: 1,
            retry_after: None,
            cause: self.secrets.hide_cause(&cause),
            doc: JsValue::UNDEFINED,
        }
    }

    /// The time limit of the attempt has passed.
    pub fn timed_out(&self) -> Failure {
        let what = match self.status {
            Some(_) => "the response did not end within the `timeout`",
            None => "no response within the `timeout`",
        };
        self.fault(Code::Timeout, what, JsValue::UNDEFINED)
    }

    /// The request has no response.
    pub fn no_answer(&self, stop: Stop) -> Failure {
        match stop {
            Stop::Aborted(reason) => Failure::Aborted(reason),
            Stop::TimedOut => self.timed_out(),
            Stop::Rejected(cause) => {
                let message = ["cannot connect to the server", &mask(&self.secrets.network_reason(&cause))].concat();
                self.fault(Code::Network, &message, cause)
            }
        }
    }
}
