//! From bytes to JavaScript's own objects.

use js_sys::{Array, Object, Reflect, SyntaxError};
use wasm_bindgen::prelude::*;

use crate::http::{Call, Connection, Failure, List};
use crate::rows::Malformed;

/// Makes the row in its argument whole, behind what the vector holds.
pub type WriteRow = fn(&[u8], &mut Vec<u8>) -> Result<(), Malformed>;

#[wasm_bindgen(module = "/pkg-template/parse.js")]
extern "C" {
    /// Parses JSON with the engine's own parser: nothing builds plain objects faster.
    #[wasm_bindgen(catch)]
    pub fn parse(json: &[u8]) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_name = append, catch)]
    fn append_all(all: &Array, more: &JsValue) -> Result<(), JsValue>;
}

/// Puts the elements of the array `more` behind those of `all`.
pub fn append(all: &Array, more: &JsValue) {
    // An array's own push does not fail.
    let _ = append_all(all, more);
}

/// The one object that answers `call`, made whole by `write_row`.
pub async fn one(connection: &Connection, call: &Call, write_row: WriteRow) -> Result<JsValue, Failure> {
    let (bytes, body) = connection.object(call).await?;
    whole(&bytes, write_row).map_err(|error| body.not_json(error))
}

/// One row, made whole by `write_row`.
pub fn whole(row: &[u8], write_row: WriteRow) -> Result<JsValue, JsValue> {
    let mut whole = Vec::with_capacity(row.len() + 256);
    write_row(row, &mut whole).map_err(|Malformed| SyntaxError::new("a row that is no JSON object"))?;
    parse(&whole)
}

/// For answers that are whole as they come.
pub fn write_as_it_is(object: &[u8], out: &mut Vec<u8>) -> Result<(), Malformed> {
    out.extend_from_slice(object);
    Ok(())
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

/// The rows that have arrived and are to be kept, as objects behind those in `rows`. They are made whole in wasm and
/// parsed together, a piece of the answer at a time, so that neither the answer nor its text is ever in memory as a whole.
/// Returns whether further rows are wanted. On a failure, `rows` has those before it.
pub fn take_rows(
    list: &mut List,
    rows: &Array,
    write_row: WriteRow,
    mut keep: impl FnMut(&[u8]) -> Result<Keep, Malformed>,
) -> Result<bool, Failure> {
    let mut batch = Batch::default();
    let end = loop {
        let row = match list.row() {
            Ok(Some(row)) => row,
            Ok(None) => break Ok(true),
            Err(failure) => break Err(failure),
        };
        match keep(row) {
            Ok(Keep::Stop) => break Ok(false),
            Ok(Keep::Drop) => {}
            Ok(Keep::Take) if batch.write(row, write_row).is_ok() => {}
            _ => break Err(list.malformed_row(1, SyntaxError::new("a row that is no JSON object").into())),
        }
    };
    match batch.parse(rows) {
        Ok(()) => end,
        Err((left, error)) => Err(list.malformed_row(left, error)),
    }
}

/// Rows made whole, on their way to the engine's parser.
#[derive(Default)]
struct Batch {
    /// `[row,row` of which the parser needs the closing bracket.
    text: Vec<u8>,
    /// Where each row ends.
    ends: Vec<usize>,
}

impl Batch {
    fn write(&mut self, row: &[u8], write_row: WriteRow) -> Result<(), Malformed> {
        let before = self.text.len();
        self.text.push(if before == 0 { b'[' } else { b',' });
        let written = write_row(row, &mut self.text);
        match written {
            Ok(()) => self.ends.push(self.text.len()),
            Err(Malformed) => self.text.truncate(before),
        }
        written
    }

    /// Appends the rows to `rows`. On an error those before the wrong one, with the number of those left.
    fn parse(mut self, rows: &Array) -> Result<(), (u64, JsValue)> {
        if self.ends.is_empty() {
            return Ok(());
        }
        self.text.push(b']');
        if let Ok(batch) = parse(&self.text) {
            append(rows, &batch);
            return Ok(());
        }
        // One of them is wrong: one by one, to find out which.
        let mut start = 1;
        for (done, end) in self.ends.iter().enumerate() {
            let row = parse(self.text.get(start..*end).unwrap_or_default());
            rows.push(&row.map_err(|error| ((self.ends.len() - done) as u64, error))?);
            start = end + 1;
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
