// @ts-check
// Which databases lag() and lags() request, and with which client.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Client, Scheduler } from "couchdb-scheduler";
import { headersOf } from "../support/answers.js";
import { all, nextTurn, outcomeOf } from "../support/promises.js";

/** @type {unknown[]} */
const unhandled = [];
process.on("unhandledRejection", (reason) => unhandled.push(reason));

const HERE = { username: "admin", password: "pass" };
const HERE_HEADER = `Basic ${btoa("admin:pass")}`;

/**
 * A server with these replications, each in the state `running`; the ends respond as `end` says.
 *
 * @param {[source: string | null, target: string | null][]} replications
 * @param {{ base?: string, end?: (url: URL, init: RequestInit) => unknown, database?: string }} [options]
 */
function serverWith(replications, { base = "https://couch.test", end = found, database = "_replicator" } = {}) {
  const ids = replications.map((_, n) => `r${String(n).padStart(5, "0")}`);
  const rows = replications.map(([source, target], n) => ({
    database,
    doc_id: ids[n],
    id: `id${ids[n]}+continuous`,
    state: "running",
    info: { through_seq: "7-x" },
    source,
    target,
  }));
  const documentOf = (/** @type {string} */ _id) => {
    const [source, target] = replications[+_id.slice(1)];
    return { _id, source, target };
  };
  /** @type {{ url: string, authorization: string | undefined }[]} */
  const sent = [];
  const count = { now: 0, most: 0 };
  /** @type {any} */
  const fetch = async (/** @type {string} */ address, /** @type {RequestInit} */ init) => {
    const { authorization } = headersOf(init);
    sent.push({ url: address.replace(/\?.*/, ""), authorization });
    count.most = Math.max(count.most, ++count.now);
    try {
      await nextTurn();
      if (!address.startsWith(base)) return await end(new URL(address), init);
      const path = address.slice(base.length).replace(/\?.*/, "");
      if (path === "/_all_dbs") return Response.json(["_replicator", "a/_replicator", "b"]);
      if (path.startsWith("/_scheduler/docs/")) {
        const [, name, id] = /^\/_scheduler\/docs\/([^/]+)(?:\/(.*))?$/.exec(path) ?? [];
        const mine = rows.map((row) => ({ ...row, database: decodeURIComponent(name ?? "") }));
        if (id !== undefined) return Response.json(mine[+id.slice(1)]);
        return Response.json({ total_rows: mine.length, offset: 0, docs: mine });
      }
      if (path.endsWith("_replicator/_all_docs")) {
        const { keys } = JSON.parse(String(init.body));
        return Response.json({ rows: keys.map((/** @type {string} */ key) => ({ key, doc: documentOf(key) })) });
      }
      if (/_replicator\/r\d+$/.test(path)) return Response.json(documentOf(path.slice(-6)));
      return await end(new URL(address), init);
    } finally {
      count.now--;
    }
  };
  return { scheduler: new Scheduler(base, { auth: HERE, fetch, retries: 0 }), fetch, sent, count, ids };
}

/** @param {URL} url @param {RequestInit} init */
function found(url, init) {
  if (url.pathname.endsWith("/_changes")) return Response.json({ results: [], last_seq: "7-x", pending: 5 });
  const { keys } = JSON.parse(String(init.body));
  const doc = { session_id: "s", source_last_seq: "7-x", history: [{ session_id: "s", recorded_seq: "7-x" }] };
  return Response.json({ rows: keys.map((/** @type {string} */ key) => ({ key, doc: { _id: key, ...doc } })) });
}

/** @param {{ sent: { url: string }[] }} server */
const urlsOf = ({ sent }) => sent.map(({ url }) => url);

test("databases of this server are requested with its client, however their URL is written", async () => {
  for (const [base, end, path] of [
    ["https://couch.test", "https://couch.test/orders/", "/orders"],
    ["https://couch.test", "HTTPS://Couch.Test:443/orders", "/orders"],
    ["http://couch.test", "http://couch.test:80/team%2Forders/", "/team%2Forders"],
    ["http://couch.test:5984/behind/a/proxy", "http://couch.test:5984/behind/a/proxy/orders/", "/orders"],
    ["https://couch.test", "orders", "/orders"],
    ["https://couch.test", "team/orders", "/team%2Forders"],
  ]) {
    const server = serverWith([[end, end]], { base });
    const lag = await server.scheduler.lag("r00000");
    assert.deepEqual([lag.source.status, lag.target.status, lag.backlog], ["found", "found", 5], end);
    assert.deepEqual(urlsOf(server).slice(2), [`${base}${path}/_local_docs`, `${base}${path}/_changes`]);
    assert.ok(server.sent.every(({ authorization }) => authorization === HERE_HEADER));
  }
});

