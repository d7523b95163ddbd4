//! Taking one object apart by its keys, and writing another.

use std::borrow::Cow;

use super::json::{Malformed, string, write_string};
use super::members::Members;

/// As many keys as one object can be expected to have.
const MOST_KEYS: usize = 16;

/// The members of one object: the values of the keys it is expected to have, and the rest.
pub struct Fields<'a> {
    keys: &'static [&'static str],
    values: [Option<&'a [u8]>; MOST_KEYS],
    /// Members whose keys were not expected, in the object's order.
    pub others: Vec<(Cow<'a, str>, &'a [u8])>,
}

impl<'a> Fields<'a> {
    /// Reads `object`. Of a key that stands there twice the last value counts, as it does in JavaScript. There can be
    /// 16 keys at most.
    pub fn of(object: &'a [u8], keys: &'static [&'static str]) -> Result<Fields<'a>, Malformed> {
        Fields::read(object, keys, true)
    }

    /// The same, without the others.
    pub fn known(object: &'a [u8], keys: &'static [&'static str]) -> Result<Fields<'a>, Malformed> {
        Fields::read(object, keys, false)
    }

    fn read(object: &'a [u8], keys: &'static [&'static str], with_others: bool) -> Result<Fields<'a>, Malformed> {
        let mut fields = Fields { keys, values: [None; MOST_KEYS], others: Vec::new() };
        // A server writes its keys in the same order in every row, so the next one is mostly the one behind the last.
        let mut expected = 0;
        for member in Members::of(object) {
            let (key, value) = member?;
            match fields.slot(key, expected) {
                Some(at) => {
                    expected = at + 1;
                    if let Some(slot) = fields.values.get_mut(at) {
                        *slot = Some(value);
                    }
                }
                None if with_others => fields.others.push((string(key).ok_or(Malformed)?, value)),
                None => {}
            }
        }
        Ok(fields)
    }

    /// Which of the keys this is, given as it stands in the JSON, quotes and all.
    #[inline]
    fn slot(&self, key: &[u8], expected: usize) -> Option<usize> {
        let plain = key.get(1..key.len().checked_sub(1)?)?;
        if self.keys.get(expected).is_some_and(|known| known.as_bytes() == plain) {
            return Some(expected);
        }
        match self.keys.iter().position(|known| known.as_bytes() == plain) {
            // Nobody writes these keys with escapes, but JSON would allow it.
            None if plain.contains(&b'\\') => {
                let key = string(key)?;
                self.keys.iter().position(|known| *known == key)
            }
            at => at,
        }
    }

    /// The value of `key`, if the object has it.
    pub fn get(&self, key: &str) -> Option<&'a [u8]> {
        let at = self.keys.iter().position(|known| *known == key)?;
        *self.values.get(at)?
    }

    /// Each expected key with its value, in the order in which the keys were given.
    pub fn each(&self) -> impl Iterator<Item = (&'static str, Option<&'a [u8]>)> {
        self.keys.iter().copied().zip(self.values)
    }
}

/// Writes one JSON object, member by member.
pub struct ObjectWriter<'o> {
    out: &'o mut Vec<u8>,
    empty: bool,
}

impl<'o> ObjectWriter<'o> {
    /// Opens the object.
    pub fn open(out: &'o mut Vec<u8>) -> ObjectWriter<'o> {
        out.push(b'{');
        ObjectWriter { out, empty: true }
    }

    /// Writes `key`; the caller writes its value to what this returns.
    pub fn key(&mut self, key: &str) -> &mut Vec<u8> {
        if !std::mem::take(&mut self.empty) {
            self.out.push(b',');
        }
        write_string(key, self.out);
        self.out.push(b':');
        self.out
    }

    /// The same for a key in which nothing has to be escaped, as in those of CouchDB.
    pub fn plain_key(&mut self, key: &str) -> &mut Vec<u8> {
        let joint: &[u8] = if std::mem::take(&mut self.empty) { b"\"" } else { b",\"" };
        self.out.extend_from_slice(joint);
        self.out.extend_from_slice(key.as_bytes());
        self.out.extend_from_slice(b"\":");
        self.out
    }

    /// Writes `key`, in which nothing has to be escaped, with `value`, which is JSON already.
    pub fn member(&mut self, key: &str, value: &[u8]) {
        self.plain_key(key).extend_from_slice(value);
    }

    /// Closes the object.
    pub fn close(self) {
        self.out.push(b'}');
    }
}
