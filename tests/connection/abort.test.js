// @ts-check
// A signal ends a call immediately, with its own reason, and no listener stays on it.

import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { test } from "node:test";
import { Client, Scheduler } from "couchdb-scheduler";
import { answering, docRows, forbiddenFetch, listText, signalOf, streamOf } from "../support/answers.js";
import { nextTurn, outcomeOf } from "../support/promises.js";

const LIST = listText(docRows(20));
const URL_HERE = "http://couch.test";

/** @type {[string, unknown][]} */
const REASONS = [
  ["an error", new Error("enough")],
  ["a string", "enough"],
  ["null", null],
  ["a number", 0],
  ["a symbol", Symbol("enough")],
  ["a frozen object", Object.freeze({ why: "enough" })],
  ["nothing, which is an AbortError", undefined],
];

/** Every method with a signal. @type {[string, (scheduler: Scheduler, client: Client, signal: AbortSignal) => Promise<unknown>][]} */
const CALLS = [
  ["listDocs()", (scheduler, _, signal) => scheduler.listDocs({ signal })],
  ["listDocs({ limit })", (scheduler, _, signal) => scheduler.listDocs({ signal, limit: 5 })],
  ["listDocs({ states })", (scheduler, _, signal) => scheduler.listDocs({ signal, states: ["failed"] })],
  ["getDoc()", (scheduler, _, signal) => scheduler.getDoc("a", { signal })],
  ["listJobs()", (scheduler, _, signal) => scheduler.listJobs({ signal })],
  ["getJob()", (scheduler, _, signal) => scheduler.getJob("a", { signal })],
  ["docs()", (scheduler, _, signal) => scheduler.docs({ signal }).next()],
  ["docs({ states })", (scheduler, _, signal) => lastOf(scheduler.docs({ signal, states: ["completed"] }))],
  ["jobs()", (scheduler, _, signal) => lastOf(scheduler.jobs({ signal }))],
  ["summary()", (scheduler, _, signal) => scheduler.summary({ signal })],
  ["incidents()", (scheduler, _, signal) => scheduler.incidents({ signal })],
  ["info()", (_, client, signal) => client.info({ signal })],
  ["session()", (_, client, signal) => client.session({ signal })],
];

/** @param {AsyncIterable<unknown>} rows */
async function lastOf(rows) {
  let last;
  for await (const row of rows) last = row;
  return last;
}

/** @param {typeof globalThis.fetch} fetch */
function pair(fetch) {
  const client = new Client(URL_HERE, { retries: 0, fetch });
  return /** @type {const} */ ([new Scheduler(client), client]);
}

/** A `fetch` that never responds, and ignores its signal. */
function silent() {
  /** @type {AbortSignal[]} */
  const signals = [];
  /** @type {typeof globalThis.fetch} */
  const fetch = (_url, init) => {
    signals.push(signalOf(init));
    return new Promise(() => {});
  };
  return { fetch, signals };
}

/** A `fetch` whose responses begin and never end. */
function stalling() {
  /** @type {AbortSignal[]} */
  const signals = [];
  /** @type {typeof globalThis.fetch} */
  const fetch = async (_url, init) => {
    signals.push(signalOf(init));
    let begun = false;
    const body = new ReadableStream({
      pull(controller) {
        if (!begun) controller.enqueue(new TextEncoder().encode(LIST.slice(0, 400)));
        else return new Promise(() => {});
        begun = true;
        return undefined;
      },
    });
    return new Response(body);
  };
  return { fetch, signals };
}

/** @param {Promise<unknown>} promise @param {AbortSignal} signal @param {string} what */
async function assertAborted(promise, signal, what) {
  const outcome = await outcomeOf(promise);
  assert.equal(outcome.status, "rejected", `${what}: ${outcome.status}`);
  assert.ok("reason" in outcome && Object.is(outcome.reason, signal.reason), what);
  assert.deepEqual(getEventListeners(signal, "abort"), [], what);
}

for (const [name, call] of CALLS) {
  test(`${name} rejects with the signal's reason if it is already aborted`, async () => {
    for (const [kind, reason] of REASONS) {
      const { fetch, calls } = forbiddenFetch();
      const signal = AbortSignal.abort(reason);
      await assertAborted(call(...pair(fetch), signal), signal, kind);
      assert.equal(calls(), 0);
    }
  });

  for (const [stage, make] of /** @type {const} */ ([
    ["while the server is waited for", silent],
    ["in the middle of the answer", stalling],
  ])) {
    test(`${name} rejects with the signal's reason if it is aborted ${stage}`, async () => {
      for (const [kind, reason] of REASONS) {
        const { fetch, signals } = make();
        const controller = new AbortController();
        const promise = call(...pair(fetch), controller.signal);
        assert.equal((await outcomeOf(promise)).status, "pending", kind);
        assert.equal(signals.length, 1);
        assert.equal(signals[0].aborted, false);
        controller.abort(reason);
        assert.equal(signals[0].aborted, true, "the request continues");
        await assertAborted(promise, controller.signal, kind);
        assert.equal(signals.length, 1);
      }
    });
  }

  test(`${name} leaves no listener on the signal`, async () => {
    const answers = [
      answering({ body: LIST }),
      answering({
        body: LIST.replace('"docs"', '"jobs"').replaceAll('"info":', '"pid":null,"id":"a","history":[],"x":'),
      }),
      answering({ status: 404, body: { error: "not_found", reason: "missing" } }),
      answering({ body: "{" }),
      async () => {
        throw new TypeError("fetch failed");
      },
    ];
    for (const fetch of answers) {
      const { signal } = new AbortController();
      await Promise.allSettled([call(...pair(fetch), signal)]);
      await nextTurn();
      // An iterator that has returned one row is still active.
      if (name !== "docs()") assert.deepEqual(getEventListeners(signal, "abort"), []);
    }
  });

  test(`${name} ignores an abort after its end`, async () => {
    const controller = new AbortController();
    const outcome = await outcomeOf(call(...pair(answering({ body: { doc_id: "a", docs: [] } })), controller.signal));
    controller.abort();
    await nextTurn();
    assert.notEqual(outcome.status, "pending");
  });
}

