// @ts-check
// Client: the server's URL and the credentials, which it shows to no other server and in no output.

import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { Client, Scheduler, SchedulerError } from "couchdb-scheduler";
import { answering, headersOf, schedulerAnswered } from "../support/answers.js";
import { testOfSimulator, testServer } from "../support/server.js";

const SECRET = "s3cr3t/ü:@ %";
const EMPTY = '{"total_rows":0,"offset":0,"docs":[]}';

/** @param {string} user @param {string} password */
const basic = (user, password) => `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;

/** The only request that listDocs() sends with these arguments of a Client. @param {string | URL} url @param {object} [options] */
async function requestOf(url, options) {
  const fetch = answering({ body: EMPTY });
  await new Scheduler(url, { retries: 0, ...options, fetch }).listDocs();
  assert.equal(fetch.calls.length, 1);
  const [{ url: asked, init }] = fetch.calls;
  return { url: asked, init, headers: headersOf(init) };
}

test("new Client() moves user info from the URL to the header, percent-decoded", async () => {
  const url = `http://us%65r%40home:${encodeURIComponent(SECRET)}@couch.test:5984`;
  for (const here of [url, new URL(url), `${url}/`]) {
    const asked = await requestOf(here);
    assert.equal(asked.url, "http://couch.test:5984/_scheduler/docs/_replicator");
    assert.equal(asked.headers.authorization, basic("user@home", SECRET));
  }
});

test("new Client() sends names and passwords in any script as UTF-8", async () => {
  const auth = { username: "jürgen-日本", password: "пароль:😀" };
  assert.equal(
    (await requestOf("http://couch.test", { auth })).headers.authorization,
    basic(auth.username, auth.password),
  );
});

test("new Client() accepts a URL with only a name or only a password", async () => {
  assert.equal((await requestOf("http://user@couch.test")).headers.authorization, basic("user", ""));
  assert.equal((await requestOf("http://:word@couch.test")).headers.authorization, basic("", "word"));
});

test("new Client() prefers auth to the URL's user info", async () => {
  const asked = await requestOf("http://user:word@couch.test", { auth: { username: "a", password: "b" } });
  assert.equal(asked.headers.authorization, basic("a", "b"));
});

test("Client.url has no credentials and does not end with a slash", () => {
  const urls = {
    "http://couch.test:5984": "http://couch.test:5984",
    "http://user:word@couch.test:5984/": "http://couch.test:5984",
    "https://user:word@couch.test:443/db/server//": "https://couch.test/db/server",
    "HTTP://COUCH.test/A%20b/": "http://couch.test/A%20b",
    "http://[::1]:5984/": "http://[::1]:5984",
  };
  for (const [given, url] of Object.entries(urls)) {
    assert.equal(new Client(given).url, url);
    assert.equal(new Client(new URL(given)).url, url);
  }
});

test("Client keeps a path prefix", async () => {
  const { url } = await requestOf("http://proxy.test/couch/one/");
  assert.equal(url, "http://proxy.test/couch/one/_scheduler/docs/_replicator");
});

test("Client and Scheduler show no password to JSON.stringify, inspect and their keys", () => {
  const url = `http://user:${encodeURIComponent("hunter2")}@couch.test`;
  const auth = { username: "user", password: "hunter2" };
  const headers = { "x-token": "hunter2" };
  for (const object of [
    new Client(url),
    new Client("http://couch.test", { retries: 0, auth, headers }),
    new Scheduler(url),
  ]) {
    const shown = [JSON.stringify(object), inspect(object, { depth: 9, showHidden: true }), String(object)];
    assert.ok(!shown.join().includes("hunter2"), shown.join("\n"));
    assert.ok(!Reflect.ownKeys(object).map(String).join().includes("hunter2"));
  }
  assert.deepEqual(JSON.parse(JSON.stringify(new Client(url))), { url: "http://couch.test" });
});

