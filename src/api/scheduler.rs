//! `Scheduler`: reads what the replications of one server are doing.

use std::rc::Rc;

use js_sys::{Array, Function, Promise};
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

use super::client::Client;
use super::plans::{filter, follow_plan, tick_plan};
use super::row_stream::{BatchSource, RowStream};
use crate::http::{Expected, Request, Requester, Server};
use crate::js::object::object;
use crate::js::promise::promise;
use crate::js::rows::{DOCS, JOBS};
use crate::operations::collect::RowList;
use crate::operations::collect::answer;
use crate::operations::follow::Follower;
use crate::operations::get_doc::doc_request;
use crate::operations::list_docs::{docs, list_docs};
use crate::operations::list_jobs::{jobs, list_jobs};
use crate::operations::watch::{WatchPlan, Watcher};
use crate::operations::watch_jobs::JobWatcher;
use rows::state::State;
use scheduler_core::endpoints;

/// Reads what the replications of one server are doing.
#[wasm_bindgen(skip_typescript)]
pub struct Scheduler {
    server: Rc<Server>,
}

#[wasm_bindgen]
impl Scheduler {
    /// `new Scheduler(client)`, or `new Scheduler(url, options)` with the options of a `Client`.
    #[wasm_bindgen(constructor)]
    pub fn new(server: &JsValue, options: JsValue) -> Result<Scheduler, JsValue> {
        Ok(Scheduler { server: Client::server_of("new Scheduler", server, options)? })
    }

    /// A handle to its client, for `client` in pkg-template/runtime/methods.js.
    #[wasm_bindgen(js_name = __client)]
    pub fn client(&self) -> Client {
        Client::on(&self.server)
    }

    /// `GET /_scheduler/docs/{db}`: documents with their states, up to `limit` following the first `skip`.
    #[wasm_bindgen(js_name = listDocs)]
    pub fn list_docs(
        &self,
        limit: Option<f64>,
        skip: Option<f64>,
        states: Option<String>,
        database: String,
        signal: Option<AbortSignal>,
    ) -> Promise {
        let server = Rc::clone(&self.server);
        promise(async move {
            let (skip, limit) = (skip.unwrap_or_default() as u64, limit.map(|limit| limit as u64));
            let requester = Requester::new(&server, signal.as_ref())?;
            Ok(response("docs", list_docs(requester, filter(database, states), skip, limit).await?))
        })
    }

    /// `GET /_scheduler/docs/{db}`: iterates over documents with their states, each once.
    pub fn docs(
        &self,
        states: Option<String>,
        page_size: Option<f64>,
        database: String,
        signal: Option<AbortSignal>,
    ) -> Result<RowStream, JsValue> {
        let requester = Requester::new(&self.server, signal.as_ref())?;
        let docs = docs(requester.clone(), filter(database, states), page_size.map(|size| size as u64));
        Ok(RowStream::of(true, BatchSource::Docs(Box::new(docs)), requester))
    }

    /// `GET /_scheduler/jobs`: iterates over the jobs of all nodes.
    pub fn jobs(&self, signal: Option<AbortSignal>) -> Result<RowStream, JsValue> {
        let requester = Requester::new(&self.server, signal.as_ref())?;
        let jobs = jobs(requester.clone());
        Ok(RowStream::of(true, BatchSource::Jobs(Box::new(jobs)), requester))
    }

    /// `GET /_scheduler/docs/{db}/{docid}`: one document with its state.
    #[wasm_bindgen(js_name = getDoc)]
    pub fn get_doc(&self, doc_id: String, database: &str, signal: Option<AbortSignal>) -> Promise {
        answer(&self.server, doc_request(database, doc_id), signal, &DOCS)
    }

    /// Iterates over batches of changes; the first batch has all documents.
    pub fn watch(
        &self,
        states: Option<String>,
        doc_ids: Option<Array>,
        interval: Option<f64>,
        pause_when_hidden: Option<bool>,
        on_retry: Option<Function>,
        database: String,
        signal: Option<AbortSignal>,
    ) -> Result<RowStream, JsValue> {
        let requester = Requester::new(&self.server, signal.as_ref())?;
        let plan = WatchPlan {
            filter: filter(database, states),
            doc_ids: doc_ids.map(|ids| ids.iter().filter_map(|id| id.as_string()).collect()),
            ticks: tick_plan(interval, pause_when_hidden, on_retry),
        };
        let watcher = Watcher::new(requester.clone(), plan);
        Ok(RowStream::of(false, BatchSource::Watcher(Box::new(watcher)), requester))
    }

    /// `GET /_scheduler/jobs`, repeatedly: iterates over batches of changes; the first batch has all jobs.
    #[wasm_bindgen(js_name = watchJobs)]
    pub fn watch_jobs(
        &self,
        transient: Option<bool>,
        interval: Option<f64>,
        pause_when_hidden: Option<bool>,
        on_retry: Option<Function>,
        signal: Option<AbortSignal>,
    ) -> Result<RowStream, JsValue> {
        let requester = Requester::new(&self.server, signal.as_ref())?;
        let ticks = tick_plan(interval, pause_when_hidden, on_retry);
        let watcher = JobWatcher::new(requester.clone(), transient.unwrap_or(true), ticks);
        Ok(RowStream::of(false, BatchSource::JobWatcher(Box::new(watcher)), requester))
    }

