// @ts-check
// A replicator database of 2,000 documents, on the simulator or on a real server: for any options, the lists are the
// plain filter of all documents.

import assert from "node:assert/strict";
import { test } from "node:test";
import { REPLICATION_STATES } from "couchdb-scheduler";
import { all, rowsAndError } from "../support/promises.js";
import { randomOf } from "../support/random.js";
import { filtered, idsAndStates } from "../support/random-fleet.js";
import { endedReplication, testServer } from "../support/server.js";

/**
 * @typedef {import("../support/server.js").TestServer} TestServer
 * @typedef {import("../support/random-fleet.js").ListedDoc} ListedDoc
 */

const COUNT = 2000;

/** Completed documents, in runs and alternating, with names before and after those of design documents. */
function documents() {
  const random = randomOf(1);
  const prefixes = ["A-", "Z/", "a ", "m+", "über-", "~"];
  return Array.from({ length: COUNT }, (_, i) => {
    const id = `${prefixes[Math.floor(i / 400)]}${String(i).padStart(5, "0")}`;
    return endedReplication(id, i % 400 < 60 || random.chance(0.05) ? "failed" : "completed");
  });
}

/**
 * The database: completed replications, one that continues, and design documents between them.
 *
 * @param {import("node:test").TestContext} t
 */
async function filled(t) {
  const server = await testServer(t);
  const database = await server.createDatabase();
  const source = `${database.split("/")[0]}-source`;
  await server.request("PUT", `/${source}`);
  t.after(() => server.request("DELETE", `/${source}`));
  const from = { url: `${server.url}/${source}`, auth: { basic: server.auth } };
  const to = { url: `${server.url}/${source}-copy`, auth: { basic: server.auth } };
  await server.request("PUT", `/${source}-copy`);
  t.after(() => server.request("DELETE", `/${source}-copy`));

  const all = documents();
  const designs = Array.from({ length: 5 }, (_, i) => ({ _id: `_design/d${i}`, language: "javascript" }));
  for (let at = 0; at < all.length; at += 500) await server.write(database, all.slice(at, at + 500));
  await server.write(database, designs);
  await server.write(database, [{ _id: "alive", source: from, target: to, continuous: true }]);
  return { server, database };
}

/** The complete list as the server returns it: without a limit it is exact. @param {TestServer} server @param {string} database @returns {Promise<{ total_rows: number, docs: ListedDoc[] }>} */
const wholeList = (server, database) => server.request("GET", `/_scheduler/docs/${encodeURIComponent(database)}`);

/**
 * Runs several requests between two equal complete lists, so that all of them can be compared with those.
 *
 * @template W, T
 * @param {TestServer} server
 * @param {string} database
 * @param {readonly W[]} wanted
 * @param {(wanted: W) => Promise<T>} ask
 * @returns {Promise<{ results: [W, T][], listed: ListedDoc[], total: number }>}
 */
async function whileStable(server, database, wanted, ask) {
  for (let tries = 0; tries < 20; tries++) {
    const before = await wholeList(server, database);
    /** @type {[W, T][]} */
    const results = [];
    for (const one of wanted) results.push([one, await ask(one)]);
    const after = await wholeList(server, database);
    if (idsAndStates(before.docs).join() === idsAndStates(after.docs).join()) {
      return { results, listed: after.docs, total: after.total_rows };
    }
  }
  throw new Error("the states do not settle");
}

