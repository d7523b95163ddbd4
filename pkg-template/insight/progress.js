// @ts-check
// progress() with a lag, for what the row does not say.

import { progress as progressOfRow } from "#glue";
import { argument, kind } from "../runtime/arguments.js";
import { isCount, isObject } from "../runtime/checks.js";
import { ROW } from "./row.js";

/** Between two rows. */
const ELAPSED = kind("milliseconds, more than 0", (value) => typeof value === "number", [
  "milliseconds, more than 0",
  (value) => value > 0 && value < Number.POSITIVE_INFINITY,
]);

/** @param {any} row @param {any} [previous] an earlier row, or a lag and nothing more @param {any} [elapsedMs] @param {any} [lag] */
export function progress(row, previous, elapsedMs, lag) {
  if (isLag(previous) && elapsedMs === undefined && lag === undefined)
    return progress(row, undefined, undefined, previous);
  argument("progress", "row", ROW, row);
  if (previous !== undefined) argument("progress", "previous", ROW, previous);
  if (elapsedMs !== undefined) argument("progress", "elapsedMs", ELAPSED, elapsedMs);
  if (lag === undefined) return progressOfRow(row, previous, elapsedMs);
  if (!isLag(lag)) argument("progress", "lag", "a Lag", lag);
  if (lag.doc_id !== row.doc_id || lag.database !== row.database) {
    throw new RangeError("progress: lag must be that of the row's document");
  }
  const info = isObject(row.info) ? row.info : {};
  // A job can have its counters at the top.
  const known = (/** @type {string} */ name, /** @type {unknown} */ value) => info[name] ?? row[name] ?? value;
  const changes_pending = known("changes_pending", lag.backlog);
  const doc_write_failures = known("doc_write_failures", lag.doc_write_failures);
  return progressOfRow({ ...row, info: { ...info, changes_pending, doc_write_failures } }, previous, elapsedMs);
}

/** @param {any} value */
const isLag = (value) =>
  isObject(value) && isObject(value.resume) && (value.backlog === null || isCount(value.backlog));
