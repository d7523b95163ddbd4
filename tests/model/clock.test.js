// @ts-check
// What the page takes for the server's time.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ServerClock } from "../../www/src/model/clock.js";

const HOUR = 3_600_000;

test("no event that the server reports is in the future", () => {
  const row = (/** @type {number} */ ahead) =>
    /** @type {any} */ ({ updated: new Date(Date.now() + ahead).toISOString() });
  const clock = new ServerClock();
  const isAhead = (/** @type {number} */ ms) => assert.equal(Math.round((clock.now() - Date.now()) / HOUR), ms / HOUR);
  clock.take({ added: [row(-HOUR), /** @type {any} */ ({ updated: null })], changed: [], removed: [row(9 * HOUR)] });
  isAhead(0);
  clock.take({ added: [row(HOUR), row(-HOUR)], changed: [], removed: [] });
  isAhead(HOUR);
  clock.take({ added: [], changed: [{ row: row(3 * HOUR), previous: row(9 * HOUR) }], removed: [] });
  isAhead(3 * HOUR);
  clock.take({ added: [row(2 * HOUR)], changed: [], removed: [] });
  isAhead(3 * HOUR);
});
