// @ts-check
// What the server answers itself, by the methods of the package, for programs that watch.

import { Client, Scheduler } from "couchdb-scheduler";
import { Refusal } from "./refusal.js";
import { refusalOf } from "./upstream-errors.js";

/**
 * @typedef {import("./credentials.js").Identity} Identity
 * @typedef {import("./upstream.js").Answer} Answer
 * @typedef {import("./upstream.js").Upstream} Upstream
 *
 * @typedef {import("couchdb-scheduler").AuditSnapshot} AuditSnapshot
 *
 * @typedef {object} Context
 * @property {string | undefined} database
 * @property {AbortSignal} signal
 * @property {AuditSnapshot | undefined} previous of the last audit for this database and visitor
 * @property {(snapshot: AuditSnapshot) => void} keep keeps one
 *
 * @typedef {(scheduler: Scheduler, context: Context) => Promise<unknown>} Question
 */

/** Maximum number of snapshots of audits. */
const MAX_SNAPSHOTS = 100;

/** @type {Record<string, Question>} */
const QUESTIONS = {
  "/api/summary": (scheduler, { database, signal }) => scheduler.summary({ database, signal }),
  "/api/incidents": (scheduler, { database, signal }) => scheduler.incidents({ database, signal }),
  // One look suspects, and later ones confirm.
  "/api/audit": async (scheduler, { database, signal, previous, keep }) => {
    const audit = await scheduler.audit({ database, signal, previous });
    keep(audit.snapshot);
    return audit;
  },
};

/** The oldest entry makes room. @template T @param {Map<string, T>} map @param {string} key @param {T} value */
function put(map, key, value) {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > MAX_SNAPSHOTS && oldest !== undefined) map.delete(oldest);
}

/** The database of a query; there are no other parameters. @param {string | undefined} query */
function databaseIn(query) {
  const parameters = new URLSearchParams(query);
  const names = [...parameters.keys()];
  if (names.length > 1 || (names.length === 1 && names[0] !== "database")) {
    throw new Refusal(400, "bad_request", "The only parameter is database, once.");
  }
  return parameters.get("database") ?? undefined;
}

/**
 * @typedef {object} Asked
 * @property {string} key
 * @property {(identity: Identity, signal: AbortSignal) => Promise<Answer>} ask
 *
 * @param {Upstream} upstream
 * @returns {(target: string) => Asked | null} gets path and query; null: not a question
 */
export function createQuestions({ url, fetch }) {
  /** @type {Map<string, AuditSnapshot>} */
  const snapshots = new Map();
  return (target) => {
    const [path = "", query] = target.split(/\?(.*)/s);
    const question = Object.hasOwn(QUESTIONS, path) ? QUESTIONS[path] : undefined;
    if (!question) return null;
    const database = databaseIn(query);
    const key = JSON.stringify([path, database]);
    return {
      key,
      async ask(identity, signal) {
        const whose = `${key} ${identity.key}`;
        const client = new Client(url, { ...identity.credentials, fetch, retries: 1 });
        const scheduler = new Scheduler(client);
        try {
          const result = await question(scheduler, {
            database,
            signal,
            previous: snapshots.get(whose),
            keep: (snapshot) => put(snapshots, whose, snapshot),
          });
          return { status: 200, headers: {}, body: Buffer.from(`${JSON.stringify(result)}\n`) };
        } catch (error) {
          signal.throwIfAborted();
          if (error instanceof TypeError || error instanceof RangeError) {
            throw new Refusal(400, "bad_request", error.message);
          }
          throw refusalOf(error);
        } finally {
          scheduler.free();
          client.free();
        }
      },
    };
  };
}
