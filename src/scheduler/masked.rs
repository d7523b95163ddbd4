//! Values of rows that may hold secrets.

use memchr::{memchr, memchr3};

use crate::insight::mask::mask;
use crate::rows::{Fields, Malformed, ObjectWriter, string, write_string};

/// Writes `value` to `out`; if it is a string, with its secrets masked.
pub fn write_masked(value: &[u8], out: &mut Vec<u8>) {
    if value.starts_with(b"\"")
        && may_hold_secret(value)
        && let Some(text) = string(value)
    {
        write_string(&mask(&text), out);
    } else {
        out.extend_from_slice(value);
    }
}

/// Nearly every value is a number, or a URL with nothing secret: a secret needs one of these characters.
fn may_hold_secret(value: &[u8]) -> bool {
    memchr3(b'@', b'=', b'\\', value).is_some() || memchr(b' ', value).is_some()
}

/// Writes an `info`: counters as they are, an error with its secrets masked. A string, as servers before 3.0 send it,
/// becomes `{"error": …}`.
pub fn write_info(info: &[u8], out: &mut Vec<u8>) -> Result<(), Malformed> {
    match info {
        [b'"', ..] => {
            let mut written = ObjectWriter::open(out);
            write_masked(info, written.key("error"));
            written.close();
        }
        [b'{', ..] if may_hold_secret(info) => {
            let fields = Fields::of(info, &["error"])?;
            let mut written = ObjectWriter::open(out);
            for (key, value) in fields.each().filter_map(|(key, value)| Some((key, value?))) {
                write_masked(value, written.key(key));
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
