// @ts-check
// 1,000 ticks over a changing fleet: memory levels off.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createSimulator } from "../../simulator/index.js";
import { collectGarbage, packageWithItsMemory } from "../support/memory.js";

const TICKS = 1_000;
const SAMPLES = 10;

/** Bytes by which the wasm's memory grows at once. */
const STEP = 256 * 1024;

// The helpers of other tests import the package, which has to wait here; so this file reads COUCHDB_URL itself.
if (process.env.COUCHDB_URL === undefined)
  test(`${TICKS} ticks of watch() and watchJobs()`, async (t) => {
    const {
      package: { Scheduler },
      memory,
    } = await packageWithItsMemory();
    const simulator = createSimulator({ docs: 100 });
    const auth = { username: "admin", password: "pass" };
    const scheduler = new Scheduler("http://couch.test", { auth, fetch: simulator.fetch });
    const watches = [scheduler.watch({ interval: 1 }), scheduler.watchJobs({ interval: 1 })];
    const curve = [];
    let changes = 0;
    for (let n = 0; n < SAMPLES; n++) {
      for (let tick = 0; tick < TICKS / SAMPLES; tick++) {
        simulator.clock.advance(5_000);
        for (const watch of watches) changes += (await watch.next()).value.length;
      }
      simulator.requests.length = 0;
      collectGarbage();
      const point = { wasm: memory.buffer.byteLength, heap: process.memoryUsage().heapUsed };
      curve.push(point);
      const [wasm, heap] = [point.wasm, point.heap].map((bytes) => (bytes / 1024).toFixed(0).padStart(7));
      t.diagnostic(`${(n + 1) * 100} ticks  ${changes} changes  wasm ${wasm} KiB  heap ${heap} KiB`);
    }
    for (const watch of watches) await watch.return();
    assert.ok(changes > 10 * TICKS, `${changes} changes`);
    const [early, late] = [curve[SAMPLES / 2], curve[SAMPLES - 1]];
    // The peak of a single tick depends on what arrives together: in 3,000 ticks it was reached between the first and the eighth
    // hundred, in one step, and then stayed.
    assert.ok(late.wasm <= early.wasm + STEP, "the wasm's memory still grows");
    assert.ok(late.heap < early.heap + 2 ** 20, "the heap still grows");
  });
