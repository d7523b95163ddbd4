//! Values of rows and documents, with their secrets masked.
//!
//! A text can contain a secret anywhere, and a member can be one by its name. Both are searched in values of every type: a server, or
//! a proxy in between, can send objects where others send texts.

use std::borrow::Cow;

use super::columns::{NULL, put};
use crate::json::{ByteSet, Elements, Malformed, Members, Value, find_any, string, write_string};
use mask::{MASK, is_sensitive, mask};

/// Values nested deeper than this are masked as a whole: they do not occur, and each level takes stack.
const MAX_DEPTH: u32 = 64;

/// Limits how many bytes are read, all levels together: each level reads everything nested in it once more. Values so deep in such
/// large ones are masked as a whole, too. The limit is `MAX_PASSES` times the size, and `MAX_WORK` more.
const MAX_WORK: usize = 16 << 20;
const MAX_PASSES: usize = 4;

/// How to mask a value, which follows from the names of the members that contain it.
#[derive(Clone, Copy, PartialEq)]
pub enum Context {
    /// Texts may contain secrets, members with sensitive names are secrets.
    Any,
    /// Parameters of a query, where `key` is a sensitive name, too
    Query,
    /// In `headers` or `auth`: every text is a secret, except the name of a user.
    Secrets,
    /// Names of documents or of their fields, which are never masked
    Names,
}

/// Appends `value` to `out` with its secrets masked.
pub fn write_masked(value: Value, context: Context, out: &mut Vec<u8>) -> Result<(), Malformed> {
    if context != Context::Any || may_hold_secret(value.bytes()) {
        return walk(value, context, 0, &mut (value.bytes().len() * MAX_PASSES + MAX_WORK), out);
    }
    // Nearly every value is a number, or a URL or a sequence without a secret.
    out.extend_from_slice(value.bytes());
    Ok(())
}

/// Like [`write_masked`], as one of the values of a row.
#[inline]
pub fn put_masked(value: Value, out: &mut Vec<u8>) -> Result<(), Malformed> {
    // Most values of a row are numbers.
    if !matches!(value.bytes(), [b'"' | b'{' | b'[', ..]) {
        put(value.bytes(), out);
        return Ok(());
    }
    write_masked(value, Context::Any, out)?;
    out.push(b',');
    Ok(())
}

/// Appends the members with unknown keys as one object, or null if there is no such member.
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
        write_masked(*value, context_of(key, Context::Any), out)?;
    }
    out.extend_from_slice(b"},");
    Ok(())
}

/// Characters that a sequence does not contain: `@=\ %,:.&>`
const NOT_IN_SEQUENCE: ByteSet = [*b"@@@@@%&@@@:@\\=.@", *b"            , > "];

/// Characters that a URL after its scheme does not contain, or only before a port: `@=\ %,J:&>`. A JSON Web Token contains "eyJ".
const NOT_IN_URL: ByteSet = [*b"@@@@@%&@@@J@\\=>@", *b"          : ,   "];

/// Whether to search a value for secrets.
#[inline]
fn may_hold_secret(value: &[u8]) -> bool {
    match value {
        [b'"', text @ ..] => match text.strip_prefix(b"http://").or_else(|| text.strip_prefix(b"https://")) {
            Some(url) => has_suspect(url),
            None => find_any(text, &NOT_IN_SEQUENCE).is_some(),
        },
        [b'{' | b'[', ..] => true,
        _ => false,
    }
}

/// Whether `url` contains a character that a plain URL does not contain, or a colon that no port follows.
fn has_suspect(mut url: &[u8]) -> bool {
    while let Some(at) = find_any(url, &NOT_IN_URL) {
        let rest = url.get(at + 1..).unwrap_or_default();
        if url.get(at) != Some(&b':') || is_value(rest) {
            return true;
        }
        url = rest;
    }
    false
}

/// Whether the text after a colon is neither the rest of a URL nor its port.
fn is_value(rest: &[u8]) -> bool {
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    !(rest.starts_with(b"//") || digits > 0 && matches!(rest.get(digits), Some(b'/' | b'"')))
}

// Not inlined: rarely needed, and its caller is hot.
#[inline(never)]
fn walk(value: Value, context: Context, depth: u32, left: &mut usize, out: &mut Vec<u8>) -> Result<(), Malformed> {
    let bytes = value.bytes();
    match bytes.first() {
        _ if context == Context::Names => out.extend_from_slice(bytes),
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
                walk(value, context_of(&key, context), depth + 1, left, out)?;
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
                walk(element?, context, depth + 1, left, out)?;
            }
            out.push(b']');
        }
        Some(b'"') => {
            let text = string(bytes).ok_or(Malformed)?;
            match mask(&text) {
                _ if context == Context::Secrets => write_string(MASK, out),
                Cow::Owned(masked) => write_string(&masked, out),
                Cow::Borrowed(_) => out.extend_from_slice(bytes),
            }
        }
        _ => write_plain(bytes, context, out),
    }
    Ok(())
}

/// Writes a number or a word. A password can be a number.
fn write_plain(bytes: &[u8], context: Context, out: &mut Vec<u8>) {
    match bytes.first() {
        Some(b'-' | b'0'..=b'9') if context == Context::Secrets => write_string(MASK, out),
        _ => out.extend_from_slice(bytes),
    }
}

fn context_of(key: &str, around: Context) -> Context {
    match (around, key) {
        (Context::Secrets, "username" | "name") => Context::Any,
        (Context::Secrets, _) | (Context::Query, "key") => Context::Secrets,
        (_, "_id" | "_rev" | "doc_ids" | "selector" | "_replication_id" | "id" | "doc_id" | "database" | "node") => {
            Context::Names
        }
        (_, "query_params") => Context::Query,
        (_, "headers") => Context::Secrets,
        _ if is_sensitive(key.as_bytes()) => Context::Secrets,
        _ => Context::Any,
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use crate::json::Indexed;
    use proptest::prelude::*;

    fn masked(text: &str) -> String {
        let mut out = Vec::new();
        write_masked(Indexed::of(text.as_bytes()).unwrap().value(), Context::Any, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn deeply_nested_values_are_masked_as_a_whole() {
        let nested = |depth: usize, inside: &str| ["[".repeat(depth), inside.to_owned(), "]".repeat(depth)].concat();
        let depth_of = |text: &str| text.bytes().take_while(|byte| *byte == b'[').count();
        // One more than the levels that are searched.
        assert_eq!(masked(&nested(65, "1")), nested(65, "1"));
        assert_eq!(masked(&nested(66, "1")), nested(65, "\"*****\""));
        // In large values sooner, so that the time stays proportional to the size.
        let large = "1,".repeat(2 << 20) + "1";
        assert_eq!(masked(&nested(6, &large)), nested(6, &large));
        let shown = masked(&nested(60, &large));
        assert_eq!(shown, nested(depth_of(&shown), "\"*****\""));
        assert!((6..10).contains(&depth_of(&shown)), "{}", depth_of(&shown));
    }

    proptest! {
        #[test]
        fn texts_with_secrets_are_always_searched(
            text in r#"(https?://)?([a-z]{1,3}|[J@=%,:./\\ "&?-]|eyJ|key|token|h:5984/|Basic |[&#;<>]|<pin>|</pin>|S3cr3tX9|&#58;|&commat;|&quot;|-u|BEGIN PRIVATE KEY-----){0,12}"#,
        ) {
            let mut value = Vec::new();
            write_string(&text, &mut value);
            prop_assert!(mask(&text) == text || may_hold_secret(&value), "{text}");
        }
    }
}
