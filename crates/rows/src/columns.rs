//! Rows as values without their keys.
//!
//! The rows of a list have the same keys, and the engine's JSON parser takes three times as long
//! for objects as for their values alone. So a row goes to JavaScript as values, each followed by a
//! comma. pkg-template/runtime/rows.js reads them in the same order and builds the objects.

/// A missing value.
pub const NULL: &[u8] = b"null";

/// Appends one value, which is JSON already.
pub fn put(value: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(value);
    out.push(b',');
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
pub(crate) mod tests {
    use crate::json::{Indexed, Malformed, Value};
    use serde_json::Value as Json;

    /// The values that `put` writes for a row.
    pub fn values(row: &str, put: fn(Value, &mut Vec<u8>) -> Result<(), Malformed>) -> Result<Vec<Json>, Malformed> {
        let mut out = b"[".to_vec();
        put(Indexed::of(row.as_bytes())?.value(), &mut out)?;
        assert_eq!(out.pop(), Some(b','));
        out.push(b']');
        Ok(serde_json::from_slice(&out).unwrap())
    }
}
