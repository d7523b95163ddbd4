// @ts-check
// Every call with every fault: it settles with the right error, and the client works afterwards.

import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { Client, Replicator, Scheduler, SchedulerError } from "couchdb-scheduler";
import { nextTurn } from "../support/promises.js";
import { CALLS } from "./calls.js";
import { FAULTS } from "./faults.js";

/** Milliseconds after which a call counts as never settling. */
const BOUND = 60_000;

/** @type {unknown[]} */
const unhandled = [];
process.on("unhandledRejection", (reason) => unhandled.push(reason));

/**
 * A client whose `fetch` can be replaced.
 *
 * @param {import("couchdb-scheduler").ClientOptions} [options]
 */
function exchangeable(options) {
  const server = { answer: /** @type {(init: RequestInit) => any} */ (() => undefined), requests: 0 };
  const fetch = /** @type {any} */ (
    (/** @type {string} */ _, /** @type {RequestInit} */ init) => {
      server.requests++;
      return server.answer(init);
    }
  );
  const client = new Client("http://couch.test:5984", { retries: 0, ...options, fetch });
  return { server, handles: { client, scheduler: new Scheduler(client), replicator: new Replicator(client) } };
}

/** @param {Promise<unknown>} promise @param {string} what @returns {Promise<any>} the reason of its rejection */
async function rejection(promise, what) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, BOUND, "late");
  });
  const outcome = await Promise.race([
    promise.then(
      () => "fulfilled",
      (reason) => ({ reason }),
    ),
    late,
  ]);
  clearTimeout(timer);
  if (typeof outcome === "string") assert.fail(`${what}: ${outcome}`);
  return /** @type {{ reason: unknown }} */ (outcome).reason;
}

/** @param {import("./calls.js").Call} call @param {ReturnType<typeof exchangeable>} it */
async function worksAfterwards(call, { server, handles }) {
  server.answer = async () => new Response(call.good);
  assert.ok(await call.make(handles));
}

const REJECTING = CALLS.filter(({ reports }) => !reports);

test(`${REJECTING.length} calls meet ${FAULTS.length} faults`, async (t) => {
  assert.ok(FAULTS.length >= 25);
  const width = Math.max(...FAULTS.map(({ name }) => name.length));
  for (const fault of FAULTS) {
    const seen = new Set();
    for (const call of REJECTING) {
      const what = `${call.name}: ${fault.name}`;
      const it = exchangeable({ timeout: fault.timeout ?? 30_000 });
      it.server.answer = (init) => fault.answer(call.good, init);
      const error = await rejection(call.make(it.handles), what);
      assert.ok(error instanceof SchedulerError, `${what}: ${error}`);
      assert.equal(error.code, fault.code, what);
      if (fault.says) assert.match(error.message, fault.says, what);
      assert.ok(!inspect(error).includes("S3CR3T"), what);
      if ("cause" in fault) assert.equal(error.cause, fault.cause, what);
      assert.equal(error.attempts, 1, what);
      assert.ok(error.message.length > 10 && error.message.includes(error.url), what);
      await worksAfterwards(call, it);
      seen.add(error.code);
    }
    t.diagnostic(`${fault.name.padEnd(width)}  ${REJECTING.length} calls  ${[...seen].join(", ")}`);
  }
});

/** @type {[string, unknown][]} */
const REASONS = [
  ["a string", "stop"],
  ["an error", new Error("stop")],
  ["an object", { why: "stop" }],
  ["null", null],
  ["nothing, so a DOMException", undefined],
];

/** Aborts the signal as a `fetch` does. @type {[string, (good: string, abort: () => void, init: RequestInit) => unknown][]} */
const MOMENTS = [
  [
    "while fetch is called",
    (_, abort) => {
      abort();
      return new Promise(() => {});
    },
  ],
  [
    "while the headers are waited for",
    (_, abort, { signal }) => {
      setImmediate(abort);
      return new Promise((_, reject) => signal?.addEventListener("abort", () => reject(new Error("aborted"))));
    },
  ],
  [
    "in the body",
    async (good, abort) => {
      const first = new TextEncoder().encode(good.slice(0, 20));
      let pulls = 0;
      const pull = (/** @type {ReadableStreamDefaultController} */ controller) => {
        if (pulls++ === 0) return controller.enqueue(first);
        setImmediate(abort);
        return new Promise(() => {});
      };
      return new Response(new ReadableStream({ pull }, { highWaterMark: 0 }));
    },
  ],
];

test("an abort rejects with the signal's own reason, of any type and at any time", async () => {
  for (const call of CALLS) {
    for (const [kind, reason] of REASONS) {
      const before = exchangeable();
      const signal = AbortSignal.abort(reason);
      assert.equal(await rejection(call.make(before.handles, signal), `${call.name}, ${kind}`), signal.reason);
      assert.equal(before.server.requests, 0, `${call.name} sent something although it was aborted before`);
      await worksAfterwards(call, before);

      for (const [moment, answer] of MOMENTS) {
        const controller = new AbortController();
        const it = exchangeable();
        it.server.answer = (init) => answer(call.good, () => controller.abort(reason), init);
        const what = `${call.name}, ${kind} ${moment}`;
        assert.equal(await rejection(call.make(it.handles, controller.signal), what), controller.signal.reason, what);
        const { requests } = it.server;
        await nextTurn();
        assert.equal(it.server.requests, requests, `${what}: a request continues`);
        await worksAfterwards(call, it);
      }
    }
  }
});

test("free() in flight does not prevent a call from settling", async () => {
  for (const call of CALLS) {
    const it = exchangeable();
    it.server.answer = async () => new Response(call.good);
    const result = call.make(it.handles);
    it.handles.client.free();
    it.handles.scheduler.free();
    it.handles.replicator.free();
    assert.ok(await result, call.name);
  }
});

test("bytes that are not UTF-8 are not decoded as something else", async () => {
  for (const call of CALLS.filter(({ name }) => ["listDocs", "getDoc", "docs", "listJobs", "info"].includes(name))) {
    const bytes = new TextEncoder().encode(call.good);
    bytes[call.good.search(/"(_replicator|0a|Welcome)/) + 2] = 0xff;
    const it = exchangeable();
    it.server.answer = async () => new Response(bytes);
    const error = await rejection(call.make(it.handles), call.name);
    assert.equal(error.code, "invalid_response", call.name);
  }
});

test("no rejection was left unhandled", async () => {
  for (let turn = 0; turn < 10; turn++) await nextTurn();
  assert.deepEqual(unhandled, []);
});
