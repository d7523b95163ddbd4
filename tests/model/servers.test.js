// @ts-check
// Which servers the page knows, and how their cards stay fresh.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Client } from "couchdb-scheduler";
import { MAX_FOUND, searchEverywhere } from "../../www/src/connection/search-everywhere.js";
import { CARD_INTERVAL, Servers } from "../../www/src/connection/servers.js";
import { configuredServers, MAX_SERVERS, toStore, withServer, withStored } from "../../www/src/model/servers.js";

/** @typedef {import("../../www/src/connection/connection.js").Connection} Connection */

const BASE = "https://page.test/replications/";

test("reads several servers from the configuration", () => {
  const { servers, faults } = configuredServers(
    {
      url: "couchdb",
      writes: true,
      servers: [
        { name: "Berlin", url: "https://berlin.test:6984/", writes: false },
        { url: "servers/lyon/couchdb", api: "servers/lyon/api" },
      ],
    },
    BASE,
  );
  assert.deepEqual(faults, []);
  assert.deepEqual(
    servers.map(({ name, url, writes, api, how, isConfigured }) => [name, url, writes, api, how, isConfigured]),
    [
      ["page.test/replications/couchdb", `${BASE}couchdb`, true, null, "none", true],
      ["Berlin", "https://berlin.test:6984", false, null, "none", true],
      [
        "page.test/replications/servers/lyon/couchdb",
        `${BASE}servers/lyon/couchdb`,
        null,
        `${BASE}servers/lyon/api`,
        "none",
        true,
      ],
    ],
  );
  assert.deepEqual(configuredServers({}, BASE), { servers: [], faults: [] });
});

