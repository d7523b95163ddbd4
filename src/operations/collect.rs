//! Reads the rows of a list, and single objects: into JavaScript objects, or into a table.

use std::rc::Rc;

use js_sys::{Array, Promise};
use rows::json::{Malformed, Value};
use scheduler_core::list_plan::Admission;
use wasm_bindgen::JsValue;
use web_sys::AbortSignal;

use crate::http::{Failure, List, Request, Requester, Server};
use crate::js::promise::promise;
use crate::js::rows::{Batch, RowKind, no_object, to_object};

/// A promise of the row that answers a single request.
pub fn answer(server: &Rc<Server>, request: Request, signal: Option<AbortSignal>, kind: &'static RowKind) -> Promise {
    let server = Rc::clone(server);
    promise(async move {
        let (bytes, body) = Requester::new(&server, signal.as_ref())?.object(&request).await?;
        to_object(&bytes, kind).map_err(|error| body.not_json(error).into())
    })
}

/// Decides what to do with a row.
pub type Admit<'a> = dyn FnMut(Value) -> Result<Admission, Malformed> + 'a;

/// A list as it is returned.
pub struct RowList {
    /// The rows
    pub rows: Array,
    /// The number of rows that the server reports
    pub total_rows: u64,
    /// The number of rows that precede the first
    pub offset: u64,
}

/// Keeps the rows of a list.
pub trait RowSink {
    /// The list begins, for the first time or again after a transient error.
    fn begin(&mut self);

    /// The next row.
    fn add(&mut self, row: Value) -> Result<(), Malformed>;

    /// Further rows are waited for, or the list has ended. An error ends the reading; it is what a callback of the caller threw.
    fn piece_ends(&mut self, _total_rows: Option<u64>, _has_ended: bool) -> Result<(), JsValue> {
        Ok(())
    }
}

/// Passes each row of the list that answers `request` to `sink`. After a transient error, reads the list again from its
/// beginning. Returns its `total_rows`.
pub async fn read_list(
    requester: &Requester,
    request: &Request,
    sink: &mut dyn RowSink,
) -> Result<Option<u64>, Failure> {
    let mut retry = requester.retry();
    loop {
        sink.begin();
        match read_list_once(requester, request, sink).await {
            Ok(total) => return Ok(total),
            Err(failure) => retry.after(failure).await?,
        }
    }
}

async fn read_list_once(
    requester: &Requester,
    request: &Request,
    sink: &mut dyn RowSink,
) -> Result<Option<u64>, Failure> {
    let mut list = requester.list(request).await?;
    let mut more = true;
    while more {
        more = list.more().await?;
        while let Some(row) = list.row()? {
            if sink.add(row).is_err() {
                return Err(list.malformed_row(1, JsValue::UNDEFINED));
            }
        }
        sink.piece_ends(list.envelope().total_rows, !more).map_err(Failure::Aborted)?;
    }
    Ok(list.envelope().total_rows)
}

/// How long a list is read.
#[derive(Clone, Copy, PartialEq)]
pub enum ReadUntil {
    /// Until there are rows; more of them may arrive much later.
    RowsArrive,
    /// To its end.
    End,
}

/// The state in which a list was left.
#[derive(PartialEq)]
pub enum ListState {
    /// More rows may arrive.
    Open,
    /// It has ended.
    Ended,
    /// No further rows are wanted.
    Stopped,
}

/// Reads the next rows, and appends those that are admitted to `rows`, as objects. They are normalized in wasm and parsed
/// together, a piece of the response at a time, so that neither the response nor its text is ever in memory as a whole.
/// After a failure, `rows` has those that precede it.
pub async fn read_rows(
    list: &mut List,
    rows: &Array,
    kind: &'static RowKind,
    until: ReadUntil,
    admit: &mut Admit<'_>,
) -> Result<ListState, Failure> {
    let (mut batch, before) = (Batch::of(kind), rows.length());
    let end = loop {
        match list.more().await {
            Ok(true) => {}
            Ok(false) => break Ok(ListState::Ended),
            Err(failure) => break Err(failure),
        }
        match read_arrived(&mut batch, list, rows, kind, admit) {
            Ok(true) => {}
            Ok(false) => break Ok(ListState::Stopped),
            Err(failure) => break Err(failure),
        }
        let have_some = || !batch.is_empty() || rows.length() > before;
        if until == ReadUntil::RowsArrive && have_some() {
            break Ok(ListState::Open);
        }
    };
    add_to(&mut batch, list, rows, kind).and(end)
}

/// Reads the rows that have arrived. Returns whether further rows are wanted.
fn read_arrived(
    batch: &mut Batch,
    list: &mut List,
    rows: &Array,
    kind: &'static RowKind,
    admit: &mut Admit,
) -> Result<bool, Failure> {
    while let Some(row) = list.row()? {
        match admit(row) {
            Ok(Admission::Stop) => return Ok(false),
            Ok(Admission::Skip) => {}
            Ok(Admission::Keep) if batch.put(row).is_ok() => {
                if batch.is_full() {
                    add_to(batch, list, rows, kind)?;
                }
            }
            _ => return Err(list.malformed_row(1, no_object())),
        }
    }
    Ok(true)
}

/// Appends the rows of `batch` to `rows`, up to the first that is not JSON.
fn add_to(batch: &mut Batch, list: &List, rows: &Array, kind: &'static RowKind) -> Result<(), Failure> {
    std::mem::replace(batch, Batch::of(kind)).add_to(rows).map_err(|(left, error)| list.malformed_row(left, error))
}
