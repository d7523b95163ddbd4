// @ts-check
// Arguments that throw on any access: the caller gets what they throw, every promise settles, and later calls
// work normally.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Client, Scheduler } from "couchdb-scheduler";
import { schedulerAnswered } from "../support/answers.js";
import { outcomeOf } from "../support/promises.js";
import { hostileArray, hostileProxy, revokedProxy, THROWN, throwingGetter } from "../support/wrong-values.js";

/** @type {[string, () => any][]} */
const HOSTILE = [
  ["a proxy that throws", hostileProxy],
  ["a revoked proxy", revokedProxy],
];

/** @type {[string, (scheduler: any, value: any) => Promise<unknown>][]} */
const CALLS = [
  ["listDocs(…)", (scheduler, value) => scheduler.listDocs(value)],
  ["listDocs({ limit })", (scheduler, limit) => scheduler.listDocs({ limit })],
  ["listDocs({ database })", (scheduler, database) => scheduler.listDocs({ database })],
  ["listDocs({ states })", (scheduler, states) => scheduler.listDocs({ states })],
  ["listDocs({ states: […] })", (scheduler, state) => scheduler.listDocs({ states: [state] })],
  ["listDocs({ signal })", (scheduler, signal) => scheduler.listDocs({ signal })],
  ["getDoc(…)", (scheduler, value) => scheduler.getDoc(value)],
  ["getDoc(id, …)", (scheduler, value) => scheduler.getDoc("id", value)],
  ["listJobs(…)", (scheduler, value) => scheduler.listJobs(value)],
  ["getJob(…)", (scheduler, value) => scheduler.getJob(value)],
  ["docs(…)", (scheduler, value) => scheduler.docs(value).next()],
  ["docs({ states })", (scheduler, states) => scheduler.docs({ states }).next()],
  ["jobs(…)", (scheduler, value) => scheduler.jobs(value).next()],
  ["jobs({ signal })", (scheduler, signal) => scheduler.jobs({ signal }).next()],
  ["summary(…)", (scheduler, value) => scheduler.summary(value)],
  ["summary({ onProgress })", (scheduler, onProgress) => scheduler.summary({ onProgress })],
  ["summary({ database })", (scheduler, database) => scheduler.summary({ database })],
  ["incidents(…)", (scheduler, value) => scheduler.incidents(value)],
  ["incidents({ examples })", (scheduler, examples) => scheduler.incidents({ examples })],
  ["incidents({ onProgress })", (scheduler, onProgress) => scheduler.incidents({ onProgress })],
  ["replicatorDatabases(…)", (scheduler, value) => scheduler.replicatorDatabases(value)],
  ["lag(…)", (scheduler, value) => scheduler.lag(value)],
  ["lag(id, …)", (scheduler, value) => scheduler.lag("id", value)],
  ["lag(id, { endpoints })", (scheduler, endpoints) => scheduler.lag("id", { endpoints })],
  ["lags(…)", (scheduler, value) => scheduler.lags(value).next()],
  ["lags({ database })", (scheduler, database) => scheduler.lags({ database }).next()],
  ["audit(…)", (scheduler, value) => scheduler.audit(value)],
  ["audit({ previous })", (scheduler, previous) => scheduler.audit({ previous })],
  [
    "audit({ previous: { rows } })",
    (scheduler, rows) => scheduler.audit({ previous: { version: 1, at: 1, nodes: [], rows } }),
  ],
  ["audit({ window })", (scheduler, window) => scheduler.audit({ window })],
  ["capacity(…)", (scheduler, value) => scheduler.capacity(value)],
  ["capacity({ signal })", (scheduler, signal) => scheduler.capacity({ signal })],
  ["metrics(…)", (scheduler, value) => scheduler.metrics(value)],
  ["metrics({ databases })", (scheduler, databases) => scheduler.metrics({ databases })],
  ["metrics({ databases: […] })", (scheduler, database) => scheduler.metrics({ databases: [database] })],
  ["metrics({ perReplication })", (scheduler, perReplication) => scheduler.metrics({ perReplication })],
  ["metrics({ lag })", (scheduler, lag) => scheduler.metrics({ perReplication: "all", lag })],
  ["metrics({ endpoints })", (scheduler, endpoints) => scheduler.metrics({ endpoints })],
  ["metrics({ audit })", (scheduler, audit) => scheduler.metrics({ audit })],
  ["metrics({ audit: { findings } })", (scheduler, findings) => scheduler.metrics({ audit: { findings } })],
  ["verify(…)", (scheduler, value) => scheduler.verify(value)],
  ["verify(id, …)", (scheduler, value) => scheduler.verify("id", value)],
  ["verify(id, { endpoints })", (scheduler, endpoints) => scheduler.verify("id", { endpoints })],
  ["verify(id, { onProgress })", (scheduler, onProgress) => scheduler.verify("id", { onProgress })],
  ["watch(…)", (scheduler, value) => scheduler.watch(value).next()],
  ["watch({ docIds })", (scheduler, docIds) => scheduler.watch({ docIds }).next()],
  ["watch({ docIds: […] })", (scheduler, id) => scheduler.watch({ docIds: [id] }).next()],
  ["watch({ onRetry })", (scheduler, onRetry) => scheduler.watch({ onRetry }).next()],
  ["watchJobs(…)", (scheduler, value) => scheduler.watchJobs(value).next()],
  ["watchJobs({ onRetry })", (scheduler, onRetry) => scheduler.watchJobs({ onRetry }).next()],
  ["waitFor(…)", (scheduler, value) => scheduler.waitFor(value)],
  ["waitFor(id, …)", (scheduler, value) => scheduler.waitFor("id", value)],
  ["waitFor(id, { until })", (scheduler, until) => scheduler.waitFor("id", { until })],
  ["createReplication(…)", ({ replicator }, value) => replicator.createReplication(value)],
  ["createReplication({ source })", ({ replicator }, source) => replicator.createReplication({ source, target: "a" })],
  ["createReplication({ id })", ({ replicator }, id) => replicator.createReplication({ id, source: "a", target: "a" })],
  ["followReplication(…)", ({ replicator }, value) => replicator.followReplication(value).next()],
  ["retryRefused(…)", ({ replicator }, value) => replicator.retryRefused(value, []).next()],
  ["retryRefused(id, …)", ({ replicator }, value) => replicator.retryRefused("id", value).next()],
  ["retryRefused(id, […])", ({ replicator }, value) => replicator.retryRefused("id", [value]).next()],
  ["retryRefused(id, [], …)", ({ replicator }, value) => replicator.retryRefused("id", [], value).next()],
  ["stopReplication(…)", ({ replicator }, value) => replicator.stopReplication(value)],
  ["restartReplication(…)", ({ replicator }, value) => replicator.restartReplication(value)],
  ["restartReplication(id, …)", ({ replicator }, value) => replicator.restartReplication("id", value)],
  ["restartReplications(…)", ({ replicator }, value) => replicator.restartReplications(value).next()],
  ["restartReplications([…])", ({ replicator }, value) => replicator.restartReplications([value]).next()],
  ["restartReplications([], …)", ({ replicator }, value) => replicator.restartReplications([], value).next()],
  [
    "restartReplications([], { concurrency })",
    ({ replicator }, concurrency) => replicator.restartReplications([], { concurrency }).next(),
  ],
  ["updateReplication(…)", ({ replicator }, value) => replicator.updateReplication(value, {})],
  ["updateReplication(id, …)", ({ replicator }, value) => replicator.updateReplication("id", value)],
  ["updateReplication(id, { source })", ({ replicator }, source) => replicator.updateReplication("id", { source })],
  [
    "updateReplication(id, { source: { auth } })",
    ({ replicator }, auth) => replicator.updateReplication("id", { source: { auth } }),
  ],
  ["updateReplication(id, {}, …)", ({ replicator }, value) => replicator.updateReplication("id", {}, value)],
];

