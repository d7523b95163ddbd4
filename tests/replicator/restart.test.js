// @ts-check
// restartReplication() and restartReplications(): in each state, against the simulator or a real server.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Replicator, SchedulerError } from "couchdb-scheduler";
import { createSimulator } from "../../simulator/index.js";
import { all, errorOf, outcomeOf } from "../support/promises.js";
import { replicationAnswering } from "../support/replication-answers.js";
import { testOfSimulator, testServer } from "../support/server.js";

/**
 * @typedef {import("node:test").TestContext} TestContext
 * @typedef {import("couchdb-scheduler").ReplicationState} ReplicationState
 */

/**
 * @typedef {object} World
 * @property {import("../support/server.js").TestServer} server
 * @property {string} database
 * @property {string} source
 * @property {(name: string) => Promise<string>} create a database
 * @property {Replicator} replicator
 * @property {import("couchdb-scheduler").Scheduler} scheduler
 * @property {(name: string) => object} end
 * @property {(id: string) => Promise<any>} read
 * @property {(id: string, document: object) => Promise<any>} put
 */

/** A server whose clock runs, with a replicator database, a source of 20 documents, and the names of empty targets. @param {TestContext} t @returns {Promise<World>} */
async function world(t) {
  const server = await testServer(t, { clock: { speed: 20 } });
  const database = await server.createDatabase();
  const prefix = database.split("/")[0];
  /** @param {string} name */
  const create = async (name) => {
    await server.request("PUT", `/${prefix}-${name}`);
    t.after(() => server.request("DELETE", `/${prefix}-${name}`));
    return `${prefix}-${name}`;
  };
  const source = await create("source");
  await server.request("POST", `/${source}/_bulk_docs`, {
    docs: Array.from({ length: 20 }, (_, i) => ({ _id: `d${i}` })),
  });
  const auth = { basic: server.auth };
  const replicator = new Replicator(server.client());
  const path = (/** @type {string} */ id) => `/${encodeURIComponent(database)}/${encodeURIComponent(id)}`;
  return {
    server,
    database,
    source,
    create,
    replicator,
    scheduler: server.scheduler(),
    end: (/** @type {string} */ name) => ({ url: `${server.url}/${name}`, auth }),
    read: (/** @type {string} */ id) => server.request("GET", path(id)),
    put: (/** @type {string} */ id, /** @type {object} */ document) => server.request("PUT", path(id), document),
  };
}

/** What a document says besides its revision and what CouchDB writes into it. @param {any} document */
function written(document) {
  return Object.fromEntries(Object.entries(document).filter(([name]) => !/^_(rev|replication_)/.test(name)));
}

/** @type {[ReplicationState, (world: World, target: string) => object][]} */
const STATES = [
  ["running", ({ source, end }, target) => ({ source: end(source), target: end(target), continuous: true })],
  ["completed", ({ source, end }, target) => ({ source: end(source), target: end(target) })],
  ["crashing", ({ end }, target) => ({ source: end("no-such-database"), target: end(target), continuous: true })],
  ["error", ({ source, end }, target) => ({ source: end(source), target: end(target), filter: "missing/filter" })],
];

/** CouchDB itself tries these again, now and then. @type {Record<string, string[]>} */
const PASSING = { crashing: ["running", "pending"], error: ["initializing"] };

