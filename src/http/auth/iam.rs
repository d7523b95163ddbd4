//! IBM Cloud's tokens for an API key.

use std::rc::Rc;
use std::time::Duration;

use gloo_net::http::Method;
use js_sys::encode_uri_component;
use wasm_bindgen::JsValue;

use super::bearer::is_token;
use super::refresh::{Credential, Refresh, Refreshable};
use crate::http::abort::Abort;
use crate::http::failure::{Code, Failure};
use crate::http::transport::{Fetch, Transport};
use rows::json::{string, value_in};

/// Where IBM Cloud issues tokens.
pub const TOKEN_URL: &str = "https://iam.cloud.ibm.com/identity/token";

/// The lifetime of a token if the server does not name one.
const DEFAULT_LIFETIME: Duration = Duration::from_secs(3600);

/// An API key, and the token it was exchanged for.
pub struct Iam {
    pub api_key: String,
    token_url: String,
    pub(super) refreshable: Rc<Refreshable>,
}

impl Iam {
    /// Requests no token yet.
    pub fn new(api_key: String, token_url: String) -> Iam {
        Iam { api_key, token_url, refreshable: Rc::default() }
    }

    /// Exchanges the key for a token.
    pub fn token(&self, transport: &Transport) -> Refresh {
        // Cookies are for the database server alone.
        let transport = Transport { credentials: None, ..transport.clone() };
        Box::pin(token(transport, self.token_url.clone(), self.api_key.clone()))
    }
}

async fn token(transport: Transport, url: String, api_key: String) -> Result<Credential, Failure> {
    let api_key = String::from(encode_uri_component(&api_key));
    let grant_type = "grant_type=urn:ibm:params:oauth:grant-type:apikey&response_type=cloud_iam&apikey=";
    let form = [grant_type, &api_key].concat();
    let headers = vec![("Content-Type", "application/x-www-form-urlencoded")];
    let request = Fetch { method: Method::POST, url, headers, body: Some(&form) };
    let (_, mut body) = transport.send(&request, &Abort::default()).await.map_err(refused)?;
    let object = body.object(false).await?;
    let field = |name| value_in(&object, name).ok().flatten();
    let token = field("access_token").and_then(string).filter(|token| is_token(token));
    let seconds = field("expires_in").and_then(|value| std::str::from_utf8(value).ok()?.parse::<u32>().ok());
    let lifetime = seconds.map_or(DEFAULT_LIFETIME, |seconds| Duration::from_secs(seconds.into()));
    match token {
        Some(token) => {
            transport.secrets.add(&token, true);
            let header = ("Authorization", ["Bearer ", &token].concat());
            Ok(Credential::expiring(lifetime, header))
        }
        None => {
            let message = "the token server's response has no access_token";
            Err(body.fault(Code::InvalidResponse, message, JsValue::UNDEFINED))
        }
    }
}

/// For a wrong key, the token server also responds with 400 or 403.
fn refused(failure: Failure) -> Failure {
    failure.map(|fault| {
        if matches!(fault.status, Some(400 | 401 | 403)) {
            fault.code = Code::Unauthorized;
        }
    })
}
