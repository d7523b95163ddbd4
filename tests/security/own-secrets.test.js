// @ts-check
// The client knows its own secrets: in whatever form they are returned, no error contains them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { Client, Replicator, Scheduler, SchedulerError } from "couchdb-scheduler";
import { all } from "../support/promises.js";

/** @typedef {import("couchdb-scheduler").ClientOptions} ClientOptions */

const URL_HERE = "http://couch.test:5984";
const SECRET = "hunter2-S3CR3T";

/** Everything visible of a thrown value: its own members, the hidden ones, and its causes. @param {any} error */
function everythingOf(error) {
  const parts = [String(error), inspect(error, { depth: 20, showHidden: true, maxStringLength: null })];
  for (let cause = error, depth = 0; cause instanceof Error && depth < 10; cause = cause.cause, depth++) {
    parts.push(cause.message, String(cause.stack));
  }
  return [...parts, JSON.stringify(error)].join("\n");
}

/** @param {() => unknown} make @returns {any} */
function thrownBy(make) {
  try {
    make();
  } catch (error) {
    return error;
  }
  assert.fail("nothing was thrown");
}

/** @param {Promise<unknown>} promise @returns {Promise<any>} */
const errorOf = (promise) =>
  promise.then(
    () => assert.fail("it succeeded"),
    (error) => error,
  );

// Arguments

/** Secrets in the wrong place. @type {[string, () => unknown][]} */
const MISTAKES = [
  ...[`admin:${SECRET}`, SECRET, [SECRET], () => SECRET].flatMap(
    (value) =>
      /** @type {[string, () => unknown][]} */ ([
        ...["auth", "headers", "credentials", "fetch", "timeout", "retries"].flatMap((name) =>
          // A number in the wrong place is shown unless it is a credential: it may be intended, and is a valid count.
          (name === "fetch" && typeof value === "function") ||
          (/^[^ah]/.test(name) && /number|bigint/.test(typeof value))
            ? []
            : /** @type {[string, () => unknown][]} */ ([
                [`${name}: ${typeof value}`, () => new Client(URL_HERE, /** @type {any} */ ({ [name]: value }))],
              ]),
        ),
        ...["username", "password", "type", "token", "apiKey", "tokenUrl"].flatMap((name) => {
          const types =
            name === "type" ? [{ type: value }] : ["basic", "session", "bearer", "iam"].map((type) => ({ type }));
          return types.map((rest) => {
            const auth = { ...rest, [name]: value };
            return /** @type {[string, () => unknown]} */ ([
              `auth ${inspect(rest)} with ${name}: ${typeof value}`,
              () => new Client(URL_HERE, /** @type {any} */ ({ auth })),
            ]);
          });
        }),
        [`options: ${typeof value}`, () => new Client(URL_HERE, /** @type {any} */ (value))],
        [`options of a Scheduler: ${typeof value}`, () => new Scheduler(URL_HERE, /** @type {any} */ (value))],
        [`a url: ${typeof value}`, () => new Client(/** @type {any} */ (value))],
        [
          `a header: ${typeof value}`,
          () => new Client(URL_HERE, { headers: /** @type {any} */ ({ Authorization: [value] }) }),
        ],
        [
          `options in addition to a Client: ${typeof value}`,
          () => Reflect.construct(Scheduler, [new Client(URL_HERE), value]),
        ],
      ]),
  ),
  [
    "headers that are text",
    () => new Client(URL_HERE, /** @type {any} */ ({ headers: `Authorization: Basic ${SECRET}` })),
  ],
  [
    "a tokenUrl with user info",
    () => new Client(URL_HERE, { auth: { type: "iam", apiKey: "k", tokenUrl: `https://u:${SECRET}@iam.test/token` } }),
  ],
  [
    "a tokenUrl that is not a URL",
    () => new Client(URL_HERE, { auth: { type: "iam", apiKey: "k", tokenUrl: `u:${SECRET}@iam.test` } }),
  ],
  ["a header with a line break", () => new Client(URL_HERE, { headers: { Authorization: `Basic ${SECRET}\n` } })],
  ["a token with a space", () => new Client(URL_HERE, { auth: { type: "bearer", token: `Bearer ${SECRET}` } })],
  ["a URL without a scheme", () => new Client(`admin:${SECRET}@couch.test`)],
  ["a URL with an unescaped slash", () => new Client(`http://admin:${SECRET}/x@couch.test`)],
  ["a URL with an unescaped question mark", () => new Client(`http://admin:${SECRET}?x@couch.test`)],
  ["a URL with an unescaped hash", () => new Client(`http://admin:${SECRET}#x@couch.test`)],
  ["a URL with an unescaped percent sign", () => new Client(`http://admin:${SECRET}%@couch.test`)],
  ["an account that is a URL", () => Client.cloudant(`https://u:${SECRET}@a.cloudant.com`)],
];

