// @ts-check
// metrics(): what the server has, as OpenMetrics text; nothing that is unknown.

import assert from "node:assert/strict";
import { test } from "node:test";
import { REPLICATION_STATES, Scheduler } from "couchdb-scheduler";
import { FAULTS } from "../errors/faults.js";
import { docRows, listText } from "../support/answers.js";
import { readOpenMetrics } from "../support/open-metrics.js";
import { errorOf, outcomeOf } from "../support/promises.js";
import { COUCHDB_URL, endedReplication, simulated, testOfSimulator, testServer } from "../support/server.js";

const PREFIX = "couchdb_scheduler_";

/** The samples of a family, as `[…values of labels, value]`; undefined if the family is absent. @param {string} text @param {string} name */
const samplesOf = (text, name) =>
  readOpenMetrics(text)[PREFIX + name]?.samples.map(({ labels, value }) => [...Object.values(labels), value]);

/** The names of all families. @param {string} text */
const namesIn = (text) => Object.keys(readOpenMetrics(text)).map((name) => name.slice(PREFIX.length));

const DOCS = "/_scheduler/docs/_replicator";
const BODIES = {
  [DOCS]: listText(docRows(3)),
  "/_scheduler/jobs": listText([], "jobs"),
  "/_membership": '{"all_nodes":["n@h"],"cluster_nodes":["n@h"]}',
  "/_node/n@h/_config/replicator": '{"max_jobs":"7"}',
};

/**
 * A server of these bodies by path; a number is the status of an error.
 *
 * @param {Record<string, string | number>} bodies
 */
function serverOf(bodies) {
  /** @type {string[]} */
  const paths = [];
  /** @type {typeof globalThis.fetch} */
  const fetch = async (url) => {
    const path = decodeURIComponent(new URL(String(url)).pathname);
    paths.push(path);
    const body = bodies[path] ?? 404;
    if (typeof body === "string") return new Response(body);
    return Response.json({ error: body === 404 ? "not_found" : "no", reason: "no" }, { status: body });
  };
  return { paths, scheduler: new Scheduler("http://couch.test:5984", { retries: 0, fetch }) };
}

test("metrics() has what the other methods return, on any server", async (t) => {
  const server = await testServer(t, { docs: 200 });
  const database = await server.createDatabase();
  await server.write(database, [
    endedReplication("a"),
    endedReplication('b "quoted" \\ ü', "failed"),
    endedReplication("c", "failed"),
  ]);
  const scheduler = server.scheduler();
  for (let tries = 0; tries < 100 && (await scheduler.summary({ database })).total < 3; tries++);
  const text = await scheduler.metrics({ databases: [database, database], perReplication: "all" });
  const { states } = await scheduler.summary({ database });
  assert.deepEqual(states, { initializing: 0, running: 0, completed: 1, pending: 0, crashing: 0, error: 0, failed: 2 });
  assert.deepEqual(
    samplesOf(text, "replications"),
    Object.entries(states).map(([state, count]) => [database, state, count]),
  );
  assert.deepEqual(samplesOf(text, "incidents"), [["database_missing", "source", 1]]);
  assert.deepEqual(samplesOf(text, "consecutive_failures"), [
    [database, "a", 0],
    [database, 'b "quoted" \\ ü', 1],
    [database, "c", 1],
  ]);
  assert.deepEqual(samplesOf(text, "docs_written"), [[database, "a", 3]]);
  assert.deepEqual(samplesOf(text, "doc_write_failures"), [[database, "a", 0]]);
  assert.deepEqual(samplesOf(text, "changes_pending"), undefined);
  assert.deepEqual(samplesOf(text, "series_dropped"), [[0]]);
  assert.deepEqual([samplesOf(text, "up"), samplesOf(text, "scrape_errors")], [[[1]], undefined]);
  const [[seconds]] = /** @type {number[][]} */ (samplesOf(text, "scrape_duration_seconds"));
  assert.ok(seconds > 0 && seconds < 60, `${seconds}`);
  const { nodes } = await scheduler.capacity();
  assert.deepEqual(
    samplesOf(text, "max_jobs"),
    nodes.map(({ node, max_jobs }) => [node, max_jobs]),
  );
  if (COUCHDB_URL === undefined) {
    const counts = nodes.flatMap(({ node, running, pending, crashing }) => [
      [node, "running", running],
      [node, "pending", pending],
      [node, "crashing", crashing],
    ]);
    assert.deepEqual(samplesOf(text, "jobs"), counts);
  }
  assert.ok(!text.includes("://"), "a URL is in a label");
});

