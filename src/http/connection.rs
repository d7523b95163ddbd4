//! One server, one way to authenticate, and how it is asked.

use wasm_bindgen::JsValue;
use web_sys::AbortSignal;

use super::address::Address;
use super::auth::Auth;
use super::body::Body;
use super::exchange::{Answer, Request, Sent, Transport};
use super::failure::{Code, Failure};
use super::retry::Retry;

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
    /// The caller's signal
    pub signal: Option<AbortSignal>,
}

impl Call {
    /// A GET of `path`.
    pub fn get(path: String, signal: Option<AbortSignal>) -> Call {
        Call { method: "GET", path, body: None, signal }
    }
}

impl Connection {
    /// Sends `call` once and gives the body of a good answer. Any other answer is a [`Failure`] in the server's own words.
    pub async fn send(&self, call: &Call) -> Result<Body, Failure> {
        self.authorized(call).await?.good().await
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
        Ok((body.object().await?, body))
    }

    /// A fault that is none of one answer to `call`, but of what came of it.
    pub fn fault(&self, call: &Call, code: Code, message: String, cause: JsValue) -> Failure {
        Sent::new(call.method, &self.address.join(&call.path)).fault(code, message, cause)
    }

    /// The attempts at one thing that may be asked for again.
    pub fn retry(&self, signal: Option<AbortSignal>) -> Retry {
        Retry::new(self.retries, signal)
    }

    /// Ends the session, where there is one.
    pub async fn close(&self) -> Result<(), Failure> {
        let Some(Auth::Session(session)) = &self.auth else { return Ok(()) };
        let Some(pass) = session.leave() else { return Ok(()) };
        let call = Call { method: "DELETE", path: "/_session".to_owned(), body: None, signal: None };
        let request = self.request(&call, pass.into_iter().collect());
        self.transport.exchange(&request).await?.good().await.map(drop)
    }

    /// The answer to `call`, asked with credentials. Those that have run out, by the server's word, are renewed once.
    async fn authorized(&self, call: &Call) -> Result<Answer, Failure> {
        let Some(auth) = &self.auth else {
            return self.transport.exchange(&self.request(call, Vec::new())).await;
        };
        let pass = auth.pass(&self.address, &self.transport, call.signal.as_ref()).await?;
        let answer = self.transport.exchange(&self.request(call, pass.headers())).await?;
        if !matches!(answer.response.status, 400 | 401) {
            return Ok(answer);
        }
        let failure = answer.refusal().await;
        if !auth.has_run_out(&pass, &failure) {
            return Err(failure);
        }
        let pass = auth.pass(&self.address, &self.transport, call.signal.as_ref()).await?;
        self.transport.exchange(&self.request(call, pass.headers())).await
    }

    fn request(&self, call: &Call, authorization: Vec<(String, String)>) -> Request {
        let content_type = call.body.as_ref().map(|_| ("Content-Type".to_owned(), "application/json".to_owned()));
        Request {
            method: call.method,
            url: self.address.join(&call.path),
            headers: authorization.into_iter().chain(content_type).chain(self.headers.iter().cloned()).collect(),
            body: call.body.clone(),
            signal: call.signal.clone(),
        }
    }
}
