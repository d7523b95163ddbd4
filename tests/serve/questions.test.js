// @ts-check
// Answers for programs: what the methods of the package return, as JSON.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Scheduler } from "couchdb-scheduler";
import { fleetOn, MINUTE } from "../insight/audited-fleet.js";
import { couch, FAST, served } from "./stage.js";

/** @param {string} url */
const json = async (url) => (await fetch(url)).json();

test("a summary, incidents and an audit, as the package returns them", async () => {
  const { withAdmin, simulator } = await couch({ docs: 100 });
  simulator.clock.advance(3_600_000);
  const url = await served({ couchdbUrl: withAdmin }, FAST);
  const direct = new Scheduler(withAdmin);
  for (const database of ["_replicator", "team/_replicator"]) {
    const query = `?database=${encodeURIComponent(database)}`;
    assert.deepEqual(await json(`${url}/api/summary${query}`), await direct.summary({ database }));
    assert.deepEqual(await json(`${url}/api/incidents${query}`), await direct.incidents({ database }));
    const { snapshot: _, ...audit } = await json(`${url}/api/audit${query}`);
    const { snapshot: __, ...expected } = await direct.audit({ database });
    assert.deepEqual(audit, JSON.parse(JSON.stringify(expected)));
  }
  assert.deepEqual(await json(`${url}/api/summary`), await direct.summary());
  assert.notEqual((await json(`${url}/api/incidents?database=all`)).length, 0);
  assert.notEqual((await json(`${url}/api/audit`)).findings.length, 0);
});

test("invalid and unknown questions are refused, and nothing is changed", async () => {
  const { withAdmin, simulator } = await couch();
  const url = await served({ couchdbUrl: withAdmin });
  for (const [path, status] of /** @type {const} */ ([
    ["/api/summary?database=../x", 400],
    ["/api/summary?database=a&database=b", 400],
    ["/api/summary?other=1", 400],
    ["/api/incidents?database=A", 400],
    ["/api/summary?database=missing%2F_replicator", 404],
    ["/api/__proto__", 404],
    ["/api", 404],
    ["/apis", 404],
  ])) {
    const response = await fetch(url + path);
    assert.equal(response.status, status, path);
    assert.doesNotMatch(await response.text(), /pass/);
  }
  for (const path of ["/api/summary", "/api/incidents", "/api/audit"]) {
    assert.equal((await fetch(url + path, { method: "POST" })).status, 405, path);
  }
  assert.ok(simulator.requests.every(({ method }) => method === "GET"));
});

test("a later audit confirms what an earlier one suspected", async () => {
  const fleet = fleetOn();
  fleet.source("source");
  await fleet.replicate("r");
  fleet.pass(5 * MINUTE);
  fleet.simulator.provoke.stick("r");
  fleet.write("source", 3);
  fleet.pass(5 * MINUTE);
  const options = { auth: { username: "admin", password: "pass" }, fetch: fleet.simulator.fetch };
  const url = await served({ couchdb: { url: "http://couch.test", options } }, FAST);
  const looks = [];
  for (let look = 0; look < 4; look++) {
    const { findings } = await json(`${url}/api/audit`);
    looks.push(findings.map((/** @type {any} */ { kind, doc_id, confirmed }) => [kind, doc_id, confirmed]));
    fleet.pass(MINUTE);
  }
  assert.deepEqual(
    looks,
    [false, false, true, true].map((confirmed) => [["stalled", "r", confirmed]]),
  );
});
