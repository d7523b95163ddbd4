//! Splitting an object by its keys, and writing one.

use std::borrow::Cow;
use std::num::NonZeroU32;

use super::cursor::{MemberSpan, Members};
use super::structure::Value;
use super::text::{Malformed, string, write_string};

/// Maximum number of expected keys of one object.
const MAX_KEYS: usize = 16;

/// The members of one object: the values of the expected keys, and the others.
pub struct Fields<'a> {
    object: Value<'a>,
    keys: &'static [&'static str],
    spans: [Option<Span>; MAX_KEYS],
    /// Members with other keys, in the object's order
    pub others: Vec<(Cow<'a, str>, Value<'a>)>,
}

/// The positions of a value, in the indexed value that contains the object.
#[derive(Clone, Copy)]
struct Span {
    start: u32,
    end: NonZeroU32,
}

impl<'a> Fields<'a> {
    /// Splits `object`. The last value of a duplicate key counts, as in JavaScript. The maximum number of
    /// `keys` is 16.
    pub fn of(object: Value<'a>, keys: &'static [&'static str]) -> Result<Fields<'a>, Malformed> {
        Fields::read(object, keys, true)
    }

    /// Like [`Fields::of`], but ignores the others.
    pub fn known(object: Value<'a>, keys: &'static [&'static str]) -> Result<Fields<'a>, Malformed> {
        Fields::read(object, keys, false)
    }

    fn read(object: Value<'a>, keys: &'static [&'static str], with_others: bool) -> Result<Fields<'a>, Malformed> {
        let mut fields = Fields { object, keys, spans: [None; MAX_KEYS], others: Vec::new() };
        for_each_member(object, keys, |at, key, start, end| {
            match at.and_then(|at| fields.spans.get_mut(at)) {
                Some(span) => {
                    *span = NonZeroU32::new(end as u32).map(|end| Span { start: start as u32, end });
                }
                None if with_others => fields.others.push((string(key).ok_or(Malformed)?, object.part(start, end))),
                None => {}
            }
            Ok(())
        })?;
        Ok(fields)
    }

    /// Returns the bytes of the value of `key`, if the object has it.
    pub fn get(&self, key: &str) -> Option<&'a [u8]> {
        self.value(self.keys.iter().position(|known| *known == key)?)
    }

    /// Returns the bytes of the value of the expected key number `at`, if the object has it.
    pub fn value(&self, at: usize) -> Option<&'a [u8]> {
        self.nested(at).map(|value| value.bytes())
    }

    /// Returns the value of the expected key number `at`, if the object has it.
    #[inline]
    pub fn nested(&self, at: usize) -> Option<Value<'a>> {
        let Span { start, end } = (*self.spans.get(at)?)?;
        Some(self.object.part(start as usize, end.get() as usize))
    }
}

/// Calls `found` for each member with one of `keys`, in the object's order: with the number of its key, and its value.
#[inline]
pub fn find_each<'a>(
    object: Value<'a>,
    keys: &[&str],
    mut found: impl FnMut(usize, Value<'a>),
) -> Result<(), Malformed> {
    for_each_member(object, keys, |at, _, start, end| {
        if let Some(at) = at {
            found(at, object.part(start, end));
        }
        Ok(())
    })
}

/// Calls `visit` for each member: with the number of its key among `keys`, the key as it is written, and the positions of its value.
#[inline(always)]
fn for_each_member<'a>(
    object: Value<'a>,
    keys: &[&str],
    mut visit: impl FnMut(Option<usize>, &'a [u8], usize, usize) -> Result<(), Malformed>,
) -> Result<(), Malformed> {
    // A server writes the keys of all rows in the same order, so the key that follows the last one is tried first.
    let mut expected = 0;
    let mut members = Members::of(object);
    while let Some(member) = members.next_member() {
        let MemberSpan { start, key_end, value, end } = member?;
        let key = object.slice(start, key_end);
        let at = number_of_key(keys, object.slice(start + 1, key_end - 1), object.escaped, expected);
        expected = at.map_or(expected, |at| at + 1);
        visit(at, key, value, end)?;
    }
    Ok(())
}

/// Whether `key` is `known`. Compares eight bytes at a time: comparing slices is a call that goes byte by byte in wasm.
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

/// Returns which of `keys` this is; `key` is as it is written, without its quotes.
#[inline(always)]
fn number_of_key(keys: &[&str], key: &[u8], escaped: bool, expected: usize) -> Option<usize> {
    if keys.get(expected).is_some_and(|known| is_key(key, known)) {
        return Some(expected);
    }
    for (at, known) in keys.iter().enumerate() {
        if is_key(key, known) {
            return Some(at);
        }
    }
    if escaped { number_of_escaped_key(keys, key) } else { None }
}

/// CouchDB does not escape these keys, but JSON allows it.
#[cold]
fn number_of_escaped_key(keys: &[&str], key: &[u8]) -> Option<usize> {
    if !key.contains(&b'\\') {
        return None;
    }
    let quoted = [b"\"", key, b"\""].concat();
    let key = string(&quoted)?;
    keys.iter().position(|known| *known == key)
}

/// Writes a JSON object, member by member.
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

    /// Writes `key` and returns the buffer, to which the caller writes the value.
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
