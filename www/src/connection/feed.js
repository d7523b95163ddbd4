// @ts-check
// Keeps the rows of one list in step with the server.

import { SchedulerError } from "couchdb-scheduler";
import { inSlices } from "../model/slices.js";
import { needsLogin } from "./trouble.js";

/** Interval between refreshes in milliseconds. */
const INTERVAL = 5000;
/** Delay in milliseconds after which an ended watch starts again. */
const PAUSE_MS = 15_000;
/** Rows that fill a screen: CouchDB produces only thousands per second. */
const PREVIEW = 100;

/**
 * @typedef {import("../model/rows.js").Delta} Delta
 * @typedef {import("./connection.js").Connection} Connection
 * @typedef {import("../model/row.js").ReplicationDoc | import("../model/row.js").ReplicationJob} Given
 *
 * @typedef {object} Listener
 * @property {(delta: Delta, isWhole: boolean) => void} onRefresh `isWhole`: the list is complete, not only its first rows
 * @property {(error: unknown, retryAt: number | null) => void} onFailure `retryAt`: ms since 1970; null: there is no retry
 * @property {() => boolean} mayRetry whether the server has responded before
 */

/**
 * @template {Given} G
 * @typedef {object} Source
 * @property {(options: import("couchdb-scheduler").TickOptions & { signal: AbortSignal }) =>
 *   AsyncIterable<import("../model/rows.js").Change<G>[]>} changes each batch of a refresh; the first has everything
 * @property {(signal: AbortSignal) => AsyncIterable<{ list: G[], isWhole: boolean }>} [ahead] lists that arrive long before the first
 *   batch of `changes`
 */

/**
 * @template {Given} G
 * @typedef {object} Feed
 * @property {() => void} stop
 * @property {() => void} hurry refreshes now instead of later
 * @property {(change: import("../model/rows.js").Change<G>) => Promise<void>} take applies a change of one row that was not found by this feed
 */

/**
 * @template {Given} G
 * @param {import("../model/rows.js").Rows<G>} rows
 * @param {Source<G>} source
 * @param {Listener} listener
 * @returns {Feed<G>}
 */
export function feed(rows, { changes, ahead }, { onRefresh, onFailure, mayRetry }) {
  let isStopped = false;
  let isFirst = true;
  let attempt = new AbortController();

  /** @type {Promise<unknown>} */
  let work = Promise.resolve();

  /** One after the other: what is reported first has happened first. @param {Generator<undefined, Delta, undefined>} changes @param {boolean} isWhole */
  function take(changes, isWhole) {
    const taken = work.then(async () => {
      const delta = isStopped ? undefined : await inSlices(changes, () => isStopped);
      if (delta && !isStopped) onRefresh(delta, isWhole);
    });
    work = taken.catch(() => {});
    return taken;
  }

  /** A function of its own, since what waits for the next refresh would keep its lists. @param {AsyncIterable<{ list: G[], isWhole: boolean }>} lists */
  async function lookAhead(lists) {
    for await (const { list, isWhole } of lists) {
      isFirst = !isWhole;
      await take(rows.replace(list), isWhole);
    }
  }

  /** @param {AbortSignal} signal */
  async function follow(signal) {
    if (isFirst && ahead) await lookAhead(ahead(signal));
    let isWhole = true;
    const onRetry = (/** @type {unknown} */ error, /** @type {number} */ retryAt) => {
      if (!signal.aborted) onFailure(error, retryAt);
    };
    for await (const batch of changes({ interval: INTERVAL, signal, onRetry })) {
      // Most of a whole list is known already: only the differences are news.
      const list = isWhole ? batch.flatMap((change) => (change.type === "removed" ? [] : [change.doc])) : null;
      isWhole = false;
      isFirst = false;
      await take(list ? rows.replace(list) : rows.apply(batch), true);
    }
  }

  async function run() {
    while (!isStopped) {
      attempt = new AbortController();
      const { signal } = attempt;
      try {
        await follow(signal);
      } catch (error) {
        if (isStopped) return;
        if (signal.aborted) continue;
        if (needsLogin(error) || !mayRetry()) return onFailure(error, null);
        const asked = error instanceof SchedulerError ? (error.retryAfter ?? 0) * 1000 : 0;
        const ms = Math.max(PAUSE_MS, asked);
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
    hurry: () => attempt.abort(),
    take: (change) => take(rows.apply([change]), false),
  };
}

/** Ends early when the signal is aborted. @param {number} ms @param {AbortSignal} signal */
const pause = (ms, signal) =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => resolve(clearTimeout(timer)), { once: true });
  });

/** @param {Pick<Connection, "scheduler">} connection @param {string} database @returns {Source<import("../model/row.js").ReplicationDoc>} */
export const docSource = ({ scheduler }, database) => ({
  changes: (options) => scheduler.watch({ database, ...options }),
  async *ahead(signal) {
    const { docs } = await scheduler.listDocs({ database, limit: PREVIEW, signal });
    yield { list: docs, isWhole: false };
    if (docs.length < PREVIEW) return;
    // A watch reads all jobs first, which takes CouchDB 2 to 20 seconds where this takes 3.
    yield { list: (await scheduler.listDocs({ database, signal })).docs, isWhole: true };
  },
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
