// @ts-check
// How many changes are left: from the row of a replication, or from its databases.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Backlogs, ELSEWHERE, hasJob, requestsFor } from "../../www/src/model/backlogs.js";
import { extraOf } from "../../www/src/model/extra.js";
import { Findings } from "../../www/src/model/findings.js";
import { docRow, jobRow } from "../../www/src/model/row.js";

const COUNTERS = {
  revisions_checked: 9,
  missing_revisions_found: 9,
  docs_read: 9,
  docs_written: 9,
  changes_pending: 7,
  doc_write_failures: 0,
  checkpointed_source_seq: "9-x",
};

/** @param {string} state @param {object} [more] */
const row = (state, more) =>
  docRow(
    /** @type {any} */ ({
      database: "_replicator",
      doc_id: "r",
      id: ["running", "pending", "crashing"].includes(state) ? "0a+continuous" : null,
      node: "n",
      state,
      source: "http://couch.test/source/",
      target: "http://couch.test/target/",
      error_count: 0,
      last_updated: null,
      start_time: null,
      info: state === "crashing" ? { error: "timeout" } : COUNTERS,
      ...more,
    }),
  );

/** @param {object} [more] @returns {import("couchdb-scheduler").Lag} */
const lag = (more) => {
  const end = { status: /** @type {const} */ ("found"), url: null, error: null, sessions: 1 };
  return {
    database: "_replicator",
    doc_id: "r",
    state: "crashing",
    backlog: 40,
    backlog_is_upper_bound: false,
    last_progress: "2026-11-25T12:00:00Z",
    resume: { from: "checkpoint", seq: "9-x" },
    doc_write_failures: 0,
    source: end,
    target: end,
    ...more,
  };
};

test("a running row says it itself, others are measured", () => {
  const backlogs = new Backlogs();
  assert.equal(backlogs.backlog(row("running")), 7);
  assert.equal(backlogs.backlog(row("pending")), 7);
  assert.equal(backlogs.backlog(row("crashing")), null);
  assert.equal(backlogs.lastProgress(row("running")), null);
  backlogs.put(lag(), 1);
  assert.equal(backlogs.backlog(row("running")), 7);
  assert.equal(backlogs.backlog(row("running", { info: null })), 40);
  assert.equal(backlogs.backlog(row("running", { info: { ...COUNTERS, changes_pending: null } })), 40);
  // The counters of its last run are older.
  assert.equal(backlogs.backlog(row("pending")), 40);
  assert.equal(backlogs.backlog(row("crashing")), 40);
  assert.equal(backlogs.lastProgress(row("running")), "2026-11-25T12:00:00Z");
});

test("what has ended or cannot start has no backlog, and is not requested", () => {
  const backlogs = new Backlogs();
  backlogs.put(lag(), 1);
  for (const state of ["completed", "failed", "error", "initializing"]) {
    assert.equal(backlogs.backlog(row(state)), null, state);
    assert.equal(backlogs.lastProgress(row(state)), null, state);
    assert.equal(backlogs.isDue(row(state), 1e9), false, state);
  }
  const job = jobRow(/** @type {any} */ ({ id: "0a", doc_id: null, state: "running", history: [], info: null }));
  assert.equal(hasJob(job), false);
});

test("not again within a minute, also if it failed", () => {
  const backlogs = new Backlogs();
  const crashing = row("crashing");
  assert.equal(backlogs.isDue(crashing, 1_000_000), true);
  backlogs.put(lag(), 1_000_000);
  assert.equal(backlogs.isDue(crashing, 1_059_999), false);
  assert.equal(backlogs.isDue(crashing, 1_060_000), true);
  backlogs.fail("r", "no response", 1_060_000);
  assert.equal(backlogs.isDue(crashing, 1_119_999), false);
  assert.deepEqual([backlogs.backlog(crashing), backlogs.of(crashing)?.why], [null, "no response"]);
  assert.equal(backlogs.lastProgress(crashing), "2026-11-25T12:00:00Z");
});

test("says why there is no backlog", () => {
  const backlogs = new Backlogs();
  const whyOf = (/** @type {object} */ source) => {
    backlogs.put(lag({ backlog: null, source }), 1);
    return backlogs.of(row("crashing"))?.why;
  };
  assert.equal(whyOf({ status: "not_asked", error: null }), ELSEWHERE);
  assert.equal(whyOf({ status: "refused", error: { message: "It refuses." } }), "It refuses.");
  assert.match(String(whyOf({ status: "found", error: null })), /does not report/);
});

test("forgets what is removed", () => {
  const backlogs = new Backlogs();
  const crashing = row("crashing");
  backlogs.put(lag(), 1);
  const { version } = backlogs;
  backlogs.take({ added: [], changed: [], removed: [crashing] });
  assert.equal(backlogs.of(crashing), undefined);
  backlogs.put(lag(), 2);
  assert.notEqual(backlogs.version, version);
});

test("the number of requests is that of replications, their databases, and lists of 1,000", () => {
  const rows = Array.from({ length: 1001 }, (_, n) =>
    row("running", { source: `http://couch.test/s${n % 10}`, target: `http://couch.test/t${n % 20}` }),
  );
  assert.equal(requestsFor(rows), 1001 + 30 + 4);
  assert.equal(requestsFor([]), 0);
});

test("what the table shows: the worst finding, and why a backlog is unknown or inexact", () => {
  const backlogs = new Backlogs();
  const crashing = row("crashing");
  const nothing = { backlog: null, lastProgress: null, finding: null, note: null };
  assert.deepEqual(extraOf(crashing, backlogs, new Findings()), nothing);
  backlogs.put(lag({ backlog_is_upper_bound: true }), 1);
  const found = (/** @type {string} */ kind) =>
    /** @type {any} */ ({ kind, doc_id: "r", job_id: null, message: `${kind}!`, hint: "Wait." });
  const findings = new Findings([found("no_task"), found("write_failures")]);
  assert.deepEqual(extraOf(crashing, backlogs, findings), {
    backlog: 40,
    lastProgress: "2026-11-25T12:00:00Z",
    finding: { text: "without a task +1", title: "no_task! Wait.\nwrite_failures! Wait." },
    note: "at most: with a filter, the source counts all changes",
  });
  // The row's own number is exact.
  assert.equal(extraOf(row("running"), backlogs, findings).note, null);
  backlogs.put(lag({ backlog: null, source: { status: "not_asked", error: null } }), 2);
  assert.equal(extraOf(crashing, backlogs, findings).note, ELSEWHERE);
});
