// @ts-check
/** The states of replications over time. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createSimulator } from "../../simulator/index.js";
import { Clock } from "../../simulator/world/clock.js";
import { jobRows } from "../../simulator/world/demo.js";
import { get, here, put, send, stateOf } from "./requests.js";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** @param {import("../../simulator/index.js").SimulatorOptions} [options] with a source of three documents */
async function serverWithSource(options) {
  const simulator = createSimulator(options);
  await put(simulator, "/source", {});
  for (const id of ["a", "b", "c"]) await put(simulator, `/source/${id}`, {});
  return simulator;
}

/** @param {string} path */
const doc = (path) => `/_scheduler/docs/_replicator/${path}`;

/** @param {import("./requests.js").Simulator} simulator @param {string} id @param {number} step @param {number} count the states each `step` ms */
async function statesOver(simulator, id, step, count) {
  /** @type {(string | null)[]} */
  const seen = [];
  for (let i = 0; i < count; i++) {
    seen.push(await stateOf(simulator, id));
    simulator.clock.advance(step);
  }
  return seen.filter((state, i) => state !== seen[i - 1]);
}

test("a one-shot replication is unknown, initializing, running, completed", async () => {
  const simulator = await serverWithSource();
  await put(simulator, "/_replicator/once", { source: here("source"), target: here("copy"), create_target: true });
  assert.deepEqual(await statesOver(simulator, "once", 100, 50), [null, "initializing", "running", "completed"]);
  const done = await get(simulator, doc("once"));
  assert.equal(done.id, null);
  assert.equal(done.info.docs_written, 3);
  assert.equal(done.info.changes_pending, null);
  const document = await get(simulator, "/_replicator/once");
  assert.match(document._rev, /^2-/);
  assert.equal(document._replication_state, "completed");
  assert.equal(document._replication_state_time, done.last_updated);
  assert.deepEqual(document._replication_stats, { ...done.info, start_time: done.start_time });
  assert.equal((await send(simulator, "/copy")).status, 200, "the target was created");
});

test("a continuous one keeps running, and counts new documents of its source", async () => {
  const simulator = await serverWithSource();
  await put(simulator, "/_replicator/on", {
    source: here("source"),
    target: here("copy"),
    create_target: true,
    continuous: true,
  });
  simulator.clock.advance(10 * SECOND);
  assert.equal((await get(simulator, doc("on"))).info.docs_read, 3);
  await put(simulator, "/source/d", {});
  simulator.clock.advance(10 * SECOND);
  const row = await get(simulator, doc("on"));
  assert.equal(row.state, "running");
  assert.equal(row.info.docs_read, 4);
  assert.match(row.id, /^[0-9a-f]{32}\+continuous\+create_target$/);
});

test("counters only grow; pending changes are read every 30 s", async () => {
  const simulator = createSimulator({ seed: 5 });
  await put(simulator, "/_replicator/far", {
    source: "https://shop.test/orders",
    target: "https://cloud.test/orders",
    continuous: true,
  });
  let previous = 0;
  /** @type {(number | null | undefined)[]} */
  const pending = [];
  for (let second = 0; second < 240; second++) {
    const { info } = await get(simulator, doc("far"));
    if (info) {
      assert(info.docs_read >= previous);
      previous = info.docs_read;
    }
    pending.push(info ? info.changes_pending : undefined);
    simulator.clock.advance(SECOND);
  }
  const changes = pending.flatMap((value, i) =>
    value !== pending[i - 1] && typeof value === "number" && typeof pending[i - 1] === "number" ? [i] : [],
  );
  assert(pending.includes(null), "unknown at first");
  assert(changes.length >= 1 && changes.length <= 8);
  for (const [i, at] of changes.entries()) if (i > 0) assert.equal((at - changes[i - 1]) % 30, 0);
});

