// @ts-check
// How many changes replications still have to process, and when they last made progress: running ones report the first in their rows,
// of all others only their databases know it.

import { putLast } from "./put-last.js";

/**
 * @typedef {import("./row.js").Row} Row
 * @typedef {import("couchdb-scheduler").Lag} Lag
 *
 * @typedef {object} Measured
 * @property {number} at ms since 1970
 * @property {number | null} backlog
 * @property {boolean} isUpperBound
 * @property {string | null} lastProgress ISO 8601
 * @property {string | null} why there is no backlog
 */

/** Milliseconds for which it is not requested again. */
const FRESH_MS = 60_000;
/** Maximum number of replications; the oldest entries make room. */
const MAX_KEPT = 100_000;

export const ELSEWHERE = "The source is on another server: this page sends no requests there.";

/** Other replications have no checkpoints to read. @param {Row} row */
export const hasJob = ({ given }) => given.doc_id !== null && given.id !== null;

export class Backlogs {
  /** By key, oldest first. @type {Map<string, Measured>} */
  #measured = new Map();
  /** Increases with each change. */
  version = 0;

  /** @param {Row} row */
  of(row) {
    return hasJob(row) ? this.#measured.get(row.key) : undefined;
  }

  /** Number of changes; null: unknown. @param {Row} row */
  backlog(row) {
    if (row.state === "running" && row.pending !== null) return row.pending;
    return this.of(row)?.backlog ?? (row.state === "pending" ? row.pending : null);
  }

  /** ISO 8601; null: unknown. @param {Row} row */
  lastProgress(row) {
    return this.of(row)?.lastProgress ?? null;
  }

  /** @param {Row} row @param {number} now */
  isDue(row, now) {
    return hasJob(row) && now - (this.of(row)?.at ?? 0) >= FRESH_MS;
  }

  /** @param {Lag} lag @param {number} at */
  put({ doc_id, backlog, backlog_is_upper_bound, last_progress, source }, at) {
    const why =
      source.status === "not_asked"
        ? ELSEWHERE
        : (source.error?.reason ?? source.error?.message ?? "The source does not report how far it is.");
    this.#put(doc_id, {
      at,
      backlog,
      isUpperBound: backlog_is_upper_bound,
      lastProgress: last_progress,
      why: backlog === null ? why : null,
    });
  }

  /** The last known progress stays. @param {string} key @param {string} why @param {number} at */
  fail(key, why, at) {
    const lastProgress = this.#measured.get(key)?.lastProgress ?? null;
    this.#put(key, { at, backlog: null, isUpperBound: false, lastProgress, why });
  }

  /** @param {string} key @param {Measured} measured */
  #put(key, measured) {
    putLast(this.#measured, key, measured, MAX_KEPT);
    this.version++;
  }

  /** @param {import("./rows.js").Delta} delta */
  take({ removed }) {
    for (const { key } of removed) this.#measured.delete(key);
  }
}

/**
 * Maximum number of requests for the backlogs of all these replications: one for each, those for the checkpoints of each database, and
 * the lists, in groups of 1,000.
 *
 * @param {Iterable<Row>} rows with a job
 */
export function requestsFor(rows) {
  const databases = new Set();
  let many = 0;
  for (const { source, target } of rows) {
    many++;
    databases.add(source).add(target);
  }
  return many + databases.size + 2 * Math.ceil(many / 1000);
}
