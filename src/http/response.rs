//! What `fetch` gave: told apart from what only looks like it.

use js_sys::Date;
use wasm_bindgen::prelude::*;
use web_sys::Headers;

use crate::members::member;

/// The answer of a `fetch`, whoever implements it: the platform's own `Response`, another library's, a mock. It is
/// recognised by what it has, not by its class, which differs from realm to realm.
pub struct Response {
    value: JsValue,
    headers: Headers,
    /// HTTP status
    pub status: u16,
}

impl Response {
    /// `None` where `value` has no status and headers.
    pub fn of(value: JsValue) -> Option<Response> {
        let status = field(&value, "status")?.as_f64()?;
        let headers = field(&value, "headers")?;
        field(&headers, "get").filter(JsValue::is_function)?;
        // A status outside of 100..=999 does not exist; 0 stands for an opaque response, which cannot be read.
        let status = (100.0..1000.0).contains(&status).then_some(status as u16)?;
        Some(Response { headers: headers.unchecked_into(), value, status })
    }

    /// The body's stream, if it is a web stream.
    pub fn stream(&self) -> Option<JsValue> {
        let body = field(&self.value, "body")?;
        field(&body, "getReader").filter(JsValue::is_function)?;
        Some(body)
    }

    /// The whole body at once, for a `fetch` whose bodies are no web streams.
    pub fn array_buffer(&self) -> Option<js_sys::Promise> {
        let method = field(&self.value, "arrayBuffer")?.dyn_into::<js_sys::Function>().ok()?;
        method.call0(&self.value).ok().map(|promise| js_sys::Promise::resolve(&promise))
    }

    /// `X-Couch-Request-ID`
    pub fn request_id(&self) -> Option<String> {
        self.header("x-couch-request-id")
    }

    /// `Retry-After` in seconds from now; it can be given as a number of seconds or as a date.
    pub fn retry_after(&self) -> Option<f64> {
        let value = self.header("retry-after")?;
        let seconds = value.trim_ascii().parse::<u32>().map(f64::from);
        let seconds = seconds.unwrap_or_else(|_| (Date::parse(&value) - Date::now()) / 1000.0);
        seconds.is_finite().then(|| seconds.max(0.0))
    }

    /// Each `Set-Cookie`, where the platform shows them: browsers do not.
    pub fn set_cookies(&self) -> Vec<String> {
        let all = field(&self.headers, "getSetCookie")
            .and_then(|method| method.dyn_into::<js_sys::Function>().ok())
            .and_then(|method| method.call0(&self.headers).ok());
        match all {
            Some(all) => js_sys::Array::from(&all).iter().filter_map(|cookie| cookie.as_string()).collect(),
            None => self.header("set-cookie").into_iter().collect(),
        }
    }

    fn header(&self, name: &str) -> Option<String> {
        self.headers.get(name).ok().flatten()
    }
}

fn field(value: &JsValue, name: &str) -> Option<JsValue> {
    member(value, name).ok()
}