test("one that crashes waits longer each time, and is retried indefinitely", async () => {
  const simulator = await serverWithSource();
  await put(simulator, "/_replicator/lost", {
    source: here("nowhere"),
    target: here("copy"),
    create_target: true,
    continuous: true,
  });
  simulator.clock.advance(24 * HOUR);
  const row = await get(simulator, doc("lost"));
  assert.equal(row.state, "crashing");
  assert.deepEqual(row.info, { error: "db_not_found: could not open http://couch.test/nowhere/" });
  const job = await get(simulator, `/_scheduler/jobs/${encodeURIComponent(row.id)}`);
  assert.equal(job.pid, null);
  assert.equal(job.info, null, "it never copied anything");
  assert.equal(job.history.length, 20, "no more than twenty events");
  assert.equal(job.history[0].type, "crashed");
  assert.equal(row.last_updated, job.history[0].timestamp);
  const crashes = job.history
    .filter((/** @type {any} */ event) => event.type === "crashed")
    .map((/** @type {any} */ event) => Date.parse(event.timestamp));
  const waits = crashes.slice(0, -1).map((/** @type {number} */ at, /** @type {number} */ i) => at - crashes[i + 1]);
  for (const [i, wait] of waits.entries()) assert(wait >= (waits[i + 1] ?? 0), `${waits}`);
  assert(waits[0] >= 30 * SECOND * 2 ** 8);
});

test("during a retry it runs, with its errors counted", async () => {
  const simulator = await serverWithSource();
  await put(simulator, "/_replicator/lost", {
    source: here("nowhere"),
    target: here("copy"),
    create_target: true,
    continuous: true,
  });
  const seen = [];
  for (let i = 0; i < 1300; i++) {
    const { state, error_count } = await get(simulator, doc("lost"));
    if (`${state} ${error_count}` !== seen.at(-1)) seen.push(`${state} ${error_count}`);
    simulator.clock.advance(100);
  }
  assert.deepEqual(seen, ["null 0", "initializing 0", "running 0", "crashing 1", "running 1", "crashing 2"]);
});

test("it recovers once a missing database exists", async () => {
  const simulator = await serverWithSource();
  await put(simulator, "/_replicator/late", {
    source: here("later"),
    target: here("copy"),
    create_target: true,
    continuous: true,
  });
  simulator.clock.advance(10 * SECOND);
  assert.equal(await stateOf(simulator, "late"), "crashing");
  await put(simulator, "/later", {});
  simulator.clock.advance(2 * MINUTE);
  const row = await get(simulator, doc("late"));
  assert.equal(row.state, "running");
  assert.equal(row.error_count, 1, "a retry shows the crashes before it");
});

test("a missing filter is an error, retried without a job", async () => {
  const simulator = await serverWithSource();
  await put(simulator, "/_replicator/filtered", {
    source: here("source"),
    target: here("copy"),
    create_target: true,
    filter: "shop/open",
    continuous: true,
  });
  simulator.clock.advance(5 * SECOND);
  const row = await get(simulator, doc("filtered"));
  assert.deepEqual(Object.keys(row), [
    "database",
    "doc_id",
    "id",
    "state",
    "info",
    "error_count",
    "node",
    "last_updated",
    "start_time",
  ]);
  assert.equal(row.state, "error");
  assert.equal(
    row.info.error,
    'Couldn\'t open document `_design/shop` from source database `http://couch.test/source/`: {error,<<"not_found">>}',
  );
  assert.equal((await get(simulator, "/_scheduler/jobs")).total_rows, 0);
  simulator.clock.advance(HOUR);
  assert((await get(simulator, doc("filtered"))).error_count > 2);
  await put(simulator, "/source/_design/shop", { filters: { open: "" } });
  simulator.clock.advance(24 * HOUR);
  assert.equal(await stateOf(simulator, "filtered"), "running");
});

test("a second document with the same replication fails", async () => {
  const simulator = await serverWithSource();
  const body = { source: here("source"), target: here("copy"), create_target: true, continuous: true };
  await put(simulator, "/_replicator/first", body);
  simulator.clock.advance(SECOND);
  await put(simulator, "/_replicator/second", body);
  simulator.clock.advance(SECOND);
  const row = await get(simulator, doc("second"));
  assert.equal(row.state, "failed");
  assert.equal(row.error_count, 1);
  const { id } = await get(simulator, doc("first"));
  assert.equal(
    row.info.error,
    `Replication \`${id}\` specified by document \`second\` already started, triggered by document \`first\` from db \`_replicator\``,
  );
  assert.equal((await get(simulator, "/_replicator/second"))._replication_state_reason, row.info.error);
});