    /// `GET /_scheduler/docs/{db}/{docid}`, repeatedly: waits for one of the states in `until`.
    #[wasm_bindgen(js_name = waitFor)]
    pub fn wait_for(
        &self,
        doc_id: String,
        until: Option<String>,
        interval: Option<f64>,
        timeout: Option<f64>,
        on_update: Option<Function>,
        database: String,
        signal: Option<AbortSignal>,
    ) -> Promise {
        let server = Rc::clone(&self.server);
        promise(async move {
            let plan = follow_plan(doc_id, until, interval, timeout, on_update, database);
            // A continuous replication never completes.
            let must_complete = plan.until == [State::Completed];
            let requester = Requester::new(&server, signal.as_ref())?;
            Follower::new(&requester, plan, must_complete).wait().await
        })
    }

    /// `GET /_scheduler/jobs`: the jobs of all nodes; all of them, unless there is a limit.
    #[wasm_bindgen(js_name = listJobs)]
    pub fn list_jobs(&self, limit: Option<f64>, skip: Option<f64>, signal: Option<AbortSignal>) -> Promise {
        let server = Rc::clone(&self.server);
        promise(async move {
            let (limit, skip) = (limit.map(|limit| limit as u64), skip.map(|skip| skip as u64));
            let requester = Requester::new(&server, signal.as_ref())?;
            Ok(response("jobs", list_jobs(requester, limit, skip).await?))
        })
    }

    /// `GET /_scheduler/jobs/{id}`: one job, by its full id, which can end in `+continuous`.
    #[wasm_bindgen(js_name = getJob)]
    pub fn get_job(&self, job_id: String, signal: Option<AbortSignal>) -> Promise {
        let request = Request::get(endpoints::job(&job_id)).expecting(Expected::Row("id", job_id));
        answer(&self.server, request, signal, &JOBS)
    }
}

/// A response of `listDocs` or `listJobs`, whose rows have this name.
fn response(name: &str, list: RowList) -> JsValue {
    let RowList { rows, total_rows, offset } = list;
    let (total_rows, offset) = (total_rows as f64, offset as f64);
    object(&[("total_rows", total_rows.into()), ("offset", offset.into()), (name, rows.into())]).into()
}

#[cfg(test)]
#[cfg(target_arch = "wasm32")]
mod tests {
    use super::*;
    use crate::js::object::object;
    use js_sys::{Function, Reflect};
    use wasm_bindgen_futures::JsFuture;
    use wasm_bindgen_test::wasm_bindgen_test;

    /// A scheduler whose `fetch` always gives a `Response` with this body.
    fn answered(body: &str) -> Scheduler {
        let fetch = Function::new_no_args(&format!("return Promise.resolve(new Response({body:?}))"));
        Scheduler::new(&"http://couch.test".into(), object(&[("fetch", fetch.into())]).into()).unwrap()
    }

    fn get(value: &JsValue, name: &str) -> JsValue {
        Reflect::get(value, &name.into()).unwrap()
    }

    #[wasm_bindgen_test]
    async fn lists_documents_made_whole() {
        let body = "{\"total_rows\":2,\"offset\":0,\"docs\":[\r\n{\"doc_id\":\"a\"},\r\n{\"doc_id\":\"ü\"}\r\n]}\n";
        let response =
            JsFuture::from(answered(body).list_docs(None, None, None, "_replicator".to_owned(), None)).await.unwrap();
        assert_eq!(get(&response, "total_rows"), 2);
        let docs = Array::from(&get(&response, "docs"));
        assert_eq!(docs.length(), 2);
        assert_eq!(get(&docs.get(1), "doc_id"), "ü");
        assert!(get(&docs.get(1), "node").is_null());
    }

    #[wasm_bindgen_test]
    async fn a_list_of_several_pieces_is_read_whole() {
        let source = "x".repeat(100);
        let rows: Vec<String> = (0..3000).map(|n| format!("{{\"doc_id\":\"{n}\",\"source\":\"{source}\"}}")).collect();
        let scheduler = answered(&format!("{{\"docs\":[{}]}}", rows.join(",")));
        // Twice: what one answer was read into is read into again.
        for _ in 0..2 {
            let response =
                JsFuture::from(scheduler.list_docs(None, None, None, "_replicator".to_owned(), None)).await.unwrap();
            let docs = Array::from(&get(&response, "docs"));
            assert_eq!(docs.length(), 3000);
            for n in 0..3000 {
                assert_eq!(get(&docs.get(n), "doc_id"), n.to_string().as_str());
            }
        }
    }

    #[wasm_bindgen_test]
    async fn a_cut_off_answer_is_an_error_with_a_code() {
        let error = JsFuture::from(answered("{\"couchdb\":").get_job("0a".into(), None)).await.unwrap_err();
        assert_eq!(get(&error, "code"), "truncated");
        assert_eq!(get(&error, "name"), "SchedulerError");
    }
}