test("databases elsewhere are not requested: other hosts, ports, protocols and paths", async () => {
  for (const [base, end] of [
    ["https://couch.test", "https://other.test/orders/"],
    ["https://couch.test", "http://couch.test/orders/"],
    ["https://couch.test", "https://couch.test:6984/orders/"],
    ["https://couch.test", "https://couch.test.evil.test/orders/"],
    ["https://couch.test", "https://couch.test@evil.test/orders/"],
    ["https://couch.test", "https://couch.test/other/orders/"],
    ["https://couch.test/couch", "https://couch.test/orders/"],
    ["https://couch.test/couch", "https://couch.test/couch2/orders/"],
    ["https://couch.test", "https://couch.test/"],
    ["https://couch.test", "https://couch.test/orders?x=y"],
    ["https://couch.test", /** @type {any} */ (true)],
  ]) {
    const server = serverWith([[end, end]], { base });
    const { source, target, backlog, resume } = await server.scheduler.lag("r00000");
    assert.deepEqual([source.status, target.status, backlog, resume.from], ["not_asked", "not_asked", null, "unknown"]);
    assert.deepEqual([source.error, source.sessions], [null, null]);
    assert.equal(server.sent.length, 2, end);
  }
});

test("a function is called once for each URL and side, and its client is used", async () => {
  const A = "https://a.test/db/";
  const B = "https://b.test/db/";
  const server = serverWith([
    [A, B],
    [A, A],
    [B, A],
    ["https://couch.test/here", null],
  ]);
  const client = new Client("https://tunnel.test/to-a", {
    auth: { type: "bearer", token: "mine" },
    fetch: server.fetch,
  });
  /** @type {string[]} */
  const calls = [];
  const lags = await all(
    server.scheduler.lags({
      endpoints: async (url, side) => {
        calls.push(`${side} ${url}`);
        await nextTurn();
        return url.startsWith("https://a.test/") ? client : null;
      },
    }),
  );
  assert.deepEqual(calls.sort(), [
    "source https://a.test/db",
    "source https://b.test/db",
    "target https://a.test/db",
    "target https://b.test/db",
  ]);
  lags.sort((one, other) => (one.doc_id < other.doc_id ? -1 : 1));
  assert.deepEqual(
    lags.map(({ source, target, backlog }) => [source.status, target.status, backlog]),
    [
      ["found", "not_asked", 5],
      ["found", "found", 5],
      ["not_asked", "found", null],
      ["found", "not_asked", 5],
    ],
  );
  const tunnelled = server.sent.filter(({ url }) => url.startsWith("https://tunnel.test/"));
  assert.deepEqual(tunnelled.map(({ url }) => url).sort(), [
    "https://tunnel.test/to-a/db/_changes",
    "https://tunnel.test/to-a/db/_changes",
    "https://tunnel.test/to-a/db/_local_docs",
  ]);
  assert.ok(tunnelled.every(({ authorization }) => authorization === "Bearer mine"));
  assert.equal(client.url, "https://tunnel.test/to-a", "the caller's client is not freed");
});

test("what is neither a Client nor null is a TypeError, and so is a client that was freed", async () => {
  const server = serverWith([["https://a.test/db", "https://b.test/db"]]);
  const freed = new Client("https://a.test");
  freed.free();
  for (const [wrong, message] of /** @type {[unknown, RegExp][]} */ ([
    [undefined, /^endpoints: the result of the function must be a Client or null, not undefined$/],
    ["https://a.test", /must be a Client or null, not "https:\/\/a.test"$/],
    [{ url: "https://a.test" }, /not an object$/],
    [server.scheduler, /not an object$/],
    [Client, /not a function$/],
    [freed, /this Client was freed/],
  ])) {
    const endpoints = /** @type {any} */ (() => wrong);
    await assert.rejects(server.scheduler.lag("r00000", { endpoints }), { name: "TypeError", message });
    await assert.rejects(all(server.scheduler.lags({ endpoints })), { name: "TypeError", message });
  }
});

