// @ts-check
// Rust writes the values of rows without their keys, and rows.js reads them: both have to agree on the order, and on a few
// constants.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { REPLICATION_STATES } from "../../pkg-template/runtime/replication-states.js";
import { addDocs, addJobChanges, addJobs } from "../../pkg-template/runtime/rows.js";

/** @param {string} path @returns {string} */
const source = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

/** @param {string} name of an array in columns.rs @returns {string[]} */
function columns(name) {
  const list = new RegExp(`const ${name}: \\[&str; (\\d+)\\] =\\s*\\[([^\\]]+)\\]`).exec(
    source("crates/rows/src/columns.rs"),
  );
  assert.ok(list, name);
  const names = [...list[2].matchAll(/"(\w+)"/g)].map(([, key]) => key);
  assert.equal(names.length, Number(list[1]));
  return names;
}

/** @param {(json: Uint8Array, rows: any[]) => void} add @param {unknown[]} values @returns {any} the only row */
function build(add, values) {
  /** @type {any[]} */
  const rows = [];
  add(new TextEncoder().encode(JSON.stringify(values)), rows);
  assert.equal(rows.length, 1);
  return rows[0];
}

/** Each key as its own value. @param {string[]} keys */
const named = (keys) => Object.fromEntries(keys.map((key) => [key, key]));

test("documents and their counters are read in the order in which they are written", () => {
  const [keys, counters] = [columns("DOC_KEYS"), columns("INFO_COUNTERS")];
  for (const count of [9, 11]) {
    const some = counters.slice(0, count);
    const values = keys.flatMap((key) => (key === "info" ? [count, ...some] : [key]));
    const row = build(addDocs, [...values, { more: 1 }]);
    assert.deepEqual(row, { ...named(keys), info: named(some), more: 1 });
    assert.deepEqual(Object.keys(row), [...keys, "more"]);
    assert.deepEqual(Object.keys(row.info), some);
  }
});

test("jobs and their events are read in the order in which they are written", () => {
  const [keys, [timestamp, type, reason]] = [columns("JOB_KEYS"), columns("EVENT_KEYS")];
  const values = keys.flatMap((key) =>
    key === "info" ? [0] : key === "history" ? [1, timestamp, type, reason] : [key],
  );
  const row = build(addJobs, [...values, "continuous", "state", null]);
  const event = { timestamp, type, reason, details: { reason } };
  const { info, history, ...others } = named([...keys, "continuous", "state"]);
  assert.ok(info && history);
  assert.deepEqual(row.history, [event]);
  for (const [key, value] of Object.entries(others)) assert.equal(row[key], value);
  assert.deepEqual(Object.keys(row).slice(0, keys.length + 2), [...keys, "continuous", "state"]);
});

test("changes of jobs are their type, and then one or two jobs", () => {
  const keys = columns("JOB_KEYS");
  /** @param {string} key @param {string} id @returns {unknown} */
  const value = (key, id) => (key === "id" ? id : key === "info" || key === "history" ? 0 : key);
  const values = (/** @type {string} */ id) => [...keys.map((key) => value(key, id)), "continuous", "state", null];
  const [one, other] = ["one", "other"].map((id) => build(addJobs, values(id)));
  const change = (/** @type {unknown[]} */ ...parts) => build(addJobChanges, parts.flat());
  assert.deepEqual(change("added", values("one")), { type: "added", job: one });
  assert.deepEqual(change("removed", values("one")), { type: "removed", previous: one });
  assert.deepEqual(change("changed", values("one"), values("other")), { type: "changed", job: one, previous: other });
});

test("Rust and JavaScript have the same states, in the same order", () => {
  const names = [...source("crates/rows/src/state.rs").matchAll(/^ +(\w+) => "(\w+)",$/gm)];
  const all = /const ALL: .*= \[([^\]]+)\]/.exec(source("crates/rows/src/state.rs"))?.[1].split(", ");
  assert.deepEqual(
    names.map(([, , name]) => name),
    REPLICATION_STATES,
  );
  assert.deepEqual(
    names.map(([, variant]) => variant),
    all,
  );
});

test("a chunk of a response is read as one piece", () => {
  const size = /PIECE\b[^=\n]*= ([\d_]+);/;
  const inRust = size.exec(source("src/http/list.rs"))?.[1];
  assert.ok(inRust);
  assert.equal(size.exec(source("pkg-template/runtime/http.js"))?.[1], inRust);
});
