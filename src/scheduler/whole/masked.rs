//! Values of rows that may hold secrets.

use std::borrow::Cow;

use super::values::NULL;
use crate::mask::mask;
use crate::rows::{ObjectWriter, Value, has_any, string, write_string};

/// Writes `value` to `out`; if it is a string, with its secrets masked.
pub fn write_masked(value: &[u8], out: &mut Vec<u8>) {
    // Nearly every string is a URL or a sequence with nothing secret: a secret needs one of these characters.
    if value.starts_with(b"\"") && has_any(value, *b"@=\\ %") {
        let text = string(value);
        if let Some(Cow::Owned(masked)) = text.as_deref().map(mask) {
            return write_string(&masked, out);
        }
    }
    out.extend_from_slice(value);
}

/// The same as one of the values of a row.
pub fn put_masked(value: &[u8], out: &mut Vec<u8>) {
    write_masked(value, out);
    out.push(b',');
}

/// Writes the members that nobody knew, as one object; null, if there are none.
pub fn put_others(others: &[(Cow<str>, Value)], out: &mut Vec<u8>) {
    if others.is_empty() {
        out.extend_from_slice(NULL);
    } else {
        let mut object = ObjectWriter::open(out);
        for (key, value) in others {
            write_masked(value.bytes(), object.key(key));
        }
        object.close();
    }
    out.push(b',');
}
