// @ts-check
// summary(): the counts are those of the rows, and other tasks of the event loop do not wait for it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { REPLICATION_STATES, Scheduler } from "couchdb-scheduler";
import { docRows, listText, streamOf } from "../support/answers.js";
import { stopClocks } from "../support/clock.js";
import { forEachSeed } from "../support/random.js";
import { simulated, testOfSimulator, testServer } from "../support/server.js";

/** @typedef {import("couchdb-scheduler").ReplicationDoc} ReplicationDoc */

/** The simplest way to count. @param {string} database @param {ReplicationDoc[]} docs */
function counted(database, docs) {
  const counter = (/** @type {any} */ info, /** @type {string} */ name) => info?.[name] ?? 0;
  const sum = (/** @type {string} */ name) => docs.reduce((total, { info }) => total + counter(info, name), 0);
  const isIn = (/** @type {string[]} */ states) =>
    docs.filter(({ state }) => state !== null && states.includes(state)).length;
  const pending = docs.filter(({ info }) => typeof (/** @type {any} */ (info)?.changes_pending) === "number");
  return {
    database,
    total: docs.length,
    states: Object.fromEntries(REPLICATION_STATES.map((state) => [state, isIn([state])])),
    unknown: docs.filter(({ state }) => state === null).length,
    healthy: isIn(["initializing", "running", "completed", "pending"]),
    unhealthy: isIn(["crashing", "error", "failed"]),
    retrying: docs.filter(({ state, error_count }) => (state === "running" || state === "pending") && error_count > 0)
      .length,
    docs_read: sum("docs_read"),
    docs_written: sum("docs_written"),
    doc_write_failures: sum("doc_write_failures"),
    changes_pending: pending.length === 0 ? null : sum("changes_pending"),
  };
}

testOfSimulator("summary() counts what listDocs() lists, in both databases, as time passes", async () => {
  const { simulator, scheduler } = simulated({ docs: 2000, seed: 3 });
  for (let minute = 0; minute < 5; minute++) {
    for (const database of ["_replicator", "team/_replicator"]) {
      const { docs } = await scheduler.listDocs({ database });
      const summary = await scheduler.summary({ database });
      assert.deepEqual(summary, counted(database, docs));
    }
    simulator.clock.advance(60_000);
  }
});

test("summary() counts what listDocs() lists, on any server", async (t) => {
  const scheduler = (await testServer(t)).scheduler();
  // A live fleet, so the test repeats until both lists are equal.
  for (let tries = 0; ; tries++) {
    const { docs } = await scheduler.listDocs();
    const summary = await scheduler.summary();
    if (tries === 20) assert.deepEqual(summary, counted("_replicator", docs));
    if (JSON.stringify(summary) === JSON.stringify(counted("_replicator", docs))) return;
  }
});

test("summary() of an empty list is all zeros, and changes_pending null", async () => {
  const scheduler = new Scheduler("http://couch.test", { retries: 0, fetch: async () => new Response(listText([])) });
  assert.deepEqual(await scheduler.summary(), counted("_replicator", []));
});

test("summary() counts rows with strange counters", () =>
  forEachSeed(50, async (random) => {
    const number = () => random.pick([null, undefined, 0, random.whole(0, 1e6), 2 ** 40]);
    const rows = docRows(random.whole(0, 50)).map((row) => ({
      ...row,
      state: random.pick([...REPLICATION_STATES, null]),
      error_count: random.pick([0, 0, 1, 7]),
      info: random.pick([
        null,
        { error: '"docs_read":5' },
        {
          docs_read: number(),
          docs_written: number(),
          doc_write_failures: number(),
          changes_pending: number(),
          nested: { docs_read: 99 },
        },
      ]),
    }));
    const scheduler = new Scheduler("http://couch.test", {
      retries: 0,
      fetch: async () => new Response(listText(rows)),
    });
    const expected = counted("_replicator", /** @type {any} */ (JSON.parse(JSON.stringify(rows))));
    assert.deepEqual(await scheduler.summary(), expected);
  }));

/** @param {string} text @param {number} length @param {() => void} [before] */
function* pieces(text, length, before = () => {}) {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += length) {
    before();
    yield bytes.subarray(at, at + length);
  }
}

