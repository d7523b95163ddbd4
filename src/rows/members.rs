//! Walking through an object or array whose bytes are all there, without building it.

use super::json::{Malformed, string_end, value_end};

/// One member of an object, as places in its bytes.
pub(super) struct Member {
    /// Where its key begins, at the quote.
    pub start: usize,
    /// Where its key ends, behind the quote.
    pub key_end: usize,
    /// Where its value begins.
    pub value: usize,
    /// Where its value ends.
    pub end: usize,
    /// Whether there are escapes in its key.
    pub escaped: bool,
}

/// The members of an object: each key as it stands there, quotes and all, with the bytes of its value.
pub struct Members<'a> {
    walk: Walk<'a>,
}

impl<'a> Members<'a> {
    /// `object` holds one object and nothing behind it.
    pub fn of(object: &'a [u8]) -> Members<'a> {
        Members { walk: Walk::within(object, b'{', b'}') }
    }

    /// The next one as places in the object.
    #[inline]
    pub(super) fn next_member(&mut self) -> Option<Result<Member, Malformed>> {
        let bytes = self.walk.bytes;
        self.walk.next_with(|start| {
            let (key_end, escaped) = key_end(bytes, start).ok_or(Malformed)?;
            let colon = skip_space(bytes, key_end);
            if bytes.get(colon) != Some(&b':') {
                return Err(Malformed);
            }
            let value = skip_space(bytes, colon + 1);
            let end = value + value_len(bytes, value)?;
            Ok((Member { start, key_end, value, end, escaped }, end))
        })
    }
}

impl<'a> Iterator for Members<'a> {
    type Item = Result<(&'a [u8], &'a [u8]), Malformed>;

    fn next(&mut self) -> Option<Self::Item> {
        let bytes = self.walk.bytes;
        let slice = |from, to| bytes.get(from..to).ok_or(Malformed);
        let next = self.next_member()?;
        Some(
            next.and_then(|Member { start, key_end, value, end, .. }| Ok((slice(start, key_end)?, slice(value, end)?))),
        )
    }
}

/// Where the string ends that begins at `start`, and whether there are escapes in it. Keys are short, so looking at byte after
/// byte is fastest.
#[inline]
fn key_end(bytes: &[u8], start: usize) -> Option<(usize, bool)> {
    let key = bytes.get(start..)?;
    let inner = key.strip_prefix(b"\"")?;
    let len = inner.iter().position(|b| matches!(b, b'"' | b'\\'))?;
    if inner.get(len) == Some(&b'"') { Some((start + len + 2, false)) } else { Some((start + string_end(key)?, true)) }
}

/// The value of the first member called `key`, if there is one.
pub fn value_of<'a>(object: &'a [u8], key: &str) -> Result<Option<&'a [u8]>, Malformed> {
    let mut members = Members::of(object);
    while let Some(member) = members.next_member() {
        let member = member?;
        if object.get(member.start + 1..member.key_end - 1) == Some(key.as_bytes()) {
            return Ok(object.get(member.value..member.end));
        }
    }
    Ok(None)
}

/// The elements of an array, each as the bytes of its value.
pub struct Elements<'a> {
    walk: Walk<'a>,
}

impl<'a> Elements<'a> {
    /// `array` holds one array and nothing behind it.
    pub fn of(array: &'a [u8]) -> Elements<'a> {
        Elements { walk: Walk::within(array, b'[', b']') }
    }
}

impl<'a> Iterator for Elements<'a> {
    type Item = Result<&'a [u8], Malformed>;

    fn next(&mut self) -> Option<Self::Item> {
        let bytes = self.walk.bytes;
        self.walk.next_with(|start| {
            let end = start + value_len(bytes, start)?;
            Ok((bytes.get(start..end).ok_or(Malformed)?, end))
        })
    }
}

/// What objects and arrays have in common: brackets around, commas between.
struct Walk<'a> {
    /// All but the closing bracket.
    bytes: &'a [u8],
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
    fn within(value: &'a [u8], open: u8, close: u8) -> Walk<'a> {
        match value.split_last() {
            Some((last, bytes)) if *last == close && bytes.first() == Some(&open) => {
                Walk { bytes, at: 1, place: Place::First }
            }
            _ => Walk { bytes: value, at: 0, place: Place::Broken },
        }
    }

    #[inline]
    fn next_with<T>(
        &mut self,
        item: impl FnOnce(usize) -> Result<(T, usize), Malformed>,
    ) -> Option<Result<T, Malformed>> {
        let at = skip_space(self.bytes, self.at);
        let start = match (std::mem::replace(&mut self.place, Place::Done), self.bytes.get(at)) {
            (Place::Done, _) | (Place::First | Place::Further, None) => return None,
            (Place::First, _) => at,
            (Place::Further, Some(b',')) => skip_space(self.bytes, at + 1),
            (Place::Further | Place::Broken, _) => return Some(Err(Malformed)),
        };
        Some(item(start).map(|(item, end)| {
            self.at = end;
            self.place = Place::Further;
            item
        }))
    }
}

/// Where `bytes` go on behind white space at `at`. CouchDB writes none, so one look is nearly always enough.
#[inline]
fn skip_space(bytes: &[u8], mut at: usize) -> usize {
    while bytes.get(at).is_some_and(u8::is_ascii_whitespace) {
        at += 1;
    }
    at
}

#[inline]
fn value_len(bytes: &[u8], at: usize) -> Result<usize, Malformed> {
    let bytes = bytes.get(at..).unwrap_or_default();
    // A number or word that nothing follows ends with the bytes; a string or bracket must have been closed.
    match (value_end(bytes), bytes.first()) {
        (Some(0), _) | (None, None | Some(b'"' | b'{' | b'[')) => Err(Malformed),
        (Some(end), _) => Ok(end),
        (None, _) => Ok(bytes.len()),
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
pub mod tests {
    use super::super::json::string;
    use super::*;
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
    fn rebuild(value: &[u8]) -> Result<Value, Malformed> {
        match value.first() {
            Some(b'{') => Members::of(value)
                .map(|member| {
                    let (key, value) = member?;
                    Ok((string(key).ok_or(Malformed)?.into_owned(), rebuild(value)?))
                })
                .collect::<Result<serde_json::Map<_, _>, _>>()
                .map(Value::Object),
            Some(b'[') => Elements::of(value).map(|e| rebuild(e?)).collect::<Result<Vec<_>, _>>().map(Value::Array),
            _ => serde_json::from_slice(value).map_err(|_| Malformed),
        }
    }

    proptest! {
        #[test]
        fn walks_through_what_serde_json_built(value in json(), pretty: bool) {
            let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }.unwrap();
            prop_assert_eq!(rebuild(text.as_bytes()), Ok(value));
        }

        #[test]
        fn never_mends_what_is_no_json(text in r#"[{}\[\]",:1 a]{0,12}"#) {
            if serde_json::from_str::<Value>(&text).is_err() {
                prop_assert_eq!(rebuild(text.as_bytes()), Err(Malformed));
            }
        }
    }
}
