//! Reading the rows of a list, one by one, while it arrives.

use std::ops::Range;

use super::scan::{skip_space, value_end};
use super::structure::{Index, Value};
use super::text::string;

/// Result of [`RowReader::next_row`].
#[derive(Debug, PartialEq, Eq)]
pub enum Next {
    /// A row: [`RowReader::row`] returns it for this range, until the next call of `next_row` or `room`.
    Row(Range<usize>),
    /// All bytes have been read: add more, or call [`RowReader::finish`].
    More,
    /// The response is complete.
    End,
}

/// Why a response is not a list of rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Broken {
    /// It ended before its JSON was complete.
    Truncated,
    /// It is not JSON, or not a list.
    Invalid(&'static str),
    /// A part is larger than anything that CouchDB sends, or than the available memory.
    TooLarge(&'static str),
    /// The server added an `error` after the response had begun.
    ServerError {
        /// CouchDB's `error`
        error: String,
        /// CouchDB's `reason`
        reason: Option<String>,
    },
}

/// The members of a list other than its rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Envelope {
    /// Number of rows that the server reports
    pub total_rows: Option<u64>,
    /// Number of rows that precede the first one, as the server reports
    pub offset: Option<u64>,
    error: Option<String>,
    reason: Option<String>,
    list_seen: bool,
}

/// Reads `{"total_rows":…,"offset":…,"docs":[row,…]}` from chunks of any size. The members can have any order, the list is
/// called `docs`, `jobs` or `rows`, and other members are ignored.
#[derive(Default)]
pub struct RowReader {
    /// The bytes that are still needed, followed by free space
    buffer: Vec<u8>,
    /// Number of bytes in the buffer that have arrived
    filled: usize,
    /// Of the current row
    index: Index,
    /// Number of bytes in the buffer that have been read
    read: usize,
    state: ParserState,
    envelope: Envelope,
    rows: u64,
    /// Number of bytes outside the rows that have been read
    outside_rows: usize,
}

/// What the reader expects next.
#[derive(Default)]
enum ParserState {
    #[default]
    Start,
    FirstKey,
    Key,
    Colon(EnvelopeKey),
    Value(EnvelopeKey),
    AfterValue,
    FirstRow,
    Row,
    /// The rest of a row that begins at `read`
    WithinRow,
    AfterRow,
    End,
}

#[derive(Clone, Copy)]
enum EnvelopeKey {
    TotalRows,
    Offset,
    List,
    Error,
    Reason,
    Other,
}

/// Maximum size of a row in bytes. CouchDB's documents are smaller by default.
const MAX_ROW: usize = 64 << 20;

/// Maximum size of all other members in bytes.
const MAX_MEMBER: usize = 1 << 20;

/// Maximum average gap between two rows in bytes: white space, in CouchDB's lists two bytes.
const MAX_GAP: usize = 64;

/// Maximum number of rows beyond the reported total: documents can be created meanwhile.
const MAX_NEW_ROWS: u64 = 100_000;

