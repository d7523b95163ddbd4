//! Rows for an async iterator, many at a time. The iterator itself is JavaScript:
//! pkg-template/runtime/methods.js creates one from each `RowStream`, so that a row costs no call
//! into the wasm.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::{Array, Promise};
use wasm_bindgen::prelude::*;

use crate::http::Requester;
use crate::js::promise::promise;
use crate::operations::follow::Follower;
use crate::operations::list_docs::DocsReader;
use crate::operations::list_jobs::JobsReader;
use crate::operations::list_replications::ReplicationsReader;
use crate::operations::retrying_stream::RetryingStream;
use crate::operations::watch::Watcher;
use crate::operations::watch_jobs::JobWatcher;

/// The source of an iterator's rows.
pub enum BatchSource {
    /// Documents
    Docs(Box<RetryingStream<DocsReader>>),
    /// Jobs
    Jobs(Box<RetryingStream<JobsReader>>),
    /// Documents as they were written
    Replications(Box<ReplicationsReader>),
    /// Batches of changes of documents
    Watcher(Box<Watcher>),
    /// Batches of changes of jobs
    JobWatcher(Box<JobWatcher>),
    /// The changes of one document
    Follower(Box<Follower>),
}

impl BatchSource {
    async fn next_rows(&mut self) -> Result<Option<Array>, JsValue> {
        match self {
            BatchSource::Docs(docs) => Ok(docs.next_rows().await?),
            BatchSource::Jobs(jobs) => Ok(jobs.next_rows().await?),
            BatchSource::Replications(replications) => Ok(replications.next_rows().await?),
            // The iterator yields a batch of changes, not single ones.
            BatchSource::Watcher(watcher) => Ok(Some(Array::of1(&watcher.next_changes().await?.into()))),
            BatchSource::JobWatcher(watcher) => Ok(Some(Array::of1(&watcher.next_changes().await?.into()))),
            BatchSource::Follower(follower) => follower.next_row().await,
        }
    }
}

/// Reads the rows of an iterator.
#[wasm_bindgen(skip_typescript)]
pub struct RowStream {
    /// Empty while rows are being read, and at the end.
    source: Rc<Cell<Option<BatchSource>>>,
    requester: Requester,
    fetches_ahead: bool,
}

impl RowStream {
    /// The rows of a source, and the requester that it uses.
    pub fn of(fetches_ahead: bool, source: BatchSource, requester: Requester) -> RowStream {
        RowStream { source: Rc::new(Cell::new(Some(source))), requester, fetches_ahead }
    }
}

#[wasm_bindgen]
impl RowStream {
    /// Whether to read the next rows while the previous ones are consumed.
    #[wasm_bindgen(getter, js_name = fetchesAhead)]
    pub fn fetches_ahead(&self) -> bool {
        self.fetches_ahead
    }

    /// The next rows; `undefined` at the end.
    pub fn next(&self) -> Promise {
        let shared = Rc::clone(&self.source);
        promise(async move {
            let Some(mut source) = shared.take() else { return Ok(JsValue::UNDEFINED) };
            let rows = source.next_rows().await?;
            if rows.is_some() {
                shared.set(Some(source));
            }
            Ok(rows.map_or(JsValue::UNDEFINED, JsValue::from))
        })
    }

    /// Aborts the request in progress and drops the source.
    pub fn stop(&self) {
        self.requester.abort.abort();
        self.source.take();
    }
}
