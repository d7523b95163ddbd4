//! What the server said last about each document, and what of it has not been told yet.

use super::lookups::{Ask, plan};
use super::row::{has_no_state, says_the_same, state, with_info};
use rows::doc::doc_id;
use rows::json::{Fields, Malformed, Value, are_equal, fits, string, value_in};
use rows::seen::hash;
use rows::state::State;

/// Milliseconds a document may be in no list before it counts as removed, if nothing says that it was deleted. A server that was
/// restarted knows nothing of living replications for about 5 s.
const GRACE: f64 = 15_000.0;

/// What is read of a job.
const JOB: [&str; 8] = ["doc_id", "database", "id", "pid", "node", "start_time", "history", "info"];

/// What of a job changes with its state. A doc's row follows from these and from `info`.
const JOB_MARKS: [&str; 5] = ["id", "pid", "node", "start_time", "history"];

/// What is read of a row of `_changes`.
const CHANGE: [&str; 2] = ["id", "deleted"];

type Row = Box<[u8]>;

/// The documents that are watched.
pub struct Table {
    database: String,
    /// In the order of their ids.
    documents: Vec<Document>,
    /// Only these documents are watched: they stay in the table whether they exist or not.
    chosen: bool,
    /// `database` as rows have it: at Cloudant the name of the account comes before it.
    name_in_rows: Option<Row>,
    /// Documents there were in the last list, whether they are watched or not.
    listed: usize,
    /// Counts readings of jobs and lists, so that it is known who was in the last one.
    reading: u32,
    /// Where in `documents` the next row of the list is to be expected: lists are in the same order.
    expected: usize,
    /// Rows of the list that is being read, or was read last.
    rows_read: u64,
}

/// One document.
struct Document {
    id: Box<str>,
    /// As the server sent it last.
    row: Option<Row>,
    state: Option<State>,
    /// What the consumer has, where that is not `row`.
    told: Option<Option<Row>>,
    /// Of its job, where it has one: changes with the job's state.
    job: Option<u64>,
    /// The readings it was in last.
    job_read: u32,
    list_read: u32,
    /// Something has happened to it that its row does not tell yet.
    stale: bool,
    /// Since when the server has had no row for it, although it had one.
    missing_since: Option<f64>,
}

