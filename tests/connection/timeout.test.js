// @ts-check
// The time limit of one attempt, including its body. The clock is the test's.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Client, Scheduler } from "couchdb-scheduler";
import { docRows, listText, signalOf } from "../support/answers.js";
import { stopClocks } from "../support/clock.js";
import { nextTurn, outcomeOf } from "../support/promises.js";

/** @typedef {import("node:test").TestContext} TestContext */

/** @param {TestContext} t */
function stopClock(t) {
  stopClocks(t, { timers: true });
}

/** @type {typeof globalThis.fetch} */
const neverAnswers = () => new Promise(() => {});

/** A `fetch` whose bodies continue when the test lets them. */
function answeringWhenTold() {
  const pieces = [listText(docRows(6, "failed"))];
  const text = pieces[0];
  /** @type {ReadableStreamDefaultController<Uint8Array>[]} */
  const bodies = [];
  /** @type {AbortSignal[]} */
  const signals = [];
  /** @type {typeof globalThis.fetch} */
  const fetch = async (_url, init) => {
    signals.push(signalOf(init));
    return new Response(
      new ReadableStream({
        start(controller) {
          bodies.push(controller);
        },
      }),
    );
  };
  const send = (/** @type {number} */ from, /** @type {number} */ to = text.length) =>
    bodies[0].enqueue(new TextEncoder().encode(text.slice(from, to)));
  return { fetch, send, end: () => bodies[0].close(), signals, text, length: text.length };
}

/** @param {Promise<unknown>} promise */
async function assertTimedOut(promise) {
  const outcome = await outcomeOf(promise);
  assert.equal(outcome.status, "rejected");
  const { reason } = /** @type {{ reason: any }} */ (outcome);
  assert.deepEqual([reason.name, reason.code, reason.attempts], ["SchedulerError", "timeout", 1]);
  return reason;
}

/** @type {[string, (scheduler: Scheduler, client: Client) => Promise<unknown>][]} */
const CALLS = [
  ["listDocs()", (scheduler) => scheduler.listDocs()],
  ["getDoc()", (scheduler) => scheduler.getDoc("a")],
  ["listJobs()", (scheduler) => scheduler.listJobs()],
  ["getJob()", (scheduler) => scheduler.getJob("a")],
  ["docs()", (scheduler) => scheduler.docs().next()],
  ["jobs()", (scheduler) => scheduler.jobs().next()],
  ["summary()", (scheduler) => scheduler.summary()],
  ["incidents()", (scheduler) => scheduler.incidents()],
  ["info()", (_, client) => client.info()],
];

for (const [name, call] of CALLS) {
  test(`${name} is a timeout if fetch never responds`, async () => {
    const client = new Client("http://couch.test", { retries: 0, fetch: neverAnswers, timeout: 1 });
    await assert.rejects(call(new Scheduler(client), client), {
      name: "SchedulerError",
      code: "timeout",
      status: null,
    });
  });

  test(`${name} is a timeout if the body stalls`, async () => {
    const { fetch, send, signals } = answeringWhenTold();
    const client = new Client("http://couch.test", { retries: 0, fetch, timeout: 1 });
    const promise = call(new Scheduler(client), client);
    promise.catch(() => {});
    await nextTurn();
    send(0, 150);
    await assert.rejects(promise, { name: "SchedulerError", code: "timeout", status: 200 });
    assert.equal(signals[0].aborted, true, "the request continues");
  });
}

test("getDoc() waits 30 seconds by default, and not longer", async (t) => {
  stopClock(t);
  const promise = new Scheduler("http://couch.test", { retries: 0, fetch: neverAnswers }).getDoc("a");
  assert.equal((await outcomeOf(promise)).status, "pending");
  t.mock.timers.tick(29_999);
  assert.equal((await outcomeOf(promise)).status, "pending");
  t.mock.timers.tick(1);
  await assertTimedOut(promise);
});

test("getDoc() waits indefinitely with a timeout of 0 or Infinity, and long with a long one", async (t) => {
  stopClock(t);
  for (const timeout of [0, Number.POSITIVE_INFINITY, 1e12]) {
    const promise = new Scheduler("http://couch.test", { retries: 0, fetch: neverAnswers, timeout }).getDoc("a");
    assert.equal((await outcomeOf(promise)).status, "pending");
    t.mock.timers.tick(86_400_000);
    assert.equal((await outcomeOf(promise)).status, "pending", String(timeout));
  }
});

