//! Leaves out the values of a row that the previous one has, too.
//!
//! Most rows of a list have the same database, node and state as their neighbours, and often the same source. JavaScript takes
//! such a value from the previous row: it is not parsed again, and it is in memory once.

use std::ops::Range;

use super::columns::put;
use super::masked::put_masked;
use crate::json::{Malformed, Value, are_equal};

/// A column of a row.
pub enum Column<'a> {
    /// One value without secrets
    Plain(&'a [u8]),
    /// One value whose secrets are masked
    Masked(Value<'a>),
    /// Several values, which `put_columns` lets its caller write
    Several,
}

impl<'a> Column<'a> {
    /// The bytes of its value, if another row can share it: an object would be the same one in both.
    fn shareable(&self) -> Option<&'a [u8]> {
        let bytes = match self {
            Column::Plain(bytes) => bytes,
            Column::Masked(value) => value.bytes(),
            Column::Several => return None,
        };
        (!matches!(bytes.first(), Some(b'{' | b'['))).then_some(bytes)
    }
}

/// Maximum number of columns.
const MAX_COLUMNS: usize = 16;

/// Where in the output each value of the previous row is. Empty if it cannot be shared: there is none, or it is masked.
#[derive(Default)]
pub struct Previous {
    values: [Range<usize>; MAX_COLUMNS],
}

impl Previous {
    fn has(&self, at: usize, value: &[u8], out: &[u8]) -> bool {
        let previous = self.values.get(at).and_then(|range| out.get(range.clone()));
        previous.is_some_and(|previous| are_equal(previous, value))
    }

    fn set(&mut self, at: usize, range: Range<usize>) {
        if let Some(value) = self.values.get_mut(at) {
            *value = range;
        }
    }
}

/// Appends the values of `count` columns, each followed by a comma: first a number with one bit for each column that is equal in the
/// `previous` row, the lowest bit for the first column; then the other values.
#[inline]
pub fn put_columns<'a>(
    count: usize,
    column: impl Fn(usize) -> Column<'a>,
    mut put_several: impl FnMut(usize, &mut Vec<u8>) -> Result<(), Malformed>,
    previous: &mut Previous,
    out: &mut Vec<u8>,
) -> Result<(), Malformed> {
    let is_repeated = |at: &usize| column(*at).shareable().is_some_and(|value| previous.has(*at, value, out));
    let repeated = (0..count).filter(is_repeated).fold(0u32, |bits, at| bits | 1 << at);
    put(itoa::Buffer::new().format(repeated).as_bytes(), out);
    for at in 0..count {
        if repeated >> at & 1 == 1 {
            continue;
        }
        let start = out.len();
        let is_plain = match column(at) {
            Column::Several => {
                put_several(at, out)?;
                continue;
            }
            Column::Plain(value) => {
                put(value, out);
                true
            }
            Column::Masked(value) => put_masked(value, out)?,
        };
        previous.set(at, if is_plain { start..out.len() - 1 } else { 0..0 });
    }
    Ok(())
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
pub(crate) mod tests {
    use super::Previous;
    use crate::json::{Indexed, Malformed, Value};
    use serde_json::Value as Json;

    type Put = fn(Value, &mut Previous, &mut Vec<u8>) -> Result<(), Malformed>;

    /// The values that `put` writes for a row that repeats nothing, without the number that says so.
    pub fn values(row: &str, put: Put) -> Result<Vec<Json>, Malformed> {
        let mut values = values_of(&[row], put)?;
        assert_eq!(values.remove(0), 0);
        Ok(values)
    }

    /// The values that `put` writes for several rows.
    pub fn values_of(rows: &[&str], put: Put) -> Result<Vec<Json>, Malformed> {
        let (mut out, mut previous) = (b"[".to_vec(), Previous::default());
        for row in rows {
            put(Indexed::of(row.as_bytes())?.value(), &mut previous, &mut out)?;
        }
        assert_eq!(out.pop(), Some(b','));
        out.push(b']');
        Ok(serde_json::from_slice(&out).unwrap())
    }
}
