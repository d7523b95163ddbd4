//! The body of an answer, as it arrives.

use js_sys::{Promise, Uint8Array};
use wasm_bindgen::prelude::*;

use super::abort::Stop;
use super::attempt::Attempt;
use super::failure::{Code, Failure};
use super::request_info::RequestInfo;
use super::response::Response;
use rows::json::{Broken, fits};
use rows::mask::mask;

#[wasm_bindgen(module = "/pkg-template/runtime/http.js")]
extern "C" {
    type Reader;

    #[wasm_bindgen(js_name = readerOf, catch)]
    fn reader_of(stream: &JsValue) -> Result<Reader, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn read(this: &Reader) -> Result<Promise, JsValue>;

    #[wasm_bindgen(js_name = bytesOf, catch)]
    fn bytes_of(piece: &JsValue) -> Result<Uint8Array, JsValue>;

    #[wasm_bindgen(js_name = pieceOf, catch)]
    fn piece_of(read: &JsValue) -> Result<Option<Uint8Array>, JsValue>;
}

/// The largest object that is read, in bytes. CouchDB's documents are smaller by default.
const MAX_OBJECT: usize = 64 << 20;

const NO_MEMORY: &str = "the answer does not fit into memory";

/// The body of one answer. Dropping it ends the request.
pub struct Body {
    attempt: Attempt,
    source: Source,
    sent: RequestInfo,
}

enum Source {
    Stream(Reader),
    Whole(Promise),
    Ended,
}

impl Body {
    /// The body of `response`, which answers what was `sent`.
    pub(super) fn of(response: &Response, attempt: Attempt, sent: RequestInfo) -> Result<Body, Failure> {
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
        let read = match &self.source {
            Source::Stream(reader) => self.wait(reader.read().unwrap_or_else(|error| Promise::reject(&error))).await?,
            Source::Whole(whole) => {
                let whole = whole.clone();
                self.source = Source::Ended;
                let whole = self.wait(whole).await?;
                return self.bytes(bytes_of(&whole)).map(Some);
            }
            Source::Ended => return Ok(None),
        };
        let piece = self.bytes(piece_of(&read))?;
        if piece.is_none() {
            self.source = Source::Ended;
        }
        Ok(piece)
    }

    fn bytes<T>(&self, bytes: Result<T, JsValue>) -> Result<T, Failure> {
        let message = "the body of the answer is not made of bytes";
        bytes.map_err(|cause| self.fault(Code::InvalidResponse, message, cause))
    }

    /// The answer as one JSON object: its bytes, once they are all there.
    pub async fn object(&mut self) -> Result<Vec<u8>, Failure> {
        // One more, to tell an object of this size from a larger one.
        let mut bytes = self.all(MAX_OBJECT + 1).await?;
        let (code, message) = match rows::json::single_object(&bytes) {
            _ if bytes.len() > MAX_OBJECT => (Code::InvalidResponse, "the answer is longer than 64 MB"),
            _ if !fits(bytes.len()) => (Code::InvalidResponse, NO_MEMORY),
            Ok(object) => {
                let (start, length) = (object.as_ptr() as usize - bytes.as_ptr() as usize, object.len());
                bytes.truncate(start + length);
                bytes.drain(..start);
                return Ok(bytes);
            }
            Err(Broken::Truncated) => (Code::Truncated, "the answer was cut off"),
            Err(_) => (Code::InvalidResponse, "the answer is not a JSON object"),
        };
        Err(match code {
            Code::InvalidResponse => self.foreign(message, &bytes),
            _ => self.fault(code, message, JsValue::UNDEFINED),
        })
    }

    /// The remaining bytes, at most `most` of them. What follows is not read.
    pub async fn all(&mut self, most: usize) -> Result<Vec<u8>, Failure> {
        let mut bytes: Vec<u8> = Vec::new();
        while bytes.len() < most
            && let Some(chunk) = self.chunk().await?
        {
            let chunk = chunk.subarray(0, (most - bytes.len()).min(u32::MAX as usize) as u32);
            let start = bytes.len();
            let end = start + chunk.length() as usize;
            if bytes.try_reserve(end - start).is_err() || !fits(end) {
                return Err(self.fault(Code::InvalidResponse, NO_MEMORY, JsValue::UNDEFINED));
            }
            bytes.resize(end, 0);
            chunk.copy_to(bytes.get_mut(start..).unwrap_or_default());
        }
        Ok(bytes)
    }

    /// The answer, which begins with `bytes`, is not CouchDB's.
    pub fn foreign(&self, message: &str, bytes: &[u8]) -> Failure {
        self.fault(Code::InvalidResponse, &[message, &self.sent.portrait(bytes)].concat(), JsValue::UNDEFINED)
    }

    /// The answer turned out to be no JSON.
    pub fn not_json(&self, cause: JsValue) -> Failure {
        self.fault(Code::InvalidResponse, "the answer is not correct JSON", cause)
    }

    /// A fault of this answer.
    pub fn fault(&self, code: Code, message: &str, cause: JsValue) -> Failure {
        self.sent.fault(code, message, cause)
    }

    /// A fault of this answer in the words of the server, which follow `message`.
    pub fn server_fault(&self, message: &str, error: &str, reason: Option<&str>) -> Failure {
        let secrets = &self.sent.secrets;
        let (error, reason) = (secrets.hidden(error), reason.map(|reason| secrets.hidden(reason)));
        let words = reason.as_deref().unwrap_or("no reason given");
        let message = [message, ": ", &error, ": ", words].concat();
        self.sent.describe(Code::ServerError, &message, JsValue::UNDEFINED).with_words(Some(error), reason).into()
    }

    async fn wait(&self, promise: Promise) -> Result<JsValue, Failure> {
        self.attempt.wait(promise).await.map_err(|stop| match stop {
            Stop::Aborted(reason) => Failure::Aborted(reason),
            Stop::TimedOut => self.sent.timed_out(),
            Stop::Rejected(cause) => {
                let reason = self.sent.secrets.network_reason(&cause);
                let message = ["the connection broke off in the middle of the answer", &mask(&reason)].concat();
                self.sent.fault(Code::Truncated, &message, cause)
            }
        })
    }
}
