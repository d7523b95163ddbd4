//! The body of an answer, as it arrives.

use js_sys::{ArrayBuffer, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;

use super::attempt::{Attempt, Stop};
use super::exchange::Sent;
use super::failure::{Code, Failure, Fault};
use super::response::Response;
use crate::rows::{self, Broken};

#[wasm_bindgen(module = "/pkg-template/http.js")]
extern "C" {
    type Reader;

    #[wasm_bindgen(js_name = readerOf, catch)]
    fn reader_of(stream: &JsValue) -> Result<Reader, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn read(this: &Reader) -> Result<JsValue, JsValue>;
}

/// The body of one answer. Dropping it ends the request.
pub struct Body {
    attempt: Attempt,
    source: Source,
    sent: Sent,
}

enum Source {
    Stream(Reader),
    Whole(Promise),
    Ended,
}

impl Body {
    /// The body of `response`, which answers what was `sent`.
    pub(super) fn of(response: &Response, attempt: Attempt, sent: Sent) -> Result<Body, Failure> {
        let source = match response.stream() {
            // Asked of the stream itself, which need not be the platform's own.
            Some(stream) => match reader_of(&stream) {
                Ok(reader) => Source::Stream(reader),
                Err(cause) => {
                    let message = "the body of the answer was taken by somebody else";
                    return Err(sent.fault(Code::InvalidResponse, message, cause));
                }
            },
            None => response.array_buffer().map_or(Source::Ended, Source::Whole),
        };
        Ok(Body { attempt, source, sent })
    }

    /// The next piece; `None` at the end.
    pub async fn chunk(&mut self) -> Result<Option<Uint8Array>, Failure> {
        let value = match &self.source {
            Source::Stream(reader) => {
                let read = reader.read().map_or_else(|error| Promise::reject(&error), |read| Promise::resolve(&read));
                self.wait(read).await?
            }
            Source::Whole(whole) => {
                let whole = whole.clone();
                self.source = Source::Ended;
                return Ok(Some(Uint8Array::new(&self.wait(whole).await?)));
            }
            Source::Ended => return Ok(None),
        };
        let done = Reflect::get(&value, &"done".into()).is_ok_and(|done| done.is_truthy());
        if done {
            self.source = Source::Ended;
            self.attempt.done();
            return Ok(None);
        }
        match Reflect::get(&value, &"value".into()).ok().filter(ArrayBuffer::is_view) {
            // Of another realm it would not be taken for a Uint8Array, and is copied into one.
            Some(bytes) => Ok(Some(bytes.dyn_into().unwrap_or_else(|bytes| Uint8Array::new(&bytes)))),
            None => {
                let message = "the body of the answer is not made of bytes";
                Err(self.fault(Code::InvalidResponse, message, value))
            }
        }
    }

    /// The answer as one JSON object: its bytes, once they are all there.
    pub async fn object(&mut self) -> Result<Vec<u8>, Failure> {
        let bytes = self.all(usize::MAX).await?;
        let broken = match rows::whole_object(&bytes) {
            Ok(object) => return Ok(object.to_vec()),
            Err(broken) => broken,
        };
        let (code, message) = match broken {
            Broken::Truncated => (Code::Truncated, "the answer was cut off"),
            _ => (Code::InvalidResponse, "the answer is not a JSON object"),
        };
        Err(self.fault(code, message, JsValue::UNDEFINED))
    }

    /// All that is still to come, cut off behind `most` bytes.
    pub async fn all(&mut self, most: usize) -> Result<Vec<u8>, Failure> {
        let mut bytes = Vec::new();
        while bytes.len() < most
            && let Some(chunk) = self.chunk().await?
        {
            bytes.extend(chunk.to_vec());
        }
        bytes.truncate(most);
        Ok(bytes)
    }

    /// The answer turned out to be no JSON.
    pub fn not_json(&self, cause: JsValue) -> Failure {
        self.fault(Code::InvalidResponse, "the answer is not correct JSON", cause)
    }

    /// A fault of this answer.
    pub fn fault(&self, code: Code, message: &str, cause: JsValue) -> Failure {
        self.sent.fault(code, message, cause)
    }

    /// A fault of this answer in the words of the server.
    pub fn server_fault(&self, message: &str, error: String, reason: Option<String>) -> Failure {
        let fault = self.sent.describe(Code::ServerError, message, JsValue::UNDEFINED);
        Failure::Fault(Box::new(Fault { error: Some(error), reason, ..fault }))
    }

    async fn wait(&self, promise: Promise) -> Result<JsValue, Failure> {
        self.attempt.wait(promise).await.map_err(|stop| match stop {
            Stop::Aborted(reason) => Failure::Aborted(reason),
            Stop::TimedOut => self.sent.timed_out(),
            Stop::Rejected(cause) => {
                let message = "the connection broke off in the middle of the answer";
                self.sent.fault(Code::Truncated, message, cause)
            }
        })
    }
}
