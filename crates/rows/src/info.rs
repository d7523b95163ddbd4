//! The `info` of a row: counters, an error, or nothing.

use super::columns::{INFO_COUNTERS, NULL, put};
use super::masked::put_masked;
use crate::json::{Fields, Malformed, Members, Value, are_equal, is_key};

/// Appends an `info` with its secrets masked: a number for its type, then its values.
///
/// - 0: none
/// - 1: an error, followed by the reason. CouchDB before 3.0 sends it as a string, later versions as an object.
/// - 9: nine counters, in CouchDB's order
/// - 11 to 14: eleven counters. Plus 1: without `source_seq`, which is the text that precedes it. Plus 2: without `through_seq`, for
///   the same reason.
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
    let mut repeated = 0;
    let mut previous: &[u8] = b"";
    let mut members = Members::of(info);
    for (count, key) in INFO_COUNTERS.into_iter().enumerate() {
        let Some((found, value)) = members.next().transpose()? else {
            // A completed replication has no more.
            let is_whole = count == 9;
            if is_whole && let Some(kind) = out.get_mut(start..start + 2) {
                kind.copy_from_slice(b" 9");
            } else {
                out.truncate(start);
            }
            return Ok(is_whole);
        };
        if !is_key(found.get(1..found.len() - 1).unwrap_or_default(), key) {
            out.truncate(start);
            return Ok(false);
        }
        let bytes = value.bytes();
        if count >= 9 && bytes.starts_with(b"\"") && are_equal(bytes, previous) {
            repeated |= 1 << (count - 9);
        } else {
            put_masked(value, out)?;
        }
        previous = bytes;
    }
    if members.next().is_some() {
        out.truncate(start);
        return Ok(false);
    }
    if let Some(kind) = out.get_mut(start + 1) {
        *kind += repeated;
    }
    Ok(true)
}

fn put_object(info: Value, out: &mut Vec<u8>) -> Result<(), Malformed> {
    let fields = Fields::of(info, &["error"])?;
    match fields.nested(0) {
        Some(error) if fields.others.is_empty() => put_error(error, out),
        _ => {
            put(b"2", out);
            put_masked(info, out)?;
            Ok(())
        }
    }
}

fn put_error(reason: Value, out: &mut Vec<u8>) -> Result<(), Malformed> {
    put(b"1", out);
    put_masked(reason, out)?;
    Ok(())
}
