//! One server, one way to authenticate, and how it is asked.

use wasm_bindgen::JsValue;
use web_sys::AbortSignal;

use super::address::Address;
use super::auth::{Auth, Pass};
use super::body::Body;
use super::failure::{Code, Failure};
use super::request_info::RequestInfo;
use super::retry::Retry;
use super::transport::{Request, Transport};
use rows::json::{string, value_in};
use rows::text::text;

/// A server and how to ask it.
pub struct Connection {
    /// Where it is
    pub address: Address,
    /// How to authenticate, if at all
    pub auth: Option<Auth>,
    /// Sent with each request; names and values are valid
    pub headers: Vec<(String, String)>,
    /// Further attempts after a passing fault
    pub retries: u64,
    /// How requests are sent
    pub transport: Transport,
}

/// One thing to ask the server for.
pub struct Call {
    /// HTTP method
    pub method: &'static str,
    /// Path and query behind the server's address
    pub path: String,
    /// JSON to send
    pub body: Option<String>,
    /// What the answer has to be
    pub expected: Expected,
    /// The caller's signal
    pub signal: Option<AbortSignal>,
}

/// What an object has to be before it is believed to be the answer: caches, proxies and other servers answer with 200, too.
pub enum Expected {
    /// An object; its reader looks further
    Object,
    /// An object with this member
    Member(&'static str),
    /// The row or document with this id, which is this member's value
    Row(&'static str, String),
}

impl Expected {
    fn is_met_by(&self, object: &[u8]) -> bool {
        match self {
            Expected::Object => true,
            Expected::Member(name) => matches!(value_in(object, name), Ok(Some(value)) if value != b"null"),
            Expected::Row(name, id) => {
                value_in(object, name).ok().flatten().and_then(string).is_some_and(|found| found == id.as_str())
            }
        }
    }
}

impl Call {
    /// A GET of `path`.
    pub fn get(path: String, signal: Option<AbortSignal>) -> Call {
        Call { method: "GET", path, body: None, expected: Expected::Object, signal }
    }

    /// The same call, whose answer has to be this.
    pub fn expecting(self, expected: Expected) -> Call {
        Call { expected, ..self }
    }
}

impl Connection {
    /// Sends `call` once and gives the body of a good answer. Any other answer is a [`Failure`] in the server's own words.
    /// Credentials that have run out, by the server's word, are renewed once.
    pub async fn send(&self, call: &Call) -> Result<Body, Failure> {
        let mut renewed = false;
        loop {
            let pass = match &self.auth {
                Some(auth) => auth.pass(&self.address, &self.transport, call.signal.as_ref()).await?,
                None => Pass::unlimited(None),
            };
            let failure = match self.transport.exchange(&self.request(call, &pass)).await {
                Ok(answer) => return Ok(answer.body),
                Err(failure) => failure,
            };
            let has_run_out = |auth: &Auth| auth.has_run_out(&pass, &failure);
            if renewed || !self.auth.as_ref().is_some_and(has_run_out) {
                return Err(failure);
            }
            renewed = true;
        }
    }

    /// The one JSON object that answers `call`, and the body it came in. After a passing fault it is asked for again.
    pub async fn object(&self, call: &Call) -> Result<(Vec<u8>, Body), Failure> {
        let mut retry = self.retry(call.signal.clone());
        loop {
            match self.object_once(call).await {
                Ok(object) => return Ok(object),
                Err(failure) => retry.after(failure).await?,
            }
        }
    }

    /// The same, asked for once: for what changes something on the server.
    pub async fn object_once(&self, call: &Call) -> Result<(Vec<u8>, Body), Failure> {
        let mut body = self.send(call).await?;
        let object = body.object().await?;
        if call.expected.is_met_by(&object) {
            return Ok((object, body));
        }
        let message = match &call.expected {
            Expected::Row(name, id) => {
                text(&["this is not CouchDB's answer, which would have the ", name, " \"", id, "\""])
            }
            Expected::Object | Expected::Member(_) => "this is not CouchDB's answer".to_owned(),
        };
        Err(body.foreign(&message, &object))
    }

    /// A fault that is none of one answer to `call`, but of what came of it.
    pub fn fault(&self, call: &Call, code: Code, message: &str, cause: JsValue) -> Failure {
        RequestInfo::new(call.method, &self.address.join(&call.path), &self.transport.secrets)
            .fault(code, message, cause)
    }

    /// The attempts at one thing that may be asked for again.
    pub fn retry(&self, signal: Option<AbortSignal>) -> Retry {
        Retry::new(self.retries, signal)
    }

    /// Ends the session, where there is one.
    pub async fn close(&self) -> Result<(), Failure> {
        let Some(Auth::Session(session)) = &self.auth else { return Ok(()) };
        let Some(pass) = session.leave() else { return Ok(()) };
        let call = Call { method: "DELETE", ..Call::get("/_session".to_owned(), None) };
        self.transport.exchange(&self.request(&call, &pass)).await.map(drop)
    }

    fn request<'a>(&'a self, call: &'a Call, pass: &'a Pass) -> Request<'a> {
        let mut headers = Vec::new();
        headers.extend(pass.header());
        if call.body.is_some() {
            headers.push(("Content-Type", "application/json"));
        }
        headers.extend(self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        Request {
            method: call.method,
            url: self.address.join(&call.path),
            headers,
            body: call.body.as_deref(),
            signal: call.signal.as_ref(),
        }
    }
}
