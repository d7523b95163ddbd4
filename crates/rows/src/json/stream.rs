//! The rows of a list answer, one after the other, while it arrives.

use std::ops::Range;

use super::structure::{Index, Value};
use super::text::{skip_space, string, value_end};

/// What [`RowReader::next_row`] came to.
#[derive(Debug, PartialEq, Eq)]
pub enum Step {
    /// A row; it is [`RowReader::row`] of this range until the next one is read, or more is put in.
    Row(Range<usize>),
    /// All that is there has been read: put in more, or [`RowReader::finish`].
    More,
    /// The answer has ended as it should.
    End,
}

/// Why an answer is not a list of rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Broken {
    /// It ended before its JSON did.
    Truncated,
    /// It is no JSON, or no list.
    Invalid(&'static str),
    /// It has something that is larger than anything that CouchDB sends, or than there is memory for.
    TooLarge(&'static str),
    /// The server put an `error` into it after it had begun.
    ServerError {
        /// CouchDB's `error`
        error: String,
        /// CouchDB's `reason`
        reason: Option<String>,
    },
}

/// What stands around the rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Envelope {
    /// How many rows the server says there are.
    pub total_rows: Option<u64>,
    /// How many it says stand before the first.
    pub offset: Option<u64>,
    error: Option<String>,
    reason: Option<String>,
    list_seen: bool,
}

/// Reads `{"total_rows":…,"offset":…,"docs":[row,…]}` from chunks of any size. The members can come in any order, the list can
/// be called `docs`, `jobs` or `rows`, and what else there is is passed over.
#[derive(Default)]
pub struct RowReader {
    /// What has come and not been forgotten, and room behind it.
    buffer: Vec<u8>,
    /// How much of it has come.
    filled: usize,
    /// Of the row that is being read, or was read last.
    index: Index,
    /// Everything before this has been handed out or passed over.
    read: usize,
    place: Place,
    envelope: Envelope,
    rows: u64,
    /// How many bytes beside the rows have been read.
    beside: usize,
}

/// Where in the answer the reader stands: what it expects next.
#[derive(Default)]
enum Place {
    #[default]
    Start,
    FirstKey,
    Key,
    Colon(Member),
    Value(Member),
    AfterValue,
    FirstRow,
    Row,
    /// In a row that begins at `read`.
    WithinRow,
    AfterRow,
    End,
}

#[derive(Clone, Copy)]
enum Member {
    TotalRows,
    Offset,
    List,
    Error,
    Reason,
    Other,
}

/// The largest row, in bytes. CouchDB's documents are smaller by default.
const MAX_ROW: usize = 64 << 20;

/// The largest of the other members of an answer, in bytes.
const MAX_MEMBER: usize = 1 << 20;

/// What stands between two rows, in bytes: white space, in CouchDB's lists two bytes.
const MAX_GAP: usize = 64;

/// More rows than there were when the list began: documents can be written meanwhile.
const MAX_NEW_ROWS: u64 = 100_000;

impl RowReader {
    /// Room for the next `len` bytes of the answer, to be filled at once.
    pub fn room(&mut self, len: usize) -> Result<&mut [u8], Broken> {
        // What was read is forgotten.
        self.buffer.copy_within(self.read..self.filled, 0);
        let start = self.filled - self.read;
        (self.read, self.filled) = (0, start + len);
        match self.place {
            Place::WithinRow if start > MAX_ROW => return Err(Broken::TooLarge("a row of more than 64 MB")),
            Place::WithinRow => {}
            _ if start.saturating_add(self.beside) > MAX_MEMBER.saturating_add(self.rows as usize * MAX_GAP) => {
                return Err(Broken::TooLarge("more than 1 MB beside its rows"));
            }
            _ => {}
        }
        if self.envelope.total_rows.is_some_and(|total| self.rows > total.saturating_add(MAX_NEW_ROWS)) {
            return Err(Broken::TooLarge("far more rows than it says"));
        }
        let missing = self.filled.saturating_sub(self.buffer.len());
        if self.buffer.try_reserve(missing).is_err() || !fits(self.filled) {
            return Err(Broken::TooLarge("a row that does not fit into memory"));
        }
        if missing > 0 {
            self.buffer.resize(self.filled, 0);
        }
        Ok(self.buffer.get_mut(start..self.filled).unwrap_or_default())
    }

    /// What has arrived and was not read.
    pub fn unread(&self) -> &[u8] {
        self.buffer.get(self.read..self.filled).unwrap_or_default()
    }

