// @ts-check
// Many open pages cost CouchDB little more than one, and a slow or dead CouchDB does not block what needs none.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Scheduler } from "couchdb-scheduler";
import { createSharing } from "../../pkg/serve/shared.js";
import { couch, served, standing, upstream } from "./stage.js";

const never = new AbortController().signal;

/** @param {string} text @param {number} [size] */
const answer = (text, size = 0) => ({ status: 200, headers: {}, body: Buffer.from(text.padEnd(size)) });

test("equal reads share one response, for a second", async () => {
  const clock = standing();
  const { share } = createSharing(clock.now);
  let reads = 0;
  const read = async () => answer(String(++reads));
  const ask = async (/** @type {string} */ key) => (await share(key, never, read)).body.toString();
  assert.deepEqual(await Promise.all([ask("a"), ask("a"), ask("b")]), ["1", "1", "2"]);
  clock.advance(999);
  assert.equal(await ask("a"), "1");
  clock.advance(1);
  assert.equal(await ask("a"), "3");
});

test("what must be fresh is shared only by those who ask meanwhile", async () => {
  const { share } = createSharing(standing().now);
  let reads = 0;
  const ask = async () => (await share("a", never, async () => answer(String(++reads)), false)).body.toString();
  assert.deepEqual(await Promise.all([ask(), ask()]), ["1", "1"]);
  assert.equal(await ask(), "2");
});

test("an error is not kept", async () => {
  const { share } = createSharing(standing().now);
  await assert.rejects(
    share("a", never, () => Promise.reject(new Error("x"))),
    /x/,
  );
  assert.equal((await share("a", never, async () => answer("1"))).body.toString(), "1");
});

test("the request to CouchDB is aborted when no request waits for it any more", async () => {
  const { share } = createSharing(standing().now);
  const [first, second] = [new AbortController(), new AbortController()];
  /** @type {AbortSignal | undefined} */
  let theirs;
  const read = (/** @type {AbortSignal} */ signal) => {
    theirs = signal;
    return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  };
  const waiting = [first, second].map(({ signal }) => share("a", signal, /** @type {any} */ (read)));
  first.abort(new Error("gone"));
  await assert.rejects(/** @type {Promise<any>} */ (waiting[0]), /gone/);
  assert.equal(theirs?.aborted, false);
  second.abort(new Error("gone, too"));
  await assert.rejects(/** @type {Promise<any>} */ (waiting[1]), /gone, too/);
  assert.equal(theirs?.aborted, true);
});

test("what is kept is bounded", async () => {
  const clock = standing();
  const { share } = createSharing(clock.now);
  const size = 20 * 1024 * 1024;
  let reads = 0;
  const ask = (/** @type {string} */ key) =>
    share(key, never, async () => {
      reads++;
      return answer("x", size);
    });
  for (const key of ["a", "b", "c", "d"]) await ask(key);
  for (const key of ["a", "b", "c"]) await ask(key);
  assert.equal(reads, 4);
  await ask("d");
  assert.equal(reads, 5, "the fourth was too much");
  clock.advance(1000);
  await ask("d");
  await ask("d");
  assert.equal(reads, 6, "the old ones have left");
});

test("at most sixteen requests are under way; the others wait for their turn, up to a thousand", async () => {
  const { share } = createSharing(standing().now);
  /** @type {Map<string, (answer: any) => void>} */
  const under = new Map();
  const gone = new AbortController();
  const ask = (/** @type {string} */ key, signal = never) =>
    share(key, signal, () => new Promise((resolve) => under.set(key, resolve)));
  const first = Array.from({ length: 16 }, (_, at) => ask(`${at}`));
  const next = ask("next");
  const left = Array.from({ length: 999 }, (_, at) => ask(`left ${at}`, gone.signal));
  assert.deepEqual(
    [...under.keys()],
    Array.from({ length: 16 }, (_, at) => `${at}`),
  );
  await assert.rejects(ask("one more"), { status: 503 });
  gone.abort(new Error("gone"));
  await Promise.allSettled(left);
  const last = ask("last");
  for (const key of ["0", "1"]) under.get(key)?.(answer(key));
  await Promise.all(first.slice(0, 2));
  assert.deepEqual([...under.keys()].slice(16), ["next", "last"], "in their order, without those that left");
  for (const end of under.values()) end(answer("x"));
  await Promise.all([...first, next, last]);
  const free = ask("free");
  assert.ok(under.has("free"));
  under.get("free")?.(answer("x"));
  await free;
});

