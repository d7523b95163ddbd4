//! `Replicator`: starts, follows and stops replications.

use std::rc::Rc;

use js_sys::{Array, Object, Promise};
use wasm_bindgen::prelude::*;

use super::arguments::Arguments;
use super::client::Client;
use super::row_stream::{BatchSource, RowStream};
use crate::http::Server;
use crate::js::promise::promise;
use crate::js::reflect::member;
use crate::js::rows::{DOCUMENTS, to_object};
use crate::operations::create_replication::create_replication;
use crate::operations::follow::Follower;
use crate::operations::get_doc::doc_request;
use crate::operations::list_replications::ReplicationsReader;
use crate::operations::replication::{document_request, read};
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
    /// With a handle of its own to the client.
    #[wasm_bindgen(constructor)]
    pub fn new(client: Client) -> Replicator {
        Replicator { server: client.server }
    }

    /// A handle to its client, for `client` in pkg-template/runtime/methods.js.
    #[wasm_bindgen(js_name = __client)]
    pub fn client(&self) -> Client {
        Client::on(&self.server)
    }

    /// `PUT /{db}/{id}`, or `POST /{db}` without an id: writes a replication document.
    #[wasm_bindgen(js_name = createReplication)]
    pub fn create_replication(&self, args: Array) -> Promise {
        let server = Rc::clone(&self.server);
        let mut args = Arguments::of(args);
        promise(async move {
            let (document, database) = (Object::from(args.value().unwrap_or_default()), args.name());
            let id = member(&document, "_id")?.as_string();
            create_replication(&args.requester(&server)?, &database, &document, id.as_deref()).await
        })
    }

    /// `GET /{db}/{id}`: one replication document as it was written, with masked credentials.
    #[wasm_bindgen(js_name = getReplication)]
    pub fn get_replication(&self, args: Array) -> Promise {
        let server = Rc::clone(&self.server);
        let mut args = Arguments::of(args);
        promise(async move {
            let (id, database) = (args.name(), args.name());
            let requester = args.requester(&server)?;
            let (document, body, _) = read(&requester, &document_request(&database, id)).await?;
            // Like the row of a list: the documents of lists are masked.
            let row = [b"{\"doc\":", document.as_slice(), b"}"].concat();
            to_object(&row, &DOCUMENTS).map_err(|error| body.not_json(error).into())
        })
    }

    /// `GET /{db}/_all_docs?include_docs=true`: iterates over the replication documents as they were written.
    #[wasm_bindgen(js_name = listReplications)]
    pub fn list_replications(&self, args: Array) -> Result<RowStream, JsValue> {
        let mut args = Arguments::of(args);
        let database = args.name();
        let requester = args.requester(&self.server)?;
        let reader = ReplicationsReader::new(requester.clone(), database);
        Ok(RowStream::of(true, BatchSource::Replications(Box::new(reader)), requester))
    }

    /// `GET /_scheduler/docs/{db}/{docid}`: the state of one replication; `null` if the server does not know it yet.
    #[wasm_bindgen(js_name = replicationState)]
    pub fn replication_state(&self, args: Array) -> Promise {
        let server = Rc::clone(&self.server);
        let mut args = Arguments::of(args);
        promise(async move {
            let (id, database) = (args.name(), args.name());
            let (row, body) = args.requester(&server)?.object(&doc_request(&database, id)).await?;
            let state = state(&row).map_err(|Malformed| body.not_json(JsValue::UNDEFINED))?;
            Ok(state.map_or(JsValue::NULL, |state| state.as_str().into()))
        })
    }

    /// `GET /_scheduler/docs/{db}/{docid}`, repeatedly: iterates over the changes of one replication.
    #[wasm_bindgen(js_name = followReplication)]
    pub fn follow_replication(&self, args: Array) -> Result<RowStream, JsValue> {
        let mut args = Arguments::of(args);
        let plan = args.follow_plan();
        let requester = args.requester(&self.server)?;
        let follower = Follower::new(&requester, plan, false);
        Ok(RowStream::of(false, BatchSource::Follower(Box::new(follower)), requester))
    }

    /// `DELETE /{db}/{id}`: stops the replication by deleting its document.
    #[wasm_bindgen(js_name = stopReplication)]
    pub fn stop_replication(&self, args: Array) -> Promise {
        let server = Rc::clone(&self.server);
        let mut args = Arguments::of(args);
        promise(async move {
            let (id, database) = (args.name(), args.name());
            stop_replication(&args.requester(&server)?, &database, &id).await?;
            Ok(JsValue::UNDEFINED)
        })
    }
}
