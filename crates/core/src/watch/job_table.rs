//! The row that the caller has of every job, and what the latest list says about it.

use std::mem;

use super::change::Change;
use super::row::{JsonRow, are_equal_jobs};
use rows::columns::NULL;
use rows::json::{Fields, Malformed, Value, fits};

/// The fields that distinguish one job from another, in the order in which the jobs are sorted. In a
/// cluster, several jobs can have the same id.
const KEY_FIELDS: [&str; 4] = ["id", "database", "doc_id", "node"];

/// The watched jobs.
pub struct JobTable {
    /// In the order of their keys.
    jobs: Vec<Job>,
    /// Whether jobs without a document are watched, too.
    has_transient: bool,
}

struct Job {
    /// Its [`KEY_FIELDS`], as JSON.
    key: Box<[u8]>,
    /// The row that the caller has.
    reported: Option<JsonRow>,
    listed: Listed,
}

/// A job in the list that is being read, or was read last.
enum Listed {
    /// The list does not have it.
    No,
    /// Its row is the one that the caller has.
    Unchanged,
    /// This row.
    Changed(JsonRow),
}

impl JobTable {
    /// Creates a table of all jobs, or of those that belong to a document.
    pub fn new(has_transient: bool) -> JobTable {
        JobTable { jobs: Vec::new(), has_transient }
    }

    /// Starts to read the list, from the beginning.
    pub fn begin_reading(&mut self) {
        // A list that was cut off can have had jobs that the next one has not.
        self.jobs.retain_mut(|job| {
            job.listed = Listed::No;
            job.reported.is_some()
        });
    }

    /// Applies a row of the list.
    pub fn add(&mut self, row: Value) -> Result<(), Malformed> {
        let fields = Fields::known(row, &KEY_FIELDS)?;
        let field = |name| fields.get(name).unwrap_or(NULL);
        if !self.has_transient && field("doc_id") == NULL {
            return Ok(());
        }
        let key = KEY_FIELDS.map(field).join(&b',');
        let row = row.bytes();
        // Running out of memory later would end the program.
        if self.jobs.try_reserve(1).is_err() || !fits(key.len() + row.len() + size_of::<Job>()) {
            return Err(Malformed);
        }
        let at = match self.jobs.binary_search_by(|job| (*job.key).cmp(&key)) {
            Ok(at) => at,
            Err(at) => {
                self.jobs.insert(at, Job { key: key.into(), reported: None, listed: Listed::No });
                at
            }
        };
        if let Some(job) = self.jobs.get_mut(at) {
            let is_unchanged = job.reported.as_ref().is_some_and(|reported| are_equal_jobs(reported, row));
            job.listed = if is_unchanged { Listed::Unchanged } else { Listed::Changed(row.into()) };
        }
        Ok(())
    }

    /// Returns the number of jobs that it knows, also of those that are gone.
    pub fn job_count(&self) -> usize {
        self.jobs.len()
    }

