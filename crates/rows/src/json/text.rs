//! Single JSON values: where they end, and strings in and out.

use std::borrow::Cow;

use memchr::{memchr, memchr2};

use super::structure::Index;

/// These bytes are no JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed;

/// `bytes` from the first one on that is not white space.
#[inline]
pub fn skip_space(bytes: &[u8]) -> &[u8] {
    // CouchDB writes none, so one look is nearly always enough.
    if bytes.first().is_some_and(u8::is_ascii_whitespace) { bytes.trim_ascii_start() } else { bytes }
}

/// Whether both hold the same bytes. The comparison of slices goes byte by byte in wasm, which takes three times as long.
// Here and not where it is asked, as what is inlined elsewhere is compiled for size.
#[inline(never)]
pub fn are_equal(one: &[u8], other: &[u8]) -> bool {
    let ((blocks, rest), (other_blocks, other_rest)) = (one.as_chunks::<16>(), other.as_chunks::<16>());
    one.len() == other.len()
        && rest == other_rest
        && blocks.iter().zip(other_blocks).all(|(one, other)| u128::from_le_bytes(*one) == u128::from_le_bytes(*other))
}

/// Where `part` is in `text` first. For short texts, where looking at each place is quick, while the
/// searchers of the standard library are 3 kB of wasm.
pub fn find(text: &str, part: &str) -> Option<usize> {
    text.as_bytes().windows(part.len().max(1)).position(|some| some.starts_with(part.as_bytes()))
}

/// Whether `part` is in `text`.
pub fn holds(text: &str, part: &str) -> bool {
    find(text, part).is_some()
}

/// Where the value ends that `bytes` begins with; `None` if its end is not among them.
pub fn value_end(bytes: &[u8]) -> Option<usize> {
    match bytes.first()? {
        b'"' => string_end(bytes),
        b'{' | b'[' => Index::default().end_of(bytes),
        // Ended by what cannot be in a number or a word.
        _ => bytes.iter().position(|b| !matches!(b, b'0'..=b'9' | b'a'..=b'z' | b'-' | b'+' | b'.' | b'E')),
    }
}

/// Where the string ends that `bytes` begins with, behind its closing quote.
pub fn string_end(bytes: &[u8]) -> Option<usize> {
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

/// The text of a JSON string, given with its quotes; `None` if it is not a string, or not a correct one.
/// Half a surrogate pair becomes U+FFFD, as it does wherever UTF-16 becomes UTF-8.
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
                let (c, behind) = code_point(chars.as_str())?;
                text.push(c);
                rest = behind;
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

/// The character that four hex digits name, or eight with `\u` between them for a surrogate pair.
fn code_point(digits: &str) -> Option<(char, &str)> {
    let (unit, rest) = code_unit(digits)?;
    if (0xD800..0xDC00).contains(&unit)
        && let Some((low, behind)) = rest.strip_prefix("\\u").and_then(code_unit)
        && (0xDC00..0xE000).contains(&low)
    {
        let c = char::from_u32(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00))?;
        return Some((c, behind));
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

/// A number in decimal digits, without the standard library's formatting: that is over 1 kB of wasm.
pub fn digits(mut number: u64) -> String {
    let mut digits = Vec::new();
    loop {
        digits.push(b'0' + (number % 10) as u8);
        number /= 10;
        if number == 0 {
            break;
        }
    }
    digits.reverse();
    String::from_utf8(digits).unwrap_or_default()
}

/// Writes `text` to `out` as a JSON string, quotes and all.
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
    fn a_difference_is_seen_wherever_it_stands() {
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
    fn what_is_no_string_is_none() {
        for value in ["", "\"", "x", "12", r#""\x""#, r#""\u12""#, r#""\u+123""#, r#""a"#] {
            assert_eq!(string(value.as_bytes()), None, "{value}");
        }
        assert_eq!(string(b"\"\xff\""), None);
    }
}
