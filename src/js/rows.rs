//! From bytes to JavaScript's own objects.

use js_sys::{Array, Object, Reflect, SyntaxError};
use wasm_bindgen::prelude::*;

use rows::doc::put_doc;
use rows::document::put_document;
use rows::job::put_job;
use rows::json::{Indexed, Malformed, Value};

#[wasm_bindgen(module = "/pkg-template/runtime/rows.js")]
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

/// One row of this kind.
pub fn whole(row: &[u8], kind: &'static Kind) -> Result<JsValue, JsValue> {
    let (mut batch, rows) = (Batch::of(kind), Array::new());
    let put = Indexed::of(row).and_then(|row| batch.put(row.value()));
    put.map_err(|Malformed| no_object())?;
    batch.add_to(&rows).map_err(|(_, error)| error)?;
    Ok(rows.get(0))
}

/// Bytes of values that are parsed together. V8 builds what comes of more than 102,400 where it stays, while what comes of less is
/// copied twice before it does; and texts of 131,072 have to have pages of their own.
const PIECE: usize = 106_496;

/// The error for a row that is not a JSON object.
pub fn no_object() -> JsValue {
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

    /// Adds a row, unless it is no JSON object.
    pub fn put(&mut self, row: Value) -> Result<(), Malformed> {
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

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
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
