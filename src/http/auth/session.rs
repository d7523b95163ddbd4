//! CouchDB's cookie sessions.
//!
//! Outside of browsers the client keeps the cookie and sends it. In a browser, scripts cannot read it: the browser keeps it,
//! and sends it with requests that have `credentials: "include"`.

use std::rc::Rc;
use std::time::Duration;

use gloo_net::http::Method;
use wasm_bindgen::prelude::*;

use super::refresh::{Credential, Refresh, Refreshable};
use crate::http::abort::Abort;
use crate::http::address::Address;
use crate::http::failure::{Code, Failure};
use crate::http::transport::{Fetch, Transport};
use rows::json::{ObjectWriter, value_in, write_string};

/// The lifetime of a session if its cookie does not name one: CouchDB's default.
const DEFAULT_LIFETIME: Duration = Duration::from_secs(600);

/// Name and password, and the session they opened.
pub struct Session {
    pub username: String,
    pub password: String,
    pub(super) refreshable: Rc<Refreshable>,
}

impl Session {
    /// Opens no session yet.
    pub fn new(username: String, password: String) -> Session {
        Session { username, password, refreshable: Rc::default() }
    }

    /// Gets the session's cookie from `POST /_session`.
    pub fn log_in(&self, address: &Address, transport: &Transport) -> Refresh {
        Box::pin(log_in(transport.clone(), address.join("/_session"), self.credentials()))
    }

    /// Returns the credential to end the session with, if there is one. It is not used again.
    pub fn leave(&self) -> Option<Credential> {
        self.refreshable.take()
    }

    fn credentials(&self) -> String {
        let mut json = Vec::new();
        let mut body = ObjectWriter::open(&mut json);
        write_string(&self.username, body.key("name"));
        write_string(&self.password, body.key("password"));
        body.close();
        String::from_utf8(json).unwrap_or_default()
    }
}

#[wasm_bindgen(module = "/pkg-template/runtime/http.js")]
extern "C" {
    // With `catch`, wasm-bindgen imports it through its glue; without, the wasm itself would import the file.
    #[wasm_bindgen(js_name = keepsCookies, catch)]
    fn keeps_cookies() -> Result<bool, JsValue>;
}

/// Whether the platform keeps cookies itself and hides them from scripts, as browsers do.
pub fn is_kept_by_the_platform() -> bool {
    keeps_cookies() == Ok(true)
}

async fn log_in(transport: Transport, url: String, credentials: String) -> Result<Credential, Failure> {
    let headers = vec![("Content-Type", "application/json")];
    let request = Fetch { method: Method::POST, url, headers, body: Some(&credentials) };
    let (response, mut body) = transport.send(&request, &Abort::default()).await?;
    let object = body.object(false).await?;
    let failed = |message: &str, cause| Err(body.fault(Code::InvalidResponse, message, cause));
    if value_in(&object, "ok") != Ok(Some(b"true")) {
        return Err(body.foreign("this is not CouchDB's response to a login", &object));
    }
    let cookie = response.set_cookies().iter().find_map(|cookie| auth_session(cookie));
    let Some((cookie, lifetime)) = cookie else {
        if is_kept_by_the_platform() {
            return Ok(Credential::permanent(None));
        }
        let message = "the server accepted the login and sent no AuthSession cookie; does a proxy, or the `fetch` option, remove it?";
        return failed(message, JsValue::UNDEFINED);
    };
    transport.secrets.add(cookie.strip_prefix(COOKIE).unwrap_or_default(), true);
    // It must be possible to send it back.
    let sent_back = web_sys::Headers::new().and_then(|headers| headers.set("Cookie", &cookie));
    if let Err(cause) = sent_back {
        return failed("the server's AuthSession cookie is not allowed in HTTP", cause);
    }
    Ok(Credential::expiring(lifetime.unwrap_or(DEFAULT_LIFETIME), ("Cookie", cookie)))
}

/// How a session's cookie begins.
const COOKIE: &str = "AuthSession=";

/// `AuthSession=…` of a `Set-Cookie`, and its lifetime.
fn auth_session(set_cookie: &str) -> Option<(String, Option<Duration>)> {
    let mut parts = set_cookie.split(';').map(str::trim_ascii);
    let cookie = parts.next().filter(|cookie| cookie.starts_with(COOKIE) && cookie.len() > COOKIE.len())?;
    let lifetime = parts.find_map(|part| {
        let (name, value) = part.split_once('=')?;
        name.eq_ignore_ascii_case("max-age")
            .then(|| value.parse::<u32>().ok())?
            .map(|seconds| Duration::from_secs(seconds.into()))
    });
    Some((cookie.to_owned(), lifetime))
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_and_its_lifetime() {
        let cookie =
            "AuthSession=YWRtaW46; Version=1; Expires=Sun, 22 Nov 2026 22:10:00 GMT; Max-Age=600; Path=/; HttpOnly";
        assert_eq!(auth_session(cookie), Some(("AuthSession=YWRtaW46".to_owned(), Some(Duration::from_secs(600)))));
        assert_eq!(auth_session("AuthSession=x"), Some(("AuthSession=x".to_owned(), None)));
        assert_eq!(auth_session("Other=x; Max-Age=3"), None);
    }
}
