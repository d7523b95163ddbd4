// @ts-check
// Random pairs of databases: verify() equals a plain comparison of what the replication should have brought.

import assert from "node:assert/strict";
import { Scheduler } from "couchdb-scheduler";
import { isKnown, leavesOf } from "../../simulator/world/revisions.js";
import { isSelected } from "../../simulator/world/selector.js";
import { forEachSeed } from "../support/random.js";
import { simulated, testOfSimulator } from "../support/server.js";

/** @typedef {import("../../simulator/world/database.js").Database} Database */
/** @typedef {import("../../simulator/world/database.js").Entry} Entry */
/** @typedef {import("../../simulator/world/revisions.js").Leaf} Leaf */
/** @typedef {import("../support/random.js").Random} Random */

const IDS = ["a", "b", "c d", "e/f", "__proto__", "constructor", "10", "2", "é", "_design/x"];

/** An edit, a deletion, a conflict or a purge. @param {Database} database @param {Random} random */
function change(database, random) {
  const id = random.pick(IDS);
  const entry = database.entries.get(id);
  const body = { n: random.whole(0, 3) };
  const what = random.fraction();
  if (what < 0.15 && entry && !entry.deleted) database.write(id, {}, true);
  else if (what < 0.4) {
    const generation = random.whole(1, 3);
    const path = Array.from({ length: generation }, (_, i) => `${generation - i}-${random.whole(1, 1e6)}`);
    // Sometimes from a revision that is known.
    if (entry && random.chance(0.5)) path.splice(1, Infinity, entry.rev);
    if (Number.parseInt(path[0], 10) > Number.parseInt(path[1] ?? "0", 10)) {
      database.merge(id, path, { deleted: random.chance(0.2), body });
    }
  } else if (what < 0.45 && entry) database.purge(entry, [entry.rev]);
  else database.write(id, body);
}

const SELECTOR = { n: { $lt: 2 } };
const FILTER = 'function (doc, req) { return doc.n === Number(req.query.n) || doc._id === "a"; }';

/** What a replication document says, and which leaves it replicates. @type {[Record<string, unknown>, (id: string, leaf: Leaf, entry: Entry) => boolean][]} */
const KINDS = [
  [{}, () => true],
  [
    { selector: SELECTOR },
    (id, { rev, deleted, body }) => isSelected(SELECTOR, { _id: id, _rev: rev, _deleted: deleted, ...body }),
  ],
  [{ doc_ids: ["a", "c+d", "e%2Ff", "absent", "__proto__"] }, (id) => ["a", "c d", "e/f", "__proto__"].includes(id)],
  [{ winning_revs_only: true }, (_, { rev }, entry) => entry.rev === rev],
  [{ filter: "filters/n", query_params: { n: "3" } }, (id, { body }) => body.n === 3 || id === "a"],
  [{ filter: "_design" }, (id) => id.startsWith("_design/")],
];

/** What `to` lacks of `from`, by a plain comparison. @param {Database} from @param {Database} to @param {(id: string, leaf: Leaf, entry: Entry) => boolean} isWanted */
function lacking(from, to, isWanted) {
  /** @type {{ id: string, rev: string, seq: number }[]} */
  const found = [];
  for (const entry of from.entries.values()) {
    const other = to.entries.get(entry.id);
    for (const leaf of leavesOf(entry)) {
      if (!isWanted(entry.id, leaf, entry) || (other && isKnown(other, leaf.rev))) continue;
      found.push({ id: entry.id, rev: leaf.rev, seq: entry.seq });
    }
  }
  return found;
}

const names = (/** @type {{ id: string, rev: string }[]} */ revisions) =>
  revisions.map(({ id, rev }) => `${id} ${rev}`).sort();

/** @param {import("couchdb-scheduler").Verification} verification @param {string} what */
const listed = ({ docs }, what) =>
  names(
    docs.filter((doc) => doc.what === what).flatMap(({ doc_id, revs }) => revs.map((rev) => ({ id: doc_id, rev }))),
  );

/** A replication that has run, with random troubles. @param {Random} random */
async function replicated(random) {
  const { simulator, scheduler } = simulated();
  const source = simulator.fleet.createDatabase("source");
  const target = simulator.fleet.createDatabase("target");
  source.write("_design/filters", { filters: { n: FILTER } });
  const [fields, isWanted] = random.pick(KINDS);
  if (random.chance(0.6)) simulator.provoke.refuse("target", ({ n }) => (n === 3 ? "no threes" : null));
  for (let i = random.whole(0, 40); i > 0; i--) change(source, random);
  if (random.chance(0.5)) for (let i = random.whole(0, 5); i > 0; i--) change(target, random);
  const end = (/** @type {string} */ name) => `http://admin:pass@couch.test:5984/${name}`;
  const continuous = random.chance(0.7);
  await simulator.fetch("http://couch.test:5984/_replicator/r", {
    method: "PUT",
    headers: { authorization: `Basic ${btoa("admin:pass")}`, "content-type": "application/json" },
    body: JSON.stringify({ source: end("source"), target: end("target"), continuous, ...fields }),
  });
  for (let round = random.whole(1, 3); round > 0; round--) {
    simulator.clock.advance(random.whole(1, 40_000));
    simulator.fleet.countStates();
    for (let i = random.whole(0, 4); i > 0; i--) change(source, random);
  }
  if (random.chance(0.5)) simulator.clock.advance(60_000);
  simulator.fleet.countStates();
  const isRunning = simulator.fleet.countStates().running === 1;
  if (random.chance(0.5) && isRunning && continuous) simulator.provoke.stick("r");
  if (random.chance(0.5)) for (let i = random.whole(0, 5); i > 0; i--) change(source, random);
  if (random.chance(0.3)) simulator.provoke.purge("target", random.some(IDS));
  if (random.chance(0.3)) for (let i = random.whole(0, 3); i > 0; i--) change(target, random);
  return { simulator, scheduler, source, target, isWanted };
}

