// @ts-check
// Requests more than the lists have: audits, capacity, lags, comparisons. A client does it itself. Through the server of this page it
// does not know the addresses of CouchDB and may not read documents, so that server answers.

import { base64 } from "../../../pkg-template/runtime/secrets.js";

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
 * @property {(options: Options & { previous?: Audit["snapshot"] }) => Promise<Audit>} audit
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
 * @param {string} api URL of the answers
 * @param {import("./connection.js").Login} login
 * @returns {Inspector}
 */
export function servedInspector(api, { how, username, password }) {
  const headers = how === "password" ? { Authorization: `Basic ${base64(`${username}:${password}`)}` } : undefined;

  /**
   * @param {string} path
   * @param {{ database?: string, doc_id?: string }} about
   * @param {AbortSignal | undefined} signal
   * @param {(result: any) => boolean} isValid
   */
  async function request(path, about, signal, isValid) {
    const query = new URLSearchParams(about);
    const response = await fetch(`${api}/${path}?${query}`, {
      signal,
      headers,
      // A redirect would carry the request, credentials included, to another server.
      redirect: "error",
      credentials: how === "session" ? "include" : "omit",
    });
    const result = await response.json().catch(() => null);
    if (!response.ok) {
      const message = result?.reason ?? `The server of this page reports HTTP ${response.status}.`;
      throw Object.assign(new Error(message), { status: response.status });
    }
    if (!isValid(result)) throw new Error("The response of the server of this page is not the requested one.");
    return result;
  }

  /**
   * What can take minutes: also asks how far it is.
   *
   * @param {string} path
   * @param {{ database: string, doc_id?: string }} about
   * @param {AbortSignal | undefined} signal
   * @param {(result: any) => boolean} isValid
   * @param {((done: number, total: number) => void) | undefined} onProgress
   */
  async function requestLong(path, about, signal, isValid, onProgress) {
    let isOver = false;
    const look = async () => {
      const isProgress = (/** @type {any} */ progress) => progress === null || Number.isInteger(progress?.done);
      // Without it, the result is as good.
      const progress = await request(`${path}/progress`, about, signal, isProgress).catch(() => null);
      if (isOver) return;
      if (progress) onProgress?.(progress.done, progress.total ?? 0);
      timer = setTimeout(look, PROGRESS_MS);
    };
    let timer = onProgress && setTimeout(look, PROGRESS_MS);
    try {
      return await request(path, about, signal, isValid);
    } finally {
      isOver = true;
      clearTimeout(timer);
    }
  }

  return {
    summary: ({ database, signal }) =>
      request(
        "summary",
        { database },
        signal,
        (summary) => Number.isInteger(summary?.total) && Number.isInteger(summary.states?.running),
      ),
    incidents: ({ database, signal }) => request("incidents", { database }, signal, Array.isArray),
    // It compares with its own earlier looks.
    audit: ({ database, signal }) => request("audit", { database }, signal, (audit) => Array.isArray(audit?.findings)),
    capacity: ({ signal }) => request("capacity", {}, signal, (capacity) => Array.isArray(capacity?.nodes)),
    replicatorDatabases: ({ signal }) => request("databases", {}, signal, areNames),
    lag: (doc_id, { database, signal }) =>
      request("lag", { database, doc_id }, signal, (lag) => lag?.doc_id === doc_id),
    async *lags({ database, signal }, onProgress) {
      yield* await requestLong("lags", { database }, signal, Array.isArray, onProgress);
    },
    verify: (doc_id, { database, signal, onProgress }) =>
      requestLong("verify", { database, doc_id }, signal, (found) => Array.isArray(found?.docs), onProgress),
  };
}

/** @param {unknown} names */
const areNames = (names) => Array.isArray(names) && names.every((name) => typeof name === "string");