/// What the consumer does not know yet, in rows as the server sent them.
pub enum Change<'a> {
    /// It was not there, or not in the states that are watched.
    Added(&'a [u8]),
    /// Now and before
    Changed(&'a [u8], &'a [u8]),
    /// It is not there any more, or not in the states that are watched.
    Removed(&'a [u8]),
}

impl Table {
    /// Of all documents of `database`, or only those in `chosen`.
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
            // Each to its place: sorting would be 2 kB of wasm.
            table.find(id);
        }
        table.chosen = chosen.is_some();
        table
    }

    /// Whether these are at most `few` documents that were chosen.
    pub fn has_few(&self, few: usize) -> bool {
        self.chosen && self.documents.len() <= few
    }

    /// A list or the jobs will be read, from their beginning.
    pub fn begin_reading(&mut self) {
        self.reading += 1;
        self.expected = 0;
        self.rows_read = 0;
    }

    /// A row of a list.
    pub fn listed(&mut self, row: Value) -> Result<(), Malformed> {
        let reading = self.reading;
        // Nearly every row of nearly every list is as it was, and need not be looked into.
        if let Some(document) = self.documents.get_mut(self.expected)
            && document.row.as_deref().is_some_and(|known| are_equal(known, row.bytes()))
        {
            self.expected += 1;
            self.rows_read += u64::from(document.list_read != reading);
            document.list_read = reading;
            document.is_certain();
            return Ok(());
        }
        let id = doc_id(row)?;
        let row = row.bytes();
        self.make_room(row.len())?;
        self.learn_name(row)?;
        let Some(at) = self.find(&id) else { return Ok(()) };
        self.expected = at + 1;
        let Some(document) = self.documents.get_mut(at) else { return Ok(()) };
        self.rows_read += u64::from(document.list_read != reading);
        document.list_read = reading;
        document.update(row)
    }

    /// The list from `first` to `last` has been read, or all of it: `total` documents.
    pub fn list_ended(&mut self, range: Option<(&str, &str)>, total: Option<u64>, now: f64) {
        if range.is_none() {
            self.listed = total.map_or(self.documents.len(), |total| total as usize);
        }
        // The total counts every document of the database. Where each of them has a row, the others do not exist any more.
        let none_hidden = range.is_none() && !self.chosen && total == Some(self.rows_read);
        for document in &mut self.documents {
            let within = range.is_none_or(|(first, last)| (first..=last).contains(&&*document.id));
            if within && document.list_read != self.reading {
                if none_hidden {
                    document.remove();
                } else {
                    document.has_no_row(now);
                }
            }
        }
    }

    /// The answer of the one-document call; `None` for a document that does not exist.
    pub fn answered(&mut self, id: &str, row: Option<&[u8]>, now: f64) -> Result<(), Malformed> {
        if let Some(row) = row {
            self.learn_name(row)?;
        }
        let Some(document) = self.document(id) else { return Ok(()) };
        match row {
            None => document.remove(),
            Some(row) if has_no_state(row)? => document.has_no_row(now),
            Some(row) => document.update(row)?,
        }
        Ok(())
    }

    /// A row of the jobs.
    pub fn job(&mut self, job: Value) -> Result<(), Malformed> {
        let fields = Fields::known(job, &JOB)?;
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
        let marks = JOB_MARKS.iter().fold(0, |sum, key| hash(sum, fields.get(key).unwrap_or_default()));
        let Some(document) = self.document(&id) else { return Ok(()) };
        let seen_before = document.job_read == reading;
        document.job_read = reading;
        if seen_before || document.job.replace(marks) != Some(marks) || !document.is_live() {
            // Two jobs for one document, as for a moment after an edit: only its row tells which counts.
            document.stale = true;
        } else if let (Some(row), Some(info)) = (&document.row, fields.get("info"))
            && document.state != Some(State::Crashing)
            && let Some(changed) = with_info(row, info)?
        {
            document.replace(changed.into());
        }
        Ok(())
    }

    /// All jobs have been read. What lives by its row and has no job is asked for.
    pub fn jobs_ended(&mut self) {
        for document in &mut self.documents {
            if document.job_read != self.reading {
                document.job = None;
                document.stale |= document.is_live();
            }
        }
    }

    /// A row of `_changes`.
    pub fn changed(&mut self, change: Value) -> Result<(), Malformed> {
        let fields = Fields::known(change, &CHANGE)?;
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
                document.stale = true;
            }
        }
        Ok(())
    }

    /// What has to be asked before the table is true again.
    pub fn asks(&self) -> Vec<Ask> {
        let others = if self.chosen { self.listed.max(self.documents.len()) - self.documents.len() } else { 0 };
        plan(self.documents.iter().map(|document| (&*document.id, document.is_uncertain())), others)
    }

    /// All watched documents, one by one.
    pub fn each(&self) -> Vec<Ask> {
        self.documents.iter().map(|document| Ask::One(document.id.clone().into())).collect()
    }

    /// At most `most` of the documents that have dropped out of the list: whether they were deleted only the one-document call tells.
    pub fn missing(&self, most: usize) -> Vec<String> {
        let missing = self.documents.iter().filter(|document| document.missing_since.is_some());
        missing.take(most).map(|document| document.id.clone().into()).collect()
    }

    /// Gives out what the consumer does not know, in the order of the ids. Of rows in other states than `states` it learns nothing.
    ///
    /// Where everything is listed at each tick, documents that have dropped out of the list need not be remembered: they come back
    /// with it.
    pub fn tell<E>(
        &mut self,
        states: Option<&[State]>,
        only_lists: bool,
        now: f64,
        mut tell: impl FnMut(Change) -> Result<(), E>,
    ) -> Result<(), E> {
        let watched =
            |row: &&[u8]| states.is_none_or(|states| matches!(state(row), Ok(Some(state)) if states.contains(&state)));
        for document in &mut self.documents {
            if document.missing_since.is_some_and(|since| now - since >= GRACE) {
                document.remove();
                // It exists, and can get a state again: it is still asked for.
                document.stale = true;
            }
            let Some(before) = document.told.take() else { continue };
            let change = match (document.row.as_deref().filter(watched), before.as_deref().filter(watched)) {
                (Some(row), None) => Change::Added(row),
                (Some(row), Some(before)) if !says_the_same(row, before) => Change::Changed(row, before),
                (None, Some(before)) => Change::Removed(before),
                _ => continue,
            };
            tell(change)?;
        }
        if !self.chosen {
            self.documents.retain(|document| document.row.is_some() || document.stale && !only_lists);
        }
        Ok(())
    }

    /// Fails where there is no memory for another document: running out of it later would end the program.
    fn make_room(&mut self, row: usize) -> Result<(), Malformed> {
        let has_room = self.documents.try_reserve(1).is_ok() && fits(row + size_of::<Document>());
        if has_room { Ok(()) } else { Err(Malformed) }
    }

    fn learn_name(&mut self, row: &[u8]) -> Result<(), Malformed> {
        if self.name_in_rows.is_none() {
            self.name_in_rows = value_in(row, "database")?.map(Row::from);
        }
        Ok(())
    }

    fn document(&mut self, id: &str) -> Option<&mut Document> {
        let at = self.find(id)?;
        self.documents.get_mut(at)
    }

    /// Where the document called `id` is, a new one if need be; `None` if it is not watched.
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

