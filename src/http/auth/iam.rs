//! IBM Cloud's tokens for an API key.

use std::rc::Rc;

use js_sys::encode_uri_component;
use wasm_bindgen::JsValue;

use super::bearer::is_token;
use super::refresh::Pass;
use super::refresh::{Obtaining, Renewed};
use crate::http::abort::Abort;
use crate::http::failure::{Code, Failure};
use crate::http::transport::{Fetch, Transport};
use rows::json::{string, value_in};
use rows::text::text;

/// Where IBM Cloud gives out tokens.
pub const TOKEN_URL: &str = "https://iam.cloud.ibm.com/identity/token";

/// Seconds a token lives where the server does not say.
const DEFAULT_LIFE: f64 = 3600.0;

/// An API key, and the token it was exchanged for.
pub struct Iam {
    pub api_key: String,
    token_url: String,
    pub(super) renewed: Rc<Renewed>,
}

impl Iam {
    /// Asks for no token yet.
    pub fn new(api_key: String, token_url: String) -> Iam {
        Iam { api_key, token_url, renewed: Rc::default() }
    }

    /// The token for the key.
    pub fn obtain(&self, transport: &Transport) -> Obtaining {
        // Cookies are for the database server alone.
        let transport = Transport { credentials: None, ..transport.clone() };
        Box::pin(token(transport, self.token_url.clone(), self.api_key.clone()))
    }
}

async fn token(transport: Transport, url: String, api_key: String) -> Result<Pass, Failure> {
    let api_key = String::from(encode_uri_component(&api_key));
    let grant_type = "grant_type=urn:ibm:params:oauth:grant-type:apikey&response_type=cloud_iam&apikey=";
    let form = text(&[grant_type, &api_key]);
    let headers = vec![("Content-Type", "application/x-www-form-urlencoded")];
    let request = Fetch { method: "POST", url, headers, body: Some(&form) };
    let (_, mut body) = transport.send(&request, &Abort::default()).await.map_err(refused)?;
    let object = body.object().await?;
    let field = |name| value_in(&object, name).ok().flatten();
    let token = field("access_token").and_then(string).filter(|token| is_token(token));
    let life = field("expires_in").and_then(|value| std::str::from_utf8(value).ok()?.parse::<u32>().ok());
    match token {
        Some(token) => {
            transport.secrets.add(&token, true);
            let header = ("Authorization", text(&["Bearer ", &token]));
            Ok(Pass::good_for(life.map_or(DEFAULT_LIFE, f64::from), Some(header)))
        }
        None => {
            let message = "the token server's answer has no access_token";
            Err(body.fault(Code::InvalidResponse, message, JsValue::UNDEFINED))
        }
    }
}

/// The token server says of a wrong key that the request is bad; it is the key that is.
fn refused(failure: Failure) -> Failure {
    match failure {
        Failure::Fault(mut fault) if matches!(fault.status, Some(400 | 401 | 403)) => {
            fault.code = Code::Unauthorized;
            Failure::Fault(fault)
        }
        other => other,
    }
}
