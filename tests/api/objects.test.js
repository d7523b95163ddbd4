// @ts-check
// Objects that are inspected, called wrongly or freed, and the stack of errors.

import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { Client, Replicator, Scheduler, SchedulerError } from "couchdb-scheduler";
import { all } from "../support/promises.js";

const URL_OF = "http://admin:s3cret@couch.test/path";
const answered = (/** @type {string} */ body, /** @type {ResponseInit} */ init) => async () => new Response(body, init);
const missing = answered('{"error":"not_found","reason":"missing"}', { status: 404 });
const options = { retries: 0, fetch: missing };

/** @returns {[name: string, make: () => any][]} */
const classes = () => [
  ["Client", () => new Client(URL_OF, options)],
  ["Scheduler", () => new Scheduler(URL_OF, options)],
  ["Replicator", () => new Replicator(URL_OF, options)],
];

/** The members of a class for callers. @param {any} object */
const methodsOf = (object) =>
  Object.getOwnPropertyNames(Object.getPrototypeOf(object)).filter(
    (key) => !/^(_|constructor$)/.test(key) && typeof object[key] === "function",
  );

/** The error that a call throws, or that its promise or iterator rejects with. @param {() => any} call */
async function errorOf(call) {
  try {
    const result = await call();
    return result?.next ? await result.next() : result;
  } catch (error) {
    return error;
  }
}

for (const [name, make] of classes()) {
  const variable = name.toLowerCase();

  for (const key of methodsOf(make())) {
    test(`${variable}.${key} without its object explains how to call it`, async () => {
      const object = make();
      for (const self of [undefined, null, 5, {}, new (name === "Client" ? Scheduler : Client)("http://other.test")]) {
        const error = await errorOf(() => object[key].call(self, "id"));
        assert.ok(error instanceof TypeError, String(error));
        const call = `${variable}.${key}(…)`;
        assert.equal(error.message, `${key}: called without its ${name}; call ${call}, or pass on (…) => ${call}`);
      }
    });

    if (key === "free") continue;
    test(`${variable}.${key} of a freed object says so`, async () => {
      const object = make();
      object.free();
      const error = await errorOf(() => object[key]("id"));
      assert.ok(error instanceof TypeError, String(error));
      assert.equal(error.message, `${key}: this ${name} was freed and cannot be used any more`);
    });
  }

  test(`a ${name} that was freed can be freed again, inspected, and disposed of`, async () => {
    const object = make();
    object.free();
    object.free();
    object[Symbol.dispose]();
    await object[Symbol.asyncDispose]?.();
    assert.equal(inspect(object), `${name} { freed }`);
    assert.throws(() => object[name === "Client" ? "url" : "client"], { name: "TypeError", message: /was freed/ });
  });

  test(`a ${name} shows its URL in JSON and on a console, and no credentials`, () => {
    const object = make();
    assert.equal(JSON.stringify({ object }), '{"object":{"url":"http://couch.test/path"}}');
    assert.equal(inspect(object), `${name} { url: 'http://couch.test/path' }`);
    assert.equal(inspect([object]), `[ ${name} { url: 'http://couch.test/path' } ]`);
    assert.doesNotThrow(() => inspect(Object.getPrototypeOf(object), { showHidden: true, getters: true }));
  });
}

test("getDoc passed on alone, as in ids.map(scheduler.getDoc), is rejected with an explanation", async () => {
  const { getDoc } = /** @type {any} */ (new Scheduler(URL_OF, options));
  await assert.rejects(Promise.all(["a", "b"].map(getDoc)), {
    name: "TypeError",
    message: "getDoc: called without its Scheduler; call scheduler.getDoc(…), or pass on (…) => scheduler.getDoc(…)",
  });
});

test("a freed client cannot be passed to others", () => {
  const client = new Client(URL_OF, options);
  client.free();
  for (const Class of [Scheduler, Replicator]) {
    assert.throws(() => new Class(client), { name: "TypeError", message: /this Client was freed/ });
  }
});

test("methods keep their names, and what subclasses and proxies add", async () => {
  class Own extends Scheduler {
    /** @override @param {string} id */
    async getDoc(id) {
      return super.getDoc(`own-${id}`);
    }
  }
  assert.equal(Scheduler.prototype.getDoc.name, "getDoc");
  assert.equal(Scheduler.prototype.docs.name, "docs");
  await assert.rejects(new Own(URL_OF, options).getDoc("a"), { url: /own-a$/ });
  await assert.rejects(new Proxy(new Scheduler(URL_OF, options), {}).getDoc("a"), { code: "not_found" });
});