/** A real server notices a new replicator database after up to 30 seconds. */
describe("on a server", { concurrency: 8 }, () => {
  for (const [state, documentOf] of STATES) {
    test(`restartReplication() tries a replication again that is ${state}, and again`, async (t) => {
      const it = await world(t);
      const { database, replicator, scheduler } = it;
      const target = await it.create("target");
      await it.put("a", documentOf(it, target));
      /** @type {any} */
      const until = { until: [state], interval: 20, database };
      const first = await scheduler.waitFor("a", until);
      const before = await it.read("a");
      for (const isChanged of [true, false]) {
        const restarted = await replicator.restartReplication("a", { database });
        assert.deepEqual({ ...restarted, from: "", rev: "" }, { id: "a", rev: "", from: "", resumes: "checkpoint" });
        assert.ok([state, ...(PASSING[state] ?? [])].includes(String(restarted.from)), String(restarted.from));
        const again = await scheduler.waitFor("a", until);
        const startOf = (/** @type {any} */ row) => (state === "completed" ? row.last_updated : row.start_time);
        assert.notEqual(startOf(again), startOf(first));
        if (first.id && again.id) assert.equal(again.id, first.id);
        const after = await it.read("a");
        if (state !== "completed") assert.equal(after._rev, restarted.rev);
        const expected = written(before);
        // An ended replication needs no switch.
        if (isChanged && state !== "completed") expected.create_target_params = {};
        assert.deepEqual(written(after), expected);
      }
    });
  }

  test("restartReplication() runs a replication again that failed because of a duplicate", async (t) => {
    const it = await world(t);
    const { database, replicator, scheduler } = it;
    const document = { source: it.end(it.source), target: it.end(await it.create("target")), continuous: true };
    await it.put("a", document);
    await scheduler.waitFor("a", { until: ["running"], interval: 20, database });
    await it.put("b", document);
    await scheduler.waitFor("b", { until: ["failed"], interval: 20, database });
    // The cause is still there.
    assert.equal((await replicator.restartReplication("b", { database })).from, "failed");
    await replicator.stopReplication("a", { database });
    await scheduler.waitFor("b", { until: ["failed"], interval: 20, database });
    assert.equal((await replicator.restartReplication("b", { database })).from, "failed");
    await scheduler.waitFor("b", { until: ["running"], interval: 20, database });
  });

  test("a restarted replication goes on from its checkpoint", async (t) => {
    const it = await world(t);
    const { database, replicator, scheduler, server } = it;
    const target = await it.create("target");
    await it.put("a", {
      source: it.end(it.source),
      target: it.end(target),
      continuous: true,
      checkpoint_interval: 1000,
    });
    const { id } = await scheduler.waitFor("a", { until: ["running"], interval: 20, database });
    const local = `/${target}/_local/${String(id).split("+")[0]}`;
    const sessions = async (/** @type {number} */ count) => {
      for (;;) {
        const { history } = await server.request("GET", local).catch(() => ({ history: [] }));
        if (history.length === count) return history;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };
    await sessions(1);
    assert.equal((await replicator.restartReplication("a", { database })).resumes, "checkpoint");
    await server.request("POST", `/${it.source}`, { after: "the restart" });
    const [newest] = await sessions(2);
    assert.notEqual(newest.start_last_seq, 0);
  });

  test("a restart keeps the id of a selector that JavaScript cannot write", async (t) => {
    const it = await world(t);
    const { database, replicator, scheduler, server } = it;
    const ends = JSON.stringify({ source: it.end(it.source), target: it.end(await it.create("target")) });
    const selector = '{"b":1.0,"10":{"$gt":12345678901234567890},"2":1e2}';
    const response = await server.fetch(`${server.url}/${encodeURIComponent(database)}/a`, {
      method: "PUT",
      headers: { authorization: `Basic ${btoa(`${server.auth.username}:${server.auth.password}`)}` },
      body: `${ends.slice(0, -1)},"continuous":true,"selector":${selector}}`,
    });
    assert.equal(response.status, 201);
    const { id } = await scheduler.waitFor("a", { until: ["running"], interval: 20, database });
    assert.equal((await replicator.restartReplication("a", { database })).resumes, "checkpoint");
    assert.equal((await replicator.updateReplication("a", { workerProcesses: 2 }, { database })).rewinds, false);
    assert.equal((await scheduler.waitFor("a", { until: ["running"], interval: 20, database })).id, id);
  });

  test("without checkpoints a restart begins from the beginning, and says so", async (t) => {
    const it = await world(t);
    const { database, replicator, scheduler } = it;
    const ends = { source: it.end(it.source), target: it.end(await it.create("target")) };
    await it.put("a", { ...ends, continuous: true, use_checkpoints: false });
    await scheduler.waitFor("a", { until: ["running"], interval: 20, database });
    assert.equal((await replicator.restartReplication("a", { database })).resumes, "beginning");
  });

  test("restartReplications() restarts many, returns errors as results, and reads its ids as it goes", async (t) => {
    const it = await world(t);
    const { database, replicator, scheduler } = it;
    const ids = Array.from({ length: 6 }, (_, i) => `r${i}`);
    for (const id of ids) {
      await it.put(id, { source: it.end(it.source), target: it.end(await it.create(id)), continuous: true });
    }
    for (const id of ids) await scheduler.waitFor(id, { until: ["running"], interval: 20, database });
    async function* asked() {
      yield* ids;
      yield "missing";
    }
    const results = await all(replicator.restartReplications(asked(), { database, concurrency: 3 }));
    assert.deepEqual(results.map(({ id }) => id).sort(), ["missing", ...ids]);
    for (const result of results) {
      if ("error" in result) {
        assert.equal(result.id, "missing");
        assert.ok(result.error instanceof SchedulerError && result.error.code === "not_found");
      } else assert.deepEqual([result.from, result.resumes], ["running", "checkpoint"]);
    }
    assert.deepEqual(await all(replicator.restartReplications([], { database })), []);
  });
});

testOfSimulator(
  "restartReplication() restarts a pending replication, and one whose state is not known yet",
  async () => {
    const auth = { username: "admin", password: "pass" };
    const simulator = createSimulator({ maxJobs: 1, clock: { speed: 20 } });
    const replicator = new Replicator("http://couch.test:5984", { auth, fetch: simulator.fetch });
    for (const id of ["a", "b"]) {
      await replicator.createReplication({
        id,
        source: `http://far.test/${id}`,
        target: "http://far.test/t",
        continuous: true,
      });
    }
    const early = await replicator.restartReplication("b");
    assert.ok(early.from === null || early.from === "initializing" || early.from === "pending", String(early.from));
    while ((await replicator.replicationState("b")) !== "pending") simulator.clock.advance(1000);
    const { from, resumes } = await replicator.restartReplication("b");
    assert.deepEqual([from, resumes], ["pending", "checkpoint"]);
  },
);

test("restartReplication() and updateReplication() do not change what is not a replication", async () => {
  /** @type {string[]} */
  const methods = [];
  const fetch = async (/** @type {any} */ _, /** @type {any} */ init) => {
    methods.push(init.method);
    return new Response('{"_id":"a","_rev":"1-a","title":"a note"}');
  };
  const replicator = new Replicator("http://couch.test", { fetch: /** @type {any} */ (fetch) });
  for (const call of [replicator.restartReplication("a"), replicator.updateReplication("a", { continuous: true })]) {
    const error = await errorOf(call);
    assert.equal(error.code, "bad_request");
    assert.match(error.message, /is not a replication.*was not changed.*http:\/\/couch\.test\/_replicator\/a/);
  }
  assert.deepEqual(methods, ["GET", "GET"]);
});

testOfSimulator(
  "a user who may not restart a replication gets the server's error, and nothing is changed",
  async () => {
    const simulator = createSimulator({ users: { bob: "secret" } });
    const as = (/** @type {string} */ username, /** @type {string} */ password) =>
      new Replicator("http://couch.test:5984", { auth: { username, password }, fetch: simulator.fetch });
    const [admin, bob] = [as("admin", "pass"), as("bob", "secret")];
    await simulator.fetch("http://couch.test:5984/_replicator/_security", {
      method: "PUT",
      headers: { authorization: `Basic ${btoa("admin:pass")}` },
      body: JSON.stringify({ members: { names: ["bob"], roles: [] } }),
    });
    await admin.createReplication({ id: "a", source: "http://far.test/a", target: "http://u:S3CR3T@far.test/b" });
    const { _rev } = await admin.getReplication("a");
    const refused = await errorOf(bob.restartReplication("a"));
    assert.equal(refused.code, "unauthorized");
    const [result] = await all(bob.restartReplications(["a"]));
    assert.ok("error" in result && result.error.code === "unauthorized");
    const forbidden = await errorOf(bob.updateReplication("a", { continuous: true }));
    assert.equal(forbidden.code, "forbidden");
    for (const error of [refused, forbidden]) assert.doesNotMatch(JSON.stringify(error), /S3CR3T/);
    assert.equal((await admin.getReplication("a"))._rev, _rev);
  },
);

test("an id that never comes does not hold up an abort", async () => {
  const { replicator } = replicationAnswering({});
  const never = /** @type {any} */ (new Promise(() => {}));
  const controller = new AbortController();
  const { signal } = controller;
  const results = replicator.restartReplications([never, "r"], { concurrency: 1, signal }).next();
  assert.deepEqual(await outcomeOf(results), { status: "pending" });
  controller.abort("enough");
  assert.deepEqual(await outcomeOf(results), { status: "rejected", reason: "enough" });
});
