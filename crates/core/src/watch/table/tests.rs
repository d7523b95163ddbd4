use super::*;
use crate::watch::document::GRACE_PERIOD;
use rows::json::Indexed;
use serde_json::{Value, json};

const START: Duration = Duration::ZERO;

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

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

fn list(table: &mut Table, rows: &[Vec<u8>], now: Duration) {
    table.begin_reading();
    for row in rows {
        table.add_listed(indexed(row).value()).unwrap();
    }
    // There is a design document, too.
    table.end_list(None, Some(rows.len() as u64 + 1), true, now);
}

fn jobs(table: &mut Table, jobs: &[Vec<u8>]) {
    table.begin_reading();
    for job in jobs {
        table.add_job(indexed(job).value()).unwrap();
    }
    table.end_jobs();
}

/// Ends a tick, in pieces, as a page that is not to stop does.
fn report_all(table: &mut Table, by_lists: bool, now: Duration, mut report: impl FnMut(Change) -> Result<(), ()>) {
    for first in (0..table.document_count()).step_by(3) {
        table.report(first, 3, None, now, &mut report).unwrap();
    }
    table.end_report(by_lists);
}

/// The reported changes: `+id`, `~id`, `-id`.
fn reported(table: &mut Table, now: Duration) -> Vec<String> {
    let mut reported = Vec::new();
    let report = |change: Change| {
        let (sign, row) = match change {
            Change::Added(row) => ('+', row),
            Change::Changed(row, _) => ('~', row),
            Change::Removed(row) => ('-', row),
        };
        reported.push(format!("{sign}{}", doc_id(indexed(row).value()).unwrap()));
        Ok::<_, ()>(())
    };
    report_all(table, false, now, report);
    reported
}

fn table(rows: &[Vec<u8>]) -> Table {
    let mut table = Table::new("_replicator".to_owned(), None);
    list(&mut table, rows, START);
    reported(&mut table, START);
    table
}

fn one(id: &str) -> Vec<Lookup> {
    vec![Lookup::One(id.to_owned())]
}

#[test]
fn if_every_document_has_a_row_one_that_dropped_out_is_removed() {
    let mut table = Table::new("_replicator".to_owned(), None);
    list(&mut table, &[row("a", "running"), row("b", "running")], START);
    reported(&mut table, START);
    table.begin_reading();
    // A repeated row does not count as another one.
    for _ in 0..2 {
        table.add_listed(indexed(&row("a", "running")).value()).unwrap();
    }
    table.end_list(None, Some(2), true, seconds(1));
    assert_eq!(reported(&mut table, seconds(1)), [] as [&str; 0]);
    table.begin_reading();
    table.add_listed(indexed(&row("a", "running")).value()).unwrap();
    table.end_list(None, Some(1), true, seconds(2));
    assert_eq!(reported(&mut table, seconds(2)), ["-b"]);
    // New and changed rows count, too.
    table.begin_reading();
    for (id, state) in [("c", "running"), ("d", "running"), ("e", "running")] {
        table.add_listed(indexed(&row(id, state)).value()).unwrap();
    }
    table.end_list(None, Some(3), true, seconds(3));
    assert_eq!(reported(&mut table, seconds(3)), ["-a", "+c", "+d", "+e"]);
    table.begin_reading();
    for id in ["c", "e"] {
        table.add_listed(indexed(&row(id, "completed")).value()).unwrap();
    }
    table.end_list(None, Some(2), true, seconds(4));
    assert_eq!(reported(&mut table, seconds(4)), ["~c", "-d", "~e"]);
}

#[test]
fn a_list_of_a_node_that_lags_behind_removes_nothing_if_changes_are_read() {
    let mut table = table(&[row("a", "completed"), row("b", "completed")]);
    // The node was down when the database was created, and has none of its documents yet.
    table.begin_reading();
    table.end_list(None, Some(0), false, seconds(1));
    assert_eq!(reported(&mut table, seconds(1)), [""; 0]);
    assert_eq!(table.missing(), ["a", "b"]);
    table.update("a", Some(&row("a", "completed")), seconds(2)).unwrap();
    table.update("b", None, seconds(2)).unwrap();
    assert_eq!(reported(&mut table, seconds(2)), ["-b"]);
}