test("errors of Client and Scheduler contain no password", async () => {
  const url = "http://user:hunter2@couch.test";
  /** @type {(typeof globalThis.fetch)[]} */
  const faults = [
    async () => {
      throw new TypeError("fetch failed");
    },
    answering({ status: 401, body: { error: "unauthorized", reason: "Name or password is incorrect." } }),
    answering({ status: 500, body: "no JSON" }),
    answering({ body: "{" }),
    answering({ body: "<html>" }),
  ];
  for (const fetch of faults) {
    const scheduler = new Scheduler(url, { retries: 0, fetch });
    const results = await Promise.allSettled([
      scheduler.listDocs(),
      scheduler.getDoc("a"),
      new Client(url, { retries: 0, fetch }).info(),
    ]);
    for (const result of results) {
      assert.equal(result.status, "rejected");
      const { reason } = /** @type {PromiseRejectedResult} */ (result);
      assert.ok(reason instanceof SchedulerError);
      const shown = [
        String(reason),
        reason.stack,
        JSON.stringify(reason),
        inspect(reason, { depth: 9, showHidden: true }),
      ];
      assert.ok(!shown.join().includes("hunter2") && !shown.join().includes(btoa("user:hunter2")), shown.join("\n"));
      assert.ok(reason.url.startsWith("http://couch.test/"));
    }
  }
});

test("Client sends Accept and Authorization, and no other header of its own", async () => {
  const authorized = await requestOf("http://user:word@couch.test");
  assert.deepEqual(authorized.headers, { accept: "application/json", authorization: basic("user", "word") });
  const anonymous = await requestOf("http://couch.test");
  assert.deepEqual(anonymous.headers, { accept: "application/json" });
  assert.deepEqual(Object.keys(anonymous.init).sort(), ["headers", "method", "redirect", "signal"]);
  assert.equal(anonymous.init.method, "GET");
  assert.equal(anonymous.init.body, undefined);
});

test("Client sends the given headers, which take precedence over its own", async () => {
  const headers = { "X-Token": "a, b", "accept-language": "de", Authorization: "Bearer own" };
  const asked = await requestOf("http://user:word@couch.test", { headers });
  const expected = { "x-token": "a, b", "accept-language": "de", authorization: "Bearer own" };
  assert.deepEqual(asked.headers, { accept: "application/json", ...expected });
});

test("Client is not affected by later changes of its options", async () => {
  const fetch = answering({ body: EMPTY });
  /** @type {any} */
  const options = { headers: { "x-a": "1" }, auth: { username: "a", password: "b" }, fetch };
  const url = new URL("http://couch.test");
  const scheduler = new Scheduler(url, options);
  options.headers["x-a"] = "2";
  options.auth.password = "c";
  options.fetch = undefined;
  url.host = "elsewhere.test";
  await scheduler.listDocs();
  assert.deepEqual(
    [headersOf(fetch.calls[0].init)["x-a"], headersOf(fetch.calls[0].init).authorization],
    ["1", basic("a", "b")],
  );
  assert.ok(fetch.calls[0].url.startsWith("http://couch.test/"));
});

test("Client passes `credentials` to fetch, if given", async () => {
  for (const credentials of /** @type {const} */ (["omit", "same-origin", "include"])) {
    assert.equal((await requestOf("http://couch.test", { credentials })).init.credentials, credentials);
  }
  assert.equal((await requestOf("http://couch.test")).init.credentials, undefined);
});

test("Client.cloudant() is a client for the account", async () => {
  assert.equal(Client.cloudant("acme-12").url, "https://acme-12.cloudant.com");
  const fetch = answering({ body: EMPTY });
  const client = Client.cloudant("acme", { auth: { username: "key", password: "word" }, fetch });
  assert.ok(client instanceof Client);
  await new Scheduler(client).listDocs();
  assert.equal(fetch.calls[0].url, "https://acme.cloudant.com/_scheduler/docs/_replicator");
  assert.equal(headersOf(fetch.calls[0].init).authorization, basic("key", "word"));
});

test("new Scheduler() shares a client, and does not close it", async () => {
  const fetch = answering({ body: EMPTY });
  const client = new Client("http://user:word@couch.test", { retries: 0, fetch, headers: { "x-a": "1" } });
  const schedulers = [new Scheduler(client), new Scheduler(client)];
  for (const scheduler of schedulers) await scheduler.listDocs();
  schedulers[0].free();
  await schedulers[1].listDocs();
  assert.equal(client.url, "http://couch.test");
  client.free();
  await schedulers[1].listDocs();
  assert.equal(fetch.calls.length, 4);
  for (const { init } of fetch.calls) {
    assert.deepEqual(headersOf(init), { accept: "application/json", authorization: basic("user", "word"), "x-a": "1" });
  }
});

