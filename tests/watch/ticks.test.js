// @ts-check
// The cost of a tick of watch(), when it happens, and what ends it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Scheduler } from "couchdb-scheduler";
import { createSimulator } from "../../simulator/index.js";
import { outcomeOf } from "../support/promises.js";
import { endedReplication, simulated, testOfSimulator, testServer } from "../support/server.js";
import { Held } from "./held-rows.js";

/** @typedef {import("../../simulator/index.js").Simulator} Simulator */
/** @typedef {import("couchdb-scheduler").WatchOptions} WatchOptions */

const HOST = "couch.test:5984";

/** A server with these numbers of ended documents and of replications that run indefinitely. @param {number} ended @param {number} live */
function fleet(ended, live) {
  const { simulator, scheduler } = simulated();
  const database = simulator.fleet.databases.get("_replicator");
  assert.ok(database);
  const write = (/** @type {string} */ id, /** @type {any} */ body, options = {}) =>
    simulator.fleet.write(database, id, body, { host: HOST, ...options });
  for (let n = 0; n < ended; n++) {
    const { _id, ...body } = endedReplication(
      `ended-${String(n).padStart(5, "0")}`,
      n % 7 === 0 ? "failed" : "completed",
    );
    write(_id, body);
  }
  for (let n = 0; n < live; n++) {
    write(`live-${n}`, { source: `http://there.test/${n}`, target: "http://there.test/all", continuous: true });
  }
  // All of them have started.
  simulator.clock.advance(120_000);
  return { simulator, scheduler, write };
}

/** The next batch, or a failed test. @param {AsyncIterableIterator<import("couchdb-scheduler").Change[]>} watch */
async function next(watch) {
  const { value, done } = await watch.next();
  assert.equal(done, false);
  return /** @type {import("couchdb-scheduler").Change[]} */ (value);
}

/** @param {import("couchdb-scheduler").Change[]} batch */
const kinds = (batch) => batch.map(({ type, doc_id }) => `${type} ${doc_id}`);

testOfSimulator(
  "a tick over 10,000 documents with 50 live and 3 changed ones costs a twentieth of a list",
  async () => {
    const { simulator, scheduler, write } = fleet(9_950, 50);
    const watch = scheduler.watch({ interval: 1 });
    const held = new Held();
    held.apply(await next(watch));
    assert.equal(held.rows.size, 10_000);
    // Live replications make progress, which is no reason to read them again.
    simulator.clock.advance(5000);
    write("ended-00003", endedReplication("ended-00003", "failed"));
    write("ended-00004", {}, { deleted: true });
    write("new", { source: "http://there.test/new", target: "http://there.test/all" });
    simulator.clock.advance(1000);
    simulator.requests.length = 0;

    const batch = await next(watch);
    held.apply(batch);
    const changed = kinds(batch).filter((kind) => !kind.includes("live-"));
    assert.deepEqual(changed, ["changed ended-00003", "removed ended-00004", "added new"]);
    assert.ok(kinds(batch).length > 25, "counters of live replications are included");
    const rows = simulator.requests.reduce((sum, request) => sum + request.rows, 0);
    assert.ok(simulator.requests.length <= 10, `${simulator.requests.length} requests`);
    assert.ok(rows <= 500, `${rows} rows`);
    const { docs } = await scheduler.listDocs();
    assert.deepEqual(held.sorted(), docs);
    await watch.return?.();
  },
);

testOfSimulator("a tick without changes is an empty batch, and two requests", async () => {
  const { simulator, scheduler } = fleet(500, 0);
  const watch = scheduler.watch({ interval: 1 });
  await next(watch);
  simulator.requests.length = 0;
  assert.deepEqual(await next(watch), []);
  assert.deepEqual(
    simulator.requests.map(({ path, rows }) => [path.split("?")[0], rows]),
    [
      ["/_scheduler/jobs", 0],
      ["/_replicator/_changes", 0],
    ],
  );
  await watch.return?.();
});

testOfSimulator("states: documents that enter them are added, and those that leave them are removed", async () => {
  const { scheduler, write } = fleet(20, 0);
  const watch = scheduler.watch({ interval: 1, states: ["failed"] });
  assert.deepEqual(kinds(await next(watch)), ["added ended-00000", "added ended-00007", "added ended-00014"]);
  write("ended-00001", endedReplication("ended-00001", "failed"));
  write("ended-00007", endedReplication("ended-00007", "completed"));
  assert.deepEqual(kinds(await next(watch)), ["added ended-00001", "removed ended-00007"]);
  await watch.return?.();
});

