// @ts-check
// Answers for programs: what the methods of the package return, as JSON.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Replicator, Scheduler } from "couchdb-scheduler";
import { exposed } from "../../pkg/serve/exposition.js";
import { fleetOn, MINUTE } from "../insight/audited-fleet.js";
import { couch, FAST, raw, served, standing, upstream } from "./stage.js";

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
    const audit = await json(`${url}/api/audit${query}`);
    // The server keeps it for the next one.
    const { snapshot: _, ...expected } = await direct.audit({ database });
    assert.deepEqual(audit, JSON.parse(JSON.stringify(expected)));
  }
  assert.deepEqual(await json(`${url}/api/summary`), await direct.summary());
  assert.notEqual((await json(`${url}/api/incidents?database=all`)).length, 0);
  assert.notEqual((await json(`${url}/api/audit`)).findings.length, 0);
});

test("capacity, lags and a comparison, as the package returns them", async () => {
  const { simulator, withAdmin } = await couch({ docs: 0 });
  const source = simulator.fleet.createDatabase("source");
  for (let n = 0; n < 20; n++) source.write(`d${n}`, { n });
  const direct = new Scheduler(withAdmin);
  const ids = ["a b/c?&%", "second"];
  for (const [n, id] of ids.entries()) {
    await new Replicator(direct.client).createReplication({
      id,
      source: `${withAdmin}/source`,
      target: `${withAdmin}/target${n}`,
      createTarget: true,
      continuous: true,
    });
  }
  simulator.clock.advance(2 * MINUTE);
  const url = await served({ couchdbUrl: withAdmin }, FAST);
  const plain = (/** @type {unknown} */ value) => JSON.parse(JSON.stringify(value));
  assert.deepEqual(await json(`${url}/api/capacity`), plain(await direct.capacity()));
  simulator.fleet.createDatabase("team/_replicator");
  assert.deepEqual(await json(`${url}/api/databases`), ["_replicator", "team/_replicator"]);
  for (const id of ids) {
    const query = `?database=_replicator&doc_id=${encodeURIComponent(id)}`;
    const lag = await json(`${url}/api/lag${query}`);
    assert.deepEqual(lag, plain(await direct.lag(id)));
    assert.deepEqual([lag.doc_id, lag.backlog, lag.source.status], [id, 0, "found"]);
    const verification = await json(`${url}/api/verify${query}`);
    assert.deepEqual(verification, await direct.verify(id));
    assert.deepEqual([verification.complete, verification.checked], [true, 20]);
  }
  const lags = await json(`${url}/api/lags?database=_replicator`);
  assert.deepEqual(lags.map((/** @type {any} */ { doc_id }) => doc_id).sort(), ids);
});

test("databases of other servers are not requested for visitors", async () => {
  let isAsked = false;
  const other = await upstream((_, response) => {
    isAsked = true;
    response.end("{}");
  });
  const { simulator, withAdmin } = await couch({ docs: 0 });
  await new Replicator(withAdmin).createReplication({
    id: "r",
    source: `http://user:secret@${other}/source`,
    target: `http://user:secret@${other}/target`,
    continuous: true,
  });
  simulator.clock.advance(1000);
  const url = await served({ couchdbUrl: withAdmin }, FAST);
  assert.equal((await json(`${url}/api/lag?doc_id=r`)).source.status, "not_asked");
  assert.equal((await json(`${url}/api/lags`)).length, 1);
  const refused = await fetch(`${url}/api/verify?doc_id=r`);
  assert.equal(refused.status, 400);
  const text = await refused.text();
  assert.match(text, /endpoints/);
  assert.doesNotMatch(text, /secret/);
  assert.equal(isAsked, false);
});

test("what takes minutes does not take the places of lists, and ends when its visitor goes", async () => {
  let ended = 0;
  const host = await upstream((request, response) => {
    if (request.url?.includes("/_scheduler/jobs")) {
      return void response.end('{"total_rows":0,"offset":0,"jobs":[]}');
    }
    response.on("close", () => ended++);
  });
  const url = await served({ couchdbUrl: `http://admin:pass@${host}` }, FAST);
  const controller = new AbortController();
  const many = Array.from({ length: 20 }, (_, n) =>
    fetch(`${url}/api/verify?doc_id=d${n}`, { signal: controller.signal }).catch(() => "gone"),
  );
  assert.equal((await fetch(`${url}/couchdb/_scheduler/jobs`)).status, 200);
  controller.abort();
  assert.deepEqual(new Set(await Promise.all(many)), new Set(["gone"]));
  while (ended < 16) await new Promise((resolve) => setTimeout(resolve, 5));
});

