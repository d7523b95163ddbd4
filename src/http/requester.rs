//! Sends the requests of one call.

use std::rc::Rc;
use std::time::Duration;

use wasm_bindgen::JsValue;
use web_sys::AbortSignal;

use super::abort::Abort;
use super::auth::{Auth, Credential};
use super::body::Body;
use super::failure::{Code, Failure};
use super::list::List;
use super::request::{Expected, Request};
use super::retry::Retry;
use super::server::Server;
use super::sleep::sleep;

/// Sends requests to one server on behalf of one call of the API. An abort of that call ends all of them.
#[derive(Clone)]
pub struct Requester {
    /// Where they are sent
    pub server: Rc<Server>,
    /// Ends them
    pub abort: Abort,
}

impl Requester {
    /// For a call that the caller's `signal` aborts. The error is what an object that only looks like a signal throws.
    pub fn new(server: &Rc<Server>, signal: Option<&AbortSignal>) -> Result<Requester, JsValue> {
        Ok(Requester { server: Rc::clone(server), abort: Abort::new(signal)? })
    }

    /// For a part of the call, which ends after `limit` at the latest.
    pub fn within(&self, limit: Option<Duration>) -> Requester {
        Requester { server: Rc::clone(&self.server), abort: self.abort.child(limit) }
    }

    /// Sends `request` once, and returns the list that it is answered with, row by row.
    pub async fn list(&self, request: &Request) -> Result<List, Failure> {
        Ok(List::of(self.send(request).await?, matches!(request.expected, Expected::AllRows)))
    }

    /// Returns the JSON object that `request` is answered with, and its body for errors. Retries transient errors.
    pub async fn object(&self, request: &Request) -> Result<(Vec<u8>, Body), Failure> {
        let mut retry = self.retry();
        loop {
            match self.object_once(request).await {
                Ok(object) => return Ok(object),
                Err(failure) => retry.after(failure).await?,
            }
        }
    }

    /// The same without retries, for requests that change something on the server.
    pub async fn object_once(&self, request: &Request) -> Result<(Vec<u8>, Body), Failure> {
        let mut body = self.send(request).await?;
        let object = body.object(matches!(request.expected, Expected::Json)).await?;
        if request.expected.is_met_by(&object) {
            return Ok((object, body));
        }
        let message = match &request.expected {
            Expected::Row(name, id) => {
                ["this is not CouchDB's response, which would have the ", name, " \"", id, "\""].concat()
            }
            _ => "this is not CouchDB's response".to_owned(),
        };
        Err(body.foreign(&message, &object))
    }

    /// Counts the attempts at something that may be repeated.
    pub fn retry(&self) -> Retry {
        Retry::new(self.server.retries, self.abort.clone())
    }

    /// Waits for `time`, and, with `until_shown` in a page, until the page is visible.
    pub async fn sleep(&self, time: Duration, until_shown: bool) -> Result<(), Failure> {
        sleep(time, until_shown, &self.abort).await
    }

    /// An error about `request` that is not the error of a single response.
    pub fn fault(&self, request: &Request, code: Code, message: &str, cause: JsValue) -> Failure {
        self.server.info(request).fault(code, message, cause)
    }

    /// Sends `request` once. A status other than 2xx is a [`Failure`] in the server's own words. Credentials that have
    /// expired according to the server are refreshed once.
    async fn send(&self, request: &Request) -> Result<Body, Failure> {
        let server = &*self.server;
        let mut refreshed = false;
        loop {
            let credential = match &server.auth {
                Some(auth) => auth.credential(&server.address, &server.transport, &self.abort).await?,
                None => Credential::permanent(None),
            };
            let failure = match server.transport.send(&server.fetch(request, &credential), &self.abort).await {
                Ok((_, body)) => return Ok(body),
                Err(failure) => failure,
            };
            let refreshes = |auth: &Auth| auth.invalidate_if_rejected(&credential, &failure);
            if refreshed || !server.auth.as_ref().is_some_and(refreshes) {
                return Err(failure);
            }
            refreshed = true;
        }
    }
}
