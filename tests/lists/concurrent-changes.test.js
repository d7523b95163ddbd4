// @ts-check
// Documents are added and deleted during a walk: all others are returned, each once.

import assert from "node:assert/strict";
import { Scheduler } from "couchdb-scheduler";
import { all } from "../support/promises.js";
import { forEachSeed, randomOf } from "../support/random.js";
import { listedRow, randomFleet, sortedIds, unlisted } from "../support/random-fleet.js";
import { simulated, testOfSimulator } from "../support/server.js";

/** @typedef {import("../../simulator/index.js").Simulator} Simulator */

/** @param {Simulator} simulator */
function replicator(simulator) {
  const database = simulator.fleet.databases.get("_replicator");
  assert.ok(database);
  return database;
}

/** @param {Simulator} simulator @param {string} id */
function remove(simulator, id) {
  simulator.fleet.write(replicator(simulator), id, {}, { deleted: true });
}

/** @param {Simulator} simulator @param {string} id */
function create(simulator, id) {
  simulator.fleet.loadVerbatim({ _replicator: { rows: [listedRow(id, "running")] } });
}

/**
 * A scheduler with events before its requests. Responses are created immediately, as a database reads them
 * from one snapshot.
 *
 * @param {Simulator} simulator
 * @param {(request: number) => void} before
 */
function schedulerDisturbed(simulator, before) {
  let count = 0;
  return new Scheduler("http://couch.test", {
    retries: 0,
    auth: { username: "admin", password: "pass" },
    fetch: async (url, init) => {
      before(count++);
      const response = await simulator.fetch(url, init);
      return new Response(await response.text(), response);
    },
  });
}

/** @param {{ doc_id: string }[]} rows @param {string[]} steady @param {string[]} possible */
function assertExact(rows, steady, possible) {
  const ids = rows.map(({ doc_id }) => doc_id);
  assert.equal(new Set(ids).size, ids.length, "a row came twice");
  assert.deepEqual(ids, sortedIds(ids), "rows are not in order");
  const seen = new Set(ids);
  assert.deepEqual(
    steady.filter((id) => !seen.has(id)),
    [],
    "rows were lost",
  );
  const known = new Set([...steady, ...possible]);
  assert.deepEqual(
    ids.filter((id) => !known.has(id)),
    [],
    "rows came out of nowhere",
  );
}

/** @param {number} percent percentage of requests preceded by an event @param {("create" | "remove")[]} kinds */
const disturbedWalks = (percent, kinds) => () =>
  forEachSeed(200, async (random) => {
    const { simulator, listed } = randomFleet(random, { most: 120 });
    const ids = listed.map(({ doc_id }) => doc_id);
    const doomed = kinds.includes("remove") ? random.some(ids) : [];
    const gone = new Set(doomed);
    const created = /** @type {string[]} */ ([]);
    const scheduler = schedulerDisturbed(simulator, (request) => {
      if (request === 0 || !random.chance(percent / 100)) return;
      for (let i = random.whole(1, 4); i > 0; i--) {
        const id = `${random.pick(["0", "M", "`", "b", "~"])}new-${created.length}`;
        if (random.pick(kinds) === "create") {
          // Otherwise a walk in small pages would never catch up.
          if (created.length === 60) continue;
          create(simulator, id);
          created.push(id);
        } else if (doomed.length > 0) {
          remove(simulator, /** @type {string} */ (doomed.splice(random.whole(0, doomed.length - 1), 1)[0]));
        }
      }
    });
    const rows = await all(scheduler.docs({ pageSize: random.whole(1, 12) }));
    assertExact(
      rows,
      ids.filter((id) => !gone.has(id)),
      [...gone, ...created],
    );
  });

testOfSimulator("docs() loses and doubles nothing while documents are created", disturbedWalks(60, ["create"]));
testOfSimulator("docs() loses and doubles nothing while documents are deleted", disturbedWalks(60, ["remove"]));
testOfSimulator(
  "docs() loses and doubles nothing while documents are created and deleted",
  disturbedWalks(90, ["create", "remove"]),
);

/** Two shards, the first of which fills its window with a document that is not listed. */
function lossyFleet() {
  const random = randomOf(1);
  for (let n = 0; n < 2000; n++) {
    const { simulator } = simulated({ shards: 2 });
    const ids = sortedIds(Array.from({ length: 12 }, () => random.fraction().toString(36).slice(2)));
    const rows = ids.slice(1).map((id) => listedRow(id, "running"));
    simulator.fleet.loadVerbatim({ _replicator: { rows, documents: [unlisted(ids[0])] } });
    const [first, second] = replicator(simulator)
      .shards()
      .map((shard) => shard.map(({ id }) => id));
    const full = first.includes(ids[0]) ? first : second;
    const other = full === first ? second : first;
    // A page of 4: the full shard shows 3 documents; the first of the other follows the lost one.
    if (full[0] === ids[0] && full.length > 5 && other[0] > full[4] && other[0] < full[5])
      return { simulator, ids: ids.slice(1), lost: full[4], early: full.slice(1, 3) };
  }
  throw new Error("no such fleet");
}

testOfSimulator("docs() loses no row if two returned documents are deleted before the next page", async () => {
  const { simulator, ids, early } = lossyFleet();
  const scheduler = schedulerDisturbed(simulator, (request) => {
    if (request === 1) for (const id of early) remove(simulator, id);
  });
  const rows = await all(scheduler.docs({ pageSize: 4 }));
  assertExact(
    rows,
    ids.filter((id) => !early.includes(id)),
    early,
  );
});

testOfSimulator("docs() loses no row if two are deleted and two created before the next page", async () => {
  const { simulator, ids, early } = lossyFleet();
  const scheduler = schedulerDisturbed(simulator, (request) => {
    if (request !== 1) return;
    for (const id of early) remove(simulator, id);
    for (const id of ["zz-1", "zz-2"]) create(simulator, id);
  });
  const rows = await all(scheduler.docs({ pageSize: 4 }));
  assertExact(
    rows,
    ids.filter((id) => !early.includes(id)),
    [...early, "zz-1", "zz-2"],
  );
});

testOfSimulator("listDocs() with a limit loses no row if two returned documents are deleted meanwhile", async () => {
  const { simulator, ids, early } = lossyFleet();
  const scheduler = schedulerDisturbed(simulator, (request) => {
    if (request === 1) for (const id of early) remove(simulator, id);
  });
  const { docs } = await scheduler.listDocs({ limit: 4 });
  const found = docs.map(({ doc_id }) => doc_id);
  const last = /** @type {string} */ (found.at(-1));
  const expected = ids.filter((id) => id <= last && !early.includes(id));
  assert.deepEqual(
    expected.filter((id) => !found.includes(id)),
    [],
  );
});

testOfSimulator("docs() continues if the first document of the next page is deleted", async () => {
  const { simulator } = simulated();
  const ids = Array.from({ length: 50 }, (_, i) => `doc-${String(i).padStart(2, "0")}`);
  simulator.fleet.loadVerbatim({ _replicator: { rows: ids.map((id) => listedRow(id, "running")) } });
  const removed = /** @type {string[]} */ ([]);
  const scheduler = schedulerDisturbed(simulator, (request) => {
    const last = request * 10 - 1;
    if (request > 0 && last < ids.length) {
      remove(simulator, ids[last]);
      removed.push(ids[last]);
    }
  });
  const rows = await all(scheduler.docs({ pageSize: 10 }));
  assertExact(
    rows,
    ids.filter((id) => !removed.includes(id)),
    removed,
  );
});
