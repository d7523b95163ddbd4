// @ts-check
// What the page asks a server beyond its lists, and how often.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Insight } from "../../www/src/connection/insight.js";
import { docRow } from "../../www/src/model/row.js";
import { fleetOn, MINUTE } from "../insight/audited-fleet.js";
import { testOfSimulator } from "../support/server.js";

/** @typedef {import("../../www/src/connection/inspector.js").Inspector} Inspector */
/** @typedef {import("../../www/src/model/row.js").Row} Row */

const NOTHING_CHANGED = { added: [], changed: [], removed: [] };

/** Waits for a condition, not for a time. @param {() => unknown} isSo @param {string} what */
async function until(isSo, what) {
  for (let turn = 0; !isSo(); turn++) {
    assert.ok(turn < 5000, `in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** The page's clock, which a test moves. @param {import("node:test").TestContext} t */
function pageClock(t) {
  let now = 1e12;
  t.mock.method(Date, "now", () => now);
  return {
    pass: (/** @type {number} */ ms) => {
      now += ms;
    },
  };
}

/** Replications of one source, as rows. @param {number} many */
async function replicating(many) {
  const fleet = fleetOn({ maxJobs: 2000 });
  fleet.source("source");
  for (let n = 0; n < many; n++) await fleet.replicate(`r${String(n).padStart(4, "0")}`);
  fleet.pass(5 * MINUTE);
  /** @type {Map<string, Row>} */
  const rows = new Map();
  const read = async () => {
    for (const doc of (await fleet.scheduler.listDocs()).docs) rows.set(doc.doc_id, docRow(doc));
  };
  await read();
  return { fleet, rows, read };
}

/** An inspector that records what it is asked. @param {Inspector} inspector */
function recorded(inspector) {
  /** @type {string[]} */
  const asked = [];
  let [running, most] = [0, 0];
  /** @type {Inspector} */
  const recording = {
    summary: (options) => inspector.summary(options),
    incidents: (options) => inspector.incidents(options),
    audit(options) {
      asked.push(options.previous ? "audit again" : "audit");
      return inspector.audit(options);
    },
    capacity(options) {
      asked.push("capacity");
      return inspector.capacity(options);
    },
    lag: async (docId, options) => {
      asked.push(docId);
      most = Math.max(most, ++running);
      try {
        return await inspector.lag(docId, options);
      } finally {
        running--;
      }
    },
    lags(options) {
      asked.push("lags");
      return inspector.lags(options);
    },
    verify: (docId, options) => inspector.verify(docId, options),
    replicatorDatabases: (options) => inspector.replicatorDatabases(options),
  };
  return { recording, asked, most: () => most };
}

testOfSimulator("audits every two minutes, and confirms what it suspected", async (t) => {
  const clock = pageClock(t);
  const { fleet, rows } = await replicating(1);
  fleet.simulator.provoke.stick("r0000");
  fleet.write("source", 3);
  fleet.pass(5 * MINUTE);
  const { recording, asked } = recorded(fleet.scheduler);
  let changes = 0;
  const insight = new Insight({ inspector: recording, database: "_replicator", rows }, () => changes++);
  insight.refreshed(NOTHING_CHANGED, false);
  await until(() => insight.look !== null, "the first look");
  const [row] = [...rows.values()];
  assert.ok(row);
  assert.deepEqual([insight.findings.has(row, "stalled"), insight.findings.of(row)[0]?.confirmed], [true, false]);
  for (let refreshes = 0; refreshes < 24; refreshes++) {
    clock.pass(5000);
    insight.refreshed(NOTHING_CHANGED, false);
  }
  assert.deepEqual(asked, ["audit"]);
  fleet.pass(2 * MINUTE);
  clock.pass(5000);
  insight.refreshed(NOTHING_CHANGED, false);
  await until(() => insight.findings.of(row)[0]?.confirmed === true, "confirmation");
  assert.deepEqual(asked, ["audit", "audit again"]);
  assert.equal(changes, 2);
});

testOfSimulator("an audit that fails says why, and is not repeated at each refresh", async (t) => {
  const clock = pageClock(t);
  const { fleet, rows } = await replicating(1);
  const heal = fleet.simulator.fail({ path: "/_scheduler/jobs", status: 500 });
  const { recording, asked } = recorded(fleet.scheduler);
  const insight = new Insight({ inspector: recording, database: "_replicator", rows }, () => {});
  insight.refreshed(NOTHING_CHANGED, false);
  await until(() => insight.look !== null, "the first look");
  assert.match(String(insight.look?.error), /500/);
  clock.pass(5000);
  insight.refreshed(NOTHING_CHANGED, false);
  assert.deepEqual(asked, ["audit"]);
  heal();
  clock.pass(2 * MINUTE);
  insight.refreshed(NOTHING_CHANGED, false);
  await until(() => insight.look?.error === "", "a look that succeeds");
});

testOfSimulator("what could not be looked at is known", async () => {
  const { fleet, rows } = await replicating(1);
  fleet.simulator.fail({ path: "/_active_tasks", status: 403 });
  const insight = new Insight({ inspector: fleet.scheduler, database: "_replicator", rows }, () => {});
  insight.refreshed(NOTHING_CHANGED, false);
  await until(() => insight.look !== null, "the first look");
  assert.deepEqual(
    insight.look?.blindSpots.map(({ what }) => what),
    ["tasks"],
  );
});

testOfSimulator("capacity is requested every minute, while something waits", async (t) => {
  const clock = pageClock(t);
  const { fleet, rows } = await replicating(1);
  const { recording, asked } = recorded(fleet.scheduler);
  const insight = new Insight({ inspector: recording, database: "_replicator", rows }, () => {});
  const many = () => asked.filter((what) => what === "capacity").length;
  insight.refreshed(NOTHING_CHANGED, false);
  assert.equal(many(), 0);
  // For both, the server lists all jobs.
  insight.refreshed(NOTHING_CHANGED, true);
  assert.deepEqual([asked, many()], [["audit"], 0], "after the audit");
  await until(() => insight.look !== null, "the audit");
  const refresh = () => insight.refreshed(NOTHING_CHANGED, true);
  await until(() => many() > 0 || void refresh(), "capacity");
  await until(() => insight.capacity !== null, "its figures");
  refresh();
  assert.equal(many(), 1);
  clock.pass(MINUTE);
  await until(() => many() > 1 || void refresh(), "capacity again");
  fleet.simulator.fail({ path: "/_scheduler/jobs", status: 500 });
  await insight.requestCapacity();
  assert.deepEqual([insight.capacity, /500/.test(insight.capacityError)], [null, true]);
});

testOfSimulator("of many, only the backlogs on the screen are requested, a few at a time", async (t) => {
  const clock = pageClock(t);
  const { fleet, rows } = await replicating(120);
  const { recording, asked, most } = recorded(fleet.scheduler);
  const insight = new Insight({ inspector: recording, database: "_replicator", rows }, () => {});
  const ids = [...rows.keys()];
  const lags = () => asked.filter((what) => what.startsWith("r")).sort();
  insight.refreshed(NOTHING_CHANGED, false);
  insight.show(ids.slice(0, 20));
  const isKnown = (/** @type {string} */ id) => insight.backlogs.of(/** @type {Row} */ (rows.get(id))) !== undefined;
  await until(() => ids.slice(0, 20).every(isKnown), "the backlogs on the screen");
  assert.equal(most(), 4);
  clock.pass(59_000);
  insight.refreshed(NOTHING_CHANGED, false);
  insight.show(ids.slice(10, 30));
  await until(() => ids.slice(20, 30).every(isKnown), "those that were scrolled into view");
  assert.deepEqual(lags(), ids.slice(0, 30));
  insight.show([]);
  clock.pass(MINUTE);
  insight.refreshed(NOTHING_CHANGED, false);
  assert.equal(lags().length, 30);
  assert.ok(!asked.includes("lags"));
});

testOfSimulator("what is scrolled past is not requested any more", async () => {
  const { fleet, rows } = await replicating(120);
  const { recording, asked } = recorded(fleet.scheduler);
  const insight = new Insight({ inspector: recording, database: "_replicator", rows }, () => {});
  const ids = [...rows.keys()];
  for (let from = 0; from < 100; from += 20) insight.show(ids.slice(from, from + 20));
  const last = /** @type {Row} */ (rows.get(String(ids[99])));
  await until(() => insight.backlogs.of(last) !== undefined, "the last one");
  assert.ok(asked.length <= 4 + 20, `${asked.length}`);
});

testOfSimulator("all of a few are requested automatically, again after a minute", async (t) => {
  const clock = pageClock(t);
  const { fleet, rows } = await replicating(5);
  const { recording, asked } = recorded(fleet.scheduler);
  const insight = new Insight({ inspector: recording, database: "_replicator", rows }, () => {});
  const many = () => asked.filter((what) => what === "lags").length;
  insight.refreshed(NOTHING_CHANGED, false);
  assert.equal(many(), 0, "no column shows them");
  insight.show([...rows.keys()].slice(0, 2));
  insight.refreshed(NOTHING_CHANGED, false);
  const isKnown = (/** @type {Row} */ row) => insight.backlogs.of(row) !== undefined;
  await until(() => [...rows.values()].every(isKnown), "all backlogs");
  assert.equal(insight.measuring, null);
  clock.pass(MINUTE - 1);
  insight.refreshed(NOTHING_CHANGED, false);
  assert.equal(many(), 1);
  clock.pass(1);
  insight.refreshed(NOTHING_CHANGED, false);
  assert.equal(many(), 2);
});

testOfSimulator("all of many are requested by the user, with progress, and until the user cancels", async () => {
  const { fleet, rows } = await replicating(120);
  const { recording, asked } = recorded(fleet.scheduler);
  /** @type {Insight} */
  const insight = new Insight({ inspector: recording, database: "_replicator", rows }, () => {
    if (insight.measuring && insight.measuring.done > 0) insight.cancelMeasuring();
  });
  insight.measureAll();
  assert.deepEqual(insight.measuring, { done: 0, total: 120 });
  insight.measureAll();
  await until(() => insight.measuring === null, "the end");
  const known = () => [...rows.values()].filter((row) => insight.backlogs.of(row)).length;
  assert.ok(known() > 0 && known() < 120, `${known()}`);
  assert.equal(insight.measuringError, "");
  assert.deepEqual(asked, ["lags"]);

  const again = new Insight({ inspector: recording, database: "_replicator", rows }, () => {});
  again.measureAll();
  await until(() => again.measuring === null, "the end");
  assert.equal([...rows.values()].filter((row) => again.backlogs.of(row)).length, 120);

  fleet.simulator.fail({ path: "/_scheduler/docs/_replicator", status: 500 });
  again.measureAll();
  await until(() => again.measuring === null, "the end");
  assert.match(again.measuringError, /500/);
});

test("nothing is requested or reported after the end", async () => {
  let changes = 0;
  /** @type {((reason: unknown) => void)[]} */
  const pending = [];
  const never = (/** @type {{ signal?: AbortSignal }} */ { signal }) =>
    new Promise((_, reject) => {
      pending.push(reject);
      signal?.addEventListener("abort", () => reject(signal.reason));
    });
  const inspector = /** @type {any} */ ({ audit: never, capacity: never });
  const insight = new Insight({ inspector, database: "_replicator", rows: new Map() }, () => changes++);
  insight.refreshed(NOTHING_CHANGED, true);
  void insight.requestCapacity();
  assert.equal(pending.length, 2);
  insight.stop();
  insight.refreshed(NOTHING_CHANGED, true);
  assert.equal(pending.length, 2);
  await until(() => insight.look !== null && insight.capacityError !== "", "the aborted requests");
  assert.equal(pending.length, 2);
  assert.equal(changes, 0);
});
