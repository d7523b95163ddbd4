//! `watch()`: what changed, tick by tick.

use std::borrow::Cow;

use js_sys::{Array, Math};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::get_doc::doc_request;
use crate::http::{Code, Failure, Fault, Request, Requester};
use crate::js::clock::{duration, now};
use crate::js::event_loop::next_task;
use crate::js::rows::{Batch, CHANGES};
use rows::doc::put_doc;
use rows::json::{Elements, Fields, Indexed, Malformed, Value, string};
use rows::state::State;
use scheduler_core::endpoints::{self, ALL_JOBS, Query};
use scheduler_core::watch::{Ask, Change, Table};

/// Default time between two ticks, in milliseconds.
pub const INTERVAL: f64 = 5000.0;

/// As many documents are asked for one by one at each tick, and nothing else: that is cheaper than jobs and `_changes`.
const FEW: usize = 8;

/// Milliseconds after which everything is listed again, whatever jobs and `_changes` said.
const FULL_LIST: f64 = 300_000.0;

/// Of the time, a list may take this part at most: a server is not to be busy with being watched.
const SHARE_OF_LISTS: f64 = 0.1;

/// The same for the lists that are there to make sure only.
const SHARE_OF_FULL_LISTS: f64 = 0.01;

/// Documents that dropped out of a list and are asked for at once. If there are more, the server was restarted.
const MISSING_AT_ONCE: usize = 16;

/// Milliseconds between ticks at most while the server cannot be reached, unless the interval is longer.
const LONGEST_WAIT: f64 = 30_000.0;

/// What to watch.
pub struct Wanted {
    /// The replicator database
    pub database: String,
    /// Documents in these states only
    pub states: Option<Vec<State>>,
    /// These documents only
    pub doc_ids: Option<Vec<String>>,
    /// Milliseconds between ticks
    pub interval: f64,
    /// In a page: no tick while it cannot be seen
    pub pause_when_hidden: bool,
}

/// Watches the documents of a replicator database. Dropping it ends the request under way.
pub struct Watcher {
    requester: Requester,
    wanted: Wanted,
    table: Table,
    way: Way,
    /// When the next tick is due, and how long that is at most, should the clock be set back; the first one is at once.
    due: Option<(f64, f64)>,
    begun: bool,
    /// Ticks in a row that came to nothing.
    failed: i32,
    /// When the last whole list began, and how long it took.
    listed_at: f64,
    list_took: f64,
}

/// How it is found out what changed.
enum Way {
    /// Each document is asked for.
    Each,
    /// By jobs and `_changes`, from where in the latter; `None` before the first tick.
    Changes(Option<String>),
    /// By lists: jobs or `_changes` were refused at this time. They may be allowed later.
    Lists(f64),
}

impl Watcher {
    /// Nothing is sent yet.
    pub fn new(requester: Requester, mut wanted: Wanted) -> Watcher {
        let table = Table::new(wanted.database.clone(), wanted.doc_ids.take());
        Watcher {
            requester,
            wanted,
            way: if table.has_few(FEW) { Way::Each } else { Way::Changes(None) },
            table,
            due: None,
            begun: false,
            failed: 0,
            listed_at: f64::NEG_INFINITY,
            list_took: 0.0,
        }
    }

    /// What changed since the last time, once the next tick has found out; nothing, if nothing changed. Passing faults make a tick late,
    /// but only before the first one do they end the watch.
    pub async fn next_changes(&mut self) -> Result<Array, Failure> {
        loop {
            if let Some((due, longest)) = self.due {
                let wait = (due - now()).min(longest).max(0.0);
                self.requester.sleep(duration(wait), self.wanted.pause_when_hidden).await?;
            }
            let began = now();
            match self.tick().await {
                Ok(needed_a_list) => {
                    (self.begun, self.failed) = (true, 0);
                    let rested = if needed_a_list { self.listed_at + self.list_took / SHARE_OF_LISTS } else { began };
                    self.is_due_at((began + self.interval()).max(rested));
                    return self.tell().await;
                }
                Err(Failure::Fault(fault)) if self.begun && fault.may_pass() => {
                    self.failed = (self.failed + 1).min(10);
                    let longest = LONGEST_WAIT.max(self.wanted.interval);
                    let wait = (self.interval() * 2f64.powi(self.failed - 1)).min(longest);
                    self.is_due_at(now() + wait.max(fault.retry_after.unwrap_or(0.0) * 1000.0));
                }
                Err(failure) => return Err(failure),
            }
        }
    }

