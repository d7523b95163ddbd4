// @ts-check
// The verdict of a soak: which figures have grown.

import assert from "node:assert/strict";
import { test } from "node:test";
import { problemsOf } from "../../scripts/soak/level.js";

/** 60 samples. @param {(n: number) => Record<string, number>} figures @param {(n: number) => number} [answers] */
const samples = (figures, answers = (n) => 10 * n) =>
  Array.from({ length: 60 }, (_, n) => ({ figures: figures(n), counts: { answers: answers(n) } }));

test("figures that vary, and those that grow while caches fill, are level", () => {
  const figures = (/** @type {number} */ n) => ({
    rss: 100 + (n % 7) * 20,
    heap: n < 10 ? n : 10,
    sockets: n === 55 ? 400 : 8 + (n % 3),
  });
  assert.deepEqual(problemsOf(samples(figures)), []);
});

test("a leak is noticed, however slow", () => {
  assert.deepEqual(problemsOf(samples((n) => ({ rss: 100, heap: 10 + n / 20 }))), ["heap grew from 10.9 to 12.6"]);
  assert.deepEqual(problemsOf(samples((n) => ({ sockets: Math.floor(n / 6) }))), ["sockets grew from 3.0 to 8.0"]);
  assert.deepEqual(problemsOf(samples((n) => ({ nodes: 1000 + 40 * n, listeners: 5 }))), [
    "nodes grew from 1720.0 to 3080.0",
  ]);
});

test("a part that no longer answers is noticed", () => {
  assert.deepEqual(
    problemsOf(
      samples(
        () => ({ heap: 10 }),
        (n) => Math.min(n, 40),
      ),
    ),
    ["no more answers"],
  );
});
