//! `Replicator`: starts, follows and stops replications.

use std::rc::Rc;

use js_sys::{Function, Object, Promise};
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

use super::client::Client;
use super::plans::follow_plan;
use super::row_stream::{BatchSource, RowStream};
use crate::http::{Requester, Server};
use crate::js::promise::promise;
use crate::js::reflect::member;
use crate::js::rows::{DOCUMENTS, to_object};
use crate::operations::create_replication::create_replication;
use crate::operations::follow::Follower;
use crate::operations::get_doc::doc_request;
use crate::operations::list_replications::ReplicationsReader;
use crate::operations::replication::read;
use crate::operations::stop_replication::stop_replication;
use rows::json::Malformed;
use scheduler_core::watch::state;

/// Starts replications on one server, follows them, and stops them, by writing documents to a replicator database.
#[wasm_bindgen(skip_typescript)]
pub struct Replicator {
    server: Rc<Server>,
}

#[wasm_bindgen]
impl Replicator {
    /// `new Replicator(client)`, or `new Replicator(url, options)` with the options of a `Client`.
    #[wasm_bindgen(constructor)]
    pub fn new(server: &JsValue, options: JsValue) -> Result<Replicator, JsValue> {
        Ok(Replicator { server: Client::server_of("new Replicator", server, options)? })
    }

    /// A handle to its client, for `client` in pkg-template/runtime/methods.js.
    #[wasm_bindgen(js_name = __client)]
    pub fn client(&self) -> Client {
        Client::on(&self.server)
    }

    /// `PUT /{db}/{id}`, or `POST /{db}` without an id: writes a replication document.
    #[wasm_bindgen(js_name = createReplication)]
    pub fn create_replication(&self, document: Object, database: String, signal: Option<AbortSignal>) -> Promise {
        let server = Rc::clone(&self.server);
        promise(async move {
            let id = member(&document, "_id")?.as_string();
            let requester = Requester::new(&server, signal.as_ref())?;
            create_replication(&requester, &database, &document, id.as_deref()).await
        })
    }

    /// `GET /{db}/{id}`: one replication document as it was written, with masked credentials.
    #[wasm_bindgen(js_name = getReplication)]
    pub fn get_replication(&self, id: String, database: String, signal: Option<AbortSignal>) -> Promise {
        let server = Rc::clone(&self.server);
        promise(async move {
            let requester = Requester::new(&server, signal.as_ref())?;
            let (document, body, _) = read(&requester, &database, &id).await?;
            // Like the row of a list: the documents of lists are masked.
            let row = [b"{\"doc\":", document.as_slice(), b"}"].concat();
            to_object(&row, &DOCUMENTS).map_err(|error| body.not_json(error).into())
        })
    }

    /// `GET /{db}/_all_docs?include_docs=true`: iterates over the replication documents as they were written.
    #[wasm_bindgen(js_name = listReplications)]
    pub fn list_replications(&self, database: String, signal: Option<AbortSignal>) -> Result<RowStream, JsValue> {
        let requester = Requester::new(&self.server, signal.as_ref())?;
        let reader = ReplicationsReader::new(requester.clone(), database);
        Ok(RowStream::of(true, BatchSource::Replications(Box::new(reader)), requester))
    }

    /// `GET /_scheduler/docs/{db}/{docid}`: the state of one replication; `null` if the server does not know it yet.
    #[wasm_bindgen(js_name = replicationState)]
    pub fn replication_state(&self, id: String, database: &str, signal: Option<AbortSignal>) -> Promise {
        let server = Rc::clone(&self.server);
        let request = doc_request(database, id);
        promise(async move {
            let (row, body) = Requester::new(&server, signal.as_ref())?.object(&request).await?;
            let state = state(&row).map_err(|Malformed| body.not_json(JsValue::UNDEFINED))?;
            Ok(state.map_or(JsValue::NULL, |state| state.as_str().into()))
        })
    }

    /// `GET /_scheduler/docs/{db}/{docid}`, repeatedly: iterates over the changes of one replication.
    #[wasm_bindgen(js_name = followReplication)]
    pub fn follow_replication(
        &self,
        id: String,
        until: Option<String>,
        interval: Option<f64>,
        timeout: Option<f64>,
        on_update: Option<Function>,
        database: String,
        signal: Option<AbortSignal>,
    ) -> Result<RowStream, JsValue> {
        let plan = follow_plan(id, until, interval, timeout, on_update, database);
        let requester = Requester::new(&self.server, signal.as_ref())?;
        let follower = Follower::new(&requester, plan, false);
        Ok(RowStream::of(false, BatchSource::Follower(Box::new(follower)), requester))
    }

    /// `DELETE /{db}/{id}`: stops the replication by deleting its document.
    #[wasm_bindgen(js_name = stopReplication)]
    pub fn stop_replication(&self, id: String, database: String, signal: Option<AbortSignal>) -> Promise {
        let server = Rc::clone(&self.server);
        promise(async move {
            let requester = Requester::new(&server, signal.as_ref())?;
            stop_replication(&requester, &database, &id).await?;
            Ok(JsValue::UNDEFINED)
        })
    }
}
