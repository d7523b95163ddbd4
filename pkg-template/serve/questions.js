// @ts-check
// What the server answers itself, by the methods of the package, for programs that watch.

import { Client, Scheduler, SchedulerError } from "couchdb-scheduler";
import { Refusal } from "./refusal.js";
import { LoginRefusal, refusalOf } from "./upstream-errors.js";

/**
 * @typedef {import("./credentials.js").Identity} Identity
 * @typedef {import("./upstream.js").Answer} Answer
 * @typedef {import("./upstream.js").Upstream} Upstream
 *
 * @typedef {import("couchdb-scheduler").AuditSnapshot} AuditSnapshot
 *
 * @typedef {object} Context
 * @property {string | undefined} database
 * @property {string} docId empty: the question is not about one document
 * @property {AbortSignal} signal
 * @property {AuditSnapshot | undefined} previous of the last audit for this database and visitor
 * @property {(snapshot: AuditSnapshot) => void} keep keeps one
 * @property {(done: number, total?: number) => void} progressed reports how far it is
 * @property {Measured} measured
 * @property {Scheduler} hurried as the other one, but it does not wait long
 *
 * @typedef {object} Measured of what there are metrics
 * @property {readonly string[]} databases replicator databases, or "all"
 * @property {"none" | "unhealthy" | "all"} [perReplication] which replications have series of their own
 * @property {number} [maxSeries] maximum number of these series
 * @property {boolean} [lag] whether their lags are read, too
 *
 * @typedef {(scheduler: Scheduler, context: Context) => Promise<unknown>} Question
 */

/** Path of the metrics. */
export const METRICS = "/metrics";

/** Maximum number of snapshots of audits. */
const MAX_SNAPSHOTS = 100;

/** Time limits of a request in milliseconds: as usual; and of a CouchDB that may be gone, since a scrape is to say so in time. */
const TIMEOUT = 30_000;
const HURRY = 4000;

/** @param {unknown} error */
const isSilent = (error) => error instanceof SchedulerError && (error.code === "timeout" || error.code === "network");

/** @type {Record<string, Question>} */
const QUESTIONS = {
  "/api/summary": (scheduler, { database, signal }) => scheduler.summary({ database, signal }),
  "/api/incidents": (scheduler, { database, signal }) => scheduler.incidents({ database, signal }),
  "/api/audit": async (scheduler, { database, ...context }) => {
    // It is large, and no request can return it.
    const { snapshot: _, ...audit } = await audited(scheduler, database, context);
    return audit;
  },
  "/api/capacity": (scheduler, { signal }) => scheduler.capacity({ signal }),
  "/api/databases": (scheduler, { signal }) => scheduler.replicatorDatabases({ signal }),
  // Only databases of this CouchDB are requested: visitors do not use the credentials that documents have for others.
  "/api/lag": (scheduler, { docId, database, signal }) => scheduler.lag(docId, { database, signal }),
  "/api/lags": (scheduler, { database, signal, progressed }) =>
    listOf(scheduler.lags({ database, signal }), progressed),
  "/api/verify": (scheduler, { docId, database, signal, progressed }) =>
    scheduler.verify(docId, { database, signal, onProgress: progressed }),
  [METRICS]: async (scheduler, context) => {
    const { signal, measured, hurried } = context;
    const { databases, ...options } = measured;
    const [first] = databases;
    const isOne = databases.length === 1 && first !== "all";
    // Without an audit there are no findings; everything else is known.
    /** @type {import("couchdb-scheduler").Audit | undefined} */
    let audit;
    let isGone = false;
    try {
      await hurried.client.info({ signal });
      audit = await audited(scheduler, isOne ? first : "all", context);
    } catch (error) {
      isGone = isSilent(error);
    }
    signal.throwIfAborted();
    const isAll = databases.includes("all");
    const findings = audit?.findings.filter(
      ({ database }) => isAll || database === null || databases.includes(database),
    );
    return (isGone ? hurried : scheduler).metrics({
      ...options,
      databases: isAll ? "all" : databases,
      signal,
      ...(findings && { audit: { findings } }),
    });
  },
};

/**
 * One look suspects, and later ones confirm.
 *
 * @param {Scheduler} scheduler
 * @param {string | undefined} database
 * @param {Pick<Context, "signal" | "previous" | "keep">} context
 */
async function audited(scheduler, database, { signal, previous, keep }) {
  const audit = await scheduler.audit({ database, signal, previous });
  keep(audit.snapshot);
  return audit;
}

/** @template T @param {AsyncIterable<T>} items @param {(done: number) => void} progressed @returns {Promise<T[]>} */
async function listOf(items, progressed) {
  const list = [];
  for await (const item of items) progressed(list.push(item));
  return list;
}

