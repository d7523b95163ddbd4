// @ts-check
// What the page knows about a server, without a page.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createSimulator } from "../../simulator/index.js";
import { connectionTo } from "../../www/src/connection/connection.js";
import { Fleet } from "../../www/src/connection/fleet.js";
import { EVERYTHING } from "../../www/src/model/filter.js";

/**
 * @typedef {import("../../www/src/connection/fleet.js").FleetListener} FleetListener
 * @typedef {Parameters<NonNullable<FleetListener["onRefresh"]>>[0]} Refresh
 * @typedef {Parameters<NonNullable<FleetListener["onFailure"]>>[0]} Failure
 */

const ORDER = { column: "id", key: (/** @type {{ key: string }} */ row) => row.key, descending: false };
const PASSWORD = "pass";

/**
 * @param {import("node:test").TestContext} t
 * @param {import("../../simulator/index.js").SimulatorOptions} options
 * @param {{ database?: string, hasResponded?: boolean, password?: string }} [more]
 */
function follow(t, options, { database = "_replicator", hasResponded, password = PASSWORD } = {}) {
  const simulator = createSimulator({ admins: { admin: PASSWORD }, ...options });
  const login = /** @type {const} */ ({ url: "http://couch.test", how: "password", username: "admin", password });
  const fleet = new Fleet(connectionTo(login, simulator.fetch), {
    database,
    filter: EVERYTHING,
    order: ORDER,
    hasResponded,
  });
  t.after(() => fleet.stop());
  /** @type {(Refresh | Failure)[]} */
  const events = [];
  let wake = () => {};
  const push = (/** @type {Refresh | Failure} */ event) => {
    events.push(event);
    wake();
  };
  fleet.subscribe({ onRefresh: push, onFailure: push });
  return {
    simulator,
    fleet,
    /** The next event that fits. @template {Refresh | Failure} T @param {(event: any) => boolean} fits @returns {Promise<any>} */
    async next(fits) {
      for (;;) {
        const event = events.shift();
        if (event && fits(event)) return event;
        if (!event) await new Promise((resolve) => (wake = () => resolve(undefined)));
      }
    },
  };
}

const isWhole = (/** @type {Refresh} */ { isWhole }) => isWhole;
const hasFailed = (/** @type {Failure} */ { error }) => error !== undefined;

test("reports the first rows early, then all, then only what changed", async (t) => {
  const { fleet, simulator, next } = follow(t, { docs: 300 });
  fleet.start();
  const preview = await next(() => true);
  assert.equal(preview.isWhole, false);
  assert.equal(preview.isFirst, true);
  assert.equal(preview.delta.added.length, 100);
  assert.equal(fleet.docs.isKnown, false);
  const first = await next(isWhole);
  assert.equal(first.isFirst, true);
  assert.equal(first.delta.added.length, 200, "only what the preview did not have");
  assert.equal(fleet.docs.rows.size, 300);
  const { isFirst: isStillFirst, delta: same } = await next(isWhole);
  assert.equal(isStillFirst, false, "the list of the watch");
  assert.deepEqual(same, { added: [], changed: [], removed: [] });

  const before = new Map([...fleet.docs.rows.values()].map((row) => [row.key, row]));
  simulator.clock.advance(3_600_000);
  fleet.docs.hurry();
  const { delta, isFirst } = await next(isWhole);
  assert.equal(isFirst, false);
  assert.ok(delta.changed.length > 0);
  for (const { row, previous } of delta.changed) {
    assert.equal(before.get(row.key), previous);
    before.set(row.key, row);
  }
  for (const row of delta.added) before.set(row.key, row);
  for (const { key } of delta.removed) before.delete(key);
  assert.deepEqual(new Set(before.values()), new Set(fleet.docs.rows.values()));
});

test("shows all documents before CouchDB has listed its jobs, and keeps them if it cannot", async (t) => {
  const { fleet, simulator, next } = follow(t, { docs: 300 });
  simulator.fail({ path: "/_scheduler/jobs", body: "[]", times: Infinity });
  fleet.start();
  await next(isWhole);
  assert.equal(fleet.docs.rows.size, 300);
  assert.equal(fleet.docs.isKnown, true);
  await next(hasFailed);
  fleet.docs.hurry();
  await next(hasFailed);
  assert.equal(fleet.docs.rows.size, 300);
});