test("no error about arguments contains a possible secret", () => {
  let thrown = 0;
  /** @type {string[]} */
  const leaks = [];
  for (const [name, make] of MISTAKES) {
    let error;
    try {
      make();
    } catch (caught) {
      error = caught;
    }
    // Some are valid: a password can be any string.
    if (error === undefined) continue;
    thrown++;
    assert.ok(error instanceof TypeError || error instanceof RangeError, `${name}: ${error}`);
    for (const secret of [SECRET, "313370042"]) {
      if (everythingOf(error).includes(secret)) leaks.push(`${name}: ${error.message}`);
    }
  }
  assert.deepEqual(leaks, []);
  assert.ok(thrown > 100, `${thrown}`);
});

for (const [what, character] of [
  ["a slash", "/"],
  ["a question mark", "?"],
  ["a hash", "#"],
]) {
  test(`a password with ${what} in a URL: the error says how to escape it`, () => {
    const error = thrownBy(() => new Client(`http://admin:${SECRET}${character}x@couch.test`));
    assert.match(error.message, /percent-encoded/);
    assert.ok(error.message.includes(encodeURIComponent(character)), error.message);
    assert.ok(!everythingOf(error).includes(SECRET));
  });
}

// Answers

/** @param {string} text */
const base64 = (text) => Buffer.from(text).toString("base64");
/** @param {string} text */
const lower = (text) => text.replace(/%../g, (code) => code.toLowerCase());