test("summary() calls onProgress up to ten times a second, with the number of rows so far and the total", async (t) => {
  stopClocks(t);
  const text = listText(docRows(3000));
  // Each piece takes 7 ms.
  const tick = () => t.mock.timers.tick(7);
  const fetch = async () => new Response(streamOf(pieces(text, 1490, tick)));
  /** @type {{ rows: number, total: number, at: number, self: unknown }[]} */
  const calls = [];
  const began = Date.now();
  const summary = await new Scheduler("http://couch.test", { retries: 0, fetch }).summary({
    /** @this {unknown} @param {number} rows @param {number} total */
    onProgress(rows, total) {
      calls.push({ rows, total, at: Date.now() - began, self: this });
    },
  });
  const took = Date.now() - began;
  assert.equal(summary.total, 3000);
  assert.ok(took > 3000 && calls.length > (took / 100) * 0.8, `${calls.length} calls in ${took} ms`);
  assert.deepEqual(calls.at(-1), { rows: 3000, total: 3000, at: took, self: undefined });
  for (const [i, { rows, total, at }] of calls.entries()) {
    assert.equal(total, 3000);
    if (i === 0) continue;
    assert.ok(rows >= calls[i - 1].rows);
    // The last call is for the end, at any time.
    if (i < calls.length - 1) assert.ok(at - calls[i - 1].at >= 100, `${at - calls[i - 1].at} ms`);
  }
});

test("summary() calls onProgress at its end, however quick it is", async (t) => {
  stopClocks(t);
  const fetch = async () => new Response(listText(docRows(5)));
  /** @type {number[][]} */
  const calls = [];
  await new Scheduler("http://couch.test", { retries: 0, fetch }).summary({
    onProgress: (...args) => void calls.push(args),
  });
  assert.deepEqual(calls, [[5, 5]]);
});

/** Every method that reads lists. @type {[string, (scheduler: Scheduler) => Promise<unknown>][]} */
const READERS = [
  ["summary()", (scheduler) => scheduler.summary()],
  ["listDocs()", (scheduler) => scheduler.listDocs()],
  ["docs({ states })", (scheduler) => countOf(scheduler.docs({ states: ["completed"] }))],
  ["docs()", (scheduler) => countOf(scheduler.docs({ pageSize: 100_000 }))],
];

/** @param {AsyncIterable<unknown>} rows */
async function countOf(rows) {
  let count = 0;
  for await (const _row of rows) count++;
  return count;
}

for (const [name, read] of READERS) {
  test(`${name} yields to the event loop every 10 ms`, async (t) => {
    stopClocks(t);
    const text = listText(docRows(500));
    let piecesSinceTurn = 0;
    let most = 0;
    const tick = () => {
      t.mock.timers.tick(4);
      most = Math.max(most, ++piecesSinceTurn);
    };
    let isOver = false;
    const count = () => {
      piecesSinceTurn = 0;
      if (!isOver) setImmediate(count);
    };
    setImmediate(count);
    const fetch = async () => new Response(streamOf(pieces(text, 1490, tick)));
    await read(new Scheduler("http://couch.test", { retries: 0, fetch }));
    isOver = true;
    // A page first requests its end, whose response takes part of the same slice.
    assert.ok(most > 0 && most <= 5, `${most} pieces of 4 ms in one turn`);
  });

  test(`${name} lets timers fire while it reads 50,000 rows from memory`, async (t) => {
    // A machine that is fast enough would not need to yield: each look at the clock takes a tenth of a millisecond.
    let now = performance.now();
    t.mock.method(performance, "now", () => (now += 0.1));
    const bytes = new TextEncoder().encode(listText(docRows(50_000)));
    for (const length of [65_536, bytes.length]) {
      const body = () => streamOf(slices(bytes, length));
      let fired = 0;
      const timer = setInterval(() => fired++, 1);
      await read(new Scheduler("http://couch.test", { retries: 0, fetch: async () => new Response(body()) }));
      clearInterval(timer);
      assert.ok(fired >= 1, `no timer fired, in pieces of ${length}`);
    }
  });
}

/** @param {Uint8Array} bytes @param {number} length */
function* slices(bytes, length) {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}