testOfSimulator('metrics() of databases: "all"', async () => {
  const { scheduler } = simulated({ docs: 200 });
  const text = await scheduler.metrics({ databases: "all" });
  const expected = [];
  for (const database of ["_replicator", "team/_replicator"]) {
    const { states } = await scheduler.summary({ database });
    for (const state of REPLICATION_STATES) expected.push([database, state, states[state]]);
  }
  assert.deepEqual(samplesOf(text, "replications")?.sort(), expected.sort());
  // As many as all databases have together.
  const incidents = await scheduler.incidents({ database: "all" });
  const sum = samplesOf(text, "incidents")?.reduce((total, sample) => total + Number(sample.at(-1)), 0);
  assert.equal(sum, incidents.length);
  assert.deepEqual(namesIn(text), ["up", "scrape_duration_seconds", "replications", "incidents", "jobs", "max_jobs"]);
});

testOfSimulator(
  "metrics() has series of single replications only if they are wanted, and at most maxSeries",
  async () => {
    const { scheduler } = simulated({ docs: 100 });
    const series = (/** @type {string} */ text) =>
      ["consecutive_failures", "docs_written", "doc_write_failures", "changes_pending"].flatMap(
        (name) => samplesOf(text, name) ?? [],
      );
    const unlimited = series(await scheduler.metrics({ perReplication: "all" }));
    assert.ok(unlimited.length > 100);
    const { docs } = await scheduler.listDocs();
    for (const maxSeries of [0, 1, 7, 50, unlimited.length, unlimited.length + 1]) {
      const text = await scheduler.metrics({ perReplication: "all", maxSeries });
      const some = series(text);
      assert.ok(some.length <= maxSeries && some.length > maxSeries - 4 - (maxSeries > unlimited.length ? 1 : 0));
      assert.deepEqual(samplesOf(text, "series_dropped"), [[unlimited.length - some.length]], `${maxSeries}`);
      // All series of the first replications.
      const ids = new Set(some.map(([, id]) => id));
      const first = docs.slice(0, ids.size).map(({ doc_id }) => doc_id);
      assert.deepEqual([...ids], first);
      assert.deepEqual(some.sort(), unlimited.filter(([, id]) => ids.has(id)).sort());
    }
    const unhealthy = samplesOf(await scheduler.metrics({ perReplication: "unhealthy" }), "consecutive_failures");
    const failing = await scheduler.listDocs({ states: ["crashing", "error", "failed"] });
    assert.deepEqual(
      unhealthy,
      failing.docs.map(({ doc_id, error_count }) => ["_replicator", doc_id, error_count]),
    );
    assert.ok(
      !namesIn(await scheduler.metrics()).some((name) => name === "consecutive_failures" || name === "series_dropped"),
    );
  },
);

testOfSimulator("metrics() shows each node that is up; limits that are unknown are absent", async () => {
  const { simulator, scheduler } = simulated({ docs: 50, nodes: ["a@h", "b@h", "c@h"] });
  simulator.provoke.loseNode("b@h");
  simulator.clock.advance(120_000);
  simulator.fail({ path: "/_node/a%40h", status: 403, body: '{"error":"forbidden","reason":"no"}' });
  const text = await scheduler.metrics();
  assert.deepEqual(samplesOf(text, "max_jobs"), [["c@h", 500]]);
  assert.deepEqual(
    samplesOf(text, "jobs")?.map(([node, state]) => `${node} ${state}`),
    ["a@h running", "a@h pending", "a@h crashing", "c@h running", "c@h pending", "c@h crashing"],
  );
});