test("an abort ends everything with its reason, whatever is under way", async () => {
  /** @type {[string, (url: URL) => unknown][]} */
  const HANGING = [
    ["checkpoints", () => new Promise(() => {})],
    ["the backlog", (url) => (url.pathname.endsWith("/_changes") ? new Promise(() => {}) : undefined)],
  ];
  for (const [what, hang] of HANGING) {
    const end = (/** @type {URL} */ url, /** @type {RequestInit} */ init) => hang(url) ?? found(url, init);
    const server = serverWith(
      Array.from({ length: 30 }, (_, n) => [`https://couch.test/a${n}`, `https://couch.test/b${n}`]),
      { end },
    );
    const controller = new AbortController();
    const { signal } = controller;
    const waiting = [server.scheduler.lag("r00000", { signal }), all(server.scheduler.lags({ signal }))];
    for (const promise of waiting) assert.equal((await outcomeOf(promise, 60)).status, "pending", what);
    const before = server.sent.length;
    controller.abort("enough");
    for (const promise of waiting) assert.deepEqual(await outcomeOf(promise), { status: "rejected", reason: "enough" });
    for (let n = 0; n < 20; n++) await nextTurn();
    assert.equal(server.sent.length, before, "nothing more is sent");
  }
  assert.deepEqual(unhandled, []);
});

test("leaving the loop of lags() ends its requests, and frees the clients it made", async (t) => {
  const free = t.mock.method(Client.prototype, "free");
  const server = serverWith(
    Array.from({ length: 50 }, (_, n) => [`https://u:p@a.test/a${n}`, `https://u:p@a.test/b${n}`]),
  );
  for await (const lag of server.scheduler.lags({ endpoints: "stored" })) {
    assert.equal(lag.backlog, 5);
    break;
  }
  for (let n = 0; n < 20; n++) await nextTurn();
  assert.equal(server.count.now, 0);
  assert.equal(free.mock.callCount(), 3, "handles of iterator and call, and one client for the same credentials");
  assert.ok(server.sent.filter(({ url }) => url.endsWith("/_changes")).length < 50);
  assert.deepEqual(unhandled, []);
});

test("an end that fails is an error of its own lags, and the others go on", async () => {
  const end = (/** @type {URL} */ url, /** @type {RequestInit} */ init) => {
    if (url.pathname.startsWith("/missing/")) {
      return Response.json({ error: "not_found", reason: "Database does not exist." }, { status: 404 });
    }
    if (url.pathname.startsWith("/down/")) return Promise.reject(new TypeError("fetch failed"));
    return found(url, init);
  };
  const at = (/** @type {string} */ name) => `https://couch.test/${name}`;
  const { scheduler } = serverWith(
    [
      [at("a"), at("missing")],
      [at("down"), at("a")],
      [at("a"), at("b")],
    ],
    { end },
  );
  const lags = (await all(scheduler.lags())).sort((one, other) => (one.doc_id < other.doc_id ? -1 : 1));
  const [missing, down, healthy] = lags;
  assert.deepEqual([missing.target.status, missing.target.error?.code], ["refused", "not_found"]);
  assert.deepEqual([missing.source.status, missing.backlog, missing.resume.from], ["found", 5, "unknown"]);
  assert.deepEqual([down.source.status, down.source.error?.code], ["unreachable", "network"]);
  assert.deepEqual([down.target.status, down.backlog], ["found", null]);
  assert.deepEqual([healthy.source.error, healthy.resume], [null, { from: "checkpoint", seq: "7-x" }]);
});

test("a password that is wrong is sent once, however many databases it is for", async () => {
  const [wrong, right] = ["https://u:wrong@a.test", "https://u:right@a.test"];
  const replications = Array.from(
    { length: 1200 },
    (_, n) => /** @type {[string, string]} */ ([`${wrong}/db${n}`, `${right}/db${n % 3}`]),
  );
  const unauthorized = () =>
    Response.json({ error: "unauthorized", reason: "Name or password is incorrect." }, { status: 401 });
  const end = (/** @type {URL} */ url, /** @type {RequestInit} */ init) =>
    headersOf(init).authorization === `Basic ${btoa("u:wrong")}` ? unauthorized() : found(url, init);
  const { scheduler, sent } = serverWith(replications, { end });
  const lags = await all(scheduler.lags({ endpoints: "stored" }));
  assert.equal(lags.length, 1200);
  for (const { source, target } of lags) {
    assert.deepEqual([source.status, source.error?.code, target.status], ["refused", "unauthorized", "found"]);
  }
  assert.equal(sent.filter(({ authorization }) => authorization === `Basic ${btoa("u:wrong")}`).length, 1);
});