/** The number in a position. @param {unknown} seq */
const numberOf = (seq) => Number.parseInt(String(seq), 10);

testOfSimulator("verify() of random databases is what a plain comparison finds", async (t) => {
  const seen = { refused: 0, in_flight: 0, extra: 0, complete: 0 };
  await forEachSeed(200, async (random) => {
    const { scheduler, source, target, isWanted } = await replicated(random);
    const row = await scheduler.getDoc("r");
    const extra = random.chance(0.5);
    const found = await scheduler.verify("r", { batchSize: random.whole(1, 12), list: 1000, extra });
    const { state, info } = /** @type {any} */ (row);
    const passed = numberOf(state === "completed" ? info.checkpointed_source_seq : (info?.through_seq ?? 0));
    const missing = lacking(source, target, isWanted);
    const isDue = (/** @type {{ seq: number }} */ { seq }) => seq <= passed || (state === "completed" && passed === 0);
    assert.deepEqual(listed(found, "refused"), names(missing.filter(isDue)), `passed ${passed}`);
    assert.deepEqual(listed(found, "in_flight"), names(missing.filter((one) => !isDue(one))), `passed ${passed}`);
    const surplus = extra ? lacking(target, source, () => true) : [];
    assert.deepEqual(listed(found, "extra"), names(surplus));
    assert.equal(found.complete, missing.length === 0);
    assert.equal(found.refused, missing.filter(isDue).length);
    assert.equal(found.in_flight + found.refused, missing.length);
    assert.equal(found.extra, extra ? surplus.length : null);
    const documents = [...source.entries.values()];
    const wanted = documents.filter((entry) => leavesOf(entry).some((leaf) => isWanted(entry.id, leaf, entry)));
    assert.equal(found.checked, wanted.length);
    seen.refused += found.refused;
    seen.in_flight += found.in_flight;
    seen.extra += found.extra ?? 0;
    seen.complete += Number(found.complete);
  });
  t.diagnostic(JSON.stringify(seen));
  if (process.env.SEED === undefined) for (const [what, count] of Object.entries(seen)) assert.ok(count > 30, what);
});

testOfSimulator(
  "verify() of a source that changes meanwhile reports each revision once, and none in vain",
  async (t) => {
    let reported = 0;
    let changes = 0;
    await forEachSeed(200, async (random) => {
      const { simulator, source, target, isWanted } = await replicated(random);
      const before = new Map([...source.entries].map(([id, { seq }]) => [id, seq]));
      /** @type {Set<string>} */
      const ever = new Set();
      let left = 50;
      const note = () => {
        for (const entry of source.entries.values())
          for (const { rev } of leavesOf(entry)) ever.add(`${entry.id} ${rev}`);
      };
      note();
      /** @type {typeof globalThis.fetch} */
      const fetch = async (url, init) => {
        if (left > 0 && random.chance(0.3)) {
          change(source, random);
          left--;
          changes++;
        }
        note();
        return simulator.fetch(url, init);
      };
      const scheduler = new Scheduler("http://couch.test:5984", {
        auth: { username: "admin", password: "pass" },
        retries: 0,
        fetch,
      });
      const found = await scheduler.verify("r", { batchSize: random.whole(1, 12), list: 1000 });
      const all = [...listed(found, "refused"), ...listed(found, "in_flight")];
      assert.equal(new Set(all).size, all.length, "a revision is reported twice");
      for (const one of all) assert.ok(ever.has(one), `${one} never was`);
      const missing = lacking(source, target, isWanted);
      // What did not change meanwhile is reported exactly.
      const isQuiet = (/** @type {string} */ id) => before.has(id) && source.entries.get(id)?.seq === before.get(id);
      const idOf = (/** @type {string} */ name) => name.slice(0, name.lastIndexOf(" "));
      assert.deepEqual(all.filter((one) => isQuiet(idOf(one))).sort(), names(missing.filter(({ id }) => isQuiet(id))));
      reported += all.length;
    });
    t.diagnostic(`${reported} revisions, ${changes} changes`);
    assert.ok(reported > 100 && changes > 100);
  },
);
