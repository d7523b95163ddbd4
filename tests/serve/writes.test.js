// @ts-check
// Changes: only where they are allowed, only replications, and each is logged.

import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { test } from "node:test";
import { Replicator, Scheduler } from "couchdb-scheduler";
import { testServer } from "../support/server.js";
import { asked, couch, FAST, recorder, served, statusWith, upstream } from "./stage.js";

const REPLICATION = { source: "http://a.example/x", target: { url: "http://b.example/x" } };

/** @param {string} url @param {string} path @param {string} method @param {unknown} body @param {Record<string, string>} [headers] */
function send(url, path, method, body, headers = {}) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return fetch(`${url}/couchdb/${path}`, {
    method,
    headers: { "Content-Type": "application/json", ...headers },
    ...(body !== undefined && { body: text }),
  });
}

test("a server is read-only unless changes are allowed", async () => {
  const { host, seen } = await recorder();
  const url = await served({ couchdbUrl: `http://admin:secret@${host}` });
  assert.equal((await (await fetch(`${url}/config.json`)).json()).writes, false);
  for (const method of ["POST", "PUT", "DELETE", "COPY", "OPTIONS", "PATCH", "TRACE", "PROPFIND"]) {
    for (const path of ["/couchdb/_replicator/a", "/couchdb/_session", "/couchdb", "/couchdb/_replicator/a?rev=1-a"]) {
      assert.equal(await statusWith(url, { "Content-Length": "0" }, path, method), 405, `${method} ${path}`);
    }
  }
  const refused = await send(url, "_replicator/a", "PUT", REPLICATION);
  assert.equal(refused.headers.get("allow"), "GET, HEAD");
  assert.match((await refused.json()).reason, /--allow-writes/);
  assert.equal(seen.length, 0);
});

test("the package's replicator works through the server, against this or a real one", async (t) => {
  const server = await testServer(t);
  const database = await server.createDatabase();
  /** @type {any[]} */
  const lines = [];
  const url = await served(
    {
      couchdb: { url: server.url, options: { auth: server.auth, fetch: server.fetch } },
      allowWrites: true,
      log: (line) => lines.push(JSON.parse(line)),
    },
    FAST,
  );
  assert.equal((await (await fetch(`${url}/config.json`)).json()).writes, true);
  const replicator = new Replicator(`${url}/couchdb`);
  const ends = { source: "http://u:s3cret-s3cret@127.0.0.1:1/x", target: "http://127.0.0.1:1/y" };
  const { id, rev } = await replicator.createReplication({ id: "a/b", ...ends, continuous: true }, { database });
  assert.equal(id, "a/b");
  assert.match(rev, /^1-/);
  const other = await replicator.createReplication(ends, { database });
  const written = await server.request("GET", `/${encodeURIComponent(database)}/a%2Fb`);
  assert.equal(JSON.stringify(written).includes("s3cret-s3cret"), true, "CouchDB has the password");
  const shown = await (await fetch(`${url}/couchdb/${encodeURIComponent(database)}/a%2Fb`)).text();
  assert.match(shown, /\*{5}@127/);
  assert.doesNotMatch(shown, /s3cret/);
  await assert.rejects(replicator.createReplication({ id: "a/b", ...ends }, { database }), { status: 409 });
  await replicator.stopReplication("a/b", { database });
  await replicator.stopReplication(other.id, { database });
  await assert.rejects(server.request("GET", `/${encodeURIComponent(database)}/a%2Fb`), /404/);
  // CouchDB writes to a document, too, so a DELETE can meet a conflict.
  const done = lines.filter(({ status }) => status !== 409 || lines.indexOf(status) > 2);
  assert.deepEqual(
    done.map(({ method, doc_id, database: named }) => [method, doc_id, named]),
    [
      ["PUT", "a/b", database],
      ["POST", other.id, database],
      ["DELETE", "a/b", database],
      ["DELETE", other.id, database],
    ],
  );
  assert.doesNotMatch(JSON.stringify(lines), /s3cret/);
});

