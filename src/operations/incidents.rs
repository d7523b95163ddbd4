//! `incidents()`: the unhealthy documents of a replicator database counted by group, without building their rows.

use js_sys::Function;
use rows::json::{Malformed, Value};
use scheduler_core::incidents::Incidents;
use wasm_bindgen::JsValue;

use super::collect::{RowSink, read_list};
use super::progress::Progress;
use crate::http::{Failure, Request, Requester};
use crate::js::rows::{DOCS, to_object};

/// The counts of the list that answers `request`, as JSON. `group_of` returns the number of the group of a row. After a transient
/// error it is counted again from the beginning.
pub async fn incidents(
    requester: &Requester,
    request: &Request,
    examples: usize,
    group_of: Function,
    progress: Progress,
) -> Result<Vec<u8>, Failure> {
    let mut counting = Counting { incidents: Incidents::new(examples), examples, group_of, progress };
    read_list(requester, request, &mut counting).await?;
    Ok(counting.incidents.to_json())
}

struct Counting {
    incidents: Incidents,
    examples: usize,
    group_of: Function,
    progress: Progress,
}

impl RowSink for Counting {
    fn begin(&mut self) {
        self.incidents = Incidents::new(self.examples);
    }

    fn add(&mut self, row: Value) -> Result<(), Malformed> {
        let group_of = &self.group_of;
        self.incidents.add(row, &mut |row| {
            let row = to_object(row.bytes(), &DOCS).ok()?;
            group_of.call1(&JsValue::UNDEFINED, &row).ok()?.as_f64().map(|group| group as usize)
        })
    }

    fn piece_ends(&mut self, total_rows: Option<u64>, has_ended: bool) -> Result<(), JsValue> {
        self.progress.report(self.incidents.total(), total_rows, has_ended)
    }
}
