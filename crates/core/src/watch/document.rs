//! One watched document: its last known row, and whether the caller has it.

use std::time::Duration;

use super::change::Change;
use super::row::{JsonRow, are_equal_rows, state};
use rows::json::Malformed;
use rows::state::State;

/// A document that is missing from the lists is removed after this time, unless something shows
/// earlier that it was deleted. A server does not know its running replications for about 5 s after
/// a restart; a cluster does not know those of a node that went down until another one takes them over,
/// for up to 30 s.
pub const GRACE_PERIOD: Duration = Duration::from_secs(45);

/// The row that the caller has.
enum Reported {
    /// The same as the table.
    Current,
    /// An earlier one, or none.
    Earlier(Option<JsonRow>),
}

/// A watched document.
pub struct Document {
    /// Its id.
    pub id: Box<str>,
    row: Option<JsonRow>,
    state: Option<State>,
    reported: Reported,
    /// Hash of the fields of its job that change with the state; `None` without a job.
    job: Option<u64>,
    /// The last reading in which its job was.
    job_read: u32,
    /// The last reading in which it was listed.
    list_read: u32,
    /// Something has happened to it that its row does not show yet.
    stale: bool,
    /// Since when the server has no row for it, although it had one.
    missing_since: Option<Duration>,
}

impl Document {
    /// Creates a document of which only the id is known.
    pub fn new(id: &str) -> Document {
        Document {
            id: id.into(),
            row: None,
            state: None,
            reported: Reported::Current,
            job: None,
            job_read: 0,
            list_read: 0,
            stale: true,
            missing_since: None,
        }
    }

    /// The last known row.
    pub fn row(&self) -> Option<&[u8]> {
        self.row.as_deref()
    }

    /// The state in the last known row.
    pub fn state(&self) -> Option<State> {
        self.state
    }

    /// Whether its row implies a job.
    pub fn has_job(&self) -> bool {
        self.state.is_some_and(State::has_job)
    }

    /// Whether its row is out of date for a reason that only a lookup can settle.
    pub fn is_stale(&self) -> bool {
        self.stale
    }

    /// Whether the server has no row for it any more.
    pub fn is_missing(&self) -> bool {
        self.missing_since.is_some()
    }

    /// Whether its row may be outdated, so that the document has to be looked up.
    pub fn needs_lookup(&self) -> bool {
        let shows_elsewhere = self.has_job() || self.state.is_some_and(State::is_terminal);
        self.stale || self.is_missing() || !shows_elsewhere
    }

    /// Whether it was in the list of `reading`.
    pub fn is_listed_in(&self, reading: u32) -> bool {
        self.list_read == reading
    }

    /// Marks it as listed in `reading`; returns whether it was not yet.
    pub fn mark_listed(&mut self, reading: u32) -> bool {
        std::mem::replace(&mut self.list_read, reading) != reading
    }

    /// Applies the mark of its job, read in `reading`. Returns whether the job is still in the same
    /// state, so that the row is up to date except for its counters.
    pub fn update_job(&mut self, mark: u64, reading: u32) -> bool {
        let seen_before = std::mem::replace(&mut self.job_read, reading) == reading;
        // After an edit, a document can have two jobs for a moment. Only its row shows which of
        // them counts.
        let is_same = !seen_before && self.job.replace(mark) == Some(mark) && self.has_job();
        self.stale |= !is_same;
        is_same
    }

    /// Marks the job as gone, unless it was in `reading`.
    pub fn end_jobs(&mut self, reading: u32) {
        if self.job_read != reading {
            self.job = None;
            self.stale |= self.has_job();
        }
    }

    /// Applies a row that the server has just sent.
    pub fn update(&mut self, row: &[u8]) -> Result<(), Malformed> {
        self.state = state(row)?;
        self.mark_fresh();
        if !self.row().is_some_and(|known| are_equal_rows(known, row)) {
            self.replace(row.into());
        }
        Ok(())
    }

    /// Marks its row as up to date.
    pub fn mark_fresh(&mut self) {
        (self.stale, self.missing_since) = (false, None);
    }

    /// Marks its row as outdated.
    pub fn mark_stale(&mut self) {
        self.stale = true;
    }

    /// Marks it as missing. Its row is kept for [`GRACE_PERIOD`], since the document may come back.
    pub fn mark_missing(&mut self, now: Duration) {
        if self.row.is_some() {
            self.missing_since.get_or_insert(now);
        }
    }

    /// Replaces its row by one of the same state.
    pub fn replace(&mut self, row: JsonRow) {
        let before = self.row.replace(row);
        self.keep_reported(before);
    }

    /// Removes its row: the document does not exist any more.
    pub fn remove(&mut self) {
        if let Some(before) = self.row.take() {
            self.keep_reported(Some(before));
        }
        (self.state, self.job, self.stale, self.missing_since) = (None, None, false, None);
    }

    fn keep_reported(&mut self, before: Option<JsonRow>) {
        if let Reported::Current = self.reported {
            self.reported = Reported::Earlier(before);
        }
    }

    /// Removes it if it has been missing for [`GRACE_PERIOD`].
    pub fn expire(&mut self, now: Duration) {
        if self.missing_since.is_some_and(|since| now.saturating_sub(since) >= GRACE_PERIOD) {
            self.remove();
            // It still exists and can get a state again, so it is still looked up.
            self.stale = true;
        }
    }

    /// Passes its change to `report`, if there is one, and marks it as reported. Rows that are not
    /// `watched` count as missing.
    pub fn report<E>(
        &mut self,
        watched: impl Fn(&&[u8]) -> bool,
        report: impl FnOnce(Change) -> Result<(), E>,
    ) -> Result<(), E> {
        let Reported::Earlier(before) = std::mem::replace(&mut self.reported, Reported::Current) else { return Ok(()) };
        match (self.row().filter(&watched), before.as_deref().filter(&watched)) {
            (Some(row), None) => report(Change::Added(row)),
            (Some(row), Some(before)) if !are_equal_rows(row, before) => report(Change::Changed(row, before)),
            (None, Some(before)) => report(Change::Removed(before)),
            _ => Ok(()),
        }
    }
}
