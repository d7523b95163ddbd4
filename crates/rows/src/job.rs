//! Normalizes rows of `/_scheduler/jobs`.
//!
//! A job of CouchDB has neither a state nor counters of its own: the counters are in `info`, the state follows from `pid` and
//! the newest event of `history`, and its id says whether it is continuous.

use std::ops::Range;

use super::columns::{EVENT_KEYS, JOB_KEYS, NULL, put};
use super::info::put_info;
use super::masked::{put_masked, put_others};
use super::state::State;
use crate::json::{Elements, Fields, Malformed, Value, are_equal, holds, string, write_string};

const ID: usize = 2;
const PID: usize = 3;
const SOURCE: usize = 5;
const TARGET: usize = 6;
const INFO: usize = 9;
const HISTORY: usize = 10;

/// Placeholder for the number of events.
const COUNT: &[u8; 10] = b"          ";

/// Appends the values of `row` to `out`, each followed by a comma: one for each key in CouchDB, `null` if missing, then
/// `continuous`, `state`, and an object with the members whose keys are unknown. [`put_info`] writes the `info`; the counters that
/// a normalized job has at the top level as well are not repeated. Secrets in addresses and reasons are masked.
pub fn put_job(row: Value, out: &mut Vec<u8>) -> Result<(), Malformed> {
    let fields = Fields::of(row, &JOB_KEYS)?;
    let history = fields.nested(HISTORY).filter(|history| history.bytes() != NULL);
    for at in 0..JOB_KEYS.len() {
        let value = fields.nested(at);
        match (at, value) {
            (HISTORY, _) => put_history(history, out)?,
            (INFO, _) => put_info(value, out)?,
            (SOURCE | TARGET, Some(url)) => put_masked(url, out)?,
            _ => put(value.map_or(NULL, |value| value.bytes()), out),
        }
    }
    put(if is_continuous(fields.value(ID)) { b"true" } else { b"false" }, out);
    write_string(state(fields.value(PID), history)?.as_str(), out);
    out.push(b',');
    put_others(&fields.others, out)
}

fn is_continuous(id: Option<&[u8]>) -> bool {
    id.and_then(string).is_some_and(|id| holds(&id, "+continuous"))
}

/// A job with a process is running; one without waits for a free slot, or for its back-off after a crash.
fn state(pid: Option<&[u8]>, history: Option<Value>) -> Result<State, Malformed> {
    if pid.is_some_and(|pid| pid != NULL) {
        return Ok(State::Running);
    }
    let Some(newest) = history.and_then(|history| Elements::of(history).next()) else {
        return Ok(State::Pending);
    };
    let event = Fields::known(newest?, &EVENT_KEYS)?;
    let crashed = event.get("type").and_then(string).as_deref() == Some("crashed");
    Ok(if crashed { State::Crashing } else { State::Pending })
}