test("watches a single document besides the list, also before the list has arrived", async (t) => {
  const { fleet, simulator, next } = follow(t, { docs: 300 });
  simulator.fail({ path: /^\/_scheduler\/docs\/_replicator$/, delay: 1e9 });
  fleet.start();
  await next(() => true);
  assert.equal(fleet.docs.isKnown, false);
  await simulator.fetch("http://couch.test/_replicator/zz-late", {
    method: "PUT",
    headers: { Authorization: `Basic ${btoa(`admin:${PASSWORD}`)}` },
    body: JSON.stringify({ source: "https://nowhere.invalid/a", target: "http://b.test/c", continuous: true }),
  });
  simulator.clock.advance(1000);
  fleet.watchOne("zz-late");
  const { delta, isWhole: isAll } = await next((event) => event.delta?.added.length === 1);
  assert.equal(delta.added[0].key, "zz-late");
  assert.equal(isAll, false);
  assert.equal(fleet.docs.refreshedAt, null);
  simulator.clock.advance(60_000);
  await fleet.look("zz-late");
  assert.equal(fleet.docs.rows.get("zz-late")?.state, "crashing");

  const asked = () => simulator.requests.filter(({ path }) => path.endsWith("/zz-late")).length;
  fleet.stop();
  const before = asked();
  fleet.watchOne("zz-late");
  await fleet.connection.scheduler.summary();
  assert.equal(asked(), before, "nothing more after the end");
});

test("what a document has written counts once, however often it is requested", async (t) => {
  const { fleet, simulator, next } = follow(t, { docs: 60 });
  fleet.start();
  await next(isWhole);
  const { scheduler } = fleet.connection;
  simulator.clock.advance(60_000);
  const { docs } = await scheduler.listDocs();
  const writtenOf = (/** @type {string} */ key) => Number(fleet.docs.rows.get(key)?.written);
  const writes = docs.find(
    ({ doc_id, state, info }) =>
      state === "running" && info && "docs_written" in info && info.docs_written > writtenOf(doc_id),
  );
  const key = writes?.doc_id ?? "";
  const now = () => writtenOf(key);
  const before = now();
  await fleet.look(key);
  simulator.clock.advance(60_000);
  await fleet.look(key);
  assert.ok(now() > before, "it writes");
  const reached = now();
  fleet.docs.hurry();
  const { delta, sinceWhole } = await next(isWhole);
  const total = (/** @type {typeof delta} */ { changed }) =>
    changed
      .filter((/** @type {any} */ { row }) => row.key === key)
      .reduce(
        (/** @type {number} */ sum, /** @type {any} */ { row, previous }) => sum + row.written - previous.written,
        0,
      );
  assert.equal(total(sinceWhole), now() - before);
  assert.equal(total(delta), now() - reached);
  const last = fleet.docs.pulse.samples.at(-1)?.written ?? 0;
  assert.ok(last >= now() - before, `${last} written`);
});

test("reports what has happened in its order, also a row that is requested during a refresh", async (t) => {
  const { fleet, simulator, next } = follow(t, { docs: 300 });
  fleet.start();
  await next(isWhole);
  await next(isWhole);
  const rows = [...fleet.docs.rows.values()];
  const known = new Map(rows.map((row) => [row.key, row]));
  let many = 0;
  fleet.subscribe({
    onRefresh: ({ delta }) => {
      many++;
      for (const { row, previous } of delta.changed) {
        assert.equal(previous, known.get(row.key), row.key);
        known.set(row.key, row);
      }
    },
  });
  simulator.clock.advance(3_600_000);
  // Each look at the clock is 10 ms later: the list is worked on in as many pieces as possible.
  let looks = 0;
  t.mock.method(performance, "now", () => 10 * looks++);
  fleet.docs.hurry();
  const changed = () => rows.find(({ isStale }) => isStale);
  while (!changed()) await new Promise((resolve) => setImmediate(resolve));
  assert.equal(many, 0, "it is not reported yet");
  const { key } = /** @type {import("../../www/src/model/row.js").Row} */ (changed());
  const given = /** @type {import("couchdb-scheduler").ReplicationDoc} */ (fleet.docs.rows.get(key)?.given);
  const newer = { ...given, last_updated: "2099-01-01T00:00:00Z" };
  await fleet.docs.put(newer);
  await next(({ delta }) => delta?.changed.some((/** @type {any} */ { row }) => row.given === newer));
  assert.equal(known.get(key)?.given, newer);
  assert.equal(fleet.docs.rows.get(key)?.given, newer);
});