    fn is_due_at(&mut self, due: f64) {
        self.due = Some((due, (due - now()).max(0.0)));
    }

    /// The interval, a tenth more or less: many pages that were opened together do not ask together.
    fn interval(&self) -> f64 {
        self.wanted.interval * (0.9 + 0.2 * Math::random())
    }

    /// Asks what can have changed. Returns whether that took a whole list, as it will the next time.
    async fn tick(&mut self) -> Result<bool, Failure> {
        if matches!(self.way, Way::Each) {
            let each = self.table.each();
            return self.ask(each).await;
        }
        let now = now();
        if matches!(self.way, Way::Lists(since) if now >= since + FULL_LIST) {
            self.way = Way::Changes(None);
        }
        // Where the changes begin only now, what was before them is in the list.
        let begins = matches!(self.way, Way::Changes(None));
        if matches!(self.way, Way::Changes(_)) {
            match self.look_for_changes().await {
                Ok(()) => {}
                Err(Failure::Fault(fault)) if is_refusal(&fault) => self.way = Way::Lists(now),
                Err(failure) => return Err(failure),
            }
        }
        let full_list = self.listed_at + FULL_LIST.max(self.list_took / SHARE_OF_FULL_LISTS);
        let is_due = begins || now >= full_list;
        let only_lists = matches!(self.way, Way::Lists(_));
        let asks = if only_lists || is_due { vec![Ask::Everything] } else { self.table.asks() };
        Ok(self.ask(asks).await? && (only_lists || !is_due))
    }

    /// Jobs first, then `_changes`: a replication that ends between the two is found by one of them.
    async fn look_for_changes(&mut self) -> Result<(), Failure> {
        let Way::Changes(Some(since)) = &self.way else {
            // From before the first list on, so that nothing is missed in between.
            let since = self.read_changes("now").await?;
            self.read_jobs().await?;
            self.way = Way::Changes(Some(since));
            return Ok(());
        };
        let since = since.clone();
        self.read_jobs().await?;
        self.way = Way::Changes(Some(self.read_changes(&since).await?));
        Ok(())
    }

    /// `GET /{db}/_changes`: marks what was written since then. Returns from where to go on.
    async fn read_changes(&mut self, since: &str) -> Result<String, Failure> {
        let path = endpoints::changes(&self.wanted.database, &Query::default().with("since", Some(since)));
        let (answer, body) = self.requester.object(&Request::get(path)).await?;
        let mut read = || {
            let answer = Indexed::of(&answer)?;
            let fields = Fields::known(answer.value(), &ANSWER)?;
            for change in Elements::of(fields.nested(0).ok_or(Malformed)?) {
                self.table.changed(change?)?;
            }
            let last = fields.value(1).ok_or(Malformed)?;
            // Older servers number their changes.
            let last = string(last).or_else(|| std::str::from_utf8(last).ok().map(Cow::Borrowed)).ok_or(Malformed)?;
            Ok(last.into_owned())
        };
        read().map_err(|Malformed| {
            body.fault(Code::InvalidResponse, "the answer is not a list of changes", JsValue::UNDEFINED)
        })
    }

    async fn read_jobs(&mut self) -> Result<(), Failure> {
        let query = Query::default().with_number("limit", Some(ALL_JOBS));
        self.read_list(&Request::get(endpoints::jobs(&query)), Table::job).await?;
        self.table.jobs_ended();
        Ok(())
    }

