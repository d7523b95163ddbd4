// @ts-check
// What restartReplication() and updateReplication() write, and that they write it once: conflicts, lost requests and responses.

import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { valueText, withMember } from "../../pkg-template/insight/json-text.js";
import { OneDocument } from "../support/one-document.js";
import { all, errorOf, outcomeOf } from "../support/promises.js";

/** As CouchDB would return it: each part of it changes if it is parsed and written again. */
const TEXT =
  '{"_id":"a","_rev":"7-abc","source":{"url":"http://h.test/a","auth":{"basic":{"password":"S3CR3T-a","username":"u"}}},' +
  '"target":"http://u:S3CR3T-b@h.test/b","selector":{"b":1.0,"10":{"$gt":12345678901234567890},"2":1e2,"é":"\\u0001/"},' +
  '"note":0.10,"owner":"admin"}';

const STATE =
  '"_replication_state":"failed","_replication_state_time":"2026-01-01T00:00:00Z","_replication_state_reason":"S3CR3T-c"';
/** @param {string} text @param {string} member that is added at its end */
const added = (text, member) => `${text.slice(0, -1)},${member}}`;

const ENDED = added(TEXT, STATE);

/** @param {OneDocument} server */
const otherWrites = (server) => server.write(withMember(server.text, "note", `"${server.rev}"`));

/** @type {[string, (server: OneDocument, options?: import("couchdb-scheduler").ClientOptions) => Promise<any>][]} */
const CALLS = [
  ["restartReplication()", (server, options) => server.replicator(options).restartReplication("a")],
  [
    "restartReplications()",
    async (server, options) => {
      const [result] = await all(server.replicator(options).restartReplications(["a"]));
      if ("error" in result) throw result.error;
      return result;
    },
  ],
  ["updateReplication()", (server, options) => server.replicator(options).updateReplication("a", { continuous: true })],
];

test("a restart adds one member to the text of the document, and removes it again", async () => {
  const server = new OneDocument(TEXT);
  assert.equal((await server.replicator().restartReplication("a")).from, "running");
  assert.deepEqual(server.puts, [added(TEXT, '"create_target_params":{}')]);
  await server.replicator().restartReplication("a");
  assert.equal(server.puts[1], TEXT.replace("7-abc", `8-${"f".repeat(32)}`));
});

test("a restart of an ended replication removes what CouchDB wrote, and nothing else", async () => {
  for (const state of ["failed", "completed"]) {
    const server = new OneDocument(ENDED.replace('"failed"', `"${state}"`));
    const { from, rev } = await server.replicator().restartReplication("a");
    assert.deepEqual([from, server.puts, rev], [state, [TEXT], server.rev]);
  }
});

test("a restart never writes a state, not even one that was there", async () => {
  for (const state of ['"triggered"', '"error"', "null", '""']) {
    const server = new OneDocument(added(TEXT, `"_replication_state":${state}`));
    // Its row is that of a running replication: the simulator's answer to a poisoned document is an error.
    Object.defineProperty(server, "row", {
      get: () => ({ ...new OneDocument(TEXT).row, start_time: `${server.starts}` }),
    });
    await server.replicator().restartReplication("a");
    assert.deepEqual(server.puts, [added(TEXT, '"create_target_params":{}')]);
  }
});

test("a restart leaves other parameters of a new target as they are, and turns another switch", async () => {
  const text = added(TEXT, '"create_target_params":{"q":8}');
  const server = new OneDocument(text);
  await server.replicator().restartReplication("a");
  assert.deepEqual(server.puts, [added(text, '"cancel":false')]);
});

/** Makes each wait as short as possible. @param {import("node:test").TestContext} t */
function withoutWaiting(t) {
  const { setTimeout } = globalThis;
  t.mock.method(globalThis, "setTimeout", (/** @type {() => void} */ call) => setTimeout(call, 0));
}

test("a server that knows no switch is restarted by one millisecond of connection_timeout", async (t) => {
  withoutWaiting(t);
  for (const [value, other] of [
    [undefined, "30001"],
    ["30001", "30000"],
    ["60000", "60001"],
    ["1", "2"],
  ]) {
    const server = new OneDocument(value ? withMember(TEXT, "connection_timeout", value) : TEXT, [
      "connection_timeout",
    ]);
    server.version = "3.1.2";
    const { rev } = await server.replicator().restartReplication("a");
    assert.equal(server.puts.length, 2);
    assert.deepEqual([valueText(server.text, "connection_timeout"), rev], [other, server.rev]);
  }
});

