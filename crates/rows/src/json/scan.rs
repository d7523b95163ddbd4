//! Finding the end of a value.
//!
//! There are two ways. [`value_end`] looks at bytes whose structure is unknown, such as the members around the rows of a list, of
//! which some may still be missing. [`indexed_value_end`] looks up the quotes and brackets that an
//! [`Index`] has found, and is used for everything within a row.

use memchr::memchr2;

use super::structure::{Index, Value};
use super::text::Malformed;

/// Returns `bytes` without leading white space.
#[inline]
pub fn skip_space(bytes: &[u8]) -> &[u8] {
    // CouchDB writes none, so one look is nearly always enough.
    if bytes.first().is_some_and(u8::is_ascii_whitespace) { bytes.trim_ascii_start() } else { bytes }
}

/// Returns the end of the value at the beginning of `bytes`; `None` if it has not arrived yet.
pub fn value_end(bytes: &[u8]) -> Option<usize> {
    match bytes.first()? {
        b'"' => string_end(bytes),
        b'{' | b'[' => Index::default().end_of(bytes),
        _ => bytes.iter().position(|byte| !is_scalar(*byte)),
    }
}

/// Returns the end of the string at the beginning of `bytes`, which follows its closing quote.
fn string_end(bytes: &[u8]) -> Option<usize> {
    let mut at = 1;
    loop {
        let rest = bytes.get(at..)?;
        let found = at + memchr2(b'"', b'\\', rest)?;
        if bytes.get(found) == Some(&b'"') {
            return Some(found + 1);
        }
        at = found + 2;
    }
}

/// Returns the end of the value at `start`, within an indexed object or array.
pub fn indexed_value_end(inside: &Value, start: usize) -> Result<usize, Malformed> {
    match inside.byte(start) {
        Some(b'"') => inside.string_end(start),
        Some(b'{' | b'[') => inside.nested_end(start),
        _ => {
            let mut end = start;
            while inside.byte(end).is_some_and(is_scalar) {
                end += 1;
            }
            (end > start).then_some(end)
        }
    }
    .ok_or(Malformed)
}

/// Returns the position of the first byte from `at` on that is not white space.
#[inline]
pub fn skip_indexed_space(inside: &Value, mut at: usize) -> usize {
    if inside.byte(at).is_some_and(|byte| byte <= b' ') {
        at = end_of_space(inside, at);
    }
    at
}

#[cold]
fn end_of_space(inside: &Value, mut at: usize) -> usize {
    while inside.byte(at).is_some_and(|byte| byte.is_ascii_whitespace()) {
        at += 1;
    }
    at
}

/// Whether a byte can be part of a number, `true`, `false` or `null`.
#[inline]
fn is_scalar(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'z' | b'-' | b'+' | b'.' | b'E')
}
