//! Values of rows and documents, with their secrets masked.
//!
//! Text can hold a secret anywhere, and a member can be one by its name. Both are looked for in every shape: a server, or a proxy
//! on the way, can send objects where others send text.

use std::borrow::Cow;

use super::columns::{NULL, put};
use crate::json::{Elements, Malformed, Members, Value, Wanted, has_any, string, write_string};
use crate::mask::{MASK, is_sensitive, mask};

/// Values nested deeper than this are masked as a whole: nobody writes them, and looking into each takes stack.
const MAX_DEPTH: u32 = 64;

/// How many bytes are looked at, all levels together, beyond some passes over the whole: looking into each level passes over
/// all that is in it once more. What is nested so deep in something so large is masked as a whole, too.
const MAX_WORK: usize = 16 << 20;
const MAX_PASSES: usize = 4;

/// What is known of a value by where it stands.
#[derive(Clone, Copy, PartialEq)]
pub enum Place {
    /// Text may hold secrets, members with sensitive names do.
    Anywhere,
    /// Parameters of a query, where `key` is a sensitive name too.
    Query,
    /// In `headers` or `auth`: every text is a secret but a user's name.
    Secrets,
    /// Names of documents, or of fields in them: shown as they are.
    Names,
}

/// Writes `value` to `out`, each secret in it masked.
pub fn write_masked(value: Value, place: Place, out: &mut Vec<u8>) -> Result<(), Malformed> {
    if place != Place::Anywhere || may_hold_secret(value.bytes()) {
        return walk(value, place, 0, &mut (value.bytes().len() * MAX_PASSES + MAX_WORK), out);
    }
    // Nearly every value is a number, or a URL or a sequence with nothing secret.
    out.extend_from_slice(value.bytes());
    Ok(())
}

/// The same as one of the values of a row.
pub fn put_masked(value: Value, out: &mut Vec<u8>) -> Result<(), Malformed> {
    write_masked(value, Place::Anywhere, out)?;
    out.push(b',');
    Ok(())
}

/// Writes the members that nobody knew, as one object; null, if there are none.
pub fn put_others(others: &[(Cow<str>, Value)], out: &mut Vec<u8>) -> Result<(), Malformed> {
    if others.is_empty() {
        put(NULL, out);
        return Ok(());
    }
    out.push(b'{');
    for (i, (key, value)) in others.iter().enumerate() {
        if i > 0 {
            out.push(b',');
        }
        write_string(key, out);
        out.push(b':');
        write_masked(*value, place_of(key, Place::Anywhere), out)?;
    }
    out.extend_from_slice(b"},");
    Ok(())
}

/// What a sequence has none of, and a plain URL the last two alone: `@=\ %,:.`
const SEQUENCE: Wanted = [*b"@@@@@%@@@@:@\\=.@", *b"            ,   "];

/// What a plain URL has none of: `@=\ %,J`. A JSON Web Token has "eyJ" and dots.
const URL: Wanted = [*b"@@@@@%@@@@J@\\=@@", *b"            ,   "];

/// Whether to look for secrets in a value.
#[inline]
fn may_hold_secret(value: &[u8]) -> bool {
    match value.first() {
        Some(b'"') => has_any(value, &SEQUENCE) && (has_any(value, &URL) || has_value(value)),
        Some(b'{' | b'[') => true,
        _ => false,
    }
}

/// Whether one of the colons is followed by what can be a value.
fn has_value(mut value: &[u8]) -> bool {
    while let Some(colon) = value.iter().position(|byte| *byte == b':') {
        value = value.get(colon + 1..).unwrap_or_default();
        if is_value(value) {
            return true;
        }
    }
    false
}

/// Whether what follows a colon is neither the rest of a URL nor its port.
fn is_value(rest: &[u8]) -> bool {
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    !(rest.starts_with(b"//") || digits > 0 && matches!(rest.get(digits), Some(b'/' | b'"')))
}

// Apart from the rest, as it is rarely needed.
#[inline(never)]
fn walk(value: Value, place: Place, depth: u32, left: &mut usize, out: &mut Vec<u8>) -> Result<(), Malformed> {
    let bytes = value.bytes();
    match bytes.first() {
        _ if place == Place::Names => out.extend_from_slice(bytes),
        Some(b'{' | b'[') if depth > MAX_DEPTH || *left < bytes.len() => write_string(MASK, out),
        Some(b'{') => {
            *left -= bytes.len();
            out.push(b'{');
            for (i, member) in Members::of(value).enumerate() {
                let (key, value) = member?;
                if i > 0 {
                    out.push(b',');
                }
                out.extend_from_slice(key);
                out.push(b':');
                let key = string(key).ok_or(Malformed)?;
                walk(value, place_of(&key, place), depth + 1, left, out)?;
            }
            out.push(b'}');
        }
        Some(b'[') => {
            *left -= bytes.len();
            out.push(b'[');
            for (i, element) in Elements::of(value).enumerate() {
                if i > 0 {
                    out.push(b',');
                }
                walk(element?, place, depth + 1, left, out)?;
            }
            out.push(b']');
        }
        Some(b'"') => {
            let text = string(bytes).ok_or(Malformed)?;
            match mask(&text) {
                _ if place == Place::Secrets => write_string(MASK, out),
                Cow::Owned(masked) => write_string(&masked, out),
                Cow::Borrowed(_) => out.extend_from_slice(bytes),
            }
        }
        _ => write_plain(bytes, place, out),
    }
    Ok(())
}

/// Writes a number or a word. A password can be a number.
fn write_plain(bytes: &[u8], place: Place, out: &mut Vec<u8>) {
    match bytes.first() {
        Some(b'-' | b'0'..=b'9') if place == Place::Secrets => write_string(MASK, out),
        _ => out.extend_from_slice(bytes),
    }
}

fn place_of(key: &str, around: Place) -> Place {
    match (around, key) {
        (Place::Secrets, "username" | "name") => Place::Anywhere,
        (Place::Secrets, _) | (Place::Query, "key") => Place::Secrets,
        (_, "_id" | "_rev" | "doc_ids" | "selector" | "_replication_id" | "id" | "doc_id" | "database" | "node") => {
            Place::Names
        }
        (_, "query_params") => Place::Query,
        (_, "headers") => Place::Secrets,
        _ if is_sensitive(key.as_bytes()) => Place::Secrets,
        _ => Place::Anywhere,
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use crate::json::Indexed;

    fn masked(text: &str) -> String {
        let mut out = Vec::new();
        write_masked(Indexed::of(text.as_bytes()).unwrap().value(), Place::Anywhere, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn what_is_nested_deep_is_masked_as_a_whole() {
        let nested = |depth: usize, inside: &str| ["[".repeat(depth), inside.to_owned(), "]".repeat(depth)].concat();
        let depth_of = |text: &str| text.bytes().take_while(|byte| *byte == b'[').count();
        // One more than the levels that are looked into.
        assert_eq!(masked(&nested(65, "1")), nested(65, "1"));
        assert_eq!(masked(&nested(66, "1")), nested(65, "\"*****\""));
        // In something large sooner, so that the time stays in proportion to the size.
        let large = "1,".repeat(2 << 20) + "1";
        assert_eq!(masked(&nested(6, &large)), nested(6, &large));
        let shown = masked(&nested(60, &large));
        assert_eq!(shown, nested(depth_of(&shown), "\"*****\""));
        assert!((6..10).contains(&depth_of(&shown)), "{}", depth_of(&shown));
    }
}