for (const [count, how] of /** @type {const} */ ([
  [3, "one by one"],
  [30, "among all"],
])) {
  testOfSimulator(`docIds: ${count} documents are watched ${how}, whether they exist or not`, async () => {
    const { simulator, scheduler, write } = fleet(200, 0);
    const docIds = [
      "not there yet",
      ...Array.from({ length: count - 1 }, (_, n) => `ended-${String(n * 3).padStart(5, "0")}`),
    ];
    const watch = scheduler.watch({ interval: 1, docIds });
    const first = await next(watch);
    assert.deepEqual(
      kinds(first),
      docIds.slice(1).map((id) => `added ${id}`),
    );
    assert.equal(
      simulator.requests.some(({ path }) => path.includes("_changes")),
      count > 8,
    );
    write("ended-00001", {}, { deleted: true });
    write("ended-00003", {}, { deleted: true });
    write("not there yet", endedReplication("not there yet"));
    assert.deepEqual(kinds(await next(watch)), ["removed ended-00003", "added not there yet"]);
    await watch.return?.();
  });
}

testOfSimulator("docIds: an empty list watches nothing", async () => {
  const { simulator, scheduler } = fleet(5, 0);
  const watch = scheduler.watch({ interval: 1, docIds: [] });
  assert.deepEqual([await next(watch), await next(watch)], [[], []]);
  assert.equal(simulator.requests.length, 0);
});

testOfSimulator("a server that restarts keeps its rows", async () => {
  const { simulator, scheduler } = fleet(10, 10);
  const watch = scheduler.watch({ interval: 1 });
  const held = new Held();
  held.apply(await next(watch));
  simulator.restart();
  held.apply(await next(watch));
  assert.equal(held.rows.size, 20);
  simulator.clock.advance(180_000);
  held.apply(await next(watch));
  assert.deepEqual(held.sorted(), (await scheduler.listDocs()).docs);
  await watch.return?.();
});

testOfSimulator("transient errors delay a tick; before the first tick they end the watch", async () => {
  const simulator = createSimulator();
  const scheduler = new Scheduler("http://couch.test", {
    retries: 0,
    auth: { username: "admin", password: "pass" },
    fetch: simulator.fetch,
  });
  simulator.fail({ reset: true });
  await assert.rejects(scheduler.watch({ interval: 1 }).next(), { code: "network" });

  const watch = scheduler.watch({ interval: 1 });
  await next(watch);
  for (const fault of [{ reset: true }, { status: 503 }, { body: '{"total_rows":' }])
    simulator.fail({ ...fault, times: 2 });
  assert.deepEqual(await next(watch), []);
  assert.equal(simulator.requests.filter(({ path }) => path.startsWith("/_scheduler/jobs")).length, 8);
});

testOfSimulator("permanent errors end the watch after one request", async () => {
  for (const [status, body, code] of /** @type {const} */ ([
    [401, { error: "unauthorized", reason: "Name or password is incorrect." }, "unauthorized"],
    [
      403,
      { error: "forbidden", reason: "Account is temporarily locked due to multiple authentication failures" },
      "locked_out",
    ],
  ])) {
    const { simulator, scheduler } = fleet(3, 0);
    const watch = scheduler.watch({ interval: 1 });
    await next(watch);
    simulator.requests.length = 0;
    simulator.fail({ times: Number.POSITIVE_INFINITY, status, body: JSON.stringify(body) });
    await assert.rejects(watch.next(), { code, status });
    assert.equal(simulator.requests.length, 1);
    assert.deepEqual(await watch.next(), { done: true, value: undefined });
  }
});

test("a database that is deleted ends the watch with not_found", async (t) => {
  const server = await testServer(t);
  const database = await server.createDatabase();
  const watch = server.scheduler().watch({ database, interval: 1 });
  assert.deepEqual(await next(watch), []);
  await server.request("DELETE", `/${encodeURIComponent(database)}`);
  await assert.rejects(
    async () => {
      // A real server may need a moment until all nodes know it.
      for (;;) await next(watch);
    },
    { code: "not_found" },
  );
  await server.request("PUT", `/${encodeURIComponent(database)}`);
});

