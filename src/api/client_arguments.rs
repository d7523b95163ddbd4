//! The arguments of a client, which pkg-template/runtime/client-arguments.js has checked, as a server.

use std::time::Duration;

use js_sys::Array;
use wasm_bindgen::prelude::*;
use web_sys::RequestCredentials;

use super::arguments::Arguments;
use crate::http::auth::{Auth, Bearer, Iam, Session, TOKEN_URL, is_kept_by_the_platform};
use crate::http::{Address, Secrets, Server, Transport};
use crate::js::clock::duration;

/// The server that checked arguments describe.
pub fn server(checked: Array) -> Server {
    let mut args = Arguments::of(checked);
    let address = Address::new(args.name());
    let auth = auth(&mut args);
    let secrets = Secrets::none();
    for auth in [&auth, &unused_user_info(&mut args)].into_iter().flatten() {
        auth.hide_in(&secrets);
    }
    let headers = header_fields(&args.texts().unwrap_or_default());
    for (name, value) in &headers {
        secrets.add_header(name, value);
    }
    let credentials = args.value().and_then(|name| RequestCredentials::from_js_value(&name));
    let cookies = matches!(auth, Some(Auth::Session(_))) && is_kept_by_the_platform();
    let timeout = args.number().map(duration).filter(|limit| *limit > Duration::ZERO);
    let retries = args.count().unwrap_or_default();
    let transport = Transport {
        credentials: credentials.or(cookies.then_some(RequestCredentials::Include)),
        timeout,
        fetch: args.function(),
        secrets,
    };
    Server { address, auth, headers, retries, transport }
}

fn auth(args: &mut Arguments) -> Option<Auth> {
    let (kind, first, second) = (args.text(), args.value(), args.text());
    let (kind, first) = (kind?, first?);
    let text = first.as_string().unwrap_or_default();
    Some(match &*kind {
        "session" => Auth::Session(Session::new(text, second.unwrap_or_default())),
        "iam" => Auth::Iam(Iam::new(text, second.unwrap_or_else(|| TOKEN_URL.to_owned()))),
        "bearer" => Auth::Bearer(first.dyn_into().map_or(Bearer::Token(text), Bearer::Ask)),
        _ => Auth::Basic { username: text, password: second.unwrap_or_default() },
    })
}

/// Those of the URL, if there is an `auth` option: they are secrets nevertheless.
fn unused_user_info(args: &mut Arguments) -> Option<Auth> {
    let (username, password) = (args.text(), args.text());
    Some(Auth::Basic { username: username?, password: password? })
}

/// Names and values, which are in turn.
fn header_fields(texts: &[String]) -> Vec<(String, String)> {
    let mut texts = texts.iter().cloned();
    std::iter::from_fn(|| Some((texts.next()?, texts.next()?))).collect()
}
