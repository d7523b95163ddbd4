// @ts-check
// Replicator: the document for a replication, and how it is deleted.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Client, Replicator } from "couchdb-scheduler";
import { all, rowsAndError } from "../support/promises.js";
import { endedReplication, simulated, testOfSimulator, testServer } from "../support/server.js";

/**
 * @typedef {import("couchdb-scheduler").ClientOptions} ClientOptions
 * @typedef {import("couchdb-scheduler").NewReplication} NewReplication
 */

/**
 * The request for `replication`.
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
      return Response.json({ ok: true, id: body._id ?? "made", rev: "1-a" }, { status: 201 });
    },
  });
  const id = replication.id ?? "made";
  assert.deepEqual(await replicator.createReplication(replication), { ok: true, id, rev: "1-a" });
  assert.equal(sent.length, 1);
  assert.equal(sent[0].headers.get("content-type"), "application/json");
  return sent[0];
}

const elsewhere = { source: "https://a.test/db", target: "http://u:p@b.test/db" };

test("with an id it is sent by PUT, without one the server chooses the id", async () => {
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

test("a bare name is a database on this server, with the client's credentials next to its URL", async () => {
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

test("an endpoint can be a URL object", async () => {
  const { body } = await sentFor({ source: new URL("https://a.test/db"), target: "http://b.test/" });
  assert.equal(body.source, "https://a.test/db");
});

test("an endpoint is passed on, and with a bare name keeps its other members", async () => {
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

test("an invalid replication is refused before any request, without secrets in the error", async () => {
  const replicator = new Replicator("http://couch.test", { fetch: () => assert.fail("a request") });
  const circular = /** @type {any} */ ({ a: 1 });
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
    [{ id: "_design/a", ...elsewhere }, /id must be the id of a replication document, which does not begin with "_"/],
    [{ id: "a", _rev: "1-a", ...elsewhere }, /_rev must be left out/],
    [{ ...elsewhere, selector: circular }, /circular/i],
    [{ ...elsewhere, fields: circular }, /circular/i],
    [{ ...elsewhere, fields: { big: 10n } }, /BigInt/],
    [{ ...elsewhere, source: "ftp://u:s3cret@host/db" }, /source must be a URL that begins with http/],
    [{ ...elsewhere, source: " http://u:s3cret@host/db" }, /source must be a URL that begins with http/],
  ])) {
    const error = await replicator.createReplication(replication).catch((error) => error);
    assert.ok(error instanceof TypeError || error instanceof RangeError, String(error));
    assert.match(error.message, named);
    assert.doesNotMatch(error.message, /s3cret/);
  }
});

test("errors have the server's words, and nothing is overwritten, on any server", async (t) => {
  const server = await testServer(t);
  const database = await server.createDatabase();
  const replicator = new Replicator(server.client());
  const { rev } = await replicator.createReplication({ id: "a", ...elsewhere }, { database });
  await assert.rejects(replicator.createReplication({ id: "a", source: "x", target: "y" }, { database }), {
    code: "bad_request",
    status: 409,
    error: "conflict",
    message: /409 conflict.*the document exists already/,
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
    message: /this database does not exist/,
  });
});

