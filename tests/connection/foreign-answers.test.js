// @ts-check
// Responses of proxies, gateways and other servers: the error says who responded and what to do, and nothing is concluded from them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Client, Replicator, Scheduler } from "couchdb-scheduler";
import { answering } from "../support/answers.js";
import { errorOf, outcomeOf } from "../support/promises.js";
import { endedReplication, simulated } from "../support/server.js";

/** @typedef {import("couchdb-scheduler").ClientOptions} ClientOptions */

const URL_HERE = "http://couch.test:5984";

/** A scheduler whose server always sends this response. @param {number} status @param {unknown} body @param {ClientOptions} [options] @param {string} [type] */
function answered(status, body, options, type = "application/json") {
  const fetch = answering({ status, body, headers: { "content-type": type } });
  return new Scheduler(new Client(URL_HERE, { retries: 0, fetch, ...options }));
}

/** @param {string} title */
const page = (title) =>
  `<!doctype html>\n<html><head><title>\n  ${title}\n</title></head><body><h1>x</h1></body></html>`;

// Pages

/** Responses of proxies. @type {[number, string, import("couchdb-scheduler").SchedulerErrorCode][]} */
const PAGES = [
  [400, "400 The plain HTTP request was sent to HTTPS port", "bad_request"],
  [401, "401 Authorization Required", "unauthorized"],
  [403, "Attention Required! | Cloudflare", "forbidden"],
  [404, "404 Not Found", "invalid_response"],
  [407, "Proxy Authentication Required", "bad_request"],
  [413, "413 Request Entity Too Large", "bad_request"],
  [429, "Too Many Requests", "rate_limited"],
  [500, "Internal Server Error", "server_error"],
  [502, "502 Bad Gateway", "server_error"],
  [503, "503 Service Temporarily Unavailable", "server_error"],
  [504, "504 Gateway Time-out", "server_error"],
  [525, "SSL handshake failed", "server_error"],
];

for (const [status, title, code] of PAGES) {
  test(`a page with ${status} is not accepted as CouchDB's response`, async () => {
    for (const type of ["text/html", "text/html; charset=utf-8"]) {
      const error = await errorOf(answered(status, page(title), {}, type).listDocs());
      assert.equal(error.code, code);
      assert.equal(error.status, status);
      assert.deepEqual([error.error, error.reason], [null, null]);
      const says = `${status} this is not CouchDB's response (text/html, “${title}”)`;
      assert.ok(error.message.startsWith(says), error.message);
    }
  });
}

test("the excerpt of such a response is short, on one line, and masked", async () => {
  for (const [body, shown] of [
    ["no healthy upstream", "“no healthy upstream”"],
    ["error code: 1020\n\n", "“error code: 1020”"],
    ['{"message":"no Route matched"}', '“{"message":"no Route matched"}”'],
    // A document, which can have credentials under any name.
    ['{"_id":"r","target":{"headers":{"X-Key":"S3CR3T-pw"}}}', undefined],
    ['  [{"X-Key":"S3CR3T-pw"}]', undefined],
    ['{"_id":"r","own":"S3CR3T-pw","source":"cut', undefined],
    ["", undefined],
    [page("x".repeat(500)), `“${"x".repeat(80)}…”`],
    [page("at http://u:S3CR3T-pw@h/"), "“at http://u:*****@h/”"],
    ["x".repeat(200_000), `“${"x".repeat(80)}…”`],
    [new Uint8Array([0xff, 0xfe, 0x00]), undefined],
    ["\u001b[31mred", "“[31mred”"],
  ]) {
    const { message } = await errorOf(answered(502, body, {}, "text/plain").listDocs());
    const portrait = shown === undefined ? "(text/plain)" : `(text/plain, ${shown})`;
    assert.ok(message.startsWith(`502 this is not CouchDB's response ${portrait}`), message);
  }
});

test("a page with 200 is shown in the same way", async () => {
  const scheduler = answered(200, page("Log in"), {}, "text/html");
  for (const call of [
    () => scheduler.listDocs(),
    () => scheduler.listJobs(),
    () => scheduler.summary(),
    () => scheduler.getDoc("a"),
    () => scheduler.client.info(),
    () => new Replicator(scheduler.client).getReplication("a"),
  ]) {
    const error = await errorOf(call());
    assert.equal(error.code, "invalid_response");
    assert.ok(error.message.includes("(text/html, “Log in”)"), error.message);
  }
});

// Errors of CouchDB and related servers

const NO_SCHEDULER = /this server has no replication scheduler; it requires CouchDB 2\.1 or later/;

