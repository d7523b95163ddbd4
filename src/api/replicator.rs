//! `Replicator`: starting replications and stopping them.

use std::rc::Rc;

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

use super::arguments::{Options, replication_id, segment};
use super::client::Client;
use super::follow::{FOLLOW_OPTIONS, Follower, Wanted};
use super::new_replication::new_document;
use super::objects::{DOCUMENTS, parse, whole};
use super::replications::ReplicationsReader;
use super::row_source::{Reader, RowIterator, iterate};
use super::scheduler::row_call;
use crate::http::{Body, Call, Code, Connection, Expected, Failure};
use crate::promise::promise;
use crate::rows::{Malformed, string, value_in};
use crate::scheduler::endpoints::{self, Query};
use crate::scheduler::watch::state;

/// How often a document that changes all the time is tried to be deleted.
const MOST_CONFLICTS: u32 = 10;

/// Starts replications on one server, follows them, and stops them, by writing documents to a replicator database.
#[wasm_bindgen(skip_typescript)]
pub struct Replicator {
    connection: Rc<Connection>,
}

#[wasm_bindgen]
impl Replicator {
    /// `new Replicator(client)`, or `new Replicator(url, options)` with the options of a `Client`.
    #[wasm_bindgen(constructor)]
    pub fn new(server: &JsValue, options: JsValue) -> Result<Replicator, JsValue> {
        Ok(Replicator { connection: Client::connection_of("new Replicator", server, options)? })
    }

    /// A handle on its client, for the `client` of pkg-template/methods.js.
    #[wasm_bindgen(js_name = __client)]
    pub fn client(&self) -> Client {
        Client::on(&self.connection)
    }

    /// `PUT /{db}/{id}`, or `POST /{db}` where no id is given: writes a replication document. It is sent once: whether an
    /// attempt that broke off was successful cannot be told.
    #[wasm_bindgen(js_name = createReplication)]
    pub fn create_replication(&self, replication: JsValue, options: JsValue) -> Promise {
        let connection = Rc::clone(&self.connection);
        promise(async move {
            let options = Options::of("createReplication", options, &["database", "signal"])?;
            let (database, signal) = (options.database()?, options.signal()?);
            let document = new_document(&connection, &replication, signal.as_ref()).await?;
            let (method, path) = match &document.id {
                Some(id) => ("PUT", endpoints::document(&database, id, &Query::default())),
                None => ("POST", endpoints::database(&database)),
            };
            let call = Call { method, body: Some(document.json), ..Call::get(path, signal) };
            let (answer, body) = connection.object_once(&call).await?;
            check_written(&answer, document.id.as_deref(), &body)?;
            parse(&answer).map_err(|error| body.not_json(error).into())
        })
    }

    /// `GET /{db}/{id}`: one replication document as it was written, with its credentials masked.
    #[wasm_bindgen(js_name = getReplication)]
    pub fn get_replication(&self, id: JsValue, options: JsValue) -> Promise {
        let connection = Rc::clone(&self.connection);
        promise(async move {
            let (database, id, signal) = target("getReplication", &id, options)?;
            let (document, body, _) = read(&connection, &database, &id, signal).await?;
            // As the row of a list, whose documents are masked.
            let row = [b"{\"doc\":", document.as_slice(), b"}"].concat();
            whole(&row, &DOCUMENTS).map_err(|error| body.not_json(error).into())
        })
    }

    /// `GET /{db}/_all_docs?include_docs=true`: an async iterator over the replication documents as they were written, in
    /// doc-id order, with their credentials masked.
    #[wasm_bindgen(js_name = listReplications)]
    pub fn list_replications(&self, options: JsValue) -> RowIterator {
        let options = Options::of("listReplications", options, &["database", "signal"]);
        iterate(true, options, &|options, leash| {
            let reader = ReplicationsReader::new(Rc::clone(&self.connection), options.database()?, leash.signal());
            Ok(Reader::Replications(Box::new(reader)))
        })
    }

    /// `GET /_scheduler/docs/{db}/{docid}`: the state of one replication; null where the server does not know it yet.
    #[wasm_bindgen(js_name = replicationState)]
    pub fn replication_state(&self, id: JsValue, options: JsValue) -> Promise {
        let connection = Rc::clone(&self.connection);
        let call = row_call("replicationState", "id", &id, options);
        promise(async move {
            let (row, body) = connection.object(&call?).await?;
            let state = state(&row).map_err(|Malformed| body.not_json(JsValue::UNDEFINED))?;
            Ok(state.map_or(JsValue::NULL, JsValue::from))
        })
    }

