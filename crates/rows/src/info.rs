//! The `info` of a row: counters, an error, or nothing.

use super::columns::{INFO_COUNTERS, NULL, put};
use super::masked::put_masked;
use crate::json::{Fields, Malformed, Members, Value, is_key};

/// Appends an `info` with its secrets masked: a number for its type, then its values.
///
/// - 0: none
/// - 1: an error, followed by the reason. CouchDB before 3.0 sends it as a string, later versions as an object.
/// - 9 or 11: this number of counters, in CouchDB's order
/// - 2: anything else, as one value
pub fn put_info(info: Option<Value>, out: &mut Vec<u8>) -> Result<(), Malformed> {
    let Some(info) = info.filter(|info| info.bytes() != NULL) else {
        put(b"0", out);
        return Ok(());
    };
    match info.bytes() {
        [b'"', ..] => put_error(info, out)?,
        [b'{', ..] => {
            if !put_counters(info, out)? {
                put_object(info, out)?;
            }
        }
        _ => {
            put(b"2", out);
            put_masked(info, out)?;
        }
    }
    Ok(())
}

/// Appends the counters; appends nothing and returns false if `info` has other members, or in another order.
fn put_counters(info: Value, out: &mut Vec<u8>) -> Result<bool, Malformed> {
    let start = out.len();
    put(b"11", out);
    let mut count = 0;
    for member in Members::of(info) {
        let (key, value) = member?;
        let plain = key.get(1..key.len().saturating_sub(1)).unwrap_or_default();
        if !INFO_COUNTERS.get(count).is_some_and(|counter| is_key(plain, counter)) {
            count = 0;
            break;
        }
        put_masked(value, out)?;
        count += 1;
    }
    match (count, out.get_mut(start..start + 2)) {
        (11, _) => {}
        (9, Some(kind)) => kind.copy_from_slice(b" 9"),
        _ => {
            out.truncate(start);
            return Ok(false);
        }
    }
    Ok(true)
}

fn put_object(info: Value, out: &mut Vec<u8>) -> Result<(), Malformed> {
    let fields = Fields::of(info, &["error"])?;
    match fields.nested(0) {
        Some(error) if fields.others.is_empty() => put_error(error, out),
        _ => {
            put(b"2", out);
            put_masked(info, out)
        }
    }
}

fn put_error(reason: Value, out: &mut Vec<u8>) -> Result<(), Malformed> {
    put(b"1", out);
    put_masked(reason, out)
}
