//! A replication as `createReplication()` accepts it, as a replication document.

use gloo_net::http::Method;
use js_sys::{JSON, Object, RangeError};
use wasm_bindgen::prelude::*;

use super::endpoint_auth::{ForReplicator, for_replicator};
use super::replication::check_written;
use crate::http::{Request, Requester};
use crate::js::reflect::{member, set_member};
use crate::js::rows::{object, parse};
use scheduler_core::endpoints::{self, Query, is_database_name};

/// Writes `document` to `database`: `PUT /{db}/{id}`, or `POST /{db}` where the server chooses the id. An end that is a bare name
/// is a database on the same server: CouchDB requires its URL and credentials. The request is sent once: whether an interrupted
/// attempt was successful is unknown.
pub async fn create_replication(
    requester: &Requester,
    database: &str,
    document: &Object,
    id: Option<&str>,
) -> Result<JsValue, JsValue> {
    for name in ["source", "target"] {
        let end = resolved(requester, "createReplication", name, member(document, name)?).await?;
        set_member(document, name, &end)?;
    }
    let (method, path) = match id {
        Some(id) => (Method::PUT, endpoints::document(database, id, &Query::default())),
        None => (Method::POST, endpoints::database(database)),
    };
    let request = Request::get(path).with_method(method).with_body(JSON::stringify(document)?.into());
    let (answer, body) = requester.object_once(&request).await?;
    check_written(&answer, id, &body)?;
    parse(&answer).map_err(|error| body.not_json(error).into())
}

/// One end as CouchDB requires it, for an argument of `call`. A URL, or an object with one, is unchanged.
pub async fn resolved(requester: &Requester, call: &str, name: &str, value: JsValue) -> Result<JsValue, JsValue> {
    let url = if value.is_object() { member(&value, "url")? } else { value.clone() };
    let url = url.as_string().unwrap_or_default();
    if url.starts_with("http://") || url.starts_with("https://") {
        return Ok(value);
    }
    if !is_database_name(&url) {
        // The value is not shown: it could be a URL without its beginning, with a password.
        let expected = " must be a URL that begins with http:// or https://, or the name of a database on this server";
        return Err(RangeError::new(&[call, ": ", name, expected].concat()).into());
    }
    let end = Object::new();
    match for_replicator(requester).await? {
        Some(ForReplicator::Auth(auth)) => set_member(&end, "auth", &parse(&auth)?)?,
        Some(ForReplicator::Authorization(value)) => {
            set_member(&end, "headers", &object([("Authorization", value.into())]))?
        }
        None => false,
    };
    if value.is_object() {
        // The caller's members take precedence over the client's.
        Object::assign(&end, value.unchecked_ref());
    }
    set_member(&end, "url", &requester.server.address.join(&endpoints::database(&url)).into())?;
    Ok(end.into())
}
