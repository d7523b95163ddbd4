//! One server: where it is, and how requests to it are authenticated.

use gloo_net::http::Method;

use super::abort::Abort;
use super::address::Address;
use super::auth::{Auth, Credential};
use super::failure::Failure;
use super::request::Request;
use super::request_info::RequestInfo;
use super::transport::{Fetch, Transport};

/// A server, and the settings of requests to it.
pub struct Server {
    /// Its URL
    pub address: Address,
    /// How to authenticate, if at all
    pub auth: Option<Auth>,
    /// Sent with each request; names and values are valid
    pub headers: Vec<(String, String)>,
    /// Maximum number of further attempts after a transient error
    pub retries: u64,
    /// How requests are sent
    pub transport: Transport,
}

impl Server {
    /// Ends the session, if there is one.
    pub async fn close(&self) -> Result<(), Failure> {
        let Some(Auth::Session(session)) = &self.auth else { return Ok(()) };
        let Some(credential) = session.leave() else { return Ok(()) };
        let request = Request::get("/_session".to_owned()).with_method(Method::DELETE);
        self.transport.send(&self.fetch(&request, &credential), &Abort::default()).await.map(drop)
    }

    /// What `fetch` is called with for `request`.
    pub(super) fn fetch<'a>(&'a self, request: &'a Request, credential: &'a Credential) -> Fetch<'a> {
        let mut headers = Vec::new();
        headers.extend(credential.header());
        if request.body.is_some() {
            headers.push(("Content-Type", "application/json"));
        }
        headers.extend(self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        let url = self.address.join(&request.path);
        Fetch { method: request.method.clone(), url, headers, body: request.body.as_deref() }
    }

    /// What errors say about `request`.
    pub(super) fn info(&self, request: &Request) -> RequestInfo {
        RequestInfo::new(request.method.clone(), &self.address.join(&request.path), &self.transport.secrets)
    }
}
