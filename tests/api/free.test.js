// @ts-check
// free() releases memory, and does not disturb calls in progress.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Client, Replicator, Scheduler } from "couchdb-scheduler";
import { docRows, listText } from "../support/answers.js";
import { all, nextTurn, outcomeOf } from "../support/promises.js";

/** A `fetch` that responds when the test lets it. */
function held() {
  /** @type {(() => void)[]} */
  const waiting = [];
  /** @type {typeof globalThis.fetch} */
  const fetch = () =>
    new Promise((resolve) => {
      waiting.push(() => resolve(new Response(listText(docRows(3)).replace("{", '{"couchdb":"Welcome",'))));
    });
  const release = () => {
    for (const answer of waiting.splice(0)) answer();
  };
  return { fetch, release };
}

test("free() of a scheduler does not harm its calls in flight", async () => {
  const { fetch, release } = held();
  const scheduler = new Scheduler("http://couch.test", { retries: 0, fetch });
  const calls = [scheduler.listDocs(), scheduler.listJobs().catch(() => {}), scheduler.summary()];
  const rows = scheduler.docs();
  const first = rows.next();
  scheduler.free();
  await nextTurn();
  release();
  for (const call of calls) assert.equal((await outcomeOf(call)).status, "fulfilled");
  // The iterator first requests the end of its page, then the page.
  release();
  assert.equal((await first).done, false);
  assert.equal((await all(rows)).length, 2);
});

test("free() of a client does not harm its calls in flight, nor its schedulers", async () => {
  const { fetch, release } = held();
  const client = new Client("http://couch.test", { retries: 0, fetch });
  const scheduler = new Scheduler(client);
  const info = client.info();
  client.free();
  await nextTurn();
  release();
  assert.equal((await outcomeOf(info)).status, "fulfilled");
  const list = scheduler.listDocs();
  await nextTurn();
  release();
  assert.equal((await list).docs.length, 3);
});

test("free() of the handle `client` does not harm iterators that have not begun", async () => {
  const respond = async () => new Response('{"error":"forbidden","reason":"no"}', { status: 403 });
  const server = new Client("http://couch.test", { fetch: respond, retries: 0 });
  const scheduler = new Scheduler(server);
  const replicator = new Replicator(server);
  for (const [object, rows] of /** @type {[Scheduler | Replicator, AsyncIterator<any>][]} */ ([
    [scheduler, scheduler.docs()],
    [scheduler, scheduler.lags()],
    [replicator, replicator.restartReplications(["a"])],
    [replicator, replicator.retryRefused("a", [{ doc_id: "d", revs: ["1-a"], what: "refused", reason: null }])],
  ])) {
    object.client.free();
    const error = await rows.next().then(
      ({ value }) => value.error,
      (reason) => reason,
    );
    assert.equal(error.code, "forbidden", String(error));
  }
});

test("free() ends the use of an object with an error, not with a crash", async () => {
  const { fetch } = held();
  const scheduler = new Scheduler("http://couch.test", { retries: 0, fetch });
  const other = new Scheduler("http://couch.test", {
    retries: 0,
    fetch: async () => new Response(listText(docRows(1))),
  });
  scheduler.free();
  await assert.rejects(scheduler.listDocs(), { name: "TypeError", message: /^listDocs: this Scheduler was freed/ });
  assert.throws(() => scheduler.docs(), { name: "TypeError", message: /^docs: this Scheduler was freed/ });
  assert.equal((await other.listDocs()).docs.length, 1);
});

test("free() a second time does nothing", async () => {
  const fetch = async () => new Response(listText(docRows(1)));
  const client = new Client("http://couch.test", { fetch });
  const scheduler = new Scheduler(client);
  const replicator = new Replicator(client);
  for (const object of [scheduler, replicator, client]) {
    for (let n = 0; n < 3; n++) object.free();
    object[Symbol.dispose]();
  }
  // Memory freed twice would be allocated twice.
  const others = Array.from({ length: 10 }, (_, n) => new Scheduler(`http://couch${n}.test`, { fetch }));
  assert.deepEqual(new Set(others.map((other) => other.client.url)).size, 10);
  for (const other of others) assert.equal((await other.listDocs()).docs.length, 1);
});

test("return() in the middle of next() does not harm it", async () => {
  const { fetch, release } = held();
  const rows = new Scheduler("http://couch.test", { retries: 0, fetch }).docs();
  const next = rows.next();
  const returned = rows.return();
  release();
  assert.deepEqual(await next, { done: true, value: undefined });
  assert.deepEqual(await returned, { done: true, value: undefined });
  assert.deepEqual(await rows.next(), { done: true, value: undefined });
});