#[test]
fn by_lists_documents_that_dropped_out_are_forgotten() {
    let mut table = Table::new("_replicator".to_owned(), None);
    for tick in 0..50 {
        let now = seconds(tick * 5);
        let rows: Vec<_> = (0..200).map(|n| row(&format!("{tick:03}-{n:03}"), "completed")).collect();
        list(&mut table, &rows, now);
        report_all(&mut table, true, now, |_| Ok::<_, ()>(()));
    }
    // Those of the last tick, and of the ticks in the time before it for which a missing document is kept.
    let ticks = (GRACE_PERIOD.as_secs() / 5) as usize;
    assert!(table.documents.len() <= 200 * (ticks + 1), "{}", table.documents.len());
}

#[test]
fn a_row_of_a_list_is_reported_once() {
    let mut table = Table::new("_replicator".to_owned(), None);
    list(&mut table, &[row("a", "failed"), row("b", "completed")], START);
    assert_eq!(reported(&mut table, START), ["+a", "+b"]);
    list(&mut table, &[row("a", "failed"), row("b", "completed")], START);
    assert_eq!(reported(&mut table, START), [""; 0]);
    assert_eq!(table.pending_lookups(), []);
}

#[test]
fn a_job_with_the_same_history_brings_its_counters() {
    let mut table = table(&[row("a", "running"), row("z", "completed")]);
    jobs(&mut table, &[job("a", "started", json!(null))]);
    // Its history was not known before.
    assert_eq!(table.pending_lookups(), one("a"));
    table.update("a", Some(&row("a", "running")), START).unwrap();
    jobs(&mut table, &[job("a", "started", json!({"docs_read": 1}))]);
    assert_eq!(table.pending_lookups(), []);
    assert_eq!(reported(&mut table, START), ["~a"]);
    jobs(&mut table, &[job("a", "crashed", json!({"docs_read": 1}))]);
    assert_eq!(table.pending_lookups(), one("a"));
}

#[test]
fn a_crashing_row_keeps_its_error() {
    let mut table = table(&[row("a", "crashing"), row("z", "completed")]);
    jobs(&mut table, &[job("a", "crashed", json!(null))]);
    table.update("a", Some(&row("a", "crashing")), START).unwrap();
    jobs(&mut table, &[job("a", "crashed", json!({"docs_read": 1}))]);
    assert_eq!(reported(&mut table, START), [""; 0]);
}

#[test]
fn a_document_whose_job_appeared_or_disappeared_is_looked_up() {
    let mut table = table(&[row("a", "running")]);
    jobs(&mut table, &[job("new", "added", json!(null))]);
    assert_eq!(table.pending_lookups(), [Lookup::Range("a".to_owned(), "new".to_owned())]);
}

#[test]
fn jobs_of_other_databases_are_ignored() {
    let mut table = Table::new("_replicator".to_owned(), None);
    // On Cloudant, the name starts with the account.
    let doc = json!({"database": "account/_replicator", "doc_id": "a", "state": "completed"}).to_string();
    list(&mut table, &[doc.into_bytes()], START);
    reported(&mut table, START);
    let mut theirs: Value = serde_json::from_slice(&job("b", "started", json!(null))).unwrap();
    for (database, asks) in [("other/_replicator", 0), ("account/_replicator", 1)] {
        theirs["database"] = json!(database);
        jobs(&mut table, &[theirs.to_string().into_bytes()]);
        assert_eq!(table.pending_lookups().len(), asks, "{database}");
    }
}

#[test]
fn without_a_row_the_database_has_the_name_of_the_requests() {
    for (database, asks) in [("other/_replicator", 0), ("_replicator", 1)] {
        let mut table = Table::new("_replicator".to_owned(), None);
        let mut job: Value = serde_json::from_slice(&job("a", "started", json!(null))).unwrap();
        job["database"] = json!(database);
        jobs(&mut table, &[job.to_string().into_bytes()]);
        assert_eq!(table.pending_lookups().len(), asks, "{database}");
    }
}