test("how far a comparison and the lags are, for who asked for them and nobody else", async () => {
  const { simulator, withAdmin, url: couchdb } = await couch({ docs: 0 });
  const source = simulator.fleet.createDatabase("source");
  for (let n = 0; n < 1500; n++) source.write(`d${n}`, { n });
  for (const id of ["a", "b"]) {
    await new Replicator(withAdmin).createReplication({
      id,
      source: `${withAdmin}/source`,
      target: `${withAdmin}/target-${id}`,
      createTarget: true,
      continuous: true,
    });
  }
  simulator.clock.advance(2 * MINUTE);
  const url = await served({ couchdbUrl: couchdb }, FAST);
  const admin = { Authorization: `Basic ${btoa("admin:pass")}` };
  const ask = async (/** @type {string} */ path, headers = admin) => (await fetch(url + path, { headers })).json();
  for (const [path, query, held, reached] of /** @type {const} */ ([
    [
      "/api/verify",
      "?doc_id=a",
      { path: "/target-a/_revs_diff", method: "POST", after: 1 },
      { done: 1000, total: 1500 },
    ],
    ["/api/lags", "", { path: "/source/_changes", method: "GET", after: 1 }, { done: 1, total: null }],
  ])) {
    const progress = `${path}/progress${query}`;
    assert.equal(await ask(progress), null);
    simulator.fail({ ...held, delay: 1000 });
    const result = ask(path + query);
    while (JSON.stringify(await ask(progress)) !== JSON.stringify(reached)) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    assert.equal(await ask(progress, { Authorization: `Basic ${btoa("admin:guess")}` }), null);
    simulator.clock.advance(1000);
    assert.ok(await result);
    assert.equal(await ask(progress), null);
  }
});

