//! Reading the rows of a list, and single objects, into JavaScript's own objects.

use std::rc::Rc;

use js_sys::{Array, Promise};
use rows::json::{Malformed, Value};
use scheduler_core::list_plan::Admission;
use wasm_bindgen::JsValue;
use web_sys::AbortSignal;

use crate::http::{Failure, List, Request, Requester, Server};
use crate::js::promise::promise;
use crate::js::rows::{Batch, Kind, no_object, whole};

/// A request, and the signal that aborts it; or what is wrong with the arguments of the call.
pub type Requested = Result<(Request, Option<AbortSignal>), JsValue>;

/// A promise of the row that answers a single request. It rejects for wrong arguments, too.
pub fn answer(server: &Rc<Server>, requested: Requested, kind: &'static Kind) -> Promise {
    let server = Rc::clone(server);
    promise(async move {
        let (request, signal) = requested?;
        let (bytes, body) = Requester::new(&server, signal.as_ref())?.object(&request).await?;
        whole(&bytes, kind).map_err(|error| body.not_json(error).into())
    })
}

/// Looks at a row and says what to do with it.
pub type Choose<'a> = dyn FnMut(Value) -> Result<Admission, Malformed> + 'a;

/// A list as it is returned.
pub struct RowList {
    /// The rows
    pub rows: Array,
    /// The number of rows that the server reports
    pub total_rows: u64,
    /// The number of rows that precede the first
    pub offset: u64,
}

/// How much of a list is waited for.
#[derive(Clone, Copy)]
pub enum Portion {
    /// Until there are rows: nobody knows when more come.
    Arrived,
    /// To its end.
    Everything,
}

/// What [`take_rows`] came to.
#[derive(PartialEq)]
pub enum Taken {
    /// Those that have arrived; more may come.
    Some,
    /// The list has ended.
    All,
    /// No further rows are wanted.
    Enough,
}

/// Waits for the next rows that are to be kept, and puts them as objects behind those in `rows`. They are made whole in wasm and
/// parsed together, a piece of the answer at a time, so that neither the answer nor its text is ever in memory as a whole.
/// On a failure, `rows` has those before it.
pub async fn take_rows(
    list: &mut List,
    rows: &Array,
    kind: &'static Kind,
    portion: Portion,
    keep: &mut Choose<'_>,
) -> Result<Taken, Failure> {
    let (mut batch, before) = (Batch::of(kind), rows.length());
    let end = loop {
        match list.more().await {
            Ok(true) => {}
            Ok(false) => break Ok(Taken::All),
            Err(failure) => break Err(failure),
        }
        match take_arrived(&mut batch, list, rows, kind, keep) {
            Ok(true) => {}
            Ok(false) => break Ok(Taken::Enough),
            Err(failure) => break Err(failure),
        }
        let have_some = || !batch.is_empty() || rows.length() > before;
        if matches!(portion, Portion::Arrived) && have_some() {
            break Ok(Taken::Some);
        }
    };
    add_to(&mut batch, list, rows, kind).and(end)
}

/// Takes in the rows that have arrived and are to be kept. Returns whether further rows are wanted.
fn take_arrived(
    batch: &mut Batch,
    list: &mut List,
    rows: &Array,
    kind: &'static Kind,
    keep: &mut Choose,
) -> Result<bool, Failure> {
    while let Some(row) = list.row()? {
        match keep(row) {
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

/// Appends what was taken in to `rows`, as far as it is JSON.
fn add_to(batch: &mut Batch, list: &List, rows: &Array, kind: &'static Kind) -> Result<(), Failure> {
    std::mem::replace(batch, Batch::of(kind)).add_to(rows).map_err(|(left, error)| list.malformed_row(left, error))
}
