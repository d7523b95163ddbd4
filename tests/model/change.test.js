// @ts-check
// The form that changes a replication: only what differs is sent, and no masked value.

import assert from "node:assert/strict";
import { test } from "node:test";
import { changesIn, faultsIn, typedOf } from "../../www/src/model/change.js";

const DOCUMENT = {
  _id: "a",
  _rev: "1-a",
  source: { url: "https://h.example/a", auth: { basic: { username: "bob", password: "*****" } } },
  target: "https://al%20ice:*****@h.example/b",
  continuous: true,
  selector: { type: "order" },
  worker_processes: 8,
};
const BEFORE = typedOf(DOCUMENT);

/** @param {Partial<import("../../www/src/model/change.js").Typed>} typed */
const changed = (typed) => {
  const all = { ...BEFORE, ...typed };
  assert.deepEqual(faultsIn(BEFORE, all), {});
  return changesIn(BEFORE, all);
};

/** @param {Partial<import("../../www/src/model/change.js").Typed>} typed */
const faults = (typed) => faultsIn(BEFORE, { ...BEFORE, ...typed });

test("a form has the settings of the document, without passwords", () => {
  assert.deepEqual(
    [BEFORE.sourceUser, BEFORE.targetUser, BEFORE.sourcePassword, BEFORE.targetPassword],
    ["bob", "al ice", "", ""],
  );
  assert.deepEqual(
    [BEFORE.continuous, BEFORE.which, BEFORE.workerProcesses, BEFORE.retriesPerRequest],
    [true, "selector", "8", ""],
  );
  assert.doesNotMatch(JSON.stringify(BEFORE), /\*{5}/);
  assert.equal(typedOf({ ...DOCUMENT, selector: undefined, doc_ids: ["x", "y"] }).docIds, "x\ny");
  const bare = typedOf({ _id: "b", _rev: "1-a", source: "orders", target: { url: 1 } });
  assert.deepEqual([bare.sourceUser, bare.which, bare.continuous], ["", "all", false]);
});

test("only what differs is sent; what is emptied is removed", () => {
  assert.deepEqual(changed({}), {});
  assert.deepEqual(changed({ selector: '{ "type":"order" }', workerProcesses: " 8 " }), {});
  assert.deepEqual(changed({ continuous: false, workerProcesses: "", retriesPerRequest: "0" }), {
    continuous: null,
    workerProcesses: null,
    retriesPerRequest: 0,
  });
  assert.deepEqual(changed({ sourcePassword: " s3cret " }), {
    source: { auth: { basic: { username: "bob", password: " s3cret " } } },
  });
  assert.deepEqual(changed({ targetUser: "eve", targetPassword: "x" }), {
    target: { auth: { basic: { username: "eve", password: "x" } } },
  });
});

test("one choice of documents replaces another", () => {
  assert.deepEqual(changed({ which: "all" }), { selector: null });
  assert.deepEqual(changed({ which: "docIds", docIds: "x\n y \n" }), { selector: null, docIds: ["x", "y"] });
  assert.deepEqual(changed({ which: "filter", filter: "shop/open", queryParams: '{"day":1}' }), {
    selector: null,
    filter: "shop/open",
    queryParams: { day: 1 },
  });
  assert.deepEqual(changed({ selector: "{}" }), { selector: {} });
});

test("errors are at their fields", () => {
  assert.deepEqual(Object.keys(faults({ sourceUser: "eve" })), ["sourcePassword"]);
  assert.deepEqual(Object.keys(faults({ targetUser: "", targetPassword: "x" })), ["targetUser"]);
  assert.deepEqual(Object.keys(faults({ selector: "{" })), ["selector"]);
  assert.deepEqual(Object.keys(faults({ which: "docIds" })), ["docIds"]);
  assert.deepEqual(Object.keys(faults({ which: "filter" })), ["filter"]);
  assert.deepEqual(Object.keys(faults({ which: "filter", filter: "a/b", queryParams: "[]" })), ["queryParams"]);
  for (const text of ["0", "-1", "1.5", "x", "9".repeat(10)]) {
    assert.deepEqual(Object.keys(faults({ workerProcesses: text })), ["workerProcesses"], text);
  }
  assert.deepEqual(faults({ retriesPerRequest: "0" }), {});
});