test("after a change nothing older is returned", async () => {
  const { share, forget } = createSharing(standing().now);
  /** @type {(value: any) => void} */
  let end = () => {};
  const slow = share(
    "a",
    never,
    () =>
      new Promise((resolve) => {
        end = resolve;
      }),
  );
  forget();
  end(answer("old"));
  assert.equal((await slow).body.toString(), "old");
  assert.equal((await share("a", never, async () => answer("new"))).body.toString(), "new");
});

/** Watches like a page, for some ticks of five seconds. @param {string} url @param {number} ticks */
async function page(url, ticks) {
  const scheduler = new Scheduler(`${url}/couchdb`);
  for await (const _ of scheduler.watch({ interval: 1 })) if (--ticks === 0) return;
}

test("200 pages cost CouchDB little more than one", async (t) => {
  const { withAdmin, simulator } = await couch({ docs: 100 });
  // Time stands still: all ticks are within a second.
  const cost = async (/** @type {number} */ pages) => {
    const clock = standing();
    const url = await served({ couchdbUrl: withAdmin }, clock);
    simulator.requests.length = 0;
    await Promise.all(Array.from({ length: pages }, () => page(url, 1)));
    return simulator.requests.length;
  };
  const one = await cost(1);
  const many = await cost(200);
  t.diagnostic(`one page: ${one} requests to CouchDB; 200 pages: ${many}`);
  assert.ok(one >= 3);
  assert.ok(many <= 2 * one, `${many} instead of ${one}`);
});

test("a CouchDB that never responds blocks neither /healthz nor the page, and /readyz only for a moment", async () => {
  const host = await upstream(() => {});
  const url = await served({ couchdbUrl: `http://admin:x@${host}` });
  const gone = new AbortController();
  const stuck = Array.from({ length: 40 }, (_, at) =>
    fetch(`${url}/couchdb/_scheduler/jobs?limit=${at}`, { signal: gone.signal }),
  );
  assert.equal((await fetch(`${url}/readyz`)).status, 503);
  for (const path of ["/healthz", "/", "/config.json"]) assert.equal((await fetch(url + path)).status, 200, path);
  gone.abort();
  for (const { status } of await Promise.allSettled(stuck)) assert.equal(status, "rejected");
});

test("/readyz reports whether CouchDB responds to an admin", async () => {
  const { withAdmin, url: couchUrl, simulator } = await couch({ users: { bob: "pass" } });
  const clock = standing();
  const url = await served({ couchdbUrl: withAdmin }, clock);
  const ready = async (at = url) => {
    clock.advance(1000);
    const response = await fetch(`${at}/readyz`);
    return `${response.status} ${(await response.text()).trim()}`;
  };
  assert.equal(await ready(), "200 ready");
  simulator.fail({ path: "/_session", status: 500, body: '{"error":"x","reason":"s3cret"}' });
  assert.equal(await ready(), "503 not ready: CouchDB does not respond as it should");
  assert.equal(await ready(), "200 ready");
  const bob = await served({ couchdbUrl: couchUrl.replace("://", "://bob:pass@") });
  assert.match(await ready(bob), /^503 .*not see a server admin/);
  const visitors = await served({ couchdbUrl: couchUrl });
  assert.equal(await ready(visitors), "200 ready", "visitors have credentials of their own");
  const dead = await served({ couchdbUrl: "http://admin:x@127.0.0.1:9" });
  assert.match(await ready(dead), /^503 /);
  assert.match(await ready(await served({ couchdbUrl: "http://127.0.0.1:9" })), /^503 /);
  assert.equal((await fetch(`${dead}/healthz`)).status, 200);
});
