// @ts-check
// What the page gets of CouchDB: the same rows as from CouchDB itself, without secrets, and nothing else.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer as createTcpServer } from "node:net";
import { after, test } from "node:test";
import { Client, Replicator, Scheduler } from "couchdb-scheduler";
import { refusalOf } from "../../pkg/serve/upstream-errors.js";
import { COUCHDB_URL, endedReplication, testServer } from "../support/server.js";
import { asked, couch, FAST, recorder, served, statusWith, upstream } from "./stage.js";

test("the page, the wasm of the package and the configuration", async () => {
  const url = await served({ demo: true });
  const page = await fetch(`${url}/`);
  const html = await page.text();
  assert.match(html, /<!doctype html>/i);
  assert.match(page.headers.get("content-security-policy") ?? "", /script-src 'self' 'wasm-unsafe-eval';/);
  assert.match(html, /src="main-\w+\.js"/);
  const script = async (/** @type {string | undefined} */ name) => {
    const response = await fetch(`${url}/${name}`);
    assert.equal(response.headers.get("content-type"), "text/javascript; charset=utf-8", name);
    return response.text();
  };
  const [, preloaded] = /rel="modulepreload" href="(chunk-\w+\.js)"/.exec(html) ?? [];
  const code = await script(preloaded);
  assert.match(code, /"couchdb_scheduler\.wasm"/);
  const later = Array.from(code.matchAll(/import\("\.\/([\w-]+\.js)"\)/g), ([, name]) => name);
  assert.ok(later.length > 1, "parts that are loaded later");
  for (const name of later) await script(name);
  const wasm = await fetch(`${url}/couchdb_scheduler.wasm`);
  assert.equal(wasm.headers.get("content-type"), "application/wasm");
  assert.ok(WebAssembly.validate(await wasm.arrayBuffer()));
  const config = await fetch(`${url}/config.json`);
  assert.deepEqual(await config.json(), { url: "couchdb", api: "api", simulator: true, writes: true });
  assert.equal((await fetch(`${url}/nothing`)).status, 404);
  assert.equal((await fetch(`${url}/`, { method: "POST" })).status, 405);
  const head = await fetch(`${url}/`, { method: "HEAD" });
  assert.equal(head.headers.get("content-length"), page.headers.get("content-length"));
});

/** Rows of the same moment. @param {Scheduler} scheduler @param {string} database */
async function everything(scheduler, database) {
  const list = await scheduler.listDocs({ database });
  const { doc_id = "" } = list.docs[0] ?? {};
  return {
    list,
    first: await scheduler.listDocs({ database, limit: 3 }),
    one: await scheduler.getDoc(doc_id, { database }),
    summary: await scheduler.summary({ database }),
    session: await scheduler.client.session(),
    info: await scheduler.client.info(),
  };
}

test("the package reads the same through the server as from CouchDB", async (t) => {
  const server = await testServer(t, { docs: 200 });
  const { auth } = server;
  const database = COUCHDB_URL === undefined ? "_replicator" : await server.createDatabase();
  const scheduler = server.scheduler();
  if (COUCHDB_URL !== undefined) {
    const ids = ["a/../b", "a+b c", '%2e?#"ü😀', "Z"];
    await server.write(
      database,
      ids.map((id) => endedReplication(id, id === "Z" ? "failed" : "completed")),
    );
    while ((await scheduler.listDocs({ database })).docs.length < ids.length) await new Promise(setImmediate);
  }
  const url = await served({ couchdb: { url: server.url, options: { auth, fetch: server.fetch } } }, FAST);
  const through = new Scheduler(`${url}/couchdb`);
  assert.deepEqual(await everything(through, database), await everything(scheduler, database));
  assert.notEqual((await scheduler.listDocs({ database })).docs.length, 0);
  if (COUCHDB_URL === undefined) {
    const { jobs } = await scheduler.listJobs();
    assert.deepEqual(await through.listJobs(), await scheduler.listJobs());
    assert.deepEqual(await through.getJob(jobs[0]?.id ?? ""), await scheduler.getJob(jobs[0]?.id ?? ""));
  }
  /** @param {Scheduler} scheduler */
  const watched = async (scheduler) => {
    const { value } = await scheduler.watch({ database, interval: 1 }).next();
    return value;
  };
  assert.deepEqual(await watched(through), await watched(scheduler));
});

