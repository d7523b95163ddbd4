//! `cargo +nightly fuzz run rows`: no bytes, however they are cut, make the row reader panic or what takes rows apart, and it
//! finds the same rows whatever the cuts. Where serde_json takes the whole answer, these are its rows, and have its values.
#![no_main]

use libfuzzer_sys::fuzz_target;

use couchdb_scheduler_rows::json::{Broken, Elements, Indexed, Malformed, Members, RowReader, Next, Value, string};

fuzz_target!(|input: (Vec<u8>, &[u8])| {
    let (cuts, body) = input;
    let whole = read(std::iter::once(body));
    let pieces = read(Pieces { cuts: cuts.iter(), rest: body });
    assert_eq!(whole, pieces);

    let Ok(serde_json::Value::Object(answer)) = serde_json::from_slice(body) else { return };
    let lists: Vec<_> = ["docs", "jobs", "rows"].iter().filter_map(|name| answer.get(*name)).collect();
    if let ([serde_json::Value::Array(expected)], (found, Ok(()))) = (lists.as_slice(), whole) {
        // A key that comes twice has its rows read twice; serde_json keeps the last.
        if found.len() == expected.len() {
            for (row, value) in found.iter().zip(expected) {
                assert_eq!(serde_json::from_slice::<serde_json::Value>(row).ok().as_ref(), Some(value));
                let indexed = Indexed::of(row).expect("a row is an object");
                assert_eq!(rebuilt(indexed.value()).as_ref(), Ok(value));
            }
        }
    }
});

fn read<'a>(pieces: impl Iterator<Item = &'a [u8]>) -> (Vec<Vec<u8>>, Result<(), Broken>) {
    let mut reader = RowReader::default();
    let mut rows = Vec::new();
    for piece in pieces {
        reader.room(piece.len()).unwrap().copy_from_slice(piece);
        loop {
            match reader.next_row() {
                Ok(Next::Row(range)) => {
                    let row = reader.row(range);
                    // Whatever it is: it must not panic.
                    let _ = rebuilt(row);
                    rows.push(row.bytes().to_vec());
                }
                Ok(Next::More | Next::End) => break,
                Err(broken) => return (rows, Err(broken)),
            }
        }
    }
    let end = reader.finish().map(drop);
    (rows, end)
}

/// A value taken apart all the way down.
fn rebuilt(value: Value) -> Result<serde_json::Value, Malformed> {
    match value.bytes().first() {
        Some(b'{') => Members::of(value)
            .map(|member| {
                let (key, value) = member?;
                Ok((string(key).ok_or(Malformed)?.into_owned(), rebuilt(value)?))
            })
            .collect::<Result<serde_json::Map<_, _>, _>>()
            .map(serde_json::Value::Object),
        Some(b'[') => Elements::of(value).map(|element| rebuilt(element?)).collect::<Result<Vec<_>, _>>().map(Into::into),
        _ => serde_json::from_slice(value.bytes()).map_err(|_| Malformed),
    }
}

/// The bytes in pieces as long as the cuts say, then the rest.
struct Pieces<'a> {
    cuts: std::slice::Iter<'a, u8>,
    rest: &'a [u8],
}

impl<'a> Iterator for Pieces<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        if self.rest.is_empty() {
            return None;
        }
        let len = self.cuts.next().map_or(self.rest.len(), |cut| usize::from(*cut).min(self.rest.len()));
        let (piece, rest) = self.rest.split_at(len);
        self.rest = rest;
        Some(piece)
    }
}