impl Document {
    /// Of which nothing is known yet.
    fn new(id: &str) -> Document {
        Document {
            id: id.into(),
            row: None,
            state: None,
            told: None,
            job: None,
            job_read: 0,
            list_read: 0,
            stale: true,
            missing_since: None,
        }
    }

    /// Its replication has a job.
    fn is_live(&self) -> bool {
        self.state.is_some_and(State::has_job)
    }

    /// Its row may not be true any more, and only the server can tell.
    fn is_uncertain(&self) -> bool {
        let shows_elsewhere = self.is_live() || self.state.is_some_and(State::is_terminal);
        self.stale || self.missing_since.is_some() || !shows_elsewhere
    }

    /// The server says that it is so.
    fn update(&mut self, row: &[u8]) -> Result<(), Malformed> {
        self.state = state(row)?;
        self.is_certain();
        if !self.row.as_deref().is_some_and(|before| says_the_same(before, row)) {
            self.replace(row.into());
        }
        Ok(())
    }

    fn is_certain(&mut self) {
        (self.stale, self.missing_since) = (false, None);
    }

    fn replace(&mut self, row: Row) {
        let before = self.row.replace(row);
        self.told.get_or_insert(before);
    }

    /// The server has no row for it now. It keeps the one it had: whether it will come back is not known.
    fn has_no_row(&mut self, now: f64) {
        if self.row.is_some() {
            self.missing_since.get_or_insert(now);
        }
    }

    /// It does not exist any more.
    fn remove(&mut self) {
        let before = self.row.take();
        if before.is_some() {
            self.told.get_or_insert(before);
        }
        (self.state, self.job, self.stale, self.missing_since) = (None, None, false, None);
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use rows::json::Indexed;
    use serde_json::{Value, json};

    fn indexed(row: &[u8]) -> Indexed<'_> {
        Indexed::of(row).unwrap()
    }

    fn row(id: &str, state: &str) -> Vec<u8> {
        json!({"database": "_replicator", "doc_id": id, "state": state, "info": null}).to_string().into_bytes()
    }

    fn job(id: &str, event: &str, info: Value) -> Vec<u8> {
        let job = json!({
            "database": "_replicator", "doc_id": id, "id": "0a", "pid": null, "node": "n", "start_time": "t",
            "history": [{"type": event}], "info": info,
        });
        job.to_string().into_bytes()
    }

    fn list(table: &mut Table, rows: &[Vec<u8>], now: f64) {
        table.begin_reading();
        for row in rows {
            table.listed(indexed(row).value()).unwrap();
        }
        // There is a design document, too.
        table.list_ended(None, Some(rows.len() as u64 + 1), now);
    }

    fn jobs(table: &mut Table, jobs: &[Vec<u8>]) {
        table.begin_reading();
        for job in jobs {
            table.job(indexed(job).value()).unwrap();
        }
        table.jobs_ended();
    }

    /// What is told: `+id`, `~id`, `-id`.
    fn told(table: &mut Table, now: f64) -> Vec<String> {
        let mut told = Vec::new();
        let tell = |change: Change| {
            let (sign, row) = match change {
                Change::Added(row) => ('+', row),
                Change::Changed(row, _) => ('~', row),
                Change::Removed(row) => ('-', row),
            };
            told.push(format!("{sign}{}", doc_id(indexed(row).value()).unwrap()));
            Ok::<_, ()>(())
        };
        table.tell(None, false, now, tell).unwrap();
        told
    }

    fn table(rows: &[Vec<u8>]) -> Table {
        let mut table = Table::new("_replicator".to_owned(), None);
        list(&mut table, rows, 0.0);
        told(&mut table, 0.0);
        table
    }

