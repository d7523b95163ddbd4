//! A response that is a list, row by row.

use std::time::Duration;

use js_sys::Uint8Array;
use wasm_bindgen::JsValue;

use super::body::Body;
use super::failure::{Code, Failure};
use crate::js::clock::Instant;
use crate::js::event_loop::Turns;
use rows::json::{Broken, Envelope, Next, RowReader, Value, digits};

/// Maximum number of bytes read before yielding to the event loop.
const MAX_PIECE: u32 = 131_072;

/// How long reading may pause: CouchDB's own time-outs begin at a minute.
const MAX_PAUSE: Duration = Duration::from_secs(30);

/// The rows of a response, as they arrive. Dropping it ends the request.
pub struct List {
    body: Body,
    /// What has arrived and not been read yet
    rest: Option<Uint8Array>,
    reader: RowReader,
    has_all_rows: bool,
    ended: bool,
    /// Number of rows for which the time limit has begun again
    rows_in_time: u64,
    turns: Turns,
    last_read: Instant,
}

impl List {
    /// The list in `body`. With `has_all_rows`, fewer rows than its `total_rows` are an error.
    pub fn of(body: Body, has_all_rows: bool) -> List {
        let (turns, last_read) = (Turns::begin(), Instant::now());
        let reader = RowReader::default();
        List { body, rest: None, reader, has_all_rows, ended: false, rows_in_time: 0, turns, last_read }
    }

    /// Waits for the next piece of the response. Returns `false` if it has ended, completely.
    pub async fn more(&mut self) -> Result<bool, Failure> {
        if self.ended {
            return Ok(false);
        }
        self.last_read = Instant::now();
        // A response that is in memory arrives without a pause, and would block the event loop to its end.
        if self.turns.yield_if_due().await {
            self.last_read = Instant::now();
        }
        if self.rest.is_none() {
            // A server that sends rows is at work. Three nodes of CouchDB 3.5 with 6,000 documents need two minutes for all of them,
            // since each looks up at the others what is not its own.
            if self.reader.rows() > self.rows_in_time {
                self.rows_in_time = self.reader.rows();
                self.body.renew_limit();
            }
            match self.body.chunk().await {
                Ok(Some(chunk)) => self.rest = Some(chunk),
                Ok(None) => {
                    self.ended = true;
                    self.check_end()?;
                }
                Err(Failure::Fault(mut fault)) => {
                    fault.message = [&fault.message, "; ", &digits(self.reader.rows()), " rows had arrived"].concat();
                    return Err(Failure::Fault(fault));
                }
                Err(aborted) => return Err(aborted),
            }
        }
        if let Some(piece) = self.next_piece() {
            match self.reader.room(piece.length() as usize) {
                Ok(room) => piece.copy_to(room),
                Err(broken) => return Err(self.broken(broken)),
            }
        }
        Ok(!self.ended)
    }

    /// The next piece of the chunk that has arrived. A whole response can arrive as one chunk.
    fn next_piece(&mut self) -> Option<Uint8Array> {
        let chunk = self.rest.take()?;
        if chunk.length() > MAX_PIECE {
            self.rest = Some(chunk.subarray(MAX_PIECE, chunk.length()));
            return Some(chunk.subarray(0, MAX_PIECE));
        }
        Some(chunk)
    }

    /// Whether it was read recently. After a long pause the server may have closed the connection.
    pub fn is_fresh(&self) -> bool {
        self.last_read.elapsed() < MAX_PAUSE
    }

    /// The next row among those that have arrived.
    pub fn row(&mut self) -> Result<Option<Value<'_>>, Failure> {
        match self.reader.next_row() {
            Ok(Next::Row(row)) => Ok(Some(self.reader.row(row))),
            Ok(Next::More | Next::End) => Ok(None),
            Err(broken) => Err(self.broken(broken)),
        }
    }

    /// The members of the list other than its rows, as far as they have arrived.
    pub fn envelope(&self) -> &Envelope {
        self.reader.envelope()
    }

    /// The error for an invalid row: the first of the `last` rows that were read.
    pub fn malformed_row(&self, last: u64, cause: JsValue) -> Failure {
        let message =
            ["a row is not valid JSON; ", &digits(self.reader.rows().saturating_sub(last)), " rows had arrived"]
                .concat();
        self.body.fault(Code::InvalidResponse, &message, cause)
    }

    /// Checks that the list is complete.
    fn check_end(&self) -> Result<(), Failure> {
        let total_rows = self.reader.finish().map_err(|broken| self.broken(broken))?.total_rows;
        let Some(total) = total_rows.filter(|total| self.has_all_rows && self.reader.rows() < *total) else {
            return Ok(());
        };
        let (rows, total) = (&*digits(self.reader.rows()), &*digits(total));
        let hint = " rows; does a proxy or a cache ignore the query of the URL?";
        let message = ["the list has ", rows, " of ", total, hint].concat();
        Err(self.body.fault(Code::InvalidResponse, &message, JsValue::UNDEFINED))
    }

    fn broken(&self, broken: Broken) -> Failure {
        let rows = &*digits(self.reader.rows());
        match broken {
            Broken::Truncated => {
                let message = ["the response was cut off after ", rows, " rows"].concat();
                self.body.fault(Code::Truncated, &message, JsValue::UNDEFINED)
            }
            Broken::Invalid(what) => {
                let message = ["the response is not CouchDB's: ", what, "; ", rows, " rows had arrived"].concat();
                self.body.foreign(&message, self.reader.unread())
            }
            Broken::TooLarge(what) => {
                let message = ["the response has ", what, "; ", rows, " rows had arrived"].concat();
                self.body.fault(Code::InvalidResponse, &message, JsValue::UNDEFINED)
            }
            Broken::ServerError { error, reason } => {
                let message = ["the server aborted the response after ", rows, " rows"].concat();
                self.body.server_fault(&message, &error, reason.as_deref())
            }
        }
    }
}
