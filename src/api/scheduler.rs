//! `Scheduler`: reads what the replications of one server are doing.

use std::rc::Rc;
use std::time::Duration;

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

use super::client::Client;
use super::options::{Options, options};
use super::row_stream::{BatchSource, RowStream};
use super::shared_options::{FollowOptions, SignalOptions, doc_requested};
use super::validate::segment;
use super::values::{Count, Database, DocIds, Positive, States};
use crate::http::{Expected, Request, Requester, Server};
use crate::js::object::object;
use crate::js::promise::promise;
use crate::js::rows::{DOCS, JOBS};
use crate::operations::collect::RowList;
use crate::operations::collect::answer;
use crate::operations::follow::Follower;
use crate::operations::list_docs::{DocsFilter, docs, list_docs};
use crate::operations::list_jobs::{jobs, list_jobs};
use crate::operations::ticks::{INTERVAL, TickPlan};
use crate::operations::watch::{WatchPlan, Watcher};
use crate::operations::watch_jobs::JobWatcher;
use rows::state::State;
use scheduler_core::endpoints;

options! {
    struct ListDocsOptions {
        limit: Count,
        skip: Count,
        states: States,
        database: Database,
        signal: AbortSignal,
    }
}

options! {
    struct DocsOptions {
        states: States,
        page_size as "pageSize": Positive,
        database: Database,
        signal: AbortSignal,
    }
}

options! {
    struct ListJobsOptions {
        limit: Count,
        skip: Count,
        signal: AbortSignal,
    }
}

options! {
    struct WatchOptions {
        states: States,
        doc_ids as "docIds": DocIds,
        interval: Positive,
        pause_when_hidden as "pauseWhenHidden": bool,
        on_retry as "onRetry": Function,
        database: Database,
        signal: AbortSignal,
    }
}

options! {
    struct WatchJobsOptions {
        transient: bool,
        interval: Positive,
        pause_when_hidden as "pauseWhenHidden": bool,
        on_retry as "onRetry": Function,
        signal: AbortSignal,
    }
}

