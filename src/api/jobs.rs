//! The jobs of all nodes, as one stream.

use std::rc::Rc;

use js_sys::Array;
use web_sys::AbortSignal;

use super::objects::{Keep, append, take_rows};
use crate::http::{Call, Connection, Failure, List};
use crate::scheduler::endpoints::{self, ALL_JOBS, Query};
use crate::scheduler::jobs::write_job;

/// Reads jobs in the order of their ids. The server makes its list at one moment, so one answer has each job once.
/// Dropping it ends the request under way.
pub struct JobsReader {
    connection: Rc<Connection>,
    call: Call,
    list: Option<List>,
    counts: Option<(u64, u64)>,
    /// Rows have been given out.
    given: bool,
}

impl JobsReader {
    /// All jobs, or `limit` behind the first `skip`. Nothing is sent yet.
    pub fn new(
        connection: Rc<Connection>,
        limit: Option<u64>,
        skip: Option<u64>,
        signal: Option<AbortSignal>,
    ) -> JobsReader {
        let query = Query::default().with("limit", Some(limit.unwrap_or(ALL_JOBS))).with("skip", skip);
        JobsReader {
            connection,
            call: Call::get(endpoints::jobs(&query), signal),
            list: None,
            counts: None,
            given: false,
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
            self.list = None;
        }
    }

    async fn append_rows(&mut self, jobs: &Array) -> Result<(), Failure> {
        while let Some(rows) = self.read_rows().await? {
            append(jobs, &rows);
        }
        Ok(())
    }

    /// The rows that arrive next; `None` at the end. A passing fault before the first row is tried again.
    pub async fn next_rows(&mut self) -> Result<Option<Array>, Failure> {
        let mut retry = self.connection.retry(self.call.signal.clone());
        loop {
            let failure = match self.read_rows().await {
                Ok(rows) => return Ok(rows),
                Err(failure) => failure,
            };
            if self.given {
                return Err(failure);
            }
            retry.after(failure).await?;
            self.list = None;
        }
    }

    async fn read_rows(&mut self) -> Result<Option<Array>, Failure> {
        let list = match &mut self.list {
            Some(list) => list,
            None => self.list.insert(List::of(self.connection.send(&self.call).await?)),
        };
        while list.more().await? {
            let rows = Array::new();
            take_rows(list, &rows, write_job, |_| Ok(Keep::Take))?;
            if rows.length() > 0 {
                self.given = true;
                return Ok(Some(rows));
            }
        }
        self.counts = list.counts().await?;
        Ok(None)
    }
}