test("several servers have their own rows and clocks", async (t) => {
  const ahead = follow(t, { docs: 20, clock: { start: Date.now() + 3_600_000 } });
  const behind = follow(t, { docs: 30, clock: { start: Date.now() - 3_600_000 } });
  for (const { fleet } of [ahead, behind]) fleet.start();
  await Promise.all([ahead.next(isWhole), behind.next(isWhole)]);
  assert.equal(ahead.fleet.docs.rows.size, 20);
  assert.equal(behind.fleet.docs.rows.size, 30);
  assert.ok(ahead.fleet.clock.now() - Date.now() > 1_800_000);
  assert.ok(Math.abs(behind.fleet.clock.now() - Date.now()) < 1000);
});

test("sends a wrong password once, and does not retry", async (t) => {
  const { fleet, simulator, next } = follow(t, { docs: 5 }, { password: "wrong" });
  fleet.watchJobs(true);
  fleet.start();
  assert.equal((await next(hasFailed)).retryAt, null);
  assert.equal(simulator.requests.length, 1);
  assert.equal(fleet.hasResponded, false);
});

test("watches jobs while they are shown, and forgets them afterwards", async (t) => {
  const { fleet, next } = follow(t, { docs: 60 });
  fleet.watchJobs(true);
  fleet.start();
  await next((event) => event.list === "jobs" && event.isWhole);
  assert.equal(fleet.jobs.rows.size, 3, "the demo fleet has three without a document");
  fleet.watchJobs(false);
  assert.equal(fleet.jobs.rows.size, 0);
  assert.equal(fleet.jobs.isKnown, false);
});

test("retries a missing database if the server has responded before, at once if asked to", async (t) => {
  const { fleet, simulator, next } = follow(t, { docs: 5 }, { database: "new/_replicator", hasResponded: true });
  fleet.start();
  const { error, retryAt } = await next(hasFailed);
  assert.equal(error.code, "not_found");
  assert.ok(retryAt > Date.now());
  assert.equal(fleet.docs.failure?.error, error);
  const headers = { Authorization: `Basic ${btoa(`admin:${PASSWORD}`)}` };
  await simulator.fetch("http://couch.test/new%2F_replicator", { method: "PUT", headers });
  fleet.docs.hurry();
  const refresh = await next(isWhole);
  assert.equal(refresh.hasRecovered, true);
  assert.equal(fleet.docs.failure, null);
});

test("reports nothing after it was stopped", async (t) => {
  const { fleet, next } = follow(t, { docs: 300 });
  fleet.start();
  await next(() => true);
  let reports = 0;
  fleet.subscribe({ onRefresh: () => reports++, onFailure: () => reports++, onChange: () => reports++ });
  fleet.stop();
  assert.equal(fleet.docs.rows.size, 0);
  await fleet.connection.client.info();
  assert.equal(reports, 0);
});

test("asks for the databases once, unless it gets none", async (t) => {
  const { fleet, simulator } = follow(t, { docs: 20 });
  simulator.fail({ path: "/_all_dbs", status: 403, body: '{"error":"forbidden","reason":"no"}' });
  assert.deepEqual(await fleet.findDatabases(), []);
  const found = await fleet.findDatabases();
  assert.ok(found.includes("_replicator"), String(found));
  const before = simulator.requests.length;
  assert.equal(await fleet.findDatabases(), found);
  assert.equal(simulator.requests.length, before);
});
