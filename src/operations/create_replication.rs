//! A replication as `createReplication()` accepts it, as a replication document.

use js_sys::{JSON, Object, RangeError};
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

use super::endpoint_auth::{ForReplicator, for_replicator};
use super::replication::check_written;
use crate::http::{Call, Connection};
use crate::js::reflect::{member, set_member};
use crate::js::rows::{object, parse};
use rows::text::text;
use scheduler_core::endpoints::{self, Query, is_database_name};

/// Writes `document` to `database`: `PUT /{db}/{id}`, or `POST /{db}` where the server chooses the id. An end that is a bare name
/// is a database on `connection`'s server: CouchDB wants its URL, and the credentials to go there with. It is sent once: whether
/// an attempt that broke off was successful cannot be told.
pub async fn create_replication(
    connection: &Connection,
    database: &str,
    document: &Object,
    id: Option<&str>,
    signal: Option<AbortSignal>,
) -> Result<JsValue, JsValue> {
    for name in ["source", "target"] {
        let end = resolved(connection, name, member(document, name)?, signal.as_ref()).await?;
        set_member(document, name, &end)?;
    }
    let (method, path) = match id {
        Some(id) => ("PUT", endpoints::document(database, id, &Query::default())),
        None => ("POST", endpoints::database(database)),
    };
    let call = Call { method, body: Some(JSON::stringify(document)?.into()), ..Call::get(path, signal) };
    let (answer, body) = connection.object_once(&call).await?;
    check_written(&answer, id, &body)?;
    parse(&answer).map_err(|error| body.not_json(error).into())
}

/// One end as CouchDB wants it: a URL, or an object with one, stays as it is.
async fn resolved(
    connection: &Connection,
    name: &str,
    value: JsValue,
    signal: Option<&AbortSignal>,
) -> Result<JsValue, JsValue> {
    let url = if value.is_object() { member(&value, "url")? } else { value.clone() };
    let url = url.as_string().unwrap_or_default();
    if url.starts_with("http://") || url.starts_with("https://") {
        return Ok(value);
    }
    if !is_database_name(&url) {
        // What was passed is not shown: it could be a URL without its beginning, with a password.
        let expected = " must be a URL that begins with http:// or https://, or the name of a database on this server";
        return Err(RangeError::new(&text(&["createReplication: ", name, expected])).into());
    }
    let end = Object::new();
    match for_replicator(connection, signal).await? {
        Some(ForReplicator::Auth(auth)) => set_member(&end, "auth", &parse(&auth)?)?,
        Some(ForReplicator::Authorization(value)) => {
            set_member(&end, "headers", &object([("Authorization", value.into())]))?
        }
        None => false,
    };
    if value.is_object() {
        // What was given with the name takes precedence over what is ours.
        Object::assign(&end, value.unchecked_ref());
    }
    set_member(&end, "url", &connection.address.join(&endpoints::database(&url)).into())?;
    Ok(end.into())
}
