// @ts-check
// The form that changes many replications: an empty field changes nothing.

import assert from "node:assert/strict";
import { test } from "node:test";
import { NO_SETTINGS, settingsFaults, settingsIn } from "../../www/src/model/change-many.js";

/** @param {Partial<import("../../www/src/model/change-many.js").TypedSettings>} typed */
const changed = (typed) => settingsIn({ ...NO_SETTINGS, ...typed });
/** @param {Partial<import("../../www/src/model/change-many.js").TypedSettings>} typed */
const faults = (typed) => settingsFaults({ ...NO_SETTINGS, ...typed });

test("only what was chosen or entered is sent", () => {
  assert.deepEqual(changed({}), {});
  assert.deepEqual(changed({ filter: "shop/open", selector: "{}", allowRewind: true }), {}, "of no choice");
  assert.deepEqual(changed({ continuous: "yes", workerProcesses: " 8 " }), { continuous: true, workerProcesses: 8 });
  assert.deepEqual(changed({ continuous: "no", httpConnections: "default" }), {
    continuous: null,
    httpConnections: null,
  });
});

test("a choice of documents replaces the others", () => {
  const none = { filter: null, queryParams: null, selector: null, docIds: null };
  assert.deepEqual(changed({ which: "all" }), none);
  assert.deepEqual(changed({ which: "docIds", docIds: "x\n y \n" }), { ...none, docIds: ["x", "y"] });
  assert.deepEqual(changed({ which: "filter", filter: "shop/open", queryParams: '{"day":1}' }), {
    ...none,
    filter: "shop/open",
    queryParams: { day: 1 },
  });
});

test("errors name the field and what may be entered", () => {
  assert.deepEqual(faults({}), { continuous: "Nothing would change: choose or enter a new setting." });
  assert.deepEqual(faults({ allowRewind: true }), faults({}), "consent changes nothing");
  assert.deepEqual(faults({ retriesPerRequest: "0", workerBatchSize: " default " }), {});
  assert.deepEqual(faults({ workerProcesses: "0", checkpointInterval: "soon" }), {
    workerProcesses: "Enter a whole number of at least 1, or “default”, or nothing to leave it.",
    checkpointInterval: "Enter a whole number of at least 1, or “default”, or nothing to leave it.",
  });
  assert.deepEqual(Object.keys(faults({ which: "selector", selector: "[" })), ["selector"]);
  assert.deepEqual(Object.keys(faults({ which: "filter", filter: "a/b", queryParams: "1" })), ["queryParams"]);
});
