// @ts-check
// Which responses of `_changes` and `_revs_diff` are believed, and the revisions in them.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { common, isDifference, isPage, missingOf, revisionsOf } from "../../pkg-template/insight/revisions.js";

const row = (/** @type {unknown} */ id, /** @type {unknown[]} */ ...revs) => ({
  id,
  changes: revs.map((rev) => ({ rev })),
});
const page = (/** @type {unknown[]} */ ...results) => ({ results, last_seq: "9-x", pending: 0 });

describe("isPage()", () => {
  const good = page(row("a", "1-a"), row("b", "2-b", "2-c"));

  test("a page is believed up to its limit", () => {
    assert.equal(isPage(good, 2), true);
    assert.equal(isPage(good, 1), false);
    assert.equal(isPage({ ...page(), last_seq: 7, pending: 3 }, 0), true, "CouchDB 1");
  });

  for (const [what, json] of Object.entries({
    "not an object": null,
    "an array": [],
    "no position": { results: [], pending: 0 },
    "a position that is other text": { ...good, last_seq: "<b>" },
    "no pending": { results: [], last_seq: "9-x" },
    "a negative pending": { ...good, pending: -1 },
    "no results": { last_seq: "9-x", pending: 0 },
    "results that are not a list": { ...good, results: { length: 1 } },
    "a row that is null": page(row("a", "1-a"), null),
    "a row that is text": page("a"),
    "an id that is a number": page(row(7, "1-a")),
    "an empty id": page(row("", "1-a")),
    "a row without changes": page({ id: "a" }),
    "changes that are not a list": page({ id: "a", changes: "1-a" }),
    "a row without revisions": page(row("a")),
    "a change that is null": page({ id: "a", changes: [{ rev: "1-a" }, null] }),
    "a revision that is a number": page(row("a", "1-a", 1)),
    "an empty revision": page(row("a", "")),
    "one wrong row of several": page(row("a", "1-a"), row("b")),
  })) {
    test(what, () => assert.equal(isPage(json, 10), false));
  }
});

test("revisionsOf() has each document and each revision once", () => {
  const results = [row("a", "1-a", "2-c"), row("__proto__", "1-p"), row("a", "1-a", "2-b")];
  assert.deepEqual(
    [...revisionsOf(/** @type {any} */ (page(...results)))],
    [
      ["a", ["1-a", "2-c", "2-b"]],
      ["__proto__", ["1-p"]],
    ],
  );
});

describe("isDifference()", () => {
  const asked = new Map([
    ["a", ["1-a", "2-b"]],
    ["b", ["1-c"]],
  ]);

  test("revisions that were requested", () => {
    for (const json of [{}, { a: { missing: [] } }, { a: { missing: ["2-b"] }, b: { missing: ["1-c"] } }]) {
      assert.equal(isDifference(json, asked), true);
    }
    assert.deepEqual([...missingOf({ a: { missing: ["2-b"] } })], [["a", ["2-b"]]]);
  });

  for (const [what, json] of Object.entries({
    "not an object": null,
    "an array": [{ missing: [] }],
    "another document": { a: { missing: ["1-a"] }, c: { missing: [] } },
    "another revision": { a: { missing: ["1-a", "1-c"] } },
    "null instead of revisions": { a: null },
    "text instead of revisions": { a: { missing: "1-a" } },
    "no revisions": { a: {} },
  })) {
    test(what, () => assert.equal(isDifference(json, asked), false));
  }
});

test("common() has what is in both, and no document without a revision", () => {
  const one = new Map([
    ["a", ["1-a", "2-b", "2-c"]],
    ["b", ["1-b"]],
    ["c", ["1-c"]],
    ["d", ["1-d"]],
  ]);
  const other = new Map([
    ["a", ["2-c", "1-a", "3-d"]],
    ["b", ["2-b"]],
    ["d", ["1-d"]],
  ]);
  assert.deepEqual(
    [...common(one, other)],
    [
      ["a", ["1-a", "2-c"]],
      ["d", ["1-d"]],
    ],
  );
});
