// @ts-check
// diagnose() with the settings of the job's node: the next attempt is when the scheduler makes it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { diagnose } from "couchdb-scheduler";
import { simulated, testOfSimulator } from "../support/server.js";
import { THROWN, throwingGetter } from "../support/wrong-values.js";

/** A job of a real server that crashed at 04:28:16 for the third time, and was tried again at 04:31:15; newest event first. */
const EVENTS = ["crashed 28:16", "started 28:15", "crashed 26:16", "started 26:15", "crashed 25:15", "started 24:04"];

/** @type {any} */
const job = {
  id: "0a+continuous",
  state: "crashing",
  pid: null,
  node: "n@h",
  source: "http://a.test/a/",
  target: "http://b.test/b/",
  history: [...EVENTS, "added 23:59"].map((event) => {
    const [type, time] = event.split(" ");
    return { type, timestamp: `2026-11-26T04:${time}Z`, ...(type === "crashed" && { reason: "timeout" }) };
  }),
};

/** @param {Partial<import("couchdb-scheduler").NodeCapacity>} [settings] @param {boolean} [known] @returns {any} */
const capacity = (settings, known = true) => ({
  known,
  nodes: [
    { node: "other@h", up: true, interval: 7000, health_threshold: 1000 },
    { node: "n@h", up: true, interval: 60_000, health_threshold: 120_000, ...settings },
  ],
});

/** @param {any} [row] @param {any} [options] */
const retry = (row = job, options = undefined) => diagnose(row, options)?.next_retry?.slice(11);

test("the next attempt is the scheduler's first decision after the back-off", () => {
  assert.equal(retry(), "04:30:16Z");
  assert.equal(retry(job, {}), "04:30:16Z");
  assert.equal(retry(job, { capacity: undefined }), "04:30:16Z");
  assert.equal(retry(job, { capacity: capacity() }), "04:31:15Z");
  assert.equal(retry(job, { capacity: capacity({ interval: 10_000 }) }), "04:30:25Z");
  assert.equal(retry(job, { capacity: capacity({ interval: 0 }) }), "04:30:16Z");
});

test("the node's health_threshold decides which crashes are consecutive", () => {
  const { failures, since, next_retry } = diagnose(job, { capacity: capacity({ health_threshold: 50_000 }) }) ?? {};
  // The first run, of 71 s, counts as healthy.
  assert.deepEqual([failures, since, next_retry], [2, "2026-11-26T04:25:15Z", "2026-11-26T04:30:15Z"]);
  assert.equal(diagnose(job)?.failures, 3);
  // After the crash of a healthy job, the scheduler does not wait.
  const healthy = diagnose(job, { capacity: capacity({ health_threshold: 0 }) });
  assert.deepEqual([healthy?.failures, healthy?.next_retry], [0, "2026-11-26T04:28:16Z"]);
});

test("without the settings of its node, a diagnosis is as without a capacity", () => {
  const plain = diagnose(job);
  for (const given of [
    capacity({}, false),
    capacity({ up: false }),
    capacity({ node: "n2@h" }),
    { known: true, nodes: [] },
  ]) {
    assert.deepEqual(diagnose(job, { capacity: given }), plain);
  }
  const document = { ...job, history: undefined, error_count: 3, last_updated: "2026-11-26T04:28:16Z" };
  assert.deepEqual(diagnose(document, { capacity: capacity() }), diagnose(document));
  assert.equal(retry(document, { capacity: capacity() }), "04:30:16Z");
  const first = { ...job, history: job.history.slice(4) };
  assert.equal(retry(first, { capacity: capacity() }), retry(first));
  assert.equal(diagnose({ ...job, state: "running" }, { capacity: capacity() }), null);
});

test("a wrong option is an error that names it", () => {
  for (const [options, message] of /** @type {[any, RegExp][]} */ ([
    [5, /^diagnose: options must be an object, not 5$/],
    [null, /^diagnose: options must be an object, not null$/],
    [{ capcity: capacity() }, /^diagnose: unknown option "capcity"; the options are capacity$/],
    [{ capacity: null }, /^diagnose: capacity must be a Capacity, the result of capacity\(\), not null$/],
    [
      { capacity: Promise.resolve() },
      /^diagnose: capacity must be a Capacity, the result of capacity\(\), not an object$/,
    ],
    [{ capacity: { known: true } }, /^diagnose: capacity must be a Capacity/],
    [{ capacity: { nodes: [] } }, /^diagnose: capacity must be a Capacity/],
    [{ capacity: capacity({ interval: -1 }) }, /^diagnose: capacity must be a Capacity/],
    [{ capacity: capacity({ interval: Number.NaN }) }, /^diagnose: capacity must be a Capacity/],
    [{ capacity: capacity({ health_threshold: /** @type {any} */ ("1") }) }, /^diagnose: capacity must be a Capacity/],
    [{ capacity: { known: true, nodes: [null] } }, /^diagnose: capacity must be a Capacity/],
  ])) {
    assert.throws(() => diagnose(job, options), { name: "TypeError", message }, JSON.stringify(options));
  }
  assert.throws(
    () => diagnose(/** @type {any} */ (null), { capacity: capacity() }),
    /^TypeError: diagnose: row must be/,
  );
  for (const member of ["known", "nodes"]) {
    const hostile = /** @type {any} */ (throwingGetter(member));
    assert.throws(
      () => diagnose(job, { capacity: hostile }),
      (error) => error === THROWN,
    );
  }
  assert.equal(retry(job, { capacity: capacity() }), "04:31:15Z");
});

testOfSimulator("a prediction comes true", async () => {
  const { simulator, scheduler } = simulated({ clock: { start: Date.parse("2026-11-26T04:00:00Z") } });
  const headers = { authorization: `Basic ${btoa("admin:pass")}`, "content-type": "application/json" };
  const body = JSON.stringify({ source: "http://127.0.0.1:1/a", target: "http://127.0.0.1:1/b", continuous: true });
  await simulator.fetch("http://couch.test:5984/_replicator/a", { method: "PUT", headers, body });
  const seen = async () => (await scheduler.listJobs()).jobs[0];
  // The intervals of the simulator have begun: two attempts.
  while (((await seen())?.history.length ?? 0) < 5) simulator.clock.advance(1000);
  let checked = 0;
  const limits = await scheduler.capacity();
  for (let second = 0; second < 3000; second++) {
    simulator.clock.advance(1000);
    const now = await seen();
    if (now.state !== "crashing" || now.history[0].type !== "crashed") continue;
    const predicted = Date.parse(diagnose(now, { capacity: limits })?.next_retry ?? "");
    while ((await seen()).history[0].timestamp === now.history[0].timestamp) simulator.clock.advance(1000);
    const started = (await seen()).history.find(
      ({ type, timestamp }) => type === "started" && timestamp > now.history[0].timestamp,
    );
    assert.ok(Math.abs(Date.parse(started?.timestamp ?? "") - predicted) <= 1000, `${started?.timestamp}`);
    checked++;
    if (checked === 4) return;
  }
  assert.fail(`only ${checked} attempts`);
});
