// @ts-check
// incidents(): the groups are those of the diagnoses of all rows.

import assert from "node:assert/strict";
import { test } from "node:test";
import { diagnose, Scheduler } from "couchdb-scheduler";
import { listText, schedulerAnswered } from "../support/answers.js";
import { all } from "../support/promises.js";
import { PUBLIC_REPORTS } from "../support/public-reports.js";
import { forEachSeed } from "../support/random.js";
import { RECORDED_REASONS } from "../support/recorded-reasons.js";
import { simulated, testOfSimulator, testServer } from "../support/server.js";

/** @typedef {import("couchdb-scheduler").ReplicationDoc} ReplicationDoc */
/** @typedef {import("couchdb-scheduler").Incident} Incident */

/** Host and port of a URL. @param {string | null} url */
const hostOf = (url) => /^\w+:\/\/(?:[^/@]*@)?([^/]+)/.exec(url ?? "")?.[1] ?? null;

/** The simplest way to group. @param {ReplicationDoc[]} docs */
function grouped(docs) {
  /** @type {Map<string, ReplicationDoc[]>} */
  const groups = new Map();
  for (const doc of docs) {
    const diagnosis = diagnose(doc);
    if (!diagnosis) continue;
    const { cause, side } = diagnosis;
    const key = JSON.stringify([cause, side, side && hostOf(doc[side])]);
    groups.set(key, [...(groups.get(key) ?? []), doc]);
  }
  return groups;
}

/** @param {Map<string, ReplicationDoc[]>} groups */
const idsOf = (groups) =>
  new Map([...groups].map(([key, docs]) => /** @type {const} */ ([key, docs.map(({ doc_id }) => doc_id)])));

/** @param {Incident[]} incidents */
const byKey = (incidents) =>
  new Map(incidents.map(({ cause, side, host, doc_ids }) => [JSON.stringify([cause, side, host]), doc_ids]));

/** What every incident must be. @param {Incident[]} incidents @param {Map<string, ReplicationDoc[]>} groups */
function checkEach(incidents, groups) {
  assert.deepEqual(byKey(incidents), idsOf(groups));
  const sizes = incidents.map(({ total }) => total);
  assert.deepEqual(
    sizes,
    [...sizes].sort((a, b) => b - a),
    "most documents first",
  );
  for (const { cause, side, host, ...incident } of incidents) {
    const docs = groups.get(JSON.stringify([cause, side, host])) ?? [];
    assert.equal(incident.total, docs.length);
    for (const state of /** @type {const} */ (["crashing", "error", "failed"])) {
      assert.equal(incident.states[state], docs.filter((doc) => doc.state === state).length);
    }
    const times = docs.map(({ last_updated }) => last_updated).sort();
    assert.deepEqual([incident.since, incident.latest], [times[0], times.at(-1)]);
    const retries = docs.flatMap((doc) => diagnose(doc)?.next_retry ?? []).sort();
    assert.equal(incident.next_retry, retries[0] ?? null);
    const messages = new Set(docs.map((doc) => [diagnose(doc)?.message, doc.source, doc.target].join("\n")));
    if (messages.size === 1) assert.equal(incident.message, diagnose(docs[0])?.message);
    assert.ok(docs.some((doc) => diagnose(doc)?.hint === incident.hint));
    for (const url of docs.flatMap(({ source, target }) => [source, target])) {
      const isEverywhere = docs.every(({ source, target }) => source === url || target === url);
      assert.ok(url === null || isEverywhere || !incident.message.includes(url), incident.message);
    }
  }
}

testOfSimulator("incidents() groups what docs() diagnoses, in one database and in all", async () => {
  const { simulator, scheduler } = simulated({ docs: 2000, seed: 3 });
  for (let minute = 0; minute < 3; minute++) {
    const main = await all(scheduler.docs());
    const team = await all(scheduler.docs({ database: "team/_replicator" }));
    const incidents = await scheduler.incidents({ examples: 10_000 });
    assert.ok(incidents.length > 3);
    checkEach(incidents, grouped(main));
    checkEach(await scheduler.incidents({ database: "all", examples: 10_000 }), grouped([...main, ...team]));
    simulator.clock.advance(60_000);
  }
});

