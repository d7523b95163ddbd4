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
    append(value, out);
    out.push(b',');
}

/// Appends `bytes`. Copying few bytes with `memory.copy` is a call out of the wasm, which takes longer than the copying, and most values
/// are short: so they are copied in blocks, of which the last one overlaps the one that precedes it.
#[inline]
pub fn append(bytes: &[u8], out: &mut Vec<u8>) {
    match bytes.len() {
        4..8 => append_blocks::<4>(bytes, out),
        8..16 => append_blocks::<8>(bytes, out),
        16..=96 => append_blocks::<16>(bytes, out),
        0..4 => bytes.iter().for_each(|byte| out.push(*byte)),
        _ => out.extend_from_slice(bytes),
    }
}

#[inline(always)]
fn append_blocks<const SIZE: usize>(bytes: &[u8], out: &mut Vec<u8>) {
    let (blocks, rest) = bytes.as_chunks::<SIZE>();
    for block in blocks {
        out.extend_from_slice(block);
    }
    if let Some(last) = bytes.last_chunk::<SIZE>().filter(|_| !rest.is_empty()) {
        out.truncate(out.len() - (SIZE - rest.len()));
        out.extend_from_slice(last);
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::append;

    #[test]
    fn bytes_of_any_length_are_appended() {
        let bytes: Vec<u8> = (0..200).collect();
        for len in 0..bytes.len() {
            let mut out = vec![7];
            append(&bytes[..len], &mut out);
            assert_eq!(out[0], 7);
            assert_eq!(&out[1..], &bytes[..len]);
        }
    }
}
