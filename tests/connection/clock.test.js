// @ts-check
// Durations are measured with a monotonic clock, so that setting the computer's clock changes nothing. No call reads the time of day
// before the first request (Next.js refuses to prerender a page that does).

import assert from "node:assert/strict";
import { test } from "node:test";
import { Client, Replicator, Scheduler } from "couchdb-scheduler";
import { docRows, listText } from "../support/answers.js";
import { nextTurn } from "../support/promises.js";

const DAY = 86_400_000;

/** Every way to start. @type {[string, (scheduler: Scheduler, replicator: Replicator) => Promise<unknown>][]} */
const CALLS = [
  ["client.info()", (scheduler) => scheduler.client.info()],
  ["listDocs()", (scheduler) => scheduler.listDocs()],
  ["listDocs({ limit })", (scheduler) => scheduler.listDocs({ limit: 2 })],
  ["docs()", (scheduler) => scheduler.docs().next()],
  ["listJobs()", (scheduler) => scheduler.listJobs()],
  ["summary()", (scheduler) => scheduler.summary({ onProgress() {} })],
  ["getDoc()", (scheduler) => scheduler.getDoc("a")],
  ["watch()", (scheduler) => scheduler.watch().next()],
  ["watch({ docIds })", (scheduler) => scheduler.watch({ docIds: ["a"] }).next()],
  ["watchJobs()", (scheduler) => scheduler.watchJobs({ onRetry() {} }).next()],
  ["waitFor()", (scheduler) => scheduler.waitFor("a", { timeout: 1000 })],
  ["createReplication()", (_, replicator) => replicator.createReplication({ source: "a", target: "b" })],
  ["followReplication()", (_, replicator) => replicator.followReplication("a").next()],
  ["listReplications()", (_, replicator) => replicator.listReplications().next()],
  ["stopReplication()", (_, replicator) => replicator.stopReplication("a")],
  ["restartReplications()", (_, replicator) => replicator.restartReplications(["a"]).next()],
  ["updateReplication()", (_, replicator) => replicator.updateReplication("a", {})],
];

/** @type {[string, import("couchdb-scheduler").Auth | undefined][]} */
const AUTHS = [
  ["no credentials", undefined],
  ["a session", { type: "session", username: "admin", password: "pass" }],
  ["an API key", { type: "iam", apiKey: "key" }],
];

for (const [who, auth] of AUTHS) {
  test(`with ${who} no call reads the time or random numbers before its first request`, async (t) => {
    for (const [name, call] of CALLS) {
      let requests = 0;
      /** @type {typeof globalThis.fetch} */
      const fetch = () => {
        requests++;
        return new Promise(() => {});
      };
      const client = new Client("http://couch.test", { auth, fetch, timeout: 0 });
      const scheduler = new Scheduler(client);
      const replicator = new Replicator(client);
      const asked = [t.mock.method(Date, "now"), t.mock.method(Math, "random")];
      call(scheduler, replicator).catch(() => {});
      for (let turn = 0; turn < 20 && requests === 0; turn++) await nextTurn();
      const calls = asked.map(({ mock }) => mock.callCount());
      for (const { mock } of asked) mock.restore();
      assert.ok(requests > 0, `${name} sends a request`);
      assert.deepEqual(calls, [0, 0], name);
    }
  });
}

for (const [direction, jump] of /** @type {const} */ ([
  ["forward", DAY],
  ["back", -DAY],
])) {
  test(`setting the clock ${direction} by a day neither renews a session nor ends a list`, async (t) => {
    let now = Date.parse("2026-11-22T12:00:00Z");
    t.mock.method(Date, "now", () => now);
    let logins = 0;
    /** @type {typeof globalThis.fetch} */
    const fetch = async (url, init) => {
      if (init?.method === "POST") {
        logins++;
        const headers = { "set-cookie": "AuthSession=abc; Version=1; Path=/; HttpOnly; Max-Age=600" };
        return new Response('{"ok":true}', { headers });
      }
      if (String(url).includes("_all_docs")) return new Response('{"error":"forbidden"}', { status: 403 });
      now += jump;
      return new Response(listText(docRows(30)));
    };
    const auth = /** @type {const} */ ({ type: "session", username: "admin", password: "pass" });
    const scheduler = new Scheduler("http://couch.test", { auth, fetch });
    let rows = 0;
    for await (const _ of scheduler.docs({ states: ["completed"] })) {
      rows++;
      now += jump;
    }
    await scheduler.listDocs();
    assert.equal(rows, 30);
    assert.equal(logins, 1);
  });
}

test("without `performance`, the time of day is used", async (t) => {
  const property = /** @type {PropertyDescriptor} */ (Object.getOwnPropertyDescriptor(globalThis, "performance"));
  t.after(() => Object.defineProperty(globalThis, "performance", property));
  const scheduler = new Scheduler("http://couch.test", { fetch: async () => new Response(listText(docRows(3))) });
  const asked = t.mock.method(Date, "now");
  // An error ends the list: no request follows.
  for (const value of [
    undefined,
    {
      now: () => {
        throw new Error("no time");
      },
    },
  ]) {
    Object.defineProperty(globalThis, "performance", { value, configurable: true });
    assert.equal((await scheduler.listDocs()).docs.length, 3);
    assert.equal(asked.mock.callCount() > 0, true);
  }
});
