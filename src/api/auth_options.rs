//! The `auth` option of a client: credentials. No message repeats any of them.

use js_sys::{RangeError, TypeError};
use wasm_bindgen::prelude::*;

use super::options::{FromOption, OptionName, Options, options};
use super::validate::server_url;
use crate::http::Address;
use crate::http::auth::{Auth, Bearer, Iam, Session, TOKEN_URL, is_token};
use crate::js::reflect::member;

options! {
    /// HTTP Basic.
    struct BasicOptions {
        username: SecretText,
        password: SecretText,
    }
}

options! {
    /// A cookie session.
    struct SessionOptions tagged "type" {
        username: SecretText,
        password: SecretText,
    }
}

options! {
    /// IBM Cloud IAM.
    struct IamOptions tagged "type" {
        api_key as "apiKey": SecretText,
        token_url as "tokenUrl": TokenUrl,
    }
}

options! {
    /// A token that the caller obtains.
    struct BearerOptions tagged "type" {
        token: Bearer,
    }
}

impl FromOption for Auth {
    fn from_option(value: JsValue, name: OptionName) -> Result<Auth, JsValue> {
        let kind = if value.is_object() { member(&value, "type")? } else { JsValue::UNDEFINED };
        match kind.as_string().as_deref() {
            Some("session") => {
                let SessionOptions { username, password } = Options::parse("auth", "auth", value)?;
                Ok(Auth::Session(Session::new(required("username", username)?, required("password", password)?)))
            }
            Some("iam") => {
                let IamOptions { api_key, token_url } = Options::parse("auth", "auth", value)?;
                let token_url = token_url.map_or_else(|| TOKEN_URL.to_owned(), |TokenUrl(url)| url);
                Ok(Auth::Iam(Iam::new(required("apiKey", api_key)?, token_url)))
            }
            Some("bearer") => {
                let BearerOptions { token } = Options::parse("auth", "auth", value)?;
                token.map(Auth::Bearer).ok_or_else(|| no_string("token"))
            }
            _ if kind.is_undefined() => basic(value),
            _ => {
                let expected = "\"session\", \"iam\", \"bearer\", or left out";
                Err(OptionName { name: "auth.type", ..name }.type_error(expected, &kind))
            }
        }
    }
}

fn basic(value: JsValue) -> Result<Auth, JsValue> {
    let BasicOptions { username, password } = Options::parse("auth", "auth", value)?;
    let (username, password) = (required("username", username)?, required("password", password)?);
    if username.contains(':') {
        let message =
            "auth: username must not contain a colon, which ends it in HTTP Basic; use { type: \"session\" } instead";
        return Err(RangeError::new(message).into());
    }
    Ok(Auth::Basic { username, password })
}

/// A string that may be a password, also where it is in the wrong place.
struct SecretText(String);

impl FromOption for SecretText {
    fn from_option(value: JsValue, name: OptionName) -> Result<SecretText, JsValue> {
        value.as_string().map(SecretText).ok_or_else(|| no_string(name.name))
    }
}

fn required(name: &str, secret: Option<SecretText>) -> Result<String, JsValue> {
    secret.map(|SecretText(text)| text).ok_or_else(|| no_string(name))
}

fn no_string(name: &str) -> JsValue {
    TypeError::new(&["auth: ", name, " must be a string"].concat()).into()
}

impl FromOption for Bearer {
    fn from_option(value: JsValue, name: OptionName) -> Result<Bearer, JsValue> {
        let value = match value.dyn_into() {
            Ok(function) => return Ok(Bearer::Ask(function)),
            Err(value) => value,
        };
        let SecretText(token) = SecretText::from_option(value, name)?;
        if is_token(&token) {
            return Ok(Bearer::Token(token));
        }
        Err(RangeError::new("auth: token must consist of visible ASCII characters, as HTTP requires").into())
    }
}

/// The URL of a token server.
struct TokenUrl(String);

impl FromOption for TokenUrl {
    fn from_option(value: JsValue, name: OptionName) -> Result<TokenUrl, JsValue> {
        let url = server_url(name.call, name.name, &value)?;
        let wrong = |expected| JsValue::from(TypeError::new(&["auth: tokenUrl must be ", expected].concat()));
        match Address::parse(&url) {
            Ok((_, None)) => Ok(TokenUrl(url)),
            Ok((_, Some(_))) => Err(wrong("a URL without user and password: the API key is sent in the body")),
            Err(expected) => Err(wrong(expected)),
        }
    }
}
