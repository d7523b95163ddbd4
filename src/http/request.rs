//! A request to a server.

use gloo_net::http::Method;

use rows::json::{string, value_in};

/// One request.
pub struct Request {
    /// HTTP method
    pub method: Method,
    /// Path and query, following the server's address
    pub path: String,
    /// JSON to send
    pub body: Option<String>,
    /// What the response has to be
    pub expected: Expected,
}

/// What an object has to be to count as the response: caches, proxies and other servers respond with 200, too.
pub enum Expected {
    /// An object or an array
    Json,
    /// An object
    Object,
    /// A list with all the rows that its `total_rows` counts
    AllRows,
    /// An object with this member
    Member(&'static str),
    /// The row or document in which this member has this value
    Row(&'static str, String),
}

impl Request {
    /// A GET of `path`.
    pub fn get(path: String) -> Request {
        Request { method: Method::GET, path, body: None, expected: Expected::Object }
    }

    /// The same request with another method.
    pub fn with_method(self, method: Method) -> Request {
        Request { method, ..self }
    }

    /// The same request, with this JSON as its body.
    pub fn with_body(self, body: String) -> Request {
        Request { body: Some(body), ..self }
    }

    /// The same request, with a response that has to be this.
    pub fn expecting(self, expected: Expected) -> Request {
        Request { expected, ..self }
    }
}

impl Expected {
    /// Whether `object` is what was expected.
    pub fn is_met_by(&self, object: &[u8]) -> bool {
        match self {
            Expected::Json | Expected::Object | Expected::AllRows => true,
            Expected::Member(name) => matches!(value_in(object, name), Ok(Some(value)) if value != b"null"),
            Expected::Row(name, id) => {
                value_in(object, name).ok().flatten().and_then(string).is_some_and(|found| found == id.as_str())
            }
        }
    }
}
