// @ts-check
// Transient errors are retried after increasing delays; others are not.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Scheduler } from "couchdb-scheduler";
import { docRows, listText } from "../support/answers.js";
import { stopClocks } from "../support/clock.js";
import { nextTurn, outcomeOf, rowsAndError } from "../support/promises.js";

const GOOD = listText(docRows(3));

/**
 * A scheduler whose server sends these responses one after the other, the last one repeatedly.
 *
 * @param {(() => unknown)[]} answers
 * @param {import("couchdb-scheduler").ClientOptions} [options]
 */
function answeredInTurn(answers, options) {
  const server = { requests: 0 };
  const fetch = /** @type {any} */ (async () => answers[Math.min(server.requests++, answers.length - 1)]());
  return { server, scheduler: new Scheduler("http://couch.test", { ...options, fetch }) };
}

/** @param {number} status @param {Record<string, string>} [headers] */
const refusing = (status, headers) => () => new Response('{"error":"x","reason":"y"}', { status, headers });
const refused = () => Promise.reject(new TypeError("fetch failed"));
const good = () => new Response(GOOD);

/** Waits until the delay between two attempts has begun, and advances the clock by `ms`. @param {import("node:test").TestContext} t @param {number} ms */
async function goBy(t, ms) {
  for (let turn = 0; turn < 20; turn++) await nextTurn();
  t.mock.timers.tick(ms);
}

/** @param {import("node:test").TestContext} t */
function stopTheClock(t) {
  stopClocks(t, { timers: true, now: Date.parse("2026-11-22T12:00:00Z") });
}

for (const status of [408, 429, 500, 502, 503, 504, 507, 509, 520, 521, 522, 523, 524, 529, 530, 598]) {
  test(`${status} is retried`, async (t) => {
    stopTheClock(t);
    const { server, scheduler } = answeredInTurn([refusing(status), refusing(status), good]);
    const list = scheduler.listDocs();
    await goBy(t, 250);
    await goBy(t, 0);
    assert.equal(server.requests, 2);
    await goBy(t, 500);
    assert.equal((await list).docs.length, 3);
    assert.equal(server.requests, 3);
  });
}

test("a network error is retried, and the final error has the number of attempts", async (t) => {
  stopTheClock(t);
  const { server, scheduler } = answeredInTurn([refused], { retries: 3 });
  const list = scheduler.getDoc("a");
  const rejected = assert.rejects(list, { code: "network", attempts: 4 });
  for (const longest of [250, 500, 1000]) await goBy(t, longest);
  await rejected;
  assert.equal(server.requests, 4);
});

for (const status of [400, 401, 403, 405, 409, 501, 505, 508, 511, 526]) {
  test(`${status} is not retried`, async () => {
    const { server, scheduler } = answeredInTurn([refusing(status), good]);
    await assert.rejects(scheduler.listDocs(), { status, attempts: 1 });
    assert.equal(server.requests, 1);
  });
}

test("retries: 0 disables retries", async () => {
  const { server, scheduler } = answeredInTurn([refused, good], { retries: 0 });
  await assert.rejects(scheduler.listJobs(), { code: "network", attempts: 1 });
  assert.equal(server.requests, 1);
});

for (const [form, value, seconds] of /** @type {[string, string, number][]} */ ([
  ["seconds", "7", 7],
  ["a date", "Sun, 22 Nov 2026 12:00:20 GMT", 20],
  ["a minute, the longest that is waited for", "60", 60],
])) {
  test(`Retry-After as ${form}`, async (t) => {
    stopTheClock(t);
    const { server, scheduler } = answeredInTurn([refusing(429, { "retry-after": value }), good]);
    const list = scheduler.listDocs();
    await goBy(t, seconds * 1000 - 1);
    await goBy(t, 0);
    assert.equal(server.requests, 1);
    await goBy(t, 1);
    await list;
    assert.equal(server.requests, 2);
  });
}

