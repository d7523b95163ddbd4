//! The structure of an object or array: the positions of its quotes and brackets, found in one pass over its bytes.
//!
//! Splitting a value moves from quote to quote and from bracket to bracket. They are searched 64 bytes at a time, and only
//! once: while the end of the value is searched, which may not have arrived yet.

use super::simd::{Escapes, Marks, prefix_xor};
use super::text::Malformed;

/// One bit for each of 64 bytes, lowest bit first.
#[derive(Clone, Copy)]
struct Block {
    /// Quotes that are not escaped
    quotes: u64,
    /// Brackets and braces outside strings
    brackets: u64,
}

/// Follows one object or array through its bytes, in chunks of any size, until its closing bracket.
///
/// It assumes that the kinds of brackets match; reading the value checks it.
#[derive(Default)]
pub struct Index {
    /// Of the bytes that have been searched
    blocks: Vec<Block>,
    depth: u32,
    /// All ones if the blocks end inside a string, else 0
    in_string: u64,
    escapes: Escapes,
    /// The value contains a backslash.
    escaped: bool,
}

impl Index {
    /// Starts again, with another value.
    pub fn clear(&mut self) {
        self.blocks.clear();
        (self.depth, self.in_string, self.escapes, self.escaped) = (0, 0, Escapes::default(), false);
    }

    /// Returns the end of the value at the beginning of `bytes`, after its closing bracket; `None` if that has not arrived yet. Then
    /// call it again with more bytes, including these.
    pub fn end_of(&mut self, bytes: &[u8]) -> Option<usize> {
        loop {
            let start = 64 * self.blocks.len();
            let rest = bytes.get(start..).filter(|rest| !rest.is_empty())?;
            let marks = Marks::of(rest);
            let mut escapes = self.escapes;
            self.escaped |= marks.backslashes != 0;
            let quotes = marks.quotes & !escapes.of(marks.backslashes, rest.len().min(64));
            let inside = prefix_xor(quotes) ^ self.in_string;
            let opens = marks.opens & !inside;
            let brackets = opens | (marks.closes & !inside);

            let mut depth = self.depth;
            let mut left = brackets;
            while left != 0 {
                let at = left.trailing_zeros();
                if opens >> at & 1 == 1 {
                    depth += 1;
                } else {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        self.blocks.push(Block { quotes, brackets });
                        return Some(start + at as usize + 1);
                    }
                }
                left &= left - 1;
            }
            if rest.len() < 64 {
                // Searched again when the block is complete.
                return None;
            }
            self.blocks.push(Block { quotes, brackets });
            self.depth = depth;
            self.in_string = if inside >> 63 == 1 { u64::MAX } else { 0 };
            self.escapes = escapes;
        }
    }

    /// Returns the value whose end was found, which has these `bytes`.
    pub fn value<'a>(&'a self, bytes: &'a [u8]) -> Value<'a> {
        Value { bytes, blocks: &self.blocks, start: 0, escaped: self.escaped }
    }
}

/// One object or array with its structure.
pub struct Indexed<'b> {
    bytes: &'b [u8],
    index: Index,
}

impl<'b> Indexed<'b> {
    /// Indexes `bytes`: one object or array, followed by nothing.
    pub fn of(bytes: &'b [u8]) -> Result<Indexed<'b>, Malformed> {
        let mut index = Index::default();
        match (bytes.first(), index.end_of(bytes)) {
            (Some(b'{' | b'['), Some(end)) if end == bytes.len() => Ok(Indexed { bytes, index }),
            _ => Err(Malformed),
        }
    }

    /// Returns the value, to be split.
    pub fn value(&self) -> Value<'_> {
        self.index.value(self.bytes)
    }
}

/// A JSON value within an indexed object or array, or that object or array itself. Positions are those in the indexed value.
#[derive(Clone, Copy)]
pub struct Value<'a> {
    /// The bytes of the indexed value up to the end of this one
    bytes: &'a [u8],
    blocks: &'a [Block],
    start: usize,
    /// The indexed value contains a backslash.
    pub(super) escaped: bool,
}

impl<'a> Value<'a> {
    /// Returns its bytes.
    #[inline]
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes.get(self.start..).unwrap_or_default()
    }

    /// Returns its start and end.
    #[inline]
    pub(super) fn range(&self) -> (usize, usize) {
        (self.start, self.bytes.len())
    }

    /// Returns the part from `start` to `end`.
    #[inline]
    pub(super) fn part(&self, start: usize, end: usize) -> Value<'a> {
        Value { bytes: self.bytes.get(..end).unwrap_or_default(), start, ..*self }
    }

    /// Returns the bytes from `start` to `end`.
    #[inline]
    pub(super) fn slice(&self, start: usize, end: usize) -> &'a [u8] {
        self.bytes.get(start..end).unwrap_or_default()
    }

    /// Returns the byte at this position; `None` after the end of the value.
    #[inline]
    pub(super) fn byte(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    /// Returns the end of the string at `start`, after its closing quote.
    #[inline]
    pub(super) fn string_end(&self, start: usize) -> Option<usize> {
        self.next_of(start + 1, |block| block.quotes).map(|quote| quote + 1)
    }

    /// Returns the end of the object or array at `start`, after its closing bracket.
    pub(super) fn nested_end(&self, start: usize) -> Option<usize> {
        let mut depth = 0u32;
        let mut at = start;
        loop {
            at = self.next_of(at, |block| block.brackets)?;
            depth = if matches!(self.bytes.get(at), Some(b'{' | b'[')) { depth + 1 } else { depth.saturating_sub(1) };
            at += 1;
            if depth == 0 {
                return Some(at);
            }
        }
    }

    #[inline(always)]
    fn next_of(&self, from: usize, marks: impl Fn(&Block) -> u64) -> Option<usize> {
        let mut block = from / 64;
        let mut found = marks(self.blocks.get(block)?) & (u64::MAX << (from % 64));
        while found == 0 {
            block += 1;
            found = marks(self.blocks.get(block)?);
        }
        let at = 64 * block + found.trailing_zeros() as usize;
        (at < self.bytes.len()).then_some(at)
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::super::cursor::tests::json;
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn finds_the_end_for_chunks_of_any_size(
            value in prop::collection::vec(json(), 0..6),
            tail in r#"[{}\[\]", a]{0,80}"#,
            cuts in prop::collection::vec(any::<usize>(), 0..6),
        ) {
            let value = serde_json::to_string(&value).unwrap();
            let bytes = format!("{value}{tail}").into_bytes();

            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut % (bytes.len() + 1)).collect();
            cuts.push(bytes.len());
            cuts.sort_unstable();
            let mut index = Index::default();
            let end = cuts.iter().find_map(|cut| index.end_of(&bytes[..*cut]));
            prop_assert_eq!(end, Some(value.len()));
        }
    }

    #[test]
    fn a_bracket_in_a_string_is_not_a_bracket() {
        let value = br#"{"a":"}\"]","b":[{}]} tail"#;
        assert_eq!(Index::default().end_of(value), Some(value.len() - 5));
    }

    #[test]
    fn only_an_object_or_array_is_indexed() {
        for bytes in ["", "1", "\"a\"", "{", "{}x", " {}", "]", "{\"a\":\"}"] {
            assert!(Indexed::of(bytes.as_bytes()).is_err(), "{bytes}");
        }
    }
}
