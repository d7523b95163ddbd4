//! Rows as values without their keys.
//!
//! The rows of a list have the same keys, and the engine's JSON parser takes three times as long
//! for objects as for their values alone. So a row goes to JavaScript as values, each followed by a
//! comma. pkg-template/runtime/rows.js reads them in the same order and builds the objects:
//! tests/lists/columns.test.js compares both sides.

/// The keys of a row, in the order of the normalized row.
pub const DOC_KEYS: [&str; 13] = [
    "database",
    "doc_id",
    "id",
    "node",
    "source",
    "target",
    "state",
    "info",
    "error_count",
    "last_updated",
    "start_time",
    "source_proxy",
    "target_proxy",
];

/// The keys of a job in CouchDB, in the order of the normalized row.
pub const JOB_KEYS: [&str; 11] =
    ["database", "doc_id", "id", "pid", "node", "source", "target", "user", "start_time", "info", "history"];

/// The keys of a history event that its `details` do not repeat, and the only other one in CouchDB.
pub const EVENT_KEYS: [&str; 3] = ["timestamp", "type", "reason"];

/// The counters of a replication with a job, in CouchDB's order. A completed one has all but the last two.
pub const INFO_COUNTERS: [&str; 11] = [
    "revisions_checked",
    "missing_revisions_found",
    "docs_read",
    "docs_written",
    "changes_pending",
    "doc_write_failures",
    "bulk_get_docs",
    "bulk_get_attempts",
    "checkpointed_source_seq",
    "source_seq",
    "through_seq",
];

/// A missing value.
pub const NULL: &[u8] = b"null";

/// Appends one value, which is JSON already.
// Not inlined: there are many callers.
#[inline(never)]
pub fn put(value: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(value);
    out.push(b',');
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
pub(crate) mod tests {
    use crate::json::{Indexed, Malformed, Value};
    use serde_json::Value as Json;

    /// The values that `put` writes for a row.
    pub fn values(row: &str, put: fn(Value, &mut Vec<u8>) -> Result<(), Malformed>) -> Result<Vec<Json>, Malformed> {
        let mut out = b"[".to_vec();
        put(Indexed::of(row.as_bytes())?.value(), &mut out)?;
        assert_eq!(out.pop(), Some(b','));
        out.push(b']');
        Ok(serde_json::from_slice(&out).unwrap())
    }
}
