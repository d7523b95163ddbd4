//! The end of an object or array that is still arriving.

use super::blocks::{Marks, prefix_xor};

/// Follows one object or array through its bytes, however they are cut, until its closing bracket.
///
/// It trusts the kinds of brackets to match: whoever reads the value sees whether they do.
#[derive(Default)]
pub struct Nesting {
    depth: u32,
    /// All ones inside a string, else 0.
    in_string: u64,
    /// The next byte is escaped by a backslash that was the last one seen.
    escaping: bool,
}

impl Nesting {
    /// Goes on with `bytes`, the first of which opens the value if it is the first call. Returns where the value
    /// ends: the index behind its closing bracket; `None` if that has not come yet.
    pub fn feed(&mut self, bytes: &[u8]) -> Option<usize> {
        for (n, block) in bytes.chunks(64).enumerate() {
            let marks = Marks::of(block);
            let escaped = self.escaped(marks.backslashes, block.len());
            let inside = prefix_xor(marks.quotes & !escaped) ^ self.in_string;
            self.in_string = if inside >> 63 == 1 { u64::MAX } else { 0 };

            let opens = marks.opens & !inside;
            let mut brackets = opens | (marks.closes & !inside);
            while brackets != 0 {
                let at = brackets.trailing_zeros();
                if opens >> at & 1 == 1 {
                    self.depth += 1;
                } else {
                    self.depth = self.depth.saturating_sub(1);
                    if self.depth == 0 {
                        return Some(64 * n + at as usize + 1);
                    }
                }
                brackets &= brackets - 1;
            }
        }
        None
    }

    /// Which of the block's bytes stand behind a backslash that is not itself escaped.
    fn escaped(&mut self, backslashes: u64, len: usize) -> u64 {
        let mut escaped = u64::from(self.escaping);
        self.escaping = false;
        let mut rest = backslashes & !escaped;
        while rest != 0 {
            let at = rest.trailing_zeros();
            if at as usize + 1 == len {
                self.escaping = true;
                break;
            }
            escaped |= 2 << at;
            rest &= !(3 << at);
        }
        escaped
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::super::members::tests::json;
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn finds_the_end_however_the_bytes_are_cut(
            value in prop::collection::vec(json(), 0..6),
            tail in r#"[{}\[\]", a]{0,80}"#,
            cuts in prop::collection::vec(any::<usize>(), 0..6),
        ) {
            let value = serde_json::to_string(&value).unwrap();
            let bytes = format!("{value}{tail}").into_bytes();

            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut % (bytes.len() + 1)).collect();
            cuts.extend([0, bytes.len()]);
            cuts.sort_unstable();
            let mut nesting = Nesting::default();
            let end = cuts
                .windows(2)
                .find_map(|pair| nesting.feed(&bytes[pair[0]..pair[1]]).map(|end| pair[0] + end));
            prop_assert_eq!(end, Some(value.len()));
        }
    }

    #[test]
    fn a_bracket_in_a_string_is_not_a_bracket() {
        let value = br#"{"a":"}\"]","b":[{}]} tail"#;
        assert_eq!(Nesting::default().feed(value), Some(value.len() - 5));
    }
}
