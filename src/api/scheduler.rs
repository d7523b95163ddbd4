//! `Scheduler`: reads what the replications of one server are doing.

use std::rc::Rc;

use js_sys::{Array, Promise};
use serde::Serialize;
use serde_wasm_bindgen::preserve;
use wasm_bindgen::prelude::*;

use super::arguments::{Arguments, filter};
use super::client::Client;
use super::row_stream::{BatchSource, RowStream};
use crate::http::{Expected, Request, Server};
use crate::js::promise::promise;
use crate::js::rows::{DOCS, JOBS};
use crate::js::serialize::to_js;
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
    /// With a handle of its own to the client.
    #[wasm_bindgen(constructor)]
    pub fn new(client: Client) -> Scheduler {
        Scheduler { server: client.server }
    }

    /// A handle to its client, for `client` in pkg-template/runtime/methods.js.
    #[wasm_bindgen(js_name = __client)]
    pub fn client(&self) -> Client {
        Client::on(&self.server)
    }

    /// `GET /_scheduler/docs/{db}`: documents with their states, up to `limit` following the first `skip`.
    #[wasm_bindgen(js_name = listDocs)]
    pub fn list_docs(&self, args: Array) -> Promise {
        let server = Rc::clone(&self.server);
        let mut args = Arguments::of(args);
        promise(async move {
            let (limit, skip, filter) = (args.count(), args.count(), filter(args.text(), args.name()));
            let requester = args.requester(&server)?;
            let RowList { rows: docs, total_rows, offset } =
                list_docs(requester, filter, skip.unwrap_or_default(), limit).await?;
            to_js(&DocsResponse { total_rows: total_rows as f64, offset: offset as f64, docs })
        })
    }

    /// `GET /_scheduler/docs/{db}`: iterates over documents with their states, each once.
    pub fn docs(&self, args: Array) -> Result<RowStream, JsValue> {
        let mut args = Arguments::of(args);
        let (states, page_size, database) = (args.text(), args.count(), args.name());
        let requester = args.requester(&self.server)?;
        let docs = docs(requester.clone(), filter(states, database), page_size);
        Ok(RowStream::of(true, BatchSource::Docs(Box::new(docs)), requester))
    }

    /// `GET /_scheduler/jobs`: iterates over the jobs of all nodes.
    pub fn jobs(&self, args: Array) -> Result<RowStream, JsValue> {
        let requester = Arguments::of(args).requester(&self.server)?;
        let jobs = jobs(requester.clone());
        Ok(RowStream::of(true, BatchSource::Jobs(Box::new(jobs)), requester))
    }

    /// `GET /_scheduler/docs/{db}/{docid}`: one document with its state.
    #[wasm_bindgen(js_name = getDoc)]
    pub fn get_doc(&self, args: Array) -> Promise {
        let mut args = Arguments::of(args);
        let (doc_id, database) = (args.name(), args.name());
        answer(&self.server, doc_request(&database, doc_id), args.signal(), &DOCS)
    }

    /// Iterates over batches of changes; the first batch has all documents.
    pub fn watch(&self, args: Array) -> Result<RowStream, JsValue> {
        let mut args = Arguments::of(args);
        let (states, doc_ids, ticks) = (args.text(), args.texts(), args.tick_plan());
        let plan = WatchPlan { filter: filter(states, args.name()), doc_ids, ticks };
        let requester = args.requester(&self.server)?;
        let watcher = Watcher::new(requester.clone(), plan);
        Ok(RowStream::of(false, BatchSource::Watcher(Box::new(watcher)), requester))
    }

    /// `GET /_scheduler/jobs`, repeatedly: iterates over batches of changes; the first batch has all jobs.
    #[wasm_bindgen(js_name = watchJobs)]
    pub fn watch_jobs(&self, args: Array) -> Result<RowStream, JsValue> {
        let mut args = Arguments::of(args);
        let (has_transient, ticks) = (args.flag().unwrap_or(true), args.tick_plan());
        let requester = args.requester(&self.server)?;
        let watcher = JobWatcher::new(requester.clone(), has_transient, ticks);
        Ok(RowStream::of(false, BatchSource::JobWatcher(Box::new(watcher)), requester))
    }

    /// `GET /_scheduler/docs/{db}/{docid}`, repeatedly: waits for one of the states in `until`.
    #[wasm_bindgen(js_name = waitFor)]
    pub fn wait_for(&self, args: Array) -> Promise {
        let server = Rc::clone(&self.server);
        let mut args = Arguments::of(args);
        promise(async move {
            let plan = args.follow_plan();
            // A continuous replication never completes.
            let must_complete = plan.until == [State::Completed];
            let requester = args.requester(&server)?;
            Follower::new(&requester, plan, must_complete).wait().await
        })
    }

    /// `GET /_scheduler/jobs`: the jobs of all nodes; all of them, unless there is a limit.
    #[wasm_bindgen(js_name = listJobs)]
    pub fn list_jobs(&self, args: Array) -> Promise {
        let server = Rc::clone(&self.server);
        let mut args = Arguments::of(args);
        promise(async move {
            let (limit, skip) = (args.count(), args.count());
            let requester = args.requester(&server)?;
            let RowList { rows: jobs, total_rows, offset } = list_jobs(requester, limit, skip).await?;
            to_js(&JobsResponse { total_rows: total_rows as f64, offset: offset as f64, jobs })
        })
    }

    /// `GET /_scheduler/jobs/{id}`: one job, by its full id, which can end in `+continuous`.
    #[wasm_bindgen(js_name = getJob)]
    pub fn get_job(&self, args: Array) -> Promise {
        let mut args = Arguments::of(args);
        let job_id = args.name();
        let request = Request::get(endpoints::job(&job_id)).expecting(Expected::Row("id", job_id));
        answer(&self.server, request, args.signal(), &JOBS)
    }
}