test("written, edited and deleted documents are seen on any server", async (t) => {
  const server = await testServer(t);
  const database = await server.createDatabase();
  await server.write(database, [endedReplication("a"), endedReplication("b", "failed")]);
  const watch = server.scheduler().watch({ database, interval: 20 });
  const held = new Held();
  const until = async (/** @type {() => boolean} */ condition) => {
    while (!condition()) held.apply(await next(watch));
  };
  await until(() => held.rows.size === 2);
  await server.write(database, [endedReplication("c")]);
  await until(() => held.rows.has("c"));
  const { _rev } = await server.request("GET", `/${encodeURIComponent(database)}/a`);
  await server.request("DELETE", `/${encodeURIComponent(database)}/a?rev=${_rev}`);
  await until(() => !held.rows.has("a"));
  assert.deepEqual(held.sorted(), (await server.scheduler().listDocs({ database })).docs);
  await watch.return?.();
});

testOfSimulator("ticks wait for the consumer, and for each other", async (t) => {
  const { simulator, scheduler } = fleet(3, 0);
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const watch = scheduler.watch({ interval: 1 });
  await next(watch);
  const asked = simulator.requests.length;
  for (let i = 0; i < 5; i++) {
    t.mock.timers.tick(60_000);
    await outcomeOf(new Promise(() => {}));
  }
  assert.equal(simulator.requests.length, asked, "the next batch was not requested");
  t.mock.timers.reset();
  let underWay = 0;
  const counting = new Scheduler("http://couch.test:5984", {
    auth: { username: "admin", password: "pass" },
    fetch: async (url, init) => {
      assert.equal(++underWay, 1, "two requests at a time");
      const response = await simulator.fetch(url, init);
      underWay--;
      return response;
    },
  });
  const other = counting.watch({ interval: 1 });
  await Promise.all([other.next(), other.next(), other.next()]);
  await other.return?.();
});

for (const method of /** @type {const} */ (["watch", "watchJobs"])) {
  test(`${method}(): leaving the loop ends the wait for the next tick immediately`, { timeout: 20_000 }, async () => {
    const { scheduler } = simulated();
    for await (const batch of scheduler[method]({ interval: 3_600_000 })) {
      assert.deepEqual(batch, []);
      break;
    }
    const watch = scheduler[method]({ interval: 3_600_000 });
    await watch.next();
    const waiting = watch.next();
    await watch.return?.();
    assert.deepEqual(await waiting, { done: true, value: undefined });
  });

  test(`${method}(): an abort ends it with its own reason, during a request and between two`, {
    timeout: 20_000,
  }, async () => {
    for (const reason of [new Error("enough"), "enough", undefined, 0]) {
      const controller = new AbortController();
      const { scheduler } = simulated();
      const watch = scheduler[method]({ interval: 3_600_000, signal: controller.signal });
      await watch.next();
      const waiting = watch.next();
      controller.abort(reason);
      assert.deepEqual(await outcomeOf(waiting), { status: "rejected", reason: controller.signal.reason });
    }
  });
}

/** Of a fleet with 53 documents: the first tick is complete, and the next one requests nothing but the list. */
async function watchesByLists(
  /** @type {ReturnType<typeof fleet>} */ { simulator },
  /** @type {import("couchdb-scheduler").ClientOptions} */ options,
) {
  const auth = { username: "admin", password: "pass" };
  const watch = new Scheduler(`http://${HOST}`, { auth, ...options }).watch({ interval: 1 });
  const held = new Held();
  held.apply(await next(watch));
  assert.equal(held.rows.size, 53);
  simulator.requests.length = 0;
  simulator.clock.advance(5000);
  held.apply(await next(watch));
  assert.deepEqual(
    simulator.requests.map(({ path }) => path),
    ["/_scheduler/docs/_replicator"],
  );
  assert.equal(held.rows.size, 53);
  await watch.return?.();
}

test("jobs that take longer than a list are not requested at the next tick", async (t) => {
  const crowd = fleet(50, 3);
  const { now } = performance;
  let late = 0;
  t.mock.method(performance, "now", () => now.call(performance) + late);
  /** @type {typeof fetch} */
  const slow = async (input, init) => {
    if (new URL(String(input)).pathname.startsWith("/_scheduler/jobs")) late += 12_000;
    return crowd.simulator.fetch(input, init);
  };
  await watchesByLists(crowd, { fetch: slow, timeout: 0 });
});

for (const [what, cannotBeRead] of /** @type {const} */ ([
  ["jobs that take longer than the time limit", { delay: 1e9 }],
  ["jobs for which a proxy waits in vain", { status: 504, times: Number.POSITIVE_INFINITY }],
])) {
  test(`${what} do not keep a watch from beginning`, async () => {
    const crowd = fleet(50, 3);
    const { simulator } = crowd;
    simulator.fail({ path: "/_scheduler/jobs", ...cannotBeRead });
    await watchesByLists(crowd, { fetch: simulator.fetch, timeout: 3000, retries: 0 });
  });
}
