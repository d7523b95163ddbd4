// @ts-check
// The server of the tests: the simulator, in this process or on a port, or the real CouchDB of
// COUCHDB_URL, as in COUCHDB_URL=http://admin:pass@127.0.0.1:5984.

import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { Client, Scheduler } from "couchdb-scheduler";
import { createSimulator } from "../../simulator/index.js";
import { serve } from "../../simulator/protocol/server.js";

/**
 * @typedef {import("../../simulator/index.js").Simulator} Simulator
 * @typedef {import("../../simulator/index.js").SimulatorOptions} SimulatorOptions
 * @typedef {import("node:test").TestContext} TestContext
 * @typedef {import("couchdb-scheduler").ClientOptions} ClientOptions
 *
 * @typedef {object} TestServer
 * @property {string} url without credentials
 * @property {{ username: string, password: string }} auth an admin
 * @property {typeof fetch} fetch reaches it
 * @property {() => Scheduler} scheduler as the admin
 * @property {() => Client} client as the admin
 * @property {(method: string, path: string, body?: unknown) => Promise<any>} request sends a request directly, as the admin
 * @property {() => Promise<string>} createDatabase a replicator database for this test, deleted afterwards
 * @property {(database: string, documents: Document[]) => Promise<void>} write
 *
 * @typedef {Record<string, unknown> & { _id: string }} Document
 */

export const COUCHDB_URL = process.env.COUCHDB_URL;

const nothing = () => {};

/** A test that needs the simulator: skipped for a real server. @type {typeof test} */
export const testOfSimulator = COUCHDB_URL === undefined ? test : /** @type {any} */ (nothing);

const ADMIN = { username: "admin", password: "pass" };

/**
 * The simulator in this process, and a scheduler that uses it.
 *
 * @param {SimulatorOptions} [options]
 * @param {ClientOptions} [clientOptions]
 */
export function simulated(options, clientOptions) {
  const simulator = createSimulator(options);
  const scheduler = new Scheduler("http://couch.test:5984", {
    retries: 0,
    auth: ADMIN,
    fetch: simulator.fetch,
    ...clientOptions,
  });
  return { simulator, scheduler };
}

/**
 * The simulator on a port, reached through sockets and the platform's own `fetch`.
 *
 * @param {TestContext} t
 * @param {SimulatorOptions} [options]
 */
export async function simulatedOnPort(t, options) {
  const simulator = createSimulator(options);
  const { url, close } = await serve(simulator);
  t.after(close);
  return { simulator, url, auth: ADMIN, scheduler: new Scheduler(url, { retries: 0, auth: ADMIN }) };
}

/**
 * The real server, or an empty simulator instead.
 *
 * @param {TestContext} t
 * @param {SimulatorOptions} [simulatorOptions]
 * @returns {Promise<TestServer>}
 */
export async function testServer(t, simulatorOptions) {
  const { url, auth } = whereabouts();
  const fetchHere = COUCHDB_URL === undefined ? createSimulator(simulatorOptions).fetch : globalThis.fetch;
  const options = { auth, fetch: fetchHere };
  const request = asking(url, auth, fetchHere);
  return {
    url,
    auth,
    fetch: fetchHere,
    client: () => new Client(url, options),
    scheduler: () => new Scheduler(url, options),
    request,
    async createDatabase() {
      const name = `test-${randomBytes(5).toString("hex")}/_replicator`;
      await request("PUT", `/${encodeURIComponent(name)}`);
      t.after(() => request("DELETE", `/${encodeURIComponent(name)}`));
      return name;
    },
    async write(database, documents) {
      const path = `/${encodeURIComponent(database)}`;
      if (COUCHDB_URL === undefined) {
        for (const { _id, ...body } of documents) await request("PUT", `${path}/${encodeURIComponent(_id)}`, body);
        return;
      }
      for (const { error, id } of await request("POST", `${path}/_bulk_docs`, { docs: documents })) {
        if (error) throw new Error(`${id} was not written: ${error}`);
      }
    },
  };
}

function whereabouts() {
  if (COUCHDB_URL === undefined) return { url: "http://couch.test:5984", auth: ADMIN };
  const url = new URL(COUCHDB_URL);
  const auth = { username: decodeURIComponent(url.username), password: decodeURIComponent(url.password) };
  return { url: (url.origin + url.pathname).replace(/\/$/, ""), auth };
}

/** @param {string} url @param {typeof ADMIN} auth @param {typeof fetch} fetchHere @returns {TestServer["request"]} */
function asking(url, { username, password }, fetchHere) {
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
  return async (method, path, body) => {
    const response = await fetchHere(url + path, {
      method,
      headers: { accept: "application/json", authorization, "content-type": "application/json" },
      body: body === undefined ? null : JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
}

/**
 * A replication that ended long ago. The scheduler shows it unchanged, and never modifies it.
 *
 * @param {string} id
 * @param {"completed" | "failed"} [state]
 */
export function endedReplication(id, state = "completed") {
  const stats = {
    revisions_checked: 3,
    missing_revisions_found: 3,
    docs_read: 3,
    docs_written: 3,
    changes_pending: null,
  };
  return {
    _id: id,
    source: "http://127.0.0.1:5984/from",
    target: "http://127.0.0.1:5984/to",
    _replication_state: state,
    _replication_state_time: "2026-11-22T10:00:00Z",
    ...(state === "completed"
      ? {
          _replication_stats: {
            ...stats,
            doc_write_failures: 0,
            checkpointed_source_seq: "3-x",
            start_time: "2026-11-22T09:00:00Z",
          },
        }
      : { _replication_state_reason: "db_not_found: could not open http://127.0.0.1:5984/from/" }),
  };
}
