// @ts-check
// watchJobs(): the cost of a tick, its changes, what ends it; and on random fleets, whose jobs after each tick are those of listJobs().

import assert from "node:assert/strict";
import { test } from "node:test";
import { forEachSeed } from "../support/random.js";
import { simulated, testOfSimulator, testServer } from "../support/server.js";
import { HeldJobs, sortedByKey } from "./held-jobs.js";

/**
 * @typedef {import("../../simulator/index.js").Simulator} Simulator
 * @typedef {import("couchdb-scheduler").JobChange} JobChange
 */

const HOST = "couch.test:5984";

/** The next batch, or a failed test. @param {AsyncIterableIterator<JobChange[]>} watch */
async function next(watch) {
  const { value, done } = await watch.next();
  assert.equal(done, false);
  return /** @type {JobChange[]} */ (value);
}

/** @param {JobChange[]} batch */
const kinds = (batch) => batch.map(({ type, job, previous }) => `${type} ${(job ?? previous).doc_id}`).sort();

/** @param {number} n */
const transient = (n) => ({ source: `http://there.test/${n}`, target: "http://there.test/all", continuous: true });

/** A server with this number of replications that run indefinitely. @param {number} live */
function fleet(live) {
  const { simulator, scheduler } = simulated();
  const database = simulator.fleet.databases.get("_replicator");
  assert.ok(database);
  const write = (/** @type {string} */ id, /** @type {any} */ body, options = {}) =>
    simulator.fleet.write(database, id, body, { host: HOST, ...options });
  for (let n = 0; n < live; n++) write(`live-${n}`, transient(n));
  // All of them have started.
  simulator.clock.advance(120_000);
  return { simulator, scheduler, write };
}

testOfSimulator("a tick is one request; a tick without changes is an empty batch", async () => {
  const { simulator, scheduler } = fleet(20);
  const watch = scheduler.watchJobs({ interval: 1 });
  const held = new HeldJobs();
  held.apply(await next(watch));
  assert.deepEqual(held.sorted(), sortedByKey((await scheduler.listJobs()).jobs));
  assert.equal(held.jobs.size, 20);
  simulator.requests.length = 0;
  assert.deepEqual([await next(watch), await next(watch)], [[], []]);
  assert.deepEqual(
    simulator.requests.map(({ path, rows }) => [path.split("?")[0], rows]),
    [
      ["/_scheduler/jobs", 20],
      ["/_scheduler/jobs", 20],
    ],
  );
  await watch.return?.();
});

testOfSimulator("jobs are added, changed and removed", async () => {
  const { simulator, scheduler, write } = fleet(2);
  const watch = scheduler.watchJobs({ interval: 1 });
  const held = new HeldJobs();
  const batch = async () => {
    const changes = await next(watch);
    held.apply(changes);
    return kinds(changes);
  };
  assert.deepEqual(await batch(), ["added live-0", "added live-1"]);
  write("live-0", {}, { deleted: true });
  write("new", transient(7));
  simulator.clock.advance(60_000);
  assert.deepEqual(await batch(), ["added new", "changed live-1", "removed live-0"]);
  simulator.clock.advance(60_000);
  assert.deepEqual(await batch(), ["changed live-1", "changed new"]);
  // For a moment, a server that restarts has no jobs.
  simulator.restart();
  assert.deepEqual(await batch(), ["removed live-1", "removed new"]);
  simulator.clock.advance(60_000);
  assert.deepEqual(await batch(), ["added live-1", "added new"]);
  await watch.return?.();
});

for (const [options, expected] of /** @type {const} */ ([
  [{}, ["added live-0", "added null"]],
  [{ transient: true }, ["added live-0", "added null"]],
  [{ transient: false }, ["added live-0"]],
])) {
  testOfSimulator(
    `${JSON.stringify(options)}: ${expected.length} of a job with and one without a document`,
    async () => {
      const { simulator, scheduler } = fleet(1);
      simulator.fleet.scheduler.addTransient(transient(9), "admin");
      const watch = scheduler.watchJobs({ interval: 1, ...options });
      assert.deepEqual(kinds(await next(watch)), expected);
      await watch.return?.();
    },
  );
}