test("a server without a scheduler is reported as such", async () => {
  /** @type {[string, number, unknown, (scheduler: Scheduler) => Promise<unknown>][]} */
  const answers = [
    [
      "CouchDB 1.x",
      400,
      { error: "illegal_database_name", reason: "Name: '_scheduler'. Only lowercase …" },
      (s) => s.listDocs(),
    ],
    [
      "CouchDB 1.x",
      400,
      { error: "illegal_database_name", reason: "Name: '_scheduler'. Only lowercase …" },
      (s) => s.listJobs(),
    ],
    [
      "CouchDB 1.x",
      400,
      { error: "illegal_database_name", reason: "Name: '_scheduler'. Only lowercase …" },
      (s) => s.getDoc("a"),
    ],
    ["CouchDB 2.0", 404, { error: "not_found", reason: "Database does not exist." }, (s) => s.listJobs()],
    ["pouchdb-server", 404, { error: "not_found", reason: "missing" }, (s) => s.listJobs()],
    ["pouchdb-server", 404, { error: "not_found", reason: "missing" }, (s) => s.listDocs()],
    ["pouchdb-server", 404, { error: "not_found", reason: "missing" }, (s) => s.summary()],
    ["Sync Gateway", 404, { error: "not found" }, (s) => s.listDocs()],
  ];
  for (const [server, status, body, call] of answers) {
    const error = await errorOf(call(answered(status, body)));
    assert.match(error.message, NO_SCHEDULER, server);
    assert.equal(error.status, status);
  }
});

test("a missing document or job does not", async () => {
  const scheduler = answered(404, { error: "not_found", reason: "missing" });
  for (const call of [() => scheduler.getDoc("jobs"), () => scheduler.getJob("0a"), () => scheduler.waitFor("docs")]) {
    const error = await errorOf(call());
    assert.equal(error.code, "not_found");
    assert.doesNotMatch(error.message, NO_SCHEDULER);
  }
});

test("a 401 names the credentials that were sent", async () => {
  const refusal = { error: "unauthorized", reason: "Signature does not match." };
  const admin = { error: "unauthorized", reason: "You are not a server admin." };
  const bearer = { auth: /** @type {const} */ ({ type: "bearer", token: "abc-token" }) };
  const basic = { auth: { username: "admin", password: "wr0ng-one" } };
  const iam = /** @type {const} */ ({ type: "iam", apiKey: "abc-api-key" });
  for (const options of [bearer, { auth: { type: bearer.auth.type, token: async () => "abc-token" } }]) {
    const { message } = await errorOf(answered(401, refusal, options).listDocs());
    assert.match(message, /check the token: it may have expired/);
    assert.doesNotMatch(message, /password/);
    const { message: forAdmin } = await errorOf(answered(401, admin, options).listDocs());
    assert.match(forAdmin, /server admin: check that the token has not expired/);
    assert.doesNotMatch(forAdmin, /password/);
  }
  const fetch = async (/** @type {any} */ url) =>
    url.includes("iam") ? Response.json({ access_token: "abc" }) : Response.json(refusal, { status: 401 });
  const { message } = await errorOf(new Scheduler(URL_HERE, { auth: iam, fetch, retries: 0 }).listDocs());
  assert.match(message, /check the token/);
  const { message: withPassword } = await errorOf(answered(401, refusal, basic).listDocs());
  assert.match(withPassword, /check the name and the password/);
  assert.doesNotMatch(withPassword, /token/);
  // A proxy in front of the server has other credentials.
  const { message: ofProxy } = await errorOf(answered(401, page("401"), bearer, "text/html").listDocs());
  assert.match(ofProxy, /a proxy in front of the server requires its own credentials/);
});

test("a proxy that decodes %2F is named if a path has one", async () => {
  const invalid = { error: "bad_request", reason: "Invalid path." };
  const missing = { error: "not_found", reason: "Database does not exist." };
  const database = "team/_replicator";
  for (const call of [
    (/** @type {Scheduler} */ scheduler) => scheduler.listDocs({ database }),
    (/** @type {Scheduler} */ scheduler) => scheduler.getDoc("a/b"),
    (/** @type {Scheduler} */ scheduler) => new Replicator(scheduler.client).getReplication("a", { database }),
  ]) {
    const error = await errorOf(call(answered(400, invalid)));
    assert.equal(error.code, "bad_request");
    assert.match(error.message, /a proxy may decode %2F in paths; it must forward paths unchanged/);
    const gone = await errorOf(call(answered(404, missing)));
    assert.equal(gone.code, "not_found");
    assert.match(gone.message, /or a proxy decodes %2F in paths/);
  }
  for (const body of [invalid, missing]) {
    const status = body === invalid ? 400 : 404;
    assert.doesNotMatch((await errorOf(answered(status, body).listDocs())).message, /%2F in paths/);
  }
});

// A 404 that is not CouchDB's

/** Responses of a proxy or a gateway about an unavailable server or an unknown path. */
const NOT_COUCHDBS = [
  page("404 Not Found"),
  "404 page not found\n",
  "",
  '{"message":"no Route matched with those values"}',
  '{"error":"Not Found","status":404,"path":"/x"}',
  '{"error":{"code":404,"message":"not_found"}}',
  '{"error":404}',
  '["not_found"]',
  '{"error":"no_route","reason":"missing"}',
  '{"error":"NOT_FOUND","reason":"missing"}',
];

