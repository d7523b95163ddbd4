//! The jobs of all nodes, as one stream.

use std::rc::Rc;

use js_sys::Array;
use web_sys::AbortSignal;

use super::collect::{Keep, Portion, Taken, take_rows};
use crate::http::{Call, Connection, Failure, List};
use crate::js::rows::JOBS;
use rows::json::Value;
use rows::seen::Seen;
use scheduler_core::endpoints::{self, ALL_JOBS, Query};

/// Reads jobs in the order of their ids. The server makes its list at one moment, so one answer has each job once.
/// Dropping it ends the request under way.
pub struct JobsReader {
    connection: Rc<Connection>,
    call: Call,
    list: Option<List>,
    seen: Seen,
    counts: Option<(u64, u64)>,
    /// Rows have been given out.
    given: bool,
    /// What went wrong behind the rows that were given out last.
    failure: Option<Failure>,
}

impl JobsReader {
    /// All jobs, or `limit` behind the first `skip`. Nothing is sent yet.
    pub fn new(
        connection: Rc<Connection>,
        limit: Option<u64>,
        skip: Option<u64>,
        signal: Option<AbortSignal>,
    ) -> JobsReader {
        let query = Query::default().with_number("limit", Some(limit.unwrap_or(ALL_JOBS))).with_number("skip", skip);
        JobsReader {
            connection,
            call: Call::get(endpoints::jobs(&query), signal),
            list: None,
            seen: Seen::default(),
            counts: None,
            given: false,
            failure: None,
        }
    }

    /// `total_rows` and `offset` of the answer, where it had them.
    pub fn counts(&self) -> Option<(u64, u64)> {
        self.counts
    }

    /// All rows. After a passing fault they are asked for anew: none has been given out.
    pub async fn all_rows(&mut self) -> Result<Array, Failure> {
        let mut retry = self.connection.retry(self.call.signal.clone());
        loop {
            let jobs = Array::new();
            match self.append_rows(&jobs).await {
                Ok(()) => return Ok(jobs),
                Err(failure) => retry.after(failure).await?,
            }
            self.begin_again();
        }
    }

    fn begin_again(&mut self) {
        self.list = None;
        self.seen = Seen::default();
    }

    async fn append_rows(&mut self, jobs: &Array) -> Result<(), Failure> {
        self.read_rows(jobs, Portion::Everything).await?;
        Ok(())
    }

    /// The rows that arrive next; `None` at the end. A passing fault is tried again while no row has been given out; what goes
    /// wrong later comes behind the rows before it.
    pub async fn next_rows(&mut self) -> Result<Option<Array>, Failure> {
        if let Some(failure) = self.failure.take() {
            return Err(failure);
        }
        let mut retry = self.connection.retry(self.call.signal.clone());
        loop {
            let rows = Array::new();
            let failure = match self.read_rows(&rows, Portion::Arrived).await {
                Ok(_) if rows.length() == 0 => return Ok(None),
                Ok(_) => {
                    self.given = true;
                    return Ok(Some(rows));
                }
                Err(failure) => failure,
            };
            let failure = match if self.given { Err(failure) } else { retry.after(failure).await } {
                Ok(()) => {
                    self.begin_again();
                    continue;
                }
                Err(failure) => failure,
            };
            if rows.length() == 0 {
                return Err(failure);
            }
            self.failure = Some(failure);
            return Ok(Some(rows));
        }
    }

    /// Appends what arrives next to `rows`; `false` at the end.
    async fn read_rows(&mut self, rows: &Array, portion: Portion) -> Result<bool, Failure> {
        let list = match &mut self.list {
            Some(list) => list,
            None => self.list.insert(List::of(self.connection.send(&self.call).await?)),
        };
        let seen = &mut self.seen;
        let mut keep = |row: Value| Ok(if seen.is_new_job(row)? { Keep::Take } else { Keep::Drop });
        let taken = take_rows(list, rows, &JOBS, portion, &mut keep).await?;
        let envelope = list.envelope();
        self.counts = envelope.total_rows.zip(envelope.offset);
        Ok(taken == Taken::Some)
    }
}