/** @param {Promise<unknown>} promise @param {{ calls: unknown[], getDoc: Scheduler["getDoc"] }} scheduler */
async function assertSettlesWithoutHarm(promise, scheduler) {
  const outcome = await outcomeOf(promise);
  assert.equal(outcome.status, "rejected");
  const { reason } = /** @type {{ reason: unknown }} */ (outcome);
  assert.ok(reason === THROWN || reason instanceof TypeError || reason instanceof RangeError, String(reason));
  assert.equal(scheduler.calls.length, 0);
  const later = await outcomeOf(scheduler.getDoc("a"));
  assert.equal(later.status, "fulfilled", "a later call");
}

const answered = () => schedulerAnswered({ body: { doc_id: "a" } });

for (const [name, call] of CALLS) {
  for (const [kind, make] of HOSTILE) {
    test(`${name} settles with ${kind}`, async () => {
      const scheduler = answered();
      await assertSettlesWithoutHarm(call(scheduler, make()), scheduler);
    });
  }
}

test("listDocs() settles with states that throw when they are read", async () => {
  const iteratorThrows = Object.defineProperty(["failed"], Symbol.iterator, {
    get: () => {
      throw THROWN;
    },
  });
  const elementThrows = Object.defineProperty(/** @type {string[]} */ ([]), 0, {
    get: () => {
      throw THROWN;
    },
    enumerable: true,
  });
  for (const states of [hostileArray(), iteratorThrows, elementThrows]) {
    const scheduler = answered();
    await assertSettlesWithoutHarm(scheduler.listDocs({ states: /** @type {any} */ (states) }), scheduler);
  }
});

test("getDoc() and summary() settle with a signal whose members throw", async () => {
  const halves = { aborted: false, addEventListener() {}, removeEventListener() {}, reason: undefined };
  for (const member of ["aborted", "addEventListener"]) {
    const signal = Object.assign(throwingGetter(member), without(halves, member));
    const scheduler = answered();
    await assertSettlesWithoutHarm(scheduler.getDoc("a", /** @type {any} */ ({ signal })), scheduler);
  }
});

/** @param {object} members @param {string} but */
function without(members, but) {
  return Object.fromEntries(Object.entries(members).filter(([name]) => name !== but));
}

test("getDoc() settles with a signal that throws in addEventListener", async () => {
  const signal = {
    aborted: false,
    reason: undefined,
    addEventListener() {
      throw THROWN;
    },
    removeEventListener() {},
  };
  const scheduler = answered();
  const outcome = await outcomeOf(scheduler.getDoc("a", /** @type {any} */ ({ signal })));
  assert.notEqual(outcome.status, "pending");
  assert.equal((await outcomeOf(scheduler.getDoc("a"))).status, "fulfilled");
});

test("new Client() and new Scheduler() throw with proxies that throw, and work afterwards", async () => {
  for (const make of [hostileProxy, revokedProxy]) {
    for (const Class of /** @type {any[]} */ ([Client, Scheduler])) {
      assert.throws(() => new Class(make()));
      for (const name of ["auth", "headers", "credentials", "timeout", "fetch"]) {
        // A proxy of a function can only be recognized by calling it.
        if (name !== "fetch") assert.throws(() => new Class("http://couch.test", { [name]: make() }), name);
      }
      assert.throws(() => new Class("http://couch.test", make()));
    }
    assert.equal((await outcomeOf(answered().getDoc("a"))).status, "fulfilled");
  }
});
