//! Redirects. They are not followed, since name, password, keys and documents would be sent to another server.

use wasm_bindgen::prelude::*;
use web_sys::Url;

use super::response::header;
use super::secrets::Secrets;
use crate::js::reflect::member;

/// Where a response redirects to, as far as the platform reveals it.
pub struct Redirect {
    location: Option<String>,
}

impl Redirect {
    /// `None` if `response` is not a redirect, and was not reached by one.
    pub fn of(response: &JsValue) -> Option<Redirect> {
        let field = |name| member(response, name).ok();
        let status = field("status").and_then(|status| status.as_f64());
        if status.is_some_and(|status| matches!(status as u16, 301 | 302 | 303 | 307 | 308)) {
            return Some(Redirect { location: header(response, "location") });
        }
        // Browsers reveal nothing of it.
        if field("type").and_then(|kind| kind.as_string()).as_deref() == Some("opaqueredirect") {
            return Some(Redirect { location: None });
        }
        // A `fetch` that does not know `redirect: "manual"` has followed it.
        field("redirected").filter(|redirected| *redirected == JsValue::TRUE)?;
        Some(Redirect { location: field("url").and_then(|url| url.as_string()) })
    }

    /// The error message for a request to `url`.
    pub fn message(&self, url: &str, secrets: &Secrets) -> String {
        // Without the query, which may contain secrets.
        let target = self.location.as_deref().and_then(|location| Url::new_with_base(location, url).ok());
        let shown = target
            .map(|target| secrets.hidden(&[&*target.protocol(), "//", &target.host(), &target.pathname()].concat()));
        let to = shown.as_deref().unwrap_or("another address");
        [
            "the server redirects to ",
            to,
            "; redirects are not followed, since this would send the credentials there; use the final URL instead",
        ]
        .concat()
    }
}
