//! Arguments come in as whatever JavaScript passed, and are checked here before anything is sent: a wrong one is a
//! `TypeError` or `RangeError` that names it and says what was expected.

use js_sys::{Array, Function, JSON, JsString, RangeError, TypeError};
use wasm_bindgen::prelude::*;
use web_sys::{AbortSignal, RequestCredentials};

use crate::http::auth::{Auth, Bearer, Iam, Session, TOKEN_URL, is_kept_by_the_platform, is_token};
use crate::http::{Address, Connection, Secrets, Transport, UserInfo};
use crate::js::reflect::{array_from, keys, member};
use crate::operations::follow;
use rows::json::holds;
use rows::state::{self, State};
use rows::text::{joined, text};
use scheduler_core::endpoints::is_database_name;

/// The largest whole number that JavaScript counts with exactly.
const MAX_SAFE_INTEGER: f64 = 9_007_199_254_740_991.0;

/// The name of a replicator database, or the last part of it.
const REPLICATOR: &str = "_replicator";

/// Milliseconds one attempt may take if nothing else is asked for.
const DEFAULT_TIMEOUT: f64 = 30_000.0;

/// The options of the methods that follow one document.
pub const FOLLOW_OPTIONS: &[&str] = &["until", "interval", "timeout", "onUpdate", "database", "signal"];

/// Milliseconds between two looks at one document if nothing else is asked for.
const FOLLOW_INTERVAL: u64 = 2000;

/// Further attempts after a passing fault if nothing else is asked for.
const DEFAULT_RETRIES: u64 = 2;

/// The options object of one call.
pub struct Options {
    /// Whose options these are, for messages: `listDocs`.
    call: &'static str,
    value: JsValue,
    /// Strings in wrong places are not repeated, nor any credentials and headers: each could be a password.
    private: bool,
}

impl Options {
    /// `value` is nothing, or an object with no other keys than `known`.
    pub fn of(call: &'static str, value: JsValue, known: &[&str]) -> Result<Options, JsValue> {
        Options::checked(Options { call, value, private: false }, "options", known)
    }

    /// The same for options with credentials among them.
    fn private(call: &'static str, name: &str, value: JsValue, known: &[&str]) -> Result<Options, JsValue> {
        Options::checked(Options { call, value, private: true }, name, known)
    }

    fn checked(options: Options, name: &str, known: &[&str]) -> Result<Options, JsValue> {
        let Options { call, value, .. } = &options;
        if value.is_undefined() {
            return Ok(options);
        }
        if !is_plain_object(value)? {
            return Err(options.wrong_type(name, "an object", value));
        }
        for key in keys(value)?.iter() {
            let key = key.as_string().unwrap_or_default();
            if !known.contains(&key.as_str()) {
                let message = text(&[call, ": there is no option \"", &key, "\"; there are ", &joined(known, ", ")]);
                return Err(TypeError::new(&message).into());
            }
        }
        Ok(options)
    }

    /// An option; `None` where it is left out or undefined.
    fn get(&self, name: &str) -> Result<Option<JsValue>, JsValue> {
        if self.value.is_undefined() {
            return Ok(None);
        }
        let value = member(&self.value, name)?;
        Ok(Some(value).filter(|value| !value.is_undefined()))
    }

    fn wrong_type(&self, name: &str, expected: &str, value: &JsValue) -> JsValue {
        TypeError::new(&self.wrong(name, expected, value)).into()
    }

    fn wrong_range(&self, name: &str, expected: &str, value: &JsValue) -> JsValue {
        RangeError::new(&self.wrong(name, expected, value)).into()
    }

    fn wrong(&self, name: &str, expected: &str, value: &JsValue) -> String {
        // Only a wrong time limit or number of retries is repeated: it is a number, and no password.
        let is_secret = self.private && !(value.as_f64().is_some() && matches!(name, "timeout" | "retries"));
        if is_secret {
            return text(&[self.call, ": ", name, " must be ", expected, ", not ", kind_of(value)]);
        }
        wrong(self.call, name, expected, value)
    }

