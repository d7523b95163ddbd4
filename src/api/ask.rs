//! What pkg-template/insight calls, which puts several responses of the server together: single requests.

use std::rc::Rc;

use gloo_net::http::Method;
use js_sys::{Array, Function, Promise, SyntaxError};
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

use super::client::Client;
use super::client_arguments::server;
use crate::http::{Expected, Request, Requester, Server};
use crate::js::promise::promise;
use crate::js::rows::parse;
use crate::js::serialize::to_js;
use crate::operations::create_replication::resolved;
use crate::operations::incidents::incidents;
use crate::operations::progress::Progress;
use crate::operations::summarize::summarize;

#[wasm_bindgen]
impl Client {
    /// Sends `method` to `path`, which is percent-encoded. Returns the JSON that answers it as text, and the header `Date`
    /// where it can be read. A request that only reads is retried after transient errors.
    #[wasm_bindgen(js_name = __ask)]
    pub fn ask(
        &self,
        method: &str,
        path: String,
        body: Option<String>,
        is_read: bool,
        signal: Option<AbortSignal>,
    ) -> Promise {
        let server = Rc::clone(&self.server);
        let method = match method {
            "POST" => Method::POST,
            "PUT" => Method::PUT,
            _ => Method::GET,
        };
        promise(async move {
            let request = Request { method, path, body, expected: Expected::Json };
            let requester = Requester::new(&server, signal.as_ref())?;
            let (json, body) =
                if is_read { requester.object(&request).await? } else { requester.object_once(&request).await? };
            let text = std::str::from_utf8(&json)
                .map_err(|_| JsValue::from(body.not_json(SyntaxError::new("a byte that is not UTF-8").into())))?;
            Ok(Array::of2(&text.into(), &body.date().into()).into())
        })
    }

    /// `GET path`, a list of documents: counts them by state.
    #[wasm_bindgen(js_name = __summary)]
    pub fn summary(&self, path: String, on_progress: Option<Function>, signal: Option<AbortSignal>) -> Promise {
        let server = Rc::clone(&self.server);
        promise(async move {
            let requester = Requester::new(&server, signal.as_ref())?;
            to_js(&summarize(&requester, &Request::get(path), Progress::new(on_progress)).await?.report())
        })
    }

    /// `GET path`, a list of documents: counts the unhealthy ones by group. `group_of` gets the first row of each kind, and returns
    /// the number of its group.
    #[wasm_bindgen(js_name = __incidents)]
    pub fn incidents(
        &self,
        path: String,
        examples: f64,
        group_of: Function,
        on_progress: Option<Function>,
        signal: Option<AbortSignal>,
    ) -> Promise {
        let server = Rc::clone(&self.server);
        promise(async move {
            let requester = Requester::new(&server, signal.as_ref())?;
            let (request, progress) = (Request::get(path), Progress::new(on_progress));
            parse(&incidents(&requester, &request, examples as usize, group_of, progress).await?)
        })
    }

    /// A text of a server, without this client's secrets and without what looks like a secret.
    #[wasm_bindgen(js_name = __masked)]
    pub fn masked(&self, text: &str) -> String {
        self.server.transport.secrets.hidden(text)
    }

    /// How often a call tries again, at most.
    #[wasm_bindgen(getter, js_name = __retries)]
    pub fn retries(&self) -> f64 {
        self.server.retries as f64
    }

    /// An end of a replication as CouchDB requires it: the bare name of a database becomes its URL, with this client's
    /// credentials.
    #[wasm_bindgen(js_name = __end)]
    pub fn end(&self, call: String, name: String, value: JsValue, signal: Option<AbortSignal>) -> Promise {
        let server = Rc::clone(&self.server);
        promise(async move { resolved(&Requester::new(&server, signal.as_ref())?, &call, &name, value).await })
    }

    /// A client with these arguments, which sends its requests as this one does. They are those of another server, or of
    /// another user.
    #[wasm_bindgen(js_name = __elsewhere)]
    pub fn elsewhere(&self, checked: Array) -> Client {
        let mut server = server(checked);
        let Server { retries, transport, .. } = &*self.server;
        server.retries = *retries;
        server.transport.timeout = transport.timeout;
        server.transport.fetch.clone_from(&transport.fetch);
        Client { server: Rc::new(server) }
    }
}
