//! What a request was and what is known of its answer: enough for each error to say where it happened.

use rows::mask::mask;
use rows::text::text;
use wasm_bindgen::JsValue;

use super::abort::Stop;
use super::failure::{Code, Failure, Fault};
use super::secrets::Secrets;

/// What was sent, and what is known of the answer: enough to say where a fault happened.
#[derive(Clone)]
pub struct RequestInfo {
    method: &'static str,
    pub(super) url: String,
    pub(super) status: Option<u16>,
    pub(super) request_id: Option<String>,
    pub(super) content_type: Option<String>,
    /// Kept out of what is said.
    pub(super) secrets: Secrets,
}

/// How much of an answer that is not CouchDB's is looked at, in bytes.
const PORTRAIT: usize = 4096;

impl RequestInfo {
    /// A request that has no answer yet.
    pub fn new(method: &'static str, url: &str, secrets: &Secrets) -> RequestInfo {
        RequestInfo {
            method,
            url: url.to_owned(),
            status: None,
            request_id: None,
            content_type: None,
            secrets: secrets.clone(),
        }
    }

    /// What an answer looks like that is not CouchDB's, in brackets.
    pub fn portrait(&self, bytes: &[u8]) -> String {
        // A character that is cut at the end is left out.
        let beginning = bytes.get(..bytes.len().min(PORTRAIT)).unwrap_or_default();
        let beginning = beginning.utf8_chunks().next().map_or("", |chunk| chunk.valid());
        self.secrets.portrait(self.content_type.as_deref().unwrap_or_default(), &mask(beginning))
    }

    /// A fault of this exchange. `message` says what went wrong; the request is added to it.
    pub fn fault(&self, code: Code, message: &str, cause: JsValue) -> Failure {
        Failure::Fault(Box::new(self.describe(code, message, cause)))
    }

    /// The same, for those who know more about it.
    pub fn describe(&self, code: Code, message: &str, cause: JsValue) -> Fault {
        Fault {
            code,
            message: text(&[message, " (", self.method, " ", &self.url, ")"]),
            status: self.status,
            error: None,
            reason: None,
            method: self.method,
            url: self.url.clone(),
            request_id: self.request_id.clone(),
            attempts: 1,
            retry_after: None,
            cause: self.secrets.hide_cause(&cause),
            doc: JsValue::UNDEFINED,
        }
    }

    /// The time for the attempt is used up.
    pub fn timed_out(&self) -> Failure {
        let what = match self.status {
            Some(_) => "the answer did not end within the `timeout`",
            None => "no answer within the `timeout`",
        };
        self.fault(Code::Timeout, what, JsValue::UNDEFINED)
    }

    /// The request has no answer.
    pub fn no_answer(&self, stop: Stop) -> Failure {
        match stop {
            Stop::Aborted(reason) => Failure::Aborted(reason),
            Stop::TimedOut => self.timed_out(),
            Stop::Rejected(cause) => {
                let message = text(&["cannot connect to the server", &mask(&self.secrets.network_reason(&cause))]);
                self.fault(Code::Network, &message, cause)
            }
        }
    }
}
