// @ts-check
// lag() and lags(): checkpoints and backlogs, asked of those servers only that may be asked.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { Client, Scheduler } from "couchdb-scheduler";
import { createSimulator } from "../../simulator/index.js";
import { all, outcomeOf } from "../support/promises.js";
import { COUCHDB_URL, testOfSimulator, testServer } from "../support/server.js";

/** @typedef {import("../../simulator/index.js").Simulator} Simulator */

const ORIGIN = "http://couch.test:5984";
const PASSWORD = "s3cret-of-the-document";

/** URL of a database of the simulator, as documents have it. @param {string} name @param {string} [userInfo] */
const at = (name, userInfo = `admin:${PASSWORD}`) => `http://${userInfo}@couch.test:5984/${name}`;

/**
 * Replications of databases with so many documents, and everything that is sent.
 *
 * @param {Record<string, Record<string, unknown>>} replications
 * @param {number} [docs]
 */
async function replicating(replications, docs = 50) {
  const simulator = createSimulator({ admins: { admin: PASSWORD } });
  const source = simulator.fleet.createDatabase("source");
  for (let n = 0; n < docs; n++) source.write(`d${n}`, { n });
  simulator.fleet.createDatabase("target");
  for (const [id, document] of Object.entries(replications)) {
    await put(simulator, `_replicator/${encodeURIComponent(id)}`, {
      source: at("source"),
      target: at("target"),
      continuous: true,
      ...document,
    });
  }
  /** @type {{ url: string, init: RequestInit }[]} */
  const sent = [];
  /** Reaches the simulator at any address. @type {typeof globalThis.fetch} */
  const fetch = async (url, init = {}) => {
    sent.push({ url: String(url), init });
    const { pathname, search } = new URL(String(url));
    return simulator.fetch(ORIGIN + pathname + search, init);
  };
  const auth = { username: "admin", password: PASSWORD };
  return {
    simulator,
    source,
    sent,
    fetch,
    scheduler: new Scheduler(ORIGIN, { auth, fetch, retries: 0 }),
    /** The same server at another address: the ends are elsewhere. */
    elsewhere: new Scheduler("http://admin.test", { auth, fetch, retries: 0 }),
  };
}

/** @param {Simulator} simulator @param {string} path @param {unknown} body */
async function put(simulator, path, body) {
  const headers = { authorization: `Basic ${btoa(`admin:${PASSWORD}`)}`, "content-type": "application/json" };
  const response = await simulator.fetch(`${ORIGIN}/${path}`, { method: "PUT", headers, body: JSON.stringify(body) });
  assert.ok(response.ok, await response.text());
}

const MINUTE = 60_000;

