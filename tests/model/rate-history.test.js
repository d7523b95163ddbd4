// @ts-check
// Documents written in each minute of the last hour.

import assert from "node:assert/strict";
import { test } from "node:test";
import { MINUTES, RateHistory } from "../../www/src/model/rate-history.js";

const MINUTE = 60_000;
const BEGIN = 1000 * MINUTE;

/** @param {string} key @param {number | null} written */
const row = (key, written) => /** @type {any} */ ({ key, written });

/** @param {string} key @param {number | null} from @param {number | null} to */
const change = (key, from, to) => ({ row: row(key, to), previous: row(key, from) });

/** @param {ReturnType<typeof change>[]} changed @param {string[]} removed */
const delta = (changed, removed = []) => ({ added: [], changed, removed: removed.map((key) => row(key, null)) });

/** @param {(number | null)[]} minutes */
const known = (minutes) => minutes.filter((written) => written !== null);

test("counts by minute, and says what was before", () => {
  const history = new RateHistory();
  history.beat(delta([]), BEGIN);
  history.beat(delta([change("a", 0, 10)]), BEGIN + 5000);
  history.beat(delta([change("a", 10, 15), change("b", 0, 1)]), BEGIN + 10_000);
  history.beat(delta([change("a", 15, 100)]), BEGIN + 60_000 + 5000);
  const minutes = history.of("a", BEGIN + 2 * MINUTE);
  assert.equal(minutes.length, MINUTES);
  assert.deepEqual(minutes.slice(0, -3), Array(57).fill(null));
  const [first, second, third] = known(minutes);
  // The last number is of 55 seconds, 50 of which are in the first minute.
  assert.ok(Math.abs(Number(first) - (15 + (85 * 50) / 55)) < 0.01, String(first));
  assert.ok(Math.abs(Number(second) - (85 * 5) / 55) < 0.01, String(second));
  assert.equal(third, 0);
  assert.deepEqual(known(history.of("idle", BEGIN + MINUTE)), [0, 0]);
});

test("an hour later the first minutes are forgotten, and idle ones are 0", () => {
  const history = new RateHistory();
  history.beat(delta([]), BEGIN);
  history.beat(delta([change("a", 0, 10)]), BEGIN + 5000);
  const hour = BEGIN + MINUTES * MINUTE;
  history.beat(delta([]), hour);
  assert.deepEqual(history.of("a", hour), Array(60).fill(0));
  history.beat(delta([change("a", 10, 12)]), hour + 5000);
  assert.deepEqual(history.of("a", hour + 5000), [...Array(59).fill(0), 2]);
  assert.deepEqual(history.of("a", hour + 90 * MINUTE), Array(60).fill(0));
});

test("what was written while the page was hidden is no peak", () => {
  const history = new RateHistory();
  history.beat(delta([]), BEGIN);
  history.beat(delta([change("a", 0, 600)]), BEGIN + 10 * MINUTE);
  assert.deepEqual(known(history.of("a", BEGIN + 10 * MINUTE)), [...Array(10).fill(60), 0]);
  // Longer than is shown: only the part that is.
  history.beat(delta([change("a", 600, 600 + 1200)]), BEGIN + 130 * MINUTE);
  assert.deepEqual(history.of("a", BEGIN + 130 * MINUTE), [...Array(59).fill(10), 0]);
});

test("a restart counts from zero, unknown counters do not count, removed ones are forgotten", () => {
  const history = new RateHistory();
  history.beat(delta([]), BEGIN);
  history.beat(delta([change("a", 10, 3), change("b", null, 5), change("c", 5, null)]), BEGIN + 5000);
  assert.equal(history.size, 0);
  history.beat(delta([change("a", 3, 5)]), BEGIN + 10_000);
  assert.deepEqual(known(history.of("a", BEGIN + 10_000)), [2]);
  history.beat(delta([], ["a"]), BEGIN + 15_000);
  assert.equal(history.size, 0);
});

test("memory is bounded: those that have written nothing for longest make room", () => {
  const history = new RateHistory();
  history.beat(delta([]), BEGIN);
  const all = Array.from({ length: 10_000 }, (_, n) => change(`r${n}`, 0, 1));
  history.beat(delta(all), BEGIN + 1000);
  const next = BEGIN + MINUTE;
  history.beat(delta([]), next);
  history.beat(delta([change("r0", 1, 2)]), next + 1000);
  history.beat(delta([change("new", 0, 1)]), next + 2000);
  assert.equal(history.size, 10_000);
  assert.deepEqual(known(history.of("r0", next)), [1, 1]);
  assert.deepEqual(known(history.of("new", next)), [0, 1]);
  assert.deepEqual(known(history.of("r1", next)), [0, 0]);
});
