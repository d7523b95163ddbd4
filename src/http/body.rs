//! The body of a response, as it arrives.

use js_sys::{Promise, Uint8Array};
use wasm_bindgen::prelude::*;

use super::abort::Stop;
use super::attempt::Attempt;
use super::failure::{Code, Failure};
use super::request_info::RequestInfo;
use super::response::Response;
use mask::mask;
use rows::json::{Broken, fits};

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

const NO_MEMORY: &str = "the response does not fit into memory";

/// The body of one response. Dropping it ends the request.
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
    /// The body of `response` to the request that was `sent`.
    pub(super) fn of(response: &Response, attempt: Attempt, sent: RequestInfo) -> Result<Body, Failure> {
        let source = match response.stream() {
            // The stream itself provides the reader, since it need not be the platform's own.
            Some(stream) => match reader_of(&stream) {
                Ok(reader) => Source::Stream(reader),
                Err(cause) => {
                    let message = "the response body is locked or already consumed";
                    return Err(sent.fault(Code::InvalidResponse, message, cause));
                }
            },
            None => response.array_buffer().map_or(Source::Ended, Source::Whole),
        };
        Ok(Body { attempt, source, sent })
    }

    /// Begins the time limit again.
    pub(super) fn renew_limit(&self) {
        self.attempt.renew_limit();
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
        let message = "the response body does not consist of bytes";
        bytes.map_err(|cause| self.fault(Code::InvalidResponse, message, cause))
    }

    /// Returns the response as one JSON object, or as an array where that is allowed: its bytes, once all have arrived.
    pub async fn object(&mut self, allows_array: bool) -> Result<Vec<u8>, Failure> {
        // One more, to recognize a larger object.
        let mut bytes = self.all(MAX_OBJECT + 1).await?;
        let (code, message) = match rows::json::single_object(&bytes, allows_array) {
            _ if bytes.len() > MAX_OBJECT => (Code::InvalidResponse, "the response is larger than 64 MB"),
            _ if !fits(bytes.len()) => (Code::InvalidResponse, NO_MEMORY),
            Ok(object) => {
                let (start, length) = (object.as_ptr() as usize - bytes.as_ptr() as usize, object.len());
                bytes.truncate(start + length);
                bytes.drain(..start);
                return Ok(bytes);
            }
            Err(Broken::Truncated) => (Code::Truncated, "the response was cut off"),
            Err(_) => (Code::InvalidResponse, "the response is not a JSON object"),
        };
        Err(match code {
            Code::InvalidResponse => self.foreign(message, &bytes),
            _ => self.fault(code, message, JsValue::UNDEFINED),
        })
    }

    /// Returns the remaining bytes, up to `max`. Further bytes are not read.
    pub async fn all(&mut self, max: usize) -> Result<Vec<u8>, Failure> {
        let mut bytes: Vec<u8> = Vec::new();
        while bytes.len() < max
            && let Some(chunk) = self.chunk().await?
        {
            let chunk = chunk.subarray(0, (max - bytes.len()).min(u32::MAX as usize) as u32);
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

    /// When the server responded, by its own clock, as HTTP writes it. Pages cannot read it from other origins.
    pub fn date(&self) -> Option<&str> {
        self.sent.date.as_deref()
    }

    /// The error for a response that is not CouchDB's, and begins with `bytes`.
    pub fn foreign(&self, message: &str, bytes: &[u8]) -> Failure {
        self.fault(Code::InvalidResponse, &[message, &self.sent.portrait(bytes)].concat(), JsValue::UNDEFINED)
    }

    /// The error for a response that is not valid JSON.
    pub fn not_json(&self, cause: JsValue) -> Failure {
        self.fault(Code::InvalidResponse, "the response is not valid JSON", cause)
    }

    /// An error of this response.
    pub fn fault(&self, code: Code, message: &str, cause: JsValue) -> Failure {
        self.sent.fault(code, message, cause)
    }

    /// An error of this response in the server's own words, which follow `message`.
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
                let message = ["the connection was lost during the response", &mask(&reason)].concat();
                self.sent.fault(Code::Truncated, &message, cause)
            }
        })
    }
}