test("leaves out wrong entries of the configuration, and says why without quoting secrets", () => {
  /** @type {[unknown, RegExp][]} */
  const wrong = [
    ["https://a.test", /must be \{/],
    [null, /must be \{/],
    [{}, /no valid url/],
    [{ url: "http://" }, /no valid url/],
    [{ url: "file:///etc/passwd" }, /http/],
    [{ url: "https://admin:sesame@a.test" }, /credentials/],
    [{ url: "https://good.test/" }, /url of another/],
    [{ url: "https://a.test", name: "Good" }, /name of another/],
    [{ url: "https://a.test", name: " " }, /1 to 100/],
    [{ url: "https://a.test", name: 7 }, /1 to 100/],
    [{ url: "https://a.test", writes: "yes" }, /true nor false/],
    [{ url: "https://a.test", api: 7 }, /no valid api/],
    [{ url: "https://a.test", api: "https://b.test/api" }, /another origin/],
    [{ url: "https://a.test", api: "api" }, /another origin/],
  ];
  for (const [entry, message] of wrong) {
    const { servers, faults } = configuredServers(
      { servers: [{ name: "Good", url: "https://good.test" }, entry] },
      BASE,
    );
    assert.deepEqual(
      servers.map(({ name }) => name),
      ["Good"],
      JSON.stringify(entry),
    );
    assert.match(faults.join("\n"), message);
    assert.match(faults[0] ?? "", /^config\.json: servers\[1\] /);
    assert.doesNotMatch(faults.join("\n"), /sesame/);
  }
  const { servers, faults } = configuredServers({ servers: [{ url: "https://a.test", colour: "red" }] }, BASE);
  assert.equal(servers.length, 1, "a field that is unknown does no harm");
  assert.match(faults[0] ?? "", /unknown field "colour"/);
  assert.match(configuredServers({ servers: {} }, BASE).faults[0] ?? "", /must be a list/);
  const many = Array.from({ length: MAX_SERVERS + 5 }, (_, at) => ({ url: `https://h${at}.test` }));
  assert.equal(configuredServers({ servers: many }, BASE).servers.length, MAX_SERVERS);
  assert.match(configuredServers({ servers: many }, BASE).faults[0] ?? "", /first 100 of 105/);
});

test("keeps what the user adds, without secrets, and not what the operator configures", () => {
  const { servers } = configuredServers({ servers: [{ name: "a.test", url: "https://a.test" }] }, BASE);
  const login = { how: /** @type {const} */ ("password"), username: "admin", isRemembered: true };
  const all = withServer(withServer(servers, { url: "https://b.test/couch/", ...login }), {
    url: "http://a.test",
    ...login,
  });
  assert.deepEqual(
    all.map(({ name }) => name),
    ["a.test", "b.test/couch", "a.test (2)"],
    "names are unique",
  );
  assert.equal(withServer(all, { url: "https://a.test/", ...login })[0]?.username, "admin", "known by its URL");
  const stored = toStore(all);
  assert.deepEqual(stored, [
    { url: "https://b.test/couch", how: "password", username: "admin" },
    { url: "http://a.test", how: "password", username: "admin" },
  ]);
  assert.deepEqual(withStored(servers, JSON.parse(JSON.stringify(stored))), all);
  for (const damaged of [null, {}, "x", [null, 7, { url: 7 }, { url: "x" }]])
    assert.deepEqual(withStored(servers, damaged), servers);
  const noServers = ["javascript:alert(1)", "data:,x", "file:///etc/passwd", "blob:https://a.test/x"].map((url) => ({
    url,
    how: "none",
  }));
  assert.deepEqual(withStored(servers, noServers), servers);
  const [odd] = withStored([], [{ url: "https://c.test", username: { toString: null, valueOf: null } }]);
  assert.deepEqual([odd?.url, odd?.username], ["https://c.test", ""]);
  assert.deepEqual(
    toStore(withServer(all, { url: "http://a.test", ...login, isRemembered: false })),
    stored.slice(0, 1),
  );
});

const SUMMARY = /** @type {any} */ ({ total: 7, states: {}, unhealthy: 0, retrying: 0 });

/** @param {string} url @param {object} inspector @param {import("../../www/src/connection/connection.js").Login["how"]} how */
const connection = (url, inspector, how = "none") =>
  /** @type {Connection} */ (/** @type {unknown} */ ({ client: { url }, username: "", how, inspector }));

/** A server whose responses the test decides. */
function backend() {
  const state = {
    asked: 0,
    aborted: 0,
    /** The snapshots that audits got. @type {unknown[]} */
    audits: [],
    /** @type {() => Promise<any>} */
    respond: async () => SUMMARY,
    /** @type {() => Promise<any>} */
    find: async () => [],
  };
  const inspector = {
    /** @param {{ signal: AbortSignal }} options */
    summary: ({ signal }) => {
      state.asked++;
      signal.addEventListener("abort", () => state.aborted++);
      return Promise.race([
        state.respond(),
        new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
      ]);
    },
    incidents: () => state.find(),
    audit: async (/** @type {{ previous?: string }} */ { previous }) => {
      const many = state.audits.push(previous);
      if (many === 3) throw new Error("no");
      return { findings: [many], snapshot: `look ${many}` };
    },
  };
  return { state, inspector };
}

/** Lets all promises settle. */
const settled = async () => {
  for (let i = 0; i < 30; i++) await Promise.resolve();
};

/** @param {import("node:test").TestContext} t @param {number} many */
function stage(t, many) {
  t.mock.timers.enable({ apis: ["setTimeout", "Date"] });
  const page = Object.assign(new EventTarget(), { hidden: false });
  Object.assign(globalThis, { document: page });
  const backends = Array.from({ length: many }, backend);
  const config = { servers: backends.map((_, at) => ({ name: `s${at}`, url: `https://s${at}.test` })) };
  const servers = new Servers(
    configuredServers(config, BASE).servers,
    ({ url, name }) => connection(url, backends[Number(name.slice(1))]?.inspector ?? {}),
    () => {},
  );
  t.after(() => {
    servers.stop();
    Reflect.deleteProperty(globalThis, "document");
  });
  const pass = async (/** @type {number} */ ms) => {
    t.mock.timers.tick(ms);
    await settled();
  };
  return { servers, page, backends, pass, statuses: () => servers.cards.map(({ status }) => status).join(" ") };
}

test("refreshes all cards every 30 seconds", async (t) => {
  const { servers, backends, pass, statuses } = stage(t, 10);
  await pass(0);
  assert.equal(backends[0]?.state.asked, 0, "not before it is started");
  servers.start();
  await pass(0);
  assert.equal(statuses(), Array(10).fill("known").join(" "));
  assert.deepEqual(
    backends.map(({ state }) => state.asked),
    Array(10).fill(1),
  );
  await pass(CARD_INTERVAL - 1);
  assert.deepEqual(
    backends.map(({ state }) => state.asked),
    Array(10).fill(1),
  );
  await pass(1);
  assert.deepEqual(
    backends.map(({ state }) => state.asked),
    Array(10).fill(2),
  );
});

test("audits every two minutes, each look after the one before", async (t) => {
  const { servers, backends, pass } = stage(t, 1);
  const [{ state, inspector } = backend()] = backends;
  servers.start();
  await pass(0);
  /** Findings of the card, by the time in minutes. @type {(readonly unknown[] | null | undefined)[]} */
  const findings = [];
  for (let at = 0; at < 8; at += 0.5) {
    if (at % 2.5 === 0) findings.push(servers.cards[0]?.findings);
    await pass(CARD_INTERVAL);
  }
  assert.deepEqual(findings, [[1], [2], null, [4]], "those of an audit that failed are unknown");
  assert.deepEqual(state.audits, [undefined, "look 1", "look 2", undefined]);
  servers.add(connection("https://s0.test", inspector), false);
  await pass(0);
  assert.deepEqual(state.audits.slice(4), [undefined], "another connection knows nothing of it");
});

test("shows the numbers of a server before its incidents are found", async (t) => {
  const { servers, backends, pass, statuses } = stage(t, 1);
  const [only] = backends;
  if (!only) throw new Error("there is one");
  /** @type {(incidents: unknown[]) => void} */
  let found = () => {};
  only.state.find = () => new Promise((resolve) => (found = resolve));
  servers.start();
  await pass(0);
  assert.equal(statuses(), "waiting");
  assert.equal(servers.cards[0]?.summary?.total, 7);
  found([{ total: 3 }]);
  await pass(0);
  assert.equal(statuses(), "known");
  assert.equal(servers.cards[0]?.incidents.length, 1);
});

test("asks four servers at a time, and waits for none that is slow", async (t) => {
  const { servers, backends, pass, statuses } = stage(t, 8);
  for (const { state } of backends.slice(0, 4)) state.respond = () => new Promise(() => {});
  servers.start();
  await pass(0);
  assert.equal(backends.filter(({ state }) => state.asked > 0).length, 4);
  assert.equal(statuses(), Array(8).fill("waiting").join(" "));
  await pass(5000);
  assert.equal(statuses(), "waiting waiting waiting waiting known known known known");
  await pass(CARD_INTERVAL);
  assert.deepEqual(
    backends.map(({ state }) => state.asked),
    [1, 1, 1, 1, 2, 2, 2, 2],
  );
  await pass(30_000);
  assert.equal(statuses(), "failed failed failed failed known known known known");
  assert.match(String(servers.cards[0]?.error), /within a minute/);
  assert.equal(backends[0]?.state.aborted, 1);
});

test("pauses while the page is hidden, and while another view is shown", async (t) => {
  const { servers, page, backends, pass } = stage(t, 2);
  servers.start();
  await pass(0);
  page.hidden = true;
  page.dispatchEvent(new Event("visibilitychange"));
  await pass(10 * CARD_INTERVAL);
  assert.deepEqual(
    backends.map(({ state }) => state.asked),
    [1, 1],
  );
  page.hidden = false;
  page.dispatchEvent(new Event("visibilitychange"));
  await pass(0);
  assert.deepEqual(
    backends.map(({ state }) => state.asked),
    [2, 2],
  );
  servers.stop();
  await pass(10 * CARD_INTERVAL);
  assert.deepEqual(
    backends.map(({ state }) => state.asked),
    [2, 2],
  );
});

test("keeps the last numbers of a server that fails, and locks one that refuses the login", async (t) => {
  const { servers, backends, pass, statuses } = stage(t, 2);
  servers.start();
  await pass(0);
  const [first, second] = backends;
  if (!first || !second) throw new Error("there are two");
  first.state.respond = () => Promise.reject(new Error("gone"));
  const refusal = { error: "unauthorized", reason: "no" };
  const refused = new Client("https://s1.test", { fetch: async () => Response.json(refusal, { status: 401 }) });
  second.state.respond = () => refused.info();
  await pass(CARD_INTERVAL);
  assert.equal(statuses(), "failed locked");
  assert.equal(servers.cards[0]?.summary?.total, 7);
  await pass(10 * CARD_INTERVAL);
  assert.equal(second.state.asked, 2, "a wrong password is not sent again");
  assert.equal(servers.connectionTo("https://s1.test"), null);
  first.state.respond = async () => SUMMARY;
  await pass(CARD_INTERVAL);
  assert.equal(statuses(), "known locked");

  second.state.respond = async () => SUMMARY;
  servers.add(connection("https://s1.test", second.inspector, "password"), false);
  await pass(0);
  assert.equal(statuses(), "known known");
  servers.disconnect("https://s1.test");
  assert.equal(statuses(), "known locked");
  assert.equal(servers.cards[1]?.summary, null);
  servers.remove("https://s1.test");
  assert.deepEqual(
    servers.list.map(({ name }) => name),
    ["s0"],
  );
});

/** @param {number} docs in each database @param {{ end?: Error, databases?: string[] }} [options] without `databases`, it refuses their names */
const connectionTo = (docs, { end, databases } = {}) => ({
  inspector: /** @type {import("../../www/src/connection/inspector.js").Inspector} */ (
    /** @type {unknown} */ ({
      replicatorDatabases: async () => {
        if (!databases) throw new Error("refused");
        return databases;
      },
    })
  ),
  scheduler: /** @type {import("couchdb-scheduler").Scheduler} */ (
    /** @type {unknown} */ ({
      /** @param {{ database: string, signal: AbortSignal }} options */
      async *docs({ database, signal }) {
        for (let at = 0; at < docs; at++) {
          signal.throwIfAborted();
          yield {
            database,
            doc_id: `${at % 10 === 0 ? "orders" : "other"}-${at}`,
            source: null,
            target: null,
            state: "error",
            error_count: 1,
            info: null,
            last_updated: null,
            node: null,
          };
        }
        if (end) throw end;
      },
    })
  ),
});

test("searches all servers, and stops when there is enough", async () => {
  const { servers } = configuredServers(
    { servers: [1, 2, 3, 4].map((at) => ({ name: `s${at}`, url: `https://s${at}.test` })) },
    BASE,
  );
  const targets = servers.map((server, at) => ({
    server,
    connection:
      [
        connectionTo(95),
        connectionTo(100_000),
        connectionTo(30, { end: new Error("cut off") }),
        connectionTo(20, { databases: ["_replicator", "team/_replicator"] }),
      ][at] ?? connectionTo(0),
  }));
  /** @type {Map<string, import("../../www/src/connection/search-everywhere.js").Found>} */
  const last = new Map();
  await searchEverywhere(targets, " ORDERS", new AbortController().signal, (found) =>
    last.set(found.server.name, found),
  );
  const figures = [...last.values()].map(({ rows, read, status, error }) => [rows.length, read, status, String(error)]);
  assert.deepEqual(figures, [
    [10, 95, "done", "null"],
    [MAX_FOUND, 490, "full", "null"],
    [3, 30, "done", "Error: cut off"],
    [4, 40, "done", "null"],
  ]);
  assert.deepEqual(
    last.get("s4")?.rows.map(({ given }) => given.database),
    ["_replicator", "_replicator", "team/_replicator", "team/_replicator"],
  );

  const canceled = new AbortController();
  let reports = 0;
  await searchEverywhere(targets, "orders", canceled.signal, () => {
    if (++reports === 2) canceled.abort();
  });
  assert.equal(reports, 2, "nothing is reported after it was canceled");
});
