//! A replication as `createReplication()` accepts it, as a replication document.

use js_sys::{JSON, Object, RangeError};
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

use super::arguments::{is_database_name, replication_id};
use super::objects::{object, parse};
use crate::http::Connection;
use crate::http::auth::ForReplicator;
use crate::members::{member, set_member};
use crate::scheduler::endpoints;
use crate::text::text;

const CALL: &str = "createReplication";

#[wasm_bindgen(module = "/pkg-template/new-replication.js")]
extern "C" {
    /// The document for a replication: known fields of the right types, and ends as they were given.
    #[wasm_bindgen(js_name = documentOf, catch)]
    fn document_of(replication: &JsValue) -> Result<Object, JsValue>;
}

/// A document that is not written yet.
pub struct NewDocument {
    /// Its id; where there is none the server chooses one.
    pub id: Option<String>,
    /// The document as JSON
    pub json: String,
}

/// The replication document for `replication`. An end that is a bare name is a database on `connection`'s server: CouchDB wants
/// its URL, and the credentials to go there with.
pub async fn new_document(
    connection: &Connection,
    replication: &JsValue,
    signal: Option<&AbortSignal>,
) -> Result<NewDocument, JsValue> {
    let document = document_of(replication)?;
    let id = member(&document, "_id")?;
    let id = if id.is_undefined() { None } else { Some(replication_id(CALL, &id)?) };
    for name in ["source", "target"] {
        let end = resolved(connection, name, member(&document, name)?, signal).await?;
        set_member(&document, name, &end)?;
    }
    Ok(NewDocument { id, json: JSON::stringify(&document)?.into() })
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
        return Err(RangeError::new(&text(&[CALL, ": ", name, expected])).into());
    }
    let end = Object::new();
    if let Some(auth) = &connection.auth {
        match auth.for_replicator(&connection.address, &connection.transport, signal).await? {
            Some(ForReplicator::Auth(auth)) => set_member(&end, "auth", &parse(&auth)?)?,
            Some(ForReplicator::Authorization(value)) => {
                set_member(&end, "headers", &object([("Authorization", value.into())]))?
            }
            None => false,
        };
    }
    if value.is_object() {
        // What was given with the name takes precedence over what is ours.
        Object::assign(&end, value.unchecked_ref());
    }
    set_member(&end, "url", &connection.address.join(&endpoints::database(&url)).into())?;
    Ok(end.into())
}