test("client is the client of the URL: closing it ends the session", async () => {
  /** @type {string[]} */
  const sent = [];
  /** @type {typeof globalThis.fetch} */
  const fetch = async (url, init) => {
    sent.push(`${init?.method} ${new URL(String(url)).pathname}`);
    const headers = { "set-cookie": "AuthSession=abc; Version=1; Path=/; HttpOnly; Max-Age=600" };
    return new Response('{"ok":true,"total_rows":0,"offset":0,"docs":[],"jobs":[]}', { headers });
  };
  const auth = /** @type {const} */ ({ type: "session", username: "admin", password: "pass" });
  const scheduler = new Scheduler("http://couch.test", { auth, fetch });
  await scheduler.listJobs();
  assert.ok(scheduler.client instanceof Client);
  assert.equal(scheduler.client, scheduler.client);
  assert.equal(scheduler.client.url, "http://couch.test");
  await scheduler.client.close();
  assert.deepEqual(sent, ["POST /_session", "GET /_scheduler/jobs", "DELETE /_session"]);

  const replicator = new Replicator(scheduler.client);
  assert.equal(replicator.client.url, "http://couch.test");
  // It is a separate handle: freeing it does not affect other handles.
  const handle = scheduler.client;
  handle.free();
  assert.notEqual(scheduler.client, handle);
  assert.equal(scheduler.client.url, "http://couch.test");
});

/** Where an error says it comes from: the first frame. @param {any} error */
const origin = (error) => /^ +at .*$/m.exec(error.stack)?.[0] ?? error.stack;

/** @type {[string, (scheduler: Scheduler, replicator: Replicator) => Promise<unknown>][]} */
const CALLS = [
  [
    "getDoc",
    async function getDocCaller(scheduler) {
      await scheduler.getDoc("a");
    },
  ],
  [
    "listDocs",
    async function listDocsCaller(scheduler) {
      await scheduler.listDocs();
    },
  ],
  [
    "summary",
    async function summaryCaller(scheduler) {
      await scheduler.summary();
    },
  ],
  [
    "waitFor",
    async function waitForCaller(scheduler) {
      await scheduler.waitFor("a");
    },
  ],
  [
    "docs",
    async function docsCaller(scheduler) {
      for await (const _ of scheduler.docs());
    },
  ],
  [
    "jobs",
    async function jobsCaller(scheduler) {
      await scheduler.jobs().next();
    },
  ],
  [
    "watch",
    async function watchCaller(scheduler) {
      for await (const _ of scheduler.watch());
    },
  ],
  [
    "watchJobs",
    async function watchJobsCaller(scheduler) {
      for await (const _ of scheduler.watchJobs());
    },
  ],
  [
    "stopReplication",
    async function stopReplicationCaller(_, replicator) {
      await replicator.stopReplication("a");
    },
  ],
  [
    "restartReplication",
    async function restartReplicationCaller(_, replicator) {
      await replicator.restartReplication("a");
    },
  ],
  [
    "updateReplication",
    async function updateReplicationCaller(_, replicator) {
      await replicator.updateReplication("a", {});
    },
  ],
  [
    "listReplications",
    async function listReplicationsCaller(_, replicator) {
      for await (const _ of replicator.listReplications());
    },
  ],
];

for (const [name, call] of CALLS) {
  test(`the stack of an error of ${name} begins with the caller`, async () => {
    const client = new Client(URL_OF, options);
    const error = await errorOf(() => call(new Scheduler(client), new Replicator(client)));
    assert.ok(error instanceof SchedulerError);
    assert.match(origin(error), new RegExp(`\\b${name}Caller \\(.*objects\\.test\\.js:\\d+:\\d+\\)$`));
    assert.ok(error.stack?.startsWith(`SchedulerError: ${error.message}\n`));
    assert.ok(!Object.keys(error).includes("stack"));
  });
}

/** @type {[string, (scheduler: any) => Promise<unknown>][]} */
const WRONG = [
  [
    "getDoc",
    async function getDocCaller(scheduler) {
      await scheduler.getDoc(5);
    },
  ],
  [
    "docs",
    async function docsCaller(scheduler) {
      for await (const _ of scheduler.docs({ states: [5] }));
    },
  ],
  [
    "jobs",
    async function jobsCaller(scheduler) {
      await scheduler.jobs({ nonsense: 1 }).next();
    },
  ],
];