    /// An async iterator over the changes of one replication, until it has ended.
    #[wasm_bindgen(js_name = followReplication)]
    pub fn follow_replication(&self, id: JsValue, options: JsValue) -> RowIterator {
        let options = Options::of("followReplication", options, FOLLOW_OPTIONS);
        iterate(false, options, &|options, leash| {
            let wanted = Wanted::of(options, segment("followReplication", "id", &id)?)?;
            let follower = Follower::new(Rc::clone(&self.connection), wanted, false, Some(&leash.signal()))?;
            Ok(Reader::Follower(Box::new(follower)))
        })
    }

    /// `DELETE /{db}/{id}` with the document's present revision: ends the replication, and its document with it.
    #[wasm_bindgen(js_name = stopReplication)]
    pub fn stop_replication(&self, id: JsValue, options: JsValue) -> Promise {
        let connection = Rc::clone(&self.connection);
        promise(async move {
            let (database, id, signal) = target("stopReplication", &id, options)?;
            delete(&connection, &database, &id, signal).await?;
            Ok(JsValue::UNDEFINED)
        })
    }
}

/// Deletes a document, however often the server writes a state to it meanwhile.
async fn delete(connection: &Connection, database: &str, id: &str, signal: Option<AbortSignal>) -> Result<(), Failure> {
    let mut retry = connection.retry(signal.clone());
    // An attempt that broke off can have been successful.
    let mut perhaps_deleted = false;
    let mut conflicts = 0;
    loop {
        let (document, body, rev) = match read(connection, database, id, signal.clone()).await {
            Err(Failure::Fault(fault)) if perhaps_deleted && fault.is_missing_document() => return Ok(()),
            answer => answer?,
        };
        if !has(&document, "source") || !has(&document, "target") {
            let message = "this document is not a replication: it has no source or no target. It was not deleted";
            return Err(body.fault(Code::BadRequest, message, JsValue::UNDEFINED));
        }
        let path = endpoints::document(database, id, &Query::default().with("rev", Some(&rev)));
        let call = Call { method: "DELETE", ..Call::get(path, signal.clone()) };
        match connection.object_once(&call).await {
            Ok((answer, body)) => return check_written(&answer, Some(id), &body),
            Err(Failure::Fault(fault)) if fault.status == Some(409) && conflicts < MOST_CONFLICTS => conflicts += 1,
            Err(Failure::Fault(fault)) if perhaps_deleted && fault.is_missing_document() => return Ok(()),
            Err(failure) => {
                retry.after(failure).await?;
                perhaps_deleted = true;
            }
        }
    }
}

/// The database, id and signal of a call about one document.
fn target(
    call: &'static str,
    id: &JsValue,
    options: JsValue,
) -> Result<(String, String, Option<AbortSignal>), JsValue> {
    let id = replication_id(call, id)?;
    let options = Options::of(call, options, &["database", "signal"])?;
    Ok((options.database()?, id, options.signal()?))
}

/// `GET /{db}/{id}`: a document, and its revision.
async fn read(
    connection: &Connection,
    database: &str,
    id: &str,
    signal: Option<AbortSignal>,
) -> Result<(Vec<u8>, Body, String), Failure> {
    let call = Call::get(endpoints::document(database, id, &Query::default()), signal);
    let (document, body) = connection.object(&call.expecting(Expected::Row("_id", id.to_owned()))).await?;
    match text_in(&document, "_rev") {
        Some(rev) => Ok((document, body, rev)),
        None => Err(body.foreign("this is not CouchDB's answer, which would have a _rev", &document)),
    }
}

/// Whether the answer says that a document was written: this one, if its id is known.
fn check_written(answer: &[u8], id: Option<&str>, body: &Body) -> Result<(), Failure> {
    let is_ok = value_in(answer, "ok") == Ok(Some(b"true"));
    if is_ok && is_text(answer, "id", id) && text_in(answer, "rev").is_some() {
        return Ok(());
    }
    Err(body.foreign("this is not CouchDB's answer; whether the document was written is unknown", answer))
}

/// Whether a member is `expected`; any text that is not empty, if that is not known.
fn is_text(object: &[u8], name: &str, expected: Option<&str>) -> bool {
    text_in(object, name).is_some_and(|text| expected.is_none_or(|expected| text == expected))
}

/// A member that is a text, and not an empty one.
fn text_in(object: &[u8], name: &str) -> Option<String> {
    let text = value_in(object, name).ok().flatten().and_then(string)?;
    Some(text.into_owned()).filter(|text| !text.is_empty())
}

fn has(object: &[u8], name: &str) -> bool {
    value_in(object, name)
        .is_ok_and(|value| value.is_some_and(|value| value.starts_with(b"\"") || value.starts_with(b"{")))
}