    /// The row that was read last.
    pub fn row(&self, row: Range<usize>) -> Value<'_> {
        self.index.value(self.buffer.get(row).unwrap_or_default())
    }

    /// How many rows have been handed out.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// What is known of the rest of the answer by now.
    pub fn envelope(&self) -> &Envelope {
        &self.envelope
    }

    /// The next row among the bytes that are there.
    pub fn next_row(&mut self) -> Result<Step, Broken> {
        loop {
            if let Place::WithinRow = self.place {
                let Some(end) = self.index.end_of(self.buffer.get(self.read..self.filled).unwrap_or_default()) else {
                    return Ok(Step::More);
                };
                let row = self.read..self.read + end;
                self.read = row.end;
                self.place = Place::AfterRow;
                self.rows += 1;
                return Ok(Step::Row(row));
            }

            let ahead = skip_space(self.buffer.get(self.read..self.filled).unwrap_or_default());
            let read = self.filled - ahead.len();
            self.beside += read - self.read;
            self.read = read;
            let Some(&byte) = ahead.first() else {
                return Ok(if matches!(self.place, Place::End) { Step::End } else { Step::More });
            };

            // Most of what stands outside the rows is one byte that leads from one place to the next …
            let next = match (&self.place, byte) {
                (Place::Start, b'{') => Some(Place::FirstKey),
                (Place::FirstKey | Place::AfterValue, b'}') => Some(Place::End),
                (Place::AfterValue, b',') => Some(Place::Key),
                (Place::Colon(member), b':') => Some(Place::Value(*member)),
                (Place::Value(Member::List), b'[') => {
                    self.envelope.list_seen = true;
                    Some(Place::FirstRow)
                }
                (Place::FirstRow | Place::AfterRow, b']') => Some(Place::AfterValue),
                (Place::AfterRow, b',') => Some(Place::Row),
                _ => None,
            };
            if let Some(place) = next {
                self.place = place;
                self.read += 1;
                continue;
            }

            // … the rest is a row, a key or a value.
            match (&self.place, byte) {
                (Place::FirstRow | Place::Row, b'{') => {
                    self.index.clear();
                    self.place = Place::WithinRow;
                }
                (Place::FirstKey | Place::Key, b'"') => {
                    let Some(end) = value_end(ahead) else {
                        return Ok(Step::More);
                    };
                    self.place = Place::Colon(Member::called(ahead.get(..end).unwrap_or_default()));
                    self.read += end;
                    self.beside += end;
                }
                (Place::Value(member), b'"' | b'{' | b'[' | b'-' | b'0'..=b'9' | b'a'..=b'z') => {
                    let member = *member;
                    let Some(end) = value_end(ahead) else {
                        return Ok(Step::More);
                    };
                    self.envelope.take(member, ahead.get(..end).unwrap_or_default());
                    self.place = Place::AfterValue;
                    self.read += end;
                    self.beside += end;
                }
                (Place::Start, _) => return Err(Broken::Invalid("it is not a JSON object")),
                (Place::End, _) => return Err(Broken::Invalid("something follows the JSON")),
                (Place::FirstRow | Place::Row, _) => {
                    return Err(Broken::Invalid("a row is not an object"));
                }
                _ => return Err(Broken::Invalid("it is not JSON")),
            }
        }
    }

    /// The answer has ended. Call it when [`RowReader::next_row`] has said [`Step::More`] or [`Step::End`].
    pub fn finish(&self) -> Result<&Envelope, Broken> {
        if let Some(error) = &self.envelope.error {
            return Err(Broken::ServerError { error: error.clone(), reason: self.envelope.reason.clone() });
        }
        match self.place {
            Place::End if self.envelope.list_seen => Ok(&self.envelope),
            Place::End => Err(Broken::Invalid("it holds no list of rows")),
            _ => Err(Broken::Truncated),
        }
    }
}

/// Whether there is memory to work on `len` bytes of JSON: its shape, its values and its texts are all copies of it. Asked before
/// each piece of an answer, since an allocation that fails ends the program, and no promise is ever settled after that.
pub fn fits(len: usize) -> bool {
    let mut room: Vec<u8> = Vec::new();
    // A piece of a list is worked on row by row.
    let copies = if len > 1 << 20 { 6 } else { 2 };
    let fits = room.try_reserve_exact(len.saturating_mul(copies)).is_ok();
    // Otherwise the compiler sees that nothing is put there, and does not ask for it.
    std::hint::black_box(&room);
    fits
}

