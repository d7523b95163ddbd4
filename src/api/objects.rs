//! From bytes to JavaScript's own objects.

use js_sys::{Array, Object, Reflect, SyntaxError};
use wasm_bindgen::prelude::*;

use crate::http::{Call, Connection, Failure, List};
use crate::rows::{Indexed, Malformed, Value};
use crate::scheduler::docs::put_doc;
use crate::scheduler::documents::put_document;
use crate::scheduler::jobs::put_job;

#[wasm_bindgen(module = "/pkg-template/rows.js")]
extern "C" {
    /// Parses JSON with the engine's own parser.
    #[wasm_bindgen(catch)]
    pub fn parse(json: &[u8]) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_name = append, catch)]
    fn append_all(all: &Array, more: &Array) -> Result<(), JsValue>;

    #[wasm_bindgen(js_name = addRows, catch)]
    fn add_rows(maker: u32, values: &[u8], rows: &Array) -> Result<(), JsValue>;
}

/// Puts the elements of `more` behind those of `all`.
pub fn append(all: &Array, more: &Array) {
    // An array's own push does not fail.
    let _ = append_all(all, more);
}

/// What rows are: which values of them go to JavaScript, each with a comma behind it, and what is made of these there.
pub struct Kind {
    put: fn(Value, &mut Vec<u8>) -> Result<(), Malformed>,
    /// The place among `MAKERS` in rows.js.
    maker: u32,
}

/// Replication documents with their states.
pub const DOCS: Kind = Kind { put: put_doc, maker: 0 };

/// Jobs.
pub const JOBS: Kind = Kind { put: put_job, maker: 1 };

/// What `watch()` gives out; its values are put together there.
pub const CHANGES: Kind = Kind { put: put_as_it_is, maker: 2 };

/// Replication documents as they were written.
pub const DOCUMENTS: Kind = Kind { put: put_document, maker: 3 };

/// Objects that are given out as they are.
pub const OBJECTS: Kind = Kind { put: put_as_it_is, maker: 3 };

fn put_as_it_is(object: Value, out: &mut Vec<u8>) -> Result<(), Malformed> {
    out.extend_from_slice(object.bytes());
    out.push(b',');
    Ok(())
}

/// The one object that answers `call`, a row of this kind.
pub async fn one(connection: &Connection, call: &Call, kind: &'static Kind) -> Result<JsValue, Failure> {
    let (bytes, body) = connection.object(call).await?;
    whole(&bytes, kind).map_err(|error| body.not_json(error))
}

/// One row of this kind.
pub fn whole(row: &[u8], kind: &'static Kind) -> Result<JsValue, JsValue> {
    let (mut batch, rows) = (Batch::of(kind), Array::new());
    let put = Indexed::of(row).and_then(|row| batch.put(row.value()));
    put.map_err(|Malformed| no_object())?;
    batch.add_to(&rows).map_err(|(_, error)| error)?;
    Ok(rows.get(0))
}

/// What to do with a row.
pub enum Keep {
    /// Give it out.
    Take,
    /// Leave it out.
    Drop,
    /// Leave it out, and all that follow.
    Stop,
}

/// Looks at a row and says what to do with it.
pub type Choose<'a> = dyn FnMut(Value) -> Result<Keep, Malformed> + 'a;

/// Bytes of values that are parsed together. V8 builds what comes of more than 102,400 where it stays, while what comes of less is
/// copied twice before it does; and texts of 131,072 have to have pages of their own.
const PIECE: usize = 106_496;

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
        match batch.take(list, rows, keep) {
            Ok(true) => {}
            Ok(false) => break Ok(Taken::Enough),
            Err(failure) => break Err(failure),
        }
        let have_some = || !batch.ends.is_empty() || rows.length() > before;
        if matches!(portion, Portion::Arrived) && have_some() {
            break Ok(Taken::Some);
        }
    };
    batch.give(list, rows).and(end)
}

fn no_object() -> JsValue {
    SyntaxError::new("a row that is no JSON object").into()
}

/// Rows on their way to the engine's parser.
pub struct Batch {
    kind: &'static Kind,
    /// A bracket, then the values of the rows, each with a comma behind it: the last one becomes the closing bracket.
    text: Vec<u8>,
    /// Where each row ends.
    ends: Vec<usize>,
}

impl Batch {
    /// Of rows of this kind.
    pub fn of(kind: &'static Kind) -> Batch {
        Batch { kind, text: vec![b'['], ends: Vec::new() }
    }

    /// Takes in the rows that have arrived and are to be kept. Returns whether further rows are wanted.
    fn take(&mut self, list: &mut List, rows: &Array, keep: &mut Choose) -> Result<bool, Failure> {
        while let Some(row) = list.row()? {
            match keep(row) {
                Ok(Keep::Stop) => return Ok(false),
                Ok(Keep::Drop) => {}
                Ok(Keep::Take) if self.put(row).is_ok() => {
                    if self.is_full() {
                        self.give(list, rows)?;
                    }
                }
                _ => return Err(list.malformed_row(1, no_object())),
            }
        }
        Ok(true)
    }

    /// Gives out what was taken in, as far as it is JSON.
    fn give(&mut self, list: &List, rows: &Array) -> Result<(), Failure> {
        std::mem::replace(self, Batch::of(self.kind))
            .add_to(rows)
            .map_err(|(left, error)| list.malformed_row(left, error))
    }

    /// Adds a row, unless it is no JSON object.
    fn put(&mut self, row: Value) -> Result<(), Malformed> {
        let put = self.kind.put;
        self.put_with(|values| put(row, values))
    }

    /// Adds a row by its values, which `put` writes, unless it fails.
    pub fn put_with(&mut self, put: impl FnOnce(&mut Vec<u8>) -> Result<(), Malformed>) -> Result<(), Malformed> {
        let before = self.text.len();
        let written = put(&mut self.text);
        match written {
            Ok(()) => self.ends.push(self.text.len()),
            Err(Malformed) => self.text.truncate(before),
        }
        written
    }

    /// Whether there is enough in it to be parsed.
    pub fn is_full(&self) -> bool {
        self.text.len() >= PIECE
    }

    /// Appends the rows to `rows`. On an error those before the wrong one, with the number of those left.
    pub fn add_to(mut self, rows: &Array) -> Result<(), (u64, JsValue)> {
        let Some(last) = self.text.last_mut().filter(|last| **last == b',') else { return Ok(()) };
        *last = b']';
        if add_rows(self.kind.maker, &self.text, rows).is_ok() {
            return Ok(());
        }
        // One of them is wrong: one by one, to find out which.
        let mut start = 1;
        for (done, end) in self.ends.iter().enumerate() {
            let row = self.text.get(start..end - 1).unwrap_or_default();
            add_rows(self.kind.maker, &[b"[", row, b"]"].concat(), rows)
                .map_err(|error| ((self.ends.len() - done) as u64, error))?;
            start = *end;
        }
        Ok(())
    }
}

/// A plain object with these members.
pub fn object<const N: usize>(members: [(&str, JsValue); N]) -> Object {
    let object = Object::new();
    for (name, value) in members {
        // A fresh plain object takes every member.
        let _ = Reflect::set(&object, &name.into(), &value);
    }
    object
}