test("info() returns the server's name and version", async (t) => {
  const info = await (await testServer(t)).client().info();
  assert.equal(info.couchdb, "Welcome");
  assert.match(info.version, /^3\./);
  assert.ok(info.features?.includes("scheduler"));
  assert.equal(info.vendor?.name, "The Apache Software Foundation");
});

test("session() returns the user, and the anonymous user", async (t) => {
  const { url, fetch, auth, client } = await testServer(t);
  const session = await client().session();
  assert.deepEqual([session.ok, session.userCtx.name], [true, auth.username]);
  assert.ok(session.userCtx.roles.includes("_admin"));
  const nobody = await new Client(url, { retries: 0, fetch }).session();
  assert.deepEqual([nobody.ok, nobody.userCtx.name], [true, null]);
});

test("info() and session() request / and /_session", async () => {
  const fetch = answering({ body: { couchdb: "Welcome", userCtx: { name: null, roles: [] } } });
  const client = new Client("http://couch.test/behind", { retries: 0, fetch });
  await client.info();
  await client.session();
  assert.deepEqual(
    fetch.calls.map(({ url }) => url),
    ["http://couch.test/behind/", "http://couch.test/behind/_session"],
  );
});

test("info() is invalid_response if something else responds", async () => {
  for (const body of ["<html></html>", "[]", "5", "null", '"text"', "", "{]", '{"a":1}{']) {
    const client = new Client("http://couch.test", { retries: 0, fetch: answering({ body }) });
    await assert.rejects(client.info(), (error) => {
      assert.ok(error instanceof SchedulerError, String(error));
      assert.ok(["invalid_response", "truncated"].includes(error.code), `${body}: ${error.code}`);
      return true;
    });
  }
});

test("listDocs() is unauthorized without a name, and with an unknown name", async (t) => {
  const { url, fetch } = await testServer(t);
  const nobody = { username: `nobody-${Math.random().toString(36).slice(2)}`, password: "guess" };
  for (const [options, says] of /** @type {const} */ ([
    [{ fetch }, /server admin/],
    [{ fetch, auth: nobody }, /incorrect/],
  ])) {
    await assert.rejects(new Scheduler(url, options).listDocs(), (/** @type {any} */ error) => {
      assert.deepEqual(
        [error.name, error.code, error.status, error.error],
        ["SchedulerError", "unauthorized", 401, "unauthorized"],
      );
      assert.match(error.reason, says);
      assert.match(error.requestId, /^[0-9a-f]{10}$/);
      return true;
    });
  }
});

testOfSimulator("listDocs() is locked_out after five wrong passwords, even with the right one", async (t) => {
  const { url, fetch, auth } = await testServer(t);
  const wrong = new Scheduler(url, { retries: 0, fetch, auth: { ...auth, password: "wrong" } });
  for (let i = 0; i < 5; i++) await assert.rejects(wrong.listDocs(), { code: "unauthorized" });
  await assert.rejects(new Scheduler(url, { retries: 0, fetch, auth }).listDocs(), { code: "locked_out", status: 403 });
});

test("SchedulerError is an Error with its own name, and enumerable members", async () => {
  const headers = { "x-couch-request-id": "0a1b2c3d4e", "retry-after": "7" };
  const scheduler = schedulerAnswered({
    status: 429,
    headers,
    body: { error: "too_many_requests", reason: "Slow down." },
  });
  await assert.rejects(scheduler.getDoc("a"), (error) => {
    assert.ok(error instanceof SchedulerError && error instanceof Error);
    assert.equal(String(error), `SchedulerError: ${error.message}`);
    assert.deepEqual(
      { ...error },
      {
        code: "rate_limited",
        status: 429,
        error: "too_many_requests",
        reason: "Slow down.",
        method: "GET",
        url: "http://couch.test:5984/_scheduler/docs/_replicator/a",
        requestId: "0a1b2c3d4e",
        attempts: 1,
        retryAfter: 7,
      },
    );
    return true;
  });
});