test("incidents() counts the unhealthy documents, on any server", async (t) => {
  const scheduler = (await testServer(t, { docs: 100 })).scheduler();
  for (let tries = 0; ; tries++) {
    const { unhealthy } = await scheduler.summary({ database: "all" });
    const total = (await scheduler.incidents({ database: "all" })).reduce((sum, incident) => sum + incident.total, 0);
    // A live fleet, so the test repeats until both are equal.
    if (tries === 20) assert.equal(total, unhealthy);
    if (total === unhealthy) return;
  }
});

/** @type {string[]} */
const REASONS = [
  ...Object.keys(RECORDED_REASONS),
  ...PUBLIC_REPORTS.flatMap(({ row: { info, history = [] } }) => [
    info?.error ?? [],
    history.flatMap((/** @type {any} */ event) => event.reason ?? []),
  ]).flat(),
];

test("incidents() of random fleets are the groups of the diagnoses of all rows", () =>
  forEachSeed(60, async (random) => {
    const reasons = random.some(REASONS).slice(0, 8).concat(random.pick(REASONS));
    const urls = reasons.flatMap((reason) => reason.match(/https?:\/\/[\w.:-]+\/[\w-]+\//g) ?? []);
    urls.push("https://h.example/a/", "https://h.example/a/b/", "https://H.example/a/");
    const rows = Array.from({ length: random.whole(1, 200) }, (_, n) => {
      const [source, target] = [random.pick(urls), random.pick(urls)];
      const name = `db${random.whole(0, 5)}/`;
      const rename = (/** @type {string} */ text) => text.replaceAll(source, source.replace(/[^/]+\/$/, name));
      const second = String(random.whole(0, 59)).padStart(2, "0");
      return {
        database: "_replicator",
        doc_id: `d${String(n).padStart(4, "0")}`,
        id: null,
        node: "couchdb@127.0.0.1",
        source: random.chance(0.9) ? rename(source) : null,
        target,
        state: random.pick(["crashing", "crashing", "error", "failed", "running"]),
        info: random.chance(0.9) ? { error: rename(random.pick(reasons)) } : null,
        error_count: random.whole(0, 14),
        last_updated: `2026-11-22T2${random.whole(0, 3)}:00:${second}Z`,
        start_time: "2026-11-22T12:00:00Z",
        source_proxy: random.chance(0.1) ? "http://proxy.test" : null,
        target_proxy: null,
      };
    });
    const scheduler = schedulerAnswered({ body: listText(rows) });
    checkEach(await scheduler.incidents({ examples: 1000 }), grouped(/** @type {any} */ (rows)));
  }));

/** @param {number} n */
const missing = (n) => ({
  database: "_replicator",
  doc_id: `d${String(n).padStart(4, "0")}`,
  state: "crashing",
  error_count: 1,
  last_updated: `2026-11-22T22:00:${String(n % 60).padStart(2, "0")}Z`,
  source: `http://u:s3cret@a.test:5984/db${n}/`,
  target: `http://b.test/db${n}/`,
  info: { error: `db_not_found: could not open http://u:s3cret@a.test:5984/db${n}/` },
});

test("incidents() of 300 documents with one cause is one incident, without secrets", async () => {
  const rows = Array.from({ length: 300 }, (_, n) => missing(n));
  const scheduler = schedulerAnswered({ body: listText(rows) });
  const incidents = await scheduler.incidents({ examples: 2 });
  assert.equal(incidents.length, 1);
  const [{ hint, ...rest }] = incidents;
  assert.deepEqual(rest, {
    cause: "database_missing",
    side: "source",
    host: "a.test:5984",
    message: "The source http://u:*****@a.test:5984/… cannot be opened as a database: it probably does not exist.",
    total: 300,
    states: { crashing: 300, error: 0, failed: 0 },
    since: "2026-11-22T22:00:00Z",
    latest: "2026-11-22T22:00:59Z",
    next_retry: "2026-11-22T22:00:30Z",
    doc_ids: ["d0000", "d0001"],
  });
  assert.ok(hint.length > 0);
  assert.equal(scheduler.calls.length, 1);
  assert.match(scheduler.calls[0].url, /\/_scheduler\/docs\/_replicator\?states=crashing%2Cerror%2Cfailed$/);
});

test("incidents() shows no secret of a reason, a URL or a proxy", async () => {
  const SECRET = "s3cret-hunter2";
  const forms = [
    `db_not_found: could not open http://u:${SECRET}@a.test/db/`,
    `{session_request_unauthorized,"http://u:${SECRET}@a.test/_session","u"}`,
    `{http_request_failed,"GET","http://a.test/db?api_key=${SECRET}",{error,nxdomain}}`,
    `weird {headers,[{"Authorization","Basic ${btoa(`u:${SECRET}`)}"}]} password=${SECRET}`,
    `timeout http://a.test/db/?token=${SECRET}`,
  ];
  const rows = forms.flatMap((error, n) =>
    ["a", "b"].map((name) => ({
      doc_id: `d${n}${name}`,
      state: "crashing",
      info: { error },
      source: `http://u:${SECRET}@a.test/db${name}?token=${SECRET}`,
      target: `http://b.test/${name}`,
      source_proxy: `http://u:${SECRET}@proxy.test`,
      target_proxy: null,
    })),
  );
  const incidents = await schedulerAnswered({ body: listText(rows) }).incidents();
  const text = JSON.stringify(incidents);
  assert.equal(
    incidents.reduce((sum, { total }) => sum + total, 0),
    rows.length,
  );
  for (const form of [SECRET, btoa(`u:${SECRET}`), "hunter2"]) assert.ok(!text.includes(form), text);
});

test("incidents() has at most 1,000 incidents, and one for all other documents", async () => {
  const rows = Array.from({ length: 1_100 }, (_, n) => ({
    ...missing(n),
    source: `http://h${n}.test/db/`,
    info: { error: `db_not_found: could not open http://h${n}.test/db/` },
  }));
  // The first host has most documents, and the others together have more than it.
  rows.push({ ...rows[0], doc_id: "z" });
  const incidents = await schedulerAnswered({ body: listText(rows) }).incidents({ examples: 2 });
  assert.equal(incidents.length, 1_001);
  assert.deepEqual([incidents[0].host, incidents[0].total], ["h0.test", 2]);
  const others = incidents[1_000];
  assert.deepEqual([others.cause, others.side, others.host, others.total], ["unknown", null, null, 100]);
  assert.deepEqual(others.doc_ids, ["d1000", "d1001"]);
  assert.match(others.message, /^There are more kinds/);
  assert.equal(
    incidents.reduce((sum, { total }) => sum + total, 0),
    rows.length,
  );
});

test("incidents() counts each document once, although the list breaks off and rows repeat", async () => {
  const rows = Array.from({ length: 100 }, (_, n) => missing(n));
  const whole = listText(rows);
  let requests = 0;
  const fetch = async () =>
    new Response(requests++ === 0 ? whole.slice(0, whole.length / 2) : listText([...rows, rows[99]]));
  const incidents = await new Scheduler("http://couch.test", { fetch, retries: 1 }).incidents({ examples: 1000 });
  assert.deepEqual(
    incidents.map(({ total, doc_ids }) => [total, doc_ids.length]),
    [[100, 100]],
  );
  assert.equal(requests, 2);
});

test("incidents() of rows that are not JSON is an invalid_response", async () => {
  const row = JSON.stringify(missing(1));
  const bad = [
    row.replace('"error_count":1', '"error_count":tru'),
    row.replace('"doc_id":"d0001"', '"doc_id":"\u0001"'),
    row.replace("db_not_found", "\\x"),
  ];
  for (const text of bad) {
    const body = `{"total_rows":1,"offset":0,"docs":[${text}]}`;
    await assert.rejects(schedulerAnswered({ body }).incidents(), { code: "invalid_response" }, text);
  }
});

test("incidents() takes rows of every shape", async () => {
  const rows = [
    { doc_id: "a", state: "failed", info: "a string, as servers before 3.0 send it" },
    { doc_id: "b", state: "error", info: { error: 5 }, source: 7, target: { url: "x" }, last_updated: 3 },
    { doc_id: 5, state: "crashing", error_count: "many", last_updated: "soon" },
    { state: "crashing", info: null },
  ];
  const incidents = await schedulerAnswered({ body: listText(rows) }).incidents();
  assert.deepEqual(
    incidents.map(({ cause, total, doc_ids, since, next_retry }) => [cause, total, doc_ids, since, next_retry]),
    [["unknown", 4, ["a", "b"], null, null]],
  );
});

testOfSimulator("incidents() rejects with what onProgress throws, and for a database that does not exist", async () => {
  const { scheduler } = simulated({ docs: 500 });
  const thrown = new Error("mine");
  const onProgress = () => {
    throw thrown;
  };
  await assert.rejects(scheduler.incidents({ onProgress }), (error) => error === thrown);
  await assert.rejects(scheduler.incidents({ database: "nothing/_replicator" }), { code: "not_found" });
});
