// @ts-check
// watch() on changing fleets: documents are added, deleted and edited, replications run through their states, the server restarts and
// fails. After each tick the consumer's rows are those of a full list, and every change was reported once.

import assert from "node:assert/strict";
import { forEachSeed } from "../support/random.js";
import { simulated, testOfSimulator } from "../support/server.js";
import { Held } from "./held-rows.js";

/**
 * @typedef {import("../support/random.js").Random} Random
 * @typedef {import("../../simulator/index.js").Simulator} Simulator
 * @typedef {import("couchdb-scheduler").WatchOptions} WatchOptions
 */

const CASES = 24;
const TICKS = 14;

const AUTHORIZATION = `Basic ${btoa("admin:pass")}`;

/** @param {Simulator} simulator @param {string} method @param {string} path @param {object} [body] */
async function send(simulator, method, path, body) {
  const headers = { authorization: AUTHORIZATION, "content-type": "application/json" };
  const url = `http://couch.test:5984/_replicator${path}`;
  const response = await simulator.fetch(url, { method, headers, body: body ? JSON.stringify(body) : null });
  return response.json();
}

/** Targets of replications that work, crash, cannot start, or wait indefinitely. @param {Random} random */
const replication = (random) => ({
  source: random.pick([
    "http://there.test/a",
    "http://127.0.0.1:1/refused",
    "http://nowhere.invalid/a",
    "http://couch.test:5984/missing",
  ]),
  target: `http://there.test/${random.whole(0, 1000)}`,
  ...(random.chance(0.5) ? { continuous: true } : {}),
});

/** @param {Simulator} simulator @param {Random} random @param {number} serial */
async function disturb(simulator, random, serial) {
  const database = simulator.fleet.databases.get("_replicator");
  assert.ok(database);
  const ids = [...database.entries.values()]
    .filter(({ deleted, id }) => !deleted && !id.startsWith("_"))
    .map(({ id }) => id);
  for (let i = random.whole(0, 3); i > 0; i--) {
    await send(simulator, "PUT", `/new-${serial}-${i}`, replication(random));
  }
  if (ids.length > 0 && random.chance(0.5)) {
    const path = `/${encodeURIComponent(random.pick(ids))}`;
    const { _rev } = await send(simulator, "GET", path);
    if (random.chance(0.5)) await send(simulator, "DELETE", `${path}?rev=${_rev}`);
    else await send(simulator, "PUT", path, { _rev, ...replication(random) });
  }
}

/**
 * @param {Random} random
 * @param {number} seed
 * @param {import("../../simulator/protocol/faults.js").Fault} [fault] a fault during the whole test
 */
async function watchAFleet(random, seed, fault) {
  const { simulator, scheduler: direct } = simulated({ docs: random.whole(0, 80), seed, shards: random.whole(1, 4) });
  if (fault) simulator.fail(fault);
  // In some ticks time passes between the requests, so that each reads the server at another moment.
  let restless = false;
  const { scheduler } = simulated(undefined, {
    retries: 3,
    fetch: (url, init) => {
      if (restless) simulator.clock.advance(random.whole(0, 3000));
      return simulator.fetch(url, init);
    },
  });
  /** @type {WatchOptions} */
  const options = {
    interval: 1,
    ...(random.chance(0.3) ? { states: random.some(["running", "crashing", "error", "completed"]) } : {}),
  };
  const held = new Held();
  const watch = scheduler.watch(options);
  for (let tick = 0; tick < TICKS; tick++) {
    simulator.clock.advance(random.pick([0, 500, 2000, 30_000, 120_000]));
    await disturb(simulator, random, tick);
    if (random.chance(0.08)) simulator.restart();
    if (random.chance(0.15)) {
      const path = random.pick(["/_scheduler/docs", "/_scheduler/jobs"]);
      simulator.fail({ path, times: 1, status: 503, headers: { "Retry-After": "0" } });
    }
    restless = tick > 0 && random.chance(0.3);
    held.apply((await watch.next()).value ?? []);
    if (restless) {
      restless = false;
      held.apply((await watch.next()).value ?? []);
    }
    const { docs } = await direct.listDocs(options.states ? { states: options.states } : {});
    const listed = new Set(docs.map(({ doc_id }) => doc_id));
    const rows = held.sorted();
    assert.deepEqual(
      rows.filter(({ doc_id }) => listed.has(doc_id)),
      docs,
      `tick ${tick}`,
    );
    // Immediately after a write or a restart, a document has no state: its row stays unchanged.
    for (const { doc_id } of rows.filter((row) => !listed.has(row.doc_id))) {
      assert.equal((await direct.getDoc(doc_id)).state, null, `${doc_id} is held without reason in tick ${tick}`);
    }
  }
  await watch.return();
  return simulator;
}

testOfSimulator(`the rows of watch() are those of a full list, on ${CASES} random fleets`, () =>
  forEachSeed(CASES, async (random, seed) => void (await watchAFleet(random, seed))),
);

for (const [what, path] of [
  ["_changes is", "/_replicator/_changes"],
  ["jobs are", "/_scheduler/jobs"],
]) {
  testOfSimulator(`the rows of watch() are the same if ${what} refused`, () =>
    forEachSeed(CASES / 4, async (random, seed) => {
      const refused = { path, times: Number.POSITIVE_INFINITY, status: 403 };
      const { requests } = await watchAFleet(random, seed, refused);
      assert.equal(requests.filter((request) => request.path.startsWith(path)).length, 1, "requested once");
    }),
  );
}
