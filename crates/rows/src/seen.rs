//! Rows once: a cache, a proxy, or a server that is asked again can repeat some of a list.

use crate::json::{Malformed, Value, string, value_of};

/// As many of the last rows are remembered. CouchDB's lists are in the order of their ids, so that mostly the last one is enough.
const RECENT: usize = 1024;

/// The rows that were read last, by their ids.
#[derive(Default)]
pub struct Seen {
    /// The greatest id so far
    last: Option<Vec<u8>>,
    /// Rows up to this id were read before the list was requested again.
    floor: Option<Vec<u8>>,
    /// Hashes of ids, the oldest of which is replaced next
    recent: Vec<u64>,
    oldest: usize,
}

impl Seen {
    /// Whether the row of `id` is another one than those before; if so, it is one of those from now on. A row that stands where it does
    /// not belong is new unless it is known: no row is lost where a list is in another order.
    pub fn is_new(&mut self, id: &[u8]) -> bool {
        self.is_other(id, id)
    }

    /// The same for the row of a job: in a cluster, the same replication from two documents is two jobs of one id. A repeated row is
    /// the same to the last byte.
    #[inline(never)]
    pub fn is_new_job(&mut self, row: Value) -> Result<bool, Malformed> {
        Ok(match value_of(row, "id")? {
            Some(id) => self.is_other(id, row.bytes()),
            None => true,
        })
    }

    /// Whether the row of `id` is a new one. `identity` distinguishes it from other rows of this `id`.
    fn is_other(&mut self, id: &[u8], identity: &[u8]) -> bool {
        if self.floor.as_deref().is_some_and(|floor| id <= floor) {
            return false;
        }
        let hash = hash(0, identity);
        match &mut self.last {
            Some(last) if id <= last.as_slice() => {
                if self.recent.contains(&hash) {
                    return false;
                }
            }
            Some(last) => {
                last.clear();
                last.extend_from_slice(id);
            }
            last => *last = Some(id.to_vec()),
        }
        match self.recent.get_mut(self.oldest) {
            Some(oldest) => *oldest = hash,
            None => self.recent.push(hash),
        }
        self.oldest = (self.oldest + 1) % RECENT;
        true
    }

    /// The same for a row of a document, by its `doc_id`.
    // Here, so that it is compiled for speed: it is asked of every row.
    #[inline(never)]
    pub fn is_new_doc(&mut self, row: Value) -> Result<bool, Malformed> {
        let id = value_of(row, "doc_id")?.ok_or(Malformed)?;
        match id {
            [b'"', plain @ .., b'"'] if !plain.contains(&b'\\') => Ok(self.is_new(plain)),
            _ => Ok(self.is_new(string(id).ok_or(Malformed)?.as_bytes())),
        }
    }

    /// The greatest id so far.
    pub fn last(&self) -> Option<&[u8]> {
        self.last.as_deref()
    }

    /// The list is read again from `last` on, to which all rows are known; those that came after it were not used.
    pub fn go_back_to(&mut self, last: Option<Vec<u8>>) {
        *self = Seen { last: last.clone(), floor: last, ..Seen::default() };
    }
}

/// Good enough to tell one id or history from another; eight bytes at a time, since histories are long.
pub fn hash(seed: u64, bytes: &[u8]) -> u64 {
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    let mix = |sum: u64, word: u64| (sum ^ word).wrapping_mul(FACTOR).rotate_left(29);
    let (words, rest) = bytes.as_chunks::<8>();
    let sum = words.iter().fold(mix(seed, bytes.len() as u64), |sum, word| mix(sum, u64::from_le_bytes(*word)));
    rest.iter().fold(sum, |sum, byte| mix(sum, u64::from(*byte)))
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn kept<'a>(ids: &[&'a str]) -> Vec<&'a str> {
        let mut seen = Seen::default();
        ids.iter().copied().filter(|id| seen.is_new(id.as_bytes())).collect()
    }

    #[test]
    fn a_repeated_row_is_not_new_wherever_it_stands() {
        assert_eq!(kept(&["a", "a", "b", "b", "a", "c", "b"]), ["a", "b", "c"]);
    }

    #[test]
    fn rows_of_a_list_that_is_read_again_are_not_new() {
        let mut seen = Seen::default();
        for id in ["a", "b", "c"] {
            assert!(seen.is_new(id.as_bytes()));
        }
        seen.go_back_to(Some(b"b".to_vec()));
        let again: Vec<&str> = ["a", "b", "c", "d"].into_iter().filter(|id| seen.is_new(id.as_bytes())).collect();
        assert_eq!(again, ["c", "d"]);
    }

    proptest! {
        #[test]
        fn no_row_is_lost_in_whatever_order(ids in prop::collection::hash_set("[a-c]{0,5}", 0..300)) {
            let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
            prop_assert_eq!(kept(&ids), ids);
        }
    }
}
