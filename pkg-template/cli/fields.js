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
