//! An answer that is a list, row by row.

use js_sys::Uint8Array;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::body::Body;
use super::failure::{Code, Failure};
use crate::js::clock::now;
use crate::js::event_loop::{TURN, next_task};
use rows::json::{Broken, Envelope, Next, RowReader, Value, digits};
use rows::text::text;

/// Bytes that are read at a time, before others may have their turn.
const LONGEST_PIECE: u32 = 131_072;

/// Milliseconds an answer can be left alone and read on: CouchDB's own time-outs begin at a minute.
const LONGEST_PAUSE: f64 = 30_000.0;

/// The rows of an answer, as they arrive. Dropping it ends the request.
pub struct List {
    body: Body,
    /// What has arrived and not been read yet
    rest: Option<Uint8Array>,
    reader: RowReader,
    ended: bool,
    turn_began: f64,
    last_read: f64,
}

impl List {
    /// The list in `body`.
    pub fn of(body: Body) -> List {
        let began = now();
        List { body, rest: None, reader: RowReader::default(), ended: false, turn_began: began, last_read: began }
    }

    /// Waits for the next piece of the answer; `false` once it has ended as it should.
    pub async fn more(&mut self) -> Result<bool, Failure> {
        if self.ended {
            return Ok(false);
        }
        self.last_read = now();
        self.let_others_have_their_turn().await;
        if self.rest.is_none() {
            match self.body.chunk().await {
                Ok(Some(chunk)) => self.rest = Some(chunk),
                Ok(None) => {
                    self.ended = true;
                    self.reader.finish().map_err(|broken| self.broken(broken))?;
                }
                Err(Failure::Fault(mut fault)) => {
                    fault.message = text(&[&fault.message, "; ", &digits(self.reader.rows()), " rows had come"]);
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

    /// The next piece of the chunk that has arrived. A whole answer can arrive as one.
    fn next_piece(&mut self) -> Option<Uint8Array> {
        let chunk = self.rest.take()?;
        if chunk.length() > LONGEST_PIECE {
            self.rest = Some(chunk.subarray(LONGEST_PIECE, chunk.length()));
            return Some(chunk.subarray(0, LONGEST_PIECE));
        }
        Some(chunk)
    }

    /// Whether it was read a short time ago. One that was left alone for long may have been given up by the server.
    pub fn is_fresh(&self) -> bool {
        now() - self.last_read < LONGEST_PAUSE
    }

    /// An answer that is in memory already arrives without a pause, and would hold up everything else to its end.
    async fn let_others_have_their_turn(&mut self) {
        if self.last_read - self.turn_began > TURN {
            // It does not fail, and if it did, going on at once would be right.
            if let Ok(task) = next_task() {
                let _ = JsFuture::from(task).await;
            }
            self.last_read = now();
            self.turn_began = self.last_read;
        }
    }

    /// The next row among those that have arrived.
    pub fn row(&mut self) -> Result<Option<Value<'_>>, Failure> {
        match self.reader.next_row() {
            Ok(Next::Row(row)) => Ok(Some(self.reader.row(row))),
            Ok(Next::More | Next::End) => Ok(None),
            Err(broken) => Err(self.broken(broken)),
        }
    }

    /// What stands around the rows, as far as it has come.
    pub fn envelope(&self) -> &Envelope {
        self.reader.envelope()
    }

    /// The first of the `last` rows taken turned out to be no JSON.
    pub fn malformed_row(&self, last: u64, cause: JsValue) -> Failure {
        let message =
            text(&["a row is not correct JSON; ", &digits(self.reader.rows().saturating_sub(last)), " rows had come"]);
        self.body.fault(Code::InvalidResponse, &message, cause)
    }

    fn broken(&self, broken: Broken) -> Failure {
        let rows = &digits(self.reader.rows());
        match broken {
            Broken::Truncated => {
                let message = text(&["the answer was cut off after ", rows, " rows"]);
                self.body.fault(Code::Truncated, &message, JsValue::UNDEFINED)
            }
            Broken::Invalid(what) => {
                let message = text(&["the answer is not CouchDB's: ", what, "; ", rows, " rows had come"]);
                self.body.foreign(&message, self.reader.unread())
            }
            Broken::TooLarge(what) => {
                let message = text(&["the answer has ", what, "; ", rows, " rows had come"]);
                self.body.fault(Code::InvalidResponse, &message, JsValue::UNDEFINED)
            }
            Broken::ServerError { error, reason } => {
                let message = text(&["the server broke off after ", rows, " rows"]);
                self.body.server_fault(&message, &error, reason.as_deref())
            }
        }
    }
}
