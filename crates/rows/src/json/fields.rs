//! Taking one object apart by its keys, and writing another.

use std::borrow::Cow;

use super::cursor::{Member, Members};
use super::structure::Value;
use super::text::{Malformed, string, write_string};

/// As many keys as one object can be expected to have.
const MOST_KEYS: usize = 16;

/// The members of one object: the values of the keys it is expected to have, and the rest.
pub struct Fields<'a> {
    object: Value<'a>,
    keys: &'static [&'static str],
    places: [Place; MOST_KEYS],
    /// Members whose keys were not expected, in the object's order.
    pub others: Vec<(Cow<'a, str>, Value<'a>)>,
}

/// Where a value stands in the whole that the object is a part of. One that is not there ends at 0.
#[derive(Clone, Copy, Default)]
struct Place {
    start: u32,
    end: u32,
}

impl<'a> Fields<'a> {
    /// Reads `object`. Of a key that stands there twice the last value counts, as it does in JavaScript. There can be
    /// 16 keys at most.
    pub fn of(object: Value<'a>, keys: &'static [&'static str]) -> Result<Fields<'a>, Malformed> {
        Fields::read(object, keys, true)
    }

    /// The same, without the others.
    pub fn known(object: Value<'a>, keys: &'static [&'static str]) -> Result<Fields<'a>, Malformed> {
        Fields::read(object, keys, false)
    }

    fn read(object: Value<'a>, keys: &'static [&'static str], with_others: bool) -> Result<Fields<'a>, Malformed> {
        let mut fields = Fields { object, keys, places: [Place::default(); MOST_KEYS], others: Vec::new() };
        look_at_each(object, keys, |at, key, start, end| {
            match at.and_then(|at| fields.places.get_mut(at)) {
                Some(place) => *place = Place { start: start as u32, end: end as u32 },
                None if with_others => fields.others.push((string(key).ok_or(Malformed)?, object.part(start, end))),
                None => {}
            }
            Ok(())
        })?;
        Ok(fields)
    }

    /// The value of `key`, if the object has it.
    pub fn get(&self, key: &str) -> Option<&'a [u8]> {
        self.value(self.keys.iter().position(|known| *known == key)?)
    }

    /// The value of the key that is `at` this place among those expected, if the object has it.
    pub fn value(&self, at: usize) -> Option<&'a [u8]> {
        self.nested(at).map(|value| value.bytes())
    }

    /// The same, to be taken apart further.
    #[inline]
    pub fn nested(&self, at: usize) -> Option<Value<'a>> {
        let place = self.places.get(at).filter(|place| place.end > 0)?;
        Some(self.object.part(place.start as usize, place.end as usize))
    }
}

/// Calls `found` with the place among `keys` and the value of each member that has one of them, in the object's order.
#[inline]
pub fn find_each<'a>(
    object: Value<'a>,
    keys: &[&str],
    mut found: impl FnMut(usize, Value<'a>),
) -> Result<(), Malformed> {
    look_at_each(object, keys, |at, _, start, end| {
        if let Some(at) = at {
            found(at, object.part(start, end));
        }
        Ok(())
    })
}

/// Calls `look` with each member: which of `keys` it has, its key as it stands there, and where its value is in the whole.
#[inline(always)]
fn look_at_each<'a>(
    object: Value<'a>,
    keys: &[&str],
    mut look: impl FnMut(Option<usize>, &'a [u8], usize, usize) -> Result<(), Malformed>,
) -> Result<(), Malformed> {
    // A server writes its keys in the same order in every row, so the next one is mostly the one behind the last.
    let mut expected = 0;
    let mut members = Members::of(object);
    while let Some(member) = members.next_member() {
        let Member { start, key_end, value, end } = member?;
        let key = object.slice(start, key_end);
        let at = slot(keys, object.slice(start + 1, key_end - 1), object.escaped, expected);
        expected = at.map_or(expected, |at| at + 1);
        look(at, key, value, end)?;
    }
    Ok(())
}

/// Whether a key is `known`. Eight bytes at a time: comparing slices is a call that goes byte by byte in wasm.
#[inline]
pub fn is_key(key: &[u8], known: &str) -> bool {
    let known = known.as_bytes();
    if key.len() != known.len() {
        return false;
    }
    match (key.last_chunk::<8>(), known.last_chunk::<8>()) {
        (Some(end), Some(known_end)) => {
            let (blocks, _) = key.as_chunks::<8>();
            let (known_blocks, _) = known.as_chunks::<8>();
            end == known_end && blocks.iter().zip(known_blocks).all(|(block, known)| block == known)
        }
        _ => key.iter().zip(known).all(|(byte, known)| byte == known),
    }
}

/// Which of `keys` this is, given as it stands in the JSON without its quotes.
#[inline(always)]
fn slot(keys: &[&str], key: &[u8], escaped: bool, expected: usize) -> Option<usize> {
    if keys.get(expected).is_some_and(|known| is_key(key, known)) {
        return Some(expected);
    }
    for (at, known) in keys.iter().enumerate() {
        if is_key(key, known) {
            return Some(at);
        }
    }
    if escaped { slot_of_escaped(keys, key) } else { None }
}

/// Nobody writes these keys with escapes, but JSON would allow it.
#[cold]
#[inline(never)]
fn slot_of_escaped(keys: &[&str], key: &[u8]) -> Option<usize> {
    if !key.contains(&b'\\') {
        return None;
    }
    let quoted = [b"\"", key, b"\""].concat();
    let key = string(&quoted)?;
    keys.iter().position(|known| *known == key)
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

    /// Closes the object.
    pub fn close(self) {
        self.out.push(b'}');
    }
}
