//! The arguments of `new Client(url, options)`.

use std::time::Duration;

use js_sys::{Array, Function, RangeError, TypeError};
use wasm_bindgen::prelude::*;
use web_sys::RequestCredentials;

use super::options::{FromOption, OptionName, Options, options};
use super::validate::{entries, is_array, server_url};
use super::values::{Count, TimeLimit};
use crate::http::auth::{Auth, is_kept_by_the_platform};
use crate::http::{Address, Secrets, Server, Transport, UserInfo};
use crate::js::reflect::member;
use rows::json::holds;

/// Default time limit of one attempt.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);

/// Default number of further attempts after a transient error.
const DEFAULT_RETRIES: u64 = 2;

/// Parts of a URL that lead away from the server's root. The URL of a database or of a page is
/// often copied instead of the server's.
const WITHIN_SERVER: [&str; 5] = ["/_utils", "/_replicator", "%2F_replicator", "%2f_replicator", "/_scheduler"];

options! {
    /// The options of a client. They contain credentials, and headers that may be some.
    struct ClientOptions {
        auth: Auth,
        headers: HeaderFields,
        credentials: RequestCredentials,
        timeout: TimeLimit,
        retries: Count,
        fetch: Function,
    }
}

/// The server that the arguments describe. `call` is the method, for messages.
pub fn server(call: &'static str, url: &JsValue, options: JsValue) -> Result<Server, JsValue> {
    let (address, user_info) = address(call, url)?;
    let ClientOptions { auth, headers, credentials, timeout, retries, fetch } =
        Options::parse(call, "options", options)?;
    let user_info = user_info.map(|UserInfo { username, password }| Auth::Basic { username, password });
    let HeaderFields(headers) = headers.unwrap_or_default();
    let secrets = Secrets::none();
    for auth in [&auth, &user_info].into_iter().flatten() {
        auth.hide_in(&secrets);
    }
    for (name, value) in &headers {
        secrets.add_header(name, value);
    }
    let auth = auth.or(user_info);
    let cookies = matches!(auth, Some(Auth::Session(_))) && is_kept_by_the_platform();
    let transport = Transport {
        credentials: credentials.or(cookies.then_some(RequestCredentials::Include)),
        timeout: timeout.map_or(Some(DEFAULT_TIMEOUT), |TimeLimit(limit)| limit),
        fetch,
        secrets,
    };
    let retries = retries.map_or(DEFAULT_RETRIES, |Count(retries)| retries);
    Ok(Server { address, auth, headers, retries, transport })
}

fn address(call: &'static str, url: &JsValue) -> Result<(Address, Option<UserInfo>), JsValue> {
    let url = server_url(call, "url", url)?;
    if let Some(part) = WITHIN_SERVER.into_iter().find(|part| holds(&url, part)) {
        let message = [
            call,
            ": url must be the server's, without \"",
            part,
            "\": a replicator database is named by the `database` option of each call",
        ];
        return Err(RangeError::new(&message.concat()).into());
    }
    Address::parse(&url).map_err(|expected| TypeError::new(&[call, ": url must be ", expected].concat()).into())
}

impl FromOption for RequestCredentials {
    fn from_option(value: JsValue, name: OptionName) -> Result<RequestCredentials, JsValue> {
        match value.as_string().as_deref() {
            Some("omit") => Ok(RequestCredentials::Omit),
            Some("same-origin") => Ok(RequestCredentials::SameOrigin),
            Some("include") => Ok(RequestCredentials::Include),
            _ => Err(name.type_error("\"omit\", \"same-origin\" or \"include\"", &value)),
        }
    }
}

/// Names and values of headers, both valid.
#[derive(Default)]
struct HeaderFields(Vec<(String, String)>);

impl FromOption for HeaderFields {
    fn from_option(value: JsValue, name: OptionName) -> Result<HeaderFields, JsValue> {
        // Maps and Headers have their entries elsewhere, and would be taken for empty.
        let is_collection = || Ok::<_, JsValue>(member(&value, "forEach")?.is_function());
        if !value.is_object() || is_array(&value)? || is_collection()? {
            return Err(name.type_error("a plain object of header names and their values", &value));
        }
        let mut fields = Vec::new();
        for entry in entries(&value)?.iter() {
            let entry: Array = entry.unchecked_into();
            let field = entry.get(0).as_string().unwrap_or_default();
            let Some(content) = entry.get(1).as_string() else {
                let field = [name.name, "[\"", &field, "\"]"].concat();
                return Err(OptionName { name: &field, ..name }.type_error("a string", &entry.get(1)));
            };
            // Only the platform knows what it accepts. The value is not shown, since it may be a secret.
            let accepted = web_sys::Headers::new().and_then(|headers| headers.set(&field, &content));
            if accepted.is_err() {
                let message = [name.call, ": \"", &field, "\" in headers has a name or value that HTTP does not allow"];
                return Err(TypeError::new(&message.concat()).into());
            }
            fields.push((field, content));
        }
        Ok(HeaderFields(fields))
    }
}