/** The ways to write a secret. @type {[string, (secret: string) => string][]} */
const FORMS = [
  ["as it is", (secret) => secret],
  ["in base64", base64],
  ["in base64 with a name", (secret) => base64(`admin:${secret}`)],
  ["in base64 for URLs", (secret) => Buffer.from(secret).toString("base64url")],
  ["in base64 for URLs with a name", (secret) => Buffer.from(`admin:${secret}`).toString("base64url")],
  ["percent-encoded", encodeURIComponent],
  ["percent-encoded in lower case", (secret) => lower(encodeURIComponent(secret))],
  [
    "percent-encoded to the last byte",
    (secret) => [...Buffer.from(secret)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join(""),
  ],
  ["percent-encoded twice", (secret) => encodeURIComponent(encodeURIComponent(secret))],
  ["percent-encoded twice in lower case", (secret) => lower(encodeURIComponent(lower(encodeURIComponent(secret))))],
  ["as a form writes it", (secret) => new URLSearchParams({ a: secret }).toString().slice(2)],
  [
    "as a URL writes it",
    (secret) => new URL(`http://h/${secret.replace(/[?#/\\\s]/g, encodeURIComponent)}`).pathname.slice(1),
  ],
  ["as JSON", (secret) => JSON.stringify(secret).slice(1, -1)],
  ["as JSON in JSON", (secret) => JSON.stringify(JSON.stringify(secret).slice(1, -1)).slice(1, -1)],
  [
    "as JSON in ASCII",
    (secret) => secret.replace(/[^a-z]/gi, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`),
  ],
  [
    "as JSON in ASCII, in capitals",
    (secret) =>
      secret.replace(/[^a-z]/gi, (unit) => `\\u${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`),
  ],
  ["percent-encoded base64", (secret) => encodeURIComponent(base64(`admin:${secret}`))],
  ["as HTML", (secret) => secret.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)],
];

const PASSWORDS = [
  SECRET,
  "correct horse battery",
  "p/a?s#s%w&o=r+d;1",
  "quo\"te'back\\slash`",
  "grüße-übermäßig",
  "pass😀word🔑",
  "пароль-секрет",
  "a:b:c@d@e-123",
  "$1$&$`.*+(x)[y]{z}|^",
  "<script>&amp;",
  "*****-stars",
  "100%25-sure",
  "trailing-equals==",
  "\ttabs\tand more",
  "a\u0301-combining",
];

/** Where a server can repeat it. Each returns a response. @type {[string, (secret: string) => Response][]} */
const PLACES = [
  ["error", (secret) => Response.json({ error: secret, reason: "x" }, { status: 500 })],
  ["reason", (secret) => Response.json({ error: "x", reason: `no: ${secret}, sorry` }, { status: 403 })],
  ["the reason of a 401", (secret) => Response.json({ error: "unauthorized", reason: `${secret}` }, { status: 401 })],
  ["the title of a page", (secret) => new Response(`<html><title>${secret}</title>`, { status: 502 })],
  ["text", (secret) => new Response(`no: ${secret}`, { status: 503, headers: { "content-type": "text/plain" } })],
  ["another response", (secret) => new Response(`you said ${secret}`, { status: 200 })],
  ["an object of another kind", (secret) => Response.json({ you: secret })],
  [
    "an error at the end of a list",
    (secret) => new Response(`{"total_rows":1,"docs":[],"error":"x","reason":${JSON.stringify(secret)}}`),
  ],
];

/** Places that allow only what HTTP allows in a header. @type {[string, (secret: string) => Response][]} */
const HEADERS = [
  [
    "X-Couch-Request-ID",
    (secret) => Response.json({ error: "x", reason: "y" }, { status: 500, headers: { "x-couch-request-id": secret } }),
  ],
  [
    "Location",
    (secret) => new Response(null, { status: 307, headers: { location: `https://other.test/a/${secret}/b` } }),
  ],
  ["Content-Type", (secret) => new Response("x", { status: 502, headers: { "content-type": `text/${secret}` } })],
];

/** @param {string} text */
const fitsHeader = (text) => /^[!-~]+$/.test(text);

/** Ways to have a secret. @type {[string, (secret: string) => [string, ClientOptions] | undefined][]} */
const HOLDERS = [
  ["a password", (secret) => [URL_HERE, { auth: { username: "admin", password: secret } }]],
  ["a password in the URL", (secret) => [`http://admin:${encodeURIComponent(secret)}@couch.test`, {}]],
  ["a token", (secret) => (fitsHeader(secret) ? [URL_HERE, { auth: { type: "bearer", token: secret } }] : undefined)],
  ["a header", (secret) => (fitsHeader(secret) ? [URL_HERE, { headers: { "X-Api-Key": secret } }] : undefined)],
  [
    "a gateway's key",
    (secret) => (fitsHeader(secret) ? [URL_HERE, { headers: { "X-Functions-Key": secret } }] : undefined),
  ],
  [
    "a token function",
    (secret) => (fitsHeader(secret) ? [URL_HERE, { auth: { type: "bearer", token: async () => secret } }] : undefined),
  ],
];

/** @param {any} error @param {string[]} secrets @param {string} what */
function assertHidden(error, secrets, what) {
  assert.ok(error instanceof SchedulerError, `${what}: ${error}`);
  const text = everythingOf(error);
  for (const secret of secrets) assert.ok(!text.includes(secret), `${what}: ${secret}: ${error.message}`);
}

for (const [holder, optionsFor] of HOLDERS) {
  test(`${holder} that a server repeats is masked, in ${FORMS.length} forms and ${PLACES.length + HEADERS.length} places`, async () => {
    let tried = 0;
    for (const secret of PASSWORDS) {
      const made = optionsFor(secret);
      if (made === undefined) continue;
      for (const [form, write] of FORMS) {
        const written = write(secret);
        for (const [place, answer] of [...PLACES, ...(fitsHeader(written) ? HEADERS : [])]) {
          const fetch = async () => answer(written);
          const error = await errorOf(new Scheduler(made[0], { ...made[1], fetch, retries: 0 }).listDocs());
          assertHidden(error, [secret, written], `${place}, ${form}`);
          tried++;
        }
      }
    }
    assert.ok(tried > 300, `${tried}`);
  });
}

test("a password is masked in the errors that onRetry gets", async () => {
  const auth = { username: "admin", password: SECRET };
  const lists = { docs: [], jobs: [], results: [], last_seq: "0", total_rows: 0, offset: 0 };
  for (const method of /** @type {const} */ (["watch", "watchJobs"])) {
    for (const [form, write] of FORMS) {
      let isDown = false;
      const fetch = async () =>
        isDown
          ? Response.json({ error: "x", reason: `it was ${write(SECRET)}` }, { status: 500 })
          : Response.json(lists);
      /** @type {unknown} */
      let reported;
      const onRetry = (/** @type {unknown} */ error) => {
        reported = error;
        isDown = false;
      };
      const watch = new Scheduler(URL_HERE, { auth, fetch, retries: 0 })[method]({ interval: 1, onRetry });
      await watch.next();
      isDown = true;
      await watch.next();
      await watch.return();
      assertHidden(reported, [SECRET, write(SECRET)], `${method}, ${form}`);
    }
  }
});

test("a session's password, and its cookie, are masked", async () => {
  for (const password of PASSWORDS) {
    for (const [form, write] of FORMS) {
      const cookie = `${Buffer.from(`admin:6923AB12:${"\u0001"}hash`).toString("base64url")}`;
      for (const secret of [password, cookie]) {
        const fetch = /** @type {any} */ (
          async (/** @type {string} */ url) =>
            url.endsWith("/_session")
              ? new Response('{"ok":true}', { headers: { "set-cookie": `AuthSession=${cookie}; Path=/` } })
              : Response.json({ error: "x", reason: `it was ${write(secret)}` }, { status: 500 })
        );
        const auth = /** @type {const} */ ({ type: "session", username: "admin", password });
        const error = await errorOf(new Scheduler(URL_HERE, { auth, fetch, retries: 0 }).listJobs());
        assertHidden(error, [secret, write(secret)], form);
      }
    }
  }
});

test("an API key and the token it was exchanged for are masked, and so is the token server's message", async () => {
  const token = "eyJraWQi.opaque_TOKEN-1.c2ln";
  for (const [form, write] of FORMS) {
    for (const [at, secret] of /** @type {const} */ ([
      ["the token server", SECRET],
      ["the server", SECRET],
      ["the server", token],
    ])) {
      const refusal = () => Response.json({ errorCode: "x", error: "x", reason: write(secret) }, { status: 500 });
      const fetch = /** @type {any} */ (
        async (/** @type {string} */ url) =>
          url.includes("iam") && at === "the server" ? Response.json({ access_token: token }) : refusal()
      );
      const auth = /** @type {const} */ ({ type: "iam", apiKey: SECRET });
      const error = await errorOf(new Scheduler(URL_HERE, { auth, fetch, retries: 0 }).listJobs());
      assertHidden(error, [secret, write(secret)], form);
    }
  }
});

test("the tokens of a function are hidden: that of the last request and earlier ones", async () => {
  let n = 0;
  const tokens = Array.from({ length: 5 }, (_, i) => `opaque-token-number-${i}-x`);
  const auth = /** @type {const} */ ({ type: "bearer", token: () => tokens[n++] });
  const fetch = async () => Response.json({ error: "x", reason: tokens.join(" and ") }, { status: 500 });
  const scheduler = new Scheduler(URL_HERE, { auth, fetch, retries: 0 });
  for (let i = 0; i < 4; i++) await errorOf(scheduler.listJobs());
  assertHidden(await errorOf(scheduler.listJobs()), tokens, "tokens");
});

test("the row of a failed replication is without secrets, except where it is exact", async () => {
  // The password is also an id, a database, or a state.
  for (const password of ["failed", "_replicator", SECRET]) {
    const info = { error: `no access for ${password}`, more: [{ deep: password }, 1, true, null] };
    const exact = { database: "_replicator", doc_id: password, id: password, state: "failed" };
    const client = new Client(URL_HERE, {
      auth: { username: "admin", password },
      fetch: async () => Response.json({ ...exact, node: `node@${password}`, info }),
      retries: 0,
    });
    const { doc } = await errorOf(new Scheduler(client).waitFor(password, { until: ["running"] }));
    const { database, doc_id, id, state } = doc;
    assert.deepEqual({ database, doc_id, id, state }, exact);
    assert.equal(doc.node, "node@*****");
    assert.deepEqual(doc.info, { error: "no access for *****", more: [{ deep: "*****" }, 1, true, null] });
  }
});

test("the reason of a failed replication is without secrets", async () => {
  for (const password of PASSWORDS) {
    for (const [form, write] of FORMS) {
      const info = { error: `could not open: ${write(password)}` };
      const row = { database: "_replicator", doc_id: "a", state: "failed", error_count: 1, info };
      const client = new Client(URL_HERE, {
        auth: { username: "admin", password },
        fetch: async () => Response.json(row),
        retries: 0,
      });
      for (const call of [
        () => new Scheduler(client).waitFor("a"),
        () => all(new Replicator(client).followReplication("a")),
      ]) {
        const error = await errorOf(call());
        assert.equal(error.code, "replication_failed");
        for (const secret of [password, write(password)]) {
          for (const text of [error.message, error.reason, error.stack, error.doc.info.error])
            assert.ok(!text.includes(secret), `${form}: ${text}`);
        }
      }
    }
  }
});

// Causes

const auth = { username: "admin", password: SECRET };
const BASIC = `Basic ${base64(`admin:${SECRET}`)}`;

/** @param {unknown} cause */
const failingWith = (cause) =>
  errorOf(new Scheduler(URL_HERE, { auth, fetch: () => Promise.reject(cause), retries: 0 }).listDocs());

/** @template T @param {T} value @param {(value: T) => void} change */
function changed(value, change) {
  change(value);
  return value;
}

/** Errors that contain a secret. @type {[string, () => unknown][]} */
const CAUSES = [
  ["a text", () => `could not connect as admin:${SECRET}`],
  ["a message", () => new Error(`bad URL http://admin:${SECRET}@couch.test`)],
  ["a stack", () => changed(new Error("x"), (error) => (error.stack = `Error: x\n    at connect(${SECRET})`))],
  ["a cause", () => new TypeError("fetch failed", { cause: new Error(BASIC) })],
  ["a cause of a cause", () => new Error("a", { cause: new Error("b", { cause: new Error(SECRET) }) })],
  ["a cause that is text", () => new TypeError("fetch failed", { cause: SECRET })],
  ["one of several errors", () => new AggregateError([new Error("a"), new Error(SECRET)], "all failed")],
  [
    "an error as axios makes it",
    () => Object.assign(new Error("x"), { config: { headers: { Authorization: BASIC } } }),
  ],
  ["a nested plain object", () => ({ request: { options: [{ auth: `admin:${SECRET}` }] } })],
  ["an array", () => ["a", [SECRET]]],
  [
    "an error in a ring",
    () =>
      changed(new Error("x"), (error) => (error.cause = changed(new Error(SECRET), (inner) => (inner.cause = error)))),
  ],
  ["an object in a ring", () => changed(/** @type {any} */ ({ secret: SECRET }), (object) => (object.self = object))],
  ["a frozen error", () => Object.freeze(new Error(SECRET))],
  ["a frozen object", () => Object.freeze({ headers: Object.freeze({ authorization: BASIC }) })],
  ["a hidden member", () => Object.defineProperty(new Error("x"), "config", { value: SECRET })],
  ["a member named by a symbol", () => Object.assign(new Error("x"), { [Symbol("request")]: { auth: SECRET } })],
  ["a getter", () => Object.defineProperty({}, "auth", { get: () => SECRET, enumerable: true })],
  [
    "a getter of its class",
    () =>
      new (class extends Error {
        get request() {
          return SECRET;
        }
      })("x"),
  ],
  [
    "a getter that throws",
    () =>
      Object.defineProperty({ secret: SECRET }, "a", {
        get: () => {
          throw new Error("looked at");
        },
        enumerable: true,
      }),
  ],
  ["a key", () => ({ [SECRET]: 1 })],
  ["a Map", () => Object.assign(new Error("x"), { headers: new Map([["authorization", BASIC]]) })],
  ["a Set", () => ({ seen: new Set([SECRET]) })],
  ["Headers", () => Object.assign(new Error("x"), { headers: new Headers({ authorization: BASIC }) })],
  ["a URL", () => Object.assign(new Error("x"), { url: new URL(`http://admin:${SECRET}@couch.test`) })],
  [
    "a Request",
    () =>
      Object.assign(new Error("x"), { request: new Request("http://a.test", { headers: { authorization: BASIC } }) }),
  ],
  [
    "bytes",
    () => Object.assign(new Error("x"), { sent: Buffer.from(`GET / HTTP/1.1\r\nAuthorization: ${BASIC}\r\n`) }),
  ],
  ["text as an object", () => Object.assign(new Error("x"), { a: Object(SECRET) })],
  ["a function", () => Object.assign(new Error("x"), { retry: Object.assign(() => {}, { auth: SECRET }) })],
  ["a symbol", () => Symbol(SECRET)],
  ["very deep", () => Array.from({ length: 30 }).reduce((/** @type {any} */ inner) => ({ inner }), { secret: SECRET })],
  [
    "a long chain of causes",
    () => Array.from({ length: 30 }).reduce((/** @type {any} */ cause) => new Error("x", { cause }), new Error(SECRET)),
  ],
  ["very late", () => ({ many: Array.from({ length: 5000 }, (_, i) => ({ i })), secret: SECRET })],
  [
    "a proxy that throws",
    () =>
      new Proxy(
        { secret: SECRET },
        {
          ownKeys: () => {
            throw new Error("looked at");
          },
        },
      ),
  ],
  [
    "a revoked proxy",
    () => {
      const { proxy, revoke } = Proxy.revocable({}, {});
      revoke();
      return proxy;
    },
  ],
];

/** Everything that can be reached from a value. @param {any} value @param {Set<unknown>} [seen] @returns {Generator<string>} */
function* reachable(value, seen = new Set()) {
  if (typeof value === "symbol") yield String(value);
  if (typeof value === "string") yield value;
  if (Object(value) !== value || seen.has(value)) return;
  seen.add(value);
  try {
    if (ArrayBuffer.isView(value)) yield Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString();
    yield String(value);
    if (typeof value[Symbol.iterator] === "function") for (const part of value) yield* reachable(part, seen);
  } catch {
    // It throws on every access.
  }
  for (let proto = value; proto && proto !== Object.prototype; proto = safely(() => Object.getPrototypeOf(proto))) {
    for (const name of safely(() => Reflect.ownKeys(proto)) ?? []) {
      yield String(name);
      if (name !== "__proto__")
        yield* reachable(
          safely(() => value[name]),
          seen,
        );
    }
  }
}

/** @template T @param {() => T} get @returns {T | undefined} */
function safely(get) {
  try {
    return get();
  } catch {
    return undefined;
  }
}

for (const [where, make] of CAUSES) {
  test(`a secret in ${where} of fetch's error is not in the error's cause`, async () => {
    const error = await failingWith(make());
    assert.equal(error.code, "network");
    let searched = 0;
    for (const text of reachable(error)) {
      searched++;
      for (const secret of [SECRET, BASIC.slice(6)]) assert.ok(!text.includes(secret), text);
    }
    assert.ok(searched > 10);
    assert.ok(!everythingOf(error).includes(SECRET));
  });
}

test("a cause without a secret is passed on as it is", async () => {
  const ring = changed(new Error("ring"), (error) => (error.cause = error));
  for (const cause of [
    new TypeError("fetch failed", { cause: Object.assign(new Error("connect"), { code: "ECONNREFUSED" }) }),
    Object.freeze(new Error("frozen")),
    new AggregateError([new Error("a"), new Error("b")], "all failed"),
    Object.assign(new Error("axios"), {
      config: { headers: { accept: "application/json" }, data: [1, 2, { a: null }] },
    }),
    { code: "EPROTO" },
    ["a", "b"],
    ring,
    new DOMException("The operation was aborted.", "AbortError"),
    "offline",
    0,
    null,
    undefined,
    Symbol("no"),
  ]) {
    assert.equal((await failingWith(cause)).cause, cause);
  }
});

test("a cause with a secret still has its description", async () => {
  const cause = Object.assign(new TypeError(`cannot parse http://admin:${SECRET}@couch.test`), {
    code: "ERR_INVALID_URL",
  });
  const { cause: shown, message } = await failingWith(cause);
  assert.ok(shown instanceof Error);
  assert.equal(shown.name, "TypeError");
  assert.equal(/** @type {any} */ (shown).code, "ERR_INVALID_URL");
  assert.match(shown.message, /^cannot parse http:\/\/\*+@couch\.test$/);
  assert.match(message, /cannot parse http:\/\/\*+@couch\.test \(ERR_INVALID_URL\)/);
});

test("the error of a token function is searched, too", async () => {
  const token = () => Promise.reject(new Error(`no token for ${SECRET}`));
  const options = {
    auth: /** @type {const} */ ({ type: "bearer", token }),
    headers: { "X-Api-Key": SECRET },
    retries: 0,
  };
  const error = await errorOf(new Scheduler(URL_HERE, options).listDocs());
  assert.ok(!everythingOf(error).includes(SECRET));
  assert.match(/** @type {any} */ (error.cause).message, /no token for \*+$/);
});

// Not secrets

test("a short password is hidden as a word, and does not garble other words", async () => {
  for (const [password, text, shown] of [
    ["pass", "wrong pass for user", "wrong ***** for user"],
    ["pass", "a passing fault in compass passes", "a passing fault in compass passes"],
    ["pass", "http://h/pass/x", "http://h/*****/x"],
    ["pw", "pw, pwd and spwn", "*****, pwd and spwn"],
    ["pw", "(pw) [pw] 'pw'", "(*****) [*****] '*****'"],
    ["пар", "пар и пароль", "***** и пароль"],
    ["1", "1 of 10 documents", "1 of 10 documents"],
    ["admin", "administrator is not admin", "administrator is not *****"],
  ]) {
    const fetch = async () => Response.json({ error: "x", reason: text }, { status: 500 });
    const auth = { username: "u", password };
    const error = await errorOf(new Scheduler(URL_HERE, { auth, fetch, retries: 0 }).listDocs());
    assert.equal(error.reason, shown);
  }
});

test("document ids and database names that resemble secrets are exact in message and url", async () => {
  const fetch = async () => Response.json({ error: "x", reason: "y" }, { status: 500 });
  const client = new Client(URL_HERE, { auth, fetch, retries: 0 });
  const [scheduler, replicator] = [new Scheduler(client), new Replicator(client)];
  for (const id of [
    "key=abc",
    "token=1",
    "password: x",
    "a:b@c",
    "http://u:p@h/",
    "Basic YWRtaW46cGFzcw==",
    "Bearer a.b",
  ]) {
    for (const call of [
      () => scheduler.getDoc(id),
      () => replicator.replicationState(id),
      () => replicator.getReplication(id),
      () => replicator.stopReplication(id),
      () => replicator.restartReplication(id),
      () => replicator.updateReplication(id, {}),
      () => replicator.createReplication({ id, source: "http://a.test", target: "http://b.test" }),
    ]) {
      const error = await errorOf(call());
      const { pathname, search } = new URL(error.url);
      assert.ok(pathname.endsWith(`/${encodeURIComponent(id)}`), error.url);
      assert.ok(error.message.includes(`/${encodeURIComponent(id)}${search})`), error.message);
    }
  }
  for (const name of ["token", "secret-key_1", "password/a"]) {
    const database = `${name}/_replicator`;
    const error = await errorOf(scheduler.listDocs({ database }));
    assert.ok(error.url.endsWith(`/${encodeURIComponent(database)}`), error.url);
    assert.ok(error.message.includes(`/${encodeURIComponent(database)})`), error.message);
  }
});

test("the requested id is exact if a response is another document's", async () => {
  for (const id of ["key=abc", "token=1", "password: x", SECRET.slice(0, 7)]) {
    const fetch = async () => Response.json({ doc_id: "other", state: "running" });
    const error = await errorOf(new Scheduler(URL_HERE, { auth, fetch, retries: 0 }).getDoc(id));
    assert.equal(error.code, "invalid_response");
    assert.ok(error.message.includes(`"${id}"`), error.message);
  }
});
