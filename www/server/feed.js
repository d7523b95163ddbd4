// @ts-check
// Keeps the rows of one list in step with the server while the page is open.

import { SchedulerError } from "../couchdb-scheduler/index.js";
import { inSlices } from "../lib/slices.js";
import { isSame } from "../rows/row.js";
import { hasHappened } from "./clock.js";
import { Watchdog } from "./watchdog.js";
import { needsLogin } from "./words.js";

/** Interval between refreshes in milliseconds. */
export const INTERVAL = 5000;
/** Delay after the first failure in milliseconds; doubled after each further one. */
const FIRST_PAUSE_MS = 5000;
const MAX_PAUSE_MS = 60_000;
/** Rows that fill a screen: CouchDB produces only thousands per second. */
const PREVIEW = 100;

/**
 * @typedef {import("../rows/rows.js").Delta} Delta
 * @typedef {import("./connection.js").Connection} Connection
 *
 * @typedef {object} Listener
 * @property {(delta: Delta) => void} onPreview the first of many rows
 * @property {(delta: Delta, isFirst: boolean) => void} onRefresh
 * @property {(error: unknown, retryAt: number | null) => void} onFailure `retryAt`: ms since 1970; null: time of the retry is
 *   unknown, or there is none
 * @property {() => boolean} isKnown whether the server has responded before, so that a retry makes sense
 */

/**
 * @template {import("../rows/row.js").ReplicationDoc | import("../rows/row.js").ReplicationJob} Given
 * @typedef {object} Source
 * @property {(signal: AbortSignal) => AsyncIterable<import("../rows/rows.js").Change<Given>[]>} changes each batch of a
 *   refresh, also an empty one; the first has everything, as `added`
 * @property {() => Promise<unknown>} probe rejects with the reason why the server does not respond
 * @property {(signal: AbortSignal) => Promise<Given[]>} [preview] the first rows, long before the last
 */

/**
 * @template {import("../rows/row.js").ReplicationDoc | import("../rows/row.js").ReplicationJob} Given
 * @param {import("../rows/rows.js").Rows<Given>} rows
 * @param {Source<Given>} source
 * @param {Listener} listener
 */
export function feed(rows, { changes, probe, preview }, { onPreview, onRefresh, onFailure, isKnown }) {
  let isStopped = false;
  let isFirst = true;
  let attempt = new AbortController();
  // A watch waits silently until the server responds again.
  const watchdog = new Watchdog(probe, (error) => onFailure(error, null));

  /** @param {AbortSignal} signal */
  async function follow(signal) {
    if (isFirst && preview) {
      const delta = await inSlices(rows.replace(await preview(signal)), () => signal.aborted);
      if (!delta || signal.aborted) return;
      onPreview(delta);
    }
    let isWhole = true;
    for await (const batch of changes(signal)) {
      // After a failure the first batch has everything again: only the differences are news.
      const list = isWhole ? batch.flatMap((change) => (change.type === "removed" ? [] : [change.doc])) : null;
      const delta = await inSlices(list ? rows.replace(list) : rows.apply(batch), () => signal.aborted);
      if (!delta || signal.aborted) return;
      isWhole = false;
      watchdog.feed();
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
        watchdog.rest();
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
      watchdog.rest();
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

/** @param {Connection} connection @param {string} database @returns {Source<import("../rows/row.js").ReplicationDoc>} */
export const docSource = ({ client, scheduler }, database) => ({
  changes: (signal) => scheduler.watch({ database, signal, interval: INTERVAL }),
  probe: () => client.session(),
  preview: async (signal) => (await scheduler.listDocs({ database, limit: PREVIEW, signal })).docs,
});

/**
 * Jobs without a document: the server does not report when one starts or ends, so each refresh reads all of them.
 *
 * @param {Connection} connection
 * @returns {Source<import("../rows/row.js").ReplicationJob>}
 */
export const transientSource = ({ client, scheduler }) => ({
  async *changes(signal) {
    /** @type {Map<string, import("../rows/row.js").ReplicationJob>} */
    let known = new Map();
    for (;;) {
      const { jobs } = await scheduler.listJobs({ signal });
      const now = new Map(jobs.filter(({ doc_id }) => doc_id === null).map((job) => [job.id, job]));
      yield [...differences(known, now)];
      known = now;
      await nextLook(signal);
    }
  },
  probe: () => client.session(),
});

/**
 * @template Given
 * @param {Map<string, Given>} before
 * @param {Map<string, Given>} now
 * @returns {Generator<import("../rows/rows.js").Change<Given>>}
 */
function* differences(before, now) {
  for (const [key, doc] of now) {
    const previous = before.get(key);
    if (previous === undefined) yield { type: "added", doc };
    else if (!isSame(previous, doc)) yield { type: "changed", doc };
  }
  for (const [key, previous] of before) if (!now.has(key)) yield { type: "removed", previous };
}

/** Waits for an interval, and while the page is hidden. @param {AbortSignal} signal */
async function nextLook(signal) {
  await pause(INTERVAL, signal);
  while (document.hidden && !signal.aborted) {
    await new Promise((resolve) => document.addEventListener("visibilitychange", resolve, { once: true }));
  }
  signal.throwIfAborted();
}