testOfSimulator("lag() of a replication that is up to date, that has a backlog, and that begins", async () => {
  const { simulator, source, scheduler } = await replicating({ r: {} });
  simulator.clock.advance(10_000);
  const first = await scheduler.lag("r");
  assert.deepEqual([first.source.status, first.target.status, first.last_progress], ["missing", "missing", null]);
  assert.deepEqual(first.resume, { from: "beginning", seq: 0 });

  simulator.clock.advance(2 * MINUTE);
  const lag = await scheduler.lag("r");
  const { seq } = lag.resume;
  assert.deepEqual(lag, {
    database: "_replicator",
    doc_id: "r",
    state: "running",
    backlog: 0,
    backlog_is_upper_bound: false,
    last_progress: lag.last_progress,
    resume: { from: "checkpoint", seq },
    doc_write_failures: 0,
    source: { status: "found", url: `${ORIGIN}/source/`, error: null, sessions: 1 },
    target: { status: "found", url: `${ORIGIN}/target/`, error: null, sessions: 1 },
  });
  assert.match(String(lag.last_progress), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  assert.match(String(seq), /^50-/);

  simulator.provoke.stick("r");
  for (let n = 0; n < 7; n++) source.write(`later${n}`, {});
  simulator.clock.advance(MINUTE);
  const behind = await scheduler.lag("r");
  assert.equal(behind.backlog, 7);
  assert.equal(behind.last_progress, lag.last_progress);
});

testOfSimulator("lag() of a replication that crashes has its checkpoint", async () => {
  const { simulator, source, scheduler } = await replicating({ r: {} });
  simulator.clock.advance(2 * MINUTE);
  simulator.provoke.hang("source");
  for (let n = 0; n < 3; n++) source.write(`later${n}`, {});
  for (let looks = 0; looks < 200 && (await scheduler.getDoc("r")).state !== "crashing"; looks++) {
    simulator.clock.advance(10_000);
  }
  const { state, backlog, resume } = await scheduler.lag("r");
  assert.equal(state, "crashing");
  assert.equal(backlog, 3);
  assert.equal(resume.from, "checkpoint");
});

testOfSimulator("lag() tells a rewind, a since_seq and an upper bound", async () => {
  const { simulator, scheduler } = await replicating({
    r: {},
    filtered: { target: at("target2"), create_target: true, selector: { n: 1 } },
    later: { target: at("target3"), create_target: true, since_seq: 0 },
  });
  simulator.clock.advance(2 * MINUTE);
  assert.equal((await scheduler.lag("r")).resume.from, "checkpoint");
  simulator.provoke.rewind("r");
  simulator.clock.advance(6_000);
  const { resume, target } = await scheduler.lag("r");
  assert.deepEqual([resume, target.status], [{ from: "beginning", seq: 0 }, "missing"]);
  assert.equal((await scheduler.lag("filtered")).backlog_is_upper_bound, true);
  assert.deepEqual((await scheduler.lag("later")).resume, { from: "beginning", seq: 0 });
});

testOfSimulator("lag() of a completed replication asks neither end", async () => {
  const { simulator, scheduler, sent } = await replicating({ once: { continuous: false } });
  simulator.clock.advance(5 * MINUTE);
  sent.length = 0;
  const { state, source, target, resume, backlog } = await scheduler.lag("once");
  assert.deepEqual([state, source.status, target.status], ["completed", "not_asked", "not_asked"]);
  assert.deepEqual([resume, backlog], [{ from: "unknown", seq: null }, null]);
  assert.equal(sent.length, 1);
});

testOfSimulator("lag() asks an end elsewhere only as endpoints says", async () => {
  const { simulator, elsewhere, fetch, sent } = await replicating({ r: {} });
  simulator.clock.advance(2 * MINUTE);
  sent.length = 0;
  const { source, target, backlog } = await elsewhere.lag("r");
  assert.deepEqual([source.status, target.status, backlog], ["not_asked", "not_asked", null]);
  assert.ok(sent.every(({ url }) => url.startsWith("http://admin.test/")));

  const stored = await elsewhere.lag("r", { endpoints: "stored" });
  assert.deepEqual([stored.source.status, stored.target.status, stored.backlog], ["found", "found", 0]);

  /** @type {[string, string][]} */
  const asked = [];
  const client = new Client(ORIGIN, { auth: { username: "admin", password: PASSWORD }, fetch });
  const half = await elsewhere.lag("r", {
    endpoints: async (url, side) => {
      asked.push([url, side]);
      return side === "source" ? client : null;
    },
  });
  assert.deepEqual(asked, [
    [`${ORIGIN}/source`, "source"],
    [`${ORIGIN}/target`, "target"],
  ]);
  assert.deepEqual([half.source.status, half.target.status, half.backlog], ["found", "not_asked", 0]);
  assert.equal(half.resume.from, "unknown");
});

testOfSimulator("lag() rejects with what endpoints throws, and refuses what is not a Client", async () => {
  const { simulator, elsewhere } = await replicating({ r: {} });
  simulator.clock.advance(2 * MINUTE);
  const thrown = new Error("mine");
  const throwing = async () => {
    throw thrown;
  };
  await assert.rejects(elsewhere.lag("r", { endpoints: throwing }), (error) => error === thrown);
  for (const wrong of [1, "http://couch.test", {}, [], true]) {
    const endpoints = /** @type {any} */ (() => wrong);
    await assert.rejects(elsewhere.lag("r", { endpoints }), { name: "TypeError", message: /a Client or null/ });
  }
  const controller = new AbortController();
  const endless = elsewhere.lag("r", { endpoints: () => new Promise(() => {}), signal: controller.signal });
  assert.equal((await outcomeOf(endless)).status, "pending");
  controller.abort("enough");
  assert.deepEqual(await outcomeOf(endless), { status: "rejected", reason: "enough" });
});

testOfSimulator("stored credentials go to the origin in the document and nowhere else", async () => {
  const forms = {
    userInfo: { source: at("source"), target: at("target") },
    object: {
      source: {
        url: at("source", "x:y").replace("x:y@", ""),
        auth: { basic: { username: "admin", password: PASSWORD } },
      },
      target: { url: `${ORIGIN}/target`, headers: { Authorization: `Basic ${btoa(`admin:${PASSWORD}`)}` } },
    },
  };
  for (const [name, form] of Object.entries(forms)) {
    const { simulator, elsewhere, sent } = await replicating({ r: form });
    simulator.clock.advance(2 * MINUTE);
    sent.length = 0;
    const lag = await elsewhere.lag("r", { endpoints: "stored" });
    assert.deepEqual([lag.source.status, lag.target.status, lag.backlog], ["found", "found", 0], name);
    assert.ok(!JSON.stringify(lag).includes(PASSWORD));
    const toEnds = sent.filter(({ url }) => !url.startsWith("http://admin.test/"));
    assert.equal(toEnds.length, 3);
    for (const { url, init } of toEnds) {
      assert.ok(url.startsWith(`${ORIGIN}/`), url);
      assert.equal(new Headers(init.headers).get("authorization"), `Basic ${btoa(`admin:${PASSWORD}`)}`);
      assert.equal(init.redirect, "manual");
      assert.equal(init.credentials, "omit");
    }
  }
});

/** A document, its row, and a `fetch` whose ends respond as `end` says. @param {Record<string, unknown>} document @param {(url: URL) => Response | Promise<Response>} end */
function withEnds(document, end) {
  /** @type {string[]} */
  const sent = [];
  const row = { database: "_replicator", doc_id: "r", id: "0a+continuous", state: "crashing", info: null };
  const ends = { source: "http://a.test/db/", target: "http://b.test/db/" };
  /** @type {typeof globalThis.fetch} */
  const fetch = async (address) => {
    const url = new URL(String(address));
    sent.push(url.host + url.pathname);
    if (url.host !== "couch.test") return end(url);
    if (url.pathname.startsWith("/_scheduler")) return Response.json({ ...row, ...ends });
    return Response.json({ _id: "r", _rev: "1-a", ...document });
  };
  return { scheduler: new Scheduler("http://couch.test", { fetch, retries: 0 }), sent };
}

test("an end with another URL than the row, or with credentials of an unknown kind, is not requested", async () => {
  for (const end of [
    { url: "http://a.test/db", auth: { iam: { api_key: 7 } } },
    "http://a.test/other",
    "http://other.test/db",
    { url: "http://a.test/db", auth: { proxy: {} } },
    { url: "http://a.test/db", headers: { "not a name": PASSWORD } },
    "http://a.test/db?x=y",
    "http://a.test/",
    "ftp://a.test/db",
    "http://a.test/db%3F",
    null,
    7,
    { url: 7 },
  ]) {
    const { scheduler, sent } = withEnds({ source: end, target: end }, () => Response.json({}));
    const { source, target, backlog } = await scheduler.lag("r", { endpoints: "stored" });
    assert.deepEqual([source.status, target.status, backlog], ["not_asked", "not_asked", null], JSON.stringify(end));
    assert.equal(sent.length, 2);
  }
});

const checkpoint = (/** @type {string} */ key) => ({
  key,
  doc: { _id: key, session_id: "s", source_last_seq: "7-x", history: [{ session_id: "s", recorded_seq: "7-x" }] },
});

test("an error at an end is its status, and no error shows a secret", async () => {
  /** @type {[string, string, () => Response | Promise<Response>][]} */
  const FAILURES = [
    [
      "refused",
      "unauthorized",
      () => Response.json({ error: "unauthorized", reason: `no ${PASSWORD}` }, { status: 401 }),
    ],
    ["refused", "forbidden", () => Response.json({ error: "forbidden", reason: "no" }, { status: 403 })],
    [
      "refused",
      "not_found",
      () => Response.json({ error: "not_found", reason: "Database does not exist." }, { status: 404 }),
    ],
    ["unreachable", "network", () => Promise.reject(new TypeError(`cannot connect with ${PASSWORD}`))],
    ["unreachable", "server_error", () => Response.json({ error: PASSWORD, reason: PASSWORD }, { status: 500 })],
    ["unreachable", "invalid_response", () => new Response(`<title>Log in, ${PASSWORD}</title>`)],
    ["unreachable", "invalid_response", () => Response.json({ rows: [] })],
    ["unreachable", "invalid_response", () => Response.json({ rows: [{ key: "_local/0b", error: "not_found" }] })],
    [
      "unreachable",
      "invalid_response",
      () => Response.json({ rows: [checkpoint("_local/0a"), checkpoint("_local/0a")] }),
    ],
    ["unreachable", "invalid_response", () => Response.json({ rows: [{ key: "_local/0a", value: null }] })],
    [
      "unreachable",
      "invalid_response",
      () => Response.json({ rows: [{ ...checkpoint("_local/0b"), key: "_local/0a" }] }),
    ],
    ["unreachable", "truncated", () => new Response('{"rows":[')],
    [
      "unreachable",
      "invalid_response",
      () => new Response("", { status: 302, headers: { location: "http://evil.test/db" } }),
    ],
  ];
  const document = { source: `http://u:${PASSWORD}@a.test/db`, target: `http://u:${PASSWORD}@b.test/db` };
  for (const [status, code, failing] of FAILURES) {
    const { scheduler, sent } = withEnds(document, ({ host }) =>
      host === "a.test" ? failing() : Response.json({ rows: [checkpoint("_local/0a")] }),
    );
    const lag = await scheduler.lag("r", { endpoints: "stored" });
    assert.deepEqual([lag.source.status, lag.source.error?.code, lag.target.status], [status, code, "found"]);
    assert.deepEqual([lag.backlog, lag.resume.from], [null, "unknown"]);
    const { error } = lag.source;
    assert.doesNotMatch(JSON.stringify(lag) + String(error?.stack) + String(error?.cause), new RegExp(PASSWORD));
    assert.ok(
      sent.every((url) => /^(couch|a|b)\.test\//.test(url)),
      String(sent),
    );
  }
});

test("a backlog that cannot be counted is an error at the source", async () => {
  const document = { source: "http://a.test/db", target: "http://b.test/db" };
  for (const body of [{ results: [], last_seq: "7-x" }, { pending: "7" }, { pending: -1 }, { pending: null }]) {
    const { scheduler } = withEnds(document, ({ pathname }) =>
      Response.json(pathname.endsWith("/_changes") ? body : { rows: [checkpoint("_local/0a")] }),
    );
    const { source, backlog, resume } = await scheduler.lag("r", { endpoints: "stored" });
    assert.deepEqual([source.status, source.error?.code, backlog], ["unreachable", "invalid_response", null]);
    assert.deepEqual(resume, { from: "checkpoint", seq: "7-x" });
  }
});

/**
 * The lag of this row, and the requests to its ends.
 *
 * @param {Record<string, unknown>} row
 * @param {Record<string, unknown>} [document]
 * @param {(side: string) => unknown} [checkpointAt]
 */
async function lagOfRow(
  row,
  document = {},
  checkpointAt = () => ({ session_id: "s", source_last_seq: "7-checkpoint" }),
) {
  const ends = { source: "http://couch.test/a/", target: "http://couch.test/b/" };
  /** @type {string[]} */
  const sent = [];
  /** @type {any} */
  const fetch = async (/** @type {string} */ address, /** @type {RequestInit} */ init) => {
    const { pathname, search } = new URL(address);
    if (pathname.startsWith("/_scheduler")) {
      return Response.json({ database: "_replicator", doc_id: "r", ...ends, info: null, ...row });
    }
    if (pathname === "/_replicator/r") return Response.json({ _id: "r", ...ends, ...document });
    sent.push(pathname + search);
    if (pathname.endsWith("/_changes")) return Response.json({ results: [], last_seq: "x", pending: 3 });
    const [key] = JSON.parse(String(init.body)).keys;
    const checkpoint = checkpointAt(pathname.slice(1, 2));
    if (checkpoint === null) return Response.json({ rows: [{ key, error: "not_found" }] });
    return Response.json({ rows: [{ key, doc: { ...Object(checkpoint), _id: key } }] });
  };
  return { lag: await new Scheduler("http://couch.test", { fetch, retries: 0 }).lag("r"), sent };
}

const LOCAL = ["/a/_local_docs?include_docs=true", "/b/_local_docs?include_docs=true"];
const since = (/** @type {string} */ seq) => `/a/_changes?since=${seq}&limit=0`;

test("the backlog begins where each state says", async () => {
  const info = { through_seq: "9-row", source_seq: "0", doc_write_failures: 4 };
  const withJob = { id: "0a+continuous+create_target", info };
  for (const [row, requests] of /** @type {[any, string[]][]} */ ([
    [{ ...withJob, state: "running" }, [...LOCAL, since("9-row")]],
    [{ ...withJob, state: "running", info: { through_seq: "not a sequence" } }, [...LOCAL, since("7-checkpoint")]],
    [{ ...withJob, state: "running", info: null }, [...LOCAL, since("7-checkpoint")]],
    [{ ...withJob, state: "pending" }, [...LOCAL, since("7-checkpoint")]],
    [{ ...withJob, state: "crashing", info: { error: "x" } }, [...LOCAL, since("7-checkpoint")]],
  ])) {
    const { lag, sent } = await lagOfRow(row);
    assert.deepEqual(sent, requests);
    assert.deepEqual([lag.state, lag.backlog, lag.resume.seq], [row.state, 3, "7-checkpoint"]);
    assert.equal(lag.doc_write_failures, row.info?.doc_write_failures ?? null);
  }
  for (const state of ["initializing", "error", "failed", "completed", null]) {
    const { lag, sent } = await lagOfRow({ state, id: null, info });
    assert.deepEqual(sent, [], String(state));
    assert.deepEqual([lag.state, lag.backlog, lag.resume], [state, null, { from: "unknown", seq: null }]);
    assert.deepEqual([lag.source.status, lag.target.status, lag.doc_write_failures], ["not_asked", "not_asked", 4]);
  }
});

test("the backlog begins where the replication would: at 0, at since_seq, or at the checkpoint of the source", async () => {
  const row = { id: "0a", state: "pending" };
  const missingAt = (/** @type {string} */ at) => (/** @type {string} */ side) =>
    side === at ? null : { session_id: "s", source_last_seq: 7 };
  for (const at of ["a", "b"]) {
    const { lag, sent } = await lagOfRow(row, {}, missingAt(at));
    assert.deepEqual([lag.resume, sent.at(-1)], [{ from: "beginning", seq: 0 }, since("0")]);
    assert.deepEqual([lag.source.status, lag.target.status], at === "a" ? ["missing", "found"] : ["found", "missing"]);
  }
  const { lag, sent } = await lagOfRow(row, { since_seq: "3-x y" });
  assert.deepEqual([lag.resume, sent.at(-1)], [{ from: "beginning", seq: "3-x y" }, since("3-x%20y")]);
  const alone = await lagOfRow({ ...row, target: null });
  assert.deepEqual([alone.lag.resume.from, alone.lag.backlog], ["unknown", 3]);
  assert.deepEqual(alone.sent, [LOCAL[0], since("7-checkpoint")]);
});

test("a since_seq that no server can have written is sent all the same", async () => {
  for (const [since_seq, sent] of [
    ["\ud800", "%EF%BF%BD"],
    ["a b&c=#?/", "a%20b%26c%3D%23%3F%2F"],
  ]) {
    const { lag, sent: requests } = await lagOfRow({ id: "0a", state: "crashing" }, { since_seq });
    assert.deepEqual(lag.resume, { from: "beginning", seq: since_seq });
    assert.equal(requests.at(-1), since(sent ?? ""));
  }
});

test("the backlog is an upper bound with a filter, a selector or ids, and only then", async () => {
  const row = { id: "0a", state: "pending" };
  for (const [document, isUpperBound] of /** @type {[any, boolean][]} */ ([
    [{}, false],
    [{ filter: null, doc_ids: null, winning_revs_only: true, query_params: { a: 1 } }, false],
    [{ filter: "d/f" }, true],
    [{ selector: { type: "order" } }, true],
    [{ doc_ids: ["a"] }, true],
  ])) {
    assert.equal((await lagOfRow(row, document)).lag.backlog_is_upper_bound, isUpperBound, JSON.stringify(document));
  }
});

test("a crashing replication as it was recorded", async () => {
  const file = new URL("../recordings/beyond/30-checkpoints.json", import.meta.url);
  const calls = JSON.parse(readFileSync(file, "utf8"));
  const recorded = (/** @type {string} */ name) =>
    JSON.parse(calls.find((/** @type {{ name: string }} */ call) => call.name === name).body);
  const { doc_id: _, ...row } = recorded("crashing-row");
  const ends = { source: "http://couch.test/a/", target: "http://couch.test/b/" };
  const checkpointAt = (/** @type {string} */ side) => recorded(side === "a" ? "crashing-source" : "crashing-target");
  const { lag } = await lagOfRow({ ...row, ...ends }, {}, checkpointAt);
  const { source_last_seq } = recorded("crashing-source");
  assert.deepEqual(lag, {
    database: "_replicator",
    doc_id: "r",
    state: "crashing",
    backlog: 3,
    backlog_is_upper_bound: false,
    last_progress: "2026-11-25T16:48:49Z",
    resume: { from: "checkpoint", seq: source_last_seq },
    doc_write_failures: 0,
    source: { status: "found", url: ends.source, error: null, sessions: 1 },
    target: { status: "found", url: ends.target, error: null, sessions: 1 },
  });
});

test("the document of a row of Cloudant is read from the database that was requested", async () => {
  const row = { database: "account/_replicator", doc_id: "r", id: "0r", state: "pending", info: null };
  /** @type {string[]} */
  const sent = [];
  /** @type {any} */
  const fetch = async (/** @type {string} */ address) => {
    const { pathname } = new URL(address);
    sent.push(pathname);
    if (pathname === "/_scheduler/docs/_replicator/r") return Response.json(row);
    if (pathname === "/_scheduler/docs/_replicator") return Response.json({ total_rows: 1, offset: 0, docs: [row] });
    const document = { _id: "r", selector: {} };
    return Response.json(pathname.endsWith("_all_docs") ? { rows: [{ key: "r", doc: document }] } : document);
  };
  const scheduler = new Scheduler("http://couch.test", { fetch, retries: 0 });
  for (const lag of [await scheduler.lag("r"), ...(await all(scheduler.lags()))]) {
    assert.deepEqual([lag.database, lag.backlog_is_upper_bound], ["account/_replicator", true]);
  }
  assert.deepEqual(
    sent.filter((path) => !path.startsWith("/_scheduler")),
    ["/_replicator/r", "/_replicator/_all_docs"],
  );
});

test("lag() rejects if the row or the document cannot be read", async () => {
  for (const [failing, code] of /** @type {[RegExp, string][]} */ ([
    [/^\/_scheduler/, "not_found"],
    [/^\/_replicator\/r/, "not_found"],
  ])) {
    /** @type {any} */
    const fetch = async (/** @type {string} */ address) =>
      failing.test(new URL(address).pathname)
        ? Response.json({ error: "not_found", reason: "missing" }, { status: 404 })
        : Response.json({ database: "_replicator", doc_id: "r", id: "0a", state: "pending", info: null });
    const call = new Scheduler("http://couch.test", { fetch, retries: 0 }).lag("r");
    await assert.rejects(call, { name: "SchedulerError", code });
  }
});

/** 1,000 replications over 20 databases, in lists of plain text. */
function thousand() {
  const count = 1000;
  const url = (/** @type {number} */ n) => `http://db.test/db${n % 20}`;
  const ids = Array.from({ length: count }, (_, n) => `r${String(n).padStart(4, "0")}`);
  const ends = (/** @type {number} */ n) => ({ source: url(n), target: url(n + 7) });
  const row = { database: "_replicator", state: "running", info: { through_seq: "9-x" } };
  const docs = ids.map((doc_id, n) => ({ ...row, ...ends(n), doc_id, id: `${doc_id}+continuous` }));
  let [now, most] = [0, 0];
  /** @type {string[]} */
  const sent = [];
  /** @type {typeof globalThis.fetch} */
  const fetch = async (address, init = {}) => {
    most = Math.max(most, ++now);
    await setTimeout(0);
    now--;
    const { pathname } = new URL(String(address));
    sent.push(`${init.method} ${pathname.replace(/db\d+/, "db")}`);
    const keys = init.body ? JSON.parse(String(init.body)).keys : [];
    if (pathname.startsWith("/_scheduler")) return Response.json({ total_rows: count, offset: 0, docs });
    if (pathname.endsWith("/_changes")) return Response.json({ results: [], last_seq: "9-x", pending: 5 });
    const document = (/** @type {string} */ key) => ({
      id: key,
      key,
      doc: { _id: key, _rev: "1-a", ...ends(+key.slice(1)) },
    });
    const rows = keys.map(pathname.endsWith("_local_docs") ? checkpoint : document);
    return Response.json({ total_rows: null, offset: null, rows });
  };
  return { ids, fetch, sent, most: () => most };
}

test("lags() of 1,000 replications over 20 databases is 1,022 requests, at most 8 at a time", async () => {
  const { ids, fetch, sent, most } = thousand();
  const lags = await all(new Scheduler("http://couch.test", { fetch }).lags({ endpoints: "stored" }));
  assert.deepEqual(lags.map(({ doc_id }) => doc_id).sort(), ids);
  assert.ok(lags.every(({ backlog, resume }) => backlog === 5 && resume.from === "checkpoint"));
  const count = (/** @type {string} */ request) => sent.filter((one) => one === request).length;
  assert.equal(count("GET /_scheduler/docs/_replicator"), 1);
  assert.equal(count("POST /_replicator/_all_docs"), 1);
  assert.equal(count("POST /db/_local_docs"), 20);
  assert.equal(count("GET /db/_changes"), 1000);
  assert.equal(sent.length, 1022);
  assert.ok(most() > 4 && most() <= 8, `${most()} at a time`);
});

test("a checkpoint that CouchDB did not write is an error of its replication only", async () => {
  const server = thousand();
  const broken = { session_id: "s", source_last_seq: ["7", "x"] };
  /** @type {typeof globalThis.fetch} */
  const fetch = async (url, init) => {
    const response = await server.fetch(url, init);
    if (!String(url).includes("/_local_docs")) return response;
    const { rows } = await response.json();
    for (const row of rows) if (row.key === "_local/r0001") row.doc = { _id: row.key, ...broken };
    return Response.json({ rows });
  };
  const scheduler = new Scheduler("http://db.test", { fetch, retries: 0 });
  const lags = await all(scheduler.lags());
  const statuses = lags.map(({ source, target }) => [source.status, target.status]);
  assert.deepEqual([lags.length, statuses.filter((each) => each.join() === "found,found").length], [1000, 999]);
  const lag = lags.find(({ doc_id }) => doc_id === "r0001");
  for (const end of [lag?.source, lag?.target]) {
    assert.deepEqual([end?.status, end?.error?.code], ["unreachable", "invalid_response"]);
    assert.match(String(end?.error?.message), /checkpoint.* \(POST http:\/\/db\.test\/db\d+\/_local_docs\)$/);
  }
  assert.deepEqual(lag?.resume, { from: "unknown", seq: null });
});

testOfSimulator("lags() has the lag of each document with a job, in all databases", async () => {
  const { simulator, scheduler } = await replicating({ a: {}, b: { target: at("b"), create_target: true } });
  await put(simulator, "team%2F_replicator", undefined);
  const other = { source: at("source"), target: at("c"), create_target: true, continuous: true };
  await put(simulator, "team%2F_replicator/c", other);
  await put(simulator, "_replicator/once", { ...other, target: at("d"), continuous: false });
  simulator.clock.advance(5 * MINUTE);
  const lags = await all(scheduler.lags({ database: "all" }));
  assert.deepEqual(lags.map(({ database, doc_id }) => [database, doc_id]).sort(), [
    ["_replicator", "a"],
    ["_replicator", "b"],
    ["team/_replicator", "c"],
  ]);
  for (const lag of lags) assert.deepEqual(lag, await scheduler.lag(lag.doc_id, { database: lag.database }));
  const ofOne = await all(scheduler.lags());
  assert.deepEqual(ofOne.map(({ doc_id }) => doc_id).sort(), ["a", "b"]);
});

test("lags() leaves out a document that was deleted meanwhile, and fails for a list that is cut off", async () => {
  const row = { doc_id: "a", id: "0a", state: "pending", info: null, source: null, target: null };
  /** @type {string} */
  let documents = '{"rows":[{"key":"a","error":"not_found"}]}';
  /** @type {typeof globalThis.fetch} */
  const fetch = async (url) =>
    new Response(String(url).includes("_scheduler") ? JSON.stringify({ docs: [row] }) : documents);
  const scheduler = new Scheduler("http://couch.test", { fetch, retries: 0 });
  assert.deepEqual(await all(scheduler.lags()), []);
  documents = '{"rows":[';
  await assert.rejects(all(scheduler.lags()), { code: "truncated" });
});

test("lag() and lags() of replications between databases of the server, on any server", async (t) => {
  const server = await testServer(t);
  const name = `test-${randomBytes(5).toString("hex")}`;
  const database = await server.createDatabase();
  const ids = ["plain", "selected"];
  await server.request("PUT", `/${name}`);
  for (const copy of ["", ...ids.map((id) => `-${id}`)]) {
    t.after(() => server.request("DELETE", `/${name}${copy}`).catch(() => {}));
  }
  for (let n = 0; n < 5; n++) await server.request("PUT", `/${name}/d${n}`, { n });
  const end = (/** @type {string} */ path) => Object.assign(new URL(path, server.url), server.auth).href;
  for (const id of ids) {
    const document = { source: end(name), target: end(`${name}-${id}`), create_target: true, continuous: true };
    const selector = id === "selected" ? { selector: { n: 1 } } : {};
    await server.request("PUT", `/${encodeURIComponent(database)}/${id}`, { ...document, ...selector });
  }
  const scheduler = server.scheduler();
  // Another address of the same server: its ends are elsewhere.
  const other = new URL(server.url);
  other.hostname = other.hostname === "127.0.0.1" ? "localhost" : "127.0.0.1";
  const elsewhere = new Scheduler(other, { auth: server.auth, fetch: server.fetch });
  const { source } = await scheduler.lag("plain", { database });
  assert.ok(["not_asked", "missing", "found"].includes(source.status), source.status);
  if (COUCHDB_URL === undefined) return;
  const look = async () => {
    const lags = (await all(scheduler.lags({ database }))).sort((one, two) => (one.doc_id < two.doc_id ? -1 : 1));
    const parts = lags.map(({ doc_id, backlog, backlog_is_upper_bound, resume, source, target }) => ({
      doc_id,
      backlog,
      backlog_is_upper_bound,
      from: resume.from,
      isAtBoth: source.sessions !== null && source.sessions === target.sessions,
    }));
    const upToDate = { backlog: 0, from: "checkpoint", isAtBoth: true };
    assert.deepEqual(parts, [
      { doc_id: "plain", backlog_is_upper_bound: false, ...upToDate },
      { doc_id: "selected", backlog_is_upper_bound: true, ...upToDate },
    ]);
    const [plain] = lags;
    assert.deepEqual(await scheduler.lag("plain", { database }), plain);
    if (!/^(127\.0\.0\.1|localhost)$/.test(other.hostname)) return;
    assert.equal((await elsewhere.lag("plain", { database })).source.status, "not_asked");
    assert.deepEqual(await elsewhere.lag("plain", { database, endpoints: "stored" }), plain);
  };
  // The first checkpoints are written within 35 seconds of the start, and a new replicator database is noticed within 30.
  for (let looks = 1; ; looks++) {
    try {
      return await look();
    } catch (error) {
      if (looks === 120) throw error;
      await setTimeout(1000);
    }
  }
});
