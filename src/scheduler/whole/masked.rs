//! Values of rows that may hold secrets.

use std::borrow::Cow;

use crate::mask::mask;
use crate::rows::{Fields, Malformed, ObjectWriter, has_any, string, write_string};

/// Writes `value` to `out`; if it is a string, with its secrets masked.
pub fn write_masked(value: &[u8], out: &mut Vec<u8>) {
    if value.starts_with(b"\"") && may_hold_secret(value) {
        let text = string(value);
        if let Some(Cow::Owned(masked)) = text.as_deref().map(mask) {
            return write_string(&masked, out);
        }
    }
    out.extend_from_slice(value);
}

/// Nearly every value is a number, or a URL with nothing secret: a secret needs one of these characters.
pub fn may_hold_secret(value: &[u8]) -> bool {
    has_any(value, *b"@=\\ %")
}

/// Whether an `info` is other than the one to be given out, or may be.
pub fn needs_writing(info: &[u8]) -> bool {
    info.starts_with(b"\"") || may_hold_secret(info)
}

/// Writes an `info`: counters as they are, an error with its secrets masked. A string, as servers before 3.0 send it,
/// becomes `{"error": …}`.
pub fn write_info(info: &[u8], out: &mut Vec<u8>) -> Result<(), Malformed> {
    match info {
        [b'"', ..] => {
            let mut written = ObjectWriter::open(out);
            write_masked(info, written.plain_key("error"));
            written.close();
        }
        [b'{', ..] => {
            let fields = Fields::of(info, &["error"])?;
            let mut written = ObjectWriter::open(out);
            if let Some(error) = fields.value(0) {
                write_masked(error, written.plain_key("error"));
            }
            for (key, value) in &fields.others {
                write_masked(value, written.key(key));
            }
            written.close();
        }
        _ => out.extend_from_slice(info),
    }
    Ok(())
}
