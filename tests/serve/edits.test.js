// @ts-check
// Restarts and changes, which the server makes itself: no visitor receives a document with credentials, and none can send
// what it holds elsewhere.

import assert from "node:assert/strict";
import { test } from "node:test";
import { OneDocument } from "../support/one-document.js";
import { testServer } from "../support/server.js";
import { asked, couch, FAST, recorder, served, standing, statusWith } from "./stage.js";

const TEXT =
  '{"_id":"a","_rev":"7-abc","source":"http://u:S3CR3T-a@h.test/a","target":{"url":"http://h.test/b","headers":' +
  '{"X-Key":"S3CR3T-b"}},"selector":{"10":1.0}}';

/** @param {string} url @param {"restart" | "update"} action @param {unknown} body @param {Record<string, string>} [headers] */
async function edit(url, action, body, headers = {}) {
  const response = await fetch(`${url}/api/${action}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  const text = await response.text();
  assert.doesNotMatch(text, /S3CR3T/);
  return { status: response.status, json: JSON.parse(text) };
}

/** A server of the page whose log is kept. @param {import("../../pkg/serve/options.js").ServeOptions} options @param {{ now: () => number }} [clock] */
async function logged(options, clock = FAST) {
  /** @type {any[]} */
  const lines = [];
  const url = await served({ allowWrites: true, log: (line) => void lines.push(JSON.parse(line)), ...options }, clock);
  return { url, lines };
}

/** @param {OneDocument} document */
const before = (document) =>
  logged({ couchdb: { url: "http://couch.test", options: { fetch: /** @type {any} */ (document.fetch) } } });

const basic = { username: "u", password: "S3CR3T-new" };

test("a restart and a change go through the server, against this or a real one", async (t) => {
  const server = await testServer(t, { clock: { speed: 20 } });
  const database = await server.createDatabase();
  const { url, lines } = await logged({
    couchdb: { url: server.url, options: { auth: server.auth, fetch: server.fetch } },
  });
  const path = `/${encodeURIComponent(database)}/a%2Fb`;
  const ends = { source: "http://u:S3CR3T-a@127.0.0.1:1/x", target: "http://127.0.0.1:1/y" };
  await server.write(database, [{ _id: "a/b", ...ends, continuous: true }]);
  await server.scheduler().waitFor("a/b", { until: ["crashing"], interval: 20, database });

  const restarted = await edit(url, "restart", { database, id: "a/b" });
  assert.equal(restarted.status, 200, JSON.stringify(restarted.json));
  const { rev, from, ...rest } = restarted.json;
  assert.match(rev, /^[2-9]-/);
  assert.ok(["crashing", "running", "pending"].includes(from), from);
  assert.deepEqual(rest, { id: "a/b", resumes: "checkpoint" });
  assert.equal((await server.request("GET", path)).source, ends.source, "CouchDB still has the password");

  const changes = { source: { auth: { basic } }, workerProcesses: 2 };
  const updated = await edit(url, "update", { database, id: "a/b", changes });
  assert.deepEqual(
    { ...updated.json, rev: "" },
    { id: "a/b", rev: "", rewinds: false, changed: ["source", "worker_processes"] },
  );
  assert.deepEqual((await server.request("GET", path)).source, { url: "http://127.0.0.1:1/x", auth: { basic } });
  assert.deepEqual(
    lines.map(({ event, method, action, doc_id, database, status }) => [
      event,
      method,
      action,
      doc_id,
      database,
      status,
    ]),
    ["restart", "update"].map((action) => ["change", "POST", action, "a/b", database, 200]),
  );
  assert.doesNotMatch(JSON.stringify(lines), /S3CR3T/);
});

test("what does not change is written back to the byte", async () => {
  const document = new OneDocument(TEXT);
  const { url } = await before(document);
  assert.equal((await edit(url, "restart", { id: "a" })).json.resumes, "checkpoint");
  assert.equal(document.puts[0], `${TEXT.slice(0, -1)},"create_target_params":{}}`);
});

test("a change that begins from the beginning is refused unless it is allowed", async () => {
  const document = new OneDocument(TEXT);
  const { url, lines } = await before(document);
  const changes = { selector: { type: "order" } };
  const { status, json } = await edit(url, "update", { id: "a", changes });
  assert.deepEqual([status, json.error], [409, "would_rewind"]);
  assert.match(json.reason, /^a change of selector makes this another replication/);
  assert.doesNotMatch(json.reason, /couch\.test/);
  assert.deepEqual(document.puts, []);
  const { json: updated } = await edit(url, "update", { id: "a", changes, allowRewind: true });
  assert.deepEqual([updated.rewinds, updated.changed], [true, ["selector"]]);
  assert.deepEqual(
    lines.map(({ status }) => status),
    [409, 200],
  );
});

test("nothing is changed that would send the credentials of an end elsewhere, or write them", async () => {
  const document = new OneDocument(TEXT);
  const { url, lines } = await before(document);
  const bodies = [
    "",
    "x",
    null,
    [],
    {},
    { id: 1 },
    { id: "" },
    { id: "_design/a" },
    { id: "a".repeat(1025) },
    { id: "a", database: "orders" },
    { id: "a", database: 1 },
    { id: "a", other: 1 },
    { id: "a", allowRewind: 1 },
    { id: "a", changes: [] },
    ...[
      { source: "http://evil.example/a" },
      { source: "orders" },
      { source: null },
      { source: { url: "http://evil.example/a" } },
      { source: { url: "http://evil.example/a", auth: { basic } } },
      { target: { headers: { Authorization: "Basic x" } } },
      { target: { auth: { basic }, headers: null } },
      { target: { auth: null } },
      { target: { auth: {} } },
      { target: { auth: { iam: { api_key: "x" } } } },
      { target: { auth: { basic: { username: "u" } } } },
      { target: { auth: { basic: { ...basic, more: 1 } } } },
      { target: { auth: { basic: { username: "u", password: "*****" } } } },
      { target: { auth: { basic: "u" } } },
      { proxy: "http://evil.example" },
      { sourceProxy: "http://evil.example" },
      { source_proxy: "http://evil.example" },
      { socketOptions: "[]" },
      { ibrowseOptions: "[]" },
      { owner: "u" },
      { userCtx: {} },
      { sinceSeq: 0 },
      { fields: { a: 1 } },
      { _id: "b" },
      { _rev: "1-a" },
      { __proto__: 1, constructor: 1 },
      { workerProcesses: "S3CR3T" },
      { selector: [] },
    ].map((changes) => ({ id: "a", changes, allowRewind: true })),
  ];
  for (const body of bodies) {
    assert.equal((await edit(url, "update", body)).status, 400, JSON.stringify(body));
  }
  for (const body of [
    { id: "a", changes: {} },
    { id: "a", allowRewind: true },
  ]) {
    assert.equal((await edit(url, "restart", body)).status, 400, JSON.stringify(body));
  }
  assert.equal((await edit(url, "update", { id: "a", more: "x".repeat(2 ** 20) })).status, 413);
  assert.equal((await edit(url, "restart", { id: "a" }, { "Content-Type": "text/plain" })).status, 415);
  assert.deepEqual(document.puts, []);
  assert.equal(lines.length, bodies.length + 4, "refused ones are logged, too");
  assert.deepEqual([...new Set(lines.map(({ status }) => status))], [400, 413, 415]);
  assert.doesNotMatch(JSON.stringify(lines), /S3CR3T/);
});

test("a page of another site, and a server that only reads, change nothing", async () => {
  const { host, seen } = await recorder();
  const reading = await served({ couchdbUrl: `http://admin:secret@${host}` });
  const refused = await edit(reading, "restart", { id: "a" });
  assert.equal(refused.status, 405);
  assert.match(refused.json.reason, /--allow-writes/);
  const url = await served({ couchdbUrl: `http://admin:secret@${host}`, allowWrites: true });
  for (const headers of /** @type {Record<string, string>[]} */ ([
    { Origin: "http://evil.example" },
    { Origin: "null" },
    { "Sec-Fetch-Site": "cross-site" },
    { Host: "evil.example" },
  ])) {
    const all = { "Content-Type": "application/json", "Content-Length": "0", ...headers };
    assert.equal(await statusWith(url, all, "/api/restart", "POST"), 403, JSON.stringify(headers));
  }
  for (const method of ["GET", "PUT", "DELETE", "OPTIONS"]) {
    const { status, text } = await asked(url, `${method} /api/restart`, { "Content-Length": "0" });
    assert.equal(status, 405, text);
  }
  assert.equal(await statusWith(url, {}, "/api/restart", "GET"), 405);
  assert.equal(seen.length, 0);
});

