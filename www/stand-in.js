// @ts-check
// What the package does not have yet: to be deleted when it has.

/** @typedef {any} Diagnosis */
/** @typedef {any} Progress */

/** @param {any} row @returns {any} */
export function diagnose(row) {
  const error = row.info?.error ?? (row.state === "crashing" ? row.history?.[0]?.reason : null);
  if (!error && !(row.error_count > 0)) return null;
  const seconds = Math.min(30 * 2 ** (row.error_count - 1), 30720);
  return {
    cause: /unauthorized/.test(error ?? "") ? "unauthorized" : "unknown",
    side: "source",
    message: "The source refuses the user name and password.",
    hint: "Check the credentials in the replication document.",
    permanent: row.state === "failed",
    failures: row.error_count ?? 0,
    next_retry: row.state === "crashing" ? new Date(Date.parse(row.last_updated) + seconds * 1000).toISOString() : null,
  };
}

/** @param {any} row @param {any} [previous] @param {number} [elapsedMs] @returns {any} */
export function progress(row, previous, elapsedMs) {
  const of = (/** @type {any} */ { info }) => (info && "docs_written" in info ? info : null);
  const info = of(row);
  const before = previous && of(previous);
  const rate = info && before && elapsedMs ? ((info.docs_written - before.docs_written) * 1000) / elapsedMs : null;
  const pending = info?.changes_pending ?? null;
  return {
    docs_read: info?.docs_read ?? null,
    docs_written: info?.docs_written ?? null,
    doc_write_failures: info?.doc_write_failures ?? null,
    changes_pending: pending,
    fraction:
      pending === null || !info
        ? row.state === "completed"
          ? 1
          : null
        : info.docs_written / (info.docs_written + pending || 1),
    docs_per_second: rate,
    seconds_left: rate && pending !== null ? pending / rate : null,
    stalled: null,
  };
}