    /// What is wrong with an option that has the right type.
    pub fn out_of_range(&self, name: &str, expected: &str) -> JsValue {
        let value = self.get(name).ok().flatten().unwrap_or_default();
        self.wrong_range(name, expected, &value)
    }

    /// A whole number from 0 up.
    pub fn count(&self, name: &str) -> Result<Option<u64>, JsValue> {
        self.whole_number(name, 0.0, "a whole number from 0 up")
    }

    /// A whole number from 1 up.
    pub fn positive(&self, name: &str) -> Result<Option<u64>, JsValue> {
        self.whole_number(name, 1.0, "a whole number from 1 up")
    }

    fn whole_number(&self, name: &str, least: f64, expected: &str) -> Result<Option<u64>, JsValue> {
        let Some(value) = self.get(name)? else { return Ok(None) };
        let Some(number) = value.as_f64() else {
            return Err(self.wrong_type(name, expected, &value));
        };
        if number.fract() != 0.0 || !(least..=MAX_SAFE_INTEGER).contains(&number) {
            return Err(self.wrong_range(name, expected, &value));
        }
        Ok(Some(number as u64))
    }

    /// The name of a replicator database.
    pub fn database(&self) -> Result<String, JsValue> {
        match self.get("database")? {
            None => Ok("_replicator".to_owned()),
            Some(value) => replicator_database(self.call, &value),
        }
    }

    /// Replication states, each once; `None` for all.
    pub fn states(&self, option: &str) -> Result<Option<Vec<State>>, JsValue> {
        let Some(value) = self.get(option)? else {
            return Ok(None);
        };
        let expected = text(&["an array of ", &state::join(&State::ALL, ", ")]);
        if !is_array(&value)? {
            return Err(self.wrong_type(option, &expected, &value));
        }
        let mut states = Vec::new();
        for element in array_from(&value)?.iter() {
            let Some(name) = element.as_string() else {
                return Err(self.wrong_type(option, &expected, &element));
            };
            let Some(state) = State::from_name(&name) else {
                return Err(self.wrong_range(option, &expected, &element));
            };
            if !states.contains(&state) {
                states.push(state);
            }
        }
        Ok(Some(states))
    }

    /// What to follow, and to where.
    pub fn follow(&self, doc_id: String) -> Result<follow::Wanted, JsValue> {
        let until = self.states("until")?.unwrap_or_else(|| vec![State::Completed]);
        if until.is_empty() {
            return Err(self.out_of_range("until", "at least one state"));
        }
        Ok(follow::Wanted {
            database: self.database()?,
            doc_id,
            until,
            interval: self.positive("interval")?.unwrap_or(FOLLOW_INTERVAL) as f64,
            timeout: self.timeout()?.unwrap_or(f64::INFINITY),
            on_update: self.function("onUpdate")?,
        })
    }

    /// Ids of documents; `None` for all.
    pub fn doc_ids(&self) -> Result<Option<Vec<String>>, JsValue> {
        let Some(value) = self.get("docIds")? else { return Ok(None) };
        if !is_array(&value)? {
            return Err(self.wrong_type("docIds", "an array of document ids", &value));
        }
        array_from(&value)?
            .iter()
            .map(|id| segment(self.call, "each of docIds", &id))
            .collect::<Result<_, _>>()
            .map(Some)
    }

    /// True or false.
    pub fn boolean(&self, name: &str) -> Result<Option<bool>, JsValue> {
        let Some(value) = self.get(name)? else { return Ok(None) };
        value.as_bool().map(Some).ok_or_else(|| self.wrong_type(name, "true or false", &value))
    }

    /// A signal that can abort the call. Any object that works like an `AbortSignal` will do.
    pub fn signal(&self) -> Result<Option<AbortSignal>, JsValue> {
        let Some(value) = self.get("signal")? else {
            return Ok(None);
        };
        let listens = || member(&value, "addEventListener").is_ok_and(|method| method.is_function());
        let aborted = || member(&value, "aborted").is_ok_and(|aborted| aborted.as_bool().is_some());
        if !value.is_object() || !listens() || !aborted() {
            return Err(self.wrong_type("signal", "an AbortSignal", &value));
        }
        Ok(Some(value.unchecked_into()))
    }

