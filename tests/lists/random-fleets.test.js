// @ts-check
// For any fleet and any options, the lists are the plain filter of all documents.

import assert from "node:assert/strict";
import { REPLICATION_STATES } from "couchdb-scheduler";
import { all } from "../support/promises.js";
import { forEachSeed } from "../support/random.js";
import { filtered, idsAndStates, randomFleet } from "../support/random-fleet.js";
import { testOfSimulator } from "../support/server.js";

/** @typedef {import("../support/random.js").Random} Random */

/** @param {Random} random */
function randomStates(random) {
  if (random.chance(0.4)) return undefined;
  return random.chance(0.3) ? [random.pick(REPLICATION_STATES)] : random.some(REPLICATION_STATES);
}

/** @param {Random} random @param {number} size */
const randomCount = (random, size) =>
  random.pick([0, 1, 2, 3, random.whole(0, 20), random.whole(0, size + 5), 10 * size]);

testOfSimulator("listDocs() is the plain filter of 300 random fleets", () =>
  forEachSeed(300, async (random) => {
    const { scheduler, listed, total } = randomFleet(random);
    for (let i = 0; i < 4; i++) {
      const states = randomStates(random);
      const limit = random.chance(0.3) ? undefined : randomCount(random, listed.length);
      const skip = random.chance(0.3) ? undefined : randomCount(random, listed.length);
      const asked = JSON.stringify({ states, limit, skip });
      const { docs, total_rows, offset } = await scheduler.listDocs({ states, limit, skip });
      assert.deepEqual(idsAndStates(docs), idsAndStates(filtered(listed, states, skip, limit)), asked);
      assert.deepEqual([total_rows, offset], [total, Math.min(skip ?? 0, total)], asked);
    }
  }),
);

testOfSimulator("docs() is the plain filter of 300 random fleets", () =>
  forEachSeed(300, async (random) => {
    const { scheduler, listed } = randomFleet(random);
    for (let i = 0; i < 2; i++) {
      const states = randomStates(random);
      const pageSize = random.pick([
        random.whole(1, 3),
        random.whole(3, 20),
        random.whole(5, 50),
        random.whole(20, 400),
        undefined,
      ]);
      const rows = await all(scheduler.docs({ states, pageSize }));
      const asked = JSON.stringify({ states, pageSize });
      assert.deepEqual(idsAndStates(rows), idsAndStates(filtered(listed, states)), asked);
    }
  }),
);

testOfSimulator("summary() counts 100 random fleets", () =>
  forEachSeed(100, async (random) => {
    const { scheduler, listed } = randomFleet(random);
    const { total, states } = await scheduler.summary();
    assert.equal(total, listed.length);
    for (const state of REPLICATION_STATES) assert.equal(states[state], filtered(listed, [state]).length);
  }),
);
