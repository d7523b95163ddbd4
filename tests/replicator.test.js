// @ts-check
// Replicator: what is written for a replication, and how it is taken away.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Client, Replicator } from "couchdb-scheduler";
import { endedReplication, simulated, testOfSimulator, testServer } from "./support/server.js";
import { all } from "./support/settled.js";

/**
 * @typedef {import("couchdb-scheduler").ClientOptions} ClientOptions
 * @typedef {import("couchdb-scheduler").NewReplication} NewReplication
 */

/**
 * What is sent for `replication`.
 *
 * @param {NewReplication} replication
 * @param {ClientOptions} [options]
 * @param {string} [url]
 */
async function sentFor(replication, options, url = "https://couch.test:6984/behind") {
  /** @type {{ method: string, url: string, body: any, headers: any }[]} */
  const sent = [];
  const replicator = new Replicator(url, {
    ...options,
    fetch: async (url, init) => {
      if (String(url).includes("token")) return Response.json({ access_token: "iam-token", expires_in: 3600 });
      if (String(url).endsWith("/_session"))
        return Response.json({ ok: true }, { headers: { "set-cookie": "AuthSession=c" } });
      const body = JSON.parse(String(init?.body));
      sent.push({ method: String(init?.method), url: String(url), body, headers: new Headers(init?.headers) });
      return Response.json({ ok: true, id: "made", rev: "1-a" }, { status: 201 });
    },
  });
  assert.deepEqual(await replicator.createReplication(replication), { ok: true, id: "made", rev: "1-a" });
  assert.equal(sent.length, 1);
  assert.equal(sent[0].headers.get("content-type"), "application/json");
  return sent[0];
}

const elsewhere = { source: "https://a.test/db", target: "http://u:p@b.test/db" };

test("with an id it is put there, without one the server chooses", async () => {
  const put = await sentFor({ id: "a/b ü", ...elsewhere });
  assert.deepEqual(
    [put.method, put.url, put.body],
    ["PUT", "https://couch.test:6984/behind/_replicator/a%2Fb%20%C3%BC", { _id: "a/b ü", ...elsewhere }],
  );
  const post = await sentFor(elsewhere);
  assert.deepEqual(
    [post.method, post.url, post.body],
    ["POST", "https://couch.test:6984/behind/_replicator", elsewhere],
  );
});

test("options in camelCase become CouchDB's fields, everything else is passed on", async () => {
  const { body } = await sentFor({
    ...elsewhere,
    continuous: true,
    createTarget: true,
    docIds: ["a"],
    queryParams: { a: "b" },
    workerProcesses: 2,
    sinceSeq: "3-x",
    selector: { createTarget: 1 },
    filter: undefined,
    create_target_params: { q: 1 },
    ownField: { anything: [1] },
    user_ctx: { name: "x" },
  });
  assert.deepEqual(body, {
    ...elsewhere,
    continuous: true,
    create_target: true,
    doc_ids: ["a"],
    query_params: { a: "b" },
    worker_processes: 2,
    since_seq: "3-x",
    selector: { createTarget: 1 },
    create_target_params: { q: 1 },
    ownField: { anything: [1] },
    user_ctx: { name: "x" },
  });
});

test("a bare name is a database on this server, with the client's credentials beside its URL", async () => {
  const url = "https://couch.test:6984/behind/team%2Fdb";
  const replication = { source: "team/db", target: elsewhere.target };
  const basic = { basic: { username: "us:er", password: "p@ss" } };
  const bearer = { url, headers: { Authorization: "Bearer tok" } };
  for (const [auth, source] of /** @type {[ClientOptions["auth"], object][]} */ ([
    [undefined, { url }],
    [
      { username: "user", password: "p@ss" },
      { url, auth: { basic: { username: "user", password: "p@ss" } } },
    ],
    [
      { type: "session", username: "us:er", password: "p@ss" },
      { url, auth: basic },
    ],
    [
      { type: "iam", apiKey: "key", tokenUrl: "https://couch.test/token" },
      { url, auth: { iam: { api_key: "key" } } },
    ],
    [{ type: "bearer", token: "tok" }, bearer],
    [{ type: "bearer", token: async () => "tok" }, bearer],
  ])) {
    assert.deepEqual((await sentFor(replication, { auth })).body, { source, target: elsewhere.target });
  }
  const { body } = await sentFor({ ...replication, target: "x" }, {}, "https://u:s3cret@couch.test");
  assert.deepEqual(body.target, {
    url: "https://couch.test/x",
    auth: { basic: { username: "u", password: "s3cret" } },
  });
});

