//! Rows for an async iterator, a page at a time. The iterator itself is JavaScript's: pkg-template/runtime/methods.js makes one
//! of each `RowStream`, so that a row costs no call into the wasm.

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

/// Where an iterator's rows come from.
pub enum Reader {
    /// Documents
    Docs(Box<RetryingStream<DocsReader>>),
    /// Jobs
    Jobs(Box<RetryingStream<JobsReader>>),
    /// Documents as they were written
    Replications(Box<ReplicationsReader>),
    /// Batches of changes
    Watcher(Box<Watcher>),
    /// The changes of one document
    Follower(Box<Follower>),
    /// Nowhere: the arguments were wrong
    Refused(JsValue),
}

impl Reader {
    async fn next_rows(&mut self) -> Result<Option<Array>, JsValue> {
        match self {
            Reader::Docs(docs) => Ok(docs.next_rows().await?),
            Reader::Jobs(jobs) => Ok(jobs.next_rows().await?),
            Reader::Replications(replications) => Ok(replications.next_rows().await?),
            // A batch is what the consumer gets at a time.
            Reader::Watcher(watcher) => Ok(Some(Array::of1(&watcher.next_changes().await?.into()))),
            Reader::Follower(follower) => follower.next_row().await,
            Reader::Refused(error) => Err(error.clone()),
        }
    }
}

/// What the iterator asks for rows.
#[wasm_bindgen(skip_typescript)]
pub struct RowStream {
    /// Empty while rows are being read, and once there are no more.
    reader: Rc<Cell<Option<Reader>>>,
    requester: Option<Requester>,
    fetches_ahead: bool,
}

impl RowStream {
    /// The rows of a reader, with the requester that it uses. An error in the arguments is the result of the first `next()`, as it is
    /// that of the promise of any other method.
    pub fn of(fetches_ahead: bool, made: Result<(Reader, Requester), JsValue>) -> RowStream {
        let (reader, requester) = match made {
            Ok((reader, requester)) => (reader, Some(requester)),
            Err(error) => (Reader::Refused(error), None),
        };
        RowStream { reader: Rc::new(Cell::new(Some(reader))), requester, fetches_ahead }
    }
}

#[wasm_bindgen]
impl RowStream {
    /// Whether the next rows are to be fetched while those before are consumed.
    #[wasm_bindgen(getter, js_name = fetchesAhead)]
    pub fn fetches_ahead(&self) -> bool {
        self.fetches_ahead
    }

    /// The next rows; `undefined` at the end.
    pub fn next(&self) -> Promise {
        let shared = Rc::clone(&self.reader);
        promise(async move {
            let Some(mut reader) = shared.take() else { return Ok(JsValue::UNDEFINED) };
            let rows = reader.next_rows().await?;
            if rows.is_some() {
                shared.set(Some(reader));
            }
            Ok(rows.map_or(JsValue::UNDEFINED, JsValue::from))
        })
    }

    /// Ends the request under way, and lets go of everything.
    pub fn stop(&self) {
        if let Some(requester) = &self.requester {
            requester.abort.abort();
        }
        self.reader.take();
    }
}