    fn one(id: &str) -> Vec<Ask> {
        vec![Ask::One(id.to_owned())]
    }

    #[test]
    fn where_every_document_has_a_row_one_that_dropped_out_is_gone() {
        let mut table = Table::new("_replicator".to_owned(), None);
        list(&mut table, &[row("a", "running"), row("b", "running")], 0.0);
        told(&mut table, 0.0);
        table.begin_reading();
        // Repeated rows say nothing about others.
        for _ in 0..2 {
            table.listed(indexed(&row("a", "running")).value()).unwrap();
        }
        table.list_ended(None, Some(2), 1.0);
        assert_eq!(told(&mut table, 1.0), [] as [&str; 0]);
        table.begin_reading();
        table.listed(indexed(&row("a", "running")).value()).unwrap();
        table.list_ended(None, Some(1), 2.0);
        assert_eq!(told(&mut table, 2.0), ["-b"]);
    }

    #[test]
    fn by_lists_alone_nothing_is_remembered_of_what_dropped_out() {
        let mut table = Table::new("_replicator".to_owned(), None);
        for tick in 0..50 {
            let now = f64::from(tick) * 5_000.0;
            let rows: Vec<_> = (0..200).map(|n| row(&format!("{tick:03}-{n:03}"), "completed")).collect();
            list(&mut table, &rows, now);
            table.tell(None, true, now, |_| Ok::<_, ()>(())).unwrap();
        }
        // Those of the last tick, and of those within its 15 seconds.
        assert!(table.documents.len() <= 200 * 4, "{}", table.documents.len());
    }

    #[test]
    fn what_a_list_says_is_told_once() {
        let mut table = Table::new("_replicator".to_owned(), None);
        list(&mut table, &[row("a", "failed"), row("b", "completed")], 0.0);
        assert_eq!(told(&mut table, 0.0), ["+a", "+b"]);
        list(&mut table, &[row("a", "failed"), row("b", "completed")], 0.0);
        assert_eq!(told(&mut table, 0.0), [""; 0]);
        assert_eq!(table.asks(), []);
    }

    #[test]
    fn a_job_with_the_same_history_brings_its_counters() {
        let mut table = table(&[row("a", "running"), row("z", "completed")]);
        jobs(&mut table, &[job("a", "started", json!(null))]);
        // Its history was not known before.
        assert_eq!(table.asks(), one("a"));
        table.answered("a", Some(&row("a", "running")), 0.0).unwrap();
        jobs(&mut table, &[job("a", "started", json!({"docs_read": 1}))]);
        assert_eq!(table.asks(), []);
        assert_eq!(told(&mut table, 0.0), ["~a"]);
        jobs(&mut table, &[job("a", "crashed", json!({"docs_read": 1}))]);
        assert_eq!(table.asks(), one("a"));
    }

    #[test]
    fn a_crashing_row_keeps_its_error() {
        let mut table = table(&[row("a", "crashing"), row("z", "completed")]);
        jobs(&mut table, &[job("a", "crashed", json!(null))]);
        table.answered("a", Some(&row("a", "crashing")), 0.0).unwrap();
        jobs(&mut table, &[job("a", "crashed", json!({"docs_read": 1}))]);
        assert_eq!(told(&mut table, 0.0), [""; 0]);
    }

    #[test]
    fn a_job_that_comes_or_goes_is_asked_for() {
        let mut table = table(&[row("a", "running")]);
        jobs(&mut table, &[job("new", "added", json!(null))]);
        assert_eq!(table.asks(), [Ask::Range("a".to_owned(), "new".to_owned())]);
    }

    #[test]
    fn jobs_of_other_databases_are_passed_over() {
        let mut table = Table::new("_replicator".to_owned(), None);
        // At Cloudant the account comes before the name.
        let doc = json!({"database": "account/_replicator", "doc_id": "a", "state": "completed"}).to_string();
        list(&mut table, &[doc.into_bytes()], 0.0);
        told(&mut table, 0.0);
        let mut theirs: Value = serde_json::from_slice(&job("b", "started", json!(null))).unwrap();
        for (database, asks) in [("other/_replicator", 0), ("account/_replicator", 1)] {
            theirs["database"] = json!(database);
            jobs(&mut table, &[theirs.to_string().into_bytes()]);
            assert_eq!(table.asks().len(), asks, "{database}");
        }
    }

