//! A token from the caller.

use gloo_net::http::Method;
use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;

use super::refresh::Credential;
use crate::http::abort::{Abort, Stop};
use crate::http::address::Address;
use crate::http::failure::{Code, Failure};
use crate::http::request_info::RequestInfo;
use crate::http::transport::Transport;

#[wasm_bindgen(module = "/pkg-template/runtime/http.js")]
extern "C" {
    #[wasm_bindgen(js_name = tokenFrom, catch)]
    fn token_from(token: &Function) -> Result<Promise, JsValue>;
}

/// Where the token comes from.
pub enum Bearer {
    /// It is always the same.
    Token(String),
    /// The function is called for each request.
    Ask(Function),
}

impl Bearer {
    /// The current token.
    pub async fn credential(
        &self,
        address: &Address,
        transport: &Transport,
        abort: &Abort,
    ) -> Result<Credential, Failure> {
        let token = match self {
            Bearer::Token(token) => token.clone(),
            Bearer::Ask(function) => {
                let failed = |code, message: &str, cause| {
                    RequestInfo::new(Method::GET, address.as_str(), &transport.secrets).fault(code, message, cause)
                };
                let returned = match token_from(function) {
                    Ok(promise) => abort.child(transport.timeout).wait(promise).await,
                    Err(thrown) => Err(Stop::Rejected(thrown)),
                };
                let token = returned.map_err(|stop| match stop {
                    Stop::Aborted(reason) => Failure::Aborted(reason),
                    Stop::TimedOut => {
                        let message = "the function auth.token did not return a token within the `timeout`";
                        failed(Code::Timeout, message, JsValue::UNDEFINED)
                    }
                    Stop::Rejected(cause) => failed(Code::Unauthorized, "the function auth.token failed", cause),
                })?;
                let token = token.as_string().filter(|token| is_token(token)).ok_or_else(|| {
                    let message = "the function auth.token did not return a token";
                    failed(Code::Unauthorized, message, JsValue::UNDEFINED)
                })?;
                transport.secrets.add(&token, true);
                token
            }
        };
        Ok(Credential::permanent(Some(["Bearer ", &token].concat())))
    }
}

/// Whether it can be sent in a header.
pub fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}
