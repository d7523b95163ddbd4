// @ts-check
// The expected rows, computed from the server's rows in the simplest way; compared with the package's rows.

export const DOC_KEYS = [
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

export const JOB_KEYS = [
  "database",
  "doc_id",
  "id",
  "pid",
  "node",
  "source",
  "target",
  "user",
  "start_time",
  "info",
  "history",
];

export const JOB_COUNTERS = [
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

/** Masks the secrets in the recordings; ids are unchanged. @param {any} value @returns {any} */
function masked(value) {
  if (typeof value === "string") return value.replace(/\b(token|api_key)=[^&"]+/g, "$1=*****");
  if (typeof value?.error === "string") return { ...value, error: masked(value.error) };
  return value;
}

/** @param {Record<string, any>} row as the server sent it */
export function wholeDoc(row) {
  const filled = Object.fromEntries(DOC_KEYS.map((key) => [key, row[key] ?? null]));
  const { source, target, info } = filled;
  return { ...filled, ...row, source: masked(source), target: masked(target), info: masked(info) };
}

/** @param {Record<string, any>} row as the server sent it @returns {Record<string, any>} */
export function wholeJob(row) {
  const { info, history, pid, id } = row;
  const state = pid ? "running" : history[0]?.type === "crashed" ? "crashing" : "pending";
  return {
    ...row,
    source: masked(row.source),
    target: masked(row.target),
    history: history.map((/** @type {Record<string, unknown>} */ { timestamp, type, ...rest }) => {
      const details = "reason" in rest ? { ...rest, reason: masked(rest.reason) } : rest;
      return { timestamp, type, ...details, details };
    }),
    continuous: id.includes("+continuous"),
    state,
    ...Object.fromEntries(JOB_COUNTERS.map((name) => [name, info?.[name] ?? null])),
  };
}