/** The oldest entry makes room. @template T @param {Map<string, T>} map @param {string} key @param {T} value */
function put(map, key, value) {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > MAX_SNAPSHOTS && oldest !== undefined) map.delete(oldest);
}

/** @param {string} text @returns {Answer} */
const answerOf = (text) => ({ status: 200, headers: {}, body: Buffer.from(text) });

/** @param {unknown} value */
const jsonAnswer = (value) => answerOf(`${JSON.stringify(value)}\n`);

/** Questions about one document, and about the whole server. */
const OF_DOCUMENTS = ["/api/lag", "/api/verify"];
const OF_SERVER = ["/api/capacity", "/api/databases"];

/** Questions that can take minutes. How far one is, is another question: it has `/progress` at the end of its path. */
const LONG = ["/api/lags", "/api/verify"];
const PROGRESS = /^(.+)\/progress$/s;

/** @param {string} reason */
const bad = (reason) => new Refusal(400, "bad_request", reason);

/** What a query asks about. @param {string} path @param {string | undefined} query */
function subjectIn(path, query) {
  const parameters = new URLSearchParams(query);
  const names = [...parameters.keys()];
  if (path === METRICS && names.length > 0) {
    throw bad("The metrics have no parameters: the flags of the server choose the databases.");
  }
  const isOfDocument = OF_DOCUMENTS.includes(path);
  const known = isOfDocument ? ["database", "doc_id"] : OF_SERVER.includes(path) ? [] : ["database"];
  if (names.some((name, at) => !known.includes(name) || names.indexOf(name) !== at)) {
    throw bad(`Parameters of ${path}: ${known.join(", ") || "none"}; each once.`);
  }
  const docId = parameters.get("doc_id") ?? "";
  if (isOfDocument && docId === "") throw bad("The parameter doc_id is missing.");
  return { database: parameters.get("database") ?? undefined, docId };
}

/**
 * @typedef {object} Asked
 * @property {string} key
 * @property {boolean} isLong whether it can take minutes
 * @property {(identity: Identity, signal: AbortSignal) => Promise<Answer>} ask
 *
 * @param {Upstream} upstream
 * @param {Measured} measured
 * @returns {(target: string) => Asked | null} gets path and query; null: not a question
 */
export function createQuestions({ url, fetch }, measured) {
  /** @type {Map<string, AuditSnapshot>} */
  const snapshots = new Map();
  /** Of the long questions that are under way. @type {Map<string, { done: number, total: number | null }>} */
  const progress = new Map();

  return (target) => {
    const [asked = "", query] = target.split(/\?(.*)/s);
    const [, long = ""] = PROGRESS.exec(asked) ?? [];
    const isProgress = LONG.includes(long);
    const path = isProgress ? long : asked;
    const question = Object.hasOwn(QUESTIONS, path) ? QUESTIONS[path] : undefined;
    if (!question) return null;
    const { database, docId } = subjectIn(path, query);
    const key = JSON.stringify([path, database, docId]);
    if (isProgress) {
      const ask = async (/** @type {Identity} */ identity) =>
        jsonAnswer(progress.get(`${key} ${identity.key}`) ?? null);
      return { key: `progress ${key}`, isLong: false, ask };
    }
    return {
      key,
      isLong: LONG.includes(path),
      async ask(identity, signal) {
        const whose = `${key} ${identity.key}`;
        let isRefused = false;
        /** @param {number} timeout */
        const connect = (timeout) =>
          new Scheduler(
            new Client(url, {
              ...identity.credentials,
              timeout,
              retries: 1,
              fetch: async (input, init) => {
                const response = await fetch(input, init);
                isRefused ||= response.status === 401 && String(input).startsWith(`${url}/_scheduler/`);
                return response;
              },
            }),
          );
        const [scheduler, hurried] = [connect(TIMEOUT), connect(HURRY)];
        try {
          const result = await question(scheduler, {
            database,
            docId,
            signal,
            previous: snapshots.get(whose),
            keep: (snapshot) => put(snapshots, whose, snapshot),
            progressed: (done, total) => progress.set(whose, { done, total: total ?? null }),
            measured,
            hurried,
          });
          // Metrics say only that CouchDB cannot be read.
          if (isRefused) throw new LoginRefusal(401, "unauthorized", "CouchDB does not accept the credentials.");
          return typeof result === "string" ? answerOf(result) : jsonAnswer(result);
        } catch (error) {
          signal.throwIfAborted();
          if (error instanceof TypeError || error instanceof RangeError) {
            throw new Refusal(400, "bad_request", error.message);
          }
          throw refusalOf(error);
        } finally {
          progress.delete(whose);
          for (const used of [scheduler, hurried]) {
            const { client } = used;
            used.free();
            client.free();
          }
        }
      },
    };
  };
}
