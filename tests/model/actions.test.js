// @ts-check
// What the page asks before it changes replications, and what it reports afterwards.

import assert from "node:assert/strict";
import { test } from "node:test";
import { endsOf, planOf, questionOf, Report, timeLeft } from "../../www/src/model/actions.js";
import { docRow, jobRow } from "../../www/src/model/row.js";

/** @param {string} id @param {object} [more] */
const doc = (id, more) =>
  docRow(
    /** @type {any} */ ({
      doc_id: id,
      database: "_replicator",
      id: null,
      state: "running",
      source: `https://berlin.example.net/${id}/`,
      target: `https://cloud.example.com/${id}/`,
      node: null,
      info: null,
      error_count: 0,
      start_time: null,
      last_updated: null,
      ...more,
    }),
  );

const transient = jobRow(
  /** @type {any} */ ({
    id: "j",
    doc_id: null,
    database: null,
    source: "a",
    target: "b",
    node: null,
    state: "running",
    history: [],
  }),
);

const many = (/** @type {number} */ count) => Array.from({ length: count }, (_, at) => doc(`d${at}`));

test("a question about one names it; about many it names the number and the first ten", () => {
  const one = questionOf(planOf("stop", [doc("orders")], "team/_replicator"));
  assert.deepEqual(
    { ...one, notes: one.notes.join(" ") },
    {
      title: "Stop “orders”?",
      notes: "This deletes its document from team/_replicator. Replicated data stays in the target.",
      ids: [],
      more: "",
      confirm: "Stop it",
    },
  );
  const ten = questionOf(planOf("stop", many(10), "_replicator"));
  assert.deepEqual([ten.title, ten.ids.length, ten.more, ten.confirm], ["Stop 10 replications?", 10, "", "Stop 10"]);
  const eleven = questionOf(planOf("restart", many(11), "_replicator"));
  assert.deepEqual(eleven.ids, ten.ids);
  assert.deepEqual(
    [eleven.title, eleven.more, eleven.confirm],
    ["Restart 11 replications?", "and 1 other", "Restart 11"],
  );
  assert.equal(questionOf(planOf("password", many(1300), "_replicator")).more, "and 1,290 others");
});

test("jobs without a document are left out, and the question says so", () => {
  const plan = planOf("restart", [doc("a"), transient, doc("b"), transient], "_replicator");
  assert.deepEqual(
    plan.rows.map(({ key }) => key),
    ["a", "b"],
  );
  assert.match(questionOf(plan).notes.join(" "), /2 jobs without a document are left out/);
  assert.doesNotMatch(questionOf(planOf("restart", [doc("a")], "_replicator")).notes.join(" "), /left out/);
});

test("a restart says what happens to those that run or have ended", () => {
  const rows = [
    doc("a"),
    doc("b", { state: "completed" }),
    doc("c", { state: "completed" }),
    doc("d", { state: "crashing" }),
  ];
  const notes = questionOf(planOf("restart", rows, "_replicator")).notes.join(" ");
  assert.match(notes, /1 of them is running: it is interrupted/);
  assert.match(notes, /2 of them are completed: these begin a new run/);
  assert.match(
    questionOf(planOf("restart", rows.slice(1, 2), "_replicator")).notes.join(" "),
    /It is completed: it begins/,
  );
  assert.doesNotMatch(questionOf(planOf("restart", rows.slice(3), "_replicator")).notes.join(" "), /running|completed/);
});

test("the servers whose passwords can be changed, with their replications", () => {
  const rows = [
    doc("a"),
    doc("b", { source: "https://paris.example.net/b/" }),
    doc("c", { target: "local" }),
    transient,
  ];
  assert.deepEqual(
    endsOf(rows).map(({ side, host, rows }) => [side, host, rows.map(({ key }) => key).join()]),
    [
      ["source", "berlin.example.net", "a,c"],
      ["target", "cloud.example.com", "a,b"],
      ["source", "paris.example.net", "b"],
    ],
  );
});

test("says how many of thousands are done, and how long the others take", () => {
  const plan = planOf("restart", many(12_345), "_replicator");
  assert.equal(questionOf(plan).confirm, "Restart 12,345");
  const report = new Report(plan);
  assert.equal(report.progress(1113, 12_345), "Restarting: 1,113 of 12,345");
  for (const { key } of plan.rows.slice(0, 1113)) report.add({ id: key, outcome: "failed", text: "x" });
  assert.equal(report.summary, "0 of 12,345 replications restarted, 1,113 failed, 11,232 not tried");
  assert.equal(timeLeft(100, 500, 60_000), "about 4 min left");
  for (const [done, ms] of [
    [0, 1000],
    [7, 60_000],
    [499, 60_000],
    [500, 60_000],
  ])
    assert.equal(timeLeft(done, 500, ms), "");
});

test("a report counts, keeps the last result of each, and knows which rows remain", () => {
  const report = new Report(planOf("restart", many(5), "_replicator"));
  const add = (/** @type {string} */ id, /** @type {"done" | "failed" | "unknown"} */ outcome, text = "x") =>
    report.add({ id, outcome, text });
  assert.equal(report.summary, "0 of 5 replications restarted, 5 not tried");
  add("d0", "done");
  add("d1", "failed", "Only on\nSundays.\t");
  add("d2", "unknown");
  assert.equal(report.summary, "1 of 5 replications restarted, 1 failed, 1 unknown, 2 not tried");
  assert.equal(report.progress(3, 5), "Restarting: 3 of 5");
  assert.deepEqual(
    report.failures.map(({ id }) => id),
    ["d1", "d2"],
  );
  assert.deepEqual(
    report.rest.map(({ key }) => key),
    ["d1", "d2", "d3", "d4"],
  );
  assert.equal(
    report.textOf(report.failures),
    "1 of 5 replications restarted, 1 failed, 1 unknown, 2 not tried\n" +
      "d1\tfailed\tOnly on Sundays. \nd2\tunknown\tx\nd3\tnot tried\nd4\tnot tried",
  );
  for (const id of ["d1", "d2", "d3", "d4"]) add(id, "done");
  assert.equal(report.summary, "5 of 5 replications restarted");
  assert.deepEqual([report.rest, report.failures], [[], []]);
});