test("an end can be a URL object", async () => {
  const { body } = await sentFor({ source: new URL("https://a.test/db"), target: "http://b.test/" });
  assert.equal(body.source, "https://a.test/db");
});

test("an endpoint is passed on, and with a bare name keeps what was given with it", async () => {
  const source = { url: "https://a.test/db", headers: { a: "b" }, auth: { basic: { username: "a", password: "b" } } };
  const target = { url: "db", headers: { "X-Own": "1" } };
  const { body } = await sentFor({ source, target }, { auth: { username: "u", password: "p" } });
  assert.deepEqual(body.source, source);
  assert.deepEqual(body.target, {
    url: "https://couch.test:6984/behind/db",
    headers: { "X-Own": "1" },
    auth: { basic: { username: "u", password: "p" } },
  });
});

test("what cannot be a replication is refused before anything is sent, and no secret is repeated", async () => {
  const replicator = new Replicator("http://couch.test", { fetch: () => assert.fail("a request") });
  const circular = /** @type {any} */ ({ ...elsewhere });
  circular.self = circular;
  for (const [replication, named] of /** @type {[any, RegExp][]} */ ([
    [undefined, /replication must be an object/],
    ["a", /replication must be an object/],
    [{}, /source must be a URL/],
    [{ source: "a" }, /target must be a URL/],
    [{ source: 5, target: "a" }, /source must be a URL.*not 5/],
    [{ source: { url: null }, target: "a" }, /source must be a URL.*not null/],
    [{ source: "", target: "a" }, /source must be a URL/],
    [{ source: "Upper", target: "a" }, /source must be a URL/],
    [{ source: "u:s3cret@host/db", target: "a" }, /source must be a URL/],
    [{ id: "", ...elsewhere }, /id must be a string that is not empty/],
    [{ id: 5, ...elsewhere }, /id must be a string/],
    [{ id: "_design/a", ...elsewhere }, /id must be a replication document's/],
    [{ id: "a", _rev: "1-a", ...elsewhere }, /_rev must be left out/],
    [circular, /circular/i],
    [{ ...elsewhere, big: 10n }, /BigInt/],
  ])) {
    const error = await replicator.createReplication(replication).catch((error) => error);
    assert.ok(error instanceof TypeError || error instanceof RangeError, String(error));
    assert.match(error.message, named);
    assert.doesNotMatch(error.message, /s3cret/);
  }
});

test("what the server refuses comes out in its words, and nothing is overwritten, on any server", async (t) => {
  const server = await testServer(t);
  const database = await server.createDatabase();
  const replicator = new Replicator(server.client());
  const { rev } = await replicator.createReplication({ id: "a", ...elsewhere }, { database });
  await assert.rejects(replicator.createReplication({ id: "a", source: "x", target: "y" }, { database }), {
    code: "bad_request",
    status: 409,
    error: "conflict",
    message: /409 conflict.*there is such a document already/,
  });
  const { _rev, source } = await server.request("GET", `/${encodeURIComponent(database)}/a`);
  assert.equal(source, elsewhere.source);
  assert.ok(Number.parseInt(_rev, 10) >= Number.parseInt(rev, 10));
  await assert.rejects(replicator.createReplication({ id: "b", ...elsewhere, filter: "no-slash" }, { database }), {
    code: "forbidden",
    status: 403,
    message: /403 forbidden: .*filter/,
  });
  await assert.rejects(replicator.createReplication(elsewhere, { database: "no-such/_replicator" }), {
    code: "not_found",
    message: /no such replicator database/,
  });
});

test("creating is not tried again: whether a lost attempt was successful cannot be told", async () => {
  const { simulator } = simulated();
  const replicator = new Replicator("http://couch.test", {
    auth: { username: "admin", password: "pass" },
    fetch: simulator.fetch,
  });
  simulator.fail({ method: "PUT", reset: true });
  await assert.rejects(replicator.createReplication({ id: "a", ...elsewhere }), { code: "network", attempts: 1 });
  assert.equal(simulator.requests.length, 1);
});

test("listReplications() walks through all pages, masked, on any server", async (t) => {
  const server = await testServer(t);
  const database = await server.createDatabase();
  const ids = Array.from({ length: 501 }, (_, n) => `r-${String(n).padStart(4, "0")}`);
  await server.write(
    database,
    ids.map((id) => ({ ...endedReplication(id), source: `http://u:s3cret@h.test/${id}` })),
  );
  await server.request("PUT", `/${encodeURIComponent(database)}/_design/x`, {});
  const documents = await all(new Replicator(server.client()).listReplications({ database }));
  assert.deepEqual(
    documents.map(({ _id }) => _id),
    ids,
  );
  assert.equal(documents[3].source, "http://u:*****@h.test/r-0003");
  assert.equal(documents[3]._replication_state, "completed");
  assert.deepEqual(
    await all(new Replicator(server.client()).listReplications({ database: await server.createDatabase() })),
    [],
  );
});

/** A replicator on a simulator with one document. @param {ClientOptions} [options] */
async function withOne(options) {
  const { simulator } = simulated();
  const client = new Client("http://couch.test", {
    auth: { username: "admin", password: "pass" },
    fetch: simulator.fetch,
    ...options,
  });
  const replicator = new Replicator(client);
  await replicator.createReplication({ id: "a", ...elsewhere });
  simulator.requests.length = 0;
  const database = simulator.fleet.databases.get("_replicator");
  assert.ok(database);
  return { simulator, replicator, database };
}

testOfSimulator("stopReplication() deletes the document, however often it is written to meanwhile", async () => {
  const { simulator, replicator, database } = await withOne();
  let edits = 3;
  const inner = simulator.fetch;
  const busy = new Replicator("http://couch.test", {
    auth: { username: "admin", password: "pass" },
    fetch: async (url, init) => {
      if (init?.method === "DELETE" && edits-- > 0) {
        simulator.fleet.write(database, "a", { ...elsewhere, edits }, { host: "couch.test" });
      }
      return inner(url, init);
    },
  });
  await busy.stopReplication("a");
  assert.equal(simulator.requests.filter(({ method }) => method === "DELETE").length, 4);
  assert.equal(database.entries.get("a")?.deleted, true);
  await assert.rejects(replicator.stopReplication("a"), { code: "not_found" });
});

testOfSimulator("stopReplication() whose answer was lost finds the document gone, and is content", async () => {
  const { simulator, replicator, database } = await withOne();
  simulator.fail({ method: "DELETE", cutAfter: 3 });
  await replicator.stopReplication("a");
  assert.equal(database.entries.get("a")?.deleted, true);
});

testOfSimulator("stopReplication() takes no other document than a replication's", async () => {
  const { simulator, replicator } = await withOne();
  await assert.rejects(replicator.stopReplication("_design/owners"), RangeError);
  assert.equal(simulator.requests.length, 0);
});

testOfSimulator("stopReplication() gives up on a document that never stands still", async () => {
  const { simulator, replicator } = await withOne();
  simulator.fail({
    method: "DELETE",
    times: Number.POSITIVE_INFINITY,
    status: 409,
    body: '{"error":"conflict","reason":"Document update conflict."}',
  });
  await assert.rejects(replicator.stopReplication("a"), { code: "bad_request", status: 409 });
});

testOfSimulator("replicationState() is null while the server does not know", async () => {
  const { simulator, replicator } = await withOne();
  assert.equal(await replicator.replicationState("a"), null);
  simulator.clock.advance(120_000);
  assert.notEqual(await replicator.replicationState("a"), null);
  await assert.rejects(replicator.replicationState("b"), { code: "not_found" });
});
