// @ts-check
// Arguments of Client and Scheduler: constructors throw immediately, and name what is wrong without showing a secret.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Client, Replicator, Scheduler } from "couchdb-scheduler";
import {
  ARRAYS,
  countingGetters,
  FUNCTIONS,
  kinds,
  NUMBERS,
  OBJECTS,
  PRIMITIVES,
  STRINGS,
  THROWN,
  throwingGetter,
} from "../support/wrong-values.js";

/** @typedef {import("../support/wrong-values.js").Kinds} Kinds */

const URL_HERE = "http://couch.test:5984";
const SECRET = "hunter2-secret";
const anyValue = [NUMBERS, STRINGS, PRIMITIVES, ARRAYS, FUNCTIONS, OBJECTS];

/** Ways to create one from any arguments. @type {[string, (...args: any[]) => unknown][]} */
const MAKERS = [
  ["new Client", (...args) => Reflect.construct(Client, args)],
  ["new Scheduler", (...args) => Reflect.construct(Scheduler, args)],
];

/** @param {string} what @param {() => unknown} make @param {string} named */
function assertThrows(what, make, named) {
  try {
    make();
  } catch (error) {
    assert.ok(error instanceof TypeError || error instanceof RangeError, `${what}: ${error}`);
    assert.ok(error.message.includes(named), `${what}: "${error.message}" does not name ${named}`);
    assert.ok(!error.message.includes(SECRET), error.message);
    return;
  }
  assert.fail(`${what} was taken`);
}

/** @type {Kinds} */
const WRONG_URLS = [
  ...kinds(anyValue),
  ["undefined", undefined],
  ["a path", "/couchdb"],
  ["a host", "couch.test:5984"],
  ["ftp", "ftp://couch.test"],
  ["a file", "file:///tmp"],
  ["a query", `${URL_HERE}/?x=1`],
  ["a fragment", `${URL_HERE}/#x`],
  ["no host", "http://"],
  ["a strange port", "http://couch.test:99999"],
  ["a URL in an object", { url: URL_HERE }],
  ["a URL of ftp", new URL("ftp://couch.test")],
  ["a strange href", { href: 5 }],
  ["user info that is not UTF-8", `http://%ff:${SECRET}@couch.test`],
  ["a password and no host", `http://user:${SECRET}@`],
  ["a password and a query", `http://user:${SECRET}@couch.test/?x`],
];

/** @type {Record<string, Kinds>} */
const WRONG_OPTIONS = {
  auth: [
    ...kinds(anyValue),
    ["a username alone", { username: "a" }],
    ["a password alone", { password: SECRET }],
    ["a username that is not a string", { username: 5, password: SECRET }],
    ["a password that is not a string", { username: "a", password: 5 }],
    ["a username with a colon", { username: "a:b", password: SECRET }],
    ["an unknown member", { username: "a", password: SECRET, nonsense: 1 }],
  ],
  headers: [
    ...kinds([NUMBERS, STRINGS, PRIMITIVES, ARRAYS, FUNCTIONS]),
    ["a Headers object", new Headers({ "x-a": SECRET })],
    ["a Map", new Map([["x-a", SECRET]])],
    ["a value that is a number", { "x-a": 5 }],
    ["a value that is null", { "x-a": null }],
    ["a value that is an array", { "x-a": [SECRET] }],
    ["a name with a space", { "x a": SECRET }],
    ["an empty name", { "": SECRET }],
    ["a value with a line break", { "x-a": `${SECRET}\r\nx-b: 1` }],
    ["a value beyond Latin-1", { "x-a": `${SECRET}日` }],
  ],
  credentials: [...kinds(anyValue), ["capitals", "Include"]],
  timeout: kinds(anyValue, {
    but: ["zero", "one", "a fraction", "Infinity", "2 ** 53", "1e308", "the smallest fraction"],
  }),
  retries: kinds(anyValue, { but: ["zero", "one"] }),
  fetch: kinds([NUMBERS, STRINGS, PRIMITIVES, ARRAYS, OBJECTS]),
};

for (const [name, make] of MAKERS) {
  test(`${name}() refuses a wrong URL, of ${WRONG_URLS.length} kinds`, () => {
    const named = name === "new Client" ? "url" : "url";
    for (const [kind, value] of WRONG_URLS) assertThrows(`${name}(${kind})`, () => make(value), named);
  });

  test(`${name}() refuses options that are not an object`, () => {
    for (const [kind, value] of kinds([NUMBERS, STRINGS, PRIMITIVES, ARRAYS, FUNCTIONS])) {
      assertThrows(`${name}(url, ${kind})`, () => make(URL_HERE, value), "options");
    }
    assertThrows("an unknown option", () => make(URL_HERE, { timeOut: 5 }), "timeOut");
  });

  for (const [option, wrong] of Object.entries(WRONG_OPTIONS)) {
    test(`${name}() refuses a wrong ${option}, of ${wrong.length} kinds`, () => {
      for (const [kind, value] of wrong) {
        assertThrows(`${name}(url, { ${option}: ${kind} })`, () => make(URL_HERE, { [option]: value }), option);
      }
    });

    test(`${name}() throws the error of the getter of ${option} throws`, () => {
      assert.throws(() => make(URL_HERE, throwingGetter(option)), THROWN);
    });
  }

  test(`${name}() throws the errors of the getters of auth and headers`, () => {
    assert.throws(() => make(URL_HERE, { auth: throwingGetter("username") }), THROWN);
    assert.throws(() => make(URL_HERE, { headers: throwingGetter("x-a") }), THROWN);
  });
}

