// @ts-check
// Restarts and changes of replications, where changes are allowed. The server makes them itself, by the methods of the
// package: these write back the whole document with its credentials, which no visitor receives.

import { Client, Replicator, SchedulerError } from "couchdb-scheduler";
import { isReplicator, MAX_ID } from "./allow-list.js";
import { Refusal } from "./refusal.js";
import { refusalOf, wordsOf } from "./upstream-errors.js";
import { isObject, jsonIn, recorder, textOf } from "./writes.js";

/**
 * @typedef {import("couchdb-scheduler").ReplicationChanges} ReplicationChanges
 *
 * @typedef {object} Edit
 * @property {"restart" | "update"} action
 * @property {string} database
 * @property {string} id
 * @property {ReplicationChanges} changes
 * @property {boolean} allowRewind
 */

const PATH = /^\/api\/(restart|update)(?:\?.*)?$/s;
/** Maximum number of edits under way: a restart waits until it is seen. */
const MAX_AT_ONCE = 32;
/** Time limit of a request in milliseconds. */
const TIMEOUT = 30_000;

/**
 * What a visitor can change. Not the address of an end, its headers or a proxy: these would send the stored credentials
 * of an end, or what they open, to a server of the visitor.
 */
const CHANGEABLE = new Set(
  (
    "continuous filter queryParams selector docIds useCheckpoints checkpointInterval useBulkGet workerProcesses " +
    "workerBatchSize httpConnections connectionTimeout retriesPerRequest"
  ).split(" "),
);

/** @param {string} reason */
const bad = (reason) => new Refusal(400, "bad_request", reason);

/** The action of a path; null if it is another. @param {string} target */
export const editAt = (target) => /** @type {Edit["action"] | undefined} */ (PATH.exec(target)?.[1]) ?? null;

/**
 * Reads what is wanted. A refusal is logged.
 *
 * @param {Edit["action"]} action
 * @param {import("./writes.js").IncomingMessage} request
 * @param {import("./writes.js").Context} context
 */
export async function editOf(action, request, context) {
  try {
    return editIn(action, await textOf(request));
  } catch (error) {
    recorder(request, context, { action, database: null })(error, "");
    throw error;
  }
}

/** @param {Edit["action"]} action @param {string} text of the body @returns {Edit} */
function editIn(action, text) {
  const body = jsonIn(text);
  if (!isObject(body)) throw bad("The body is not an object.");
  const known = ["database", "id", ...(action === "update" ? ["changes", "allowRewind"] : [])];
  if (Object.keys(body).some((name) => !known.includes(name))) {
    throw bad(`The body has members other than ${known.join(", ")}.`);
  }
  const { database = "_replicator", id, changes = {}, allowRewind = false } = body;
  if (typeof id !== "string" || id === "" || id.length > MAX_ID || id.startsWith("_")) {
    throw bad("The id of the body is not that of a replication document.");
  }
  if (typeof database !== "string" || !isReplicator(database)) {
    throw bad("The database of the body is not a replicator database.");
  }
  if (typeof allowRewind !== "boolean") throw bad("The member allowRewind is not true or false.");
  return { action, database, id, changes: changesIn(changes), allowRewind };
}

/** @param {unknown} changes @returns {ReplicationChanges} */
function changesIn(changes) {
  if (!isObject(changes)) throw bad("The changes are not an object.");
  for (const [name, value] of Object.entries(changes)) {
    if (name === "source" || name === "target") {
      if (!isObject(value) || Object.keys(value).join() !== "auth" || !isUser(value.auth)) {
        throw bad(`Of the ${name}, only auth: { basic: { username, password } } can be changed here.`);
      }
    } else if (!CHANGEABLE.has(name)) {
      throw bad("A field of the changes cannot be changed here: the command line can.");
    }
  }
  return changes;
}

/** @param {unknown} auth */
const isUser = (auth) =>
  isObject(auth) &&
  Object.keys(auth).join() === "basic" &&
  isObject(auth.basic) &&
  Object.keys(auth.basic).sort().join() === "password,username";

/** Errors that no response of CouchDB is. @type {Record<string, number>} */
const STATUSES = { would_rewind: 409, conflict: 409, bad_request: 400 };

/** @param {unknown} error */
function refusedBy(error) {
  if (error instanceof TypeError || error instanceof RangeError) return bad(error.message);
  if (!(error instanceof SchedulerError) || error.status !== null) return refusalOf(error);
  const status = STATUSES[error.code];
  return status === undefined ? refusalOf(error) : new Refusal(status, error.code, wordsOf(error));
}

/** @param {import("./upstream.js").Upstream} upstream */
export function createEditor({ url, fetch }) {
  let running = 0;

  /** @param {Edit} edit @param {Replicator} replicator @param {AbortSignal} signal */
  const made = ({ action, database, id, changes, allowRewind }, replicator, signal) =>
    action === "restart"
      ? replicator.restartReplication(id, { database, signal })
      : replicator.updateReplication(id, changes, { database, allowRewind, signal });

  /**
   * @param {Edit} edit
   * @param {import("./credentials.js").Credentials} credentials
   * @param {import("./writes.js").IncomingMessage} request
   * @param {import("./writes.js").Context} context
   * @returns {Promise<import("./upstream.js").Answer>}
   */
  return async (edit, credentials, request, context) => {
    const { signal, done } = context;
    const record = recorder(request, context, { action: edit.action, database: edit.database });
    const client = new Client(url, { ...credentials, fetch, timeout: TIMEOUT });
    const replicator = new Replicator(client);
    running++;
    try {
      if (running > MAX_AT_ONCE) {
        throw new Refusal(503, "busy", "Too many changes are under way.", { "Retry-After": "1" });
      }
      const result = await made(edit, replicator, signal);
      record(200, edit.id);
      return { status: 200, headers: {}, body: Buffer.from(`${JSON.stringify(result)}\n`) };
    } catch (error) {
      const refusal = refusedBy(error);
      record(refusal, edit.id);
      signal.throwIfAborted();
      throw refusal;
    } finally {
      running--;
      done();
      replicator.free();
      client.free();
    }
  };
}