test("a server that is down is requested once for each group of replications", async () => {
  const replications = Array.from(
    { length: 1200 },
    (_, n) => /** @type {[string, string]} */ ([`https://u:p@a.test/db${n}`, `https://couch.test/db${n % 3}`]),
  );
  const end = (/** @type {URL} */ url, /** @type {RequestInit} */ init) =>
    url.host === "a.test" ? Promise.reject(new TypeError("fetch failed")) : found(url, init);
  const { scheduler, sent } = serverWith(replications, { end });
  const lags = await all(scheduler.lags({ endpoints: "stored" }));
  assert.equal(lags.filter(({ source }) => source.status === "unreachable").length, 1200);
  assert.equal(sent.filter(({ url }) => url.startsWith("https://a.test/")).length, 2);
});

test("a database that refuses does not speak for the others of its server", async () => {
  const replications = Array.from(
    { length: 5 },
    (_, n) => /** @type {[string, string]} */ ([`https://u:p@a.test/db${n}`, "https://couch.test/target"]),
  );
  const end = (/** @type {URL} */ url, /** @type {RequestInit} */ init) =>
    /^.db[0-3]./.test(url.pathname)
      ? Response.json({ error: "forbidden", reason: "no" }, { status: 403 })
      : found(url, init);
  const { scheduler } = serverWith(replications, { end });
  const lags = await all(scheduler.lags({ endpoints: "stored" }));
  assert.deepEqual(lags.map(({ source }) => source.status).sort(), [
    "found",
    "refused",
    "refused",
    "refused",
    "refused",
  ]);
});

const backlogs = JSON.parse(readFileSync(new URL("../recordings/beyond/32-backlog.json", import.meta.url), "utf8"));

/** A recorded response. @param {string} name */
function recorded(name) {
  const { status, body } = backlogs.find((/** @type {any} */ call) => call.name === name);
  return new Response(body, { status });
}

test("backlogs as recorded, and a sequence of another kind of source", async () => {
  for (const [name, expected] of /** @type {[string, number | null][]} */ ([
    ["since-0", 20001],
    ["since-15000", 5001],
    ["since-update-seq", 0],
    ["selector-replication-backlog-too-high", 100],
    ["since-garbage", null],
  ])) {
    const end = (/** @type {URL} */ url, /** @type {RequestInit} */ init) =>
      url.pathname.endsWith("/_changes") ? recorded(name) : found(url, init);
    const { scheduler } = serverWith([["https://couch.test/a", "https://couch.test/b"]], { end });
    const { backlog, source, resume } = await scheduler.lag("r00000");
    assert.equal(backlog, expected, name);
    assert.equal(resume.from, "checkpoint");
    if (expected === null) {
      assert.deepEqual([source.status, source.error?.code, source.sessions], ["refused", "bad_request", 1]);
      assert.match(String(source.error?.reason), /Malformed sequence/);
    } else {
      assert.deepEqual([source.status, source.error], ["found", null]);
    }
  }
});

test("lags() of 2,500 replications reads checkpoints and documents in groups of 1,000", async () => {
  const replications = Array.from(
    { length: 2500 },
    (_, n) => /** @type {[string, string]} */ ([`https://couch.test/a${n % 5}`, `https://couch.test/b${n % 5}`]),
  );
  const { scheduler, sent, count, ids } = serverWith(replications);
  const lags = await all(scheduler.lags());
  assert.deepEqual(lags.map(({ doc_id }) => doc_id).sort(), ids);
  const ending = (/** @type {string} */ end) => sent.filter(({ url }) => url.endsWith(end)).length;
  assert.deepEqual([ending("/_all_docs"), ending("/_local_docs"), ending("/_changes")], [3, 30, 2500]);
  assert.equal(sent.length, 1 + 3 + 30 + 2500);
  assert.ok(count.most <= 8, `${count.most} at a time`);
});

test("lags() of all databases reads the checkpoints of each end once", async () => {
  const replications = Array.from(
    { length: 400 },
    (_, n) => /** @type {[string, string]} */ ([`https://couch.test/a${n % 10}`, `https://couch.test/b${n % 10}`]),
  );
  const { scheduler, sent } = serverWith(replications);
  const lags = await all(scheduler.lags({ database: "all" }));
  assert.equal(lags.length, 800);
  const counts = new Map();
  for (const { database } of lags) counts.set(database, (counts.get(database) ?? 0) + 1);
  assert.deepEqual([...counts].sort(), [
    ["_replicator", 400],
    ["a/_replicator", 400],
  ]);
  // Names, two lists, two times documents, checkpoints of 20 databases, backlogs.
  assert.equal(sent.length, 1 + 2 + 2 + 20 + 800);
});
