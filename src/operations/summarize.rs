//! `summary()`: a replicator database counted by state, without building a row.

use rows::json::{Malformed, Value};
use rows::summary::Summary;
use wasm_bindgen::JsValue;

use super::collect::{RowSink, read_list};
use super::progress::Progress;
use crate::http::{Failure, Request, Requester};

/// The summary of the list that answers `request`. After a transient error it is counted again from the beginning.
pub async fn summarize(requester: &Requester, request: &Request, progress: Progress) -> Result<Summary, Failure> {
    let mut counting = Counting { summary: Summary::default(), progress };
    read_list(requester, request, &mut counting).await?;
    Ok(counting.summary)
}

struct Counting {
    summary: Summary,
    progress: Progress,
}

impl RowSink for Counting {
    fn begin(&mut self) {
        self.summary = Summary::default();
    }

    fn add(&mut self, row: Value) -> Result<(), Malformed> {
        self.summary.add(row)
    }

    fn piece_ends(&mut self, total_rows: Option<u64>, has_ended: bool) -> Result<(), JsValue> {
        self.progress.report(self.summary.total(), total_rows, has_ended)
    }
}
