// @ts-check
// Implementations of `fetch`, cookies, tokens and promises unlike those of any platform: every call settles, and reports what is wrong.

import assert from "node:assert/strict";
import { test } from "node:test";
import { runInNewContext } from "node:vm";
import { Client, Scheduler, SchedulerError } from "couchdb-scheduler";
import { docRows, headersOf, listText } from "../support/answers.js";
import { stopClocks } from "../support/clock.js";
import { nextTurn, outcomeOf } from "../support/promises.js";

const URL_HERE = "http://couch.test:5984";
const LIST = listText(docRows(3));
const SESSION = /** @type {const} */ ({ type: "session", username: "admin", password: "hunter2-S3CR3T" });

/** @typedef {import("couchdb-scheduler").ClientOptions} ClientOptions */

/** @param {unknown} fetch @param {ClientOptions} [options] */
const schedulerWith = (fetch, options) =>
  new Scheduler(URL_HERE, { retries: 0, fetch: /** @type {any} */ (fetch), ...options });

/** @param {Promise<unknown>} promise @param {string} [what] @returns {Promise<SchedulerError>} */
async function errorOf(promise, what = "") {
  const outcome = await outcomeOf(promise, 50);
  assert.equal(outcome.status, "rejected", what);
  const { reason } = /** @type {{ reason: unknown }} */ (outcome);
  assert.ok(reason instanceof SchedulerError, `${what}: ${reason}`);
  return reason;
}

/** @param {unknown} error @returns {never} */
function raise(error) {
  throw error;
}

// Logins

/** A server with this response to a login, which records the requests that follow. @param {() => unknown} login */
function loggingIn(login) {
  /** @type {Record<string, string>[]} */
  const sent = [];
  const fetch = async (/** @type {string} */ url, /** @type {RequestInit} */ init) => {
    if (url.endsWith("/_session")) return login();
    sent.push(headersOf(init));
    return new Response(LIST);
  };
  return { sent, scheduler: schedulerWith(fetch, { auth: SESSION }) };
}

/** A response with these headers, which need not be real ones. @param {object} headers */
const answered = (headers) => ({ status: 200, headers, body: new Response('{"ok":true,"name":"admin"}').body });

/** @param {unknown} getSetCookie @param {string | null} [setCookie] */
const cookies = (getSetCookie, setCookie = null) =>
  answered({ get: (/** @type {string} */ name) => (name === "set-cookie" ? setCookie : null), getSetCookie });

/** @type {[string, () => unknown][]} */
const NO_COOKIES = [
  ["null", () => cookies(() => null)],
  ["undefined", () => cookies(() => undefined)],
  ["a number", () => cookies(() => 7)],
  ["a negative length", () => cookies(() => ({ length: -1 }))],
  ["a symbol", () => cookies(() => Symbol("AuthSession=x"))],
  ["a list of symbols", () => cookies(() => [Symbol("AuthSession=x"), null, {}])],
  ["an iterable that throws", () => cookies(() => ({ [Symbol.iterator]: () => raise(new Error("iterated")) }))],
  ["an error", () => cookies(() => raise(new Error("no cookies")))],
  ["a promise", () => cookies(async () => ["AuthSession=x"])],
  ["no function", () => cookies("AuthSession=x")],
  ["cookies of others", () => cookies(() => ["a=b", "XAuthSession=c", "AuthSession="])],
  ["undefined", () => cookies(undefined)],
  ["headers that throw", () => answered({ get: () => raise(new Error("looked at")) })],
  ["headers that return objects", () => answered({ get: () => ({}) })],
  ["headers of the platform", () => new Response('{"ok":true}')],
];

test("a login response without a cookie is reported, whatever getSetCookie() returns", async () => {
  for (const [what, login] of NO_COOKIES) {
    const { sent, scheduler } = loggingIn(login);
    const error = await errorOf(scheduler.listDocs(), what);
    assert.equal(error.code, "invalid_response", what);
    assert.match(error.message, /accepted the login and sent no AuthSession cookie/, what);
    assert.doesNotMatch(error.message, /server admin/);
    assert.ok(error.url.endsWith("/_session"));
    assert.deepEqual(sent, [], `${what}: a request without credentials`);
  }
});

test("without a usable getSetCookie(), Set-Cookie is read", async () => {
  for (const getSetCookie of [undefined, () => null, () => [], () => raise(new Error("no"))]) {
    const { sent, scheduler } = loggingIn(() => cookies(getSetCookie, "AuthSession=abc; Path=/"));
    assert.equal((await outcomeOf(scheduler.listDocs(), 50)).status, "fulfilled");
    assert.equal(sent[0].cookie, "AuthSession=abc");
  }
});