#[test]
fn the_name_of_the_database_is_learned_from_any_row() {
    let mut table = Table::new("_replicator".to_owned(), None);
    table.add_change(indexed(br#"{"id":"a"}"#).value()).unwrap();
    let doc = json!({"database": "account/_replicator", "doc_id": "a", "state": "running"}).to_string();
    table.update("a", Some(doc.as_bytes()), START).unwrap();
    let mut job: Value = serde_json::from_slice(&job("a", "started", json!(null))).unwrap();
    job["database"] = json!("account/_replicator");
    jobs(&mut table, &[job.to_string().into_bytes()]);
    table.update("a", Some(doc.as_bytes()), START).unwrap();
    jobs(&mut table, &[job.to_string().into_bytes()]);
    assert_eq!(table.pending_lookups(), []);
}

#[test]
fn two_jobs_of_one_document_do_not_decide() {
    let mut table = table(&[row("a", "running"), row("z", "completed")]);
    for _ in 0..2 {
        jobs(&mut table, &[job("a", "started", json!(null)), job("a", "started", json!({"docs_read": 9}))]);
        assert_eq!(table.pending_lookups(), one("a"));
        table.update("a", Some(&row("a", "running")), START).unwrap();
    }
    assert_eq!(reported(&mut table, START), [""; 0]);
}

#[test]
fn documents_that_neither_jobs_nor_changes_show_are_looked_up_each_time() {
    let mut table = table(&[row("a", "error"), row("b", "completed"), row("c", "failed")]);
    assert_eq!(table.pending_lookups(), one("a"));
    table.add_change(indexed(br#"{"id":"_design/x"}"#).value()).unwrap();
    table.add_change(indexed(br#"{"id":"b"}"#).value()).unwrap();
    assert_eq!(table.pending_lookups(), [Lookup::Range("a".to_owned(), "b".to_owned())]);
}

#[test]
fn a_deleted_document_is_removed_at_once() {
    let mut table = table(&[row("a", "running"), row("b", "completed")]);
    table.add_change(indexed(br#"{"id":"a","deleted":true}"#).value()).unwrap();
    table.update("b", None, START).unwrap();
    assert_eq!(reported(&mut table, START), ["-a", "-b"]);
    assert_eq!(table.pending_lookups(), []);
}

#[test]
fn a_missing_document_keeps_its_row_for_a_while() {
    let mut table = table(&[row("a", "running"), row("b", "running")]);
    list(&mut table, &[row("b", "running")], seconds(1));
    assert_eq!(table.missing(), ["a"]);
    // CouchDB's scheduler takes over the documents of a node that went down every half of its interval.
    assert_eq!(reported(&mut table, seconds(1 + 30)), [""; 0]);
    assert_eq!(reported(&mut table, seconds(1) + GRACE_PERIOD - seconds(1)), [""; 0]);
    assert_eq!(reported(&mut table, seconds(1) + GRACE_PERIOD), ["-a"]);
    // It can come back, so it is still looked up.
    assert_eq!(table.pending_lookups(), one("a"));
    table.update("a", Some(br#"{"doc_id":"a","state":null}"#), START).unwrap();
    assert_eq!(reported(&mut table, START), [""; 0]);
    table.update("a", Some(&row("a", "running")), START).unwrap();
    assert_eq!(reported(&mut table, START), ["+a"]);
}

#[test]
fn a_document_that_comes_back_unchanged_is_not_reported() {
    let mut table = table(&[row("a", "running"), row("b", "running")]);
    list(&mut table, &[row("b", "running")], seconds(1));
    list(&mut table, &[row("a", "running"), row("b", "running")], seconds(2));
    assert_eq!(table.missing(), [""; 0]);
    assert_eq!(reported(&mut table, seconds(2) + GRACE_PERIOD), [""; 0]);
}

#[test]
fn a_change_that_was_undone_is_not_reported() {
    let mut table = table(&[row("a", "running")]);
    table.update("a", Some(&row("a", "crashing")), START).unwrap();
    table.update("a", Some(&row("a", "running")), START).unwrap();
    assert_eq!(reported(&mut table, START), [""; 0]);
}

#[test]
fn only_chosen_documents_are_in_the_table() {
    let mut table = Table::new("_replicator".to_owned(), Some(vec!["b".to_owned(), "a".to_owned()]));
    list(&mut table, &[row("a", "failed"), row("c", "failed")], START);
    table.add_change(indexed(br#"{"id":"d"}"#).value()).unwrap();
    assert_eq!(reported(&mut table, START), ["+a"]);
    assert_eq!(table.pending_lookups(), one("b"));
    assert_eq!(table.single_lookups(), ["a", "b"].map(|id| Lookup::One(id.to_owned())));
    assert_eq!(table.chosen_count(), Some(2));
}
