// @ts-check
/** Replication documents that are alive: their replication has not ended. */
import { randomFor } from "./hash.js";

/**
 * @typedef {import("./database.js").Database} Database
 * @typedef {import("./database.js").Entry} Entry
 * @typedef {import("./trouble.js").Trouble} Trouble
 *
 * @typedef {object} Replication a document whose replication has not ended
 * @property {Database} database
 * @property {Entry} entry
 * @property {"unseen" | "initializing" | "error" | "scheduled"} phase
 * @property {string} node
 * @property {number} startTime
 * @property {number} updated
 * @property {number} errors
 * @property {string | null} reason
 * @property {import("./job.js").Job | null} job
 * @property {Trouble | null} trouble the error it meets; null: its URLs decide
 * @property {string | null} host the server that it was stored at
 * @property {number} turn number of the latest plan; cancels earlier plans
 * @property {number} startFrom documents copied before a restart
 */

const ERROR_BACKOFF_SECONDS = 64;
const MAX_ERROR_EXPONENT = 12;

/**
 * @param {Pick<Replication, "database" | "entry" | "node" | "host" | "trouble"> & { at: number }} given
 * @returns {Replication}
 */
export function newReplication({ database, entry, node, host, trouble, at }) {
  return {
    database,
    entry,
    phase: "unseen",
    node,
    startTime: at,
    updated: at,
    errors: 0,
    reason: null,
    job: null,
    trouble,
    host,
    turn: 0,
    startFrom: 0,
  };
}

/** How long a document in the state `error` waits, in ms. @param {number} seed @param {Replication} replication */
export function retryDelay(seed, { entry, errors }) {
  const random = randomFor(seed, "retry", entry.id, errors);
  return 1000 * (1 + Math.floor(random() * ERROR_BACKOFF_SECONDS * 2 ** Math.min(errors, MAX_ERROR_EXPONENT)));
}

/** @param {Iterable<Database>} databases @param {string} node @returns {Replication[]} those that the node takes care of */
export function replicationsOn(databases, node) {
  const found = [];
  for (const database of databases) {
    if (!database.isReplicator) continue;
    for (const { replication } of database.entries.values()) if (replication?.node === node) found.push(replication);
  }
  return found;
}