/// The one object that `body` holds, without the white space around it.
pub fn whole_object(body: &[u8]) -> Result<&[u8], Broken> {
    let object = body.trim_ascii();
    match object.first() {
        None => Err(Broken::Truncated),
        Some(b'{') => match Index::default().end_of(object) {
            None => Err(Broken::Truncated),
            Some(end) if end == object.len() => Ok(object),
            Some(_) => Err(Broken::Invalid("something follows the JSON")),
        },
        Some(_) => Err(Broken::Invalid("it is not a JSON object")),
    }
}

impl Member {
    fn called(key: &[u8]) -> Member {
        match string(key).as_deref() {
            Some("total_rows") => Member::TotalRows,
            Some("offset") => Member::Offset,
            Some("docs" | "jobs" | "rows") => Member::List,
            Some("error") => Member::Error,
            Some("reason") => Member::Reason,
            _ => Member::Other,
        }
    }
}

impl Envelope {
    fn take(&mut self, member: Member, value: &[u8]) {
        let number = || std::str::from_utf8(value).ok()?.parse().ok();
        // An error that is not a string is still an error.
        let text = || match string(value) {
            Some(text) => Some(text.into_owned()),
            None if value == b"null" => None,
            None => Some(std::str::from_utf8(value).unwrap_or("no text").to_owned()),
        };
        match member {
            Member::TotalRows => self.total_rows = number(),
            Member::Offset => self.offset = number(),
            Member::Error => self.error = text(),
            Member::Reason => self.reason = text(),
            Member::List | Member::Other => {}
        }
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::super::cursor::tests::json;
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Map, Value};

    /// Reads `body` in pieces cut at `cuts`; the rows, and how it ended.
    fn read(body: &[u8], cuts: &[usize]) -> (Vec<Vec<u8>>, Result<Envelope, Broken>) {
        let mut cuts: Vec<usize> = cuts.iter().map(|c| c % (body.len() + 1)).collect();
        cuts.extend([0, body.len()]);
        cuts.sort_unstable();
        let mut reader = RowReader::default();
        let mut rows = Vec::new();
        for pair in cuts.windows(2) {
            let piece = &body[pair[0]..pair[1]];
            reader.room(piece.len()).unwrap().copy_from_slice(piece);
            loop {
                match reader.next_row() {
                    Ok(Step::Row(range)) => rows.push(reader.row(range).bytes().to_vec()),
                    Ok(Step::More | Step::End) => break,
                    Err(broken) => return (rows, Err(broken)),
                }
            }
        }
        assert_eq!(reader.rows(), rows.len() as u64);
        let end = reader.finish().cloned();
        (rows, end)
    }