test("new Client() reads each option, and each member of auth, once", () => {
  const options = {
    headers: { "x-a": "b" },
    credentials: "omit",
    timeout: 1,
    retries: 1,
    fetch,
  };
  for (const auth of [
    { username: "a", password: "b" },
    { type: "session", username: "a", password: "b" },
    { type: "iam", apiKey: "a", tokenUrl: "https://iam.test/token" },
    { type: "bearer", token: "a" },
    { type: "bearer", token: () => "a" },
  ]) {
    const members = countingGetters(auth);
    const all = countingGetters({ auth: members.object, ...options });
    Reflect.construct(Client, [URL_HERE, all.object]);
    for (const reads of [members.reads, all.reads]) {
      assert.deepEqual(reads, Object.fromEntries(Object.keys(reads).map((name) => [name, 1])));
    }
  }
});

test("new Scheduler() refuses options in addition to a client, which has its own", () => {
  const client = new Client(URL_HERE);
  assertThrows("options", () => new Scheduler(/** @type {any} */ (client), { timeout: 5 }), "options");
  assert.ok(new Scheduler(client));
});

test("new Scheduler() refuses an object that only looks like a client", () => {
  const lookalikes = [
    { url: URL_HERE },
    { __share: 5 },
    { __share: () => 5 },
    { __share: () => null },
    { __share: () => ({}) },
  ];
  for (const value of lookalikes) {
    assert.throws(() => Reflect.construct(Scheduler, [value]), TypeError, JSON.stringify(value));
  }
});

test("Client.cloudant() refuses a wrong account, and wrong options", () => {
  const wrong = [
    ...kinds(anyValue, { but: ["a word", "digits"] }),
    ["undefined", undefined],
    ["a host", "acme.cloudant.com"],
    ["a URL", "https://acme.cloudant.com"],
    ["a path", "acme/x"],
    ["user info", `user:${SECRET}@acme`],
    ["a space", "ac me"],
    ["beyond ASCII", "ácme"],
  ];
  const cloudant = /** @type {(account: any, options?: any) => Client} */ (Client.cloudant);
  for (const [kind, value] of wrong) {
    assertThrows(`Client.cloudant(${String(kind)})`, () => cloudant(value), "account");
  }
  assertThrows("options", () => cloudant("acme", 5), "options");
  assertThrows("unknown option", () => cloudant("acme", { nonsense: 1 }), "nonsense");
});

test("the URL of a database or of a page on the server is refused, and the error says what to pass", () => {
  for (const [url, part] of [
    ["http://couch.test:5984/_replicator", "/_replicator"],
    ["http://couch.test:5984/_replicator/", "/_replicator"],
    ["http://couch.test:5984/behind/_replicator", "/_replicator"],
    ["http://u:s3cret@couch.test/team%2F_replicator", "%2F_replicator"],
    ["http://u:s3cret@couch.test/team%2f_replicator", "%2f_replicator"],
    ["http://couch.test:5984/_replicator/_all_docs?limit=1", "/_replicator"],
    ["http://couch.test:5984/_utils", "/_utils"],
    ["http://couch.test:5984/_utils/", "/_utils"],
    ["http://u:s3cret@couch.test/_utils/#/replication", "/_utils"],
    ["http://couch.test:5984/_utils/index.html", "/_utils"],
    ["http://couch.test:5984/_scheduler/docs", "/_scheduler"],
  ]) {
    for (const [name, Class] of /** @type {[string, any][]} */ (Object.entries({ Client, Scheduler, Replicator }))) {
      for (const given of [url, new URL(url)]) {
        assert.throws(
          () => new Class(given),
          (/** @type {any} */ error) => {
            assert.ok(error instanceof RangeError);
            assert.ok(
              error.message.startsWith(`new ${name}: url must be the server's, without "${part}"`),
              error.message,
            );
            assert.match(error.message, /`database` option/);
            assert.doesNotMatch(error.message, /s3cret/);
            return true;
          },
        );
      }
    }
  }
  for (const url of [
    "http://couch_replicator:pw@couch.test",
    "http://couch.test/replicator",
    "http://h.test/my_utils",
  ]) {
    new Client(url);
  }
});