    /// Passes the changes that the caller does not know to `report`, in the order of the ids, for
    /// `count` jobs from index `first` on.
    pub fn report<E>(
        &mut self,
        first: usize,
        count: usize,
        mut report: impl FnMut(Change) -> Result<(), E>,
    ) -> Result<(), E> {
        for job in self.jobs.iter_mut().skip(first).take(count) {
            match mem::replace(&mut job.listed, Listed::Unchanged) {
                Listed::Changed(row) => {
                    match &job.reported {
                        None => report(Change::Added(&row))?,
                        Some(before) => report(Change::Changed(&row, before))?,
                    }
                    job.reported = Some(row);
                }
                Listed::Unchanged => {}
                Listed::No => {
                    if let Some(before) = job.reported.take() {
                        report(Change::Removed(&before))?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Ends a tick, of which all jobs were reported, and forgets those that are gone.
    pub fn end_report(&mut self) {
        self.jobs.retain(|job| job.reported.is_some());
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rows::json::Indexed;
    use serde_json::{Value as Json, json};
    use std::collections::BTreeMap;

    fn parse(row: &[u8]) -> Json {
        serde_json::from_slice(row).unwrap()
    }

    fn add(table: &mut JobTable, row: &str) {
        table.add(Indexed::of(row.as_bytes()).unwrap().value()).unwrap();
    }

    /// Reads a list to its end.
    fn list(table: &mut JobTable, rows: &[Json]) {
        table.begin_reading();
        for row in rows {
            add(table, &row.to_string());
        }
    }

    /// Ends a tick, in pieces, as a page that is not to stop does.
    fn report_all<E>(table: &mut JobTable, mut report: impl FnMut(Change) -> Result<(), E>) -> Result<(), E> {
        for first in (0..table.job_count()).step_by(3) {
            table.report(first, 3, &mut report)?;
        }
        table.end_report();
        Ok(())
    }

    /// The reported changes: their sign, the id and the node.
    fn reported(table: &mut JobTable) -> Vec<String> {
        let mut reported = Vec::new();
        let report = |change: Change| {
            let (sign, row) = match change {
                Change::Added(row) => ('+', row),
                Change::Changed(row, _) => ('~', row),
                Change::Removed(row) => ('-', row),
            };
            let row = parse(row);
            reported.push(format!("{sign}{}@{}", row["id"].as_str().unwrap(), row["node"].as_str().unwrap()));
            Ok::<_, ()>(())
        };
        report_all(table, report).unwrap();
        reported
    }

    fn job(id: &str, doc_id: Option<&str>, node: &str, docs_read: u64) -> Json {
        let database = doc_id.map(|_| "_replicator");
        json!({"id": id, "database": database, "doc_id": doc_id, "node": node, "info": {"docs_read": docs_read}})
    }

    #[test]
    fn a_job_is_added_changed_and_removed_once() {
        let mut table = JobTable::new(true);
        list(&mut table, &[job("b", None, "n", 0), job("a", Some("d"), "n", 0)]);
        assert_eq!(reported(&mut table), ["+a@n", "+b@n"]);
        for _ in 0..2 {
            list(&mut table, &[job("a", Some("d"), "n", 0), job("b", None, "n", 0)]);
            assert_eq!(reported(&mut table), [""; 0]);
        }
        list(&mut table, &[job("a", Some("d"), "n", 1)]);
        assert_eq!(reported(&mut table), ["~a@n", "-b@n"]);
        list(&mut table, &[]);
        assert_eq!(reported(&mut table), ["-a@n"]);
        assert!(table.jobs.is_empty());
    }

    #[test]
    fn jobs_with_the_same_id_are_distinguished_by_document_and_node() {
        let mut table = JobTable::new(true);
        list(&mut table, &[job("a", Some("d"), "n", 0), job("a", Some("e"), "n", 0), job("a", Some("e"), "m", 0)]);
        assert_eq!(reported(&mut table), ["+a@n", "+a@m", "+a@n"]);
        // It moved to another node.
        list(&mut table, &[job("a", Some("d"), "m", 0), job("a", Some("e"), "n", 0), job("a", Some("e"), "m", 0)]);
        assert_eq!(reported(&mut table), ["+a@m", "-a@n"]);
    }

    #[test]
    fn jobs_without_a_document_are_watched_if_wanted() {
        let mut table = JobTable::new(false);
        list(&mut table, &[job("a", Some("d"), "n", 0), job("b", None, "n", 0)]);
        add(&mut table, r#"{"id":"c","node":"n"}"#);
        assert_eq!(reported(&mut table), ["+a@n"]);
    }

    #[test]
    fn a_row_with_another_order_of_keys_is_equal() {
        let mut table = JobTable::new(true);
        for (row, expected) in [
            (r#"{"id":"a","node":"n","user":null}"#, &["+a@n"][..]),
            (r#"{"user":null,"node":"n","id":"a"}"#, &[]),
            (r#"{"user":"u","node":"n","id":"a"}"#, &["~a@n"]),
        ] {
            table.begin_reading();
            add(&mut table, row);
            assert_eq!(reported(&mut table), expected);
        }
    }

    #[test]
    fn other_json_than_a_job_is_malformed() {
        assert_eq!(JobTable::new(true).add(Indexed::of(b"[]").unwrap().value()), Err(Malformed));
    }

    #[test]
    fn lists_that_were_cut_off_leave_nothing_behind() {
        let mut table = JobTable::new(true);
        for n in 0..100 {
            list(&mut table, &[job(&format!("a{n}"), None, "n", 0)]);
        }
        assert_eq!(table.jobs.len(), 1);
        assert_eq!(reported(&mut table), ["+a99@n"]);
    }

    /// A reading: the jobs in it, and whether it was cut off.
    fn readings() -> impl Strategy<Value = Vec<(Vec<Json>, bool)>> {
        let doc_id = prop::option::of(prop::sample::select(vec!["d", "e"]));
        let job = (prop::sample::select(vec!["a", "a+continuous", "b"]), doc_id, "[mn]", 0u64..3)
            .prop_map(|(id, doc_id, node, docs_read)| job(id, doc_id, &node, docs_read));
        prop::collection::vec((prop::collection::vec(job, 0..12), any::<bool>()), 1..12)
    }

    proptest! {
        #[test]
        fn applying_the_changes_results_in_the_list(readings in readings(), has_transient: bool) {
            let key = |row: &Json| ["id", "database", "doc_id", "node"].map(|name| row[name].to_string());
            let mut table = JobTable::new(has_transient);
            let mut held = BTreeMap::new();
            for (rows, is_cut_off) in readings {
                list(&mut table, &rows);
                if is_cut_off {
                    continue;
                }
                let mut order = Vec::new();
                report_all(&mut table, |change| {
                    let (row, previous) = match change {
                        Change::Added(row) => (Some(parse(row)), None),
                        Change::Changed(row, previous) => (Some(parse(row)), Some(parse(previous))),
                        Change::Removed(previous) => (None, Some(parse(previous))),
                    };
                    prop_assert!(row != previous, "a change that is none");
                    let key = key(row.as_ref().or(previous.as_ref()).unwrap());
                    prop_assert_eq!(held.remove(&key), previous, "the caller has the previous row");
                    if let Some(row) = row {
                        held.insert(key.clone(), row);
                    }
                    order.push(key);
                    Ok(())
                })?;
                prop_assert!(order.is_sorted_by(|one, other| one < other), "each job once, in order");
                let watched = rows.into_iter().filter(|row| has_transient || !row["doc_id"].is_null());
                let expected: BTreeMap<_, _> = watched.map(|row| (key(&row), row)).collect();
                prop_assert_eq!(&held, &expected);
                prop_assert_eq!(table.jobs.len(), expected.len(), "removed jobs are forgotten");
            }
        }
    }
}