test("rows have no passwords, and documents with credentials are never read", async () => {
  const row = {
    database: "_replicator",
    doc_id: "a",
    id: null,
    source: "http://u:s3cret@a.example/x?api_key=s3cret",
    target: "http://b.example/x",
    state: "failed",
    info: { error: "could not open http://u:s3cret@a.example/x, Authorization: Basic dTpzM2NyZXQ=" },
    error_count: 1,
    last_updated: "2026-11-22T10:00:00Z",
    start_time: "2026-11-22T10:00:00Z",
    headers: { Authorization: "Basic dTpzM2NyZXQ=" },
  };
  const job = { ...row, id: "j", history: [{ type: "crashed", timestamp: row.start_time, reason: row.info.error }] };
  const host = await upstream(({ url = "" }, response) => {
    const isOne = /\/(a|j)$/.test(url);
    const one = url.includes("jobs") ? job : row;
    response.end(JSON.stringify(isOne ? one : { total_rows: 1, offset: 0, docs: [row], jobs: [job] }));
  });
  const url = await served({ couchdbUrl: `http://admin:s3cret@${host}` });
  for (const path of ["docs/_replicator", "docs/_replicator/a", "jobs", "jobs/j"]) {
    const response = await fetch(`${url}/couchdb/_scheduler/${path}`);
    const text = await response.text();
    assert.equal(response.status, 200, text);
    assert.match(text, /\*{5}/);
    assert.doesNotMatch(text, /s3cret|dTpzM2NyZXQ/);
  }
  const { withAdmin, simulator } = await couch();
  const real = await served({ couchdbUrl: withAdmin });
  simulator.requests.length = 0;
  for (const path of ["_replicator/0001", "_replicator/_all_docs?limit=9&include_docs=true", "_replicator/_find"]) {
    assert.equal((await fetch(`${real}/couchdb/${path}`)).status, 403, path);
  }
  assert.equal(simulator.requests.length, 0);
});

test("of other responses, only the known members are passed on", async () => {
  const odd = {
    total_rows: 1,
    offset: 0,
    last_seq: "1",
    secret: "s3cret",
    rows: [{ id: "a", key: "a", value: { rev: "1-a" }, doc: { source: "s3cret" } }],
    results: [{ seq: "1", id: "a", changes: [{ rev: "1-a" }], doc: { source: "s3cret" } }],
  };
  const host = await upstream((_, response) => response.end(JSON.stringify(odd)));
  const url = await served({ couchdbUrl: `http://admin:x@${host}` });
  const ids = await (await fetch(`${url}/couchdb/_replicator/_all_docs?limit=1`)).json();
  assert.deepEqual(ids.rows, [{ id: "a", key: "a", value: { rev: "1-a" } }]);
  const changes = await (await fetch(`${url}/couchdb/_replicator/_changes?since=now`)).json();
  assert.deepEqual(changes, { last_seq: "1", results: [{ seq: "1", id: "a", changes: [{ rev: "1-a" }] }] });
  assert.doesNotMatch(JSON.stringify(ids), /s3cret/);
});

test("an error of CouchDB is passed on in its words, without the server's own secrets", async () => {
  const reason = "hunter2-hunter2 is wrong, as is Basic YWRtaW46aHVudGVyMi1odW50ZXIy";
  const host = await upstream((_, response) => {
    response.writeHead(503, { "Retry-After": "7", "X-Other": "1" }).end(JSON.stringify({ error: "busy", reason }));
  });
  const url = await served({ couchdbUrl: `http://admin:hunter2-hunter2@${host}` });
  for (const path of ["_scheduler/jobs", "_replicator/_changes?since=now", "_session"]) {
    const response = await fetch(`${url}/couchdb/${path}`);
    assert.equal(response.status, 503);
    assert.equal(response.headers.get("retry-after"), "7");
    assert.equal(response.headers.get("x-other"), null);
    assert.deepEqual(await response.json(), { error: "busy", reason: "***** is wrong, as is Basic *****" });
  }
});

test("when to try again is a whole number of seconds, as HTTP has it", async () => {
  const host = await upstream((_, response) => response.writeHead(429, { "Retry-After": "0.2" }).end("{}"));
  const url = await served({ couchdbUrl: `http://admin:x@${host}` });
  assert.equal((await fetch(`${url}/couchdb/_session`)).headers.get("retry-after"), "1");
});

test("a redirect does not show where it leads: to CouchDB's other address, or to its login", async () => {
  const host = await upstream((request, response) => {
    response.writeHead(301, { Location: `https://${request.headers.host}${request.url}` }).end();
  });
  const url = await served({ couchdbUrl: `http://admin:secret@${host}` });
  for (const path of ["couchdb/_scheduler/jobs", "couchdb/_replicator/_changes?since=now", "api/summary"]) {
    const response = await fetch(`${url}/${path}`);
    assert.equal(response.status, 502);
    assert.equal((await response.json()).reason, "301 the server redirects", path);
  }
});

