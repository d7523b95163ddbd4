//! Rows of replication jobs made whole.
//!
//! A job of CouchDB has neither a state nor counters of its own: the counters are in `info`, the state follows from `pid` and
//! the newest event of `history`, and whether it is continuous is written into its id.

use super::masked::{may_hold_secret, write_masked};
use crate::rows::{Elements, Fields, Malformed, ObjectWriter, holds, string};

/// The keys of a job as CouchDB has them, in the order in which they are given out.
const KEYS: [&str; 11] =
    ["database", "doc_id", "id", "pid", "node", "source", "target", "user", "start_time", "info", "history"];

const ID: usize = 2;
const PID: usize = 3;
const SOURCE: usize = 5;
const TARGET: usize = 6;
const INFO: usize = 9;
const HISTORY: usize = 10;

/// The counters that a job is given at the top level as well.
const COUNTERS: [&str; 10] = [
    "revisions_checked",
    "missing_revisions_found",
    "docs_read",
    "docs_written",
    "doc_write_failures",
    "changes_pending",
    "bulk_get_docs",
    "bulk_get_attempts",
    "checkpointed_source_seq",
    "source_seq",
];

/// The keys of a history event that its `details` do not repeat.
const EVENT_KEYS: [&str; 2] = ["timestamp", "type"];

const NULL: &[u8] = b"null";

/// Writes `row` to `out` with every key CouchDB has, then `continuous`, `state` and the counters; `null` where there is nothing.
/// Each event of `history` gets its `details`. Keys not known here follow behind. Secrets in
/// addresses and reasons are masked.
pub fn write_job(row: &[u8], out: &mut Vec<u8>) -> Result<(), Malformed> {
    let fields = Fields::of(row, &KEYS)?;
    let history = fields.value(HISTORY).filter(|history| *history != NULL).unwrap_or(b"[]");
    let info = fields.value(INFO).filter(|info| *info != NULL);
    let counters = Fields::known(info.unwrap_or(b"{}"), &COUNTERS)?;

    let mut job = ObjectWriter::open(out);
    for (at, key) in KEYS.iter().enumerate() {
        match (at, fields.value(at)) {
            (HISTORY, _) => write_history(history, job.plain_key(key))?,
            (SOURCE | TARGET, Some(url)) if may_hold_secret(url) => write_masked(url, job.plain_key(key)),
            (_, None) => job.member(key, NULL),
            _ => job.copy(&fields, at),
        }
    }
    job.member("continuous", if is_continuous(fields.value(ID)) { b"true" } else { b"false" });
    job.member("state", state(fields.value(PID), history)?);
    for (at, key) in COUNTERS.iter().enumerate() {
        match counters.value(at) {
            Some(_) => job.copy(&counters, at),
            None => job.member(key, NULL),
        }
    }
    for (key, value) in &fields.others {
        write_masked(value, job.key(key));
    }
    job.close();
    Ok(())
}

fn is_continuous(id: Option<&[u8]>) -> bool {
    id.and_then(string).is_some_and(|id| holds(&id, "+continuous"))
}

/// A job with a process runs; one without waits for its turn, or for its back-off after a crash.
fn state(pid: Option<&[u8]>, history: &[u8]) -> Result<&'static [u8], Malformed> {
    if pid.is_some_and(|pid| pid != NULL) {
        return Ok(b"\"running\"");
    }
    let Some(newest) = Elements::of(history).next() else {
        return Ok(b"\"pending\"");
    };
    let event = Fields::known(newest?, &EVENT_KEYS)?;
    let crashed = event.get("type").and_then(string).as_deref() == Some("crashed");
    Ok(if crashed { b"\"crashing\"" } else { b"\"pending\"" })
}

fn write_history(history: &[u8], out: &mut Vec<u8>) -> Result<(), Malformed> {
    out.push(b'[');
    for (i, event) in Elements::of(history).enumerate() {
        if i > 0 {
            out.push(b',');
        }
        write_event(event?, out)?;
    }
    out.push(b']');
    Ok(())
}

