// @ts-check
// Keeps the rows of one list in step with the server while the page is open.

import { SchedulerError } from "couchdb-scheduler";
import { hasHappened } from "../model/clock.js";
import { inSlices } from "../model/slices.js";
import { needsLogin } from "./trouble.js";

/** Interval between refreshes in milliseconds. */
export const INTERVAL = 5000;
/** Delay after the first failure in milliseconds; doubled after each further one. */
const FIRST_PAUSE_MS = 5000;
const MAX_PAUSE_MS = 60_000;
/** Rows that fill a screen: CouchDB produces only thousands per second. */
const PREVIEW = 100;

/**
 * @typedef {import("../model/rows.js").Delta} Delta
 * @typedef {import("./connection.js").Connection} Connection
 *
 * @typedef {object} Options of a watch
 * @property {number} interval
 * @property {AbortSignal} signal
 * @property {(error: unknown, retryAt: number) => void} onRetry
 *
 * @typedef {object} Listener
 * @property {(delta: Delta) => void} onPreview the first of many rows
 * @property {(delta: Delta, isFirst: boolean) => void} onRefresh
 * @property {(error: unknown, retryAt: number | null) => void} onFailure `retryAt`: ms since 1970; null: there is no retry
 * @property {() => boolean} isKnown whether the server has responded before, so that a retry makes sense
 */

/**
 * @template {import("../model/row.js").ReplicationDoc | import("../model/row.js").ReplicationJob} Given
 * @typedef {object} Source
 * @property {(options: Options) => AsyncIterable<import("../model/rows.js").Change<Given>[]>} changes each batch of a
 *   refresh, also an empty one; the first has everything, as `added`
 * @property {(signal: AbortSignal) => Promise<Given[]>} [preview] the first rows, long before the last
 */

/**
 * @template {import("../model/row.js").ReplicationDoc | import("../model/row.js").ReplicationJob} Given
 * @param {import("../model/rows.js").Rows<Given>} rows
 * @param {Source<Given>} source
 * @param {Listener} listener
 */
export function feed(rows, { changes, preview }, { onPreview, onRefresh, onFailure, isKnown }) {
  let isStopped = false;
  let isFirst = true;
  let attempt = new AbortController();

  /** @param {AbortSignal} signal */
  async function follow(signal) {
    if (isFirst && preview) {
      const delta = await inSlices(rows.replace(await preview(signal)), () => signal.aborted);
      if (!delta || signal.aborted) return;
      onPreview(delta);
    }
    let isWhole = true;
    const onRetry = (/** @type {unknown} */ error, /** @type {number} */ retryAt) => {
      if (!signal.aborted) onFailure(error, retryAt);
    };
    for await (const batch of changes({ interval: INTERVAL, signal, onRetry })) {
      // After a failure the first batch has everything again: only the differences are news.
      const list = isWhole ? batch.flatMap((change) => (change.type === "removed" ? [] : [change.doc])) : null;
      const delta = await inSlices(list ? rows.replace(list) : rows.apply(batch), () => signal.aborted);
      if (!delta || signal.aborted) return;
      isWhole = false;
      for (const { updated } of newest(delta)) hasHappened(updated);
      onRefresh(delta, isFirst);
      isFirst = false;
    }
  }

  async function run() {
    for (let failures = 0; !isStopped; ) {
      attempt = new AbortController();
      const { signal } = attempt;
      const begun = Date.now();
      try {
        await follow(signal);
      } catch (error) {
        if (isStopped) return;
        if (signal.aborted) continue;
        if (needsLogin(error) || !isKnown()) return onFailure(error, null);
        // After a healthy period, failures count from zero.
        failures = Date.now() - begun > MAX_PAUSE_MS ? 1 : failures + 1;
        const ms = pauseAfter(error, failures);
        onFailure(error, Date.now() + ms);
        await pause(ms, signal);
      }
    }
  }

  void run();
  return {
    stop() {
      isStopped = true;
      attempt.abort();
    },
    /** Refreshes now instead of later. */
    hurry: () => attempt.abort(),
  };
}

/** @param {Delta} delta */
function* newest({ added, changed }) {
  yield* added;
  for (const { row } of changed) yield row;
}

/** @param {unknown} error @param {number} failures in a row */
function pauseAfter(error, failures) {
  const asked = error instanceof SchedulerError && error.retryAfter !== null ? error.retryAfter * 1000 : 0;
  return Math.max(asked, Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), MAX_PAUSE_MS));
}

/** Ends early when the signal is aborted. @param {number} ms @param {AbortSignal} signal */
const pause = (ms, signal) =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
    signal.addEventListener("abort", resolve, { once: true });
  });

/** @param {Connection} connection @param {string} database @returns {Source<import("../model/row.js").ReplicationDoc>} */
export const docSource = ({ scheduler }, database) => ({
  changes: (options) => scheduler.watch({ database, ...options }),
  preview: async (signal) => (await scheduler.listDocs({ database, limit: PREVIEW, signal })).docs,
});

/** Jobs without a document. @param {Connection} connection @returns {Source<import("../model/row.js").ReplicationJob>} */
export const transientSource = ({ scheduler }) => ({
  async *changes(options) {
    for await (const batch of scheduler.watchJobs(options)) {
      yield batch
        .filter(({ job, previous }) => (job ?? previous).doc_id === null)
        .map(({ type, job, previous }) => (type === "removed" ? { type, previous } : { type, doc: job }));
    }
  },
});
