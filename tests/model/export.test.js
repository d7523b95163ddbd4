// @ts-check
// The shown rows as CSV and NDJSON.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Scheduler } from "couchdb-scheduler";
import { createSimulator } from "../../simulator/index.js";
import { FORMATS, fileName } from "../../www/src/model/export.js";
import { START } from "../../www/src/model/location.js";
import { docRow, jobRow } from "../../www/src/model/row.js";

/** @param {Partial<import("couchdb-scheduler").CrashingDoc>} some */
const rowOf = (some) =>
  docRow(
    /** @type {any} */ ({
      database: "_replicator",
      doc_id: "a",
      id: "c0ffee",
      source: "http://source.test/a/",
      target: "http://target.test/a/",
      state: "crashing",
      error_count: 1,
      info: { error: "timeout" },
      last_updated: "2026-11-25T12:00:00Z",
      start_time: "2026-11-25T11:00:00Z",
      node: "node1@127.0.0.1",
      ...some,
    }),
  );

/** @param {Parameters<import("../../www/src/model/export.js").Format["text"]>} given */
const csvOf = (...given) => [...FORMATS.CSV.text(...given)].join("");

/** A naive reader of RFC 4180. @param {string} text @param {string} [separator] */
function cellsOf(text, separator = ",") {
  const lines = [[""]];
  let isQuoted = false;
  for (let i = 0; i < text.length; i++) {
    const line = /** @type {string[]} */ (lines.at(-1));
    const sign = text[i];
    if (isQuoted && sign === '"' && text[i + 1] === '"') line[line.length - 1] += text[i++];
    else if (sign === '"') isQuoted = !isQuoted;
    else if (!isQuoted && sign === separator) line.push("");
    else if (!isQuoted && sign === "\r" && text[i + 1] === "\n") i++ && lines.push([""]);
    else line[line.length - 1] += sign;
  }
  assert.deepEqual(lines.pop(), [""], "the last line ends, too");
  return lines;
}

test("every row of the list in its order, with the chosen columns", async () => {
  const simulator = createSimulator({ docs: 700 });
  const { docs } = await new Scheduler("http://couch.test", {
    auth: { username: "admin", password: "pass" },
    fetch: simulator.fetch,
  }).listDocs();
  const rows = docs.map(docRow).reverse();
  const text = csvOf(
    rows,
    ["state", "id", "endpoints", "errors", "updated", "backlog", "last_progress", "finding", "new", "toString"],
    (row) => ({
      backlog: row.errors * 2,
      lastProgress: "2026-11-25T12:00:00Z",
      finding: { text: "stalled" },
    }),
  );
  const [head, ...lines] = cellsOf(text);
  assert.deepEqual(head, [
    "\ufeffdatabase",
    "doc_id",
    "id",
    "source",
    "target",
    "error",
    "state",
    "errors",
    "updated",
    "backlog",
    "last_progress",
    "finding",
  ]);
  assert.equal(lines.length, 700);
  for (const [i, { given, errors }] of rows.entries()) {
    const { database, doc_id, id, source, target, info, state, last_updated } = /** @type {typeof docs[0]} */ (given);
    const error = info && "error" in info ? info.error : "";
    const expected = [
      database,
      doc_id,
      id,
      source,
      target,
      error,
      state,
      errors,
      last_updated,
      errors * 2,
      "2026-11-25T12:00:00Z",
      "stalled",
    ].map((value) => `${value ?? ""}`);
    assert.deepEqual(
      lines[i]?.map((cell) => cell.replace(/^'(?=[=+\-@])/, "")),
      expected,
    );
  }
});

test("cells are quoted where they must be", () => {
  const id = 'a "b", c;d\r\ne';
  const text = csvOf([rowOf({ doc_id: id, node: " n " })], ["node"]);
  assert.equal(cellsOf(text)[1]?.[1], id);
  assert.ok(text.endsWith('," n "\r\n'), text);
  assert.match(text, /"a ""b"", c;d\r\ne"/);
  assert.equal(csvOf([], ["state"]), "\ufeffdatabase,doc_id,id,source,target,error,state\r\n");
});

test("no cell is a formula, whatever separates cells where it is opened", () => {
  const DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "a;=1", "a\t=1", "a\n=1", "a;-1"];
  for (const id of DANGEROUS) {
    const text = csvOf([rowOf({ doc_id: id, info: { error: id }, node: id })], ["node"]);
    for (const cell of [",", ";", "\t"].flatMap((separator) =>
      text.split("\r\n").flatMap((line) => line.split(separator)),
    )) {
      assert.doesNotMatch(cell.replace(/^"/, ""), /^[=+\-@\t\r＝]/, JSON.stringify(id));
    }
    assert.equal(cellsOf(text)[1]?.[1]?.replaceAll("'", ""), id, "nothing else is changed");
  }
  assert.equal(cellsOf(csvOf([rowOf({})], ["errors"]))[1]?.[6], "1", "a number is not text");
});

test("NDJSON has the rows as the package returns them", () => {
  const rows = Array.from({ length: 450 }, (_, i) => rowOf({ doc_id: `=${i}\n` }));
  const text = [...FORMATS.NDJSON.text(rows, ["state"])];
  assert.ok(text.length > 1, "in pieces");
  const lines = text.join("").split("\n");
  assert.equal(lines.pop(), "");
  assert.deepEqual(
    lines.map((line) => JSON.parse(line)),
    rows.map(({ given }) => given),
  );
});

test("a job without a document is exported, too", () => {
  const job = {
    database: null,
    doc_id: null,
    id: "c0ffee+continuous",
    node: "n",
    source: "s",
    target: "t",
    start_time: "2026",
    info: null,
  };
  const row = jobRow(/** @type {any} */ ({ ...job, history: [], state: "running" }));
  assert.deepEqual(cellsOf(csvOf([row], ["state"]))[1], ["", "", "c0ffee+continuous", "s", "t", "", "running"]);
});

test("the name of the file is valid on every system", () => {
  const now = new Date("2026-11-25T12:34:56Z");
  assert.equal(fileName(START, FORMATS.CSV, now), "_replicator-2026-11-25T1234.csv");
  assert.equal(
    fileName({ ...START, database: "a/b:c/_replicator" }, FORMATS.NDJSON, now),
    "a-b-c-_replicator-2026-11-25T1234.ndjson",
  );
  assert.equal(fileName({ ...START, list: "jobs" }, FORMATS.CSV, now), "transient-jobs-2026-11-25T1234.csv");
});