    /// Asks for documents. Returns whether all were listed.
    async fn ask(&mut self, asks: Vec<Ask>) -> Result<bool, Failure> {
        let mut listed = false;
        for ask in asks {
            match ask {
                Ask::One(id) => self.ask_one(&id).await?,
                Ask::Range(first, last) => self.read_docs(Some((&first, &last))).await?,
                Ask::Everything => {
                    let began = now();
                    self.read_docs(None).await?;
                    (self.listed_at, self.list_took, listed) = (began, now() - began, true);
                    for missing in self.table.missing(MISSING_AT_ONCE) {
                        self.ask_one(&missing).await?;
                    }
                }
            }
        }
        Ok(listed)
    }

    async fn read_docs(&mut self, range: Option<(&str, &str)>) -> Result<(), Failure> {
        let (first, last) = range.unzip();
        let query = Query::default().with_json("startkey", first).with_json("endkey", last);
        let path = endpoints::docs(&self.wanted.database, &query);
        let total = self.read_list(&Request::get(path), Table::listed).await?;
        self.table.list_ended(range, total, now());
        Ok(())
    }

    async fn ask_one(&mut self, id: &str) -> Result<(), Failure> {
        let request = doc_request(&self.wanted.database, id.to_owned());
        let now = now();
        match self.requester.object(&request).await {
            Ok((row, body)) => self.table.answered(id, Some(&row), now).map_err(|Malformed| {
                body.fault(Code::InvalidResponse, "a row is not correct JSON", JsValue::UNDEFINED)
            }),
            Err(Failure::Fault(fault)) if fault.is_missing_document() => {
                self.table.answered(id, None, now).map_err(|Malformed| Failure::Fault(fault))
            }
            Err(failure) => Err(failure),
        }
    }

    /// Puts each row of the list that answers `request` into the table. After a passing fault it is read again from its beginning.
    /// Returns its `total_rows`.
    async fn read_list(
        &mut self,
        request: &Request,
        put: fn(&mut Table, Value) -> Result<(), Malformed>,
    ) -> Result<Option<u64>, Failure> {
        let mut retry = self.requester.retry();
        loop {
            self.table.begin_reading();
            match self.read_list_once(request, put).await {
                Ok(total) => return Ok(total),
                Err(failure) => retry.after(failure).await?,
            }
        }
    }

    async fn read_list_once(
        &mut self,
        request: &Request,
        put: fn(&mut Table, Value) -> Result<(), Malformed>,
    ) -> Result<Option<u64>, Failure> {
        let mut list = self.requester.list(request).await?;
        let mut more = true;
        while more {
            more = list.more().await?;
            while let Some(row) = list.row()? {
                if put(&mut self.table, row).is_err() {
                    return Err(list.malformed_row(1, JsValue::UNDEFINED));
                }
            }
        }
        Ok(list.envelope().total_rows)
    }

    /// What the consumer does not know yet, as objects. The first batch can be long: others have their turn meanwhile.
    async fn tell(&mut self) -> Result<Array, Failure> {
        let mut pieces: Vec<Batch> = Vec::new();
        let only_lists = matches!(self.way, Way::Lists(_));
        let written = self.table.tell(self.wanted.states.as_deref(), only_lists, now(), |change| {
            if pieces.last().is_none_or(Batch::is_full) {
                pieces.push(Batch::of(&CHANGES));
            }
            let Some(piece) = pieces.last_mut() else { return Ok(()) };
            piece.put_with(|values| put_change(&change, values))
        });
        let not_json = |cause| {
            let path = endpoints::docs(&self.wanted.database, &Query::default());
            let message = "a row is not correct JSON";
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

/// What is read of an answer of `_changes`.
const ANSWER: [&str; 2] = ["results", "last_seq"];

/// The values of a change as `watch()` gives it out: its type, then those of its rows.
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

/// Whether a server lets nobody, or not this user, ask for it, although lists may be allowed.
fn is_refusal(fault: &Fault) -> bool {
    matches!(fault.code, Code::Forbidden | Code::NotFound | Code::BadRequest)
}