fn write_event(event: &[u8], out: &mut Vec<u8>) -> Result<(), Malformed> {
    let fields = Fields::of(event, &EVENT_KEYS)?;
    let mut written = ObjectWriter::open(out);
    for (at, key) in EVENT_KEYS.iter().enumerate() {
        match fields.value(at) {
            Some(_) => written.copy(&fields, at),
            None => written.member(key, NULL),
        }
    }
    for (key, value) in &fields.others {
        write_masked(value, written.key(key));
    }
    let mut details = ObjectWriter::open(written.plain_key("details"));
    for (key, value) in &fields.others {
        write_masked(value, details.key(key));
    }
    details.close();
    written.close();
    Ok(())
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use serde_json::{Value, from_slice, json};

    fn whole(row: &Value) -> Value {
        let mut out = Vec::new();
        write_job(row.to_string().as_bytes(), &mut out).unwrap();
        from_slice(&out).unwrap()
    }

    #[test]
    fn a_job_without_info_has_every_key() {
        let job = whole(&json!({"id": "0a", "info": null}));
        assert_eq!(job.as_object().unwrap().len(), KEYS.len() + 2 + COUNTERS.len());
        assert_eq!((&job["history"], &job["docs_read"], &job["info"]), (&json!([]), &Value::Null, &Value::Null));
        assert_eq!((&job["state"], &job["continuous"]), (&json!("pending"), &json!(false)));
    }

    #[test]
    fn counters_stand_in_info_and_at_the_top() {
        let info = json!({"docs_read": 7, "changes_pending": null, "source_seq": "7-x", "through_seq": "7-x"});
        let job = whole(&json!({"id": "0a+continuous+create_target", "info": info}));
        assert_eq!(
            (&job["docs_read"], &job["source_seq"], &job["continuous"]),
            (&json!(7), &json!("7-x"), &json!(true))
        );
        assert_eq!(job["changes_pending"], Value::Null);
        assert_eq!(job["info"], info);
    }

    #[test]
    fn the_state_follows_from_the_process_and_the_newest_event() {
        let crashed = json!({"timestamp": "2026-11-22T22:02:07Z", "type": "crashed", "reason": "x"});
        let started = json!({"timestamp": "2026-11-22T22:02:05Z", "type": "started"});
        let state = |pid: Value, history: &[&Value]| whole(&json!({"pid": pid, "history": history}))["state"].clone();
        assert_eq!(state(json!("<0.1.0>"), &[&crashed]), "running");
        assert_eq!(state(Value::Null, &[&crashed, &started]), "crashing");
        assert_eq!(state(Value::Null, &[&started, &crashed]), "pending");
        assert_eq!(state(Value::Null, &[]), "pending");
    }

    #[test]
    fn an_event_has_details() {
        let job = whole(
            &json!({"history": [{"timestamp": "t", "type": "crashed", "reason": "no\n\"db\""}, {"timestamp": "s", "type": "added"}]}),
        );
        assert_eq!(
            job["history"],
            json!([
                {"timestamp": "t", "type": "crashed", "reason": "no\n\"db\"", "details": {"reason": "no\n\"db\""}},
                {"timestamp": "s", "type": "added", "details": {}},
            ])
        );
    }

    #[test]
    fn secrets_are_masked_but_ids_are_not() {
        let job = whole(&json!({
            "doc_id": "a?token=1", "target": "http://u:s3cret@h/db",
            "history": [{"type": "crashed", "reason": "{error,\"http://h/?apikey=s3cret\"}"}],
        }));
        assert!(!job.to_string().contains("s3cret"), "{job}");
        assert_eq!(job["doc_id"], "a?token=1");
    }

    #[test]
    fn what_is_no_job_is_malformed() {
        for row in ["[]", "{\"info\":3}", "{\"history\":{}}", "{\"history\":[3]}"] {
            assert!(write_job(row.as_bytes(), &mut Vec::new()).is_err(), "{row}");
        }
    }
}