impl RowReader {
    /// Returns space for the next `len` bytes of the response, to be filled before the next call.
    pub fn room(&mut self, len: usize) -> Result<&mut [u8], Broken> {
        // Bytes that have been read are not needed any more.
        self.buffer.copy_within(self.read..self.filled, 0);
        let start = self.filled - self.read;
        (self.read, self.filled) = (0, start + len);
        match self.state {
            ParserState::WithinRow if start > MAX_ROW => return Err(Broken::TooLarge("a row of more than 64 MB")),
            ParserState::WithinRow => {}
            _ if start.saturating_add(self.outside_rows) > MAX_MEMBER.saturating_add(self.rows as usize * MAX_GAP) => {
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

    /// Returns the bytes that have arrived and have not been read.
    pub fn unread(&self) -> &[u8] {
        self.buffer.get(self.read..self.filled).unwrap_or_default()
    }

    /// Returns the row that `next_row` has found last.
    pub fn row(&self, row: Range<usize>) -> Value<'_> {
        self.index.value(self.buffer.get(row).unwrap_or_default())
    }

    /// Returns the number of rows found.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Returns what is known so far of the members other than the rows.
    pub fn envelope(&self) -> &Envelope {
        &self.envelope
    }

    /// Finds the next row among the bytes that have arrived.
    pub fn next_row(&mut self) -> Result<Next, Broken> {
        loop {
            if let ParserState::WithinRow = self.state {
                let Some(end) = self.index.end_of(self.buffer.get(self.read..self.filled).unwrap_or_default()) else {
                    return Ok(Next::More);
                };
                let row = self.read..self.read + end;
                self.read = row.end;
                self.state = ParserState::AfterRow;
                self.rows += 1;
                return Ok(Next::Row(row));
            }

            let ahead = skip_space(self.buffer.get(self.read..self.filled).unwrap_or_default());
            let read = self.filled - ahead.len();
            self.outside_rows += read - self.read;
            self.read = read;
            let Some(&byte) = ahead.first() else {
                return Ok(if matches!(self.state, ParserState::End) { Next::End } else { Next::More });
            };

            // Most bytes outside the rows are single ones that lead from one state to the next …
            let next = match (&self.state, byte) {
                (ParserState::Start, b'{') => Some(ParserState::FirstKey),
                (ParserState::FirstKey | ParserState::AfterValue, b'}') => Some(ParserState::End),
                (ParserState::AfterValue, b',') => Some(ParserState::Key),
                (ParserState::Colon(member), b':') => Some(ParserState::Value(*member)),
                (ParserState::Value(EnvelopeKey::List), b'[') => {
                    self.envelope.list_seen = true;
                    Some(ParserState::FirstRow)
                }
                (ParserState::FirstRow | ParserState::AfterRow, b']') => Some(ParserState::AfterValue),
                (ParserState::AfterRow, b',') => Some(ParserState::Row),
                _ => None,
            };
            if let Some(state) = next {
                self.state = state;
                self.read += 1;
                continue;
            }

            // … the others begin a row, a key or a value.
            match (&self.state, byte) {
                (ParserState::FirstRow | ParserState::Row, b'{') => {
                    self.index.clear();
                    self.state = ParserState::WithinRow;
                }
                (ParserState::FirstKey | ParserState::Key, b'"') => {
                    let Some(end) = value_end(ahead) else {
                        return Ok(Next::More);
                    };
                    self.state = ParserState::Colon(EnvelopeKey::called(ahead.get(..end).unwrap_or_default()));
                    self.read += end;
                    self.outside_rows += end;
                }
                (ParserState::Value(member), b'"' | b'{' | b'[' | b'-' | b'0'..=b'9' | b'a'..=b'z') => {
                    let member = *member;
                    let Some(end) = value_end(ahead) else {
                        return Ok(Next::More);
                    };
                    self.envelope.set(member, ahead.get(..end).unwrap_or_default());
                    self.state = ParserState::AfterValue;
                    self.read += end;
                    self.outside_rows += end;
                }
                (ParserState::Start, _) => return Err(Broken::Invalid("it is not a JSON object")),
                (ParserState::End, _) => return Err(Broken::Invalid("something follows the JSON")),
                (ParserState::FirstRow | ParserState::Row, _) => {
                    return Err(Broken::Invalid("a row is not an object"));
                }
                _ => return Err(Broken::Invalid("it is not JSON")),
            }
        }
    }

    /// Checks that the response is complete. Call it at its end, after [`RowReader::next_row`] returned [`Next::More`] or [`Next::End`].
    pub fn finish(&self) -> Result<&Envelope, Broken> {
        if let Some(error) = &self.envelope.error {
            return Err(Broken::ServerError { error: error.clone(), reason: self.envelope.reason.clone() });
        }
        match self.state {
            ParserState::End if self.envelope.list_seen => Ok(&self.envelope),
            ParserState::End => Err(Broken::Invalid("it holds no list of rows")),
            _ => Err(Broken::Truncated),
        }
    }
}

/// Whether there is memory to process `len` bytes of JSON: its structure, its values and its texts are all copies of it. Checked for
/// each chunk of a response, since a failed allocation ends the program, and no promise is settled after that.
pub fn fits(len: usize) -> bool {
    let mut room: Vec<u8> = Vec::new();
    // Chunks of a list are processed row by row.
    let copies = if len > 1 << 20 { 6 } else { 2 };
    let fits = room.try_reserve_exact(len.saturating_mul(copies)).is_ok();
    // Without this, the compiler removes the unused allocation.
    std::hint::black_box(&room);
    fits
}

/// Returns the only object in `body`, without the surrounding white space.
pub fn single_object(body: &[u8], allows_array: bool) -> Result<&[u8], Broken> {
    let object = body.trim_ascii();
    match object.first() {
        None => Err(Broken::Truncated),
        Some(first) if *first == b'{' || allows_array && *first == b'[' => match Index::default().end_of(object) {
            None => Err(Broken::Truncated),
            Some(end) if end == object.len() => Ok(object),
            Some(_) => Err(Broken::Invalid("something follows the JSON")),
        },
        Some(_) => Err(Broken::Invalid("it is not a JSON object")),
    }
}

impl EnvelopeKey {
    fn called(key: &[u8]) -> EnvelopeKey {
        match string(key).as_deref() {
            Some("total_rows") => EnvelopeKey::TotalRows,
            Some("offset") => EnvelopeKey::Offset,
            Some("docs" | "jobs" | "rows") => EnvelopeKey::List,
            Some("error") => EnvelopeKey::Error,
            Some("reason") => EnvelopeKey::Reason,
            _ => EnvelopeKey::Other,
        }
    }
}

impl Envelope {
    fn set(&mut self, member: EnvelopeKey, value: &[u8]) {
        let number = || std::str::from_utf8(value).ok()?.parse().ok();
        // An error that is not a string is an error, too.
        let text = || match string(value) {
            Some(text) => Some(text.into_owned()),
            None if value == b"null" => None,
            None => Some(std::str::from_utf8(value).unwrap_or("no text").to_owned()),
        };
        match member {
            EnvelopeKey::TotalRows => self.total_rows = number(),
            EnvelopeKey::Offset => self.offset = number(),
            EnvelopeKey::Error => self.error = text(),
            EnvelopeKey::Reason => self.reason = text(),
            EnvelopeKey::List | EnvelopeKey::Other => {}
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

    /// Reads `body` in pieces cut at `cuts`; returns the rows, and how it ended.
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
                    Ok(Next::Row(range)) => rows.push(reader.row(range).bytes().to_vec()),
                    Ok(Next::More | Next::End) => break,
                    Err(broken) => return (rows, Err(broken)),
                }
            }
        }
        assert_eq!(reader.rows(), rows.len() as u64);
        let end = reader.finish().cloned();
        (rows, end)
    }

