//! The jobs of all nodes, as one stream.

use std::rc::Rc;

use js_sys::Array;
use web_sys::AbortSignal;

use super::objects::{Keep, take_rows};
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
        JobsReader { connection, call: Call::get(endpoints::jobs(&query), signal), list: None, counts: None }
    }

    /// `total_rows` and `offset` of the answer, where it had them.
    pub fn counts(&self) -> Option<(u64, u64)> {
        self.counts
    }

    /// The rows that arrive next; `None` at the end.
    pub async fn next_rows(&mut self) -> Result<Option<Array>, Failure> {
        let list = match &mut self.list {
            Some(list) => list,
            None => self.list.insert(List::of(self.connection.send(&self.call).await?)),
        };
        while list.more().await? {
            let rows = Array::new();
            take_rows(list, &rows, write_job, |_| Ok(Keep::Take))?;
            if rows.length() > 0 {
                return Ok(Some(rows));
            }
        }
        self.counts = list.counts().await?;
        Ok(None)
    }
}