for (const [name, call] of WRONG) {
  test(`and the stack of a wrong argument of ${name}`, async () => {
    const error = await errorOf(() => call(new Scheduler(URL_OF, options)));
    assert.ok(error instanceof TypeError);
    assert.match(origin(error), new RegExp(`\\b${name}Caller \\(`));
    assert.ok(error.stack?.startsWith(`TypeError: ${error.message}\n`));
  });
}

test("the stack of an error from the caller's code is unchanged", async () => {
  const answer = answered('{"total_rows":1,"offset":0,"docs":[{"doc_id":"a"}]}', {});
  const scheduler = new Scheduler(URL_OF, { fetch: answer });
  const inner = await errorOf(() => new Scheduler(URL_OF, options).getDoc("b"));
  for (const thrown of [new TypeError("mine"), new TypeError("summary: mine is not"), inner]) {
    const { stack } = thrown;
    const onProgress = () => {
      throw thrown;
    };
    assert.equal(await errorOf(() => scheduler.summary({ onProgress })), thrown);
    if (thrown.message !== "summary: mine is not") assert.equal(thrown.stack, stack);
    assert.equal(await errorOf(() => scheduler.listDocs({ signal: AbortSignal.abort(thrown) })), thrown);
  }
});

test("the stack of an error has the engine's format", async (t) => {
  const { stackTraceLimit, captureStackTrace, prepareStackTrace } = Error;
  t.after(() => Object.assign(Error, { stackTraceLimit, captureStackTrace, prepareStackTrace }));
  const fail = () => errorOf(() => new Scheduler(URL_OF, options).getDoc("a"));
  Error.stackTraceLimit = 0;
  let { message, stack } = await fail();
  assert.equal(stack, `SchedulerError: ${message}`);
  Error.stackTraceLimit = stackTraceLimit;
  // Without a known first frame, our own frames precede the caller's.
  Object.assign(Error, { captureStackTrace: undefined });
  ({ message, stack } = await fail());
  assert.ok(stack.startsWith(`SchedulerError: ${message}\n`));
  assert.match(stack, /getDoc[\s\S]*objects\.test\.js/);
  // Frames only, as in Firefox and Safari.
  Error.prepareStackTrace = () => "caller@http://page.test/main.js:1:2\n";
  assert.equal((await fail()).stack, "caller@http://page.test/main.js:1:2\n");
  // Whatever a debugger makes of it.
  Error.prepareStackTrace = (_, frames) => frames;
  assert.ok((await fail()) instanceof SchedulerError);
});

test("JSON of an error has its message, every field and the messages of its causes", async () => {
  const cause = new TypeError("fetch failed", { cause: Object.assign(new Error("refused"), { code: "ECONNREFUSED" }) });
  const fetch = () => Promise.reject(cause);
  const error = await errorOf(() => new Scheduler(URL_OF, { retries: 0, fetch }).getDoc("a"));
  const { name, message, ...fields } = JSON.parse(JSON.stringify(error));
  assert.deepEqual([name, message], ["SchedulerError", error.message]);
  assert.deepEqual(fields, {
    ...error,
    cause: {
      name: "TypeError",
      message: "fetch failed",
      cause: { name: "Error", message: "refused", code: "ECONNREFUSED" },
    },
  });
  assert.equal(fields.code, "network");
  assert.doesNotMatch(JSON.stringify(error), /s3cret|stack/);

  const ended = await errorOf(() =>
    new Scheduler(URL_OF, {
      fetch: answered('{"database":"_replicator","doc_id":"a","state":"failed","info":{"error":"x"}}', {}),
    }).waitFor("a"),
  );
  assert.equal(JSON.parse(JSON.stringify(ended)).doc.state, "failed");
});

test("JSON of an error with any cause is valid JSON", async () => {
  const ring = new Error("ring");
  ring.cause = ring;
  for (const cause of [ring, 5n, Symbol("s"), "text", { toString: 5 }, Object.create(null), () => {}]) {
    const fetch = () => Promise.reject(cause);
    const error = await errorOf(() => new Scheduler(URL_OF, { retries: 0, fetch }).getDoc("a"));
    assert.equal(JSON.parse(JSON.stringify(error)).code, "network");
  }
});

test("an iterator ends with return(), and names its method", async () => {
  const answer = answered('{"total_rows":1,"offset":0,"jobs":[]}', {});
  const rows = new Scheduler(URL_OF, { fetch: answer }).jobs();
  assert.equal(inspect(rows), "RowIterator { call: 'jobs' }");
  assert.deepEqual(await rows.return(), { done: true, value: undefined });
  assert.deepEqual(await all(rows), []);
});
