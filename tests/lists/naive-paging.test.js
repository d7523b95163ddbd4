// @ts-check
// Tests the tests: common wrong ways of paging, run over the same fleets, must be detected.

import assert from "node:assert/strict";
import { REPLICATION_STATES } from "couchdb-scheduler";
import { forEachSeed } from "../support/random.js";
import { filtered, idsAndStates, randomFleet } from "../support/random-fleet.js";
import { testOfSimulator } from "../support/server.js";

/**
 * @typedef {import("couchdb-scheduler").ReplicationState} ReplicationState
 * @typedef {(params: Record<string, string | number>) => Promise<{ total_rows: number, docs: any[] }>} Ask
 */

/** By skip and limit, until skip has passed the total: what the vendor's client leaves to its users. @param {Ask} ask @param {number} size @param {string} states */
async function bySkip(ask, size, states) {
  const rows = [];
  for (let skip = 0, total = 1; skip < total; skip += size) {
    const page = await ask({ skip, limit: size, states });
    rows.push(...page.docs);
    total = page.total_rows;
  }
  return rows;
}

/** By the last id, until an empty page: correct, except for windows. @param {Ask} ask @param {number} size @param {string} states */
async function byKey(ask, size, states) {
  /** @type {any[]} */
  const rows = [];
  for (;;) {
    const last = rows.at(-1)?.doc_id;
    /** @type {Record<string, string>} */
    const from = last === undefined ? {} : { startkey: JSON.stringify(last) };
    const { docs } = await ask({ ...from, limit: size + 1, states });
    const fresh = docs.filter(({ doc_id }) => doc_id !== last);
    if (fresh.length === 0) return rows;
    rows.push(...fresh);
  }
}

/**
 * Number of fleets of 100 that a way of paging lists wrongly.
 *
 * @param {typeof bySkip} way
 * @param {boolean} withStates
 */
async function failuresOf(way, withStates) {
  let failures = 0;
  await forEachSeed(100, async (random) => {
    const { simulator, listed } = randomFleet(random);
    const states = withStates ? [random.pick(REPLICATION_STATES)] : [...REPLICATION_STATES];
    const pageSize = random.whole(1, 50);
    /** @type {Ask} */
    const ask = async (params) => {
      const url = new URL("http://couch.test/_scheduler/docs/_replicator");
      for (const [name, value] of Object.entries(params)) url.searchParams.set(name, String(value));
      const response = await simulator.fetch(url, { headers: { authorization: `Basic ${btoa("admin:pass")}` } });
      return response.json();
    };
    const rows = await way(ask, pageSize, withStates ? states.join() : "");
    const expected = idsAndStates(filtered(listed, states));
    if (idsAndStates(rows).join("\n") !== expected.join("\n")) failures++;
  });
  return failures;
}

testOfSimulator("paging by skip and limit loses rows", async () => {
  const failures = await failuresOf(bySkip, false);
  assert.ok(failures >= 15, `in ${failures} of 100 fleets`);
});

testOfSimulator("paging by skip, limit and states loses rows", async () => {
  const failures = await failuresOf(bySkip, true);
  assert.ok(failures >= 10, `in ${failures} of 100 fleets`);
});

testOfSimulator("paging by key without checking the offsets loses rows", async () => {
  const failures = await failuresOf(byKey, false);
  assert.ok(failures >= 5, `in ${failures} of 100 fleets`);
});
