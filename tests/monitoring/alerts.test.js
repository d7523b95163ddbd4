// @ts-check
// A real Prometheus scrapes the server in front of a simulated CouchDB: the alerts of docs/monitoring are silent while all is
// well, and fire when it is not. Their durations are shortened here; tests/monitoring/promtool.test.js runs them as they are.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { couch, served } from "../serve/stage.js";
import { needs, prometheus, until } from "./prometheus.js";

const RULES = readFileSync(new URL("../../docs/monitoring/couchdb-scheduler.rules.yml", import.meta.url), "utf8");

const HOUR = 3_600_000;

/** Scrapes after which silence counts. */
const SCRAPES = 5;

/** Continuous replications between databases of a simulated server. @param {number} count */
async function healthyFleet(count) {
  // Its checkpoints are three hours old for Prometheus.
  const { simulator, url, withAdmin } = await couch({ docs: 0, clock: { start: Date.now() - 3 * HOUR } });
  const put = async (/** @type {string} */ path, /** @type {unknown} */ body) => {
    const headers = { authorization: `Basic ${btoa("admin:pass")}`, "content-type": "application/json" };
    const response = await fetch(`${url}/${path}`, { method: "PUT", headers, body: JSON.stringify(body) });
    assert.ok(response.ok, `${path}: ${response.status}`);
  };
  for (let n = 0; n < count; n++) {
    const source = simulator.fleet.createDatabase(`source-${n}`);
    for (let doc = 0; doc < 20; doc++) source.write(`d${doc}`, {});
    const ends = { source: `${withAdmin}/source-${n}`, target: `${withAdmin}/target-${n}` };
    await put(`_replicator/orders-${n}`, { ...ends, create_target: true, continuous: true });
  }
  simulator.clock.advance(120_000);
  return { simulator, withAdmin };
}

test("alerts fire on trouble only", { ...needs("prometheus"), timeout: 90_000 }, async (t) => {
  const { simulator, withAdmin } = await healthyFleet(6);
  /** @type {import("../../pkg/serve/questions.js").Measured} */
  const metrics = { databases: ["_replicator"], perReplication: "all", lag: true };
  const url = await served({ couchdbUrl: withAdmin, metrics });
  const rules = RULES.replace(/^( +for:) \d+[mh]$/gm, "$1 1s");
  assert.ok(rules.match(/for: 1s$/gm)?.length === RULES.match(/for:/g)?.length);
  const ask = await prometheus({ job_name: "replications", static_configs: [{ targets: [new URL(url).host] }] }, rules);
  /** @param {string} query @returns {Promise<any[]>} */
  const select = async (query) => (await ask("query", { query }))?.result ?? [];
  /** Alerts that fire, with the replications that they are about. */
  const firing = async () => {
    const found = await select('ALERTS{alertstate="firing"}');
    return found
      .map(({ metric: { alertname, doc_id } }) => alertname + (doc_id === undefined ? "" : ` ${doc_id}`))
      .sort();
  };
  /** @param {string[]} expected */
  const fire = async (...expected) => {
    await until(t.signal, async () => {
      const names = await firing();
      return expected.every((name) => names.includes(name));
    });
    assert.deepEqual(await firing(), expected);
  };

  await until(
    t.signal,
    async () => (await select(`count_over_time(couchdb_scheduler_up[1h]) >= ${SCRAPES}`)).length > 0,
  );
  // Until the first scrape there are no metrics.
  const others = 'ALERTS{alertname!="CouchDBReplicationMetricsMissing"}';
  assert.deepEqual(await select(`count_over_time(${others}[1h])`), []);
  assert.deepEqual(await firing(), []);
  assert.equal((await select("couchdb_scheduler_backlog == 0")).length, 6);
  assert.equal((await select("time() - couchdb_scheduler_last_progress_timestamp_seconds > 1800")).length, 6);

  // One replication says that it runs, and does not move.
  simulator.provoke.stick("orders-0");
  simulator.fleet.databases.get("source-0")?.write("later", {});
  await fire("CouchDBReplicationNotMoving orders-0");

  // Half of the sources do not respond.
  const answer = [3, 4, 5].map((n) => simulator.provoke.hang(`source-${n}`));
  while (simulator.fleet.countStates().crashing !== 3) simulator.clock.advance(10_000);
  await until(t.signal, async () => (await firing()).includes("CouchDBReplicationOutage"));
  await until(t.signal, async () => (await firing()).includes("CouchDBReplicationsFailing"));
  assert.ok(!(await firing()).includes("CouchDBReplicationsFailed"), "CouchDB retries them");

  // They respond again.
  for (const again of answer) again();
  while (simulator.fleet.countStates().running !== 6) simulator.clock.advance(10_000);
  await until(t.signal, async () => !(await firing()).some((name) => /Outage|Failing/.test(name)));

  // CouchDB itself is down.
  simulator.fail({ path: "/", times: Number.POSITIVE_INFINITY, status: 503, body: '{"error":"down","reason":"down"}' });
  await until(t.signal, async () => (await firing()).includes("CouchDBReplicationsUnknown"));
});