test("a job with the same id as another one is another job", async () => {
  const row = { id: "0a", database: "_replicator", doc_id: "a", node: "one", pid: null, history: [], info: null };
  let jobs = [row, { ...row, doc_id: "b" }, { ...row, node: "two" }];
  const { scheduler } = simulated(undefined, { fetch: async () => Response.json({ jobs, total_rows: 3, offset: 0 }) });
  const watch = scheduler.watchJobs({ interval: 1 });
  const held = new HeldJobs();
  held.apply(await next(watch));
  assert.equal(held.jobs.size, 3);
  jobs = [row, { ...row, doc_id: "b", node: "two" }, { ...row, node: "two" }];
  const batch = await next(watch);
  held.apply(batch);
  assert.deepEqual(
    batch.map(({ type, job, previous }) => [type, (job ?? previous).doc_id, (job ?? previous).node]),
    [
      ["removed", "b", "one"],
      ["added", "b", "two"],
    ],
  );
  await watch.return?.();
});

testOfSimulator("permanent errors end it after one request", async () => {
  for (const [status, error, code] of /** @type {const} */ ([
    [401, "unauthorized", "unauthorized"],
    [403, "forbidden", "forbidden"],
    [404, "not_found", "not_found"],
  ])) {
    const { simulator, scheduler } = fleet(3);
    const watch = scheduler.watchJobs({ interval: 1 });
    await next(watch);
    simulator.requests.length = 0;
    simulator.fail({ times: Number.POSITIVE_INFINITY, status, body: JSON.stringify({ error, reason: "no" }) });
    await assert.rejects(watch.next(), { code, status });
    assert.equal(simulator.requests.length, 1);
    assert.deepEqual(await watch.next(), { done: true, value: undefined });
  }
});

test("a replication that starts and is stopped is seen on any server", async (t) => {
  const server = await testServer(t, { clock: { speed: 100 } });
  const database = await server.createDatabase();
  const watch = server.scheduler().watchJobs({ interval: 20 });
  const held = new HeldJobs();
  const has = () => [...held.jobs.values()].some((job) => job.database === database && job.doc_id === "a");
  const until = async (/** @type {() => boolean} */ condition) => {
    while (!condition()) held.apply(await next(watch));
  };
  held.apply(await next(watch));
  assert.ok(!has());
  const ends = { source: `${server.url}/missing-a`, target: `${server.url}/missing-b`, continuous: true };
  await server.write(database, [{ _id: "a", ...ends }]);
  await until(has);
  const { _rev } = await server.request("GET", `/${encodeURIComponent(database)}/a`);
  await server.request("DELETE", `/${encodeURIComponent(database)}/a?rev=${_rev}`);
  await until(() => !has());
  await watch.return?.();
});

const CASES = 24;
const TICKS = 12;

testOfSimulator(`the jobs of watchJobs() are those of listJobs(), on ${CASES} random fleets`, () =>
  forEachSeed(CASES, async (random, seed) => {
    const nodes = ["couchdb@a.test", "couchdb@b.test", "couchdb@c.test"].slice(0, random.whole(1, 3));
    const { simulator, scheduler: direct } = simulated({ docs: random.whole(0, 80), seed, nodes });
    const { scheduler } = simulated(undefined, { retries: random.whole(0, 2), fetch: simulator.fetch });
    const database = simulator.fleet.databases.get("_replicator");
    assert.ok(database);
    const wanted = random.chance(0.7);
    const watch = scheduler.watchJobs({ interval: 1, transient: wanted });
    const held = new HeldJobs();
    for (let tick = 0; tick < TICKS; tick++) {
      simulator.clock.advance(random.pick([0, 500, 30_000, 120_000]));
      for (let i = random.whole(0, 2); i > 0; i--) {
        simulator.fleet.write(database, `new-${random.whole(0, 9)}`, transient(random.whole(0, 5)), { host: HOST });
      }
      if (random.chance(0.3)) simulator.fleet.write(database, "new-0", {}, { host: HOST, deleted: true });
      if (random.chance(0.2)) simulator.fleet.scheduler.addTransient(transient(100 + tick), "admin");
      if (random.chance(0.1)) simulator.restart();
      if (tick > 0 && random.chance(0.3)) {
        simulator.fail({
          times: random.whole(1, 5),
          ...random.pick([{ status: 503 }, { cutAfter: 300 }, { reset: true }]),
        });
      }
      held.apply(await next(watch));
      simulator.heal();
      const { jobs } = await direct.listJobs();
      const listed = jobs.filter(({ doc_id }) => wanted || doc_id !== null);
      assert.deepEqual(held.sorted(), sortedByKey(listed), `tick ${tick}`);
    }
    await watch.return();
  }),
);
