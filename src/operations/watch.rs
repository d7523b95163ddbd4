//! `watch()`: requests what can have changed, tick by tick, and builds the changes.
//!
//! Which requests a tick needs, and when the next one is due, is decided in
//! `scheduler_core::watch`.

use std::borrow::Cow;
use std::time::Duration;

use js_sys::{Array, Math};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::get_doc::doc_request;
use crate::http::{Code, Failure, Fault, Request, Requester};
use crate::js::clock::{self, duration};
use crate::js::event_loop::next_task;
use crate::js::rows::{Batch, CHANGES};
use rows::doc::put_doc;
use rows::json::{Elements, Fields, Indexed, Malformed, Value, string};
use rows::state::State;
use scheduler_core::endpoints::{self, ALL_JOBS, Query};
use scheduler_core::watch::{Change, Lookup, Schedule, Table, Tick};

/// Default time between two ticks.
pub const INTERVAL: Duration = Duration::from_secs(5);

/// What is watched, and how.
pub struct WatchPlan {
    /// The replicator database
    pub database: String,
    /// Reports documents in these states only
    pub states: Option<Vec<State>>,
    /// Watches these documents only
    pub doc_ids: Option<Vec<String>>,
    /// Time between ticks
    pub interval: Duration,
    /// In a page: makes no tick while it is hidden
    pub pause_when_hidden: bool,
}

/// Watches the documents of a replicator database. Dropping it aborts its request.
pub struct Watcher {
    requester: Requester,
    plan: WatchPlan,
    table: Table,
    schedule: Schedule,
}

impl Watcher {
    /// Sends nothing yet.
    pub fn new(requester: Requester, mut plan: WatchPlan) -> Watcher {
        let table = Table::new(plan.database.clone(), plan.doc_ids.take());
        let schedule = Schedule::new(plan.interval, table.chosen_count());
        Watcher { requester, plan, table, schedule }
    }

    /// Waits for the next tick and returns the changes that it finds, which can be none. Transient
    /// errors delay the tick; those of the first tick end the watch.
    pub async fn next_changes(&mut self) -> Result<Array, Failure> {
        loop {
            if let Some(wait) = self.schedule.wait(now()) {
                self.requester.sleep(wait, self.plan.pause_when_hidden).await?;
            }
            match self.tick().await {
                Ok(()) => {
                    self.schedule.tick_succeeded(now(), Math::random());
                    return self.report().await;
                }
                Err(Failure::Fault(fault)) if self.schedule.has_begun() && fault.is_transient_or_timeout() => {
                    self.schedule.tick_failed(now(), Math::random(), fault.retry_after.unwrap_or_default());
                }
                Err(failure) => return Err(failure),
            }
        }
    }

    /// Requests what can have changed.
    async fn tick(&mut self) -> Result<(), Failure> {
        match self.schedule.begin_tick(now()) {
            Tick::Single => {
                let lookups = self.table.single_lookups();
                return self.look_up(lookups).await;
            }
            Tick::Changes(since) => match self.read_jobs_and_changes(since.as_deref()).await {
                Ok(last_sequence) => self.schedule.changes_read(last_sequence),
                Err(Failure::Fault(fault)) if is_refusal(&fault) => self.schedule.changes_refused(),
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
        let path = endpoints::changes(&self.plan.database, &Query::default().with("since", Some(since)));
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
        let query = Query::default().with_number("limit", Some(ALL_JOBS));
        self.read_list(&Request::get(endpoints::jobs(&query)), Table::add_job).await?;
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
        let path = endpoints::docs(&self.plan.database, &query);
        let total = self.read_list(&Request::get(path), Table::add_listed).await?;
        self.table.end_list(range, total, now());
        Ok(())
    }

    async fn read_doc(&mut self, id: &str) -> Result<(), Failure> {
        let request = doc_request(&self.plan.database, id.to_owned());
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

    /// Passes each row of the list to `add`. After a transient error, reads the list again from its
    /// beginning. Returns its `total_rows`.
    async fn read_list(
        &mut self,
        request: &Request,
        add: fn(&mut Table, Value) -> Result<(), Malformed>,
    ) -> Result<Option<u64>, Failure> {
        let mut retry = self.requester.retry();
        loop {
            self.table.begin_reading();
            match self.read_list_once(request, add).await {
                Ok(total) => return Ok(total),
                Err(failure) => retry.after(failure).await?,
            }
        }
    }

    async fn read_list_once(
        &mut self,
        request: &Request,
        add: fn(&mut Table, Value) -> Result<(), Malformed>,
    ) -> Result<Option<u64>, Failure> {
        let mut list = self.requester.list(request).await?;
        let mut more = true;
        while more {
            more = list.more().await?;
            while let Some(row) = list.row()? {
                if add(&mut self.table, row).is_err() {
                    return Err(list.malformed_row(1, JsValue::UNDEFINED));
                }
            }
        }
        Ok(list.envelope().total_rows)
    }

    /// Builds the changes that the caller does not know yet. The first batch can be long, so it
    /// yields to the event loop in between.
    async fn report(&mut self) -> Result<Array, Failure> {
        let mut pieces: Vec<Batch> = Vec::new();
        let by_lists = self.schedule.is_by_lists();
        let written = self.table.report(self.plan.states.as_deref(), by_lists, now(), |change| {
            if pieces.last().is_none_or(Batch::is_full) {
                pieces.push(Batch::of(&CHANGES));
            }
            let Some(piece) = pieces.last_mut() else { return Ok(()) };
            piece.put_with(|values| put_change(&change, values))
        });
        let not_json = |cause| {
            let path = endpoints::docs(&self.plan.database, &Query::default());
            let message = "a row is not valid JSON";
            self.requester.fault(&Request::get(path), Code::InvalidResponse, message, cause)
        };
        written.map_err(|Malformed| not_json(JsValue::UNDEFINED))?;
        let changes = Array::new();
        let several = pieces.len() > 1;
        for piece in pieces {
            piece.add_to(&changes).map_err(|(_, error)| not_json(error))?;
            if several && let Ok(task) = next_task() {
                let _ = JsFuture::from(task).await;
            }
        }
        Ok(changes)
    }
}

/// The fields of a response of `_changes` that are read.
const CHANGES_FIELDS: [&str; 2] = ["results", "last_seq"];

/// Writes the values of a change in the order that rows.js expects: its type, then those of its
/// rows.
fn put_change(change: &Change, values: &mut Vec<u8>) -> Result<(), Malformed> {
    let (kind, row, previous) = match *change {
        Change::Added(doc) => ("\"added\",", doc, None),
        Change::Changed(doc, previous) => ("\"changed\",", doc, Some(previous)),
        Change::Removed(previous) => ("\"removed\",", previous, None),
    };
    values.extend_from_slice(kind.as_bytes());
    put_doc(Indexed::of(row)?.value(), values)?;
    match previous {
        Some(previous) => put_doc(Indexed::of(previous)?.value(), values),
        None => Ok(()),
    }
}

/// Whether the server, or this user's rights, do not allow the request. Lists may be allowed.
fn is_refusal(fault: &Fault) -> bool {
    matches!(fault.code, Code::Forbidden | Code::NotFound | Code::BadRequest)
}

/// The time of the clock for durations.
fn now() -> Duration {
    duration(clock::now())
}