test("a restart that is not seen is an error; on a server that knows the switch, nothing else is changed", async (t) => {
  withoutWaiting(t);
  const server = new OneDocument(TEXT, []);
  const error = await errorOf(server.replicator().restartReplication("a"));
  assert.equal(error.code, "timeout");
  assert.deepEqual(server.puts, [added(TEXT, '"create_target_params":{}')]);
  assert.match(
    error.message,
    /was written, but .* not seen to start again \(GET http:\/\/couch\.test\/_scheduler\/docs/,
  );
  assert.ok(!inspect(error).includes("S3CR3T"));
});

test("the id is compared when it is known, which it is not while the filter is read", async (t) => {
  withoutWaiting(t);
  for (const [id, resumes] of [
    ["0c0d+continuous", "beginning"],
    ["0a0b+continuous", "checkpoint"],
  ]) {
    const server = new OneDocument(TEXT);
    let looks = 0;
    const { row } = server;
    Object.defineProperty(server, "row", {
      get() {
        if (server.puts.length === 0) return row;
        return { ...row, start_time: "later", ...(++looks < 5 ? { state: "initializing", id: null } : { id }) };
      },
    });
    assert.equal((await server.replicator().restartReplication("a")).resumes, resumes);
    assert.equal(looks, 5);
  }
});

test("an id that changes with the restart means the beginning", async () => {
  const server = new OneDocument(TEXT);
  server.happenings = [{ before: () => (server.id = "0c0d+continuous") }];
  assert.equal((await server.replicator().restartReplication("a")).resumes, "beginning");
  server.happenings = [{ before: () => (server.id = "0c0d") }];
  assert.equal((await server.replicator().restartReplication("a")).resumes, "checkpoint");
});

for (const [name, call] of CALLS) {
  test(`${name} edits the document again that was changed meanwhile, up to \`retries\` times`, async () => {
    for (const retries of [0, 1, 2, 5]) {
      const server = new OneDocument(TEXT);
      server.happenings = Array.from({ length: retries }, () => ({ before: otherWrites }));
      const { rev } = await call(server, { retries });
      assert.deepEqual([server.puts.length, rev], [retries + 1, server.rev]);
      // What the others wrote is kept.
      assert.equal(
        valueText(server.text, "note"),
        retries === 0 ? "0.10" : `"${6 + retries}-${retries === 1 ? "abc" : "f".repeat(32)}"`,
      );

      const storm = new OneDocument(TEXT);
      storm.happenings = Array.from({ length: 20 }, () => ({ before: otherWrites }));
      const error = await errorOf(call(storm, { retries }));
      assert.deepEqual(
        [error.code, error.status, error.error, error.attempts],
        ["conflict", 409, "conflict", retries + 1],
      );
      assert.match(
        error.message,
        /changed meanwhile, in each of \d attempts to write it; try again \(PUT http:\/\/couch\.test\/_replicator\/a\)/,
      );
      assert.equal(storm.puts.length, retries + 1);
      assert.ok(!inspect(error).includes("S3CR3T"));
    }
  });

  test(`${name} sends a lost request again, and finds that one whose response was lost has arrived`, async () => {
    const lost = new OneDocument(TEXT);
    lost.happenings = [{ isLostBefore: true }];
    assert.equal((await call(lost)).rev, lost.rev);
    assert.equal(lost.rev.split("-")[0], "8");

    const arrived = new OneDocument(TEXT);
    arrived.happenings = [{ isLostAfter: true }];
    assert.equal((await call(arrived)).rev, arrived.rev);
    assert.deepEqual([arrived.puts.length, arrived.rev.split("-")[0]], [2, "8"]);

    const changedAfterwards = new OneDocument(TEXT);
    changedAfterwards.happenings = [{ isLostAfter: true }, { before: otherWrites }];
    const { rev } = await call(changedAfterwards);
    assert.equal(rev, changedAfterwards.rev);
  });

  test(`${name} without retries reports a lost response as it is`, async () => {
    const server = new OneDocument(TEXT);
    server.happenings = [{ isLostAfter: true }];
    assert.equal((await errorOf(call(server, { retries: 0 }))).code, "network");
    assert.equal(server.puts.length, 1);
  });
}

test("restartReplications() ends at an item that is not an id, and what it works on", async () => {
  for (const [ids, message] of /** @type {[any, RegExp][]} */ ([
    [["a", 5], /^restartReplications: id must be .*not 5/],
    [[""], /^restartReplications: id must/],
    ["a", /^restartReplications: ids must be an iterable of ids, such as an array, not this string/],
    [{}, /^restartReplications: ids must be an iterable of ids, such as an array, not this object/],
    [undefined, /ids must be an iterable.*not undefined/],
    [null, /ids must be an iterable.*not null/],
    [7, /ids must be an iterable.*not 7/],
  ])) {
    const rows = new OneDocument(TEXT).replicator().restartReplications(ids);
    await assert.rejects(all(rows), (/** @type {any} */ error) => {
      assert.ok(error instanceof TypeError || error instanceof RangeError);
      assert.match(error.message, message);
      return true;
    });
    assert.deepEqual(await rows.next(), { done: true, value: undefined });
  }
});

test("restartReplications() refuses wrong options, and sends nothing", async () => {
  const server = new OneDocument(TEXT);
  for (const [options, message] of /** @type {[any, RegExp][]} */ ([
    [{ concurrency: 0 }, /^restartReplications: concurrency must be .*not 0/],
    [{ concurrency: 1.5 }, /concurrency must be .*not 1\.5/],
    [{ concurrency: "4" }, /concurrency must be .*not "4"/],
    [{ database: "orders" }, /database must be "_replicator"/],
    [{ signal: {} }, /signal must be/],
    [{ limit: 4 }, /unknown option "limit"; the options are concurrency, database, signal$/],
    [null, /options must be an object, not null/],
  ])) {
    await assert.rejects(all(server.replicator().restartReplications(["a"], options)), (/** @type {any} */ error) => {
      assert.ok(error instanceof TypeError || error instanceof RangeError);
      assert.match(error.message, message);
      return true;
    });
  }
  assert.deepEqual(server.requests, []);
});

test("restartReplications() ends with its signal, and its loop, even while the caller's ids are waited for", async () => {
  for (const isSignal of [true, false]) {
    let isReturned = false;
    const ids = {
      next: () => new Promise(() => {}),
      return: async () => {
        isReturned = true;
        return { done: true };
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
    const controller = new AbortController();
    const server = new OneDocument(TEXT);
    const rows = server.replicator().restartReplications(/** @type {any} */ (ids), { signal: controller.signal });
    const next = rows.next();
    await outcomeOf(next);
    if (isSignal) {
      controller.abort("enough");
      assert.equal(await next.catch((reason) => reason), "enough");
    } else {
      await rows.return();
      assert.deepEqual(await next, { done: true, value: undefined });
    }
    assert.ok(isReturned);
    assert.deepEqual(server.requests, []);
  }
});

test("restartReplications() returns a result while the next id is waited for, and reads no more ids than it restarts", async () => {
  const server = new OneDocument(TEXT);
  let asked = 0;
  const ids = {
    next: () => (asked++ === 0 ? Promise.resolve({ done: false, value: "a" }) : new Promise(() => {})),
    [Symbol.asyncIterator]() {
      return this;
    },
  };
  const rows = server.replicator().restartReplications(/** @type {any} */ (ids));
  assert.equal((await rows.next()).value.id, "a");
  await rows.return();
  assert.equal(asked, 2);
  let read = 0;
  const many = (function* () {
    for (;;) {
      read++;
      yield "a";
    }
  })();
  const busy = server.replicator({ retries: 50 }).restartReplications(many, { concurrency: 3 });
  await busy.next();
  await busy.return();
  assert.ok(read <= 4, `${read} were read`);
});

test("restartReplications() rejects with the error of the caller's ids", async () => {
  const thrown = new Error("no more");
  const ids = (function* () {
    yield "a";
    throw thrown;
  })();
  const rows = new OneDocument(TEXT).replicator().restartReplications(ids);
  assert.equal(await all(rows).catch((error) => error), thrown);
});

test("an abort during the wait for the restart ends it", async () => {
  const server = new OneDocument(TEXT, []);
  const controller = new AbortController();
  const call = server.replicator().restartReplication("a", { signal: controller.signal });
  while (server.requests.length < 5) await new Promise((resolve) => setImmediate(resolve));
  controller.abort("enough");
  assert.equal(await call.catch((reason) => reason), "enough");
  const { length } = server.requests;
  await new Promise((resolve) => setTimeout(resolve, 150));
  assert.equal(server.requests.length, length);
});