    /// A function.
    pub fn function(&self, name: &str) -> Result<Option<Function>, JsValue> {
        let Some(value) = self.get(name)? else { return Ok(None) };
        value.dyn_into().map(Some).map_err(|value| self.wrong_type(name, "a function", &value))
    }

    /// Milliseconds; infinitely many for 0, which is no bound.
    pub fn timeout(&self) -> Result<Option<f64>, JsValue> {
        let Some(value) = self.get("timeout")? else { return Ok(None) };
        let expected = "milliseconds, or 0 for no bound";
        match value.as_f64() {
            None => Err(self.wrong_type("timeout", expected, &value)),
            Some(0.0) => Ok(Some(f64::INFINITY)),
            Some(number) if number > 0.0 => Ok(Some(number)),
            Some(_) => Err(self.wrong_range("timeout", expected, &value)),
        }
    }

    fn credentials(&self) -> Result<Option<RequestCredentials>, JsValue> {
        let Some(value) = self.get("credentials")? else {
            return Ok(None);
        };
        match value.as_string().as_deref() {
            Some("omit") => Ok(Some(RequestCredentials::Omit)),
            Some("same-origin") => Ok(Some(RequestCredentials::SameOrigin)),
            Some("include") => Ok(Some(RequestCredentials::Include)),
            _ => Err(self.wrong_type("credentials", "\"omit\", \"same-origin\" or \"include\"", &value)),
        }
    }

    fn headers(&self) -> Result<Vec<(String, String)>, JsValue> {
        let Some(value) = self.get("headers")? else {
            return Ok(Vec::new());
        };
        let expected = "a plain object of header names and their values";
        // Maps and Headers have their entries elsewhere, and would be taken for empty.
        let is_collection = || Ok::<_, JsValue>(member(&value, "forEach")?.is_function());
        if !value.is_object() || is_array(&value)? || is_collection()? {
            return Err(self.wrong_type("headers", expected, &value));
        }
        let mut headers = Vec::new();
        for entry in entries(&value)?.iter() {
            let entry: Array = entry.unchecked_into();
            let name = entry.get(0).as_string().unwrap_or_default();
            let Some(content) = entry.get(1).as_string() else {
                return Err(self.wrong_type(&text(&["headers[\"", &name, "\"]"]), "a string", &entry.get(1)));
            };
            // Asked of the platform, which alone knows what it will take; the value is not shown, it may be a secret.
            let taken = web_sys::Headers::new().and_then(|headers| headers.set(&name, &content));
            if taken.is_err() {
                let message =
                    text(&[self.call, ": \"", &name, "\" in headers has a name or value that HTTP does not allow"]);
                return Err(TypeError::new(&message).into());
            }
            headers.push((name, content));
        }
        Ok(headers)
    }

    fn auth(&self) -> Result<Option<Auth>, JsValue> {
        let Some(value) = self.get("auth")? else { return Ok(None) };
        let kind = if value.is_object() { member(&value, "type")? } else { JsValue::UNDEFINED };
        let known: &[&str] = match kind.as_string().as_deref() {
            Some("session") => &["type", "username", "password"],
            Some("iam") => &["type", "apiKey", "tokenUrl"],
            Some("bearer") => &["type", "token"],
            _ if kind.is_undefined() => &["username", "password"],
            _ => return Err(self.wrong_type("auth.type", "\"session\", \"iam\", \"bearer\", or left out", &kind)),
        };
        let auth = Options::private("auth", "auth", value, known)?;
        let kind = kind.as_string();
        match kind.as_deref() {
            None | Some("session") => {
                let (username, password) = (auth.secret("username")?, auth.secret("password")?);
                if kind.is_some() {
                    return Ok(Some(Auth::Session(Session::new(username, password))));
                }
                if username.contains(':') {
                    let message =
                        "auth: username must not contain a colon, which ends it in HTTP Basic; a session allows it";
                    return Err(RangeError::new(message).into());
                }
                Ok(Some(Auth::Basic { username, password }))
            }
            Some("iam") => {
                let token_url = auth.get("tokenUrl")?.map(|url| token_url(&url)).transpose()?;
                Ok(Some(Auth::Iam(Iam::new(auth.secret("apiKey")?, token_url.unwrap_or(TOKEN_URL.to_owned())))))
            }
            Some(_) => Ok(Some(Auth::Bearer(auth.token()?))),
        }
    }

