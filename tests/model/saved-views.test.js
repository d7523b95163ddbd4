// @ts-check
// Views with a name, kept in the browser, whatever its storage has or refuses.

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { MAX_NAME, MAX_VIEWS, SavedViews } from "../../www/src/connection/saved-views.js";
import { EVERYTHING } from "../../www/src/model/filter.js";
import { readFragment, START } from "../../www/src/model/location.js";

const KEY = "couchdb-scheduler.views";
const FAILING = { ...START, filter: { ...EVERYTHING, states: new Set([/** @type {const} */ ("failed")]) } };

/** The storage of a browser. @param {string} [content] @param {Partial<Storage>} [refusing] */
function store(content, refusing) {
  const items = new Map(content === undefined ? [] : [[KEY, content]]);
  const storage = {
    getItem: (/** @type {string} */ key) => items.get(key) ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ value) => items.set(key, value),
    ...refusing,
  };
  Object.defineProperty(globalThis, "localStorage", { value: storage, configurable: true });
  return items;
}

const refuses = () => {
  throw new DOMException("no", "SecurityError");
};

afterEach(() => Reflect.deleteProperty(globalThis, "localStorage"));

test("saves, chooses, renames and deletes", () => {
  store();
  const views = new SavedViews();
  let changes = 0;
  views.addEventListener("change", () => changes++);
  assert.equal(views.save("  Night shift ", FAILING), true);
  assert.equal(views.save("All", { ...START, order: { column: "updated", descending: true } }), true);
  assert.deepEqual(
    views.list.map(({ name }) => name),
    ["All", "Night shift"],
  );
  assert.deepEqual(readFragment(views.list[1]?.fragment), FAILING);
  assert.deepEqual(new SavedViews().list, views.list, "they are there the next time");
  assert.equal(views.rename("All", "Night shift"), false, "it would replace another one");
  assert.equal(views.rename("All", " "), false);
  assert.equal(views.rename("Missing", "New"), false);
  assert.equal(views.rename("All", "By time"), true);
  assert.equal(views.save("Night shift", START), true);
  assert.deepEqual(views.list, [
    { name: "By time", fragment: "#/docs/_replicator?sort=-updated" },
    { name: "Night shift", fragment: "#/docs/_replicator" },
  ]);
  views.remove("By time");
  assert.deepEqual(
    new SavedViews().list.map(({ name }) => name),
    ["Night shift"],
  );
  assert.equal(changes, 5);
});

test("keeps neither the server nor the replication", () => {
  const items = store();
  const views = new SavedViews();
  views.save("one", { ...FAILING, server: "berlin", key: "orders" });
  assert.equal(views.list[0]?.fragment, "#/docs/_replicator?state=failed");
  assert.doesNotMatch(String(items.get(KEY)), /berlin|orders/);
});

test("is bounded", () => {
  store();
  const views = new SavedViews();
  for (let i = 0; i < MAX_VIEWS; i++) assert.equal(views.save(`view ${i}`, START), true);
  assert.equal(views.save("one more", START), false);
  assert.equal(views.save("view 1", FAILING), true, "replacing one needs no space");
  assert.equal(views.list.length, MAX_VIEWS);
  views.remove("view 2");
  assert.equal(views.save("x".repeat(1000), START), true);
  assert.equal(views.list.at(-1)?.name, "x".repeat(MAX_NAME));
  assert.equal(views.save("x", { ...START, filter: { ...EVERYTHING, text: "x".repeat(3000) } }), false);
});

test("tolerates garbage in the storage", () => {
  for (const content of [
    "{",
    "null",
    "7",
    '"x"',
    "{}",
    '[null,7,"x",[],{}]',
    '[{"name":"","fragment":"#/"}]',
    '[{"name":"a","fragment":7}]',
  ]) {
    store(content);
    assert.deepEqual(new SavedViews().list, [], content);
  }
  store('[{"name":"a","fragment":"javascript:alert(1)"},{"name":{},"fragment":""}]');
  assert.deepEqual(new SavedViews().list, [{ name: "a", fragment: "#/docs/_replicator" }], "only a fragment");
  store(JSON.stringify(Array.from({ length: 1000 }, (_, i) => ({ name: `${i}`, fragment: "#/jobs" }))));
  assert.equal(new SavedViews().list.length, MAX_VIEWS);
});

test("works without storage, and with one that is full", () => {
  for (const refusing of [{ getItem: refuses, setItem: refuses }, { setItem: refuses }]) {
    store(undefined, refusing);
    const views = new SavedViews();
    assert.equal(views.save("a", START), true);
    assert.equal(views.save("b", FAILING), true);
    views.remove("a");
    assert.deepEqual(
      views.list.map(({ name }) => name),
      ["b"],
    );
  }
});

test("sees what another tab has saved", () => {
  store();
  const [one, other] = [new SavedViews(), new SavedViews()];
  one.save("a", START);
  other.save("b", START);
  assert.deepEqual(
    other.list.map(({ name }) => name),
    ["a", "b"],
  );
});
