//! Looking at decoded text, byte by byte.

use super::decode::Decoded;
use super::names::is_one_of;

/// Start and end of a secret in the decoded text.
pub type Secret = (usize, usize);

/// Decoded text to scan. Its bytes have no end: after it, and before it, they are 0, which has no meaning in these texts.
pub struct Scan<'t> {
    /// The decoded text, with the levels of its escapes
    pub text: &'t Decoded<'t>,
    /// Its bytes
    pub bytes: &'t [u8],
}

impl Scan<'_> {
    /// Returns the byte at `at`; 0 after the end.
    pub fn byte(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or_default()
    }

    /// Returns the bytes from `start` to `end`.
    pub fn slice(&self, start: usize, end: usize) -> &[u8] {
        self.bytes.get(start..end).unwrap_or_default()
    }

    /// Returns the byte that precedes `at`; 0 at the beginning.
    pub fn byte_before(&self, at: usize) -> u8 {
        at.checked_sub(1).map_or(0, |at| self.byte(at))
    }

    /// Returns the end of the bytes of one kind that begin at `at`.
    pub fn end_of(&self, mut at: usize, is_one: fn(u8) -> bool) -> usize {
        while at < self.bytes.len() && is_one(self.byte(at)) {
            at += 1;
        }
        at
    }

    /// Returns the start of the bytes of one kind that end at `at`.
    pub fn start_of(&self, mut at: usize, is_one: fn(u8) -> bool) -> usize {
        while at > 0 && is_one(self.byte_before(at)) {
            at -= 1;
        }
        at
    }

    /// Whether the bytes from `start` to `end` are one of `words`, ignoring case.
    pub fn is_any(&self, start: usize, end: usize, words: &str) -> bool {
        is_one_of(self.slice(start, end), words)
    }

    /// Whether the text that is escaped like the delimiter at `by` ends at `at`: encoded text ends at a byte that is not encoded but would have to be.
    pub fn leaves(&self, at: usize, by: usize) -> bool {
        self.text.level(at) < self.text.level(by) && !is_unreserved(self.byte(at))
    }

    /// Whether the quote at `at` can be the closing one of a string: it is not followed by text.
    pub fn closes(&self, at: usize) -> bool {
        matches!(
            self.byte(at + 1),
            0..=b' '
                | b','
                | b'}'
                | b']'
                | b')'
                | b'>'
                | b':'
                | b';'
                | b'='
                | b'&'
                | b'.'
                | b'"'
                | b'\''
                | b'`'
                | b'|'
                | b'<'
                | b'\\'
        )
    }
}

/// Returns one bit for each of the 64 characters from `first` on that can be part of a name.
const fn names(first: u8) -> u64 {
    let (mut names, mut at) = (0, 0);
    while at < 64 {
        let byte = first + at;
        if byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-' {
            names |= 1 << at;
        }
        at += 1;
    }
    names
}

/// Whether a byte can be part of a name. Inlined, since most time is spent here.
#[inline(always)]
pub fn is_name(byte: u8) -> bool {
    const NAMES: [u64; 2] = [names(0), names(64)];
    NAMES.get(usize::from(byte >> 6)).is_some_and(|names| names >> (byte & 63) & 1 == 1)
}

pub fn is_quote(byte: u8) -> bool {
    matches!(byte, b'"' | b'\'')
}

pub fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

pub fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

fn is_unreserved(byte: u8) -> bool {
    is_name(byte) || matches!(byte, b'.' | b'~' | b'*' | b'+' | b'%' | 0x80..)
}
