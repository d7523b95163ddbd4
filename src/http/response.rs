//! Responses of `fetch`, recognized by their members.

use js_sys::{Array, Function, Promise};
use wasm_bindgen::prelude::*;

use crate::js::reflect::{array_from, member};

#[wasm_bindgen(module = "/pkg-template/runtime/http.js")]
extern "C" {
    #[wasm_bindgen(js_name = wholeBody, catch)]
    fn whole_body(response: &JsValue) -> Result<Promise, JsValue>;
}

/// The response of any `fetch`: the platform's own, another library's, or a mock. It is recognized by its members, since its
/// class differs between realms.
pub struct Response {
    value: JsValue,
    /// HTTP status
    pub status: u16,
}

impl Response {
    /// `None` if `value` has no status or headers.
    pub fn of(value: JsValue) -> Option<Response> {
        let status = field(&value, "status")?.as_f64()?;
        let headers = field(&value, "headers")?;
        field(&headers, "get").filter(JsValue::is_function)?;
        // A status outside of 100..=999 does not exist; 0 stands for an opaque response, which cannot be read.
        let status = (100.0..1000.0).contains(&status).then_some(status as u16)?;
        Some(Response { value, status })
    }

    /// The body's stream, if it is a web stream.
    pub fn stream(&self) -> Option<JsValue> {
        let body = field(&self.value, "body")?;
        field(&body, "getReader").filter(JsValue::is_function)?;
        Some(body)
    }

    /// The whole body at once, for a `fetch` without web streams.
    pub fn array_buffer(&self) -> Option<Promise> {
        field(&self.value, "arrayBuffer").filter(JsValue::is_function)?;
        whole_body(&self.value).ok()
    }

    /// `X-Couch-Request-ID`
    pub fn request_id(&self) -> Option<String> {
        self.header("x-couch-request-id")
    }

    /// `Content-Type`, without its parameters
    pub fn content_type(&self) -> Option<String> {
        let kind = self.header("content-type")?;
        Some(kind.split(';').next()?.trim_ascii().to_owned())
    }

    /// Each `Set-Cookie`; browsers hide them.
    pub fn set_cookies(&self) -> Vec<String> {
        let all = || {
            let headers = field(&self.value, "headers")?;
            let method = field(&headers, "getSetCookie")?.dyn_into::<Function>().ok()?;
            array_from(&method.call0(&headers).ok()?).ok()
        };
        let cookies = all().unwrap_or_else(Array::new);
        let cookies = cookies.iter().filter_map(|cookie| cookie.as_string());
        cookies.chain(self.header("set-cookie")).collect()
    }

    /// A header.
    pub fn header(&self, name: &str) -> Option<String> {
        header(&self.value, name)
    }
}

/// A header of `response`.
pub fn header(response: &JsValue, name: &str) -> Option<String> {
    let headers = field(response, "headers")?;
    let get = field(&headers, "get")?.dyn_into::<Function>().ok()?;
    get.call1(&headers, &name.into()).ok()?.as_string()
}

fn field(value: &JsValue, name: &str) -> Option<JsValue> {
    member(value, name).ok()
}