/** A fleet of completed documents. @param {number} count @param {ClientOptions} [options] */
function fleet(count, options) {
  const { simulator, scheduler } = simulated({}, options);
  const database = simulator.fleet.databases.get("_replicator");
  assert.ok(database);
  for (let n = 0; n < count; n++) {
    const { _id, ...body } = endedReplication(`doc-${String(n).padStart(3, "0")}`);
    simulator.fleet.write(database, _id, /** @type {any} */ (body), { host: "couch.test:5984" });
  }
  simulator.clock.advance(60_000);
  return { simulator, scheduler, database };
}

for (const body of NOT_COUCHDBS) {
  for (const [how, options] of /** @type {[string, import("couchdb-scheduler").WatchOptions][]} */ ([
    ["watch({ docIds }) of three", { docIds: ["doc-000", "doc-001", "doc-002"] }],
    [
      "watch({ docIds }) of twenty",
      { docIds: Array.from({ length: 20 }, (_, n) => `doc-${String(n).padStart(3, "0")}`) },
    ],
    ["watch()", {}],
  ])) {
    test(`${how} continues after a 404 of ${JSON.stringify(body.slice(0, 30))}, and reports nothing as removed`, async () => {
      const { simulator, scheduler, database } = fleet(20);
      const watch = scheduler.watch({ interval: 1, ...options });
      assert.equal((await watch.next()).value.length, options.docIds?.length ?? 20);
      const before = simulator.requests.length;
      simulator.fail({ status: 404, body, times: 3 });
      simulator.fleet.write(database, "doc-001", {}, { host: "couch.test:5984", deleted: true });
      const { value, done } = await watch.next();
      assert.equal(done, false);
      assert.deepEqual(
        value.map((/** @type {any} */ change) => [change.type, change.doc_id]),
        [["removed", "doc-001"]],
      );
      const failed = simulator.requests.slice(before).filter(({ status }) => status === 404);
      assert.ok(failed.length >= 3, "it was answered so");
      await watch.return?.();
    });
  }

  test(`waitFor() continues after a 404 of ${JSON.stringify(body.slice(0, 30))}`, async () => {
    let requests = 0;
    const row = (/** @type {string} */ state) =>
      Response.json({ database: "_replicator", doc_id: "a", state, id: "0a" });
    const fetch = async () => {
      requests++;
      if (requests === 1) return row("running");
      return requests < 5 ? new Response(body, { status: 404 }) : row("completed");
    };
    const doc = await new Scheduler(URL_HERE, { fetch, retries: 0 }).waitFor("a", { interval: 1 });
    assert.equal(doc.state, "completed");
    assert.equal(requests, 5);
  });

  test(`stopReplication() rejects after a 404 of ${JSON.stringify(body.slice(0, 30))}: nothing was deleted`, async () => {
    const document = { _id: "a", _rev: "1-a", source: "http://a.test", target: "http://b.test" };
    for (const method of ["GET", "DELETE"]) {
      // Also if an earlier attempt broke off, after which CouchDB's own 404 would mean that it succeeded.
      for (const breaksOff of [false, true]) {
        let deletions = 0;
        const fetch = async (/** @type {any} */ _, /** @type {RequestInit | undefined} */ init) => {
          if (init?.method === "DELETE" && breaksOff && deletions++ === 0) throw new TypeError("fetch failed");
          return init?.method === method && (!breaksOff || deletions > 0)
            ? new Response(body, { status: 404 })
            : Response.json(document);
        };
        const replicator = new Replicator(URL_HERE, { fetch, retries: breaksOff ? 1 : 0 });
        const error = await errorOf(replicator.stopReplication("a"));
        assert.equal(error.code, "invalid_response", error.message);
        assert.equal(error.status, 404);
      }
    }
  });

  test(`the other calls reject after a 404 of ${JSON.stringify(body.slice(0, 30))}, and not with "not_found"`, async () => {
    const scheduler = answered(404, body);
    const replicator = new Replicator(scheduler.client);
    for (const call of [
      () => scheduler.getDoc("a"),
      () => scheduler.getJob("0a"),
      () => scheduler.listDocs(),
      () => scheduler.summary(),
      () => scheduler.watch().next(),
      () => scheduler.watch({ docIds: ["a"] }).next(),
      () => scheduler.watchJobs().next(),
      () => scheduler.waitFor("a"),
      () => replicator.replicationState("a"),
      () => replicator.getReplication("a"),
      () => scheduler.client.session(),
    ]) {
      const outcome = await outcomeOf(call(), 50);
      assert.equal(outcome.status, "rejected", String(call));
      assert.equal(/** @type {any} */ (outcome).reason.code, "invalid_response", String(call));
    }
  });
}

test("CouchDB's own 404 means that the document is not there", async () => {
  const missing = { error: "not_found", reason: "deleted" };
  assert.equal((await errorOf(answered(404, missing).getDoc("a"))).code, "not_found");
  const watch = answered(404, missing).watch({ docIds: ["a"] });
  assert.deepEqual((await watch.next()).value, []);
  await watch.return?.();
});