/// Appends the number of events, then for each its time, its type, and its remaining members: 0 for none, a string for a reason
/// only, or an object.
fn put_history(history: Option<Value>, out: &mut Vec<u8>) -> Result<(), Malformed> {
    let start = out.len();
    put(COUNT, out);
    let mut count: u32 = 0;
    // The last reason and its masked text in `out`: a replication crashes for the same reason again and again.
    let mut last: Option<(&[u8], Range<usize>)> = None;
    for event in history.into_iter().flat_map(Elements::of) {
        let fields = Fields::of(event?, &EVENT_KEYS)?;
        put(fields.value(0).unwrap_or(NULL), out);
        put(fields.value(1).unwrap_or(NULL), out);
        match fields.nested(2) {
            None if fields.others.is_empty() => put(b"0", out),
            Some(reason) if fields.others.is_empty() && reason.bytes().starts_with(b"\"") => match &last {
                Some((equal, masked)) if are_equal(reason.bytes(), equal) => out.extend_from_within(masked.clone()),
                _ => {
                    let start = out.len();
                    put_masked(reason, out)?;
                    last = Some((reason.bytes(), start..out.len()));
                }
            },
            reason => {
                let reason = reason.map(|reason| ("reason".into(), reason));
                put_others(&reason.into_iter().chain(fields.others).collect::<Vec<_>>(), out)?;
            }
        }
        count += 1;
    }
    let mut buffer = itoa::Buffer::new();
    let digits = buffer.format(count).as_bytes();
    let end = start + COUNT.len();
    // It always fits: the placeholder has room for every u32.
    if let Some(place) = out.get_mut(end - digits.len()..end) {
        place.copy_from_slice(digits);
    }
    Ok(())
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::super::columns::tests::values;
    use super::*;
    use serde_json::{Value, json};

    fn put(row: &Value) -> Vec<Value> {
        values(&row.to_string(), put_job).unwrap()
    }

    #[test]
    fn a_job_without_info_has_every_value() {
        let job = put(&json!({"id": "0a", "info": null}));
        // Nothing in info, no event, not continuous, pending, nothing else.
        assert_eq!(job[..9], json!([null, null, "0a", null, null, null, null, null, null]).as_array().unwrap()[..]);
        assert_eq!(job[9..], json!([0, 0, false, "pending", null]).as_array().unwrap()[..]);
    }

    #[test]
    fn the_id_says_whether_it_is_continuous() {
        let job = put(&json!({"id": "0a+continuous+create_target", "info": {"docs_read": 7}, "new": 1}));
        assert_eq!(job[9..], json!([2, {"docs_read": 7}, 0, true, "pending", {"new": 1}]).as_array().unwrap()[..]);
    }

    #[test]
    fn the_state_follows_from_the_process_and_the_newest_event() {
        let crashed = json!({"timestamp": "2026-11-22T22:02:07Z", "type": "crashed", "reason": "x"});
        let started = json!({"timestamp": "2026-11-22T22:02:05Z", "type": "started"});
        let state = |pid: Value, history: &[&Value]| {
            let job = put(&json!({"pid": pid, "history": history}));
            job[job.len() - 2].clone()
        };
        assert_eq!(state(json!("<0.1.0>"), &[&crashed]), "running");
        assert_eq!(state(Value::Null, &[&crashed, &started]), "crashing");
        assert_eq!(state(Value::Null, &[&started, &crashed]), "pending");
        assert_eq!(state(Value::Null, &[]), "pending");
    }

    #[test]
    fn an_event_keeps_its_other_members() {
        let history = json!([
            {"timestamp": "t", "type": "crashed", "reason": "no\n\"db\""}, {"timestamp": "s", "type": "added"},
            {"type": "x", "reason": 3}, {"timestamp": 0, "reason": "a", "b": 1},
        ]);
        assert_eq!(
            put(&json!({ "history": history }))[10..23],
            json!([
                4, "t", "crashed", "no\n\"db\"", "s", "added", 0, null, "x", {"reason": 3}, 0, null, {"reason": "a", "b": 1}
            ])
            .as_array()
            .unwrap()[..]
        );
        let many: Vec<Value> = (0..123).map(|n| json!({ "timestamp": n })).collect();
        assert_eq!(put(&json!({ "history": many }))[10], 123);
    }

    #[test]
    fn secrets_are_masked_but_ids_are_not() {
        let job = Value::from(put(&json!({
            "doc_id": "a?token=1", "target": "http://u:s3cret@h/db",
            "history": [
                {"type": "crashed", "reason": "{error,\"http://h/?apikey=s3cret\"}"},
                {"type": "crashed", "reason": "{error,\"http://h/?apikey=s3cret\"}", "more": "http://u:s3cret@h/"},
            ],
        })));
        assert!(!job.to_string().contains("s3cret"), "{job}");
        assert_eq!(job[1], "a?token=1");
    }

    #[test]
    fn other_json_than_a_job_is_malformed() {
        for row in ["[]", "{\"history\":{}}", "{\"history\":[3]}", "{\"info\":{\"a\"}}"] {
            assert_eq!(values(row, put_job), Err(Malformed), "{row}");
        }
    }
}