    fn token(&self) -> Result<Bearer, JsValue> {
        if let Some(ask) = self.get("token")?.and_then(|token| token.dyn_into().ok()) {
            return Ok(Bearer::Ask(ask));
        }
        let token = self.secret("token")?;
        if is_token(&token) {
            return Ok(Bearer::Token(token));
        }
        Err(RangeError::new("auth: token must be made of visible ASCII characters, as HTTP allows them").into())
    }

    /// A string that is not shown whatever is wrong with it: it could be a password in the wrong place.
    fn secret(&self, name: &str) -> Result<String, JsValue> {
        match self.get(name)?.and_then(|value| value.as_string()) {
            Some(text) => Ok(text),
            None => Err(TypeError::new(&text(&[self.call, ": ", name, " must be a string"])).into()),
        }
    }
}

/// `new Client(url, options)`.
pub fn connection(call: &'static str, url: &JsValue, options: JsValue) -> Result<Connection, JsValue> {
    let url = server_url(call, "url", url)?;
    if let Some(part) = WITHIN_SERVER.into_iter().find(|part| holds(&url, part)) {
        let message = text(&[
            call,
            ": url must be the server's, without \"",
            part,
            "\": a replicator database is named by the `database` option of each call",
        ]);
        return Err(RangeError::new(&message).into());
    }
    let (address, user_info) = Address::parse(&url)
        .map_err(|expected| JsValue::from(TypeError::new(&text(&[call, ": url must be ", expected]))))?;
    let known = ["auth", "headers", "credentials", "timeout", "retries", "fetch"];
    let options = Options::private(call, "options", options, &known)?;
    let user_info = user_info.map(|UserInfo { username, password }| Auth::Basic { username, password });
    let (auth, headers) = (options.auth()?, options.headers()?);
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
        credentials: options.credentials()?.or(cookies.then_some(RequestCredentials::Include)),
        timeout: options.timeout()?.unwrap_or(DEFAULT_TIMEOUT),
        fetch: options.function("fetch")?,
        secrets,
    };
    let retries = options.count("retries")?.unwrap_or(DEFAULT_RETRIES);
    Ok(Connection { address, auth, headers, retries, transport })
}

/// Where a URL leaves the server's root. That of a database or of a page is often copied for the server's.
const WITHIN_SERVER: [&str; 5] = ["/_utils", "/_replicator", "%2F_replicator", "%2f_replicator", "/_scheduler"];

/// The text of a `URL`.
pub fn href(url: &JsValue) -> Option<String> {
    member(url, "href").ok()?.as_string()
}

/// The text of a URL, given as a string or a `URL`.
fn server_url(call: &str, name: &str, url: &JsValue) -> Result<String, JsValue> {
    url.as_string()
        .or_else(|| href(url))
        .ok_or_else(|| type_error(call, name, "a URL such as \"https://couch.example.com:6984\"", url))
}

/// The URL of a token server.
fn token_url(url: &JsValue) -> Result<String, JsValue> {
    let url = server_url("auth", "tokenUrl", url)?;
    let wrong = |expected| JsValue::from(TypeError::new(&text(&["auth: tokenUrl must be ", expected])));
    match Address::parse(&url) {
        Ok((_, None)) => Ok(url),
        Ok((_, Some(_))) => Err(wrong("a URL without user and password: the API key is sent in the body")),
        Err(expected) => Err(wrong(expected)),
    }
}

/// An object that has its members itself.
pub fn is_plain_object(value: &JsValue) -> Result<bool, JsValue> {
    Ok(value.is_object() && !is_array(value)? && !value.is_function())
}

