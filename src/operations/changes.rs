//! The changes of one tick of `watch()` or `watchJobs()`, as JavaScript objects.

use js_sys::Array;
use wasm_bindgen::prelude::*;

use crate::http::{Code, Failure, Request, Requester};
use crate::js::event_loop::Turns;
use crate::js::rows::{Batch, RowKind};
use rows::json::Malformed;
use scheduler_core::watch::Change;

/// Number of rows whose changes are written between two looks at the time: less than a millisecond.
const WRITTEN_TOGETHER: usize = 256;

/// Changes that are built together.
pub struct Changes {
    kind: &'static RowKind,
    pieces: Vec<Batch>,
}

impl Changes {
    /// No changes yet.
    pub fn new(kind: &'static RowKind) -> Changes {
        Changes { kind, pieces: Vec::new() }
    }

    /// Adds a change.
    pub fn put(&mut self, change: &Change) -> Result<(), Malformed> {
        if self.pieces.last().is_none_or(Batch::is_full) {
            self.pieces.push(Batch::of(self.kind));
        }
        let Some(piece) = self.pieces.last_mut() else { return Ok(()) };
        match *change {
            Change::Added(row) => piece.put_change("added", &[row]),
            Change::Changed(row, previous) => piece.put_change("changed", &[row, previous]),
            Change::Removed(previous) => piece.put_change("removed", &[previous]),
        }
    }

    /// Adds the changes of so many `rows`. `report` adds those of a part of them: of some number of rows from an index on. There can be
    /// many, so it yields to the event loop in between.
    pub async fn put_all(
        &mut self,
        rows: usize,
        mut report: impl FnMut(usize, usize, &mut Changes) -> Result<(), Malformed>,
    ) -> Result<(), Malformed> {
        let mut turns = Turns::begin();
        for first in (0..rows).step_by(WRITTEN_TOGETHER) {
            turns.yield_if_due().await;
            report(first, WRITTEN_TOGETHER, self)?;
        }
        Ok(())
    }

    /// Builds the changes, if all of them could be `written`; otherwise returns an error about
    /// `request`. There can be many, so it yields to the event loop in between.
    pub async fn into_array(
        self,
        written: Result<(), Malformed>,
        requester: &Requester,
        request: &Request,
    ) -> Result<Array, Failure> {
        let not_json = |cause| requester.fault(request, Code::InvalidResponse, "a row is not valid JSON", cause);
        written.map_err(|Malformed| not_json(JsValue::UNDEFINED))?;
        let changes = Array::new();
        let mut turns = Turns::begin();
        for piece in self.pieces {
            turns.yield_if_due().await;
            piece.add_to(&changes).map_err(|(_, error)| not_json(error))?;
        }
        Ok(changes)
    }
}
