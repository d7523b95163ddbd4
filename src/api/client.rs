//! `Client`: one server, and the credentials for it.

use std::rc::Rc;

use js_sys::{Array, Promise};
use wasm_bindgen::prelude::*;

use super::arguments::Arguments;
use super::client_arguments::server;
use crate::http::{Expected, Request, Server};
use crate::js::promise::promise;
use crate::js::rows::OBJECTS;
use crate::operations::collect::answer;

/// One server, and the credentials for it. Creating a client sends nothing.
#[wasm_bindgen(skip_typescript)]
pub struct Client {
    pub(super) server: Rc<Server>,
}

#[wasm_bindgen]
impl Client {
    /// `new Client(url, options)`, with checked arguments. User info in the URL means HTTP Basic, unless there is an `auth` option.
    #[wasm_bindgen(constructor)]
    pub fn new(checked: Array) -> Client {
        Client { server: Rc::new(server(checked)) }
    }

    /// The server's URL, without credentials and without a trailing slash.
    #[wasm_bindgen(getter)]
    pub fn url(&self) -> String {
        self.server.address.as_str().to_owned()
    }

    /// `GET /`: the server's version and features.
    pub fn info(&self, args: Array) -> Promise {
        self.get("/", "couchdb", args)
    }

    /// `GET /_session`: the authenticated user, and its roles.
    pub fn session(&self, args: Array) -> Promise {
        self.get("/_session", "userCtx", args)
    }

    /// `DELETE /_session`: ends the session, if there is one.
    pub fn close(&self) -> Promise {
        let server = Rc::clone(&self.server);
        promise(async move {
            server.close().await?;
            Ok(JsValue::UNDEFINED)
        })
    }

    /// Another handle to the same client, for the other classes: they consume it, and the caller keeps its own.
    #[wasm_bindgen(js_name = __share)]
    pub fn share(&self) -> Client {
        Client::on(&self.server)
    }
}

impl Client {
    /// Another handle to the client of `server`.
    pub fn on(server: &Rc<Server>) -> Client {
        Client { server: Rc::clone(server) }
    }

    /// The object at `path`. In a response of CouchDB it has this member.
    fn get(&self, path: &str, member: &'static str, args: Array) -> Promise {
        let request = Request::get(path.to_owned()).expecting(Expected::Member(member));
        answer(&self.server, request, Arguments::of(args).signal(), &OBJECTS)
    }
}
