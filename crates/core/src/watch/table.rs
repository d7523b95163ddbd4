//! The last known row of every document, and the changes not yet reported.

use std::time::Duration;

use super::change::Change;
use super::document::Document;
use super::lookups::{Lookup, plan};
use super::row::{JsonRow, has_no_state, state, with_info};
use rows::doc::doc_id;
use rows::json::{Fields, Malformed, Value, are_equal, fits, string, value_in};
use rows::seen::hash;
use rows::state::State;

/// Maximum number of documents that are looked up at once because they are missing from a list. If
/// more are missing, the server was restarted, and most of them will come back.
const MAX_MISSING_LOOKUPS: usize = 16;

/// The fields of a job that are read.
const JOB_FIELDS: [&str; 8] = ["doc_id", "database", "id", "pid", "node", "start_time", "history", "info"];

/// The fields of a job that change with its state. The row of its document follows from these and
/// from `info`.
const JOB_MARKS: [&str; 5] = ["id", "pid", "node", "start_time", "history"];

/// The fields of a row of `_changes` that are read.
const CHANGE_FIELDS: [&str; 2] = ["id", "deleted"];

/// The watched documents.
pub struct Table {
    database: String,
    /// In the order of their ids.
    documents: Vec<Document>,
    /// Only these documents are watched: they stay in the table whether they exist or not.
    chosen: bool,
    /// `database` as rows have it, which on Cloudant starts with the name of the account.
    name_in_rows: Option<JsonRow>,
    /// Number of documents in the last complete list, whether they are watched or not.
    listed: usize,
    /// Counts the readings of jobs and lists, to know which documents the current one has.
    reading: u32,
    /// Index in `documents` of the next row of the list, which has the same order.
    expected: usize,
    /// Number of different rows in the list that is being read, or was read last.
    rows_read: u64,
}

impl Table {
    /// Creates a table of all documents of `database`, or of those in `chosen`.
    pub fn new(database: String, chosen: Option<Vec<String>>) -> Table {
        let mut table = Table {
            database,
            documents: Vec::new(),
            chosen: false,
            name_in_rows: None,
            listed: 0,
            reading: 0,
            expected: 0,
            rows_read: 0,
        };
        for id in chosen.iter().flatten() {
            // Inserts each in its place: sorting would add 2 kB of wasm.
            table.find(id);
        }
        table.chosen = chosen.is_some();
        table
    }

    /// Number of chosen documents; `None` if all are watched.
    pub fn chosen_count(&self) -> Option<usize> {
        self.chosen.then_some(self.documents.len())
    }

    /// Starts to read a list or the jobs, from the beginning.
    pub fn begin_reading(&mut self) {
        self.reading += 1;
        self.expected = 0;
        self.rows_read = 0;
    }

    /// Applies a row of a list.
    pub fn add_listed(&mut self, row: Value) -> Result<(), Malformed> {
        let reading = self.reading;
        // Nearly every row of nearly every list is the known one, and need not be parsed.
        if let Some(document) = self.documents.get_mut(self.expected)
            && document.row().is_some_and(|known| are_equal(known, row.bytes()))
        {
            self.expected += 1;
            self.rows_read += u64::from(document.mark_listed(reading));
            document.mark_fresh();
            return Ok(());
        }
        let id = doc_id(row)?;
        let row = row.bytes();
        self.make_room(row.len())?;
        self.learn_name(row)?;
        let Some(at) = self.find(&id) else { return Ok(()) };
        self.expected = at + 1;
        let Some(document) = self.documents.get_mut(at) else { return Ok(()) };
        self.rows_read += u64::from(document.mark_listed(reading));
        document.update(row)
    }

    /// Ends the list of the ids in `range`, or of all, which has `total` documents. `by_lists`: each tick reads a list.
    pub fn end_list(&mut self, range: Option<(&str, &str)>, total: Option<u64>, by_lists: bool, now: Duration) {
        if range.is_none() {
            self.listed = total.map_or(self.documents.len(), |total| total as usize);
        }
        // The total counts every document of the database. If each of them has a row, other documents do not exist any more, or not
        // yet: in a cluster, the list can be that of a node which was down, and receives only now what was written meanwhile. The next
        // list shows it. Without one, `_changes` has the documents that were deleted.
        let is_complete = by_lists && range.is_none() && !self.chosen && total == Some(self.rows_read);
        for document in &mut self.documents {
            let within = range.is_none_or(|(first, last)| (first..=last).contains(&&*document.id));
            if within && !document.is_listed_in(self.reading) {
                if is_complete {
                    document.remove();
                } else {
                    document.mark_missing(now);
                }
            }
        }
    }

    /// Applies the response for one document; `None` if it does not exist.
    pub fn update(&mut self, id: &str, row: Option<&[u8]>, now: Duration) -> Result<(), Malformed> {
        if let Some(row) = row {
            self.learn_name(row)?;
        }
        let Some(document) = self.document(id) else { return Ok(()) };
        match row {
            None => document.remove(),
            Some(row) if has_no_state(row)? => document.mark_missing(now),
            Some(row) => document.update(row)?,
        }
        Ok(())
    }