test("errors have CouchDB's status and words", async () => {
  const { withAdmin, simulator } = await couch();
  const { url, lines } = await logged({ couchdb: { url: withAdmin } });
  assert.equal((await edit(url, "restart", { id: "missing" })).status, 404);
  simulator.fail({
    path: "/_replicator/0001",
    method: "PUT",
    status: 403,
    body: '{"error":"forbidden","reason":"Only on Sundays."}',
  });
  const forbidden = await edit(url, "update", { id: "0001", changes: { continuous: true, workerProcesses: 3 } });
  assert.deepEqual([forbidden.status, forbidden.json.reason], [403, "Only on Sundays."]);
  const couchdb = { url: withAdmin.replace(":pass@", ":wrong@") };
  const wrong = await logged({ couchdb }, standing());
  const before = simulator.requests.length;
  for (let time = 0; time < 8; time++) assert.equal((await edit(wrong.url, "restart", { id: "0001" })).status, 401);
  assert.equal(simulator.requests.length, before + 1, "a wrong password is sent once");
  assert.deepEqual(
    lines.map(({ status, doc_id }) => [status, doc_id]),
    [
      [404, "missing"],
      [403, "0001"],
    ],
  );
});

test("a change after the end of the server's session renews it", async () => {
  const { url: couchdb, simulator } = await couch({ sessionSeconds: 600 });
  const auth = { type: /** @type {const} */ ("session"), username: "admin", password: "pass" };
  const url = await served({ couchdb: { url: couchdb, options: { auth } }, allowWrites: true, log: () => {} }, FAST);
  const changes = { workerProcesses: 3 };
  assert.equal((await edit(url, "update", { id: "0001", changes })).status, 200);
  simulator.clock.advance(700_000);
  const { status, json } = await edit(url, "update", { id: "0001", changes: { workerProcesses: 2 } });
  assert.deepEqual([status, json.changed], [200, ["worker_processes"]]);
});

test("of several servers, only the named one is changed", async () => {
  const [berlin, lyon] = [await couch(), await couch()];
  const servers = [
    { name: "berlin", url: berlin.withAdmin },
    { name: "lyon", url: lyon.withAdmin },
  ];
  const url = await served({ servers, allowWrites: true, log: () => {} }, FAST);
  const { status, json } = await edit(`${url}/servers/lyon`, "update", { id: "0001", changes: { workerProcesses: 3 } });
  assert.deepEqual([status, json.changed], [200, ["worker_processes"]]);
  const puts = [berlin, lyon].map(
    ({ simulator }) => simulator.requests.filter(({ method }) => method === "PUT").length,
  );
  assert.deepEqual(puts, [0, 1]);
  assert.equal((await fetch(`${url}/api/update`, { method: "POST" })).status, 405);
});
