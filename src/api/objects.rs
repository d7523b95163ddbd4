//! From bytes to JavaScript's own objects.

use js_sys::{Array, JSON, Object, Reflect, SyntaxError};
use wasm_bindgen::prelude::*;

use crate::http::{Failure, List};
use crate::rows::Malformed;

/// Makes the row in its argument whole, behind what the vector holds.
pub type WriteRow = fn(&[u8], &mut Vec<u8>) -> Result<(), Malformed>;

/// Parses `json` with the engine's own parser: nothing builds plain objects faster.
pub fn parse(json: &[u8]) -> Result<JsValue, JsValue> {
    let text = std::str::from_utf8(json).map_err(|_| SyntaxError::new("bytes that are not UTF-8"))?;
    JSON::parse(text)
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
/// Returns whether further rows are wanted.
pub fn take_rows(
    list: &mut List,
    rows: &Array,
    write_row: WriteRow,
    mut keep: impl FnMut(&[u8]) -> Result<Keep, Malformed>,
) -> Result<bool, Failure> {
    let mut text = vec![b'['];
    let mut further = true;
    while let Some(row) = list.row()? {
        let written = match keep(row) {
            Ok(Keep::Stop) => {
                further = false;
                break;
            }
            Ok(Keep::Drop) => continue,
            Ok(Keep::Take) => {
                if text.len() > 1 {
                    text.push(b',');
                }
                write_row(row, &mut text)
            }
            Err(malformed) => Err(malformed),
        };
        if written.is_err() {
            return Err(list.malformed_row(SyntaxError::new("a row that is no JSON object").into()));
        }
    }
    text.push(b']');
    if text.len() > 2 {
        let batch: Array = parse(&text).map_err(|error| list.malformed_row(error))?.unchecked_into();
        for row in batch.iter() {
            rows.push(&row);
        }
    }
    Ok(further)
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
