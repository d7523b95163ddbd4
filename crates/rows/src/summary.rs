//! Counting a replicator database by state, row by row, without building a row.

use serde::{Serialize, Serializer};

use super::seen::Seen;
use super::state::State;
use crate::json::{Malformed, Value, find_each};

/// The keys of a row that are counted.
const ROW_KEYS: [&str; 4] = ["state", "error_count", "info", "doc_id"];

/// The counters of its `info`.
const INFO_KEYS: [&str; 4] = ["docs_read", "docs_written", "changes_pending", "doc_write_failures"];

/// The replications of one database, counted by state.
#[derive(Default)]
pub struct Summary {
    seen: Seen,
    total: u64,
    states: [u64; State::ALL.len()],
    unknown: u64,
    retrying: u64,
    docs_read: u64,
    docs_written: u64,
    doc_write_failures: u64,
    changes_pending: Option<u64>,
}

impl Summary {
    /// Adds one row.
    // Not inlined: inlined into another crate it would be compiled for size.
    #[inline(never)]
    pub fn add(&mut self, row: Value) -> Result<(), Malformed> {
        let (mut state, mut errors, mut info, mut id) = (None, None, None, None);
        find_each(row, &ROW_KEYS, |at, value| match at {
            0 => state = State::from_json(value.bytes()),
            1 => errors = number(value),
            2 => info = Some(value),
            _ => id = Some(value.bytes()),
        })?;
        if id.is_some_and(|id| !self.seen.insert(id)) {
            return Ok(());
        }
        self.total += 1;

        // `ALL` is in the order of the variants.
        match state.and_then(|state| self.states.get_mut(state as usize)) {
            Some(count) => *count += 1,
            None => self.unknown += 1,
        }
        let is_at_work = state.is_some_and(|state| state.has_job() && !state.is_unhealthy());
        if is_at_work && errors.is_some_and(|errors| errors > 0) {
            self.retrying += 1;
        }

        if let Some(info) = info.filter(|info| info.bytes().starts_with(b"{")) {
            // Added when all are known, as the last value of a duplicate key counts.
            let mut counters = [None; INFO_KEYS.len()];
            find_each(info, &INFO_KEYS, |at, value| {
                if let Some(counter) = counters.get_mut(at) {
                    *counter = number(value);
                }
            })?;
            let [read, written, pending, failures] = counters;
            self.docs_read += read.unwrap_or(0);
            self.docs_written += written.unwrap_or(0);
            self.doc_write_failures += failures.unwrap_or(0);
            if let Some(pending) = pending {
                *self.changes_pending.get_or_insert_default() += pending;
            }
        }
        Ok(())
    }

    /// Returns the number of rows.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// Returns the summary as JavaScript gets it.
    pub fn report(&self) -> Report {
        let (mut healthy, mut unhealthy) = (0, 0);
        for (state, count) in State::ALL.iter().zip(self.states) {
            *(if state.is_unhealthy() { &mut unhealthy } else { &mut healthy }) += count;
        }
        Report {
            total: self.total as f64,
            states: self.states,
            unknown: self.unknown as f64,
            healthy: healthy as f64,
            unhealthy: unhealthy as f64,
            retrying: self.retrying as f64,
            docs_read: self.docs_read as f64,
            docs_written: self.docs_written as f64,
            doc_write_failures: self.doc_write_failures as f64,
            changes_pending: self.changes_pending.map(|pending| pending as f64),
        }
    }
}

/// A summary as JavaScript gets it. All numbers are floating-point, as they are there.
#[derive(Serialize)]
pub struct Report {
    total: f64,
    #[serde(serialize_with = "with_names")]
    states: [u64; State::ALL.len()],
    unknown: f64,
    healthy: f64,
    unhealthy: f64,
    retrying: f64,
    docs_read: f64,
    docs_written: f64,
    doc_write_failures: f64,
    changes_pending: Option<f64>,
}

fn with_names<S: Serializer>(counts: &[u64; State::ALL.len()], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(State::ALL.iter().zip(counts).map(|(state, count)| (state.as_str(), *count as f64)))
}

/// Reads an integer from 0 up with a maximum of 18 digits, which cannot overflow.
fn number(value: Value) -> Option<u64> {
    let digits = value.bytes();
    let is_number = matches!(digits.len(), 1..=18) && digits.iter().all(u8::is_ascii_digit);
    is_number.then(|| digits.iter().fold(0, |sum, digit| sum * 10 + u64::from(digit - b'0')))
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::Summary;
    use crate::json::Indexed;
    use serde_json::{Value, json};

    fn counted(rows: &[Value]) -> Summary {
        let mut summary = Summary::default();
        for row in rows {
            summary.add(Indexed::of(row.to_string().as_bytes()).unwrap().value()).unwrap();
        }
        summary
    }

    fn summary(rows: &[Value]) -> Value {
        // Whole floating-point numbers without their ".0", as JavaScript writes them.
        let json = serde_json::to_string(&counted(rows).report()).unwrap();
        serde_json::from_str(&json.replace(".0", "")).unwrap()
    }

    #[test]
    fn counts_states_and_counters() {
        let rows = [
            json!({"state": "running", "error_count": 0, "info": {"docs_read": 5, "docs_written": 4, "doc_write_failures": 1, "changes_pending": 7}}),
            json!({"state": "running", "error_count": 2, "info": null}),
            json!({"state": "pending", "error_count": 1, "info": {"docs_read": 1, "changes_pending": null}}),
            json!({"state": "crashing", "error_count": 3, "info": {"error": "\"docs_read\":9"}}),
            json!({"state": null, "error_count": 0}),
        ];
        assert_eq!(
            summary(&rows),
            json!({
                "total": 5,
                "states": {"initializing": 0, "running": 2, "completed": 0, "pending": 1, "crashing": 1, "error": 0, "failed": 0},
                "unknown": 1, "healthy": 3, "unhealthy": 1, "retrying": 2,
                "docs_read": 6, "docs_written": 4, "doc_write_failures": 1, "changes_pending": 7,
            })
        );
    }

    #[test]
    fn only_counts_are_counted() {
        let read = |docs_read: Value| counted(&[json!({"info": { "docs_read": docs_read }})]).docs_read;
        assert_eq!(read(json!(999_999_999_999_999_999_u64)), 999_999_999_999_999_999_u64);
        for other in [json!(-1), json!(1.5), json!("7"), json!(null), json!(u64::MAX)] {
            assert_eq!(read(other.clone()), 0, "{other}");
        }
    }

    #[test]
    fn unknown_pending_changes_stay_unknown() {
        assert_eq!(
            summary(&[json!({"state": "running", "info": {"changes_pending": null}})])["changes_pending"],
            Value::Null
        );
        assert_eq!(summary(&[])["changes_pending"], Value::Null);
    }
}
