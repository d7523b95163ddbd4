//! A token of the caller's own.

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

use super::Pass;
use crate::http::address::Address;
use crate::http::attempt::{Attempt, Stop};
use crate::http::exchange::Sent;
use crate::http::failure::{Code, Failure};
use crate::text::text;

/// Where the token comes from.
pub enum Bearer {
    /// It is always the same.
    Token(String),
    /// It is asked for anew for each request.
    Ask(Function),
}

impl Bearer {
    /// The token of this moment.
    pub async fn pass(&self, address: &Address, signal: Option<&AbortSignal>) -> Result<Pass, Failure> {
        let token = match self {
            Bearer::Token(token) => token.clone(),
            Bearer::Ask(ask) => {
                let refused =
                    |message: &str, cause| Sent::new("GET", address.as_str()).fault(Code::Unauthorized, message, cause);
                let given = ask.call0(&JsValue::UNDEFINED).map_err(Stop::Rejected);
                let given = match (given, Attempt::new(signal, f64::INFINITY)) {
                    (Ok(given), Ok(attempt)) => attempt.wait(Promise::resolve(&given)).await,
                    (Err(stop), _) | (_, Err(stop)) => Err(stop),
                };
                let token = match given {
                    Ok(token) => token,
                    Err(Stop::Aborted(reason)) => return Err(Failure::Aborted(reason)),
                    Err(Stop::TimedOut) => JsValue::UNDEFINED,
                    Err(Stop::Rejected(cause)) => return Err(refused("the function auth.token failed", cause)),
                };
                let token = token.as_string().filter(|token| is_token(token));
                token.ok_or_else(|| refused("the function auth.token gave no token", JsValue::UNDEFINED))?
            }
        };
        Ok(Pass::unlimited(Some(text(&["Bearer ", &token]))))
    }
}

/// Whether a header can hold it.
pub fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}