test("an answer of a proxy, or of nothing that is known, does not show the address of CouchDB", async () => {
  const host = await upstream((_, response) => response.writeHead(502).end("<html>Bad Gateway"));
  const url = await served({ couchdbUrl: `http://admin:secret@${host}` });
  for (const path of ["couchdb/_scheduler/jobs", "couchdb/_replicator/_changes?since=now", "api/summary"]) {
    const response = await fetch(`${url}/${path}`);
    assert.equal(response.status, 502);
    const { reason } = await response.json();
    assert.match(reason, /this is not CouchDB's response/);
    assert.ok(!reason.includes(host), reason);
  }
});

test("lists of another form are a 502 that says so", async () => {
  for (const body of ["<html>", "null", "[]", '{"results":"abc","rows":{}}', '{"results":[null],"rows":["x"]}']) {
    const url = await served({
      couchdbUrl: `http://admin:secret@${await upstream((_, response) => response.end(body))}`,
    });
    for (const path of ["_changes?since=now", "_all_docs?limit=1"]) {
      const response = await fetch(`${url}/couchdb/_replicator/${path}`);
      assert.equal(response.status, 502);
      assert.equal((await response.json()).reason, "CouchDB's response cannot be read.", body);
    }
  }
});

test("a CouchDB that cannot be reached is a 502 with an explanation", async () => {
  const closed = createTcpServer().listen(0, "127.0.0.1");
  await once(closed, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (closed.address());
  await new Promise((resolve) => closed.close(resolve));
  const url = await served({ couchdbUrl: `http://admin:secret@127.0.0.1:${port}` });
  const response = await fetch(`${url}/couchdb/_session`);
  assert.equal(response.status, 502);
  const { error, reason } = await response.json();
  assert.equal(error, "bad_gateway");
  assert.match(reason, /cannot connect to the server: connection refused/);
  assert.doesNotMatch(reason, /secret|127\.0\.0\.1/);
});

test("says that CouchDB is late without naming an option of the package", async () => {
  const client = new Client("http://couch.test", { fetch: () => new Promise(() => {}), timeout: 5, retries: 0 });
  const error = await client.info().catch((reason) => reason);
  assert.equal(error.code, "timeout");
  const { status, message } = refusalOf(error);
  assert.deepEqual([status, message], [504, "no response in time"]);
});

// Sooner than the time limit of the request to CouchDB.
test("a client that disconnects aborts the request to CouchDB", { timeout: 20_000 }, async () => {
  let begin = () => {};
  const begun = new Promise((resolve) => {
    begin = () => resolve(undefined);
  });
  /** @type {Promise<unknown>} */
  let end = Promise.resolve();
  const host = await upstream((_, response) => {
    end = once(response, "close");
    begin();
  });
  const url = await served({ couchdbUrl: `http://admin:x@${host}` });
  const controller = new AbortController();
  const response = fetch(`${url}/couchdb/_scheduler/jobs`, { signal: controller.signal });
  await begun;
  controller.abort();
  await assert.rejects(response);
  await end;
});

test("a redirect is neither followed nor passed on", async () => {
  for (const status of [300, 301, 302, 303, 305, 307, 308, 399]) {
    for (const location of ["https://u:s3cret@evil.example/db?token=s3cret", "/elsewhere", "http://[", undefined]) {
      const { host, seen } = await recorder();
      const moved = await upstream((_, response) => {
        const to = location?.replace("/elsewhere", `http://${host}/`);
        response.writeHead(status, to === undefined ? {} : { Location: to }).end();
      });
      const url = await served({ couchdbUrl: `http://admin:secret@${moved}` });
      for (const path of ["_scheduler/jobs", "_replicator/_changes?since=now"]) {
        const response = await fetch(`${url}/couchdb/${path}`, { redirect: "manual" });
        assert.equal(response.status, 502, `${status} ${location}`);
        assert.equal(response.headers.get("location"), null);
        assert.doesNotMatch(await response.text(), /s3cret|secret/);
      }
      assert.equal(seen.length, 0);
    }
  }
});

/** A server that responds to every request with these bytes, and disconnects. @param {string} bytes */
async function garbage(bytes) {
  const server = createTcpServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => socket.end(bytes, "latin1"));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  after(() => server.close());
  return `127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}`;
}

test("no response of CouchDB ends the server, or is passed on if it is not CouchDB's", async () => {
  for (const bytes of [
    "",
    "garbage\r\n\r\n",
    "HTTP/1.1 099 Low\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.1 000 Zero\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.1 600 High\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.1 999 High\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
    "HTTP/1.1 100 Continue\r\n\r\n",
    "HTTP/1.1 204 Nothing\r\n\r\n",
    "HTTP/1.1 304 Not Modified\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Type: a\x01b\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nshort\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnot hex",
    "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>",
    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
    "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnull",
    'HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n{"results":1}',
    `HTTP/1.1 200 OK\r\nX: ${"x".repeat(100_000)}\r\n\r\n`,
  ]) {
    const url = await served({ couchdbUrl: `http://admin:secret@${await garbage(bytes)}` });
    for (const path of ["_scheduler/jobs", "_replicator/_changes?since=now", "_session"]) {
      const response = await fetch(`${url}/couchdb/${path}`);
      assert.ok(response.status >= 500, `${response.status} ${path}: ${bytes.slice(0, 60)}`);
      assert.doesNotMatch(await response.text(), /secret/);
      assert.equal(response.headers.get("content-type"), "application/json");
    }
    assert.equal((await fetch(`${url}/healthz`)).status, 200, "it continues");
  }
});

test("only the headers that a request needs are sent, and only the time of the response is passed on", async () => {
  const { host, seen } = await recorder({
    ETag: '"1"',
    Date: "Sun, 22 Nov 2026 10:00:00 GMT",
    Location: "http://evil.example/",
    Refresh: "0; url=http://evil.example/",
    "WWW-Authenticate": 'Basic realm="x"',
    "Access-Control-Allow-Origin": "*",
    "Service-Worker-Allowed": "/",
    "Clear-Site-Data": '"*"',
    "Content-Security-Policy": "default-src *",
    "Content-Type": "text/html",
    "Set-Cookie": "theme=dark",
  });
  const url = await served({ couchdbUrl: `http://admin:x@${host}` });
  const { headers } = await fetch(`${url}/couchdb/_scheduler/jobs`, {
    headers: {
      "If-None-Match": '"0"',
      "X-Auth-CouchDB-UserName": "admin",
      "X-Forwarded-For": "1.2.3.4",
      "X-HTTP-Method-Override": "DELETE",
      Cookie: "AuthSession=other",
    },
  });
  assert.equal(headers.get("date"), "Sun, 22 Nov 2026 10:00:00 GMT");
  assert.deepEqual([...headers.keys()].sort(), [
    "cache-control",
    "connection",
    "content-length",
    "content-security-policy",
    "content-type",
    "cross-origin-resource-policy",
    "date",
    "keep-alive",
    "referrer-policy",
    "x-content-type-options",
  ]);
  assert.match(headers.get("content-security-policy") ?? "", /^sandbox;/);
  assert.equal(headers.get("content-type"), "application/json");
  const [{ method, headers: sent } = /** @type {any} */ ({})] = seen;
  assert.equal(method, "GET");
  assert.equal(sent.authorization, `Basic ${btoa("admin:x")}`);
  for (const name of ["if-none-match", "x-auth-couchdb-username", "x-forwarded-for", "x-http-method-override"]) {
    assert.equal(sent[name], undefined, name);
  }
  assert.equal(sent.cookie, undefined);
});

test("a path of CouchDB's URL is kept", async () => {
  const { host, seen } = await recorder();
  const url = await served({ couchdbUrl: `http://me:p%40ss@${host}/prefix/` });
  assert.equal(await statusWith(url, {}, "/couchdb/_scheduler/docs/team%2F_replicator?endkey=%22y%22"), 200);
  assert.equal(seen[0]?.url, "/prefix/_scheduler/docs/team%2F_replicator?endkey=%22y%22");
  assert.equal(seen[0]?.headers.authorization, `Basic ${btoa("me:p@ss")}`);
  assert.equal((await asked(url, "GET /couchdb")).status, 502, "not CouchDB's welcome");
  assert.equal(seen[1]?.url, "/prefix/");
});

test("a session with CouchDB is kept, and renewed when it has ended", async () => {
  const { url: couchdb, simulator } = await couch({ sessionSeconds: 600 });
  const auth = { type: /** @type {const} */ ("session"), username: "admin", password: "pass" };
  const url = await served({ couchdb: { url: couchdb, options: { auth } } }, FAST);
  const client = new Client(`${url}/couchdb`);
  for (let i = 0; i < 3; i++) await new Scheduler(client).listJobs();
  const logins = () =>
    simulator.requests.filter(({ method, path }) => method === "POST" && path === "/_session").length;
  assert.equal(logins(), 1, "one session");
  simulator.clock.advance(601_000);
  await new Scheduler(client).listJobs();
  assert.equal(logins(), 2, "renewed once");
  await assert.rejects(new Replicator(client).getReplication("0001"), { status: 403 });
});
