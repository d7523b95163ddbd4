//! Walking through an object or array whose bytes are all there, without building it.

use super::json::{Malformed, skip_space, string_end, value_end};

/// The members of an object: each key as it stands there, quotes and all, with the bytes of its value.
pub struct Members<'a> {
    walk: Walk<'a>,
}

impl<'a> Members<'a> {
    /// `object` holds one object and nothing behind it.
    pub fn of(object: &'a [u8]) -> Members<'a> {
        Members { walk: Walk::within(object, b'{', b'}') }
    }
}

impl<'a> Iterator for Members<'a> {
    type Item = Result<(&'a [u8], &'a [u8]), Malformed>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        self.walk.next_with(|bytes| {
            let (key, rest) = split_key(bytes).ok_or(Malformed)?;
            let rest = skip_space(rest).strip_prefix(b":").ok_or(Malformed)?;
            let (value, rest) = split_value(skip_space(rest))?;
            Ok(((key, value), rest))
        })
    }
}

/// The string that `bytes` begin with. Keys are short, so looking at byte after byte is fastest.
#[inline]
fn split_key(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let inner = bytes.strip_prefix(b"\"")?;
    let len = inner.iter().position(|b| matches!(b, b'"' | b'\\'))?;
    let end = if inner.get(len) == Some(&b'"') { len + 2 } else { string_end(bytes)? };
    bytes.split_at_checked(end)
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
        self.walk.next_with(split_value)
    }
}

/// What objects and arrays have in common: brackets around, commas between.
enum Walk<'a> {
    Broken,
    First(&'a [u8]),
    Further(&'a [u8]),
    Done,
}

impl<'a> Walk<'a> {
    fn within(value: &'a [u8], open: u8, close: u8) -> Walk<'a> {
        match value {
            [first, inner @ .., last] if *first == open && *last == close => Walk::First(inner),
            _ => Walk::Broken,
        }
    }

    #[inline]
    fn next_with<T>(
        &mut self,
        item: impl FnOnce(&'a [u8]) -> Result<(T, &'a [u8]), Malformed>,
    ) -> Option<Result<T, Malformed>> {
        let rest = match std::mem::replace(self, Walk::Done) {
            Walk::Done => return None,
            Walk::Broken => return Some(Err(Malformed)),
            Walk::First(rest) | Walk::Further(rest) if skip_space(rest).is_empty() => return None,
            Walk::First(rest) => rest,
            Walk::Further(rest) => match skip_space(rest).strip_prefix(b",") {
                Some(rest) => rest,
                None => return Some(Err(Malformed)),
            },
        };
        Some(item(skip_space(rest)).map(|(item, rest)| {
            *self = Walk::Further(rest);
            item
        }))
    }
}

#[inline]
fn split_value(bytes: &[u8]) -> Result<(&[u8], &[u8]), Malformed> {
    if bytes.is_empty() {
        return Err(Malformed);
    }
    // A number or word that nothing follows ends with the bytes; a string or bracket must have been closed.
    let end = match (value_end(bytes), bytes.first()) {
        (Some(0), _) | (None, Some(b'"' | b'{' | b'[')) => return Err(Malformed),
        (Some(end), _) => end,
        (None, _) => bytes.len(),
    };
    bytes.split_at_checked(end).ok_or(Malformed)
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
