//! `watch()`: requests what can have changed, tick by tick, and builds the changes.
//!
//! Which requests a tick needs, and when the next one is due, is decided in
//! `scheduler_core::watch`.

use std::borrow::Cow;
use std::time::Duration;

use js_sys::Array;
use wasm_bindgen::prelude::*;

use super::changes::Changes;
use super::collect::{RowSink, read_list};
use super::get_doc::doc_request;
use super::list_docs::DocsFilter;
use super::list_jobs::all_jobs_request;
use super::ticks::{TickPlan, Ticks, now};
use crate::http::{Code, Failure, Fault, Request, Requester};
use crate::js::rows::CHANGES;
use rows::json::{Elements, Fields, Indexed, Malformed, Value, string};
use rows::state::State;
use scheduler_core::endpoints::{self, Query};
use scheduler_core::watch::{Lookup, Schedule, Table, Tick};

/// What is watched, and how.
pub struct WatchPlan {
    /// The replicator database; reports documents in these states only
    pub filter: DocsFilter,
    /// Watches these documents only
    pub doc_ids: Option<Vec<String>>,
    /// When it has ticks
    pub ticks: TickPlan,
}

/// Watches the documents of a replicator database. Dropping it aborts its request.
pub struct Watcher {
    requester: Requester,
    database: String,
    states: Option<Vec<State>>,
    ticks: Ticks,
    table: Table,
    schedule: Schedule,
}

impl Watcher {
    /// Sends nothing yet.
    pub fn new(requester: Requester, plan: WatchPlan) -> Watcher {
        let WatchPlan { filter: DocsFilter { database, states }, doc_ids, ticks } = plan;
        let table = Table::new(database.clone(), doc_ids);
        let schedule = Schedule::new(table.chosen_count());
        let ticks = Ticks::new(requester.clone(), ticks);
        Watcher { requester, database, states, ticks, table, schedule }
    }

    /// Waits for the next tick and returns the changes that it finds, which can be none.
    pub async fn next_changes(&mut self) -> Result<Array, JsValue> {
        loop {
            let began = self.ticks.next().await?;
            match self.tick(began).await {
                Ok(()) => {
                    self.ticks.succeeded(self.schedule.earliest_next());
                    return Ok(self.report().await?);
                }
                Err(failure) => self.ticks.failed(failure)?,
            }
        }
    }

    /// Requests what can have changed.
    async fn tick(&mut self, began: Duration) -> Result<(), Failure> {
        match self.schedule.begin_tick(began) {
            Tick::Single => {
                let lookups = self.table.single_lookups();
                return self.look_up(lookups).await;
            }
            Tick::Changes(since) => match self.read_jobs_and_changes(since.as_deref()).await {
                Ok(last_sequence) => self.schedule.changes_read(last_sequence, now()),
                Err(Failure::Fault(fault)) if is_unavailable(&fault) => self.schedule.changes_unavailable(),
                Err(failure) => return Err(failure),
            },
            Tick::List => {}
        }
        let lookups = if self.schedule.needs_list() { vec![Lookup::All] } else { self.table.pending_lookups() };
        self.look_up(lookups).await
    }

    /// Reads jobs and `_changes`; returns the last sequence of the latter.
    async fn read_jobs_and_changes(&mut self, since: Option<&str>) -> Result<String, Failure> {
        match since {
            // Jobs first: a replication that ends between the two requests is in one of them.
            Some(since) => {
                self.read_jobs().await?;
                self.read_changes(since).await
            }
            // The sequence first: it must be from before the list that follows.
            None => {
                let now = self.read_changes("now").await?;
                self.read_jobs().await?;
                Ok(now)
            }
        }
    }

    /// `GET /{db}/_changes`: marks the documents written since then; returns the last sequence.
    async fn read_changes(&mut self, since: &str) -> Result<String, Failure> {
        let path = endpoints::changes(&self.database, &Query::default().with("since", Some(since)));
        let (response, body) = self.requester.object(&Request::get(path)).await?;
        let mut read = || {
            let response = Indexed::of(&response)?;
            let fields = Fields::known(response.value(), &CHANGES_FIELDS)?;
            for change in Elements::of(fields.nested(0).ok_or(Malformed)?) {
                self.table.add_change(change?)?;
            }
            let last = fields.value(1).ok_or(Malformed)?;
            // Before 2.0, sequences are numbers.
            let last = string(last).or_else(|| std::str::from_utf8(last).ok().map(Cow::Borrowed)).ok_or(Malformed)?;
            Ok(last.into_owned())
        };
        read().map_err(|Malformed| {
            body.fault(Code::InvalidResponse, "the response is not a list of changes", JsValue::UNDEFINED)
        })
    }

