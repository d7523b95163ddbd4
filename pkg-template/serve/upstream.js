// @ts-check
// Sends an allowed request to CouchDB. The package reads the response, so what is passed on is checked, and rows and
// documents have no credentials.

import { Client, Replicator, Scheduler } from "couchdb-scheduler";
import { refusalOf, unreadable } from "./upstream-errors.js";

/**
 * @typedef {import("./allow-list.js").Allowed} Allowed
 * @typedef {import("./credentials.js").Credentials} Credentials
 *
 * @typedef {object} Answer
 * @property {number} status
 * @property {Record<string, string | string[]>} headers
 * @property {Buffer} body JSON
 *
 * @typedef {object} Upstream
 * @property {string} url of CouchDB, without credentials
 * @property {typeof globalThis.fetch} fetch
 */

/** Maximum number of bytes of a response, decoded. */
const MAX_BYTES = 256 * 1024 * 1024;
/** Time limit of a request in milliseconds. */
const TIMEOUT = 30_000;

/** @typedef {(scheduler: Scheduler, allowed: Allowed, signal: AbortSignal) => Promise<unknown>} Reader */

/** The events of a job as CouchDB writes them, without `details`. @param {import("couchdb-scheduler").ReplicationJob} job */
const asWritten = (job) => ({
  ...job,
  history: job.history.map(({ details, ...event }) => ({ ...details, ...event })),
});

/** @type {Partial<Record<Allowed["kind"], Reader>>} */
const READERS = {
  welcome: (scheduler, _, signal) => scheduler.client.info({ signal }),
  session: (scheduler, _, signal) => scheduler.client.session({ signal }),
  jobs: async (scheduler, _, signal) => {
    // The request may be for a part of the list, so the client that has sent it knows how many rows there must be.
    const { jobs, ...rest } = await scheduler.listJobs({ limit: Number.MAX_SAFE_INTEGER, signal });
    return { ...rest, jobs: jobs.map(asWritten) };
  },
  job: async (scheduler, { id }, signal) => asWritten(await scheduler.getJob(id, { signal })),
  docs: (scheduler, { database }, signal) => scheduler.listDocs({ database, signal }),
  doc: (scheduler, { database, id }, signal) => scheduler.getDoc(id, { database, signal }),
  document: (scheduler, { database, id }, signal) =>
    new Replicator(scheduler.client).getReplication(id, { database, signal }),
};

/**
 * What is passed on of responses for which the package has no method: members, and a list with the members of its rows.
 *
 * @type {Partial<Record<Allowed["kind"], { members: string[], list?: string, ofRows?: string[] }>>}
 */
const OTHERS = {
  changes: { members: ["last_seq", "pending"], list: "results", ofRows: ["seq", "id", "changes", "deleted"] },
  ids: { members: ["total_rows", "offset"], list: "rows", ofRows: ["id", "key", "value"] },
  put: { members: ["ok", "id", "rev"] },
  post: { members: ["ok", "id", "rev"] },
  delete: { members: ["ok", "id", "rev"] },
};

/** Response to `GET /`. */
const WELCOME = { couchdb: "Welcome", version: "0", vendor: { name: "" } };

/** @param {Response} response @returns {Response} one that ends with an error if it is too large */
function bounded(response) {
  if (response.body === null) return response;
  let bytes = 0;
  const counter = new TransformStream({
    /** @param {Uint8Array} chunk @param {TransformStreamDefaultController<Uint8Array>} controller */
    transform(chunk, controller) {
      bytes += chunk.length;
      if (bytes > MAX_BYTES) throw new Error(`the response is larger than ${MAX_BYTES} bytes`);
      controller.enqueue(chunk);
    },
  });
  const { status, statusText, headers } = response;
  return new Response(response.body.pipeThrough(counter), { status, statusText, headers });
}

/**
 * @param {Upstream} upstream
 * @param {Allowed} allowed
 * @param {Credentials} credentials
 * @param {AbortSignal} signal
 * @param {string} [body] JSON of a change
 * @returns {Promise<Answer>}
 * @throws {import("./refusal.js").Refusal} if CouchDB refuses or does not respond
 */
export async function ask({ url, fetch }, allowed, credentials, signal, body) {
  const other = OTHERS[allowed.kind];
  const method = allowed.isWrite ? allowed.kind.toUpperCase() : "GET";
  /** @type {Response | undefined} */
  let received;
  /** @type {unknown} */
  let json;
  let isOdd = false;
  const client = new Client(url, {
    ...credentials,
    retries: 0,
    timeout: TIMEOUT,
    // The package adds the credentials, and reads the response; the request is the allowed one.
    fetch: async (_, init) => {
      const headers = new Headers(init?.headers);
      if (body !== undefined) headers.set("Content-Type", "application/json");
      received = await fetch(url + allowed.path, { ...init, method, headers, ...(body !== undefined && { body }) });
      if (other === undefined || !received.ok) return bounded(received);
      const text = await bounded(received).text();
      try {
        json = partOf(JSON.parse(text), other);
      } catch {
        isOdd = true;
      }
      return Response.json(WELCOME);
    },
  });
  const scheduler = new Scheduler(client);
  try {
    const read = READERS[allowed.kind] ?? READERS.welcome;
    const result = await read?.(scheduler, allowed, signal);
    if (isOdd) throw unreadable();
    return {
      status: received?.status ?? 200,
      headers: passedOn(received),
      body: Buffer.from(`${JSON.stringify(json ?? result)}\n`),
    };
  } catch (error) {
    signal.throwIfAborted();
    throw refusalOf(error);
  } finally {
    scheduler.free();
    client.free();
  }
}

/** @param {any} from @param {string[]} members */
const pick = (from, members) =>
  Object.fromEntries(members.flatMap((name) => (name in from ? [[name, from[name]]] : [])));

/** Throws if it is not such a response. @param {any} json @param {{ members: string[], list?: string, ofRows?: string[] }} parts */
function partOf(json, { members, list, ofRows = [] }) {
  if (list === undefined) {
    if (!members.every((name) => name in json)) throw unreadable();
    return pick(json, members);
  }
  return { ...pick(json, members), [list]: json[list].map((/** @type {any} */ row) => pick(row, ofRows)) };
}

/** The time of the server, and its renewed session. @param {Response | undefined} response */
function passedOn(response) {
  const date = response?.headers.get("date");
  const cookies = response?.headers.getSetCookie().filter((cookie) => cookie.startsWith("AuthSession=")) ?? [];
  return { ...(date && { Date: date }), "Set-Cookie": cookies };
}
