//! `Client`: one server, one way to authenticate.

use std::rc::Rc;

use js_sys::{Function, Promise, RangeError, TypeError};
use wasm_bindgen::convert::TryFromJsValue;
use wasm_bindgen::prelude::*;

use super::client_options::connection;
use super::options::Options;
use super::shared_options::SignalOptions;
use super::validate::{segment, type_error};
use crate::http::{Call, Connection, Expected};
use crate::js::promise::promise;
use crate::js::reflect::member;
use crate::js::rows::OBJECTS;
use crate::operations::collect::answer;

/// One server and one way to authenticate, shared by every `Scheduler` made from it. Making one sends nothing.
#[wasm_bindgen(skip_typescript)]
pub struct Client {
    connection: Rc<Connection>,
}

#[wasm_bindgen]
impl Client {
    /// `new Client(url, options)`. User info in the URL becomes Basic authentication; `auth` in the options comes before it.
    ///
    /// Throws a `TypeError` or `RangeError` that names what is wrong with the arguments.
    #[wasm_bindgen(constructor)]
    pub fn new(url: &JsValue, options: JsValue) -> Result<Client, JsValue> {
        Client::called("new Client", url, options)
    }

    /// The client of an account at Cloudant: `https://ACCOUNT.cloudant.com`.
    #[wasm_bindgen(js_name = cloudant)]
    pub fn cloudant(account: &JsValue, options: JsValue) -> Result<Client, JsValue> {
        let name = segment("Client.cloudant", "account", account)?;
        if !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
            // What was passed is not shown: it could be a whole URL, with a password.
            let message = "Client.cloudant: account must be the account's name alone, as in ACCOUNT.cloudant.com";
            return Err(RangeError::new(message).into());
        }
        let url = ["https://", &name, ".cloudant.com"].concat();
        Client::called("Client.cloudant", &url.into(), options)
    }

    /// The server's URL, without credentials and without a slash at its end.
    #[wasm_bindgen(getter)]
    pub fn url(&self) -> String {
        self.connection.address.as_str().to_owned()
    }

    /// `GET /`: the server's welcome, with its version and features. Needs no admin.
    pub fn info(&self, options: JsValue) -> Promise {
        self.get("info", "/", "couchdb", options)
    }

    /// `GET /_session`: who the server takes us for. Needs no admin.
    pub fn session(&self, options: JsValue) -> Promise {
        self.get("session", "/_session", "userCtx", options)
    }

    /// `DELETE /_session`: ends the session, if there is one. A later call would open another.
    pub fn close(&self) -> Promise {
        let connection = Rc::clone(&self.connection);
        promise(async move {
            connection.close().await?;
            Ok(JsValue::UNDEFINED)
        })
    }

    /// Another handle on the same client, for those who are given one: a handle can be taken over, a user's own cannot.
    #[wasm_bindgen(js_name = __share)]
    pub fn share(&self) -> Client {
        Client::on(&self.connection)
    }
}

impl Client {
    /// Another handle on the client of this connection.
    pub fn on(connection: &Rc<Connection>) -> Client {
        Client { connection: Rc::clone(connection) }
    }

    fn called(call: &'static str, url: &JsValue, options: JsValue) -> Result<Client, JsValue> {
        Ok(Client { connection: Rc::new(connection(call, url, options)?) })
    }

    /// The connection of `server`, the first argument of another class: a `Client`, or the URL for a new one.
    pub fn connection_of(call: &'static str, server: &JsValue, options: JsValue) -> Result<Rc<Connection>, JsValue> {
        let share = member(server, "__share").ok().and_then(|share| share.dyn_into::<Function>().ok());
        let Some(share) = share else {
            return Ok(Client::called(call, server, options)?.connection);
        };
        if !options.is_undefined() {
            // Not shown: they may hold credentials.
            let message = [call, ": options must be left out beside a Client, which has its own"];
            return Err(TypeError::new(&message.concat()).into());
        }
        let shared = share.call0(server)?;
        Client::try_from_js_value(shared)
            .map(|client| client.connection)
            .map_err(|_| type_error(call, "server", "a Client of this copy of couchdb-scheduler", server))
    }

    /// The object at `path`, which CouchDB's has this member.
    fn get(&self, name: &'static str, path: &'static str, member: &'static str, options: JsValue) -> Promise {
        let call = || {
            let SignalOptions { signal } = Options::parse(name, options)?;
            Ok(Call::get(path.to_owned(), signal).expecting(Expected::Member(member)))
        };
        answer(&self.connection, call(), &OBJECTS)
    }
}
