// @ts-check
// Any `fetch`, with any behavior: the promise settles.

import assert from "node:assert/strict";
import { test } from "node:test";
import { runInNewContext } from "node:vm";
import { Client, REPLICATION_STATES, Scheduler, SchedulerError } from "couchdb-scheduler";
import { answering, docRows, listText, streamOf } from "../support/answers.js";
import { outcomeOf, rowsAndError } from "../support/promises.js";

const LIST = listText(docRows(3));

/** @param {unknown} fetch @param {object} [options] */
const schedulerWith = (fetch, options) =>
  new Scheduler("http://couch.test", { retries: 0, fetch: /** @type {any} */ (fetch), ...options });

/** @param {Promise<unknown>} promise @returns {Promise<SchedulerError>} */
async function errorOf(promise) {
  const outcome = await outcomeOf(promise);
  assert.equal(outcome.status, "rejected");
  const { reason } = /** @type {{ reason: unknown }} */ (outcome);
  assert.ok(reason instanceof SchedulerError, String(reason));
  return reason;
}

test("listDocs() calls fetch with a URL and an init, and without `this`", async () => {
  /** @type {any[]} */
  const calls = [];
  /** @this {unknown} @param {any[]} args */
  function fetch(...args) {
    calls.push([this, ...args]);
    assert.equal(args[1].signal.aborted, false);
    return Promise.resolve(new Response(LIST));
  }
  await schedulerWith(fetch).listDocs({ states: ["failed"] });
  const [[self, url, init, ...others]] = calls;
  assert.deepEqual(
    [self, url, others.length],
    [undefined, "http://couch.test/_scheduler/docs/_replicator?states=failed", 0],
  );
  assert.equal(init.method, "GET");
  assert.ok(init.signal instanceof AbortSignal);
  assert.equal(new Headers(init.headers).get("accept"), "application/json");
});

test("listDocs() looks the global fetch up at each call", async (t) => {
  const scheduler = new Scheduler("http://couch.test");
  for (const count of [1, 2]) {
    t.mock.method(globalThis, "fetch", answering({ body: listText(docRows(count)) }));
    assert.equal((await scheduler.listDocs()).docs.length, count);
  }
});

test("listDocs() is a network error if there is no global fetch", async (t) => {
  const scheduler = new Scheduler("http://couch.test", { retries: 0 });
  const { fetch } = globalThis;
  t.after(() => {
    globalThis.fetch = fetch;
  });
  globalThis.fetch = /** @type {any} */ (undefined);
  assert.equal((await errorOf(scheduler.listDocs())).code, "network");
});

/** @type {[string, unknown][]} */
const THROWN = [
  ["a TypeError", new TypeError("fetch failed", { cause: new Error("ECONNREFUSED") })],
  ["a string", "offline"],
  ["undefined", undefined],
  ["null", null],
  ["a number", 0],
  ["a symbol", Symbol("no")],
  ["a frozen object", Object.freeze({ code: "ECONNRESET" })],
  ["an error of another realm", runInNewContext("new TypeError('elsewhere')")],
];

for (const [name, thrown] of THROWN) {
  test(`listDocs(), getDoc() and docs() are network errors if fetch throws or rejects with ${name}`, async () => {
    const fetches = [
      () => {
        throw thrown;
      },
      () => Promise.reject(thrown),
    ];
    for (const fetch of fetches) {
      const scheduler = schedulerWith(fetch);
      for (const call of [
        () => scheduler.listDocs(),
        () => scheduler.getDoc("a"),
        () => scheduler.docs().next(),
        () => scheduler.summary(),
      ]) {
        const error = await errorOf(call());
        assert.deepEqual([error.code, error.status, error.attempts], ["network", null, 1]);
        assert.equal(error.cause, thrown);
      }
    }
  });
}

/** @type {[string, unknown][]} */
const NO_RESPONSES = [
  ["undefined", undefined],
  ["null", null],
  ["a string", "[]"],
  ["a number", 200],
  ["an empty object", {}],
  ["a status alone", { status: 200 }],
  ["headers that are a plain object", { status: 200, headers: {}, text: async () => LIST }],
  ["a status that is a string", { status: "200", headers: new Headers() }],
  ["a status of 0", { status: 0, headers: new Headers() }],
  ["an opaque response", Response.error()],
  ["a proxy that throws", new Proxy({}, { get: (_, name) => (name === "then" ? undefined : fail()) })],
];

function fail() {
  throw new Error("looked at");
}

for (const [name, value] of NO_RESPONSES) {
  test(`listDocs() and info() are invalid_response if fetch returns ${name}`, async () => {
    for (const fetch of [() => value, async () => value]) {
      const client = new Client("http://a.test", { retries: 0, fetch: /** @type {any} */ (fetch) });
      for (const call of [() => schedulerWith(fetch).listDocs(), () => client.info()]) {
        const error = await errorOf(call());
        assert.equal(error.code, "invalid_response");
        assert.equal(error.status, null);
      }
    }
  });
}

test("listDocs() accepts a mock with only status, headers and arrayBuffer", async () => {
  const arrayBuffer = async () => new TextEncoder().encode(LIST).buffer;
  const scheduler = schedulerWith(() => ({ status: 200, headers: new Map(), arrayBuffer }));
  assert.equal((await scheduler.listDocs()).docs.length, 3);
});