test("the same replication on another node crashes, and its id exists twice", async () => {
  const simulator = await serverWithSource({ nodes: ["n1", "n2", "n3"] });
  const body = { source: here("source"), target: here("copy"), create_target: true, continuous: true };
  for (let i = 0; i < 6; i++) await put(simulator, `/_replicator/same${i}`, body);
  simulator.clock.advance(10 * SECOND);
  const { jobs } = await get(simulator, "/_scheduler/jobs");
  assert(jobs.length >= 2);
  assert.equal(new Set(jobs.map((/** @type {any} */ job) => job.id)).size, 1);
  assert.equal(new Set(jobs.map((/** @type {any} */ job) => job.node)).size, jobs.length);
  const running = jobs.find((/** @type {any} */ job) => job.pid);
  for (const job of jobs)
    if (job !== running) assert.equal(job.history[0].reason, `Duplicate replication running on ${running.node}`);
});

test("more jobs than maxJobs take turns", async () => {
  const simulator = createSimulator({ maxJobs: 2 });
  for (let i = 0; i < 5; i++)
    await put(simulator, `/_replicator/r${i}`, {
      source: `https://shop.test/${i}`,
      target: "https://cloud.test/x",
      continuous: true,
    });
  const ran = new Set();
  for (let minute = 0; minute < 10; minute++) {
    simulator.clock.advance(MINUTE);
    const { docs } = await get(simulator, "/_scheduler/docs");
    const running = docs.filter((/** @type {any} */ row) => row.state === "running");
    assert.equal(running.length, 2);
    assert.equal(docs.filter((/** @type {any} */ row) => row.state === "pending").length, 3);
    for (const row of running) ran.add(row.doc_id);
  }
  assert.equal(ran.size, 5);
  const { docs } = await get(simulator, "/_scheduler/docs");
  const pending = docs.find((/** @type {any} */ row) => row.state === "pending");
  assert.equal(typeof pending.info.docs_read, "number", "the counters of its last run");
});

test("a restart: five seconds with only terminal states, then all with a new start", async () => {
  const simulator = createSimulator({ docs: 200, seed: 2 });
  simulator.clock.advance(10 * SECOND);
  const before = await get(simulator, "/_scheduler/docs");
  const running = before.docs.find(
    (/** @type {any} */ row) => row.state === "running" && row.id.endsWith("+continuous"),
  );
  simulator.restart();
  const during = await get(simulator, "/_scheduler/docs");
  assert.equal(during.total_rows, before.total_rows);
  assert.deepEqual([...new Set(during.docs.map((/** @type {any} */ row) => row.state))].sort(), [
    "completed",
    "failed",
  ]);
  assert.equal((await get(simulator, "/_scheduler/jobs")).total_rows, 0);
  const unknown = await get(simulator, doc(encodeURIComponent(running.doc_id)));
  assert.equal(unknown.state, null);
  assert.equal(unknown.source, running.source);
  simulator.clock.advance(4_900);
  assert.equal((await get(simulator, "/_scheduler/jobs")).total_rows, 0);
  simulator.clock.advance(2 * MINUTE);
  const after = await get(simulator, "/_scheduler/docs");
  assert.equal(after.docs.length, before.docs.length);
  const again = after.docs.find((/** @type {any} */ row) => row.doc_id === running.doc_id);
  assert(again.start_time > running.start_time);
  assert.equal(again.id, running.id);
});

for (const docs of [7, 20, 1000]) {
  test(`a fleet of ${docs} shows all seven states, now and a day later`, async () => {
    const simulator = createSimulator({ docs });
    const all = ["completed", "crashing", "error", "failed", "initializing", "pending", "running"];
    for (const ms of [0, SECOND, MINUTE, HOUR, 23 * HOUR]) {
      simulator.clock.advance(ms);
      assert.deepEqual(Object.keys(simulator.fleet.countStates()).sort(), all, `after ${ms} ms`);
    }
    assert.equal((await get(simulator, "/_scheduler/docs?limit=0")).total_rows, docs + 1);
    assert((await get(simulator, "/_scheduler/docs/team%2F_replicator?limit=0")).total_rows > 7);
    const { jobs } = await get(simulator, "/_scheduler/jobs?limit=100000");
    const live = jobs.filter((/** @type {any} */ job) => job.doc_id !== null);
    const { running, pending, crashing } = simulator.fleet.countStates();
    assert.equal(live.length, running + pending + crashing, "a job for each document that is alive");
    assert.equal(
      docs >= 20,
      jobs.some((/** @type {any} */ job) => job.database === null && job.doc_id === null && job.user === "admin"),
      "transient jobs",
    );
  });
}

