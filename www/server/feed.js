// @ts-check
// Keeps the rows of one list like the server's, for as long as the page is open.

import { SchedulerError } from "../couchdb-scheduler/index.js";
import { inSlices } from "../lib/slices.js";
import { watch } from "../stand-in.js";
import { hasHappened } from "./clock.js";
import { needsLogin } from "./words.js";

/** Milliseconds from one refresh to the next. */
export const INTERVAL = 5000;
/** Milliseconds after the first failure until it is tried again; twice as long after each further one. */
const FIRST_PAUSE = 5000;
const LONGEST_PAUSE = 60_000;

/**
 * @typedef {import("../rows/rows.js").Delta} Delta
 * @typedef {import("./connection.js").Connection} Connection
 *
 * @typedef {object} Listener
 * @property {(delta: Delta, isFirst: boolean) => void} onRefresh
 * @property {(error: unknown, retryAt: number | null) => void} onFailure `retryAt`: ms since 1970; null: it is not tried again
 * @property {() => boolean} isKnown whether the server has answered before, so that it is worth asking again
 */

/**
 * @template {import("../rows/row.js").ReplicationDoc | import("../rows/row.js").ReplicationJob} Given
 * @param {import("../rows/rows.js").Rows<Given>} rows
 * @param {(signal: AbortSignal) => AsyncIterable<import("../rows/rows.js").Change<Given>[]>} changes each batch of a
 *   refresh; the first is everything, as `added`
 * @param {Listener} listener
 */
export function feed(rows, changes, { onRefresh, onFailure, isKnown }) {
  const stopped = new AbortController();
  /** @type {() => void} */
  let hurry = () => {};
  let isFirst = true;

  /** @param {number} ms */
  const pause = (ms) =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      hurry = () => {
        clearTimeout(timer);
        resolve(undefined);
      };
    });

  async function run() {
    const { signal } = stopped;
    for (let failures = 0; !signal.aborted; ) {
      try {
        let isWhole = true;
        for await (const batch of changes(signal)) {
          if (signal.aborted) return;
          // After a failure the first batch is everything once more: only what is new in it is news.
          const list = isWhole ? batch.flatMap((change) => (change.type === "removed" ? [] : [change.doc])) : null;
          const delta = await inSlices(list ? rows.replace(list) : rows.apply(batch), () => signal.aborted);
          if (!delta) return;
          isWhole = false;
          failures = 0;
          for (const { updated } of newest(delta)) hasHappened(updated);
          onRefresh(delta, isFirst);
          isFirst = false;
        }
        return;
      } catch (error) {
        if (signal.aborted) return;
        const ms = needsLogin(error) || !isKnown() ? null : pauseAfter(error, failures++);
        onFailure(error, ms === null ? null : Date.now() + ms);
        if (ms === null) return;
        await pause(ms);
      }
    }
  }

  void run();
  return {
    stop() {
      stopped.abort();
      hurry();
    },
    /** Now instead of later. */
    hurry: () => hurry(),
  };
}

/** @param {Delta} delta */
function* newest({ added, changed }) {
  yield* added;
  for (const { row } of changed) yield row;
}

/** @param {unknown} error @param {number} failures before it */
function pauseAfter(error, failures) {
  const asked = error instanceof SchedulerError && error.retryAfter !== null ? error.retryAfter * 1000 : 0;
  return Math.max(asked, Math.min(FIRST_PAUSE * 2 ** failures, LONGEST_PAUSE));
}

/** @param {Connection} connection @param {string} database */
export const docChanges =
  ({ scheduler }, database) =>
  (/** @type {AbortSignal} */ signal) =>
    watch(scheduler, { database, signal, interval: INTERVAL });

/** Jobs that no document asked for: the server tells nobody when one comes or goes. @param {Connection} connection */
export const transientChanges = ({ scheduler }) =>
  async function* (/** @type {AbortSignal} */ signal) {
    for (;;) {
      const { jobs } = await scheduler.listJobs({ signal });
      yield jobs.filter(({ doc_id }) => doc_id === null).map((doc) => ({ type: /** @type {const} */ ("added"), doc }));
      await nextLook(signal);
    }
  };

/** An interval later, and not while nobody looks. @param {AbortSignal} signal */
export async function nextLook(signal) {
  await new Promise((resolve) => {
    setTimeout(resolve, INTERVAL);
    signal.addEventListener("abort", resolve, { once: true });
  });
  while (document.hidden && !signal.aborted) {
    await new Promise((resolve) => document.addEventListener("visibilitychange", resolve, { once: true }));
  }
  signal.throwIfAborted();
}
