//! `Scheduler`: what the replications of one server are doing.

use std::rc::Rc;

use js_sys::{Array, Promise, SyntaxError};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

use super::arguments::{Options, segment};
use super::client::Client;
use super::objects::{WriteRow, object, parse, take_rows};
use crate::http::{Call, Code, Connection, List};
use crate::scheduler::docs::write_doc;
use crate::scheduler::endpoints::{self, Query};
use crate::scheduler::jobs::write_job;

/// Asks one server about its replications. Every method returns a promise of plain objects; every endpoint behind them needs
/// a server admin.
#[wasm_bindgen(skip_typescript)]
pub struct Scheduler {
    connection: Rc<Connection>,
}

#[wasm_bindgen]
impl Scheduler {
    /// `new Scheduler(client)`, or `new Scheduler(url, options)` with the options of a `Client`.
    #[wasm_bindgen(constructor)]
    pub fn new(server: &JsValue, options: JsValue) -> Result<Scheduler, JsValue> {
        Ok(Scheduler { connection: Client::connection_of("new Scheduler", server, options)? })
    }

    /// `GET /_scheduler/docs/{db}`: the documents of a replicator database with their states, in doc-id order.
    #[wasm_bindgen(js_name = listDocs)]
    pub fn list_docs(&self, options: JsValue) -> Promise {
        let connection = Rc::clone(&self.connection);
        future_to_promise(async move {
            let options = Options::of("listDocs", options, &["limit", "skip", "states", "database", "signal"])?;
            let states = options.states()?;
            let none = states.as_ref().is_some_and(Vec::is_empty);
            let query = Query::default()
                .with("limit", if none { Some(0) } else { options.count("limit")? })
                .with("skip", options.count("skip")?)
                .with("states", states.map(|states| states.join(",")));
            let call = Call::get(endpoints::docs(&options.database()?, &query), options.signal()?);
            list(&connection, call, "docs", write_doc).await
        })
    }

    /// `GET /_scheduler/docs/{db}/{docid}`: one document with its state.
    #[wasm_bindgen(js_name = getDoc)]
    pub fn get_doc(&self, doc_id: JsValue, options: JsValue) -> Promise {
        let connection = Rc::clone(&self.connection);
        future_to_promise(async move {
            let doc_id = segment("getDoc", "docId", &doc_id)?;
            let options = Options::of("getDoc", options, &["database", "signal"])?;
            let call = Call::get(endpoints::doc(&options.database()?, &doc_id), options.signal()?);
            one(&connection, call, write_doc).await
        })
    }

    /// `GET /_scheduler/jobs`: the jobs of all nodes. Without a limit all of them, where CouchDB would stop at 100.
    #[wasm_bindgen(js_name = listJobs)]
    pub fn list_jobs(&self, options: JsValue) -> Promise {
        let connection = Rc::clone(&self.connection);
        future_to_promise(async move {
            let options = Options::of("listJobs", options, &["limit", "skip", "signal"])?;
            let query = Query::default()
                .with("limit", Some(options.count("limit")?.unwrap_or(endpoints::ALL_JOBS)))
                .with("skip", options.count("skip")?);
            let call = Call::get(endpoints::jobs(&query), options.signal()?);
            list(&connection, call, "jobs", write_job).await
        })
    }

    /// `GET /_scheduler/jobs/{id}`: one job, by its full id with `+continuous` and the like.
    #[wasm_bindgen(js_name = getJob)]
    pub fn get_job(&self, job_id: JsValue, options: JsValue) -> Promise {
        let connection = Rc::clone(&self.connection);
        future_to_promise(async move {
            let job_id = segment("getJob", "jobId", &job_id)?;
            let options = Options::of("getJob", options, &["signal"])?;
            one(&connection, Call::get(endpoints::job(&job_id), options.signal()?), write_job).await
        })
    }
}

/// The list that answers `call`, with its rows as the member `name`.
async fn list(connection: &Connection, call: Call, name: &str, write_row: WriteRow) -> Result<JsValue, JsValue> {
    let mut list = List::of(connection.send(&call).await?);
    let rows = Array::new();
    while list.more().await? {
        take_rows(&mut list, write_row, &rows)?;
    }
    // An empty list can come without its counts.
    let envelope = list.envelope();
    let total_rows = envelope.total_rows.unwrap_or(u64::from(rows.length()));
    let offset = envelope.offset.unwrap_or(0);
    let members = [("total_rows", (total_rows as f64).into()), ("offset", (offset as f64).into()), (name, rows.into())];
    Ok(object(members).into())
}

/// The one row that answers `call`.
async fn one(connection: &Connection, call: Call, write_row: WriteRow) -> Result<JsValue, JsValue> {
    let mut body = connection.send(&call).await?;
    let bytes = body.object().await?;
    let mut whole = Vec::with_capacity(bytes.len() + 256);
    write_row(&bytes, &mut whole)
        .map_err(|_| SyntaxError::new("a row that is no JSON object").into())
        .and_then(|()| parse(&whole))
        .map_err(|error| body.fault(Code::InvalidResponse, "the answer is not correct JSON".to_owned(), error).into())
}
