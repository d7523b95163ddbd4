//! Turns the bytes of rows into JavaScript objects.

use js_sys::{Array, Object, Reflect, SyntaxError};
use wasm_bindgen::prelude::*;

use rows::doc::put_doc;
use rows::document::put_document;
use rows::job::put_job;
use rows::json::{Indexed, Malformed, Value, write_string};

#[wasm_bindgen(module = "/pkg-template/runtime/rows.js")]
extern "C" {
    /// Parses JSON with the parser of the JavaScript engine.
    #[wasm_bindgen(catch)]
    pub fn parse(json: &[u8]) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_name = append, catch)]
    fn append_all(all: &Array, more: &Array) -> Result<(), JsValue>;

    #[wasm_bindgen(js_name = addDocs, catch)]
    fn add_docs(values: &[u8], rows: &Array) -> Result<(), JsValue>;

    #[wasm_bindgen(js_name = addJobs, catch)]
    fn add_jobs(values: &[u8], rows: &Array) -> Result<(), JsValue>;

    #[wasm_bindgen(js_name = addChanges, catch)]
    fn add_changes(values: &[u8], rows: &Array) -> Result<(), JsValue>;

    #[wasm_bindgen(js_name = addJobChanges, catch)]
    fn add_job_changes(values: &[u8], rows: &Array) -> Result<(), JsValue>;

    #[wasm_bindgen(js_name = addValues, catch)]
    fn add_values(values: &[u8], rows: &Array) -> Result<(), JsValue>;
}

/// Appends the elements of `more` to `all`.
pub fn append(all: &Array, more: &Array) {
    // An array's own push does not fail.
    let _ = append_all(all, more);
}

/// How one kind of rows goes to JavaScript.
pub struct RowKind {
    /// Writes the values of a row, each followed by a comma.
    put: fn(Value, &mut Vec<u8>) -> Result<(), Malformed>,
    /// Builds rows from an array of such values, and appends them.
    add: fn(&[u8], &Array) -> Result<(), JsValue>,
}

/// Replication documents with their states.
pub const DOCS: RowKind = RowKind { put: put_doc, add: add_docs };

/// Jobs.
pub const JOBS: RowKind = RowKind { put: put_job, add: add_jobs };

/// Changes of documents, for [`Batch::put_change`].
pub const CHANGES: RowKind = RowKind { put: put_doc, add: add_changes };

/// Changes of jobs, for [`Batch::put_change`].
pub const JOB_CHANGES: RowKind = RowKind { put: put_job, add: add_job_changes };

/// Replication documents as they are stored.
pub const DOCUMENTS: RowKind = RowKind { put: put_document, add: add_values };

/// Objects that are returned unchanged.
pub const OBJECTS: RowKind = RowKind { put: put_unchanged, add: add_values };

fn put_unchanged(object: Value, out: &mut Vec<u8>) -> Result<(), Malformed> {
    out.extend_from_slice(object.bytes());
    out.push(b',');
    Ok(())
}

/// Builds one row of this kind.
pub fn to_object(row: &[u8], kind: &'static RowKind) -> Result<JsValue, JsValue> {
    let (mut batch, rows) = (Batch::of(kind), Array::new());
    let put = Indexed::of(row).and_then(|row| batch.put(row.value()));
    put.map_err(|Malformed| no_object())?;
    batch.add_to(&rows).map_err(|(_, error)| error)?;
    Ok(rows.get(0))
}

/// Number of bytes that are parsed together. V8 allocates the results of more than 102,400 bytes in its old generation at once, while
/// those of less are copied twice before they get there; and texts of 131,072 bytes need pages of their own.
const BATCH_SIZE: usize = 106_496;

/// The error for a row that is not a JSON object.
pub fn no_object() -> JsValue {
    SyntaxError::new("a row that is no JSON object").into()
}

/// Rows that will be parsed together.
pub struct Batch {
    kind: &'static RowKind,
    /// A bracket, then the values of the rows, each followed by a comma: the last comma becomes the closing bracket
    text: Vec<u8>,
    /// The end of each row in `text`
    ends: Vec<usize>,
}

impl Batch {
    /// An empty batch of rows of this kind.
    pub fn of(kind: &'static RowKind) -> Batch {
        Batch { kind, text: vec![b'['], ends: Vec::new() }
    }

    /// Adds a row; fails if it is not a JSON object.
    pub fn put(&mut self, row: Value) -> Result<(), Malformed> {
        let put = self.kind.put;
        self.put_with(|values| put(row, values))
    }

    /// Adds a change: its type, then the values of its rows.
    pub fn put_change(&mut self, change: &str, rows: &[&[u8]]) -> Result<(), Malformed> {
        let put = self.kind.put;
        self.put_with(|values| {
            write_string(change, values);
            values.push(b',');
            rows.iter().try_for_each(|row| put(Indexed::of(row)?.value(), values))
        })
    }

    /// Adds a row whose values `put` writes, unless that fails.
    fn put_with(&mut self, put: impl FnOnce(&mut Vec<u8>) -> Result<(), Malformed>) -> Result<(), Malformed> {
        let before = self.text.len();
        let written = put(&mut self.text);
        match written {
            Ok(()) => self.ends.push(self.text.len()),
            Err(Malformed) => self.text.truncate(before),
        }
        written
    }

    /// Whether it has no rows.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Whether it is large enough to be parsed.
    pub fn is_full(&self) -> bool {
        self.text.len() >= BATCH_SIZE
    }

    /// Appends the rows to `rows`. If one is invalid, appends those that precede it, and returns the number of the others with the error.
    pub fn add_to(mut self, rows: &Array) -> Result<(), (u64, JsValue)> {
        let Some(last) = self.text.last_mut().filter(|last| **last == b',') else { return Ok(()) };
        *last = b']';
        if (self.kind.add)(&self.text, rows).is_ok() {
            return Ok(());
        }
        // One of them is invalid: adding them one by one finds it.
        let mut start = 1;
        for (done, end) in self.ends.iter().enumerate() {
            let row = self.text.get(start..end - 1).unwrap_or_default();
            (self.kind.add)(&[b"[", row, b"]"].concat(), rows)
                .map_err(|error| ((self.ends.len() - done) as u64, error))?;
            start = *end;
        }
        Ok(())
    }
}

/// Returns a plain object with these members.
pub fn object<const N: usize>(members: [(&str, JsValue); N]) -> Object {
    let object = Object::new();
    for (name, value) in members {
        // A fresh plain object takes every member.
        let _ = Reflect::set(&object, &name.into(), &value);
    }
    object
}
