//! Finding characters with SIMD: the ones that structure JSON, 64 bytes at a time, and members of a small set.

/// One bit for each of 64 bytes, lowest bit first.
pub struct Marks {
    pub quotes: u64,
    pub backslashes: u64,
    /// `{` and `[`
    pub opens: u64,
    /// `}` and `]`
    pub closes: u64,
}

/// `{` and `[` differ in this bit alone, and so do `}` and `]`.
const CASE_BIT: u8 = 0x20;
const OPEN: u8 = b'[';
const CLOSE: u8 = b']';

impl Marks {
    /// Marks the first 64 bytes of `bytes`; if there are fewer, the missing ones count as spaces.
    #[inline]
    pub fn of(bytes: &[u8]) -> Marks {
        match bytes.first_chunk::<64>() {
            Some(block) => Marks::of_block(block),
            None => Marks::of_few(bytes),
        }
    }

    #[cold]
    fn of_few(bytes: &[u8]) -> Marks {
        let mut block = [b' '; 64];
        for (to, from) in block.iter_mut().zip(bytes) {
            *to = *from;
        }
        Marks::of_block(&block)
    }

    #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
    #[inline]
    fn of_block(block: &[u8; 64]) -> Marks {
        use core::arch::wasm32::{i64x2, u8x16_bitmask, u8x16_eq, u8x16_splat, v128_andnot};

        let mut marks = Marks { quotes: 0, backslashes: 0, opens: 0, closes: 0 };
        let (lanes, _) = block.as_chunks::<16>();
        for (lane, bytes) in lanes.iter().enumerate() {
            let word = i128::from_le_bytes(*bytes);
            let v = i64x2(word as i64, (word >> 64) as i64);
            let folded = v128_andnot(v, u8x16_splat(CASE_BIT));
            let shift = 16 * lane;
            let mask = |v| u64::from(u8x16_bitmask(v)) << shift;
            marks.quotes |= mask(u8x16_eq(v, u8x16_splat(b'"')));
            marks.backslashes |= mask(u8x16_eq(v, u8x16_splat(b'\\')));
            marks.opens |= mask(u8x16_eq(folded, u8x16_splat(OPEN)));
            marks.closes |= mask(u8x16_eq(folded, u8x16_splat(CLOSE)));
        }
        marks
    }

    #[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
    fn of_block(block: &[u8; 64]) -> Marks {
        let mut marks = Marks { quotes: 0, backslashes: 0, opens: 0, closes: 0 };
        for (i, &byte) in block.iter().enumerate() {
            let folded = byte & !CASE_BIT;
            marks.quotes |= u64::from(byte == b'"') << i;
            marks.backslashes |= u64::from(byte == b'\\') << i;
            marks.opens |= u64::from(folded == OPEN) << i;
            marks.closes |= u64::from(folded == CLOSE) << i;
        }
        marks
    }
}

/// Returns the exclusive or of the bits 0 to i of `bits` in each bit i: set from each opening quote up to its closing one.
pub fn prefix_xor(mut bits: u64) -> u64 {
    for shift in [1, 2, 4, 8, 16, 32] {
        bits ^= bits << shift;
    }
    bits
}

/// Finds escaped bytes, block after block.
#[derive(Clone, Copy, Default)]
pub struct Escapes {
    /// The first byte of the next block is escaped.
    open: bool,
}

impl Escapes {
    /// Returns which bytes of a block of `len` follow a backslash that is not itself escaped.
    #[inline]
    pub fn of(&mut self, backslashes: u64, len: usize) -> u64 {
        if backslashes == 0 && !self.open {
            return 0;
        }
        let mut escaped = u64::from(self.open);
        self.open = false;
        let mut rest = backslashes & !escaped;
        while rest != 0 {
            let at = rest.trailing_zeros();
            if at as usize + 1 == len {
                self.open = true;
                break;
            }
            escaped |= 2 << at;
            rest &= !(3 << at);
        }
        escaped
    }
}