    /// Applies a job.
    pub fn add_job(&mut self, job: Value) -> Result<(), Malformed> {
        let fields = Fields::known(job, &JOB_FIELDS)?;
        let (Some(id), Some(database)) = (fields.get("doc_id").and_then(string), fields.get("database")) else {
            return Ok(());
        };
        let same_database = match &self.name_in_rows {
            Some(name) => **name == *database,
            None => string(database).as_deref() == Some(self.database.as_str()),
        };
        if !same_database {
            return Ok(());
        }
        self.make_room(job.bytes().len())?;
        let reading = self.reading;
        let mark = JOB_MARKS.iter().fold(0, |sum, key| hash(sum, fields.get(key).unwrap_or_default()));
        let Some(document) = self.document(&id) else { return Ok(()) };
        if document.update_job(mark, reading)
            && document.state() != Some(State::Crashing)
            && let (Some(row), Some(info)) = (document.row(), fields.get("info"))
            && let Some(changed) = with_info(row, info)?
        {
            document.replace(changed.into());
        }
        Ok(())
    }

    /// Ends the jobs. Documents whose row implies a job, but which have none, have to be looked up.
    pub fn end_jobs(&mut self) {
        for document in &mut self.documents {
            document.end_jobs(self.reading);
        }
    }

    /// Applies a row of `_changes`.
    pub fn add_change(&mut self, change: Value) -> Result<(), Malformed> {
        let fields = Fields::known(change, &CHANGE_FIELDS)?;
        let id = fields.get("id").and_then(string).ok_or(Malformed)?;
        self.make_room(id.len())?;
        if id.starts_with("_design/") {
            return Ok(());
        }
        let deleted = fields.get("deleted") == Some(b"true");
        if let Some(document) = self.document(&id) {
            if deleted {
                document.remove();
            } else {
                document.mark_stale();
            }
        }
        Ok(())
    }

    /// Plans the lookups that bring the table up to date.
    pub fn pending_lookups(&self) -> Vec<Lookup> {
        let others = if self.chosen { self.listed.saturating_sub(self.documents.len()) } else { 0 };
        plan(self.documents.iter().map(|document| (&*document.id, document.needs_lookup())), others)
    }

    /// Returns a lookup for each watched document.
    pub fn single_lookups(&self) -> Vec<Lookup> {
        self.documents.iter().map(|document| Lookup::One(document.id.clone().into())).collect()
    }

    /// Returns the ids of documents that are missing from the list, up to [`MAX_MISSING_LOOKUPS`].
    /// Only a lookup shows whether they were deleted.
    pub fn missing(&self) -> Vec<String> {
        let missing = self.documents.iter().filter(|document| document.is_missing());
        missing.take(MAX_MISSING_LOOKUPS).map(|document| document.id.clone().into()).collect()
    }

    /// Returns the number of documents that it knows, also of those without a row.
    pub fn document_count(&self) -> usize {
        self.documents.len()
    }

    /// Passes the changes that the caller does not know to `report`, in the order of the ids, for
    /// `count` documents from index `first` on. Rows in other states than `states` count as missing.
    pub fn report<E>(
        &mut self,
        first: usize,
        count: usize,
        states: Option<&[State]>,
        now: Duration,
        mut report: impl FnMut(Change) -> Result<(), E>,
    ) -> Result<(), E> {
        let watched =
            |row: &&[u8]| states.is_none_or(|states| matches!(state(row), Ok(Some(state)) if states.contains(&state)));
        for document in self.documents.iter_mut().skip(first).take(count) {
            document.expire(now);
            document.report(watched, &mut report)?;
        }
        Ok(())
    }

    /// Ends a tick, of which all documents were reported, and forgets those that are gone.
    ///
    /// If each tick reads the list (`by_lists`), documents that are missing from it are forgotten:
    /// they come back with it.
    pub fn end_report(&mut self, by_lists: bool) {
        if !self.chosen {
            self.documents.retain(|document| document.row().is_some() || document.is_stale() && !by_lists);
        }
    }

    /// Fails if there is no memory for another document: running out of it later would end the
    /// program.
    fn make_room(&mut self, row: usize) -> Result<(), Malformed> {
        let has_room = self.documents.try_reserve(1).is_ok() && fits(row + size_of::<Document>());
        if has_room { Ok(()) } else { Err(Malformed) }
    }

    fn learn_name(&mut self, row: &[u8]) -> Result<(), Malformed> {
        if self.name_in_rows.is_none() {
            self.name_in_rows = value_in(row, "database")?.map(JsonRow::from);
        }
        Ok(())
    }

    fn document(&mut self, id: &str) -> Option<&mut Document> {
        let at = self.find(id)?;
        self.documents.get_mut(at)
    }

    /// Returns the index of the document `id`, which is created if necessary; `None` if it is not
    /// watched.
    fn find(&mut self, id: &str) -> Option<usize> {
        match self.documents.binary_search_by(|document| (*document.id).cmp(id)) {
            Ok(at) => Some(at),
            Err(_) if self.chosen => None,
            Err(at) => {
                self.documents.insert(at, Document::new(id));
                Some(at)
            }
        }
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;
