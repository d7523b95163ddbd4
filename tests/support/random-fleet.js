// @ts-check
// Fleets of replications with everything that makes lists fail: design documents between the others, documents that
// the scheduler does not know yet, and shards that fill their windows with both.

import { REPLICATION_STATES } from "couchdb-scheduler";
import { compareIds } from "../../simulator/world/database.js";
import { crc32 } from "../../simulator/world/hash.js";
import { simulated } from "./server.js";

/**
 * @typedef {import("./random.js").Random} Random
 * @typedef {import("couchdb-scheduler").ReplicationState} ReplicationState
 *
 * @typedef {object} ListedDoc
 * @property {string} doc_id
 * @property {ReplicationState} state
 */

const PARTS = [
  "a",
  "b",
  "z",
  "A",
  "Z",
  "0",
  "9",
  "-",
  "~",
  "/",
  " ",
  "+",
  "%",
  '"',
  "\\",
  "ü",
  "日",
  "\uffee",
  "😀",
  "^",
];

/** @param {Random} random */
function randomId(random) {
  return Array.from({ length: random.whole(1, 6) }, () => random.pick(PARTS)).join("");
}

/** @param {Random} random @param {number} count @param {() => string} make */
function distinct(random, count, make) {
  const ids = new Set();
  for (let tries = 0; ids.size < count && tries < count * 20; tries++) ids.add(make());
  return /** @type {string[]} */ ([...ids]).sort(() => random.fraction() - 0.5);
}

/**
 * @param {string} doc_id
 * @param {ReplicationState} state
 * @param {string} [database]
 */
export function listedRow(doc_id, state, database = "_replicator") {
  const isBad = state === "crashing" || state === "error" || state === "failed";
  const info = isBad ? { error: `{badmatch,"${state}"}` } : state === "initializing" ? null : { docs_read: 1 };
  return { database, doc_id, id: null, state, info, error_count: isBad ? 1 : 0 };
}

/** Documents that exist but are in no list. @param {string} _id */
export const unlisted = (_id) => ({ _id, _rev: "1-0", source: "http://a/", target: "http://b/" });

/** In CouchDB's order. @param {string[]} ids */
export const sortedIds = (ids) => [...ids].sort(compareIds);

/**
 * @param {Random} random
 * @param {{ most?: number }} [options]
 */
export function randomFleet(random, { most = 300 } = {}) {
  const shards = random.chance(0.3) ? random.whole(1, 2) : random.whole(1, 8);
  const { simulator, scheduler } = simulated({ shards, chunkBytes: random.pick([1, 200, 1490, 50_000]) });
  const count = random.chance(0.1) ? random.whole(0, 3) : random.whole(0, random.pick([40, 100, most]));
  const design = distinct(random, random.whole(0, 5), () => `_design/${randomId(random)}`);
  // A shard with most of the documents is the first whose window is too small.
  const crowding = random.pick([0, 0, 0.8, 0.95]);
  const inFirstShard = (/** @type {string} */ id) => crc32(id) < 2 ** 32 / shards;
  const ids = distinct(random, count, () => {
    const id = randomId(random);
    return inFirstShard(id) || !random.chance(crowding) ? id : randomId(random);
  });
  const hidden = random.pick([0, 0.05, 0.3, 0.6, 0.8]);
  const states = random.chance(0.3) ? [random.pick(REPLICATION_STATES)] : REPLICATION_STATES;
  const inRuns = random.chance(0.5);
  let isHidden = false;

  /** @type {ListedDoc[]} */
  const listed = [];
  /** @type {string[]} */
  const notListed = [];
  for (const id of inRuns ? sortedIds(ids) : ids) {
    // Adjacent ones fill whole windows.
    if (!inRuns || random.chance(0.1)) isHidden = random.chance(hidden);
    if (isHidden) notListed.push(id);
    else listed.push({ doc_id: id, state: random.pick(states) });
  }
  const rows = listed.map(({ doc_id, state }) => listedRow(doc_id, state));
  simulator.fleet.loadVerbatim({ _replicator: { rows, documents: notListed.map(unlisted), designDocs: design } });
  listed.sort((a, b) => compareIds(a.doc_id, b.doc_id));
  return { simulator, scheduler, listed, total: ids.length + design.length };
}

/** The expected list: the plain filter. @param {ListedDoc[]} listed @param {readonly ReplicationState[]} [states] @param {number} [skip] @param {number} [limit] */
export function filtered(listed, states, skip = 0, limit = Number.POSITIVE_INFINITY) {
  return listed.filter(({ state }) => states === undefined || states.includes(state)).slice(skip, skip + limit);
}

/** @param {{ doc_id: string, state: unknown }[]} docs */
export const idsAndStates = (docs) => docs.map(({ doc_id, state }) => `${doc_id} ${state}`);