test("listDocs() accepts chunks and array buffers of another realm, as in Jest", async () => {
  const bytes = runInNewContext("Uint8Array.from(bytes)", { bytes: [...new TextEncoder().encode(LIST)] });
  const stream = new Response(streamOf([bytes]));
  assert.equal((await schedulerWith(async () => stream).listDocs()).docs.length, 3);
  const whole = { status: 200, headers: new Headers(), arrayBuffer: async () => bytes.buffer };
  assert.equal((await schedulerWith(async () => whole).listDocs()).docs.length, 3);
});

test("listDocs() accepts a body that is another implementation's web stream", async () => {
  const read = streamOf([LIST]).getReader();
  const body = { getReader: () => ({ read: () => read.read(), releaseLock() {}, cancel: async () => {} }) };
  const response = {
    status: 200,
    ok: true,
    headers: new Headers(),
    body,
    arrayBuffer: async () => new TextEncoder().encode(LIST).buffer,
  };
  assert.equal((await schedulerWith(async () => response).listDocs()).docs.length, 3);
});

test("listDocs() settles with a response with strange members", async () => {
  const strange = [
    { status: 200, headers: { get: () => 5 }, arrayBuffer: async () => new ArrayBuffer(0) },
    { status: 200, headers: { get: fail }, arrayBuffer: async () => new ArrayBuffer(0) },
    { status: 200, headers: new Headers(), arrayBuffer: fail },
    { status: 200, headers: new Headers(), arrayBuffer: async () => "text" },
    { status: 200, headers: new Headers(), arrayBuffer: async () => null },
    { status: 200, headers: new Headers(), body: { getReader: fail } },
    { status: 200, headers: new Headers(), body: { getReader: () => ({}) } },
    { status: 200, headers: new Headers(), body: { getReader: () => ({ read: fail }) } },
    { status: 200, headers: new Headers() },
    { status: 200.5, headers: new Headers() },
    { status: Number.NaN, headers: new Headers() },
  ];
  for (const [i, response] of strange.entries()) {
    const outcome = await outcomeOf(schedulerWith(async () => response).listDocs());
    assert.equal(outcome.status, "rejected", `response ${i}`);
    assert.ok(
      /** @type {any} */ (outcome).reason instanceof Error,
      `response ${i}: ${/** @type {any} */ (outcome).reason}`,
    );
  }
});

test("listDocs() is invalid_response if the body was already read", async () => {
  const response = new Response(LIST);
  await response.text();
  const locked = new Response(LIST);
  locked.body?.getReader();
  for (const used of [response, locked]) {
    const error = await errorOf(schedulerWith(async () => used).listDocs());
    assert.ok(["invalid_response", "truncated"].includes(error.code), error.code);
    assert.equal(error.status, 200);
  }
});

test("listDocs() is invalid_response if the body consists of strings", async () => {
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(LIST);
      controller.close();
    },
  });
  const error = await errorOf(schedulerWith(async () => new Response(body)).listDocs());
  assert.ok(["invalid_response", "truncated"].includes(error.code), error.code);
});

test("docs() with states yields the rows received before a reader throws", async () => {
  const text = new TextEncoder().encode(LIST);
  const cut = LIST.lastIndexOf("\r\n{");
  let reads = 0;
  const read = () => {
    if (reads++ > 0) throw new Error("torn");
    return Promise.resolve({ done: false, value: text.subarray(0, cut) });
  };
  const body = { getReader: () => ({ read }) };
  const { rows, error } = await rowsAndError(
    schedulerWith(async () => ({ status: 200, headers: new Headers(), body })).docs({ states: REPLICATION_STATES }),
  );
  assert.equal(rows.length, 2);
  assert.equal(error.code, "truncated");
  assert.equal(error.cause.message, "torn");
});

test("listDocs() accepts empty chunks, and a body without chunks is truncated", async () => {
  const empty = new Uint8Array(0);
  const pieces = [empty, new TextEncoder().encode(LIST), empty, empty];
  assert.equal((await schedulerWith(async () => new Response(streamOf(pieces))).listDocs()).docs.length, 3);
  for (const body of [null, "", "\n"]) {
    assert.equal((await errorOf(schedulerWith(async () => new Response(body)).listDocs())).code, "truncated");
  }
});

test("listDocs(), getDoc() and summary() read a body to its end, and release it", async () => {
  for (const call of /** @type {const} */ (["listDocs", "summary"])) {
    const response = new Response(LIST);
    await schedulerWith(async () => response)[call]();
    assert.equal(response.bodyUsed, true);
  }
});

test("listJobs() with many concurrent calls keeps their responses apart", async () => {
  const scheduler = schedulerWith(async (/** @type {string} */ url) => {
    const limit = Number(new URL(url).searchParams.get("limit"));
    return new Response(listText(docRows(limit), "jobs"));
  });
  const lists = await Promise.all(Array.from({ length: 100 }, (_, i) => scheduler.listJobs({ limit: i + 1 })));
  for (const [i, { jobs }] of lists.entries()) assert.equal(jobs.length, i + 1);
});
