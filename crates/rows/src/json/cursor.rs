//! Walking through an object or array whose bytes are all there, without building it.

use super::structure::{Indexed, Value};
use super::text::Malformed;

/// One member of an object, as places in the whole that the object is a part of.
pub(super) struct Member {
    /// Where its key begins, at the quote.
    pub start: usize,
    /// Where its key ends, behind the quote.
    pub key_end: usize,
    /// Where its value begins.
    pub value: usize,
    /// Where its value ends.
    pub end: usize,
}

/// The members of an object: each key as it stands there, quotes and all, with its value.
pub struct Members<'a> {
    walk: Walk<'a>,
}

impl<'a> Members<'a> {
    /// `object` is to be an object.
    pub fn of(object: Value<'a>) -> Members<'a> {
        Members { walk: Walk::within(object, b'{', b'}') }
    }

    /// The next one as places.
    #[inline]
    pub(super) fn next_member(&mut self) -> Option<Result<Member, Malformed>> {
        let inside = self.walk.inside;
        self.walk.next_with(|start| {
            if inside.byte(start) != Some(b'"') {
                return Err(Malformed);
            }
            let key_end = inside.string_end(start).ok_or(Malformed)?;
            let colon = skip_space(&inside, key_end);
            if inside.byte(colon) != Some(b':') {
                return Err(Malformed);
            }
            let value = skip_space(&inside, colon + 1);
            let end = match inside.byte(value) {
                Some(b'"') => inside.string_end(value).ok_or(Malformed)?,
                _ => value_end(&inside, value)?,
            };
            Ok((Member { start, key_end, value, end }, end))
        })
    }
}

impl<'a> Iterator for Members<'a> {
    type Item = Result<(&'a [u8], Value<'a>), Malformed>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let inside = self.walk.inside;
        let next = self.next_member()?;
        Some(next.map(|Member { start, key_end, value, end }| {
            (inside.part(start, key_end).bytes(), inside.part(value, end))
        }))
    }
}

/// The value of the first member called `key`, if there is one.
pub fn value_of<'a>(object: Value<'a>, key: &str) -> Result<Option<&'a [u8]>, Malformed> {
    for member in Members::of(object) {
        let (found, value) = member?;
        if found.get(1..found.len() - 1) == Some(key.as_bytes()) {
            return Ok(Some(value.bytes()));
        }
    }
    Ok(None)
}

/// The same for an object whose shape is not known.
pub fn value_in<'a>(object: &'a [u8], key: &str) -> Result<Option<&'a [u8]>, Malformed> {
    let indexed = Indexed::of(object)?;
    // Not to be borrowed from its shape, which ends here.
    let place =
        value_of(indexed.value(), key)?.map(|value| (value.as_ptr() as usize - object.as_ptr() as usize, value.len()));
    Ok(place.and_then(|(start, len)| object.get(start..start + len)))
}

/// The elements of an array.
pub struct Elements<'a> {
    walk: Walk<'a>,
}

impl<'a> Elements<'a> {
    /// `array` is to be an array.
    pub fn of(array: Value<'a>) -> Elements<'a> {
        Elements { walk: Walk::within(array, b'[', b']') }
    }
}

impl<'a> Iterator for Elements<'a> {
    type Item = Result<Value<'a>, Malformed>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let inside = self.walk.inside;
        self.walk.next_with(|start| {
            let end = value_end(&inside, start)?;
            Ok((inside.part(start, end), end))
        })
    }
}

/// What objects and arrays have in common: brackets around, commas between.
struct Walk<'a> {
    /// All but the closing bracket.
    inside: Value<'a>,
    at: usize,
    place: Place,
}

enum Place {
    Broken,
    First,
    Further,
    Done,
}

