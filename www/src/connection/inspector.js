// @ts-check
// Requests more than the lists have: audits, capacity, lags, comparisons. A client does it itself. Through the server of this page it
// does not know the addresses of CouchDB and may not read documents, so that server answers.

import { requestOwn } from "./connection.js";

/**
 * @typedef {import("couchdb-scheduler").Audit} Audit
 * @typedef {import("couchdb-scheduler").Capacity} Capacity
 * @typedef {import("couchdb-scheduler").Lag} Lag
 * @typedef {import("couchdb-scheduler").Verification} Verification
 *
 * @typedef {{ database: string, signal?: AbortSignal }} Options
 *
 * @typedef {import("couchdb-scheduler").Summary} Summary
 * @typedef {import("couchdb-scheduler").Incident} Incident
 *
 * @typedef {object} Inspector the part of a `Scheduler` that does so
 * @property {(options: Options) => Promise<Summary>} summary
 * @property {(options: Options) => Promise<Incident[]>} incidents
 * @property {(options: Options & { previous?: Audit["snapshot"] }) =>
 *   Promise<Omit<Audit, "snapshot"> & { snapshot?: Audit["snapshot"] }>} audit the server of this page keeps the snapshot itself
 * @property {(options: { signal?: AbortSignal }) => Promise<Capacity>} capacity
 * @property {(options: { signal?: AbortSignal }) => Promise<string[]>} replicatorDatabases
 * @property {(docId: string, options: Options) => Promise<Lag>} lag
 * @property {(options: Options, onProgress?: (done: number) => void) => AsyncIterable<Lag>} lags a client yields each at once
 * @property {(docId: string, options: Options & { onProgress?: (checked: number, total: number) => void }) =>
 *   Promise<Verification>} verify
 */

/** How often the server is asked how far it is, in milliseconds. */
const PROGRESS_MS = 1000;

/**
 * @param {Pick<import("./connection.js").Connection, "api" | "clientAt">} connection
 * @returns {Inspector}
 */
export function servedInspector(connection) {
  const request = requestOwn.bind(null, connection);

  /**
   * What can take minutes: also asks how far it is.
   *
   * @param {string} path
   * @param {Parameters<typeof request>[1]} asked
   * @param {Parameters<typeof request>[2]} isValid
   * @param {((done: number, total: number) => void) | undefined} onProgress
   */
  async function requestLong(path, asked, isValid, onProgress) {
    let isOver = false;
    const look = async () => {
      const isProgress = (/** @type {any} */ progress) => progress === null || Number.isInteger(progress?.done);
      // Without it, the result is as good.
      const progress = await request(`${path}/progress`, asked, isProgress).catch(() => null);
      if (isOver) return;
      if (progress) onProgress?.(progress.done, progress.total ?? 0);
      timer = setTimeout(look, PROGRESS_MS);
    };
    let timer = onProgress && setTimeout(look, PROGRESS_MS);
    try {
      return await request(path, asked, isValid);
    } finally {
      isOver = true;
      clearTimeout(timer);
    }
  }

  return {
    summary: ({ database, signal }) =>
      request(
        "summary",
        { query: { database }, signal },
        (summary) => Number.isInteger(summary?.total) && Number.isInteger(summary.states?.running),
      ),
    incidents: ({ database, signal }) => request("incidents", { query: { database }, signal }, Array.isArray),
    // It compares with its own earlier looks.
    audit: ({ database, signal }) =>
      request("audit", { query: { database }, signal }, (audit) => Array.isArray(audit?.findings)),
    capacity: ({ signal }) => request("capacity", { signal }, (capacity) => Array.isArray(capacity?.nodes)),
    replicatorDatabases: ({ signal }) => request("databases", { signal }, areNames),
    lag: (doc_id, { database, signal }) =>
      request("lag", { query: { database, doc_id }, signal }, (lag) => lag?.doc_id === doc_id),
    async *lags({ database, signal }, onProgress) {
      yield* await requestLong("lags", { query: { database }, signal }, Array.isArray, onProgress);
    },
    verify: (doc_id, { database, signal, onProgress }) =>
      requestLong("verify", { query: { database, doc_id }, signal }, (found) => Array.isArray(found?.docs), onProgress),
  };
}

/** @param {unknown} names */
const areNames = (names) => Array.isArray(names) && names.every((name) => typeof name === "string");