    #[test]
    fn the_databases_name_is_learnt_from_any_row() {
        let mut table = Table::new("_replicator".to_owned(), None);
        table.changed(indexed(br#"{"id":"a"}"#).value()).unwrap();
        let doc = json!({"database": "account/_replicator", "doc_id": "a", "state": "running"}).to_string();
        table.answered("a", Some(doc.as_bytes()), 0.0).unwrap();
        let mut job: Value = serde_json::from_slice(&job("a", "started", json!(null))).unwrap();
        job["database"] = json!("account/_replicator");
        jobs(&mut table, &[job.to_string().into_bytes()]);
        table.answered("a", Some(doc.as_bytes()), 0.0).unwrap();
        jobs(&mut table, &[job.to_string().into_bytes()]);
        assert_eq!(table.asks(), []);
    }

    #[test]
    fn two_jobs_for_one_document_do_not_decide() {
        let mut table = table(&[row("a", "running"), row("z", "completed")]);
        for _ in 0..2 {
            jobs(&mut table, &[job("a", "started", json!(null)), job("a", "started", json!({"docs_read": 9}))]);
            assert_eq!(table.asks(), one("a"));
            table.answered("a", Some(&row("a", "running")), 0.0).unwrap();
        }
        assert_eq!(told(&mut table, 0.0), [""; 0]);
    }

    #[test]
    fn what_neither_jobs_nor_changes_show_is_asked_for_each_time() {
        let mut table = table(&[row("a", "error"), row("b", "completed"), row("c", "failed")]);
        assert_eq!(table.asks(), one("a"));
        table.changed(indexed(br#"{"id":"_design/x"}"#).value()).unwrap();
        table.changed(indexed(br#"{"id":"b"}"#).value()).unwrap();
        assert_eq!(table.asks(), [Ask::Range("a".to_owned(), "b".to_owned())]);
    }

    #[test]
    fn what_was_deleted_is_removed_at_once() {
        let mut table = table(&[row("a", "running"), row("b", "completed")]);
        table.changed(indexed(br#"{"id":"a","deleted":true}"#).value()).unwrap();
        table.answered("b", None, 0.0).unwrap();
        assert_eq!(told(&mut table, 0.0), ["-a", "-b"]);
        assert_eq!(table.asks(), []);
    }

    #[test]
    fn what_the_server_does_not_know_keeps_its_row_for_a_while() {
        let mut table = table(&[row("a", "running"), row("b", "running")]);
        list(&mut table, &[row("b", "running")], 1000.0);
        assert_eq!(table.missing(9), ["a"]);
        assert_eq!(told(&mut table, 1000.0 + GRACE - 1.0), [""; 0]);
        assert_eq!(told(&mut table, 1000.0 + GRACE), ["-a"]);
        // It can come back: it is still asked for.
        assert_eq!(table.asks(), one("a"));
        table.answered("a", Some(br#"{"doc_id":"a","state":null}"#), 0.0).unwrap();
        assert_eq!(told(&mut table, 0.0), [""; 0]);
        table.answered("a", Some(&row("a", "running")), 0.0).unwrap();
        assert_eq!(told(&mut table, 0.0), ["+a"]);
    }

    #[test]
    fn what_comes_back_as_it_was_is_missed_no_more() {
        let mut table = table(&[row("a", "running"), row("b", "running")]);
        list(&mut table, &[row("b", "running")], 1000.0);
        list(&mut table, &[row("a", "running"), row("b", "running")], 2000.0);
        assert_eq!(table.missing(9), [""; 0]);
        assert_eq!(told(&mut table, 2000.0 + GRACE), [""; 0]);
    }

    #[test]
    fn a_change_that_was_undone_is_none() {
        let mut table = table(&[row("a", "running")]);
        table.answered("a", Some(&row("a", "crashing")), 0.0).unwrap();
        table.answered("a", Some(&row("a", "running")), 0.0).unwrap();
        assert_eq!(told(&mut table, 0.0), [""; 0]);
    }

    #[test]
    fn only_chosen_documents_are_in_the_table() {
        let mut table = Table::new("_replicator".to_owned(), Some(vec!["b".to_owned(), "a".to_owned()]));
        list(&mut table, &[row("a", "failed"), row("c", "failed")], 0.0);
        table.changed(indexed(br#"{"id":"d"}"#).value()).unwrap();
        assert_eq!(told(&mut table, 0.0), ["+a"]);
        assert_eq!(table.asks(), one("b"));
        assert!(table.has_few(2) && !table.has_few(1));
    }
}
