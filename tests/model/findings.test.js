// @ts-check
// What an audit has found, by replication and by kind.

import assert from "node:assert/strict";
import { test } from "node:test";
import { EVERYTHING, fitting } from "../../www/src/model/filter.js";
import { Findings, kindInWords } from "../../www/src/model/findings.js";

/** @typedef {import("couchdb-scheduler").Finding} Finding */

/** @param {Finding["kind"]} kind @param {string | null} doc_id @param {Partial<Finding>} [more] @returns {Finding} */
const finding = (kind, doc_id, more) => ({
  kind,
  severity: "warning",
  confirmed: true,
  database: doc_id === null ? null : "_replicator",
  doc_id,
  job_id: null,
  node: null,
  message: `${kind} of ${doc_id}`,
  hint: "",
  since: null,
  ...more,
});

/** @param {string | null} doc_id @param {string | null} id */
const row = (doc_id, id) => /** @type {any} */ ({ given: { doc_id, id } });

test("by replication, the worst first", () => {
  const findings = new Findings([
    finding("stalled", "a", { job_id: "1" }),
    finding("write_failures", "a"),
    finding("stalled", "b", { job_id: "1" }),
  ]);
  assert.deepEqual(
    findings.of(row("a", "1")).map(({ kind }) => kind),
    ["stalled", "write_failures"],
  );
  assert.deepEqual(findings.of(row("c", "1")), []);
  assert.equal(findings.has(row("b", "1"), "stalled"), true);
  assert.equal(findings.has(row("b", "1"), "write_failures"), false);
  assert.deepEqual(
    [...findings.kinds],
    [
      ["stalled", 2],
      ["write_failures", 1],
    ],
  );
  assert.deepEqual(
    findings.ofKind("stalled").map(({ doc_id }) => doc_id),
    ["a", "b"],
  );
});

test("what the states say is not repeated", () => {
  const findings = new Findings([
    finding("failed", "a"),
    finding("crashing", "b"),
    finding("error", "c"),
    finding("duplicate", "d"),
  ]);
  assert.deepEqual([findings.list, findings.kinds.size, findings.of(row("a", null))], [[], 0, []]);
});

test("of nodes, jobs and tasks: without a document", () => {
  const all = [
    finding("node_missing", null, { node: "n" }),
    finding("no_task", null, { job_id: "transient" }),
    finding("orphan_task", "gone", { job_id: "2" }),
    finding("stalled", "a"),
  ];
  const findings = new Findings(all);
  assert.deepEqual(findings.general, all.slice(0, 3));
  assert.equal(findings.has(row(null, "transient"), "no_task"), true);
  assert.equal(findings.has(row(null, null), "node_missing"), false);
});

test("filter the table", () => {
  const findings = new Findings([finding("stalled", "a"), finding("starving", "b")]);
  const fits = fitting({ ...EVERYTHING, finding: "stalled" }, (row, kind) => findings.has(row, kind));
  assert.deepEqual(
    ["a", "b", "c"].filter((id) => fits(row(id, null))),
    ["a"],
  );
});

test("kinds have names", () => {
  assert.deepEqual(["no_task", "node_missing", "of_the_future"].map(kindInWords), [
    "without a task",
    "node missing",
    "of the future",
  ]);
});
