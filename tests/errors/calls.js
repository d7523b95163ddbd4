// @ts-check
// Every public call that sends requests, and correct responses for it.

import { listText } from "../support/answers.js";
import { all } from "../support/promises.js";

/**
 * @typedef {import("couchdb-scheduler").Client} Client
 * @typedef {import("couchdb-scheduler").Scheduler} Scheduler
 * @typedef {import("couchdb-scheduler").Replicator} Replicator
 * @typedef {{ client: Client, scheduler: Scheduler, replicator: Replicator }} Handles
 *
 * @typedef {object} Call
 * @property {string} name
 * @property {(handles: Handles, signal?: AbortSignal) => Promise<unknown>} make
 * @property {true} [reports] faults are part of what it returns; tests/insight/metrics.test.js compares them
 * @property {string} good the body of a correct response; a getter if it is not the same each time
 */

const doc = { database: "_replicator", doc_id: "a", state: "completed", info: { docs_read: 3 }, error_count: 0 };
const job = { id: "0a+continuous", pid: null, history: [{ timestamp: "2026-11-22T22:00:00Z", type: "added" }] };
/** For capacity(), which requests jobs and the names of the nodes. */
const nodes = listText([job], "jobs").replace("{", '{"all_nodes":["n@h"],"cluster_nodes":["n@h"],');
const docs = listText([doc, { ...doc, doc_id: "b" }, { ...doc, doc_id: "c" }]);
const failing = listText([
  { ...doc, state: "failed", info: { error: "db_not_found" } },
  { ...doc, doc_id: "b", state: "crashing", info: { error: "db_not_found" } },
]);
const jobs = listText([job, { ...job, id: "0b" }], "jobs");
const welcome = JSON.stringify({
  couchdb: "Welcome",
  version: "3.5.0",
  vendor: { name: "The Apache Software Foundation" },
});
const session = JSON.stringify({ ok: true, userCtx: { name: "admin", roles: ["_admin"] }, info: {} });

// For watch(), which requests jobs and changes before its list.
const everything = docs.replace("{", '{"results":[],"last_seq":"3-x",');
const written = listText([{ id: "a", key: "a", doc: { _id: "a", _rev: "1-a", source: "http://a.test/" } }], "rows");
const ends = { source: "http://a.test/a", target: "http://b.test/" };
const stored = JSON.stringify({ ok: true, _id: "a", id: "a", _rev: "1-a", rev: "1-a", ...ends });
const replication = { id: "a", source: "a", target: "http://b.test/" };

// For lag(), which requests a row, its document, the checkpoints of both ends, and the backlog.
const checkpoints = [{ key: "_local/0a", doc: { _id: "_local/0a" } }];
const replicating = { ...doc, id: "0a+continuous", state: "running", source: "http://couch.test:5984/a", target: "b" };
const everywhere = JSON.stringify({ ...replicating, _id: "a", rows: checkpoints, results: [], pending: 0 });
// For lags(): one response cannot be a list and the documents in it.
const none = listText([]);
// A replication between databases of this server, and feeds of them without changes.
const here = { source: "http://couch.test:5984/a/", target: "http://couch.test:5984/b/" };
const verified = JSON.stringify({ ...doc, _id: "a", ...here, results: [], last_seq: "3-x", pending: 0 });
/** Every response of a restart: a document, its row, which is newer each time, and what a PUT is answered with. */
const restarting = {
  restarts: 0,
  get good() {
    const start_time = new Date(Date.UTC(2026, 0, 1) + ++this.restarts * 60_000).toISOString();
    return JSON.stringify({ ...JSON.parse(stored), doc_id: "a", id: "a", state: "running", start_time });
  },
};

/** @param {AbortSignal | undefined} signal */
const on = (signal) => (signal === undefined ? {} : { signal });

/** @template T @param {AsyncIterableIterator<T>} batches */
async function firstBatch(batches) {
  for await (const batch of batches) return batch;
  return undefined;
}

