// @ts-check
// progress() with a lag: for what the row does not say.

import assert from "node:assert/strict";
import { test } from "node:test";
import { progress } from "couchdb-scheduler";
import { THROWN, throwingGetter } from "../support/wrong-values.js";

/** @type {import("couchdb-scheduler").Lag} */
const LAG = {
  database: "_replicator",
  doc_id: "r",
  state: "crashing",
  backlog: 30,
  backlog_is_upper_bound: false,
  last_progress: null,
  resume: { from: "checkpoint", seq: "7-x" },
  doc_write_failures: 2,
  source: { status: "found", url: null, error: null, sessions: 1 },
  target: { status: "found", url: null, error: null, sessions: 1 },
};
const ROW = { database: "_replicator", doc_id: "r" };

const call = /** @type {(...args: any[]) => import("couchdb-scheduler").Progress} */ (progress);

test("the backlog and the failures stand in for what is missing", () => {
  const crashing = { ...ROW, state: "crashing", info: { error: "timeout" } };
  const { changes_pending, doc_write_failures, fraction } = call(crashing, LAG);
  assert.deepEqual([changes_pending, doc_write_failures, fraction], [30, 2, null]);
  assert.deepEqual([call(crashing).changes_pending, call(crashing).doc_write_failures], [null, null]);

  const idle = { ...ROW, state: "running", info: { revisions_checked: 70, changes_pending: null, source_seq: "0" } };
  assert.deepEqual(call(idle, LAG).fraction, 0.7);
  assert.equal(call(idle).fraction, null);

  const job = {
    ...ROW,
    id: "0a+continuous",
    pid: "<0.1.0>",
    history: [],
    revisions_checked: 70,
    changes_pending: null,
  };
  assert.deepEqual([call(job, LAG).changes_pending, call(job, LAG).fraction], [30, 0.7]);
});

test("the row goes first, and unknown stays unknown", () => {
  const info = { revisions_checked: 70, changes_pending: 10, doc_write_failures: 0 };
  const running = { ...ROW, state: "running", info };
  assert.deepEqual(call(running, LAG), call(running));
  const job = { ...ROW, id: "0a", pid: "<0.1.0>", history: [], ...info };
  assert.deepEqual(call(job, LAG), call(job));
  const crashing = { ...ROW, state: "crashing", info: null };
  assert.equal(call(crashing, { ...LAG, backlog: null }).changes_pending, null);
  assert.equal(call({ ...ROW, state: "completed", info: null }, LAG).changes_pending, 0);
});

test("a lag in addition to an earlier row", () => {
  const at = (/** @type {number} */ revisions_checked) => ({
    ...ROW,
    state: "running",
    info: {
      revisions_checked,
      docs_read: revisions_checked,
      docs_written: revisions_checked,
      changes_pending: null,
      source_seq: "0",
    },
  });
  const { seconds_left, docs_per_second, stalled } = call(at(80), at(60), 10_000, LAG);
  assert.deepEqual([seconds_left, docs_per_second, stalled], [15, 2, false]);
  assert.equal(call(at(80), at(80), undefined, LAG).stalled, true);
  assert.equal(call(at(80), at(80)).stalled, null);
  assert.equal(call(at(80), at(80), undefined, { ...LAG, backlog: 0 }).stalled, false);
});

test("a wrong lag is refused, and so is that of another document", () => {
  const row = { ...ROW, state: "running", info: null };
  for (const wrong of [
    null,
    1,
    "lag",
    [],
    {},
    { backlog: 1 },
    { ...LAG, backlog: -1 },
    { ...LAG, resume: null },
    row,
  ]) {
    assert.throws(() => call(row, undefined, undefined, wrong), {
      name: "TypeError",
      message: /^progress: lag must be a Lag, not /,
    });
  }
  for (const other of [{ doc_id: "s" }, { database: "a/_replicator" }]) {
    assert.throws(() => call(row, { ...LAG, ...other }), {
      name: "RangeError",
      message: "progress: lag must be that of the row's document",
    });
  }
  for (const wrong of [null, 1, [], { ...ROW }]) {
    assert.throws(() => call(wrong, LAG), { name: "TypeError", message: /^progress: row must be/ });
    assert.throws(() => call(row, wrong, 1, LAG), { name: "TypeError", message: /^progress: previous must be/ });
  }
  assert.throws(
    () => call(row, throwingGetter("resume")),
    (error) => error === THROWN,
  );
});