test("listDocs() applies the limit to headers and body together", async (t) => {
  stopClock(t);
  const { fetch, send, signals } = answeringWhenTold();
  const promise = new Scheduler("http://couch.test", { retries: 0, fetch, timeout: 100 }).listDocs();
  for (let at = 0; at < 90; at += 10) {
    assert.equal((await outcomeOf(promise)).status, "pending");
    send(at, at + 10);
    t.mock.timers.tick(11);
  }
  assert.equal((await outcomeOf(promise)).status, "pending", "after 99 ms");
  t.mock.timers.tick(1);
  const error = await assertTimedOut(promise);
  assert.equal(error.status, 200);
  assert.equal(signals[0].aborted, true);
});

test("the limit of a list begins again when rows arrive, and only then", async (t) => {
  stopClock(t);
  const { fetch, send, end, text } = answeringWhenTold();
  const scheduler = new Scheduler("http://couch.test", { retries: 0, fetch, timeout: 100 });
  const list = scheduler.listDocs();
  await outcomeOf(list);
  const ends = [...text.matchAll(/},?\r?\n/g)].map(({ index }) => index + 1).slice(0, 6);
  for (const [at, to] of ends.entries()) {
    t.mock.timers.tick(99);
    send(ends[at - 1] ?? 0, to);
    assert.equal((await outcomeOf(list)).status, "pending", `row ${at}`);
  }
  t.mock.timers.tick(99);
  send(/** @type {number} */ (ends.at(-1)));
  end();
  assert.equal((await list).docs.length, 6);

  const other = answeringWhenTold();
  const stalled = new Scheduler("http://couch.test", { retries: 0, fetch: other.fetch, timeout: 100 }).listDocs();
  await outcomeOf(stalled);
  const [row = 0] = ends;
  t.mock.timers.tick(99);
  for (const [from, to] of /** @type {const} */ ([
    [0, row],
    [row, row + 5],
    [row + 5, row + 9],
  ])) {
    other.send(from, to);
    assert.equal((await outcomeOf(stalled)).status, "pending");
    t.mock.timers.tick(33);
  }
  assert.equal((await outcomeOf(stalled)).status, "pending", "99 ms after the row");
  t.mock.timers.tick(1);
  await assertTimedOut(stalled);
});

test("docs() does not count the time of its consumer", async (t) => {
  stopClock(t);
  const { fetch, send, end, length } = answeringWhenTold();
  const rows = new Scheduler("http://couch.test", { retries: 0, fetch, timeout: 100 }).docs({ states: ["failed"] });
  const first = rows.next();
  await nextTurn();
  send(0);
  assert.ok(length > 0 && (await outcomeOf(first)).status === "fulfilled");
  end();
  await outcomeOf(Promise.resolve());
  for (let i = 0; i < 5; i++) await nextTurn();
  for (let i = 1; i < 6; i++) {
    t.mock.timers.tick(60_000);
    const outcome = await outcomeOf(rows.next());
    assert.equal(outcome.status, "fulfilled");
  }
  assert.deepEqual(await rows.next(), { done: true, value: undefined });
});

test("listDocs() leaves no timer", async (t) => {
  stopClock(t);
  /** @type {unknown[]} */
  const running = [];
  const { setTimeout: set, clearTimeout: clear } = globalThis;
  t.mock.method(globalThis, "setTimeout", (/** @type {any[]} */ ...args) => {
    const timer = Reflect.apply(set, globalThis, args);
    running.push(timer);
    return timer;
  });
  t.mock.method(globalThis, "clearTimeout", (/** @type {any} */ timer) => {
    running.splice(running.indexOf(timer), 1);
    clear(timer);
  });
  const fetches = [
    async () => new Response(listText(docRows(3))),
    async () => new Response("{}", { status: 404 }),
    async () => Promise.reject(new TypeError("fetch failed")),
  ];
  for (const fetch of fetches) {
    await outcomeOf(new Scheduler("http://couch.test", { retries: 0, fetch }).listDocs({ limit: 5 }));
    assert.equal(running.length, 0);
  }
  const controller = new AbortController();
  const aborted = new Scheduler("http://couch.test", { retries: 0, fetch: neverAnswers }).listDocs({
    signal: controller.signal,
  });
  await nextTurn();
  assert.equal(running.length, 1);
  controller.abort();
  await outcomeOf(aborted);
  assert.equal(running.length, 0);
});