/** @type {Call[]} */
export const CALLS = [
  { name: "info", good: welcome, make: ({ client }, signal) => client.info(on(signal)) },
  { name: "session", good: session, make: ({ client }, signal) => client.session(on(signal)) },
  { name: "listDocs", good: docs, make: ({ scheduler }, signal) => scheduler.listDocs(on(signal)) },
  {
    name: "listDocs(limit)",
    good: docs,
    make: ({ scheduler }, signal) => scheduler.listDocs({ limit: 3, ...on(signal) }),
  },
  {
    name: "listDocs(states)",
    good: docs,
    make: ({ scheduler }, signal) => scheduler.listDocs({ states: ["completed"], skip: 1, ...on(signal) }),
  },
  { name: "getDoc", good: JSON.stringify(doc), make: ({ scheduler }, signal) => scheduler.getDoc("a", on(signal)) },
  { name: "docs", good: docs, make: ({ scheduler }, signal) => all(scheduler.docs(on(signal))) },
  {
    name: "docs(states)",
    good: docs,
    make: ({ scheduler }, signal) => all(scheduler.docs({ states: ["completed"], ...on(signal) })),
  },
  { name: "summary", good: docs, make: ({ scheduler }, signal) => scheduler.summary(on(signal)) },
  { name: "incidents", good: failing, make: ({ scheduler }, signal) => scheduler.incidents(on(signal)) },
  { name: "listJobs", good: jobs, make: ({ scheduler }, signal) => scheduler.listJobs(on(signal)) },
  { name: "getJob", good: JSON.stringify(job), make: ({ scheduler }, signal) => scheduler.getJob(job.id, on(signal)) },
  {
    name: "replicatorDatabases",
    good: '["_replicator"]',
    make: ({ scheduler }, signal) => scheduler.replicatorDatabases(on(signal)),
  },
  { name: "lag", good: everywhere, make: ({ scheduler }, signal) => scheduler.lag("a", on(signal)) },
  // Each response that is not a list of jobs is a blind spot.
  { name: "audit", good: jobs, make: ({ scheduler }, signal) => scheduler.audit(on(signal)) },
  { name: "lags", good: none, make: ({ scheduler }, signal) => all(scheduler.lags(on(signal))) },
  { name: "capacity", good: nodes, make: ({ scheduler }, signal) => scheduler.capacity(on(signal)) },
  { name: "metrics", good: docs, reports: true, make: ({ scheduler }, signal) => scheduler.metrics(on(signal)) },
  {
    name: "verify",
    good: verified,
    make: ({ scheduler }, signal) => scheduler.verify("a", { extra: true, ...on(signal) }),
  },
  { name: "watch", good: everything, make: ({ scheduler }, signal) => firstBatch(scheduler.watch(on(signal))) },
  { name: "watchJobs", good: jobs, make: ({ scheduler }, signal) => firstBatch(scheduler.watchJobs(on(signal))) },
  { name: "waitFor", good: JSON.stringify(doc), make: ({ scheduler }, signal) => scheduler.waitFor("a", on(signal)) },
  {
    name: "createReplication",
    good: stored,
    make: ({ replicator }, signal) => replicator.createReplication(replication, on(signal)),
  },
  {
    name: "getReplication",
    good: stored,
    make: ({ replicator }, signal) => replicator.getReplication("a", on(signal)),
  },
  {
    name: "listReplications",
    good: written,
    make: ({ replicator }, signal) => all(replicator.listReplications(on(signal))),
  },
  {
    name: "replicationState",
    good: JSON.stringify(doc),
    make: ({ replicator }, signal) => replicator.replicationState("a", on(signal)),
  },
  {
    name: "followReplication",
    good: JSON.stringify(doc),
    make: ({ replicator }, signal) => all(replicator.followReplication("a", on(signal))),
  },
  {
    name: "stopReplication",
    good: stored,
    make: ({ replicator }, signal) => replicator.stopReplication("a", on(signal)).then(() => "stopped"),
  },
  {
    name: "retryRefused",
    good: verified,
    make: ({ replicator }, signal) => all(replicator.retryRefused("a", [], on(signal))),
  },
  {
    name: "restartReplication",
    get good() {
      return restarting.good;
    },
    make: ({ replicator }, signal) => replicator.restartReplication("a", on(signal)),
  },
  {
    name: "restartReplications",
    get good() {
      return restarting.good;
    },
    make: async ({ replicator }, signal) => {
      for await (const result of replicator.restartReplications(["a"], on(signal))) {
        if ("error" in result) throw result.error;
        return result;
      }
      return undefined;
    },
  },
  {
    name: "updateReplication",
    good: stored,
    make: ({ replicator }, signal) => replicator.updateReplication("a", { continuous: true }, on(signal)),
  },
  { name: "jobs", good: jobs, make: ({ scheduler }, signal) => all(scheduler.jobs(on(signal))) },
];
