//! Recognizing repeated rows: a cache, a proxy, or the server itself can repeat a part of a list, for example after a retry.

use crate::json::{Malformed, Value, string, value_of};

/// Number of recent rows that are remembered. CouchDB's lists are sorted by id, so mostly the last one is enough.
const MAX_RECENT: usize = 1024;

/// The recently read rows, by their ids.
#[derive(Default)]
pub struct Seen {
    /// The greatest id so far
    last: Option<Vec<u8>>,
    /// Rows up to this id had been read when the list was requested again
    floor: Option<Vec<u8>>,
    /// Hashes of ids, the oldest of which is replaced next
    recent: Vec<u64>,
    oldest: usize,
}

impl Seen {
    /// Adds the row with this `id`. Returns whether it is a new one. A row in an unexpected position is new unless it is among the
    /// recent ones: no row of a list in another order is lost.
    pub fn insert(&mut self, id: &[u8]) -> bool {
        self.insert_row(id, id)
    }

    /// Like [`Seen::insert`], for the row of a job: in a cluster, the same replication in two documents is two jobs with one id. All
    /// bytes of a repeated row are equal.
    pub fn insert_job(&mut self, row: Value) -> Result<bool, Malformed> {
        Ok(match value_of(row, "id")? {
            Some(id) => self.insert_row(id, row.bytes()),
            None => true,
        })
    }

    /// Adds the row with this `id`; `identity` distinguishes it from other rows with the same one.
    fn insert_row(&mut self, id: &[u8], identity: &[u8]) -> bool {
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
        self.oldest = (self.oldest + 1) % MAX_RECENT;
        true
    }

    /// Like [`Seen::insert`], for the row of a document with its `doc_id`.
    // Not inlined: called for every row, and inlined into another crate it would be compiled for size.
    #[inline(never)]
    pub fn insert_doc(&mut self, row: Value) -> Result<bool, Malformed> {
        let id = value_of(row, "doc_id")?.ok_or(Malformed)?;
        match id {
            [b'"', plain @ .., b'"'] if !plain.contains(&b'\\') => Ok(self.insert(plain)),
            _ => Ok(self.insert(string(id).ok_or(Malformed)?.as_bytes())),
        }
    }

    /// Returns the greatest id so far.
    pub fn last(&self) -> Option<&[u8]> {
        self.last.as_deref()
    }

    /// Prepares for reading the list again from `last` on: up to it all rows are known, and the later ones were not used.
    pub fn go_back_to(&mut self, last: Option<Vec<u8>>) {
        *self = Seen { last: last.clone(), floor: last, ..Seen::default() };
    }
}

/// Hashes an id or a history, which can be long, eight bytes at a time.
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
        ids.iter().copied().filter(|id| seen.insert(id.as_bytes())).collect()
    }

    #[test]
    fn a_repeated_row_is_not_new_in_any_position() {
        assert_eq!(kept(&["a", "a", "b", "b", "a", "c", "b"]), ["a", "b", "c"]);
    }

    #[test]
    fn rows_of_a_list_that_is_read_again_are_not_new() {
        let mut seen = Seen::default();
        for id in ["a", "b", "c"] {
            assert!(seen.insert(id.as_bytes()));
        }
        seen.go_back_to(Some(b"b".to_vec()));
        let again: Vec<&str> = ["a", "b", "c", "d"].into_iter().filter(|id| seen.insert(id.as_bytes())).collect();
        assert_eq!(again, ["c", "d"]);
    }

    proptest! {
        #[test]
        fn no_row_is_lost_in_any_order(ids in prop::collection::hash_set("[a-c]{0,5}", 0..300)) {
            let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
            prop_assert_eq!(kept(&ids), ids);
        }
    }
}
