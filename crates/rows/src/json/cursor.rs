//! Iterating over the members of an object or the elements of an array, without building it.

use super::scan::{indexed_value_end, skip_indexed_space};
use super::structure::{Indexed, Value};
use super::text::Malformed;

/// The positions of one member of an object, in the indexed value that contains the object.
pub(super) struct MemberSpan {
    /// Start of the key, at its opening quote
    pub start: usize,
    /// End of the key, after its closing quote
    pub key_end: usize,
    /// Start of the value
    pub value: usize,
    /// End of the value
    pub end: usize,
}

/// The members of an object: each key as it is written, including its quotes, with its value.
pub struct Members<'a> {
    cursor: JsonCursor<'a>,
}

impl<'a> Members<'a> {
    /// Of `object`; yields [`Malformed`] if it is not an object.
    pub fn of(object: Value<'a>) -> Members<'a> {
        Members { cursor: JsonCursor::within(object, b'{', b'}') }
    }

    /// Returns the positions of the next member.
    #[inline]
    pub(super) fn next_member(&mut self) -> Option<Result<MemberSpan, Malformed>> {
        let inside = self.cursor.inside;
        self.cursor.next_with(|start| {
            if inside.byte(start) != Some(b'"') {
                return Err(Malformed);
            }
            let key_end = inside.string_end(start).ok_or(Malformed)?;
            let colon = skip_indexed_space(&inside, key_end);
            if inside.byte(colon) != Some(b':') {
                return Err(Malformed);
            }
            let value = skip_indexed_space(&inside, colon + 1);
            let end = match inside.byte(value) {
                Some(b'"') => inside.string_end(value).ok_or(Malformed)?,
                _ => indexed_value_end(&inside, value)?,
            };
            Ok((MemberSpan { start, key_end, value, end }, end))
        })
    }
}

impl<'a> Iterator for Members<'a> {
    type Item = Result<(&'a [u8], Value<'a>), Malformed>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let inside = self.cursor.inside;
        let next = self.next_member()?;
        Some(next.map(|MemberSpan { start, key_end, value, end }| {
            (inside.part(start, key_end).bytes(), inside.part(value, end))
        }))
    }
}

/// Returns the value of the first member called `key`, if any.
pub fn value_of<'a>(object: Value<'a>, key: &str) -> Result<Option<&'a [u8]>, Malformed> {
    for member in Members::of(object) {
        let (found, value) = member?;
        if found.get(1..found.len() - 1) == Some(key.as_bytes()) {
            return Ok(Some(value.bytes()));
        }
    }
    Ok(None)
}

/// Like [`value_of`], for an object that has not been indexed.
pub fn value_in<'a>(object: &'a [u8], key: &str) -> Result<Option<&'a [u8]>, Malformed> {
    let indexed = Indexed::of(object)?;
    // The result must not borrow from the index, which is dropped here.
    let span =
        value_of(indexed.value(), key)?.map(|value| (value.as_ptr() as usize - object.as_ptr() as usize, value.len()));
    Ok(span.and_then(|(start, len)| object.get(start..start + len)))
}

/// The elements of an array.
pub struct Elements<'a> {
    cursor: JsonCursor<'a>,
}

impl<'a> Elements<'a> {
    /// Of `array`; yields [`Malformed`] if it is not an array.
    pub fn of(array: Value<'a>) -> Elements<'a> {
        Elements { cursor: JsonCursor::within(array, b'[', b']') }
    }
}

impl<'a> Iterator for Elements<'a> {
    type Item = Result<Value<'a>, Malformed>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let inside = self.cursor.inside;
        self.cursor.next_with(|start| {
            let end = indexed_value_end(&inside, start)?;
            Ok((inside.part(start, end), end))
        })
    }
}

/// What objects and arrays have in common: enclosing brackets, and commas between the items.
struct JsonCursor<'a> {
    /// Everything but the closing bracket
    inside: Value<'a>,
    at: usize,
    next: NextItem,
}

/// What a [`JsonCursor`] expects.
enum NextItem {
    /// Nothing: it is not the expected object or array.
    WrongType,
    /// The first item, or the end
    First,
    /// A comma and an item, or the end
    AfterComma,
    /// Nothing: the end or an error has been returned.
    Done,
}

impl<'a> JsonCursor<'a> {
    fn within(value: Value<'a>, open: u8, close: u8) -> JsonCursor<'a> {
        let (start, end) = value.range();
        let last = end.saturating_sub(1);
        let is_one = last > start && value.byte(start) == Some(open) && value.byte(last) == Some(close);
        JsonCursor {
            inside: value.part(start, last),
            at: start + 1,
            next: if is_one { NextItem::First } else { NextItem::WrongType },
        }
    }

    #[inline]
    fn next_with<T>(
        &mut self,
        item: impl FnOnce(usize) -> Result<(T, usize), Malformed>,
    ) -> Option<Result<T, Malformed>> {
        let at = skip_indexed_space(&self.inside, self.at);
        let start = match (std::mem::replace(&mut self.next, NextItem::Done), self.inside.byte(at)) {
            (NextItem::WrongType, _) => return Some(Err(Malformed)),
            (NextItem::Done, _) | (_, None) => return None,
            (NextItem::First, _) => at,
            (NextItem::AfterComma, Some(b',')) => skip_indexed_space(&self.inside, at + 1),
            (NextItem::AfterComma, _) => return Some(Err(Malformed)),
        };
        Some(item(start).map(|(item, end)| {
            self.at = end;
            self.next = NextItem::AfterComma;
            item
        }))
    }
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

    /// Builds the whole value with `Members` and `Elements`.
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
        fn visits_everything_that_serde_json_has_written(value in json(), pretty: bool) {
            let value = Value::Array(vec![value]);
            let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }.unwrap();
            prop_assert_eq!(rebuilt(&text), Ok(value));
        }

        #[test]
        fn never_accepts_invalid_json(text in r#"[{}\[\]",:1 a]{0,12}"#) {
            if serde_json::from_str::<Value>(&text).is_err() {
                prop_assert_eq!(rebuilt(&text), Err(Malformed));
            }
        }
    }
}
