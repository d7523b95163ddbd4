//! `watchJobs()`: reads the jobs, tick by tick, and builds the changes.

use js_sys::Array;
use wasm_bindgen::JsValue;

use super::changes::Changes;
use super::collect::{RowSink, read_list};
use super::list_jobs::all_jobs_request;
use super::ticks::{TickPlan, Ticks};
use crate::http::Requester;
use crate::js::rows::JOB_CHANGES;
use rows::json::{Malformed, Value};
use scheduler_core::watch::JobTable;

/// Watches the jobs of all nodes. Dropping it aborts its request.
pub struct JobWatcher {
    requester: Requester,
    ticks: Ticks,
    table: JobTable,
}

impl JobWatcher {
    /// Sends nothing yet. With `has_transient`, jobs without a document are watched, too.
    pub fn new(requester: Requester, has_transient: bool, ticks: TickPlan) -> JobWatcher {
        let ticks = Ticks::new(requester.clone(), ticks);
        JobWatcher { requester, ticks, table: JobTable::new(has_transient) }
    }

    /// Waits for the next tick and returns the changes that it finds, which can be none.
    pub async fn next_changes(&mut self) -> Result<Array, JsValue> {
        let request = all_jobs_request();
        loop {
            self.ticks.next().await?;
            match read_list(&self.requester, &request, &mut self.table).await {
                Ok(_) => break,
                Err(failure) => self.ticks.failed(failure)?,
            }
        }
        self.ticks.succeeded(None);
        let mut changes = Changes::new(&JOB_CHANGES);
        let count = self.table.job_count();
        let report =
            |first, count, changes: &mut Changes| self.table.report(first, count, |change| changes.put(&change));
        let written = changes.put_all(count, report).await;
        self.table.end_report();
        Ok(changes.into_array(written, &self.requester, &request).await?)
    }
}

impl RowSink for JobTable {
    fn begin(&mut self) {
        self.begin_reading();
    }

    fn add(&mut self, row: Value) -> Result<(), Malformed> {
        JobTable::add(self, row)
    }
}