impl<'a> Walk<'a> {
    fn within(value: Value<'a>, open: u8, close: u8) -> Walk<'a> {
        let (start, end) = value.range();
        let last = end.saturating_sub(1);
        let is_one = last > start && value.byte(start) == Some(open) && value.byte(last) == Some(close);
        Walk {
            inside: value.part(start, last),
            at: start + 1,
            place: if is_one { Place::First } else { Place::Broken },
        }
    }

    #[inline]
    fn next_with<T>(
        &mut self,
        item: impl FnOnce(usize) -> Result<(T, usize), Malformed>,
    ) -> Option<Result<T, Malformed>> {
        let at = skip_space(&self.inside, self.at);
        let start = match (std::mem::replace(&mut self.place, Place::Done), self.inside.byte(at)) {
            (Place::Broken, _) => return Some(Err(Malformed)),
            (Place::Done, _) | (_, None) => return None,
            (Place::First, _) => at,
            (Place::Further, Some(b',')) => skip_space(&self.inside, at + 1),
            (Place::Further, _) => return Some(Err(Malformed)),
        };
        Some(item(start).map(|(item, end)| {
            self.at = end;
            self.place = Place::Further;
            item
        }))
    }
}

/// Where white space at `at` ends. CouchDB writes none, so one look is nearly always enough.
#[inline]
fn skip_space(inside: &Value, mut at: usize) -> usize {
    if inside.byte(at).is_some_and(|byte| byte <= b' ') {
        at = behind_space(inside, at);
    }
    at
}

#[cold]
#[inline(never)]
fn behind_space(inside: &Value, mut at: usize) -> usize {
    while inside.byte(at).is_some_and(|byte| byte.is_ascii_whitespace()) {
        at += 1;
    }
    at
}

/// Where the value ends that begins at `start`.
fn value_end(inside: &Value, start: usize) -> Result<usize, Malformed> {
    match inside.byte(start) {
        Some(b'"') => inside.string_end(start),
        Some(b'{' | b'[') => inside.nested_end(start),
        _ => {
            let mut end = start;
            // Ended by what cannot be in a number or a word.
            while matches!(inside.byte(end), Some(b'0'..=b'9' | b'a'..=b'z' | b'-' | b'+' | b'.' | b'E')) {
                end += 1;
            }
            (end > start).then_some(end)
        }
    }
    .ok_or(Malformed)
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
pub mod tests {
    use super::super::text::string;
    use super::{Elements, Indexed, Malformed, Members};
    use proptest::prelude::*;
    use serde_json::Value;

    /// Random JSON as CouchDB could send it: every kind of value, nested, with awkward strings.
    pub fn json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<i32>().prop_map(|n| Value::from(f64::from(n) / 4.0)),
            r#"[a-z"\\{}\[\],:\n😀é ]{0,20}"#.prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 40, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::vec(("[a-z\"\\\\é]{0,6}", inner), 0..6)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    /// The naive twin of `Members` and `Elements`: walks all the way down.
    fn rebuild(value: super::Value) -> Result<Value, Malformed> {
        match value.bytes().first() {
            Some(b'{') => Members::of(value)
                .map(|member| {
                    let (key, value) = member?;
                    Ok((string(key).ok_or(Malformed)?.into_owned(), rebuild(value)?))
                })
                .collect::<Result<serde_json::Map<_, _>, _>>()
                .map(Value::Object),
            Some(b'[') => Elements::of(value).map(|e| rebuild(e?)).collect::<Result<Vec<_>, _>>().map(Value::Array),
            _ => serde_json::from_slice(value.bytes()).map_err(|_| Malformed),
        }
    }

    fn rebuilt(text: &str) -> Result<Value, Malformed> {
        rebuild(Indexed::of(text.as_bytes())?.value())
    }

    proptest! {
        #[test]
        fn walks_through_what_serde_json_built(value in json(), pretty: bool) {
            let value = Value::Array(vec![value]);
            let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }.unwrap();
            prop_assert_eq!(rebuilt(&text), Ok(value));
        }

        #[test]
        fn never_mends_what_is_no_json(text in r#"[{}\[\]",:1 a]{0,12}"#) {
            if serde_json::from_str::<Value>(&text).is_err() {
                prop_assert_eq!(rebuilt(&text), Err(Malformed));
            }
        }
    }
}