test("a Retry-After of more than a minute rejects immediately", async () => {
  const { server, scheduler } = answeredInTurn([refusing(429, { "retry-after": "61" }), good]);
  await assert.rejects(scheduler.listDocs(), { code: "rate_limited", retryAfter: 61, attempts: 1 });
  assert.equal(server.requests, 1);
});

for (const value of ["0", "-5", "Sun, 22 Nov 2026 11:00:00 GMT", "soon", ""]) {
  test(`a Retry-After of ${JSON.stringify(value)} does not replace the client's own delay`, async (t) => {
    stopTheClock(t);
    t.mock.method(Math, "random", () => 0.5);
    const { server, scheduler } = answeredInTurn([refusing(503, { "retry-after": value }), good]);
    const list = scheduler.listDocs();
    await goBy(t, 124);
    await goBy(t, 0);
    assert.equal(server.requests, 1);
    await goBy(t, 1);
    await list;
    assert.equal(server.requests, 2);
  });
}

test("an error has the value of Retry-After", async () => {
  const { scheduler } = answeredInTurn([refusing(429, { "retry-after": "7" })], { retries: 0 });
  await assert.rejects(scheduler.listDocs(), { code: "rate_limited", retryAfter: 7 });
});

test("an abort ends the delay immediately, with its own reason", async (t) => {
  stopTheClock(t);
  const { server, scheduler } = answeredInTurn([refusing(503, { "retry-after": "60" }), good]);
  const controller = new AbortController();
  const list = scheduler.listDocs({ signal: controller.signal });
  await goBy(t, 10);
  controller.abort("enough");
  assert.deepEqual(await outcomeOf(list), { status: "rejected", reason: "enough" });
  await goBy(t, 60_000);
  assert.equal(server.requests, 1);
});

test("every method retries a response that is cut off before its first row", async (t) => {
  stopTheClock(t);
  const cut = () => new Response(GOOD.slice(0, 60));
  for (const call of /** @type {((scheduler: Scheduler) => Promise<unknown>)[]} */ ([
    (scheduler) => scheduler.listDocs(),
    (scheduler) => scheduler.listDocs({ limit: 2 }),
    (scheduler) => scheduler.summary(),
    (scheduler) => scheduler.docs().next(),
    (scheduler) => scheduler.docs({ states: ["completed"] }).next(),
    (scheduler) => scheduler.jobs().next(),
    (scheduler) => scheduler.listJobs(),
  ])) {
    const { scheduler } = answeredInTurn([cut, good]);
    const result = call(scheduler);
    await goBy(t, 250);
    assert.equal((await outcomeOf(result)).status, "fulfilled", String(call));
  }
});

test("a stream that breaks off after yielded rows is an error", async () => {
  const jobs = listText([{ id: "a" }, { id: "b" }, { id: "c" }], "jobs");
  const { server, scheduler } = answeredInTurn([() => new Response(jobs.slice(0, -9)), () => new Response(jobs)]);
  const { rows, error } = await rowsAndError(scheduler.jobs());
  assert.equal(rows.length, 2);
  assert.equal(error.code, "truncated");
  assert.match(error.message, /2 rows/);
  assert.equal(server.requests, 1);
});

test("a list that breaks off continues after the last received row", async (t) => {
  stopTheClock(t);
  /** @type {string[]} */
  const urls = [];
  const rows = docRows(3);
  const fetch = /** @type {any} */ (
    async (/** @type {string} */ url) => {
      urls.push(url);
      return new Response(urls.length === 1 ? GOOD.slice(0, -20) : listText(rows.slice(1)));
    }
  );
  const list = new Scheduler("http://couch.test", { fetch }).listDocs();
  await goBy(t, 250);
  const { docs } = await list;
  assert.deepEqual(
    docs.map((doc) => doc.doc_id),
    rows.map((row) => row.doc_id),
  );
  assert.match(urls[1], /startkey=%22doc-000001%22/);
});
