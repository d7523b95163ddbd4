//! CouchDB's cookie sessions.
//!
//! Outside of browsers the cookie is kept and sent by us. In a browser it cannot be seen: the browser keeps it, and sends
//! it since the requests say `credentials: "include"`.

use std::rc::Rc;

use wasm_bindgen::prelude::*;

use super::refresh::Pass;
use super::refresh::{Obtaining, Renewed};
use crate::http::abort::Abort;
use crate::http::address::Address;
use crate::http::failure::{Code, Failure};
use crate::http::transport::{Fetch, Transport};
use rows::json::{ObjectWriter, value_in, write_string};

/// Seconds a session lives where its cookie does not say: CouchDB's default.
const DEFAULT_LIFE: f64 = 600.0;

/// Name and password, and the session they opened.
pub struct Session {
    pub username: String,
    pub password: String,
    pub(super) renewed: Rc<Renewed>,
}

impl Session {
    /// Opens no session yet.
    pub fn new(username: String, password: String) -> Session {
        Session { username, password, renewed: Rc::default() }
    }

    /// The session's cookie, from `POST /_session`.
    pub fn obtain(&self, address: &Address, transport: &Transport) -> Obtaining {
        Box::pin(log_in(transport.clone(), address.join("/_session"), self.credentials()))
    }

    /// The pass to leave the session with, if there is one; it is not used again.
    pub fn leave(&self) -> Option<Pass> {
        self.renewed.take()
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
    // `catch` makes wasm-bindgen import it through its glue; without, the wasm itself would want the file's module.
    #[wasm_bindgen(js_name = keepsCookies, catch)]
    fn keeps_cookies() -> Result<bool, JsValue>;
}

/// Whether the platform keeps cookies itself and lets nobody else: browsers do.
pub fn is_kept_by_the_platform() -> bool {
    keeps_cookies() == Ok(true)
}

async fn log_in(transport: Transport, url: String, credentials: String) -> Result<Pass, Failure> {
    let headers = vec![("Content-Type", "application/json")];
    let request = Fetch { method: "POST", url, headers, body: Some(&credentials) };
    let (response, mut body) = transport.send(&request, &Abort::default()).await?;
    let object = body.object().await?;
    let failed = |message: &str, cause| Err(body.fault(Code::InvalidResponse, message, cause));
    if value_in(&object, "ok") != Ok(Some(b"true")) {
        return Err(body.foreign("this is not CouchDB's answer to a login", &object));
    }
    let cookie = response.set_cookies().iter().find_map(|cookie| auth_session(cookie));
    let Some((cookie, life)) = cookie else {
        if is_kept_by_the_platform() {
            return Ok(Pass::unlimited(None));
        }
        let message = "the server accepted the login and sent no AuthSession cookie; does a proxy, or the `fetch` option, remove it?";
        return failed(message, JsValue::UNDEFINED);
    };
    transport.secrets.add(cookie.strip_prefix(COOKIE).unwrap_or_default(), true);
    // It has to be sent back.
    let sent_back = web_sys::Headers::new().and_then(|headers| headers.set("Cookie", &cookie));
    if let Err(cause) = sent_back {
        return failed("the server's AuthSession cookie is not one that HTTP allows", cause);
    }
    Ok(Pass::good_for(life.unwrap_or(DEFAULT_LIFE), Some(("Cookie", cookie))))
}

/// How the cookie of a session begins.
const COOKIE: &str = "AuthSession=";

/// `AuthSession=…` of a `Set-Cookie`, and for how many seconds it is good.
fn auth_session(set_cookie: &str) -> Option<(String, Option<f64>)> {
    let mut parts = set_cookie.split(';').map(str::trim_ascii);
    let cookie = parts.next().filter(|cookie| cookie.starts_with(COOKIE) && cookie.len() > COOKIE.len())?;
    let life = parts.find_map(|part| {
        let (name, value) = part.split_once('=')?;
        name.eq_ignore_ascii_case("max-age").then(|| value.parse::<u32>().ok())?.map(f64::from)
    });
    Some((cookie.to_owned(), life))
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::auth_session;

    #[test]
    fn the_cookie_and_its_life() {
        let cookie =
            "AuthSession=YWRtaW46; Version=1; Expires=Sun, 22 Nov 2026 22:10:00 GMT; Max-Age=600; Path=/; HttpOnly";
        assert_eq!(auth_session(cookie), Some(("AuthSession=YWRtaW46".to_owned(), Some(600.0))));
        assert_eq!(auth_session("AuthSession=x"), Some(("AuthSession=x".to_owned(), None)));
        assert_eq!(auth_session("Other=x; Max-Age=3"), None);
    }
}
