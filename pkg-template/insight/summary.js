// @ts-check
// summary(): documents counted by state, in one replicator database or in all of them.

import { REPLICATION_STATES } from "../runtime/replication-states.js";
import { method } from "./call.js";
import { COUNTING, countEach } from "./databases.js";

/** @typedef {import("couchdb-scheduler").Summary} Summary */

/** @param {import("#glue").Client} client @param {unknown} [options] */
export async function summary(client, options) {
  return method(client, "summary", options, COUNTING, async (call, { database, onProgress }) => {
    let sum = emptySummary(database);
    await countEach(call, database, onProgress, async (path, report) => {
      sum = added(sum, await client.__summary(path, report, call.signal));
    });
    return sum;
  });
}

/** @param {string} database @returns {Summary} */
export const emptySummary = (database) => ({
  database,
  total: 0,
  states: /** @type {Summary["states"]} */ (Object.fromEntries(REPLICATION_STATES.map((state) => [state, 0]))),
  unknown: 0,
  healthy: 0,
  unhealthy: 0,
  retrying: 0,
  docs_read: 0,
  docs_written: 0,
  doc_write_failures: 0,
  changes_pending: null,
});

/**
 * The members of `sum`, with those of `more` added. What is unknown in both stays unknown.
 *
 * @template {Record<string, any>} T
 * @param {T} sum
 * @param {Record<string, any>} more
 * @returns {T}
 */
export function added(sum, more) {
  const entries = Object.entries(sum).map(([key, value]) => {
    const other = more[key] ?? null;
    if (other === null) return [key, value];
    return [key, typeof other === "object" ? added(value, other) : value + other];
  });
  return /** @type {T} */ (Object.fromEntries(entries));
}
