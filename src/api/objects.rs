//! From bytes to JavaScript's own objects.

use js_sys::{Array, JSON, Object, Reflect, SyntaxError};
use wasm_bindgen::prelude::*;

use crate::http::{Call, Code, Connection, Failure, List};
use crate::rows::Malformed;

/// Makes the row in its argument whole, behind what the vector holds.
pub type WriteRow = fn(&[u8], &mut Vec<u8>) -> Result<(), Malformed>;

/// Parses `json` with the engine's own parser: nothing builds plain objects faster.
pub fn parse(json: &[u8]) -> Result<JsValue, JsValue> {
    let text = std::str::from_utf8(json).map_err(|_| SyntaxError::new("bytes that are not UTF-8"))?;
    JSON::parse(text)
}

/// The one object that answers `call`, made whole by `write_row`.
pub async fn one(connection: &Connection, call: &Call, write_row: WriteRow) -> Result<JsValue, Failure> {
    let mut retry = connection.retry(call.signal.clone());
    loop {
        match one_attempt(connection, call, write_row).await {
            Ok(object) => return Ok(object),
            Err(failure) => retry.after(failure).await?,
        }
    }
}

async fn one_attempt(connection: &Connection, call: &Call, write_row: WriteRow) -> Result<JsValue, Failure> {
    let mut body = connection.send(call).await?;
    let bytes = body.object().await?;
    let mut whole = Vec::with_capacity(bytes.len() + 256);
    write_row(&bytes, &mut whole)
        .map_err(|_| SyntaxError::new("a row that is no JSON object").into())
        .and_then(|()| parse(&whole))
        .map_err(|error| body.fault(Code::InvalidResponse, "the answer is not correct JSON".to_owned(), error))
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
        append(rows, &batch);
    }
    Ok(further)
}

/// The rows of `rows` behind those of `all`.
pub fn append(all: &Array, rows: &Array) {
    for row in rows.iter() {
        all.push(&row);
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
