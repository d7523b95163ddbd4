//! Texts: reading and writing JSON strings, searching, comparing.

use std::borrow::Cow;

use memchr::memchr;

/// The bytes are not valid JSON, or not the JSON that CouchDB sends here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed;

/// Whether `one` and `other` are equal. Comparing slices with `==` goes byte by byte in wasm, which takes three times as long.
// Not inlined: inlined into another crate it would be compiled for size.
#[inline(never)]
pub fn are_equal(one: &[u8], other: &[u8]) -> bool {
    let ((blocks, rest), (other_blocks, other_rest)) = (one.as_chunks::<16>(), other.as_chunks::<16>());
    one.len() == other.len()
        && rest == other_rest
        && blocks.iter().zip(other_blocks).all(|(one, other)| u128::from_le_bytes(*one) == u128::from_le_bytes(*other))
}

/// Returns the position of the first `part` in `text`. For short texts, where trying each position is
/// fast: the searchers of the standard library are 3 kB of wasm.
pub fn find(text: &str, part: &str) -> Option<usize> {
    text.as_bytes().windows(part.len().max(1)).position(|some| some.starts_with(part.as_bytes()))
}

/// Whether `text` contains `part`.
pub fn holds(text: &str, part: &str) -> bool {
    find(text, part).is_some()
}

/// Decodes a JSON string, including its quotes; `None` if `value` is not a valid string.
/// An unpaired surrogate becomes U+FFFD, as usual when UTF-16 is converted to UTF-8.
pub fn string(value: &[u8]) -> Option<Cow<'_, str>> {
    let inner = value.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    let inner = std::str::from_utf8(inner).ok()?;
    if memchr(b'\\', inner.as_bytes()).is_none() { Some(Cow::Borrowed(inner)) } else { unescape(inner).map(Cow::Owned) }
}

fn unescape(inner: &str) -> Option<String> {
    let mut text = String::with_capacity(inner.len());
    let mut rest = inner;
    while let Some((before, after)) = rest.split_once('\\') {
        text.push_str(before);
        let mut chars = after.chars();
        let plain = match chars.next()? {
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => {
                let (c, after_escape) = code_point(chars.as_str())?;
                text.push(c);
                rest = after_escape;
                continue;
            }
            c @ ('"' | '\\' | '/') => c,
            _ => return None,
        };
        text.push(plain);
        rest = chars.as_str();
    }
    text.push_str(rest);
    Some(text)
}

/// Decodes the four hex digits of an escape, or the eight of a surrogate pair with `\u` between them.
fn code_point(digits: &str) -> Option<(char, &str)> {
    let (unit, rest) = code_unit(digits)?;
    if (0xD800..0xDC00).contains(&unit)
        && let Some((low, after_pair)) = rest.strip_prefix("\\u").and_then(code_unit)
        && (0xDC00..0xE000).contains(&low)
    {
        let c = char::from_u32(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00))?;
        return Some((c, after_pair));
    }
    Some((char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER), rest))
}

fn code_unit(digits: &str) -> Option<(u32, &str)> {
    let (hex, rest) = digits.split_at_checked(4)?;
    if !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    Some((u32::from_str_radix(hex, 16).ok()?, rest))
}

/// Returns `number` in decimal digits. The standard library's formatting would be over 1 kB of wasm.
pub fn digits(number: u64) -> String {
    itoa::Buffer::new().format(number).to_owned()
}

/// Appends `text` to `out` as a JSON string, including the quotes.
pub fn write_string(text: &str, out: &mut Vec<u8>) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let hex = |digit: u8| HEX.get(usize::from(digit)).copied().unwrap_or_default();
    out.push(b'"');
    for byte in text.bytes() {
        match byte {
            b'"' | b'\\' => out.extend([b'\\', byte]),
            b'\n' => out.extend(b"\\n"),
            0..0x20 => out.extend([b'\\', b'u', b'0', b'0', hex(byte >> 4), hex(byte & 15)]),
            _ => out.push(byte),
        }
    }
    out.push(b'"');
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_string_comes_back_as_it_was_written(text in any::<String>()) {
            let mut written = Vec::new();
            write_string(&text, &mut written);
            prop_assert_eq!(serde_json::from_slice::<String>(&written).unwrap(), text.clone());
            prop_assert_eq!(string(&written), Some(Cow::Borrowed(text.as_str())));
        }

        #[test]
        fn digits_are_those_of_the_number(number: u64) {
            prop_assert_eq!(digits(number), number.to_string());
            prop_assert_eq!(digits(number % 10), (number % 10).to_string());
        }

        #[test]
        fn escapes_mean_what_they_mean_to_serde_json(inner in r#"([a-zé😀]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4}|\\ud83d\\ude00){0,40}"#) {
            let value = format!("\"{inner}\"");
            match serde_json::from_str::<String>(&value) {
                Ok(text) => prop_assert_eq!(string(value.as_bytes()), Some(Cow::Owned(text))),
                // serde_json refuses half a surrogate pair, which JavaScript and CouchDB take.
                Err(_) => prop_assert!(string(value.as_bytes()).is_some_and(|text| text.contains(char::REPLACEMENT_CHARACTER))),
            }
        }
    }

    #[test]
    fn a_difference_is_found_at_every_position() {
        for len in [0, 1, 15, 16, 17, 63] {
            let one: Vec<u8> = (0..len).collect();
            assert!(are_equal(&one, &one.clone()));
            assert!(!are_equal(&one, &[one.as_slice(), &[7]].concat()));
            for at in 0..one.len() {
                let mut other = one.clone();
                other[at] ^= 0x80;
                assert!(!are_equal(&one, &other), "{at} of {len}");
            }
        }
    }

    #[test]
    fn only_valid_strings_are_decoded() {
        for value in ["", "\"", "x", "12", r#""\x""#, r#""\u12""#, r#""\u+123""#, r#""a"#] {
            assert_eq!(string(value.as_bytes()), None, "{value}");
        }
        assert_eq!(string(b"\"\xff\""), None);
    }
}