/// A set of characters: each is in one of two tables, at the index that its lower four bits give. The other entries of a table are
/// characters of another index, so that they match nothing.
pub type ByteSet = [[u8; 16]; 2];

/// Returns the position of the first character of `set` in `bytes`. Looks at sixteen at a time.
// Not inlined: inlined into another crate it would be compiled for size.
#[inline(never)]
pub fn find_any(bytes: &[u8], set: &ByteSet) -> Option<usize> {
    let (blocks, rest) = bytes.as_chunks::<16>();
    for (at, block) in blocks.iter().enumerate() {
        if let Some(found) = find_in(block, set) {
            return Some(16 * at + found);
        }
    }
    if rest.is_empty() {
        return None;
    }
    // The tail is read together with bytes that precede it, since copying it byte by byte is slower.
    match bytes.last_chunk::<16>() {
        Some(last) => find_in(last, set).map(|found| bytes.len() - 16 + found),
        None => {
            let mut last = [0; 16];
            for (to, byte) in last.iter_mut().zip(rest) {
                *to = *byte;
            }
            find_in(&last, set)
        }
    }
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
#[inline]
fn find_in(block: &[u8; 16], [one, other]: &ByteSet) -> Option<usize> {
    use core::arch::wasm32::{
        i64x2, u8x16_bitmask, u8x16_eq, u8x16_splat, u8x16_swizzle, v128_and, v128_any_true, v128_or,
    };

    let vector = |bytes: &[u8; 16]| {
        let word = i128::from_le_bytes(*bytes);
        i64x2(word as i64, (word >> 64) as i64)
    };
    let v = vector(block);
    let indexes = v128_and(v, u8x16_splat(15));
    let is_in = |table| u8x16_eq(v, u8x16_swizzle(vector(table), indexes));
    let found = v128_or(is_in(one), is_in(other));
    v128_any_true(found).then(|| u8x16_bitmask(found).trailing_zeros() as usize)
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
fn find_in(block: &[u8; 16], set: &ByteSet) -> Option<usize> {
    block.iter().position(|byte| set.iter().any(|table| table.get(usize::from(byte & 15)) == Some(byte)))
}

#[cfg(test)]
mod tests {
    use super::{Marks, find_any};
    use wasm_bindgen_test::wasm_bindgen_test;

    /// The simplest implementation, with which SIMD in wasm and the loop on the host have to agree.
    fn bits(block: &[u8], wanted: &[u8]) -> u64 {
        block.iter().enumerate().filter(|(_, byte)| wanted.contains(byte)).fold(0, |bits, (at, _)| bits | 1 << at)
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn every_byte_is_marked_at_every_position() {
        for shift in 0..=255u8 {
            let block: Vec<u8> = (0..64u8).map(|at| at.wrapping_mul(5).wrapping_add(shift)).collect();
            for len in [64, 63, 17, 1, 0] {
                let block = &block[..len];
                let marks = Marks::of(block);
                assert_eq!(marks.quotes, bits(block, b"\""));
                assert_eq!(marks.backslashes, bits(block, b"\\"));
                assert_eq!(marks.opens, bits(block, b"{["));
                assert_eq!(marks.closes, bits(block, b"}]"));
            }
        }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_character_is_found_at_every_position() {
        let tables = [*b"@@@@@%@@@@@@\\=@@", *b"            ,   "];
        for byte in 0..=255u8 {
            for len in [1, 15, 16, 17, 32, 50] {
                for at in 0..len {
                    let mut bytes = vec![b'a'; len];
                    bytes[at] = byte;
                    let found = b"@%\\= ,".contains(&byte).then_some(at);
                    assert_eq!(find_any(&bytes, &tables), found, "{byte} at {at} of {len}");
                }
            }
        }
        assert_eq!(find_any(b"", &tables), None);
        assert_eq!(find_any(b"aaaaaaaaaaaaaaaa@aa=", &tables), Some(16));
    }
}
