// @ts-check
// One signal for many calls, as for a server's request or a page's component: it gets one listener, so that Node does not warn about a
// leak, and no listener is left after the calls have ended.

import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { test } from "node:test";
import { Replicator, Scheduler } from "couchdb-scheduler";
import { nextTurn, outcomeOf } from "../support/promises.js";

/** @type {typeof globalThis.fetch} */
const neverAnswers = () => new Promise(() => {});
const refuses = async () =>
  new Response('{"error":"x","reason":"y"}', { status: 503, headers: { "retry-after": "60" } });

/** @type {[string, (scheduler: Scheduler, signal: AbortSignal, replicator: Replicator) => Promise<unknown>][]} */
const CALLS = [
  ["getDoc()", (scheduler, signal) => scheduler.getDoc("a", { signal })],
  ["listDocs()", (scheduler, signal) => scheduler.listDocs({ signal })],
  ["docs()", (scheduler, signal) => scheduler.docs({ signal }).next()],
  ["summary()", (scheduler, signal) => scheduler.summary({ signal })],
  ["incidents()", (scheduler, signal) => scheduler.incidents({ signal })],
  ["watch()", (scheduler, signal) => scheduler.watch({ signal }).next()],
  ["watchJobs()", (scheduler, signal) => scheduler.watchJobs({ signal }).next()],
  ["waitFor()", (scheduler, signal) => scheduler.waitFor("a", { signal, timeout: 600_000 })],
  ["stopReplication()", (_, signal, replicator) => replicator.stopReplication("a", { signal })],
  ["restartReplication()", (_, signal, replicator) => replicator.restartReplication("a", { signal })],
  ["restartReplications()", (_, signal, replicator) => replicator.restartReplications(["a"], { signal }).next()],
  ["updateReplication()", (_, signal, replicator) => replicator.updateReplication("a", {}, { signal })],
];

/** @param {AbortSignal} signal */
const listeners = (signal) => getEventListeners(signal, "abort").length;

for (const [when, fetch] of /** @type {const} */ ([
  ["while the server is waited for", neverAnswers],
  ["while the next attempt is waited for", refuses],
])) {
  test(`70 concurrent calls add one listener ${when}, and the abort reaches all of them`, async () => {
    const auth = /** @type {const} */ ({ type: "session", username: "admin", password: "pass" });
    for (const options of [{ fetch }, { fetch, auth }]) {
      const scheduler = new Scheduler("http://couch.test", options);
      const replicator = new Replicator("http://couch.test", options);
      const controller = new AbortController();
      const { signal } = controller;
      const calls = CALLS.flatMap(([, call]) =>
        Array.from({ length: 10 }, () => outcomeOf(call(scheduler, signal, replicator), 1000)),
      );
      for (let turn = 0; turn < 20; turn++) await nextTurn();
      assert.equal(listeners(signal), 1);
      const reason = new Error("enough");
      controller.abort(reason);
      for (const outcome of await Promise.all(calls)) assert.deepEqual(outcome, { status: "rejected", reason });
      assert.equal(listeners(signal), 0);
    }
  });
}

test("after one call has ended, the abort still reaches the others", async () => {
  const controller = new AbortController();
  const { signal } = controller;
  const waiting = outcomeOf(new Scheduler("http://couch.test", { fetch: neverAnswers }).getDoc("a", { signal }), 1000);
  const answered = new Scheduler("http://couch.test", { fetch: async () => new Response('{"doc_id":"a"}') });
  for (let n = 0; n < 12; n++) await answered.getDoc("a", { signal });
  assert.equal(listeners(signal), 1);
  controller.abort("enough");
  assert.deepEqual(await waiting, { status: "rejected", reason: "enough" });
  assert.equal(listeners(signal), 0);
});
