// @ts-check
// The server's cost of a list: it grows with the number of rows, not with its square.

import assert from "node:assert/strict";
import { all } from "../support/promises.js";
import { listedRow, unlisted } from "../support/random-fleet.js";
import { simulated, testOfSimulator } from "../support/server.js";

const PAGE = 100;
const SIZES = [300, 1000, 3000];

const name = (/** @type {number} */ i) => `doc-${String(i).padStart(6, "0")}`;

/** @param {number} count @param {(i: number) => boolean} isHidden */
function fleetOf(count, isHidden) {
  const { simulator, scheduler } = simulated({ shards: 4 });
  const rows = [];
  const documents = [];
  for (let i = 0; i < count; i++) {
    if (isHidden(i)) documents.push(unlisted(name(i)));
    else rows.push(listedRow(name(i), i % 50 === 0 ? "failed" : "running"));
  }
  simulator.fleet.loadVerbatim({ _replicator: { rows, documents, designDocs: ["_design/a", "_design/b"] } });
  const cost = () => ({
    requests: simulator.requests.length,
    rows: simulator.requests.reduce((sum, { rows }) => sum + rows, 0),
  });
  return { scheduler, listed: rows.length, cost };
}

testOfSimulator("docs() sends two requests per page, and no row is produced twice", async () => {
  for (const size of SIZES) {
    const { scheduler, listed, cost } = fleetOf(size, () => false);
    assert.equal((await all(scheduler.docs({ pageSize: PAGE }))).length, listed);
    const { requests, rows } = cost();
    assert.ok(requests <= 2 * (size / PAGE + 1), `${requests} requests for ${size}`);
    // Each page requests one id in addition to its rows.
    assert.ok(rows <= size + size / PAGE + 1, `${rows} rows for ${size}`);
  }
});

testOfSimulator("docs() costs no more if every page has unlisted documents", async () => {
  for (const size of SIZES) {
    const { scheduler, listed, cost } = fleetOf(size, (i) => i % 5 === 0);
    assert.equal((await all(scheduler.docs({ pageSize: PAGE }))).length, listed);
    const { requests, rows } = cost();
    assert.ok(requests <= 2 * (size / PAGE + 1), `${requests} requests for ${size}`);
    // Each page requests one id in addition to its rows.
    assert.ok(rows <= size + size / PAGE + 1, `${rows} rows for ${size}`);
  }
});

testOfSimulator("docs() with states sends one request, and returns only matching rows", async () => {
  const { scheduler, cost } = fleetOf(3000, () => false);
  assert.equal((await all(scheduler.docs({ states: ["failed"] }))).length, 60);
  assert.deepEqual(cost(), { requests: 1, rows: 60 });
});

testOfSimulator("listDocs() and summary() send one request", async () => {
  for (const call of /** @type {const} */ (["listDocs", "summary"])) {
    const { scheduler, listed, cost } = fleetOf(1000, () => false);
    await scheduler[call]();
    assert.deepEqual(cost(), { requests: 1, rows: listed });
  }
});

testOfSimulator("listDocs() with states and a limit stops reading once it has enough rows", async () => {
  const { scheduler, cost } = fleetOf(3000, () => false);
  const { docs } = await scheduler.listDocs({ states: ["running"], limit: 10 });
  assert.equal(docs.length, 10);
  assert.ok(cost().rows < 60, `${cost().rows} rows`);
});

testOfSimulator("listDocs() with a limit lets few more rows be produced than requested", async () => {
  const { scheduler, cost } = fleetOf(3000, () => false);
  const { docs } = await scheduler.listDocs({ limit: 50, skip: 20 });
  assert.equal(docs.length, 50);
  assert.ok(cost().rows <= 150, `${cost().rows} rows`);
});

testOfSimulator("docs() requests only the first page until its rows are read", async () => {
  const { scheduler, cost } = fleetOf(3000, () => false);
  const rows = scheduler.docs({ pageSize: PAGE });
  assert.equal(cost().requests, 0);
  await rows.next();
  for (let i = 0; i < 50; i++) await new Promise((resolve) => setImmediate(resolve));
  // Two pages, and the request for the end of the third.
  assert.ok(cost().requests <= 5, `${cost().requests} requests`);
  await rows.return();
});
