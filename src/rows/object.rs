//! Taking one object apart by its keys, and writing another.

use std::borrow::Cow;
use std::ops::Range;

use super::json::{Malformed, string, write_string};
use super::members::{Member, Members};

/// As many keys as one object can be expected to have.
const MOST_KEYS: usize = 16;

/// The members of one object: the values of the keys it is expected to have, and the rest.
pub struct Fields<'a> {
    object: &'a [u8],
    keys: &'static [&'static str],
    places: [Place; MOST_KEYS],
    /// Members whose keys were not expected, in the object's order.
    pub others: Vec<(Cow<'a, str>, &'a [u8])>,
}

/// Where a member stands in the object. One that is not there ends at 0.
#[derive(Clone, Copy, Default)]
struct Place {
    /// Where the member before it ends; for the first one, nowhere.
    behind: u32,
    start: u32,
    value: u32,
    end: u32,
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
        let mut fields = Fields { object, keys, places: [Place::default(); MOST_KEYS], others: Vec::new() };
        // A server writes its keys in the same order in every row, so the next one is mostly the one behind the last.
        let mut expected = 0;
        let mut behind = u32::MAX;
        let mut members = Members::of(object);
        while let Some(member) = members.next_member() {
            let Member { start, key_end, value, end, escaped } = member?;
            let key = object.get(start..key_end).unwrap_or_default();
            if let Some(at) = slot(keys, key, escaped, expected) {
                expected = at + 1;
                if let Some(place) = fields.places.get_mut(at) {
                    *place = Place { behind, start: start as u32, value: value as u32, end: end as u32 };
                }
            } else if with_others {
                let value = object.get(value..end).unwrap_or_default();
                fields.others.push((string(key).ok_or(Malformed)?, value));
            }
            behind = end as u32;
        }
        Ok(fields)
    }

    /// The value of `key`, if the object has it.
    pub fn get(&self, key: &str) -> Option<&'a [u8]> {
        self.value(self.keys.iter().position(|known| *known == key)?)
    }

    /// The value of the key that is `at` this place among those expected, if the object has it.
    pub fn value(&self, at: usize) -> Option<&'a [u8]> {
        let place = self.places.get(at).filter(|place| place.end > 0)?;
        self.object.get(place.value as usize..place.end as usize)
    }

    /// Each expected key with its value, in the order in which the keys were given.
    pub fn each(&self) -> impl Iterator<Item = (&'static str, Option<&'a [u8]>)> {
        self.keys.iter().enumerate().map(|(at, key)| (*key, self.value(at)))
    }
}

/// Which of `keys` this is, given as it stands in the JSON, quotes and all.
#[inline]
fn slot(keys: &[&str], key: &[u8], escaped: bool, expected: usize) -> Option<usize> {
    if escaped {
        // Nobody writes these keys with escapes, but JSON would allow it.
        let key = string(key)?;
        return keys.iter().position(|known| *known == key);
    }
    let plain = key.get(1..key.len().checked_sub(1)?)?;
    if keys.get(expected).is_some_and(|known| known.as_bytes() == plain) {
        return Some(expected);
    }
    keys.iter().position(|known| known.as_bytes() == plain)
}

/// Writes one JSON object, member by member.
pub struct ObjectWriter<'o, 'a> {
    out: &'o mut Vec<u8>,
    empty: bool,
    /// What is to be copied from here next: members that stand one behind the other are copied together.
    from: &'a [u8],
    run: Range<u32>,
}

impl<'o, 'a> ObjectWriter<'o, 'a> {
    /// Opens the object.
    pub fn open(out: &'o mut Vec<u8>) -> ObjectWriter<'o, 'a> {
        out.push(b'{');
        ObjectWriter { out, empty: true, from: &[], run: 0..0 }
    }

    /// Writes `key`; the caller writes its value to what this returns.
    pub fn key(&mut self, key: &str) -> &mut Vec<u8> {
        self.joint();
        write_string(key, self.out);
        self.out.push(b':');
        self.out
    }

    /// The same for a key in which nothing has to be escaped, as in those of CouchDB.
    pub fn plain_key(&mut self, key: &str) -> &mut Vec<u8> {
        self.joint();
        self.out.push(b'"');
        self.out.extend_from_slice(key.as_bytes());
        self.out.extend_from_slice(b"\":");
        self.out
    }

    /// Writes `key`, in which nothing has to be escaped, with `value`, which is JSON already.
    pub fn member(&mut self, key: &str, value: &[u8]) {
        self.plain_key(key).extend_from_slice(value);
    }

    /// Writes the member that `fields` has for the key `at` this place, just as it stands there, if there is one.
    pub fn copy(&mut self, fields: &Fields<'a>, at: usize) {
        let Some(&Place { behind, start, end, .. }) = fields.places.get(at).filter(|place| place.end > 0) else {
            return;
        };
        if behind == self.run.end && std::ptr::eq(fields.object, self.from) {
            self.run.end = end;
        } else {
            self.joint();
            self.from = fields.object;
            self.run = start..end;
        }
    }

    /// Closes the object.
    pub fn close(mut self) {
        self.copy_run();
        self.out.push(b'}');
    }

    /// Comes before each further member.
    fn joint(&mut self) {
        self.copy_run();
        if !std::mem::take(&mut self.empty) {
            self.out.push(b',');
        }
    }

    fn copy_run(&mut self) {
        let run = std::mem::take(&mut self.run);
        self.out.extend_from_slice(self.from.get(run.start as usize..run.end as usize).unwrap_or_default());
    }
}