testOfSimulator("metrics({ lag }) has what lags() returns, of the replications that are shown", async () => {
  const { simulator, scheduler } = simulated();
  const send = async (/** @type {string} */ path, /** @type {unknown} */ body) => {
    const headers = { authorization: `Basic ${btoa("admin:pass")}`, "content-type": "application/json" };
    const init = { method: "PUT", headers, body: JSON.stringify(body) };
    assert.ok((await simulator.fetch(`http://couch.test:5984/${path}`, init)).ok, path);
  };
  const source = simulator.fleet.createDatabase("source");
  for (let n = 0; n < 50; n++) source.write(`d${n}`, { n });
  const at = (/** @type {string} */ name) => `http://admin:pass@couch.test:5984/${name}`;
  const ids = ["a", "b", "c"];
  for (const id of ids) {
    const document = { source: at("source"), target: at(id), create_target: true, continuous: true };
    await send(`_replicator/${id}`, document);
  }
  await send("_replicator/elsewhere", { source: "https://couch.example/a", target: at("a"), continuous: true });
  simulator.clock.advance(120_000);
  simulator.provoke.slowDown("source", 0.001);
  source.write("later", {});
  simulator.clock.advance(1_000);
  const lags = [];
  for await (const lag of scheduler.lags()) if (lag.backlog !== null) lags.push(lag);
  lags.sort((one, two) => one.doc_id.localeCompare(two.doc_id));
  assert.deepEqual(
    lags.map(({ doc_id }) => doc_id),
    ids,
  );
  assert.ok(lags.every(({ backlog, last_progress }) => Number(backlog) > 0 && last_progress !== null));
  const text = await scheduler.metrics({ perReplication: "all", lag: true });
  // The replication elsewhere has no backlog: its source was not requested.
  assert.deepEqual(
    samplesOf(text, "backlog")?.sort(),
    lags.map(({ doc_id, backlog }) => ["_replicator", doc_id, backlog]),
  );
  assert.deepEqual(
    samplesOf(text, "last_progress_timestamp_seconds")
      ?.filter(([, id]) => id !== "elsewhere")
      .sort(),
    lags.map(({ doc_id, last_progress }) => ["_replicator", doc_id, Date.parse(String(last_progress)) / 1000]),
  );
  assert.equal(samplesOf(text, "scrape_errors"), undefined);

  // All six series of a replication, or none; nothing is requested for those that are not shown.
  const first = simulator.requests.length;
  const short = await scheduler.metrics({ perReplication: "all", lag: true, maxSeries: 11 });
  assert.deepEqual(
    samplesOf(short, "backlog")?.map(([, id]) => id),
    ["a"],
  );
  assert.deepEqual(samplesOf(short, "series_dropped"), [[18]]);
  const asked = simulator.requests.slice(first).map(({ path }) => path.split("?")[0]);
  assert.ok(asked.includes("/source/_changes") && !asked.some((path) => /^\/[bc]\//.test(path ?? "")), `${asked}`);

  simulator.fail({
    method: "POST",
    path: "/_replicator/_all_docs",
    status: 403,
    body: '{"error":"forbidden","reason":"no"}',
  });
  const failed = await scheduler.metrics({ perReplication: "all", lag: true });
  assert.deepEqual(samplesOf(failed, "scrape_errors"), [["lag", "_replicator", "forbidden", 1]]);
  assert.deepEqual([samplesOf(failed, "up"), samplesOf(failed, "backlog")], [[[1]], undefined]);
});

test("metrics() reads a database once, if it is there twice", async () => {
  const { scheduler, paths } = serverOf(BODIES);
  await scheduler.metrics({ databases: ["_replicator", "_replicator"] });
  assert.equal(paths.filter((path) => path === DOCS).length, 2, "the documents, and the unhealthy ones");
});

test("metrics() counts the confirmed findings of an audit", async () => {
  const { scheduler } = serverOf(BODIES);
  const finding = (/** @type {string} */ kind, confirmed = true) => ({ kind, confirmed });
  const findings = [finding("stalled"), finding("failed"), finding("stalled"), finding("lagging", false)];
  assert.deepEqual(samplesOf(await scheduler.metrics({ audit: { findings } }), "findings"), [
    ["stalled", 2],
    ["failed", 1],
  ]);
  assert.equal(samplesOf(await scheduler.metrics({ audit: { findings: [] } }), "findings"), undefined);
  assert.equal(samplesOf(await scheduler.metrics(), "findings"), undefined);
});

test("metrics() shows documents in states that are not known here", async () => {
  const rows = docRows(3, "sleeping");
  const { scheduler } = serverOf({ ...BODIES, [DOCS]: listText(rows) });
  const states = samplesOf(await scheduler.metrics(), "replications");
  assert.deepEqual(states?.at(-1), ["_replicator", "unknown", 3]);
  assert.equal(states?.length, 8);
});

test("metrics() of a server that cannot be read is up 0, and nothing more is requested", async () => {
  for (const [
    bodies,
    part,
    code,
    requests,
  ] of /** @type {[Record<string, string | number>, string[], string, number][]} */ ([
    [{ [DOCS]: 401 }, ["documents", "_replicator"], "unauthorized", 1],
    [{ [DOCS]: 503 }, ["documents", "_replicator"], "server_error", 1],
    [{ [DOCS]: "<html>" }, ["documents", "_replicator"], "invalid_response", 1],
    [{ [DOCS]: listText(docRows(3)).slice(0, 300) }, ["documents", "_replicator"], "truncated", 1],
  ])) {
    const { scheduler, paths } = serverOf({ ...BODIES, ...bodies });
    const text = await scheduler.metrics({ databases: ["_replicator", "a/_replicator"], perReplication: "all" });
    assert.deepEqual(namesIn(text), ["up", "scrape_errors", "scrape_duration_seconds"]);
    assert.deepEqual(samplesOf(text, "up"), [[0]]);
    assert.deepEqual(samplesOf(text, "scrape_errors"), [[...part, code, 1]]);
    assert.equal(paths.length, requests, paths.join());
  }
  const { scheduler, paths } = serverOf({ ...BODIES, "/_all_dbs": 403 });
  const text = await scheduler.metrics({ databases: "all" });
  assert.deepEqual(samplesOf(text, "scrape_errors"), [["databases", "forbidden", 1]]);
  assert.deepEqual([samplesOf(text, "up"), paths], [[[0]], ["/_all_dbs"]]);
});

test("metrics() shows what can be read, if a part cannot", async () => {
  const missing = serverOf(BODIES).scheduler;
  const text = await missing.metrics({ databases: ["a/_replicator", "_replicator"] });
  assert.deepEqual(samplesOf(text, "scrape_errors"), [["documents", "a/_replicator", "not_found", 1]]);
  assert.deepEqual(samplesOf(text, "up"), [[0]]);
  assert.equal(samplesOf(text, "replications")?.length, 7);
  assert.deepEqual(samplesOf(text, "max_jobs"), [["n@h", 7]]);

  // It was deleted after it was listed.
  const deleted = serverOf({ ...BODIES, "/_all_dbs": '["_replicator","a/_replicator"]' }).scheduler;
  const listed = await deleted.metrics({ databases: "all" });
  assert.deepEqual(samplesOf(listed, "scrape_errors"), [["documents", "a/_replicator", "not_found", 1]]);
  assert.deepEqual([samplesOf(listed, "up"), samplesOf(listed, "replications")?.length], [[[1]], 7]);

  const jobless = await serverOf({ ...BODIES, "/_scheduler/jobs": 500 }).scheduler.metrics();
  assert.deepEqual(samplesOf(jobless, "scrape_errors"), [["jobs", "server_error", 1]]);
  assert.deepEqual(namesIn(jobless), ["up", "scrape_errors", "scrape_duration_seconds", "replications"]);
  assert.deepEqual(samplesOf(jobless, "up"), [[1]]);
});

testOfSimulator("metrics() has no incidents if it does not know all of them", async () => {
  const { simulator, scheduler } = simulated({ docs: 100 });
  simulator.fail({ path: /^\/_scheduler\/docs\/_replicator\?states=/, status: 500 });
  const text = await scheduler.metrics({ databases: "all" });
  assert.deepEqual(samplesOf(text, "scrape_errors"), [["incidents", "_replicator", "server_error", 1]]);
  assert.equal(samplesOf(text, "incidents"), undefined);
  assert.deepEqual([samplesOf(text, "up"), samplesOf(text, "replications")?.length], [[[1]], 14]);
});

testOfSimulator("metrics() does not say how many series are missing if it does not know", async () => {
  const { simulator, scheduler } = simulated({ docs: 50 });
  // The third list of documents is that of the single replications.
  simulator.fail({ path: DOCS, cutAfter: 2000, after: 2 });
  const text = await scheduler.metrics({ perReplication: "all", maxSeries: 1 });
  assert.deepEqual(samplesOf(text, "scrape_errors"), [["replications", "_replicator", "truncated", 1]]);
  assert.equal(samplesOf(text, "series_dropped"), undefined);
  assert.deepEqual(samplesOf(text, "up"), [[1]]);
});

test("every fault of a server is a text with its code, without secrets", async () => {
  for (const fault of FAULTS) {
    const fetch = /** @type {any} */ (
      async (/** @type {any} */ _, /** @type {RequestInit} */ init) => fault.answer(BODIES[DOCS], init)
    );
    const scheduler = new Scheduler("http://couch.test:5984", { retries: 0, timeout: fault.timeout ?? 30_000, fetch });
    const text = await scheduler.metrics({ perReplication: "all" });
    assert.deepEqual(samplesOf(text, "up"), [[0]], fault.name);
    assert.deepEqual(samplesOf(text, "scrape_errors")?.[0], ["documents", "_replicator", fault.code, 1], fault.name);
    assert.ok(!text.includes("S3CR3T"), fault.name);
    assert.ok(!/couch\.test|_scheduler\/docs/.test(text), fault.name);
  }
});

test("metrics() rejects with the signal's reason, in whatever part", async () => {
  const ofAnotherCall = await errorOf(serverOf({}).scheduler.listJobs());
  const paths = [DOCS, "/_membership", "/_scheduler/jobs", "/_node/n@h/_config/replicator"];
  for (const path of paths) {
    for (const reason of ["enough", ofAnotherCall]) {
      const controller = new AbortController();
      /** @type {typeof globalThis.fetch} */
      const fetch = async (url) => {
        const requested = decodeURIComponent(new URL(String(url)).pathname);
        if (requested === path) {
          queueMicrotask(() => controller.abort(reason));
          return new Promise(() => {});
        }
        return new Response(/** @type {Record<string, string>} */ (BODIES)[requested]);
      };
      const call = new Scheduler("http://couch.test:5984", { fetch }).metrics({ signal: controller.signal });
      assert.deepEqual(await outcomeOf(call), { status: "rejected", reason }, path);
    }
  }
});

test("metrics() refuses wrong options", async () => {
  const { scheduler, paths } = serverOf(BODIES);
  for (const [options, message] of /** @type {[any, RegExp][]} */ ([
    [
      { databases: "_replicator" },
      /^metrics: databases must be an array of replicator databases, or "all", not "_replicator"$/,
    ],
    [{ databases: ["_replicator", 5] }, /^metrics: each of databases must be a string, not 5$/],
    [{ databases: ["orders"] }, /^metrics: each of databases must be "_replicator"/],
    [{ perReplication: true }, /^metrics: perReplication must be "none", "unhealthy" or "all", not true$/],
    [{ maxSeries: -1 }, /^metrics: maxSeries must be a whole number from 0 up, not -1$/],
    [{ lag: 1 }, /^metrics: lag must be true or false, not 1$/],
    [{ lag: true }, /^metrics: lag is about single replications: set perReplication to "unhealthy" or "all"$/],
    [
      { endpoints: "all" },
      /^metrics: endpoints must be "stored", or a function that returns a Client or null, not "all"$/,
    ],
    [{ audit: [] }, /^metrics: audit must be an Audit, the result of audit\(\), not an array$/],
    [{ audit: { findings: [{ kind: "failed" }] } }, /^metrics: audit must be an Audit/],
    [{ database: "_replicator" }, /^metrics: unknown option "database"; the options are databases, /],
  ])) {
    await assert.rejects(scheduler.metrics(options), { message }, JSON.stringify(options));
  }
  assert.deepEqual(paths, []);
});