test("only replications are written, as JSON, and without what CouchDB writes itself", async () => {
  const { host, seen } = await recorder({ "Content-Type": "application/json" });
  /** @type {any[]} */
  const lines = [];
  const log = (/** @type {string} */ line) => void lines.push(JSON.parse(line));
  const url = await served({ couchdbUrl: `http://admin:secret@${host}`, allowWrites: true, log });
  const bad = [
    "",
    "x",
    "null",
    "[]",
    {},
    { source: "a" },
    { source: 1, target: "b" },
    { source: { url: 1 }, target: "b" },
    { ...REPLICATION, _id: "other" },
    { ...REPLICATION, _rev: "1-a" },
    { ...REPLICATION, _deleted: true },
    { ...REPLICATION, _replication_state: "completed" },
    { ...REPLICATION, _attachments: {} },
    { ...REPLICATION, source: "http://u:*****@a.example/x" },
    { ...REPLICATION, target: { url: "http://b.example/x", auth: { basic: { username: "u", password: "*****" } } } },
    `{"source":"a","target":"b","deep":${"[".repeat(50_000)}${"]".repeat(50_000)}}`,
  ];
  for (const body of bad) {
    const response = await send(url, "_replicator/a", "PUT", body);
    assert.equal(response.status, 400, JSON.stringify(body));
  }
  assert.equal((await send(url, "_replicator", "POST", { ...REPLICATION, _id: "_design/a" })).status, 400);
  assert.equal((await send(url, "_replicator/a?rev=1-a", "DELETE", REPLICATION)).status, 400);
  const types = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/jsonp"];
  for (const type of types) {
    const response = await send(url, "_replicator/a", "PUT", REPLICATION, { "Content-Type": type });
    assert.equal(response.status, 415, type);
  }
  const large = { ...REPLICATION, more: "x".repeat(2 ** 20) };
  assert.equal((await send(url, "_replicator/a", "PUT", large)).status, 413);
  assert.equal(seen.length, 0);
  assert.equal(lines.length, bad.length + 2 + types.length + 1, "refused ones are logged, too");
  assert.deepEqual(
    [...new Set(lines.map(({ status }) => status))],
    [400, 415, 413],
    "it is known that nothing changed",
  );

  assert.equal((await send(url, "_replicator/a", "PUT", REPLICATION)).status, 200);
  assert.equal((await send(url, "_replicator", "POST", REPLICATION)).status, 200);
  assert.equal((await send(url, "_replicator/a?rev=1-a", "DELETE", undefined)).status, 200);
  assert.deepEqual(
    seen.map(({ method, url, body }) => [method, url, body]),
    [
      ["PUT", "/_replicator/a", JSON.stringify(REPLICATION)],
      ["POST", "/_replicator", JSON.stringify(REPLICATION)],
      ["DELETE", "/_replicator/a?rev=1-a", ""],
    ],
  );
  assert.deepEqual(
    lines.slice(-3).map(({ status, doc_id }) => [status, doc_id]),
    [
      [200, "a"],
      [200, "a"],
      [200, "a"],
    ],
  );
});

test("a page of another site changes nothing", async () => {
  const { host, seen } = await recorder();
  const url = await served({ couchdbUrl: `http://admin:secret@${host}`, allowWrites: true });
  for (const headers of /** @type {Record<string, string>[]} */ ([
    { Origin: "http://evil.example" },
    { Origin: "null" },
    { Origin: url.replace("127.0.0.1", "localhost") },
    { Origin: url.replace(/:\d+$/, "") },
    { "Sec-Fetch-Site": "cross-site" },
    { "Sec-Fetch-Site": "same-site" },
  ])) {
    const all = { "Content-Type": "application/json", "Content-Length": "0", ...headers };
    assert.equal(await statusWith(url, all, "/couchdb/_replicator", "POST"), 403, JSON.stringify(headers));
    assert.equal(await statusWith(url, all, "/couchdb/_replicator/a?rev=1-a", "DELETE"), 403);
  }
  assert.equal(seen.length, 0);
});

