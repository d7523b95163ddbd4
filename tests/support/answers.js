// @ts-check
// Functions that replace `fetch` and respond themselves, for responses that no server can be made to send.

import { Client, Replicator, Scheduler } from "couchdb-scheduler";

const encoder = new TextEncoder();

/**
 * @typedef {object} Answer
 * @property {number} [status]
 * @property {Record<string, string>} [headers]
 * @property {unknown} [body] text, bytes, pieces of either, or any other value, which becomes JSON
 */

/**
 * A `fetch` that always sends the same response, and records its calls.
 *
 * @param {Answer} answer
 */
export function answering({ status = 200, headers = {}, body = "" }) {
  /** @type {{ url: string, init: RequestInit }[]} */
  const calls = [];
  /** @type {typeof globalThis.fetch} */
  const answer = async (url, init = {}) => {
    calls.push({ url: String(url), init });
    return new Response(contentOf(body), { status, headers: { "content-type": "application/json", ...headers } });
  };
  return Object.assign(answer, { calls });
}

/** @param {unknown} body @returns {BodyInit | null} */
function contentOf(body) {
  if (body === null || typeof body === "string" || body instanceof Uint8Array) return /** @type {BodyInit} */ (body);
  if (body instanceof ReadableStream) return body;
  if (Array.isArray(body)) return streamOf(body);
  return JSON.stringify(body);
}

/**
 * A body that arrives in pieces, each when it is read.
 *
 * @param {Iterable<Uint8Array | string>} pieces
 */
export function streamOf(pieces) {
  const iterator = pieces[Symbol.iterator]();
  return new ReadableStream(
    {
      pull(controller) {
        const { value, done } = iterator.next();
        if (done) controller.close();
        else controller.enqueue(typeof value === "string" ? encoder.encode(value) : value);
      },
    },
    { highWaterMark: 0 },
  );
}

/**
 * A scheduler whose server always sends `answer`, and a replicator for the same server.
 *
 * @param {Answer} answer
 */
export function schedulerAnswered(answer) {
  const fetch = answering(answer);
  const client = new Client("http://couch.test:5984", { retries: 0, fetch });
  return Object.assign(new Scheduler(client), { calls: fetch.calls, replicator: new Replicator(client) });
}

/** A `fetch` that must not be called, for tests in which nothing is sent. */
export function forbiddenFetch() {
  let calls = 0;
  /** @type {typeof globalThis.fetch} */
  const forbidden = async () => {
    calls++;
    throw new Error("nothing should be sent");
  };
  return { fetch: forbidden, calls: () => calls };
}

/** The signal of a request. @param {RequestInit | undefined} init @returns {AbortSignal} */
export function signalOf(init) {
  if (!init?.signal) throw new Error("the request has no signal");
  return init.signal;
}

/** The headers of a request. @param {RequestInit | undefined} init */
export function headersOf(init) {
  return Object.fromEntries(new Headers(init?.headers));
}

/**
 * Rows as a server lists them.
 *
 * @param {number} count
 * @param {string} [state]
 */
export function docRows(count, state = "completed") {
  return Array.from({ length: count }, (_, i) => ({
    database: "_replicator",
    doc_id: `doc-${String(i).padStart(6, "0")}`,
    id: null,
    source: "http://127.0.0.1:5984/a/",
    target: "http://127.0.0.1:5984/b/",
    state,
    error_count: state === "failed" ? 1 : 0,
    info: state === "failed" ? { error: "db_not_found" } : { docs_read: i, docs_written: i, doc_write_failures: 0 },
    start_time: "2026-11-22T22:00:00Z",
    last_updated: "2026-11-22T22:00:01Z",
  }));
}

/** A list as CouchDB writes it. @param {unknown[]} rows @param {string} [name] */
export function listText(rows, name = "docs") {
  const lines = rows.map((row) => JSON.stringify(row)).join(",\r\n");
  return `{"total_rows":${rows.length},"offset":0,"${name}":[\r\n${lines}\r\n]}\n`;
}