test("a cookie that Headers refuses is an error, and the client still works", async () => {
  for (const cookie of [
    "AuthSession=a\nb",
    "AuthSession=a\u0000b",
    "AuthSession=日本",
    "AuthSession=😀",
    "AuthSession=a\rb",
  ]) {
    const { sent, scheduler } = loggingIn(() => cookies(() => [cookie]));
    for (let call = 0; call < 2; call++) {
      const error = await errorOf(scheduler.listDocs(), cookie);
      assert.equal(error.code, "invalid_response", cookie);
      assert.match(error.message, /cookie is not allowed in HTTP/);
    }
    assert.deepEqual(sent, []);
  }
});

/** @type {[string, () => Response, RegExp][]} */
const FOREIGN_LOGINS = [
  ["a health check", () => Response.json({ status: "ok" }), /not CouchDB's response to a login/],
  ["ok: false", () => Response.json({ ok: false }), /not CouchDB's response to a login/],
  ["ok as text", () => Response.json({ ok: "true" }), /not CouchDB's response to a login/],
  ["CouchDB's welcome", () => Response.json({ couchdb: "Welcome" }), /not CouchDB's response to a login/],
  ["an empty object", () => Response.json({}), /not CouchDB's response to a login/],
  [
    "a page",
    () => new Response("<title>Log in</title>", { headers: { "content-type": "text/html" } }),
    /not a JSON object.*text\/html.*“Log in”/,
  ],
];

test("a login response that is not CouchDB's is an error, also with a cookie", async () => {
  for (const [what, login, says] of FOREIGN_LOGINS) {
    for (const cookie of [undefined, "AuthSession=stolen"]) {
      const { sent, scheduler } = loggingIn(() => {
        const response = login();
        if (cookie) response.headers.set("set-cookie", cookie);
        return response;
      });
      const error = await errorOf(scheduler.listDocs(), what);
      assert.equal(error.code, "invalid_response", what);
      assert.match(error.message, says);
      assert.deepEqual(sent, []);
    }
  }
});

// Lifetimes

test("a cookie with a lifetime of 0, or an invalid one, is still sent with every request", async () => {
  for (const age of ["0", "1", "-1", "-99999999999", "99999999999999999999", "NaN", "", "soon"]) {
    const { sent, scheduler } = loggingIn(() => cookies(() => [`AuthSession=abc; Max-Age=${age}`]));
    for (let call = 0; call < 3; call++) await scheduler.listDocs();
    await Promise.all([scheduler.listDocs(), scheduler.listDocs(), scheduler.listDocs()]);
    const shown = sent.map(({ cookie }) => cookie);
    assert.deepEqual(shown, Array(6).fill("AuthSession=abc"), `Max-Age=${age}`);
  }
});

test("a token with a lifetime of 0, or an invalid one, is still sent with every request", async () => {
  for (const life of ["0", "1", "-5", "1e400", '"soon"', "null", "0.5", "{}"]) {
    let tokens = 0;
    /** @type {string[]} */
    const sent = [];
    const fetch = async (/** @type {string} */ url, /** @type {RequestInit} */ init) => {
      if (url.includes("iam")) return new Response(`{"access_token":"token-${++tokens}","expires_in":${life}}`);
      sent.push(headersOf(init).authorization);
      return new Response(LIST);
    };
    const scheduler = schedulerWith(fetch, { auth: { type: "iam", apiKey: "key-key-key" } });
    for (let call = 0; call < 3; call++) await scheduler.listDocs();
    await Promise.all([scheduler.listDocs(), scheduler.listDocs()]);
    assert.equal(sent.length, 5);
    for (const shown of sent) assert.match(shown ?? "no credentials", /^Bearer token-\d$/, `expires_in: ${life}`);
  }
});

// Tokens

/** @param {unknown} token @param {ClientOptions} [options] */
function asking(token, options) {
  const server = { requests: 0 };
  const fetch = async () => {
    server.requests++;
    return new Response(LIST);
  };
  const auth = /** @type {any} */ ({ type: "bearer", token });
  return { server, scheduler: schedulerWith(fetch, { auth, ...options }) };
}

test("a token function that never settles is subject to the timeout", async (t) => {
  stopClocks(t, { timers: true });
  for (const token of [() => new Promise(() => {}), () => thenable(() => {})]) {
    const { server, scheduler } = asking(token, { timeout: 7_000 });
    const list = scheduler.listDocs();
    assert.equal((await outcomeOf(list)).status, "pending");
    t.mock.timers.tick(6_999);
    assert.equal((await outcomeOf(list)).status, "pending");
    t.mock.timers.tick(1);
    const error = await errorOf(list);
    assert.equal(error.code, "timeout");
    assert.match(error.message, /function auth\.token did not return a token within the `timeout`/);
    assert.equal(server.requests, 0);
  }
});

test("an abort does not wait for the token", async () => {
  const { scheduler } = asking(() => new Promise(() => {}));
  const controller = new AbortController();
  const list = scheduler.listDocs({ signal: controller.signal });
  await nextTurn();
  controller.abort("enough");
  assert.deepEqual(await outcomeOf(list), { status: "rejected", reason: "enough" });
});

/** An object, or `of`, with this `then`. @param {unknown} then @param {object} [of] @returns {any} */
const thenable = (then, of = {}) => Object.assign(of, { then });

/** @param {PropertyKey} name @param {object} [of] @returns {any} */
const withThrowingGetter = (name, of = {}) => Object.defineProperty(of, name, { get: () => raise(broken) });

const broken = new Error("broken");

/** @type {[string, () => unknown, unknown?][]} */
const ODD_TOKENS = [
  ["throws", () => raise(broken), broken],
  ["throws text", () => raise("text"), "text"],
  ["rejects", () => Promise.reject(broken), broken],
  ["returns a symbol", () => Symbol("token")],
  ["returns a promise of a symbol", async () => Symbol("token")],
  ["returns undefined", () => undefined],
  ["returns a number", () => 7],
  ["returns an object", () => ({ toString: () => "token" })],
  ["returns a String object", () => Object("token")],
  ["returns an empty string", () => ""],
  ["returns a line break", () => "a\nb"],
  ["returns characters that HTTP does not allow", () => "tökén"],
  ["returns a thenable that throws", () => thenable(() => raise(broken)), broken],
  ["returns a thenable whose getter throws", () => withThrowingGetter("then"), broken],
  [
    "returns a thenable that rejects",
    () => thenable((/** @type {any} */ _, /** @type {any} */ no) => no(broken)),
    broken,
  ],
  ["returns a proxy that throws", () => new Proxy({}, { get: () => raise(broken) }), broken],
];

test("a token function that does not return a token is an error, and nothing is sent", async () => {
  for (const [what, token, cause] of ODD_TOKENS) {
    const { server, scheduler } = asking(token);
    const error = await errorOf(scheduler.listDocs(), what);
    assert.equal(error.code, "unauthorized", what);
    assert.match(error.message, /the function auth\.token (failed|did not return a token)/, what);
    assert.equal(error.cause, cause, what);
    assert.equal(server.requests, 0, what);
  }
});

test("a token function can return the promise of another realm, or a thenable", async () => {
  for (const token of [
    () => runInNewContext("Promise.resolve('token')"),
    () => thenable((/** @type {any} */ resolve) => resolve("token")),
    () => thenable((/** @type {any} */ resolve) => resolve(Promise.resolve("token"))),
  ]) {
    const { server, scheduler } = asking(token);
    assert.equal((await outcomeOf(scheduler.listDocs())).status, "fulfilled");
    assert.equal(server.requests, 1);
  }
});

// Promises

/** @extends {Promise<any>} */
class Tagged extends Promise {
  /** @override @returns {any} */
  get [Symbol.toStringTag]() {
    return raise(broken);
  }
}

/** @extends {Promise<any>} */
class Species extends Promise {
  /** @override @returns {any} */
  static get [Symbol.species]() {
    return raise(broken);
  }
}

/** Promises of `value` that are correct, though odd. @type {[string, (value: any) => unknown][]} */
const RIGHT = [
  ["a subclass", (value) => Tagged.resolve(value)],
  [
    "a promise whose constructor is not a function",
    (value) => Object.defineProperty(Promise.resolve(value), "constructor", { value: class {} }),
  ],
  ["a promise of another realm", (value) => runInNewContext("Promise.resolve(value)", { value })],
  ["a frozen promise", (value) => Object.freeze(Promise.resolve(value))],
  ["a thenable", (value) => thenable((/** @type {any} */ resolve) => resolve(value))],
  [
    "a thenable of a thenable",
    (value) => thenable((/** @type {any} */ outer) => outer(thenable((/** @type {any} */ inner) => inner(value)))),
  ],
  [
    "a thenable that resolves twice and throws",
    (value) =>
      thenable((/** @type {any} */ resolve) => {
        resolve(value);
        resolve(null);
        raise(broken);
      }),
  ],
  ["no promise", (value) => value],
];

/** Promises that are incorrect: each ends in `broken`. @type {[string, () => unknown][]} */
const WRONG = [
  ["a promise whose then throws", () => thenable(() => raise(broken), Promise.resolve(1))],
  ["a subclass whose species throws", () => new Species((resolve) => resolve(1))],
  ["a promise whose then is a getter that throws", () => withThrowingGetter("then", Promise.resolve(1))],
  ["a promise whose constructor is a getter that throws", () => withThrowingGetter("constructor", Promise.resolve(1))],
  ["a thenable that throws", () => thenable(() => raise(broken))],
  ["a thenable that rejects", () => thenable((/** @type {any} */ _, /** @type {any} */ reject) => reject(broken))],
  ["a proxy that throws", () => new Proxy({}, { get: () => raise(broken) })],
  ["a function that throws", () => raise(broken)],
];

test("fetch can return a promise of any kind", async () => {
  for (const [what, promised] of RIGHT) {
    const outcome = await outcomeOf(schedulerWith(() => promised(new Response(LIST))).listDocs(), 50);
    assert.equal(outcome.status, "fulfilled", `${what}: ${/** @type {any} */ (outcome).reason}`);
  }
});

test("a promise of fetch that throws is a network error with the thrown error", async () => {
  for (const [what, promised] of WRONG) {
    const error = await errorOf(schedulerWith(promised).listDocs(), what);
    assert.equal(error.code, "network", what);
    assert.equal(error.cause, broken, what);
  }
});

/** Responses whose body is such a promise. @param {() => unknown} promised @returns {object[]} */
const bodiesOf = (promised) => [
  { status: 200, headers: new Headers(), body: { getReader: () => ({ read: promised }) } },
  { status: 200, headers: new Headers(), arrayBuffer: promised },
];

test("the reader of a body and arrayBuffer() can, too", async () => {
  const bytes = new TextEncoder().encode(LIST);
  for (const [what, promised] of RIGHT) {
    const pieces = [{ done: false, value: bytes }, { done: true }];
    const [streamed] = bodiesOf(() => promised(pieces.shift()));
    const [, whole] = bodiesOf(() => promised(bytes.buffer));
    for (const response of [streamed, whole]) {
      const outcome = await outcomeOf(schedulerWith(async () => response).listDocs(), 50);
      assert.equal(outcome.status, "fulfilled", `${what}: ${/** @type {any} */ (outcome).reason}`);
    }
  }
});

test("if these throw, the response broke off", async () => {
  for (const [what, promised] of WRONG) {
    for (const response of bodiesOf(promised)) {
      const error = await errorOf(schedulerWith(async () => response).listDocs(), what);
      assert.equal(error.code, "truncated", what);
      assert.equal(error.cause, broken, what);
    }
  }
});

/** @param {unknown} piece */
const reading = (piece) => ({ getReader: () => ({ read: async () => piece }) });

test("a body that throws on access is an error", async () => {
  for (const [what, body] of /** @type {[string, unknown][]} */ ([
    ["a getter", withThrowingGetter("getReader")],
    ["a function that throws", { getReader: () => raise(broken) }],
    ["a reader that is null", { getReader: () => null }],
    ["a reader without read", { getReader: () => ({}) }],
    ["a reader whose read is a getter that throws", { getReader: () => withThrowingGetter("read") }],
    ["a piece whose done is a getter that throws", reading(withThrowingGetter("done"))],
    ["a piece whose value is a getter that throws", reading(withThrowingGetter("value"))],
    ["a piece that is null", reading(null)],
    ["a piece that is a symbol", reading(Symbol("piece"))],
  ])) {
    const response = { status: 200, headers: new Headers(), body };
    const error = await errorOf(schedulerWith(async () => response).listDocs(), what);
    assert.match(error.code, /^(truncated|invalid_response)$/, `${what}: ${error.message}`);
  }
});

test("after any of these the client still works", async () => {
  /** @type {(() => unknown) | undefined} */
  let odd;
  const fetch = /** @type {any} */ (() => (odd ? odd() : new Response(LIST)));
  const scheduler = new Scheduler(new Client(URL_HERE, { retries: 0, fetch }));
  for (const [what, promised] of WRONG) {
    odd = promised;
    await errorOf(scheduler.listDocs(), what);
    odd = undefined;
    assert.equal((await scheduler.listDocs()).docs.length, 3);
  }
});
