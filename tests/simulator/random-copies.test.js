// @ts-check
/** Random histories of two databases: a replication brings what a plain comparison says, and nothing else. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createSimulator } from "../../simulator/index.js";
import { randomFor } from "../../simulator/world/hash.js";
import { leavesOf } from "../../simulator/world/revisions.js";
import { get, here, put } from "./requests.js";

/** @typedef {import("../../simulator/world/database.js").Database} Database */

const IDS = ["a", "b", "c", "d", "e", "f", "_design/x"];

/** One change of a database: an edit, a deletion, a conflict, a purge. @param {Database} database @param {() => number} random */
function change(database, random) {
  const id = IDS[Math.floor(random() * IDS.length)];
  const entry = database.entries.get(id);
  const what = random();
  const body = { n: Math.floor(random() * 4) };
  if (what < 0.15 && entry && !entry.deleted) database.write(id, {}, true);
  else if (what < 0.35) {
    const generation = 1 + Math.floor(random() * 3);
    const ids = Array.from({ length: generation }, () => `${generation}${Math.floor(random() * 1e6)}`);
    const path = ids.map((one, i) => `${generation - i}-${one}`);
    // Sometimes from a revision that is known.
    if (entry && random() < 0.5) path.splice(1, Infinity, entry.rev);
    if (Number.parseInt(path[0], 10) > Number.parseInt(path[1] ?? "0", 10)) {
      database.merge(id, path, { deleted: random() < 0.2, body });
    }
  } else if (what < 0.4 && entry) database.purge(entry, [entry.rev]);
  else database.write(id, body);
}

/** @param {Database} database @returns {Map<string, { deleted: boolean, body: any }>} by id and revision */
function leaves({ entries }) {
  const found = new Map();
  for (const entry of entries.values()) for (const leaf of leavesOf(entry)) found.set(`${entry.id} ${leaf.rev}`, leaf);
  return found;
}

for (let seed = 1; seed <= 40; seed++) {
  test(`seed ${seed}`, async () => {
    const random = randomFor("copies", seed);
    const simulator = createSimulator();
    const source = simulator.fleet.createDatabase("source");
    const target = simulator.fleet.createDatabase("target");
    const kind = seed % 4;
    const more = [{}, { selector: { n: { $lt: 2 } } }, { doc_ids: ["a", "b"] }, { winning_revs_only: true }][kind];
    const refuses = random() < 0.5;
    if (refuses) simulator.provoke.refuse("target", ({ n }) => (n === 3 ? "no threes" : null));
    for (let i = 0; i < 30; i++) change(source, random);
    if (random() < 0.5) for (let i = 0; i < 5; i++) change(target, random);
    await put(simulator, "/_replicator/r", {
      source: here("source"),
      target: here("target"),
      continuous: true,
      ...more,
    });
    for (let round = 0; round < 4; round++) {
      simulator.clock.advance(20_000);
      simulator.fleet.countStates();
      if (round < 3) for (let i = 0; i < 5; i++) change(source, random);
    }
    const info = (await get(simulator, "/_scheduler/docs/_replicator/r")).info;
    assert.equal(info.docs_read, info.docs_written + info.doc_write_failures);
    for (const [name, { deleted, body }] of leaves(source)) {
      const [id, rev] = name.split(" ");
      const wanted = [true, !deleted && body.n < 2, ["a", "b"].includes(id), source.entries.get(id)?.rev === rev][kind];
      const isRefused = refuses && body.n === 3 && id !== "_design/x";
      const entry = target.entries.get(id);
      const isThere =
        entry !== undefined && leavesOf(entry).some((leaf) => leaf.rev === rev || leaf.past.includes(rev));
      if (wanted && !isRefused) assert(isThere, `${name} is missing`);
    }
    const { results } = await get(simulator, "/source/_changes?style=all_docs");
    assert.equal(results.length, source.entries.size);
    for (const entry of source.entries.values()) {
      const live = leavesOf(entry).filter(({ deleted }) => !deleted);
      assert.equal(entry.deleted, live.length === 0, "the winner is alive if a leaf is");
    }
    assert.equal(
      (await get(simulator, "/source")).doc_count,
      [...source.entries.values()].filter((one) => !one.deleted).length,
    );
  });
}
