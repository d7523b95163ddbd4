//! A replication as `createReplication()` takes it, as a replication document.

use js_sys::{JSON, Object, RangeError, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

use super::arguments::{href, is_plain_object, replication_id, type_error};
use super::objects::{object, parse};
use crate::http::Connection;
use crate::http::auth::ForReplicator;
use crate::members::{keys, member, set_member};
use crate::rows::holds;
use crate::scheduler::endpoints;
use crate::text::text;

const CALL: &str = "createReplication";

/// JavaScript's names for fields of CouchDB that have another one. Every other name is passed on as it is.
const FIELDS: [(&str, &str); 18] = [
    ("id", "_id"),
    ("createTarget", "create_target"),
    ("createTargetParams", "create_target_params"),
    ("docIds", "doc_ids"),
    ("queryParams", "query_params"),
    ("sinceSeq", "since_seq"),
    ("useCheckpoints", "use_checkpoints"),
    ("checkpointInterval", "checkpoint_interval"),
    ("winningRevsOnly", "winning_revs_only"),
    ("useBulkGet", "use_bulk_get"),
    ("workerProcesses", "worker_processes"),
    ("workerBatchSize", "worker_batch_size"),
    ("httpConnections", "http_connections"),
    ("connectionTimeout", "connection_timeout"),
    ("retriesPerRequest", "retries_per_request"),
    ("socketOptions", "socket_options"),
    ("sourceProxy", "source_proxy"),
    ("targetProxy", "target_proxy"),
];

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
    if !is_plain_object(replication)? {
        return Err(type_error(CALL, "replication", "an object with source and target", replication));
    }
    let document = Object::new();
    for key in keys(replication)?.iter() {
        let name = key.as_string().unwrap_or_default();
        let value = Reflect::get(replication, &key)?;
        let value = match name.as_str() {
            "source" | "target" => continue,
            "id" | "_id" if !value.is_undefined() => replication_id(CALL, &value)?.into(),
            "_rev" => {
                let message =
                    "createReplication: _rev must be left out: an existing document is not overwritten, stop it first";
                return Err(RangeError::new(message).into());
            }
            _ => value,
        };
        let field = FIELDS.iter().find(|(ours, _)| *ours == name).map_or(name.as_str(), |(_, field)| *field);
        set_member(&document, field, &value)?;
    }
    for end in ["source", "target"] {
        let value = member(replication, end)?;
        set_member(&document, end, &endpoint(connection, end, value, signal).await?)?;
    }
    let id = member(&document, "_id")?.as_string();
    Ok(NewDocument { id, json: JSON::stringify(&document)?.into() })
}

/// One end: a URL, or an object with one, stays as it is.
async fn endpoint(
    connection: &Connection,
    name: &'static str,
    value: JsValue,
    signal: Option<&AbortSignal>,
) -> Result<JsValue, JsValue> {
    // A `URL` is one, too.
    let value = href(&value).filter(|_| value.is_object()).map_or(value, JsValue::from);
    let given = if value.is_object() { member(&value, "url")? } else { value.clone() };
    let Some(url) = given.as_string() else {
        let expected = "a URL, the name of a database on this server, or an object with a url";
        return Err(type_error(CALL, name, expected, &given));
    };
    if holds(&url, "://") {
        return Ok(value);
    }
    if !is_database_name(&url) {
        // What was passed is not shown: it could be a URL without its beginning, with a password.
        let expected = " must be a URL that begins with http:// or https://, or the name of a database on this server";
        let message = text(&[CALL, ": ", name, expected]);
        return Err(RangeError::new(&message).into());
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
        // What was given beside the name comes before what is ours.
        for key in keys(&value)?.iter() {
            Reflect::set(&end, &key, &Reflect::get(&value, &key)?)?;
        }
    }
    set_member(&end, "url", &connection.address.join(&endpoints::database(&url)).into())?;
    Ok(end.into())
}

/// What CouchDB takes for the name of a database.
fn is_database_name(name: &str) -> bool {
    let rest = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_$()+/-".contains(&byte);
    name.starts_with(|first: char| first.is_ascii_lowercase() || first == '_') && name.bytes().all(rest)
}