test("a change is visible at once, although reads are shared", async () => {
  const { withAdmin, simulator } = await couch({ docs: 0 });
  const url = await served({ couchdbUrl: withAdmin, allowWrites: true }, { now: () => 0 });
  const scheduler = new Scheduler(`${url}/couchdb`);
  assert.equal((await scheduler.listDocs()).docs.length, 0);
  const replicator = new Replicator(`${url}/couchdb`);
  await replicator.createReplication({ id: "new", source: "http://a.example/x", target: "http://b.example/x" });
  simulator.clock.advance(10_000);
  assert.equal((await scheduler.listDocs()).docs.length, 1);
});

test("the log says if it is unknown whether a change was made", async () => {
  /** @type {Record<string, import("node:http").RequestListener>} */
  const answers = {
    closed: (request) => request.socket.destroy(),
    page: (_, response) => response.end("<html>"),
    list: (_, response) => response.end("[]"),
    other: (_, response) => response.end('{"total_rows":0}'),
    redirect: (_, response) => response.writeHead(302, { Location: "http://127.0.0.1:9/" }).end(),
  };
  for (const [name, answer] of Object.entries(answers)) {
    /** @type {any[]} */
    const lines = [];
    const log = (/** @type {string} */ line) => void lines.push(JSON.parse(line));
    const url = await served({ couchdbUrl: `http://${await upstream(answer)}`, allowWrites: true, log });
    assert.equal((await send(url, "_replicator/a?rev=1-a", "DELETE", undefined)).status, 502, name);
    assert.deepEqual(
      lines.map(({ status, doc_id }) => [status, doc_id]),
      [[0, "a"]],
      name,
    );
  }
});

test("a change that does not arrive whole is not made, and the log says so", async () => {
  const { host, seen } = await recorder();
  /** @type {(line: string) => void} */
  let log = () => {};
  const logged = new Promise((resolve) => {
    log = resolve;
  });
  const url = await served({ couchdbUrl: `http://${host}`, allowWrites: true, log: (line) => log(line) });
  const { host: own, port } = new URL(url);
  const socket = connect(Number(port), "127.0.0.1");
  // The server has begun to read once it asks for the body.
  socket.write(
    `PUT /couchdb/_replicator/a HTTP/1.1\r\nHost: ${own}\r\nContent-Type: application/json\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n`,
  );
  await once(socket, "data");
  socket.write("{");
  socket.resetAndDestroy();
  assert.equal(JSON.parse(await logged).status, 400);
  assert.equal(seen.length, 0);
});

test("a line of the log does not control a terminal", async () => {
  const id = "a\u009b31m\u202eb\u2028c";
  /** @type {string[]} */
  const lines = [];
  const host = await upstream((_, response) => response.end(JSON.stringify({ ok: true, id, rev: "1-a" })));
  const url = await served({ couchdbUrl: `http://${host}`, allowWrites: true, log: (line) => lines.push(line) });
  const { status } = await asked(url, `DELETE /couchdb/_replicator/${encodeURIComponent(id)}?rev=1-a`);
  assert.equal(status, 200);
  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? "", /^[ -~]+$/);
  assert.equal(JSON.parse(lines[0] ?? "").doc_id, id);
});

test("a change that is refused here costs CouchDB nothing: reads are shared as before", async () => {
  const { host, seen } = await recorder();
  const url = await served({ couchdbUrl: `http://${host}`, allowWrites: true }, { now: () => 0 });
  for (let at = 0; at < 3; at++) {
    assert.equal((await fetch(`${url}/couchdb/_scheduler/jobs`)).status, 200);
    assert.equal((await send(url, "_replicator/a", "PUT", "x")).status, 400);
  }
  assert.equal(seen.length, 1);
});