test("docs() and jobs() leave no listener on the signal after their end, break, return() or an error", async () => {
  const { signal } = new AbortController();
  const [scheduler] = pair(async () => new Response(streamOf(cut(LIST, 300))));
  const listeners = () => getEventListeners(signal, "abort").length;

  for await (const _row of scheduler.docs({ signal, pageSize: 50 })) assert.equal(listeners() > 0, true);
  assert.equal(listeners(), 0, "the end");
  for await (const _row of scheduler.docs({ signal })) break;
  assert.equal(listeners(), 0, "break");
  const returned = scheduler.docs({ signal, states: ["completed"] });
  await returned.next();
  await returned.return();
  assert.equal(listeners(), 0, "return()");
  const [broken] = pair(answering({ body: "{" }));
  await assert.rejects(broken.docs({ signal }).next());
  await assert.rejects(broken.jobs({ signal }).next());
  assert.equal(listeners(), 0, "an error");
  await assert.rejects(broken.docs({ signal, pageSize: 0 }).next(), RangeError);
  assert.equal(listeners(), 0, "a wrong argument");
});

/** @param {string} text @param {number} length */
function cut(text, length) {
  return Array.from({ length: Math.ceil(text.length / length) }, (_, i) => text.slice(i * length, (i + 1) * length));
}

test("docs() without a call of next() leaves no listener on the signal after return()", async () => {
  const { signal } = new AbortController();
  const { fetch, calls } = forbiddenFetch();
  const rows = pair(fetch)[0].docs({ signal });
  await rows.return();
  assert.deepEqual(getEventListeners(signal, "abort"), []);
  assert.deepEqual(await rows.next(), { done: true, value: undefined });
  assert.equal(calls(), 0);
});

test("listDocs() with one signal for many calls: the abort ends all of them", async () => {
  const controller = new AbortController();
  const { fetch, signals } = silent();
  const [scheduler] = pair(fetch);
  const { signal } = controller;
  const promises = Array.from({ length: 50 }, () => scheduler.listDocs({ signal }));
  await nextTurn();
  controller.abort("all");
  for (const outcome of await Promise.allSettled(promises)) {
    assert.deepEqual(outcome, { status: "rejected", reason: "all" });
  }
  assert.deepEqual(getEventListeners(signal, "abort"), []);
  assert.ok(signals.every(({ aborted }) => aborted));
});

test("getDoc() accepts AbortSignal.timeout() and AbortSignal.any()", async () => {
  const [scheduler] = pair(silent().fetch);
  await assert.rejects(scheduler.getDoc("a", { signal: AbortSignal.timeout(1) }), { name: "TimeoutError" });
  const controller = new AbortController();
  const any = AbortSignal.any([controller.signal]);
  const promise = scheduler.getDoc("a", { signal: any });
  controller.abort("any");
  await assert.rejects(promise, (reason) => reason === "any");
});

test("getDoc() accepts a signal of another library with the same methods", async () => {
  const target = new EventTarget();
  const signal = Object.assign(target, { aborted: false, reason: /** @type {unknown} */ (undefined) });
  const promise = pair(silent().fetch)[0].getDoc("a", { signal: /** @type {any} */ (signal) });
  await nextTurn();
  signal.reason = "other";
  signal.aborted = true;
  target.dispatchEvent(new Event("abort"));
  const outcome = await outcomeOf(promise);
  assert.deepEqual(outcome, { status: "rejected", reason: "other" });
});

test("listDocs() that is aborted in the body of an error response rejects with the reason", async () => {
  const controller = new AbortController();
  const body = new ReadableStream({ pull: () => new Promise(() => {}) });
  const promise = pair(async () => new Response(body, { status: 500 }))[0].listDocs({ signal: controller.signal });
  assert.equal((await outcomeOf(promise)).status, "pending");
  controller.abort("enough");
  assert.deepEqual(await outcomeOf(promise), { status: "rejected", reason: "enough" });
});

test("summary() rejects with the error of onProgress, and aborts the request", async () => {
  /** @type {AbortSignal[]} */
  const signals = [];
  const [scheduler] = pair(async (_url, init) => {
    signals.push(signalOf(init));
    return new Response(LIST);
  });
  const thrown = new Error("thrown by onProgress");
  const onProgress = () => {
    throw thrown;
  };
  assert.deepEqual(await outcomeOf(scheduler.summary({ onProgress })), { status: "rejected", reason: thrown });
});