    /// A list answer as CouchDB would write it, or with its members in another order and its JSON spaced out.
    fn answer() -> impl Strategy<Value = (Vec<Value>, String)> {
        let row = prop::collection::vec(("[a-z\"é]{1,8}", json()), 0..5)
            .prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>()));
        (prop::collection::vec(row, 0..8), prop_oneof!["docs", "jobs", "rows"], json(), any::<[bool; 3]>()).prop_map(
            |(rows, list, extra, [rows_first, spaced, couch])| {
                let gap = if spaced { " \n\t" } else { "" };
                let joint = if couch { ",\r\n".to_owned() } else { format!("{gap},{gap}") };
                let texts: Vec<String> = rows.iter().map(|row| serde_json::to_string(row).unwrap()).collect();
                let list = format!("{gap}\"{list}\"{gap}:{gap}[\n{}\n]", texts.join(&joint));
                let counts = format!("\"total_rows\":{gap}{},{gap}\"offset\":7,\"x\":{extra}", rows.len());
                let body = if rows_first { format!("{{{list},{counts}}}\n") } else { format!("{{{counts},{list}}}\n") };
                (rows, body)
            },
        )
    }

    proptest! {
        #[test]
        fn finds_the_rows_serde_json_finds(
            (rows, body) in answer(),
            cuts in prop::collection::vec(any::<usize>(), 0..20),
        ) {
            prop_assert!(serde_json::from_str::<Value>(&body).is_ok());
            let (found, end) = read(body.as_bytes(), &cuts);
            let found: Vec<Value> = found.iter().map(|row| serde_json::from_slice(row).unwrap()).collect();
            prop_assert_eq!(&found, &rows);
            let envelope = end.unwrap();
            prop_assert_eq!((envelope.total_rows, envelope.offset), (Some(rows.len() as u64), Some(7)));
        }

        #[test]
        fn a_body_that_ends_early_is_truncated_and_its_whole_rows_come_out(
            (rows, body) in answer(),
            keep in any::<prop::sample::Index>(),
            cuts in prop::collection::vec(any::<usize>(), 0..5),
        ) {
            let body = body.trim_end().as_bytes();
            let kept = &body[..keep.index(body.len())];
            let (found, end) = read(kept, &cuts);
            prop_assert_eq!(end, Err(Broken::Truncated));
            prop_assert!(found.len() <= rows.len());
            for (found, row) in found.iter().zip(&rows) {
                prop_assert_eq!(&serde_json::from_slice::<Value>(found).unwrap(), row);
            }
        }

        #[test]
        fn no_bytes_make_it_panic(body in prop::collection::vec(any::<u8>(), 0..200), cuts in prop::collection::vec(any::<usize>(), 0..5)) {
            let _ = read(&body, &cuts);
        }
    }

    #[test]
    fn a_row_of_a_megabyte_in_small_pieces() {
        let long = "x\\\"".repeat(350_000);
        let body = format!("{{\"docs\":[{{\"a\":\"{long}\"}}]}}");
        let cuts: Vec<usize> = (0..body.len()).step_by(1000).collect();
        let (rows, end) = read(body.as_bytes(), &cuts);
        assert_eq!(rows.len(), 1);
        assert!(rows[0].len() > 1_000_000);
        assert!(end.is_ok());
    }

    #[test]
    fn what_stands_beside_the_rows_has_an_end() {
        for (beginning, more) in
            [("{", "\"a\":1,"), ("{", "\"error\":\"x\","), ("{", "  \r\n"), ("{\"docs\":[", "\r\n")]
        {
            let piece = more.repeat(100_000);
            let mut reader = RowReader::default();
            let ended = (0..100).find_map(|n| {
                let piece = if n == 0 { beginning } else { &piece };
                let room = reader.room(piece.len()).map(|room| room.copy_from_slice(piece.as_bytes()));
                room.and_then(|()| reader.next_row()).err()
            });
            assert_eq!(ended, Some(Broken::TooLarge("more than 1 MB beside its rows")), "{beginning}{more}");
        }
        // White space between rows does not add up.
        let mut reader = RowReader::default();
        for piece in std::iter::once("{\"docs\":[{}").chain(std::iter::repeat_n(",\r\n\r\n{}", 400_000)) {
            reader.room(piece.len()).unwrap().copy_from_slice(piece.as_bytes());
            while let Step::Row(_) = reader.next_row().unwrap() {}
        }
        assert_eq!(reader.rows(), 400_001);
    }

    #[test]
    fn an_error_behind_the_rows_is_an_error() {
        let (rows, end) =
            read(br#"{"total_rows":3,"offset":0,"docs":[{"a":1}],"error":"timeout","reason":"no worker"}"#, &[]);
        assert_eq!(rows.len(), 1);
        assert_eq!(end, Err(Broken::ServerError { error: "timeout".into(), reason: Some("no worker".into()) }));
    }

    #[test]
    fn what_is_no_list_is_invalid() {
        for body in [
            "<html>",
            "[]",
            "null",
            "{}",
            "{\"ok\":true}",
            "{\"docs\":[1]}",
            "{\"docs\":[{}{}]}",
            "{\"docs\":[]}x",
            "{\"docs\":[]],}",
        ] {
            assert!(matches!(read(body.as_bytes(), &[]).1, Err(Broken::Invalid(_))), "{body}");
        }
        assert_eq!(read(b"", &[]).1, Err(Broken::Truncated));
    }

    #[test]
    fn one_object_is_whole_or_cut_off_or_something_else() {
        assert_eq!(whole_object(b" {\"a\":\"}\"}\n"), Ok(b"{\"a\":\"}\"}".as_slice()));
        for cut in ["", " ", "{", "{\"a\":\"}", "{\"a\":{}"] {
            assert_eq!(whole_object(cut.as_bytes()), Err(Broken::Truncated), "{cut}");
        }
        for other in ["[]", "<html>", "{}{}"] {
            assert!(matches!(whole_object(other.as_bytes()), Err(Broken::Invalid(_))), "{other}");
        }
    }

    #[test]
    fn an_empty_list_can_come_as_rows_alone() {
        let (rows, end) = read(b"{\"rows\":[]}", &[]);
        assert!(rows.is_empty());
        assert_eq!(end, Ok(Envelope { list_seen: true, ..Envelope::default() }));
    }
}
