// @ts-check
// The fields that `--json` can choose: those of the published types.

/**
 * @typedef {import("couchdb-scheduler").ReplicationDoc} ReplicationDoc
 * @typedef {import("couchdb-scheduler").ReplicationJob} ReplicationJob
 * @typedef {import("couchdb-scheduler").Summary} Summary
 * @typedef {import("couchdb-scheduler").Change} Change
 */

/** @type {readonly (keyof ReplicationDoc)[]} */
export const DOC = [
  "database",
  "doc_id",
  "id",
  "node",
  "source",
  "target",
  "state",
  "error_count",
  "last_updated",
  "start_time",
  "source_proxy",
  "target_proxy",
  "info",
];

/** @type {readonly (keyof ReplicationJob)[]} */
export const JOB = [
  "database",
  "doc_id",
  "id",
  "pid",
  "node",
  "source",
  "target",
  "user",
  "start_time",
  "continuous",
  "state",
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
  "info",
  "history",
];

/** @type {readonly (keyof Summary)[]} */
export const SUMMARY = [
  "database",
  "total",
  "states",
  "unknown",
  "healthy",
  "unhealthy",
  "retrying",
  "docs_read",
  "docs_written",
  "doc_write_failures",
  "changes_pending",
];

/** @type {readonly (keyof Change)[]} */
export const CHANGE = ["type", "database", "doc_id", "doc", "previous"];

/** @type {readonly (keyof import("couchdb-scheduler").Incident)[]} */
export const INCIDENT = [
  "cause",
  "side",
  "host",
  "message",
  "hint",
  "total",
  "states",
  "since",
  "latest",
  "next_retry",
  "doc_ids",
];

/** @type {readonly (keyof import("couchdb-scheduler").Audit)[]} */
export const AUDIT = ["verdict", "findings", "checked", "blind_spots", "snapshot"];

/** @type {readonly (keyof import("couchdb-scheduler").Lag)[]} */
export const LAG = [
  "database",
  "doc_id",
  "state",
  "backlog",
  "backlog_is_upper_bound",
  "last_progress",
  "resume",
  "doc_write_failures",
  "source",
  "target",
];

/** @type {readonly (keyof import("couchdb-scheduler").Verification)[]} */
export const VERIFICATION = ["complete", "checked", "refused", "in_flight", "extra", "docs", "caveats"];

/** @type {readonly (keyof import("couchdb-scheduler").Capacity)[]} */
export const CAPACITY = ["known", "nodes"];

/** @type {readonly (keyof import("couchdb-scheduler").Updated)[]} */
export const UPDATED = ["id", "rev", "rewinds", "changed"];
