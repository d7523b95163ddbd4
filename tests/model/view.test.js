// @ts-check
// Which rows are shown, in which order, if more becomes known about them than their list says.

import assert from "node:assert/strict";
import { test } from "node:test";
import { EVERYTHING } from "../../www/src/model/filter.js";
import { View } from "../../www/src/model/view.js";

/** @param {string} key @returns {any} */
const row = (key) => ({ key, state: "running", searchable: key, isStale: false });

/** A view of four rows, and what it has reported. @param {import("../../www/src/model/view.js").SortKey} [key] */
function viewOf(key = (row) => row.key) {
  const rows = ["a", "b", "c", "d"].map(row);
  /** @type {boolean[]} */
  const changes = [];
  const view = new View({ values: () => rows }, { column: "x", key, descending: true }, (isAnother) =>
    changes.push(isAnother),
  );
  return { view, changes, shown: () => view.list.map(({ key }) => key).join("") };
}

test("a filter by a finding shows what has it now; the list stays the same one", async () => {
  const { view, changes, shown } = viewOf();
  let found = "ac";
  const hasFinding = (/** @type {any} */ { key }, /** @type {string} */ kind) =>
    kind === "stalled" && found.includes(key);
  await view.filterBy({ ...EVERYTHING, finding: "stalled" }, hasFinding);
  assert.equal(shown(), "ca");
  found = "bcd";
  await view.rebuild(false);
  assert.equal(shown(), "dcb");
  assert.deepEqual(changes, [true, false]);
  await view.filterBy(EVERYTHING, hasFinding);
  assert.equal(shown(), "dcba");
  assert.equal(changes.at(-1), true);
});

test("an order by what is known from elsewhere follows it", async () => {
  /** @type {Record<string, number>} */
  const backlogs = { a: 3, b: 1 };
  const { view, changes, shown } = viewOf(({ key }) => backlogs[key] ?? null);
  await view.rebuild();
  assert.equal(shown(), "abcd");
  Object.assign(backlogs, { d: 9, b: 5 });
  await view.rebuild(false);
  assert.equal(shown(), "dbac");
  assert.deepEqual(changes, [true, false]);
});

test("another order that the user wants meanwhile is another list", async () => {
  const { view, changes, shown } = viewOf();
  void view.rebuild(false);
  await view.orderBy({ column: "x", key: ({ key }) => key, descending: false });
  assert.equal(shown(), "abcd");
  assert.equal(changes.at(-1), true);
});

test("places rows at whatever moment they come", async () => {
  for (let steps = 0; steps < 20; steps++) {
    const { view, shown } = viewOf();
    void view.rebuild();
    for (let step = 0; step < steps; step++) await undefined;
    await view.take({ added: [row("e")], changed: [], removed: [] });
    assert.match(shown(), /e/, `after ${steps} steps`);
  }
});