test(`docs(), listDocs() and summary() of ${COUNT} documents are the plain filter of the whole`, async (t) => {
  const { server, database } = await filled(t);
  const scheduler = server.scheduler();

  await t.test("docs() in pages of every size", async () => {
    const sizes = [7, 100, 333, 1000, 1999, 2000, 2001, undefined];
    const { results, listed } = await whileStable(server, database, sizes, (pageSize) =>
      all(scheduler.docs({ database, pageSize })),
    );
    assert.ok(listed.length >= COUNT);
    for (const [pageSize, rows] of results) assert.deepEqual(idsAndStates(rows), idsAndStates(listed), `${pageSize}`);
  });

  await t.test("docs() with states", async () => {
    /** @type {(readonly import("couchdb-scheduler").ReplicationState[])[]} */
    const wanted = [["failed"], ["completed"], ["running", "failed"], ["error", "crashing"], REPLICATION_STATES, []];
    const { results, listed } = await whileStable(server, database, wanted, (states) =>
      all(scheduler.docs({ database, states })),
    );
    for (const [states, rows] of results) {
      assert.deepEqual(idsAndStates(rows), idsAndStates(filtered(listed, states)), states.join());
    }
  });

  await t.test("listDocs() with states, limit and skip", async () => {
    const random = randomOf(2);
    const wanted = Array.from({ length: 24 }, () => ({
      states: random.chance(0.4) ? undefined : random.some(REPLICATION_STATES),
      limit: random.pick([undefined, 0, 1, 10, 100, random.whole(1, 2500)]),
      skip: random.pick([undefined, 0, 1, 99, random.whole(1, 2500)]),
    }));
    const { results, listed, total } = await whileStable(server, database, wanted, (options) =>
      scheduler.listDocs({ database, ...options }),
    );
    for (const [{ states, limit, skip }, { docs, total_rows, offset }] of results) {
      const asked = JSON.stringify({ states, limit, skip });
      assert.deepEqual(idsAndStates(docs), idsAndStates(filtered(listed, states, skip, limit)), asked);
      assert.deepEqual([total_rows, offset], [total, Math.min(skip ?? 0, total)], asked);
    }
  });

  await t.test("summary()", async () => {
    const { results, listed } = await whileStable(server, database, [database], () => scheduler.summary({ database }));
    const [[, { total, states }]] = results;
    assert.equal(total, listed.length);
    for (const state of REPLICATION_STATES) assert.equal(states[state], filtered(listed, [state]).length, state);
  });

  await t.test("docs() that is left early, and iterated again", async () => {
    let count = 0;
    for await (const _row of scheduler.docs({ database, pageSize: 50 })) if (++count === 120) break;
    assert.equal((await all(scheduler.docs({ database }))).length >= COUNT, true);
  });

  await t.test("docs() while documents are added and deleted", async () => {
    const before = (await wholeList(server, database)).docs.map(({ doc_id }) => doc_id);
    const path = (/** @type {string} */ id) => `/${encodeURIComponent(database)}/${encodeURIComponent(id)}`;
    const gone = before.filter((id, i) => i % 100 === 50 && id !== "alive");
    const waiting = [...gone];
    /** @type {Set<string>} */
    const created = new Set();
    const seen = [];
    for await (const { doc_id } of scheduler.docs({ database, pageSize: 40 })) {
      seen.push(doc_id);
      if (seen.length % 80 !== 0) continue;
      const id = waiting.shift();
      if (id === undefined) continue;
      const { _rev } = await server.request("GET", path(id));
      await server.request("DELETE", `${path(id)}?rev=${_rev}`);
      created.add(`${id}-new`);
      await server.write(database, [endedReplication(`${id}-new`)]);
    }
    assert.equal(new Set(seen).size, seen.length, "a row came twice");
    const steady = before.filter((id) => !gone.includes(id));
    const found = new Set(seen);
    assert.deepEqual(
      steady.filter((id) => !found.has(id)),
      [],
      "rows were lost",
    );
    // The live replication is listed once the scheduler knows it.
    const known = new Set([...before, ...created, "alive"]);
    assert.deepEqual(
      seen.filter((id) => !known.has(id)),
      [],
      "rows came out of nowhere",
    );
  });
});

test("listJobs() and jobs() return all jobs, as the server does with a very large limit", async (t) => {
  const server = await testServer(t);
  const scheduler = server.scheduler();
  const keys = (/** @type {{ id: string, node: string, doc_id: string | null }[]} */ jobs) =>
    jobs.map(({ id, node, doc_id }) => `${node} ${id} ${doc_id}`);
  for (let tries = 0; ; tries++) {
    const before = keys((await server.request("GET", "/_scheduler/jobs?limit=1000000")).jobs);
    const listed = await scheduler.listJobs();
    const { rows } = await rowsAndError(scheduler.jobs());
    const after = keys((await server.request("GET", "/_scheduler/jobs?limit=1000000")).jobs);
    if (before.join() !== after.join() && tries < 20) continue;
    assert.deepEqual(keys(listed.jobs), after);
    assert.deepEqual(keys(rows), after);
    assert.equal(listed.total_rows, after.length);
    return;
  }
});