/// A response of `listDocs`. Its numbers are those of JavaScript.
#[derive(Serialize)]
struct DocsResponse {
    total_rows: f64,
    offset: f64,
    #[serde(with = "preserve")]
    docs: Array,
}

/// A response of `listJobs`.
#[derive(Serialize)]
struct JobsResponse {
    total_rows: f64,
    offset: f64,
    #[serde(with = "preserve")]
    jobs: Array,
}

#[cfg(test)]
#[cfg(target_arch = "wasm32")]
mod tests {
    use super::*;
    use js_sys::{Function, Reflect};
    use wasm_bindgen_futures::JsFuture;
    use wasm_bindgen_test::wasm_bindgen_test;

    /// A scheduler whose `fetch` always gives a `Response` with this body.
    fn answered(body: &str) -> Scheduler {
        let fetch = Function::new_no_args(&format!("return Promise.resolve(new Response({body:?}))"));
        let (nothing, timeout, retries) = (JsValue::UNDEFINED, 0.into(), 0.into());
        let checked = ["http://couch.test".into()].into_iter().chain(std::iter::repeat_n(nothing, 7));
        Scheduler::new(Client::new(checked.chain([timeout, retries, fetch.into()]).collect()))
    }

    fn get(value: &JsValue, name: &str) -> JsValue {
        Reflect::get(value, &name.into()).unwrap()
    }

    #[wasm_bindgen_test]
    async fn lists_documents_made_whole() {
        let body = "{\"total_rows\":2,\"offset\":0,\"docs\":[\r\n{\"doc_id\":\"a\"},\r\n{\"doc_id\":\"ü\"}\r\n]}\n";
        let response = JsFuture::from(answered(body).list_docs(Array::new())).await.unwrap();
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
            let response = JsFuture::from(scheduler.list_docs(Array::new())).await.unwrap();
            let docs = Array::from(&get(&response, "docs"));
            assert_eq!(docs.length(), 3000);
            for n in 0..3000 {
                assert_eq!(get(&docs.get(n), "doc_id"), n.to_string().as_str());
            }
        }
    }

    #[wasm_bindgen_test]
    async fn a_cut_off_answer_is_an_error_with_a_code() {
        let error = JsFuture::from(answered("{\"couchdb\":").get_job(Array::of1(&"0a".into()))).await.unwrap_err();
        assert_eq!(get(&error, "code"), "truncated");
        assert_eq!(get(&error, "name"), "SchedulerError");
    }
}
