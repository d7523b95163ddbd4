// @ts-check
// Redirects between real servers: no request follows one, so that credentials and documents stay with their server.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { test } from "node:test";
import { Client, Replicator, Scheduler } from "couchdb-scheduler";
import { errorOf } from "../support/promises.js";

/**
 * @typedef {import("couchdb-scheduler").SchedulerError} SchedulerError
 * @typedef {import("couchdb-scheduler").ClientOptions} ClientOptions
 * @typedef {{ url: string, requests: { method?: string, url?: string, headers: object, body: string }[] }} Server
 */

const PASSWORD = "hunter2-S3CR3T";
const auth = { username: "admin", password: PASSWORD };
const STATUSES = [301, 302, 303, 307, 308];

/**
 * A server that records its requests. It redirects all of them to `location`, or responds if there is none.
 *
 * @param {import("node:test").TestContext} t
 * @param {number} [status]
 * @param {string} [location]
 * @returns {Promise<Server>}
 */
async function listening(t, status = 200, location) {
  /** @type {Server["requests"]} */
  const requests = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    requests.push({ method: request.method, url: request.url, headers: request.headers, body });
    if (location !== undefined) response.setHeader("location", location);
    response.setHeader("set-cookie", "AuthSession=stolen; Max-Age=600");
    response.writeHead(status, { "content-type": "application/json" });
    response.end('{"ok":true,"id":"a","rev":"1-a","doc_id":"a","access_token":"stolen"}');
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return { url: `http://127.0.0.1:${port}`, requests };
}

/** @param {import("node:test").TestContext} t @param {number} status @param {string} path */
async function redirecting(t, status, path) {
  const elsewhere = await listening(t);
  const server = await listening(t, status, elsewhere.url + path);
  return { server, elsewhere };
}

const replication = {
  id: "a",
  source: { url: "https://a.test/a", auth: { basic: auth } },
  target: "https://b.test/b",
};

/** Calls that send a secret. @type {[string, (url: string) => Promise<unknown>][]} */
const CALLS = [
  ["a login", (url) => new Client(url, { auth: { ...auth, type: "session" } }).session()],
  ["a login for a list", (url) => new Scheduler(url, { auth: { ...auth, type: "session" } }).listDocs()],
  ["name and password", (url) => new Scheduler(url, { auth }).getDoc("a")],
  ["user info of the URL", (url) => new Client(url.replace("//", `//admin:${PASSWORD}@`)).info()],
  ["a bearer token", (url) => new Scheduler(url, { auth: { type: "bearer", token: PASSWORD } }).listJobs()],
  ["the headers option", (url) => new Scheduler(url, { headers: { "X-Api-Key": PASSWORD } }).summary()],
  ["a new replication", (url) => new Replicator(new Client(url, { auth })).createReplication(replication)],
  [
    "a replication that is stopped",
    (url) => new Replicator(new Client(url, { auth })).stopReplication("a").then(() => "stopped"),
  ],
  ["a replication that is restarted", (url) => new Replicator(new Client(url, { auth })).restartReplication("a")],
  ["a replication that is changed", (url) => new Replicator(new Client(url, { auth })).updateReplication("a", {})],
  [
    "an API key",
    (url) =>
      new Scheduler("http://couch.test", {
        auth: { type: "iam", apiKey: PASSWORD, tokenUrl: `${url}/identity/token` },
      }).listDocs(),
  ],
];

for (const status of STATUSES) {
  for (const [name, call] of CALLS) {
    test(`${status}: ${name} is not sent to the redirect's target`, async (t) => {
      const { server, elsewhere } = await redirecting(t, status, "/there");
      const error = await errorOf(call(server.url));
      assert.deepEqual(elsewhere.requests, []);
      // A second attempt would not help.
      assert.equal(server.requests.length, 1);
      assert.deepEqual([error.code, error.status, error.attempts], ["invalid_response", status, 1]);
      assert.ok(error.message.includes(`redirects to ${elsewhere.url}/there;`), error.message);
      assert.match(error.message, /use the final URL/);
    });
  }
}

test("createReplication() stays a PUT, though a client that follows a 301 would make it a GET", async (t) => {
  const { server, elsewhere } = await redirecting(t, 301, "/_replicator/a");
  const creating = new Replicator(new Client(server.url, { auth })).createReplication(replication);
  assert.equal((await errorOf(creating)).method, "PUT");
  assert.deepEqual(
    server.requests.map(({ method, url }) => [method, url]),
    [["PUT", "/_replicator/a"]],
  );
  assert.deepEqual(elsewhere.requests, []);
});

/** All texts of an error. @param {SchedulerError} error */
const everything = (error) =>
  [error.message, error.stack, JSON.stringify(error), JSON.stringify(Object.entries(error))].join("\n");

test("the error names the target, without user info, query, fragment or secrets", async (t) => {
  for (const [location, shown] of [
    [`https://admin:${PASSWORD}@other.test:6984/db?token=${PASSWORD}#${PASSWORD}`, "https://other.test:6984/db"],
    ["https://u:p%40ss-word@other.test/", "https://other.test/"],
    [`https://other.test/login/${PASSWORD}/next?u=${PASSWORD}`, "https://other.test/login/*****/next"],
    [`https://other.test/${encodeURIComponent(btoa(`admin:${PASSWORD}`))}`, "https://other.test/*****%3D"],
    ["https://other.test/a/b%2Fc", "https://other.test/a/b%2Fc"],
    ["HTTPS://Other.Test:443/A", "https://other.test/A"],
  ]) {
    const server = await listening(t, 307, location);
    const error = await errorOf(new Scheduler(server.url, { auth }).listDocs());
    assert.ok(error.message.includes(`redirects to ${shown};`), `${location}: ${error.message}`);
    const text = everything(error);
    for (const secret of [PASSWORD, "p%40ss-word", "token=", btoa(`admin:${PASSWORD}`)]) {
      assert.ok(!text.includes(secret), text);
    }
  }
});

test("a relative Location is shown as a URL, and is not requested either", async (t) => {
  for (const [location, path] of [
    ["/couchdb/_scheduler/docs", "/couchdb/_scheduler/docs"],
    ["?page=2", "/_scheduler/docs/_replicator/a"],
    ["b", "/_scheduler/docs/_replicator/b"],
    ["//other.test/x", undefined],
  ]) {
    const server = await listening(t, 308, location);
    const error = await errorOf(new Scheduler(server.url, { auth }).getDoc("a"));
    const target = path === undefined ? "http://other.test/x" : server.url + path;
    assert.ok(error.message.includes(`redirects to ${target};`), error.message);
    assert.equal(server.requests.length, 1);
  }
});

test("a Location that is not a URL is not shown, and a missing one is not invented", async (t) => {
  for (const location of [`http://[${PASSWORD}`, "http://", "https://a b/", undefined]) {
    const server = await listening(t, 302, location);
    const error = await errorOf(new Scheduler(server.url, { auth }).listJobs());
    assert.equal(error.code, "invalid_response");
    assert.match(error.message, /redirects to another address;/);
    assert.ok(!everything(error).includes(PASSWORD));
  }
});

test("the server's own answers after a redirect are never treated as redirects", async (t) => {
  // A Location of a 200 or a 201 is not a redirect: CouchDB sends one for a created document.
  const server = await listening(t, 201, "http://other.test/_replicator/a");
  const created = await new Replicator(new Client(server.url, { auth })).createReplication(replication);
  assert.equal(created.id, "a");
});
