// @ts-check
// Which times diagnose() reads, and how it prints them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { diagnose } from "couchdb-scheduler";

/** @param {string | null} last_updated */
function since(last_updated) {
  const row = /** @type {any} */ ({ state: "failed", info: { error: "timeout" }, last_updated });
  return diagnose(row)?.since;
}

test("ISO 8601 with a zone is read, and printed in UTC without fractions", () => {
  for (const [text, expected] of [
    ["1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"],
    ["1969-12-31T23:59:59Z", "1969-12-31T23:59:59Z"],
    ["2024-02-29T23:59:59Z", "2024-02-29T23:59:59Z"],
    ["2026-11-22T22:00:00+00:00", "2026-11-22T22:00:00Z"],
    ["2026-11-22T22:00:00.123+01:30", "2026-11-22T20:30:00Z"],
    ["2026-11-22T22:00:00-01:00", "2026-11-22T23:00:00Z"],
    ["9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"],
  ]) {
    assert.equal(since(text), expected, text);
  }
});

test("other texts are not times", () => {
  for (const text of [
    null,
    "",
    "yesterday",
    "2026-11-22",
    "2026-11-22T22:00:00",
    "2026-13-22T22:00:00Z",
    "2026-11-22 22:00:00Z",
    "Sun, 22 Nov 2026 22:00:00 GMT",
    "ü026-11-22T22:00:00Z",
    "+275760-09-13T00:00:00Z",
    // In UTC, these are years without four digits.
    "9999-12-31T23:59:59-01:00",
    "0000-01-01T00:00:00+01:00",
  ]) {
    assert.equal(since(text), null, `${text}`);
  }
});