    async fn read_jobs(&mut self) -> Result<(), Failure> {
        self.read_list(&all_jobs_request(), Table::add_job).await?;
        self.table.end_jobs();
        Ok(())
    }

    async fn look_up(&mut self, lookups: Vec<Lookup>) -> Result<(), Failure> {
        for lookup in lookups {
            match lookup {
                Lookup::One(id) => self.read_doc(&id).await?,
                Lookup::Range(first, last) => self.read_docs(Some((&first, &last))).await?,
                Lookup::All => {
                    let began = now();
                    self.read_docs(None).await?;
                    self.schedule.list_read(began, now());
                    for missing in self.table.missing() {
                        self.read_doc(&missing).await?;
                    }
                }
            }
        }
        Ok(())
    }

    async fn read_docs(&mut self, range: Option<(&str, &str)>) -> Result<(), Failure> {
        let (first, last) = range.unzip();
        let query = Query::default().with_json("startkey", first).with_json("endkey", last);
        let path = endpoints::docs(&self.database, &query);
        let total = self.read_list(&Request::get(path), Table::add_listed).await?;
        self.table.end_list(range, total, self.schedule.is_by_lists(), now());
        Ok(())
    }

    async fn read_doc(&mut self, id: &str) -> Result<(), Failure> {
        let request = doc_request(&self.database, id.to_owned());
        let now = now();
        match self.requester.object(&request).await {
            Ok((row, body)) => self
                .table
                .update(id, Some(&row), now)
                .map_err(|Malformed| body.fault(Code::InvalidResponse, "a row is not valid JSON", JsValue::UNDEFINED)),
            Err(Failure::Fault(fault)) if fault.is_missing_document() => {
                self.table.update(id, None, now).map_err(|Malformed| Failure::Fault(fault))
            }
            Err(failure) => Err(failure),
        }
    }

    /// Passes each row of the list to `add`. Returns its `total_rows`.
    async fn read_list(
        &mut self,
        request: &Request,
        add: fn(&mut Table, Value) -> Result<(), Malformed>,
    ) -> Result<Option<u64>, Failure> {
        read_list(&self.requester, request, &mut TableRows { table: &mut self.table, add }).await
    }

    /// Builds the changes that the caller does not know yet.
    async fn report(&mut self) -> Result<Array, Failure> {
        let path = endpoints::docs(&self.database, &Query::default());
        let mut changes = Changes::new(&CHANGES);
        let by_lists = self.schedule.is_by_lists();
        let (count, states, now) = (self.table.document_count(), self.states.as_deref(), now());
        let report = |first, count, changes: &mut Changes| {
            self.table.report(first, count, states, now, |change| changes.put(&change))
        };
        let written = changes.put_all(count, report).await;
        self.table.end_report(by_lists);
        changes.into_array(written, &self.requester, &Request::get(path)).await
    }
}

/// The rows of one kind of list.
struct TableRows<'a> {
    table: &'a mut Table,
    add: fn(&mut Table, Value) -> Result<(), Malformed>,
}

impl RowSink for TableRows<'_> {
    fn begin(&mut self) {
        self.table.begin_reading();
    }

    fn add(&mut self, row: Value) -> Result<(), Malformed> {
        (self.add)(self.table, row)
    }
}

/// HTTP status of a proxy that has waited for the server in vain.
const GATEWAY_TIMEOUT: u16 = 504;

/// The fields of a response of `_changes` that are read.
const CHANGES_FIELDS: [&str; 2] = ["results", "last_seq"];

/// Whether the server, or this user's rights, do not allow the request, or the server (or a proxy, with 504) takes too long for it:
/// CouchDB 3.5 needed half a minute for 15,000 jobs with their histories. Lists may work.
fn is_unavailable(fault: &Fault) -> bool {
    matches!(fault.code, Code::Forbidden | Code::NotFound | Code::BadRequest | Code::Timeout)
        || fault.status == Some(GATEWAY_TIMEOUT)
}