test("a flaky one crashes and recovers", async () => {
  const simulator = createSimulator({ docs: 20, maxJobs: 500 });
  const id = "übersicht-日本語-😀";
  const counts = new Set();
  let hidden = 0;
  for (let i = 0; i < 24 * 180; i++) {
    const { state, error_count, id: jobId } = await get(simulator, doc(encodeURIComponent(id)));
    if (state === "crashing") counts.add(error_count);
    const [{ type, timestamp }, before] = (await get(simulator, `/_scheduler/jobs/${encodeURIComponent(jobId)}`))
      .history;
    if (state === "running" && error_count === 0 && before.type === "crashed") {
      assert.deepEqual([type, timestamp], ["started", before.timestamp]);
      hidden++;
    }
    simulator.clock.advance(20 * SECOND);
  }
  assert(hidden > 3, "a crash after a good time is followed by a start at once, and only the history has it");
  assert(!counts.has(0) && counts.has(1) && counts.has(2), `${[...counts]}`);
  const seen = await statesOver(simulator, id, MINUTE, 24 * 60);
  assert(seen.filter((state) => state === "crashing").length > 3, `${seen}`);
  assert(seen.filter((state) => state === "running").length > 3, `${seen}`);
});

test("the same seed gives the same states, another seed gives others", async () => {
  const lives = await Promise.all(
    [1, 1, 2].map(async (seed) => {
      const simulator = createSimulator({ docs: 60, seed });
      let text = "";
      for (const ms of [0, MINUTE, HOUR]) {
        simulator.clock.advance(ms);
        text += (await send(simulator, "/_scheduler/docs")).text + (await send(simulator, "/_scheduler/jobs")).text;
      }
      return text;
    }),
  );
  assert(lives[0] === lives[1]);
  assert(lives[0] !== lives[2]);
});

test("many steps or one: the states are the same", async () => {
  const [steps, leap] = [createSimulator({ docs: 100 }), createSimulator({ docs: 100 })];
  for (let i = 0; i < 120; i++) {
    steps.clock.advance(MINUTE);
    steps.fleet.countStates();
  }
  leap.clock.advance(120 * MINUTE);
  assert((await send(steps, "/_scheduler/docs")).text === (await send(leap, "/_scheduler/docs")).text);
});

test("the clock: stands still, is advanced, runs at a speed, ends sleeps", async () => {
  const still = new Clock({ start: "2026-01-01T00:00:00Z" });
  assert.equal(still.now(), Date.parse("2026-01-01T00:00:00Z"));
  let awake = false;
  const sleeping = still.sleep(1000).then(() => (awake = true));
  still.advance(999);
  await new Promise(setImmediate);
  assert.equal(awake, false);
  still.advance(1);
  await sleeping;
  const fast = new Clock({ speed: 1000 });
  const start = fast.now();
  await fast.sleep(5000);
  assert(fast.now() - start >= 5000);
  assert.throws(() => new Clock({ start: "no time" }), RangeError);
});

test("rows are of a realistic size, and query strings contain secrets to mask", async () => {
  const simulator = createSimulator({ docs: 2000 });
  const { text } = await send(simulator, "/_scheduler/docs");
  const { docs } = JSON.parse(text);
  const size = text.length / docs.length;
  assert(size > 500 && size < 700, `${size} bytes a row`);
  assert(!text.includes("s3cret"), "user info is never shown");
  assert(docs.some((/** @type {any} */ row) => row.source?.includes("?api_key=") && row.state === "crashing"));
  assert(
    docs.some((/** @type {any} */ row) => row.info?.error?.includes("\n")),
    "Erlang terms over several lines",
  );
});

test("job rows for benchmarks have the given length of history", async () => {
  const simulator = createSimulator();
  simulator.fleet.loadVerbatim({}, jobRows(1000, { history: 10 }));
  const { jobs, total_rows } = await get(simulator, "/_scheduler/jobs?limit=1000");
  assert.equal(total_rows, 1000);
  assert.equal(new Set(jobs.map((/** @type {any} */ job) => job.id)).size, 1000);
  for (const job of jobs) assert.equal(job.history.length, 10);
});
