//! `Client`: one server, and the credentials for it.

use std::rc::Rc;

use js_sys::{Array, Function, Promise, RangeError, TypeError};
use wasm_bindgen::convert::TryFromJsValue;
use wasm_bindgen::prelude::*;

use super::arguments::Arguments;
use super::client_options::server;
use super::validate::{range_error, type_error};
use crate::http::{Expected, Request, Server};
use crate::js::promise::promise;
use crate::js::reflect::member;
use crate::js::rows::OBJECTS;
use crate::operations::collect::answer;

/// One server, and the credentials for it. Creating a client sends nothing.
#[wasm_bindgen(skip_typescript)]
pub struct Client {
    pub(super) server: Rc<Server>,
}

#[wasm_bindgen]
impl Client {
    /// `new Client(url, options)`. User info in the URL means HTTP Basic, unless there is an `auth` option.
    #[wasm_bindgen(constructor)]
    pub fn new(url: &JsValue, options: JsValue) -> Result<Client, JsValue> {
        Client::called("new Client", url, options)
    }

    /// A client of a Cloudant account: `https://ACCOUNT.cloudant.com`.
    #[wasm_bindgen(js_name = cloudant)]
    pub fn cloudant(account: &JsValue, options: JsValue) -> Result<Client, JsValue> {
        const CALL: &str = "Client.cloudant";
        let Some(name) = account.as_string() else { return Err(type_error(CALL, "account", "a string", account)) };
        if name.is_empty() {
            return Err(range_error(CALL, "account", "a string that is not empty", account));
        }
        if !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
            // The value is not shown: it may be a whole URL with a password.
            let message = "Client.cloudant: account must be the account's name alone, as in ACCOUNT.cloudant.com";
            return Err(RangeError::new(message).into());
        }
        let url = ["https://", &name, ".cloudant.com"].concat();
        Client::called(CALL, &url.into(), options)
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

    fn called(call: &'static str, url: &JsValue, options: JsValue) -> Result<Client, JsValue> {
        Ok(Client { server: Rc::new(server(call, url, options)?) })
    }

    /// The server of `client`, the first argument of another class: a `Client`, or the URL for a new one.
    pub fn server_of(call: &'static str, client: &JsValue, options: JsValue) -> Result<Rc<Server>, JsValue> {
        let share = member(client, "__share").ok().and_then(|share| share.dyn_into::<Function>().ok());
        let Some(share) = share else {
            return Ok(Client::called(call, client, options)?.server);
        };
        if !options.is_undefined() {
            // The options are not shown: they may contain credentials.
            let message = [call, ": options must be left out together with a Client, which has its own"];
            return Err(TypeError::new(&message.concat()).into());
        }
        let shared = share.call0(client)?;
        Client::try_from_js_value(shared)
            .map(|client| client.server)
            .map_err(|_| type_error(call, "server", "a Client of this copy of couchdb-scheduler", client))
    }

    /// The object at `path`. In a response of CouchDB it has this member.
    fn get(&self, path: &str, member: &'static str, args: Array) -> Promise {
        let request = Request::get(path.to_owned()).expecting(Expected::Member(member));
        answer(&self.server, request, Arguments::of(args).signal(), &OBJECTS)
    }
}
