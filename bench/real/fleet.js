// @ts-check
// A replicator database on a real server, with as many documents as wanted, and its removal.

import { randomBytes } from "node:crypto";

/** Number of running replications: each of the sources to each of the targets. */
const SOURCES = 5;
const TARGETS = 10;
export const LIVE = SOURCES * TARGETS;

/** Number of documents in one request. */
const BATCH = 1000;

/** CouchDB starts no replication whose document says how it ended. */
const TIME = "2026-01-01T00:00:00Z";
const COMPLETED = { _replication_state: "completed", _replication_stats: { docs_read: 7, docs_written: 7 } };
const FAILED = { _replication_state: "failed", _replication_state_reason: "db_not_found: could not open the source" };

/** What `fetch` needs for a URL with credentials. @param {string} couchdbUrl */
export function serverAt(couchdbUrl) {
  const { origin, pathname, username, password } = new URL(couchdbUrl);
  const credentials = { username: decodeURIComponent(username), password: decodeURIComponent(password) };
  const url = origin + pathname.replace(/\/+$/, "");
  const authorization = `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString("base64")}`;
  return { url, credentials, headers: { accept: "application/json", authorization } };
}

/** @typedef {ReturnType<typeof serverAt>} RealServer */

export class RealFleet {
  #server;
  #docs;
  #prefix = `bench-${randomBytes(4).toString("hex")}`;
  database = `${this.#prefix}/_replicator`;

  /** Creates nothing yet. @param {RealServer} server @param {number} docs */
  constructor(server, docs) {
    this.#server = server;
    this.#docs = docs;
  }

  /** Number of its documents that have failed. */
  get failed() {
    return Math.floor((this.#docs - LIVE) / 4);
  }

  /** @param {AbortSignal} signal */
  async create(signal) {
    for (const name of this.#names()) await this.#request("PUT", name, undefined, signal);
    const docs = this.#documents();
    for (let from = 0; from < docs.length; from += BATCH) {
      await this.#request("POST", `${this.database}/_bulk_docs`, { docs: docs.slice(from, from + BATCH) }, signal);
    }
  }

  /** Ends its replications, too. What was not created is not missed. */
  async remove() {
    for (const name of this.#names()) await this.#request("DELETE", name).catch(() => {});
  }

  /** The replicator database first: without it, nothing writes into the others. */
  #names() {
    return [this.database, ...this.#ends("source", SOURCES), ...this.#ends("target", TARGETS)];
  }

  /** @param {string} side @param {number} count */
  #ends(side, count) {
    return Array.from({ length: count }, (_, n) => `${this.#prefix}-${side}-${n}`);
  }

  #documents() {
    const { url, credentials } = this.#server;
    const end = (/** @type {string} */ name) => ({ url: `${url}/${name}`, auth: { basic: credentials } });
    const live = this.#ends("source", SOURCES).flatMap((source) =>
      this.#ends("target", TARGETS).map((target) => ({ source: end(source), target: end(target), continuous: true })),
    );
    const ended = Array.from({ length: this.#docs - LIVE }, (_, n) => ({
      source: `https://shop-${n % 100}.example.com/orders-${n}`,
      target: `https://cloud.example.com/orders-${n}`,
      _replication_state_time: TIME,
      ...(n < this.failed ? FAILED : COMPLETED),
    }));
    return [...live, ...ended].map((doc, n) => ({ _id: `doc-${String(n).padStart(6, "0")}`, ...doc }));
  }

  /** @param {string} method @param {string} path @param {object} [body] @param {AbortSignal} [signal] */
  async #request(method, path, body, signal) {
    const { url, headers } = this.#server;
    const segments = path.startsWith(this.database)
      ? [this.database, ...path.slice(this.database.length + 1).split("/")]
      : [path];
    const response = await fetch(`${url}/${segments.filter(Boolean).map(encodeURIComponent).join("/")}`, {
      method,
      headers: { ...headers, "content-type": "application/json" },
      body: body === undefined ? null : JSON.stringify(body),
      signal: signal ?? null,
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} /${path}: HTTP ${response.status} ${text.slice(0, 200).trim()}`);
  }
}