test("invalid and unknown questions are refused, and nothing is changed", async () => {
  const { withAdmin, simulator } = await couch();
  const url = await served({ couchdbUrl: withAdmin });
  for (const [path, status] of /** @type {const} */ ([
    ["/api/summary?database=../x", 400],
    ["/api/summary?database=a&database=b", 400],
    ["/api/summary?other=1", 400],
    ["/api/incidents?database=A", 400],
    ["/metrics?database=all", 400],
    ["/api/capacity?database=_replicator", 400],
    ["/api/databases?database=all", 400],
    ["/api/lag", 400],
    ["/api/lag?doc_id=", 400],
    ["/api/lag?doc_id=a&doc_id=b", 400],
    ["/api/lag?doc_id=a&endpoints=stored", 400],
    ["/api/lag?doc_id=a&database=orders", 400],
    ["/api/lag?doc_id=missing", 404],
    ["/api/verify", 400],
    ["/api/verify/progress", 400],
    ["/api/lags/progress?doc_id=a", 400],
    ["/api/audit/progress", 404],
    ["/api/lags/progress/progress", 404],
    ["/api/verify?doc_id=..%2F_session", 404],
    ["/api/lags?doc_id=a", 400],
    ["/api/summary?doc_id=a", 400],
    ["/metricss", 404],
    ["/api/summary?database=missing%2F_replicator", 404],
    ["/api/__proto__", 404],
    ["/api", 404],
    ["/apis", 404],
  ])) {
    const response = await fetch(url + path);
    assert.equal(response.status, status, path);
    assert.doesNotMatch(await response.text(), /pass/);
  }
  for (const path of ["/api/summary", "/api/incidents", "/api/audit", "/api/lag?doc_id=a", "/metrics"]) {
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

const OPEN = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/** @param {string} url @param {string} [accept] */
async function scrape(url, accept) {
  const response = await fetch(`${url}/metrics`, { headers: accept === undefined ? {} : { accept } });
  return { status: response.status, type: response.headers.get("content-type"), text: await response.text() };
}

test("metrics of the chosen databases, as the package writes them", async () => {
  const { withAdmin, simulator } = await couch({ docs: 50 });
  const metrics = { databases: ["all"], perReplication: /** @type {const} */ ("unhealthy"), maxSeries: 8 };
  const url = await served({ couchdbUrl: withAdmin, metrics }, FAST);
  assert.doesNotMatch((await scrape(url)).text, /findings\{/, "one look confirms nothing");
  simulator.clock.advance(180_000);
  const { status, type, text } = await scrape(url, "application/openmetrics-text;version=1.0.0");
  assert.deepEqual([status, type], [200, OPEN]);
  const without = (/** @type {string} */ text) =>
    text.replace(
      /^(?:couchdb_scheduler_scrape_duration_seconds|couchdb_scheduler_findings|# (?:TYPE|HELP) couchdb_scheduler_findings).*\n/gm,
      "",
    );
  const direct = await new Scheduler(withAdmin).metrics({ ...metrics, databases: "all" });
  assert.equal(without(text), without(direct));
  assert.match(text, /^couchdb_scheduler_findings\{kind="\w+"\} [1-9]/m, "two looks do");
  assert.match(text, /\{database="team\/_replicator",/);
  assert.match(text, /_series_dropped [1-9]/);

  const one = await served({ couchdbUrl: withAdmin, metrics: { databases: ["team/_replicator"] } }, FAST);
  const { text: team } = await scrape(one);
  assert.match(team, /\{database="team\/_replicator",/);
  assert.doesNotMatch(team, /\{database="_replicator",|doc_id/);
});

test("findings are those of the chosen databases", async () => {
  const { withAdmin, simulator } = await couch({ docs: 100 });
  const names = ["_replicator", "team/_replicator"];
  const urls = await Promise.all(
    [names.slice(0, 1), names.slice(1), names, ["all"]].map((databases) =>
      served({ couchdbUrl: withAdmin, metrics: { databases } }, FAST),
    ),
  );
  const findings = async (/** @type {string} */ url) => {
    const lines = (await scrape(url)).text.matchAll(/^couchdb_scheduler_findings\{.*\} (\d+)$/gm);
    return Array.from(lines, ([, count]) => Number(count)).reduce((sum, count) => sum + count, 0);
  };
  for (const url of urls) assert.equal(await findings(url), 0, "one look confirms nothing");
  simulator.clock.advance(180_000);
  const [first = 0, second = 0, both, all] = await Promise.all(urls.map(findings));
  assert.ok(first > 0 && second > 0);
  assert.deepEqual([both, all], [first + second, first + second]);
});

test("OpenMetrics for those that accept it, the older format for others", async () => {
  const open = [
    "# TYPE a gauge",
    "# UNIT a_seconds seconds",
    "# HELP a Of a.",
    'a{b="# EOF"} 1',
    "# TYPE c counter",
    "# HELP c Of c.",
    "c_total 2",
    "# EOF",
    "",
  ].join("\n");
  const old = [
    "# TYPE a gauge",
    "# HELP a Of a.",
    'a{b="# EOF"} 1',
    "# TYPE c_total counter",
    "# HELP c_total Of c.",
    "c_total 2",
    "",
  ].join("\n");
  const plain = "text/plain; version=0.0.4; charset=utf-8";
  for (const accept of [
    "application/openmetrics-text",
    "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.1",
    "text/plain, Application/OpenMetrics-Text; q=0.1",
  ]) {
    assert.deepEqual(exposed(open, accept), { type: OPEN, body: Buffer.from(open) }, accept);
  }
  for (const accept of [
    undefined,
    "",
    "*/*",
    "text/plain",
    "application/openmetrics-text;q=0",
    "application/openmetrics-textual",
  ]) {
    assert.deepEqual(exposed(open, accept), { type: plain, body: Buffer.from(old) }, accept);
  }
});

test("each scrape is fresh", async () => {
  const { withAdmin, simulator } = await couch();
  const url = await served({ couchdbUrl: withAdmin }, standing());
  const cost = async () => {
    simulator.requests.length = 0;
    await scrape(url);
    return simulator.requests.length;
  };
  const first = await cost();
  assert.ok(first > 0);
  assert.equal(await cost(), first);

  // Those of one chunk arrive together; the response to the first request waits for them.
  simulator.requests.length = 0;
  simulator.fail({ path: "/", delay: 1_000 });
  const request = (/** @type {string} */ more) => `GET /metrics HTTP/1.1\r\nHost: ${new URL(url).host}\r\n${more}\r\n`;
  const responses = raw(url, request("").repeat(9) + request("Connection: close\r\n"));
  while (simulator.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
  simulator.clock.advance(1_000);
  assert.equal((await responses).text.match(/^couchdb_scheduler_up 1$/gm)?.length, 10);
  assert.equal(simulator.requests.length, first, "concurrent ones share one collection");
});

test("scrapes do not lock the account, and say when CouchDB is gone", async () => {
  let requests = 0;
  const host = await upstream((_, response) => {
    requests++;
    response.writeHead(401).end('{"error":"unauthorized","reason":"Name or password is incorrect."}');
  });
  const clock = standing();
  const url = await served({ couchdbUrl: `http://admin:wrong@${host}` }, clock);
  assert.equal((await scrape(url)).status, 401);
  const first = requests;
  for (let at = 0; at < 5; at++) {
    clock.advance(15_000);
    assert.equal((await scrape(url)).status, 401);
  }
  assert.equal(requests, first);

  const gone = await served({ couchdbUrl: "http://admin:x@127.0.0.1:9" });
  const { status, text } = await scrape(gone);
  assert.equal(status, 200);
  assert.match(text, /^couchdb_scheduler_up 0$/m);
});

test("a scrape says in time that CouchDB does not respond", { timeout: 28_000 }, async () => {
  const url = await served({ couchdbUrl: `http://admin:x@${await upstream(() => {})}` });
  const { status, text } = await scrape(url);
  assert.equal(status, 200);
  assert.match(text, /^couchdb_scheduler_up 0$/m);
});