/// When a watch with these options has ticks.
fn tick_plan(interval: Option<Positive>, pause_when_hidden: Option<bool>, on_retry: Option<Function>) -> TickPlan {
    TickPlan {
        interval: interval.map_or(INTERVAL, |Positive(milliseconds)| Duration::from_millis(milliseconds)),
        pause_when_hidden: pause_when_hidden.unwrap_or(true),
        on_retry,
    }
}

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
    pub fn list_docs(&self, options: JsValue) -> Promise {
        let server = Rc::clone(&self.server);
        promise(async move {
            let ListDocsOptions { limit, skip, states, database, signal } = Options::parse("listDocs", options)?;
            let filter = DocsFilter { database: database.unwrap_or_default().0, states: states.map(|states| states.0) };
            let (skip, limit) = (skip.map_or(0, |skip| skip.0), limit.map(|limit| limit.0));
            let requester = Requester::new(&server, signal.as_ref())?;
            Ok(response("docs", list_docs(requester, filter, skip, limit).await?))
        })
    }

    /// `GET /_scheduler/docs/{db}`: iterates over documents with their states, each once.
    pub fn docs(&self, options: JsValue) -> RowStream {
        let make = || {
            let DocsOptions { states, page_size, database, signal } = Options::parse("docs", options)?;
            let requester = Requester::new(&self.server, signal.as_ref())?;
            let filter = DocsFilter { database: database.unwrap_or_default().0, states: states.map(|states| states.0) };
            let docs = docs(requester.clone(), filter, page_size.map(|size| size.0));
            Ok((BatchSource::Docs(Box::new(docs)), requester))
        };
        RowStream::of(true, make())
    }

    /// `GET /_scheduler/jobs`: iterates over the jobs of all nodes.
    pub fn jobs(&self, options: JsValue) -> RowStream {
        let make = || {
            let SignalOptions { signal } = Options::parse("jobs", options)?;
            let requester = Requester::new(&self.server, signal.as_ref())?;
            let jobs = jobs(requester.clone());
            Ok((BatchSource::Jobs(Box::new(jobs)), requester))
        };
        RowStream::of(true, make())
    }

    /// `GET /_scheduler/docs/{db}/{docid}`: one document with its state.
    #[wasm_bindgen(js_name = getDoc)]
    pub fn get_doc(&self, doc_id: JsValue, options: JsValue) -> Promise {
        answer(&self.server, doc_requested("getDoc", "docId", &doc_id, options), &DOCS)
    }

    /// Iterates over batches of changes; the first batch has all documents.
    pub fn watch(&self, options: JsValue) -> RowStream {
        let make = || {
            let WatchOptions { states, doc_ids, interval, pause_when_hidden, on_retry, database, signal } =
                Options::parse("watch", options)?;
            let requester = Requester::new(&self.server, signal.as_ref())?;
            let plan = WatchPlan {
                database: database.unwrap_or_default().0,
                states: states.map(|States(states)| states),
                doc_ids: doc_ids.map(|DocIds(ids)| ids),
                ticks: tick_plan(interval, pause_when_hidden, on_retry),
            };
            Ok((BatchSource::Watcher(Box::new(Watcher::new(requester.clone(), plan))), requester))
        };
        RowStream::of(false, make())
    }

    /// `GET /_scheduler/jobs`, repeatedly: iterates over batches of changes; the first batch has all jobs.
    #[wasm_bindgen(js_name = watchJobs)]
    pub fn watch_jobs(&self, options: JsValue) -> RowStream {
        let make = || {
            let WatchJobsOptions { transient, interval, pause_when_hidden, on_retry, signal } =
                Options::parse("watchJobs", options)?;
            let requester = Requester::new(&self.server, signal.as_ref())?;
            let ticks = tick_plan(interval, pause_when_hidden, on_retry);
            let watcher = JobWatcher::new(requester.clone(), transient.unwrap_or(true), ticks);
            Ok((BatchSource::JobWatcher(Box::new(watcher)), requester))
        };
        RowStream::of(false, make())
    }

    /// `GET /_scheduler/docs/{db}/{docid}`, repeatedly: waits for one of the states in `until`.
    #[wasm_bindgen(js_name = waitFor)]
    pub fn wait_for(&self, doc_id: JsValue, options: JsValue) -> Promise {
        let server = Rc::clone(&self.server);
        promise(async move {
            let doc_id = segment("waitFor", "docId", &doc_id)?;
            let options: FollowOptions = Options::parse("waitFor", options)?;
            let (plan, signal) = options.plan(doc_id);
            // A continuous replication never completes.
            let must_complete = plan.until == [State::Completed];
            let requester = Requester::new(&server, signal.as_ref())?;
            Follower::new(&requester, plan, must_complete).wait().await
        })
    }

    /// `GET /_scheduler/jobs`: the jobs of all nodes; all of them, unless there is a limit.
    #[wasm_bindgen(js_name = listJobs)]
    pub fn list_jobs(&self, options: JsValue) -> Promise {
        let server = Rc::clone(&self.server);
        promise(async move {
            let ListJobsOptions { limit, skip, signal } = Options::parse("listJobs", options)?;
            let (limit, skip) = (limit.map(|limit| limit.0), skip.map(|skip| skip.0));
            let requester = Requester::new(&server, signal.as_ref())?;
            Ok(response("jobs", list_jobs(requester, limit, skip).await?))
        })
    }

    /// `GET /_scheduler/jobs/{id}`: one job, by its full id, which can end in `+continuous`.
    #[wasm_bindgen(js_name = getJob)]
    pub fn get_job(&self, job_id: JsValue, options: JsValue) -> Promise {
        let requested = || {
            let job_id = segment("getJob", "jobId", &job_id)?;
            let SignalOptions { signal } = Options::parse("getJob", options)?;
            let request = Request::get(endpoints::job(&job_id)).expecting(Expected::Row("id", job_id));
            Ok((request, signal))
        };
        answer(&self.server, requested(), &JOBS)
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
    use crate::js::rows::object;
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
        let response = JsFuture::from(answered(body).list_docs(JsValue::UNDEFINED)).await.unwrap();
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
            let response = JsFuture::from(scheduler.list_docs(JsValue::UNDEFINED)).await.unwrap();
            let docs = Array::from(&get(&response, "docs"));
            assert_eq!(docs.length(), 3000);
            for n in 0..3000 {
                assert_eq!(get(&docs.get(n), "doc_id"), n.to_string().as_str());
            }
        }
    }

    #[wasm_bindgen_test]
    async fn a_cut_off_answer_is_an_error_with_a_code() {
        let error =
            JsFuture::from(answered("{\"couchdb\":").get_job("0a".into(), JsValue::UNDEFINED)).await.unwrap_err();
        assert_eq!(get(&error, "code"), "truncated");
        assert_eq!(get(&error, "name"), "SchedulerError");
    }

    #[wasm_bindgen_test]
    async fn a_wrong_argument_is_named() {
        let options = object(&[("limit", (-1).into())]).into();
        let error = JsFuture::from(answered("").list_docs(options)).await.unwrap_err();
        assert!(error.is_instance_of::<js_sys::RangeError>());
        assert!(get(&error, "message").as_string().unwrap().contains("limit"));
    }
}