test("creating is not retried: a lost attempt may have succeeded", async () => {
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

testOfSimulator("stopReplication() deletes the document, however often it changes meanwhile", async () => {
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

testOfSimulator("stopReplication() whose response was lost finds the document gone, and succeeds", async () => {
  const { simulator, replicator, database } = await withOne();
  simulator.fail({ method: "DELETE", cutAfter: 3 });
  await replicator.stopReplication("a");
  assert.equal(database.entries.get("a")?.deleted, true);
});

testOfSimulator("stopReplication() deletes only replication documents", async () => {
  const { simulator, replicator } = await withOne();
  await assert.rejects(replicator.stopReplication("_design/owners"), RangeError);
  assert.equal(simulator.requests.length, 0);
});

testOfSimulator("stopReplication() gives up on a document that keeps changing", async () => {
  const { simulator, replicator } = await withOne();
  simulator.fail({
    method: "DELETE",
    times: Number.POSITIVE_INFINITY,
    status: 409,
    body: '{"error":"conflict","reason":"Document update conflict."}',
  });
  await assert.rejects(replicator.stopReplication("a"), { code: "bad_request", status: 409 });
});

testOfSimulator("replicationState() is null while the server does not know the state", async () => {
  const { simulator, replicator } = await withOne();
  assert.equal(await replicator.replicationState("a"), null);
  simulator.clock.advance(120_000);
  assert.notEqual(await replicator.replicationState("a"), null);
  await assert.rejects(replicator.replicationState("b"), { code: "not_found" });
});

test("getReplication() reads one document with one request, masked, on any server", async (t) => {
  const server = await testServer(t);
  const database = await server.createDatabase();
  await server.write(database, [
    { ...endedReplication("a/b ü"), source: "http://u:s3cret@h.test/db", own: { note: [1] } },
  ]);
  /** @type {string[]} */
  const asked = [];
  const replicator = new Replicator(server.url, {
    auth: server.auth,
    fetch: (url, init) => {
      asked.push(`${init?.method} ${String(url).slice(server.url.length)}`);
      return server.fetch(url, init);
    },
  });
  const document = await replicator.getReplication("a/b ü", { database });
  assert.deepEqual(asked, [`GET /${encodeURIComponent(database)}/a%2Fb%20%C3%BC`]);
  const { _id, _rev, source, own, _replication_state } = document;
  assert.deepEqual([_id, source, own], ["a/b ü", "http://u:*****@h.test/db", { note: [1] }]);
  assert.equal(_replication_state, "completed");
  assert.match(_rev, /^1-/);
  assert.deepEqual((await all(replicator.listReplications({ database })))[0], document);
  await assert.rejects(replicator.getReplication("no-such", { database }), { code: "not_found", status: 404 });
});

/** Responses that are not, or not directly, CouchDB's. @type {[string, unknown][]} */
const FOREIGN = [
  ["a health check", { status: "ok" }],
  ["CouchDB's welcome", { couchdb: "Welcome", version: "3.5.0", features: ["scheduler"] }],
  ["an empty object", {}],
  ["ok: false", { ok: false }],
  ["an error with status 200", { error: "not_found", reason: "missing" }],
  ["another document", { _id: "b", _rev: "1-b", source: "http://a.test/db", target: "http://b.test/db" }],
  ["another document's row", { database: "_replicator", doc_id: "b", state: "completed", info: null }],
  ["another document's write", { ok: true, id: "b", rev: "1-b" }],
  ["no revision", { ok: true, _id: "a", id: "a", source: "http://a.test/db", target: "http://b.test/db" }],
  ["a revision that is not text", { ok: true, _id: "a", id: "a", _rev: 1, rev: 1, ...elsewhere }],
  ["an empty revision", { ok: true, _id: "a", id: "a", _rev: "", rev: "", ...elsewhere }],
  ["ok that is not true", { ok: "true", id: "a", rev: "1-a" }],
  ["the id in a nested object", { doc: { _id: "a", _rev: "1-a", doc_id: "a" } }],
];

for (const [what, body] of FOREIGN) {
  test(`${what} is not accepted as the response of any call about one document`, async () => {
    const calls = /** @type {[string, (replicator: Replicator) => Promise<unknown>][]} */ ([
      ["PUT", (replicator) => replicator.createReplication({ id: "a", ...elsewhere })],
      ["GET", (replicator) => replicator.getReplication("a")],
      ["GET", (replicator) => replicator.replicationState("a")],
      ["GET", (replicator) => replicator.stopReplication("a")],
    ]);
    for (const [method, call] of calls) {
      /** @type {unknown[]} */
      const methods = [];
      const replicator = new Replicator("http://couch.test", {
        fetch: async (_, init) => {
          methods.push(init?.method);
          return Response.json(body);
        },
      });
      await assert.rejects(call(replicator), { code: "invalid_response", status: 200, message: /not CouchDB's/ });
      assert.deepEqual(methods, [method]);
    }
  });
}

test("without an id of its own, createReplication() accepts any id that the server chose, and nothing else", async () => {
  for (const [body, fits] of /** @type {[object, boolean][]} */ ([
    [{ ok: true, id: "chosen", rev: "1-a" }, true],
    [{ ok: true, rev: "1-a" }, false],
    [{ ok: true, id: "", rev: "1-a" }, false],
    [{ ok: true, id: 5, rev: "1-a" }, false],
    [{ ok: true, id: "chosen" }, false],
    [{ id: "chosen", rev: "1-a" }, false],
  ])) {
    const replicator = new Replicator("http://couch.test", { fetch: async () => Response.json(body, { status: 201 }) });
    const created = replicator.createReplication(elsewhere);
    if (fits) assert.deepEqual(await created, body);
    else await assert.rejects(created, { code: "invalid_response", message: /unknown/ });
  }
});

/** A replicator whose server responds to GET with `document` and to DELETE with `deleted`, and its requests. @param {object} document @param {object} deleted */
function withDocument(document, deleted) {
  /** @type {string[]} */
  const asked = [];
  const replicator = new Replicator("http://couch.test", {
    fetch: async (url, init) => {
      asked.push(`${init?.method} ${new URL(String(url)).search}`);
      return Response.json(init?.method === "DELETE" ? deleted : document);
    },
  });
  return { replicator, asked };
}

test("stopReplication() deletes nothing but a replication", async () => {
  const document = { _id: "a", _rev: "1-a", source: "http://a.test/db", target: { url: "http://b.test/db" } };
  const { source, target, ...neither } = document;
  const deleted = { ok: true, id: "a", rev: "2-b" };
  for (const other of [
    neither,
    { ...neither, source },
    { ...neither, target },
    { ...document, source: null },
    { ...document, target: 5 },
    { ...neither, doc: { source, target } },
  ]) {
    const { replicator, asked } = withDocument(other, deleted);
    await assert.rejects(replicator.stopReplication("a"), {
      code: "bad_request",
      message: /not a replication.*not deleted/,
    });
    assert.deepEqual(asked, ["GET ?r=99"]);
  }
  const { replicator, asked } = withDocument(document, deleted);
  await replicator.stopReplication("a");
  assert.deepEqual(asked, ["GET ?r=99", "DELETE ?rev=1-a"]);
});

test("stopReplication() does not accept every response as a deletion", async () => {
  const document = { _id: "a", _rev: "1-a", ...elsewhere };
  for (const answer of [
    { status: "ok" },
    {},
    { ok: false },
    { ok: true, id: "b", rev: "2-b" },
    { ok: true, id: "a" },
  ]) {
    const { replicator, asked } = withDocument(document, answer);
    await assert.rejects(replicator.stopReplication("a"), { code: "invalid_response", method: "DELETE" });
    assert.equal(asked.length, 2);
  }
});

/** 404s that are not CouchDB's. @type {[string, () => Response][]} */
const FOREIGN_404 = [
  [
    "a proxy's page",
    () => new Response("<h1>Not Found</h1>", { status: 404, headers: { "content-type": "text/html" } }),
  ],
  ["a gateway's JSON", () => Response.json({ message: "no Route matched with those values" }, { status: 404 })],
  ["an empty body", () => new Response(null, { status: 404 })],
];

for (const [what, missing] of FOREIGN_404) {
  test(`stopReplication() whose response was lost does not accept ${what} with 404 as success`, async () => {
    let deletes = 0;
    const replicator = new Replicator("http://couch.test", {
      fetch: async (_, init) => {
        if (init?.method === "DELETE") {
          deletes++;
          throw new TypeError("fetch failed");
        }
        return deletes === 0 ? Response.json({ _id: "a", _rev: "1-a", ...elsewhere }) : missing();
      },
    });
    await assert.rejects(replicator.stopReplication("a"), { name: "SchedulerError", status: 404 });
    assert.equal(deletes, 1);
  });
}

/** @param {number} from @param {number} count */
const listed = (from, count) =>
  Array.from({ length: count }, (_, n) => {
    const id = `r-${String(from + n).padStart(4, "0")}`;
    return { id, key: id, value: { rev: "1-a" }, doc: { _id: id, _rev: "1-a", ...elsewhere } };
  });

/** A replicator whose server responds to the nth request for a list with the nth of `pages`, then repeats the last. @param {object[][]} pages */
function withPages(...pages) {
  let asked = 0;
  const replicator = new Replicator("http://couch.test", {
    fetch: async () => {
      const rows = pages[Math.min(asked++, pages.length - 1)];
      assert.ok(asked <= 10, "it does not end");
      return Response.json({ total_rows: 1000, offset: 0, rows });
    },
  });
  return { replicator, asked: () => asked };
}

test("listReplications() of a server that ignores startkey yields each document once, and then an error", async () => {
  for (const [pages, distinct] of /** @type {[object[][], number][]} */ ([
    [[listed(0, 250)], 250],
    [[listed(0, 600)], 600],
    // A cache with two pages.
    [[listed(0, 250), listed(250, 250), listed(0, 250)], 500],
    // It accepts startkey without the character that follows the last id.
    [[listed(0, 250), Array(250).fill(listed(249, 1)[0])], 250],
  ])) {
    const { replicator, asked } = withPages(...pages);
    const { rows, error } = await rowsAndError(replicator.listReplications());
    assert.equal(new Set(rows.map(({ _id }) => _id)).size, distinct);
    assert.equal(rows.length, distinct);
    assert.equal(error?.code, "invalid_response");
    assert.match(error.message, /ignores startkey/);
    assert.ok(asked() <= pages.length + 1);
  }
});

test("listReplications() yields a document once if it is listed again, at the end of a page or within it", async () => {
  const { replicator } = withPages(listed(0, 250), [...listed(249, 2), ...listed(250, 2)]);
  const ids = (await all(replicator.listReplications())).map(({ _id }) => _id);
  assert.deepEqual(
    ids,
    listed(0, 252).map(({ id }) => id),
  );
});

test("listReplications() accepts only documents with the listed ids", async () => {
  const [row] = listed(0, 1);
  for (const doc of [
    { ...row.doc, _id: "other" },
    { status: "ok" },
    {},
    { _id: row.id },
    { ...row.doc, _rev: 5 },
    { error: "not_found", reason: "missing" },
  ]) {
    const { replicator } = withPages([{ ...row, doc }]);
    await assert.rejects(all(replicator.listReplications()), { code: "invalid_response", message: /doc/ });
  }
  for (const body of [{ status: "ok" }, {}, { couchdb: "Welcome", version: "3.5.0" }, { ok: false }]) {
    const replicator = new Replicator("http://couch.test", { fetch: async () => Response.json(body) });
    await assert.rejects(all(replicator.listReplications()), { code: "invalid_response" });
  }
  const failed = Response.json({ error: "timeout", reason: "slow" });
  const replicator = new Replicator("http://couch.test", { retries: 0, fetch: async () => failed });
  await assert.rejects(all(replicator.listReplications()), { name: "SchedulerError", error: "timeout" });
});
