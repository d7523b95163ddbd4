// @ts-check
// Cookie sessions: one login for all requests, renewed before the cookie expires and when the server rejects it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Client, Scheduler } from "couchdb-scheduler";
import { createSimulator } from "../../simulator/index.js";
import { stopClocks } from "../support/clock.js";
import { testOfSimulator } from "../support/server.js";

const MALFORMED = JSON.stringify({
  error: "bad_request",
  reason: "Malformed AuthSession cookie. Please clear your cookies.",
});

/** @param {Partial<import("couchdb-scheduler").SessionAuth>} [auth] */
function inSession(auth) {
  const simulator = createSimulator({ docs: 5 });
  const client = new Client("http://couch.test:5984", {
    auth: { type: "session", username: "admin", password: "pass", ...auth },
    fetch: simulator.fetch,
    retries: 0,
  });
  const logins = () =>
    simulator.requests.filter(({ method, path }) => method === "POST" && path === "/_session").length;
  return { simulator, client, scheduler: new Scheduler(client), logins };
}

/** @param {Scheduler} scheduler @param {number} count */
const callsAtOnce = (scheduler, count) => Promise.allSettled(Array.from({ length: count }, () => scheduler.listJobs()));

/** @param {PromiseSettledResult<unknown>[]} results */
const failures = (results) => results.flatMap((result) => (result.status === "rejected" ? [result.reason.code] : []));

testOfSimulator("50 concurrent calls send one login, and send its cookie and nothing else", async () => {
  const { simulator, scheduler, logins } = inSession();
  assert.deepEqual(failures(await callsAtOnce(scheduler, 50)), []);
  assert.equal(logins(), 1);
  for (const { path, headers } of simulator.requests.filter(({ method }) => method === "GET")) {
    assert.match(headers.get("cookie") ?? "", /^AuthSession=[^;]+$/, path);
    assert.equal(headers.get("authorization"), null);
  }
});

testOfSimulator("at 80 % of its lifetime the cookie is renewed once for all calls", async (t) => {
  stopClocks(t);
  const { scheduler, logins } = inSession();
  await scheduler.listJobs();
  t.mock.timers.tick(479_000);
  await callsAtOnce(scheduler, 50);
  assert.equal(logins(), 1);
  t.mock.timers.tick(2_000);
  assert.deepEqual(failures(await callsAtOnce(scheduler, 50)), []);
  assert.equal(logins(), 2);
});

testOfSimulator(
  "a cookie that the server no longer accepts is renewed once for 50 calls, and all of them succeed",
  async () => {
    const { simulator, scheduler, logins } = inSession();
    await scheduler.listJobs();
    // The server's clock advances, the client's does not: to the client the cookie is still valid.
    simulator.clock.advance(700_000);
    assert.deepEqual(failures(await callsAtOnce(scheduler, 50)), []);
    assert.equal(logins(), 2);
  },
);

testOfSimulator("a cookie that the server calls malformed is renewed, too", async () => {
  const { simulator, scheduler, logins } = inSession();
  await scheduler.listJobs();
  simulator.fail({ path: "/_scheduler/jobs", status: 400, body: MALFORMED });
  await scheduler.listJobs();
  assert.equal(logins(), 2);
});

testOfSimulator("a cookie refused again after the login is an error, without another login", async () => {
  const { simulator, scheduler, logins } = inSession();
  simulator.fail({
    path: "/_scheduler/jobs",
    status: 401,
    times: Infinity,
    body: '{"error":"unauthorized","reason":"no"}',
  });
  await assert.rejects(scheduler.listJobs(), { code: "unauthorized" });
  assert.equal(logins(), 2);
});

testOfSimulator("wrong credentials send one login for all concurrent calls, and do not lock the account", async () => {
  const { scheduler, logins } = inSession({ password: "wrong" });
  const results = await callsAtOnce(scheduler, 50);
  assert.deepEqual(new Set(failures(results)), new Set(["unauthorized"]));
  assert.equal(results.length, failures(results).length);
  assert.equal(logins(), 1);
});

testOfSimulator("each call of a user with wrong credentials sends one login, until the account is locked", async () => {
  const { scheduler, logins } = inSession({ password: "wrong" });
  const codes = [];
  for (let action = 1; action <= 7; action++) {
    codes.push(...failures(await callsAtOnce(scheduler, 1)));
    assert.equal(logins(), action);
  }
  assert.deepEqual(codes, [...Array(5).fill("unauthorized"), "locked_out", "locked_out"]);
});

testOfSimulator("with HTTP Basic, wrong credentials are sent once per call, by iterators too", async () => {
  const simulator = createSimulator({ docs: 5 });
  const auth = { username: "admin", password: "wrong" };
  const scheduler = new Scheduler("http://couch.test:5984", { auth, fetch: simulator.fetch });
  await assert.rejects(scheduler.listDocs(), { code: "unauthorized", attempts: 1 });
  const iterator = scheduler.docs();
  await assert.rejects(iterator.next(), { code: "unauthorized" });
  assert.deepEqual(await iterator.next(), { done: true, value: undefined });
  await assert.rejects(scheduler.summary(), { code: "unauthorized" });
  assert.equal(simulator.requests.length, 3);
});

testOfSimulator("an abort during the login does not affect other calls", async () => {
  const { scheduler, logins } = inSession();
  const controller = new AbortController();
  const aborted = scheduler.listJobs({ signal: controller.signal });
  const other = scheduler.listJobs();
  controller.abort("not me");
  await assert.rejects(aborted, (reason) => reason === "not me");
  await other;
  assert.equal(logins(), 1);
});

testOfSimulator("close() and the end of an await using block end the session", async () => {
  for (const end of ["close", Symbol.asyncDispose]) {
    const { simulator, client, scheduler } = inSession();
    await scheduler.listJobs();
    assert.equal(await /** @type {any} */ (client)[end](), undefined);
    const last = simulator.requests.at(-1);
    assert.deepEqual([last?.method, last?.path, last?.status], ["DELETE", "/_session", 200]);
    assert.match(last?.headers.get("cookie") ?? "", /^AuthSession=/);
    await client.close();
    assert.equal(simulator.requests.at(-1), last, "no session is left to end");
  }
});

test("close() of a client without a session sends nothing", async () => {
  const client = new Client("http://couch.test:5984", { fetch: () => assert.fail("sent") });
  await client.close();
});
