//! `listJobs()` and `jobs()`: the jobs of all nodes, as one stream.

use js_sys::Array;

use super::collect::{ListState, ReadUntil, RowList, read_rows};
use super::retrying_stream::{RetryingStream, RowSource};
use crate::http::{Expected, Failure, List, Request, Requester};
use crate::js::rows::JOBS;
use rows::json::Value;
use rows::seen::Seen;
use scheduler_core::endpoints::{self, ALL_JOBS, Query};
use scheduler_core::list_plan::Admission;

/// Returns up to `limit` jobs following the first `skip`.
pub async fn list_jobs(requester: Requester, limit: Option<u64>, skip: Option<u64>) -> Result<RowList, Failure> {
    let (rows, reader) = stream(requester, limit, skip).all_rows().await?;
    // An empty list can lack its counts.
    let (total_rows, offset) = reader.counts.unwrap_or((u64::from(rows.length()), 0));
    Ok(RowList { rows, total_rows, offset })
}

/// Returns all jobs in the order of their ids.
pub fn jobs(requester: Requester) -> RetryingStream<JobsReader> {
    stream(requester, None, None)
}

fn stream(requester: Requester, limit: Option<u64>, skip: Option<u64>) -> RetryingStream<JobsReader> {
    let request = match (limit, skip) {
        (None, None | Some(0)) => all_jobs_request(),
        _ => jobs_request(limit.unwrap_or(ALL_JOBS), skip),
    };
    let reader = JobsReader { requester: requester.clone(), request, list: None, seen: Seen::default(), counts: None };
    RetryingStream::new(reader, requester)
}

/// `GET /_scheduler/jobs` for all jobs.
pub fn all_jobs_request() -> Request {
    jobs_request(ALL_JOBS, None).expecting(Expected::AllRows)
}

fn jobs_request(limit: u64, skip: Option<u64>) -> Request {
    Request::get(endpoints::jobs(&Query::default().with_number("limit", Some(limit)).with_number("skip", skip)))
}

/// Reads jobs. The server takes its list at one moment, so one response has each job once.
pub struct JobsReader {
    requester: Requester,
    request: Request,
    list: Option<List>,
    seen: Seen,
    /// `total_rows` and `offset` of the response
    counts: Option<(u64, u64)>,
}

impl RowSource for JobsReader {
    /// The list has no order to continue in: it is read from its beginning.
    type Position = ();

    fn position(&self) {}

    fn go_back_to(&mut self, _beginning: ()) {
        self.list = None;
        self.seen = Seen::default();
    }

    fn is_paged(&self) -> bool {
        false
    }

    fn continues(&self) -> bool {
        false
    }

    async fn read(&mut self, rows: &Array, until: ReadUntil) -> Result<bool, Failure> {
        let list = match &mut self.list {
            Some(list) => list,
            None => self.list.insert(self.requester.list(&self.request).await?),
        };
        let seen = &mut self.seen;
        let mut admit = |row: Value| Ok(if seen.insert_job(row)? { Admission::Keep } else { Admission::Skip });
        let state = read_rows(list, rows, &JOBS, until, &mut admit).await?;
        let envelope = list.envelope();
        self.counts = envelope.total_rows.zip(envelope.offset);
        Ok(state == ListState::Open)
    }
}
