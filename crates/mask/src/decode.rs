//! Text without its escapes, and the position of each character in the original.
//!
//! Delimiters of a secret can be escaped: `http%3A%2F%2F`, `http:\/\/`, `\u0040`, `&#64;`, or a quote in a quoted term. So
//! the search looks at decoded characters, but knows how each was written: a delimiter that is escaped more often than
//! the one that opened a value belongs to the value.

use std::borrow::Cow;
use std::collections::TryReserveError;

use memchr::memchr3;

use super::names::words;

/// HTML entities of delimiters, each followed by its character.
const ENTITIES: &str =
    "amp;& quot;\" #34;\" #39;' #x27;' lt;< gt;> colon;: #58;: #x3a;: sol;/ #47;/ #x2f;/ commat;@ #64;@ #x40;@";

/// How a decoded byte was written.
#[derive(Clone, Copy, Default)]
struct Origin {
    /// Number of times it is percent-encoded
    level: u8,
    /// Of a quote: how deep its string is nested in other strings. `"` is 0, `\"` 1, `\\\"` 2.
    nesting: u8,
    /// Its position in the original
    start: u32,
}

/// Decoded text. Delimiters are ASCII, so it is bytes.
pub struct Decoded<'t> {
    bytes: Cow<'t, [u8]>,
    /// One for each byte; empty if nothing is escaped
    origins: Vec<Origin>,
    /// Length of the original
    end: usize,
}

impl<'t> Decoded<'t> {
    /// Decodes `text`; fails if there is no memory for it.
    pub fn of(text: &'t [u8]) -> Result<Decoded<'t>, TryReserveError> {
        let mut decoded = Decoded { bytes: Cow::Borrowed(text), origins: Vec::new(), end: text.len() };
        if memchr3(b'%', b'\\', b'&', text).is_some() {
            let mut bytes = Vec::new();
            // No character becomes more than one byte.
            bytes.try_reserve_exact(text.len())?;
            decoded.origins.try_reserve_exact(text.len())?;
            decoded.bytes = Cow::Owned(bytes);
            let mut at = 0;
            while let Some((byte, level, next)) = percent_decoded(text, at) {
                if byte == b'\\' {
                    at = decoded.push_escape(text, at);
                } else {
                    // The string with the quote `&quot;` is in another one.
                    let is_nested = matches!(byte, b'"' | b'\'') && text.get(at) == Some(&b'&');
                    decoded.push(byte, level, u32::from(is_nested), at);
                    at = next;
                }
            }
        }
        Ok(decoded)
    }

    fn push(&mut self, byte: u8, level: u8, nesting: u32, start: usize) {
        self.bytes.to_mut().push(byte);
        self.origins.push(Origin { level, nesting: nesting as u8, start: start as u32 });
    }

    /// Decodes the backslashes at `at` with the character that they escape, and returns the position of the next one.
    fn push_escape(&mut self, text: &[u8], at: usize) -> usize {
        let (mut count, mut end) = (0u32, at);
        while let Some((b'\\', _, next)) = percent_decoded(text, end) {
            count += 1;
            end = next;
        }
        let Some((escaped, level, next)) = percent_decoded(text, end) else {
            self.push(b'\\', 0, 0, at);
            return end;
        };
        let plain = match escaped {
            // Each level of nesting doubles the backslashes and adds one, so 1, 3, 7, … belong to the quote, and
            // those that precede them to the text.
            b'"' | b'\'' => {
                let nesting = count.trailing_ones();
                let mut start = at;
                for _ in (1u32 << nesting.min(31)) - 1..count {
                    self.push(b'\\', level, 0, start);
                    start = percent_decoded(text, start).map_or(end, |(_, _, next)| next);
                }
                self.push(escaped, level, nesting, start);
                return next;
            }
            b'/' => Some((b'/', next)),
            b'n' | b'r' => Some((b'\n', next)),
            b't' => Some((b'\t', next)),
            b'u' => hex(text, next, 4),
            b'x' => hex(text, next, 2),
            _ => None,
        };
        match plain {
            Some((byte, next)) => {
                self.push(byte, level, u32::from(matches!(byte, b'"' | b'\'')), at);
                next
            }
            None => {
                self.push(b'\\', level, 0, at);
                end
            }
        }
    }

    /// Returns the decoded text.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Returns the number of times that the byte at `at` is percent-encoded.
    pub fn level(&self, at: usize) -> u8 {
        self.origins.get(at).copied().unwrap_or_default().level
    }

    /// Returns its position in the original.
    pub fn start(&self, at: usize) -> usize {
        match self.origins.get(at) {
            Some(origin) => origin.start as usize,
            None if self.origins.is_empty() => at,
            None => self.end,
        }
    }

    /// Whether the quote at `at` ends the string that the one at `open` began: it belongs to the same string, or to one that contains it.
    pub fn ends_string(&self, at: usize, open: usize) -> bool {
        let depth = |at: usize| self.origins.get(at).map_or((0, 0), |origin| (origin.level, origin.nesting));
        self.bytes.get(at) == self.bytes.get(open) && depth(at) <= depth(open)
    }
}

/// Returns the byte at `at` after decoding percent signs and HTML entities repeatedly, the number of percent signs, and the
/// position of the next one.
fn percent_decoded(text: &[u8], at: usize) -> Option<(u8, u8, usize)> {
    let mut byte = *text.get(at)?;
    let (mut level, mut next) = (0u8, at + 1);
    loop {
        let decoded = match byte {
            b'%' => hex(text, next, 2),
            b'&' => entity(text, next),
            _ => None,
        };
        let Some((code, end)) = decoded else { return Some((byte, level, next)) };
        level = level.saturating_add(u8::from(byte == b'%'));
        (byte, next) = (code, end);
    }
}

/// Returns the character of the HTML entity after the `&` that precedes `at`, and the position after it.
fn entity(text: &[u8], at: usize) -> Option<(u8, usize)> {
    words(ENTITIES).find_map(|entity| {
        let (byte, name) = entity.split_last()?;
        let end = at + name.len();
        text.get(at..end)?.eq_ignore_ascii_case(name).then_some((*byte, end))
    })
}

/// Returns the character with `count` hex digits, and the position after them; 0x80 for every character beyond ASCII.
fn hex(text: &[u8], at: usize, count: usize) -> Option<(u8, usize)> {
    let mut code = 0;
    for digit in text.get(at..at + count)? {
        code = code * 16 + char::from(*digit).to_digit(16)?;
    }
    Some((if code < 0x80 { code as u8 } else { 0x80 }, at + count))
}
