//! Taking one object apart by its keys, and writing another.

use std::borrow::Cow;

use super::json::{Malformed, string, write_string};
use super::members::Members;

/// The members of one object: the values of the keys it is expected to have, and the rest.
pub struct Fields<'a, const N: usize> {
    keys: &'static [&'static str; N],
    values: [Option<&'a [u8]>; N],
    /// Members whose keys were not expected, in the object's order.
    pub others: Vec<(Cow<'a, str>, &'a [u8])>,
}

impl<'a, const N: usize> Fields<'a, N> {
    /// Reads `object`. Of a key that stands there twice the last value counts, as it does in JavaScript.
    pub fn of(object: &'a [u8], keys: &'static [&'static str; N]) -> Result<Fields<'a, N>, Malformed> {
        let mut others = Vec::new();
        let fields = Fields::read(object, keys, |key, value| {
            others.push((string(key).ok_or(Malformed)?, value));
            Ok(())
        })?;
        Ok(Fields { others, ..fields })
    }

    /// The same, without the others.
    pub fn known(object: &'a [u8], keys: &'static [&'static str; N]) -> Result<Fields<'a, N>, Malformed> {
        Fields::read(object, keys, |_, _| Ok(()))
    }

    #[inline]
    fn read(
        object: &'a [u8],
        keys: &'static [&'static str; N],
        mut other: impl FnMut(&'a [u8], &'a [u8]) -> Result<(), Malformed>,
    ) -> Result<Fields<'a, N>, Malformed> {
        let mut fields = Fields { keys, values: [None; N], others: Vec::new() };
        for member in Members::of(object) {
            let (key, value) = member?;
            match fields.slot(key) {
                Some(slot) => *slot = Some(value),
                None => other(key, value)?,
            }
        }
        Ok(fields)
    }

    /// Where the value of a key belongs that is given as it stands in the JSON, quotes and all.
    fn slot(&mut self, key: &[u8]) -> Option<&mut Option<&'a [u8]>> {
        let plain = key.get(1..key.len().checked_sub(1)?)?;
        let at = match self.keys.iter().position(|known| known.as_bytes() == plain) {
            Some(at) => at,
            // Nobody writes these keys with escapes, but JSON would allow it.
            None if plain.contains(&b'\\') => {
                let key = string(key)?;
                self.keys.iter().position(|known| *known == key)?
            }
            None => return None,
        };
        self.values.get_mut(at)
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