    /// A list as CouchDB would write it, or with its members in another order and with white space.
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
        fn a_body_that_ends_early_is_truncated_but_its_complete_rows_are_returned(
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
        fn no_bytes_cause_a_panic(body in prop::collection::vec(any::<u8>(), 0..200), cuts in prop::collection::vec(any::<usize>(), 0..5)) {
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
    fn bytes_outside_the_rows_are_limited() {
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
            while let Next::Row(_) = reader.next_row().unwrap() {}
        }
        assert_eq!(reader.rows(), 400_001);
    }

    #[test]
    fn an_error_after_the_rows_is_an_error() {
        let (rows, end) =
            read(br#"{"total_rows":3,"offset":0,"docs":[{"a":1}],"error":"timeout","reason":"no worker"}"#, &[]);
        assert_eq!(rows.len(), 1);
        assert_eq!(end, Err(Broken::ServerError { error: "timeout".into(), reason: Some("no worker".into()) }));
    }

    #[test]
    fn other_json_than_a_list_is_invalid() {
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
    fn a_single_object_is_complete_or_cut_off_or_something_else() {
        assert_eq!(single_object(b" {\"a\":\"}\"}\n", false), Ok(b"{\"a\":\"}\"}".as_slice()));
        for cut in ["", " ", "{", "{\"a\":\"}", "{\"a\":{}"] {
            assert_eq!(single_object(cut.as_bytes(), false), Err(Broken::Truncated), "{cut}");
        }
        for other in ["[]", "<html>", "{}{}"] {
            assert!(matches!(single_object(other.as_bytes(), false), Err(Broken::Invalid(_))), "{other}");
        }
    }

    #[test]
    fn an_empty_list_can_have_rows_only() {
        let (rows, end) = read(b"{\"rows\":[]}", &[]);
        assert!(rows.is_empty());
        assert_eq!(end, Ok(Envelope { list_seen: true, ..Envelope::default() }));
    }
}