/// A name that becomes one segment of a path: a document id, a job id, a database.
pub fn segment(call: &str, name: &str, value: &JsValue) -> Result<String, JsValue> {
    let Some(text) = value.dyn_ref::<JsString>() else {
        return Err(type_error(call, name, "a string", value));
    };
    let problem = match String::from(text).as_str() {
        "" => "a string that is not empty",
        // A URL takes these for "here" and "one up", even when they are percent-encoded.
        "." | ".." => "a name that a URL can hold",
        _ if !text.is_valid_utf16() => "a string without half surrogate pairs",
        _ => return Ok(text.into()),
    };
    Err(range_error(call, name, problem, value))
}

#[inline(never)]
fn is_replicator(name: &str) -> bool {
    name.strip_suffix(REPLICATOR).is_some_and(|prefix| {
        prefix.is_empty() || prefix.ends_with('/') && is_database_name(prefix) && !prefix.starts_with('_')
    })
}

/// The name of a replicator database. Any other database has no replications, and what is written there starts none.
fn replicator_database(call: &str, value: &JsValue) -> Result<String, JsValue> {
    let name = segment(call, "database", value)?;
    if is_replicator(&name) {
        return Ok(name);
    }
    let problem = if holds(&name, "%") {
        "a name as it is, not percent-encoded, as in \"team/_replicator\""
    } else if is_replicator(&name.to_ascii_lowercase()) {
        "in lowercase letters, as every database of CouchDB"
    } else {
        "\"_replicator\" (also where Cloudant's rows say \"account/_replicator\"), or end in \"/_replicator\" after \
         lowercase letters, digits and _$()+-/, a letter first"
    };
    // A URL in its place can hold a password.
    let hidden = JsValue::from("a URL");
    Err(range_error(call, "database", problem, if name.contains('@') { &hidden } else { value }))
}

/// The id of a replication document, to write or to delete. Those with an underscore in front are other documents, which end no
/// replication.
pub fn replication_id(call: &str, value: &JsValue) -> Result<String, JsValue> {
    let id = segment(call, "id", value)?;
    if id.starts_with('_') {
        return Err(range_error(call, "id", "a replication document's, without \"_\" in front", value));
    }
    Ok(id)
}

/// `value` has the wrong type.
pub fn type_error(call: &str, name: &str, expected: &str, value: &JsValue) -> JsValue {
    TypeError::new(&wrong(call, name, expected, value)).into()
}

/// `value` is outside of what is allowed.
pub fn range_error(call: &str, name: &str, expected: &str, value: &JsValue) -> JsValue {
    RangeError::new(&wrong(call, name, expected, value)).into()
}

fn wrong(call: &str, name: &str, expected: &str, value: &JsValue) -> String {
    text(&[call, ": ", name, " must be ", expected, ", not ", &describe(value)])
}

/// `value` in a few words. Only short strings are repeated.
fn describe(value: &JsValue) -> String {
    match value.dyn_ref::<JsString>() {
        Some(text) if text.length() > 40 => "a long string".to_owned(),
        Some(_) => JSON::stringify(value).map_or_else(|_| kind_of(value).to_owned(), String::from),
        None if value.is_object() || value.is_function() || value.is_symbol() => kind_of(value).to_owned(),
        None => js_string(value),
    }
}

/// What kind of value it is, without repeating anything of it.
fn kind_of(value: &JsValue) -> &'static str {
    if value.is_string() {
        return "a string";
    }
    if value.is_null() || value.is_undefined() {
        return if value.is_null() { "null" } else { "undefined" };
    }
    if value.is_function() {
        return "a function";
    }
    if value.is_symbol() {
        return "a symbol";
    }
    match is_array(value) {
        Ok(true) => "an array",
        _ if value.is_object() => "an object",
        _ if value.as_bool().is_some() => "a boolean",
        _ => "a number",
    }
}

// js-sys has these without `catch`; but a proxy can make each of them throw, and what is thrown through Rust leaves a promise
// that never settles.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Array, js_name = isArray, catch)]
    pub fn is_array(value: &JsValue) -> Result<bool, JsValue>;
    #[wasm_bindgen(js_namespace = Object, js_name = entries, catch)]
    fn entries(value: &JsValue) -> Result<Array, JsValue>;
    /// `String(value)`, which cannot fail for what is neither an object nor a symbol.
    #[wasm_bindgen(js_name = String)]
    fn js_string(value: &JsValue) -> String;
}
