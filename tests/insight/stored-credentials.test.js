// @ts-check
// endpoints: "stored": the credentials in a replication document go to the origin that they were written for, and nobody sees them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { Scheduler } from "couchdb-scheduler";
import { databaseAt, storedOptions } from "../../pkg-template/insight/stored-credentials.js";
import { headersOf } from "../support/answers.js";
import { all } from "../support/promises.js";

const SECRET = "hunter2-S3CR3T";
const URL_A = "https://a.test/db";

const basic = (/** @type {string} */ text) => `Basic ${Buffer.from(text).toString("base64")}`;

test("databaseAt() takes the URL of a database apart", () => {
  /** @type {[string, [server: string, path: string, username: string, password: string]][]} */
  const URLS = [
    ["http://a.test/db", ["http://a.test", "/db", "", ""]],
    ["HTTP://A.Test:80/db/", ["http://a.test", "/db", "", ""]],
    ["https://u:p%40@a.test:443/db", ["https://a.test", "/db", "u", "p%40"]],
    ["https://a.test:6984/couch/db//", ["https://a.test:6984/couch", "/db", "", ""]],
    ["http://[::1]:5984/team%2Forders", ["http://[::1]:5984", "/team%2Forders", "", ""]],
    ["http://u:@a.test/a+b%20c", ["http://a.test", "/a+b%20c", "u", ""]],
  ];
  for (const [url, [server, path, username, password]] of URLS) {
    assert.deepEqual(databaseAt(url), { server, path, username, password }, url);
  }
  for (const url of [
    "",
    "db",
    "/db",
    "ftp://a.test/db",
    "http://a.test",
    "http://a.test/",
    "http://a.test/db?x=y",
    "http://a.test/db#x",
    "http://u:p/w@a.test/db",
    "http://u:1/w@a.test/db",
    "http://u:1?w@a.test/db",
    "http://u:1#w@a.test/db",
    "http://u:1/\nw@a.test/db",
    "http:/a.test/db",
    "http:u:p@a.test/db",
    // For CouchDB the host is a.test, for URLs here it is u.
    "http://u\\@a.test/db",
    "http://u\\w:p@a.test/db",
    null,
    undefined,
    7,
    {},
  ]) {
    assert.equal(databaseAt(url), null, String(url));
  }
});

test("storedOptions() has the credentials that CouchDB would use: auth, then the URL, then the headers", () => {
  const user = { username: "u", password: "p" };
  const header = { Authorization: basic("h:h"), "X-Region": "eu" };
  const options = (/** @type {unknown} */ auth, /** @type {object} */ headers = {}) => ({
    auth,
    headers,
    credentials: "omit",
  });
  /** @type {[unknown, unknown][]} */
  const ENDS = [
    [URL_A, options(undefined)],
    ["https://u:p@a.test/db/", options(user)],
    ["https://us%C3%A9r:p%40%2F@a.test:443/db", options({ username: "usér", password: "p@/" })],
    [{ url: URL_A }, options(undefined)],
    [{ url: URL_A, auth: {}, headers: {} }, options(undefined)],
    [{ url: URL_A, auth: null, headers: null }, options(undefined)],
    [{ url: URL_A, auth: { basic: user } }, options(user)],
    [{ url: "https://x:y@a.test/db", auth: { basic: user } }, options(user)],
    [{ url: URL_A, auth: { iam: { api_key: "k" } } }, options({ type: "iam", apiKey: "k" })],
    [{ url: URL_A, headers: header }, options(undefined, header)],
    [{ url: URL_A, auth: { basic: user }, headers: header }, options(user, { "X-Region": "eu" })],
    [{ url: "https://u:p@a.test/db", headers: { AUTHORIZATION: "x" } }, options(user)],
    // Of an unknown kind, or for another address.
    [{ url: URL_A, auth: { proxy: {} } }, null],
    ["https://u:%ff@a.test/db", null],
    ["http://u:p@a.test/db", null],
    ["https://u:p@a.test:444/db", null],
    ["https://u:p@b.test/db", null],
    ["https://u:p@a.test/db2", null],
    ["https://u:p@a.test/x/db", null],
    ["db", null],
    [null, null],
    [undefined, null],
    [{ url: null }, null],
    [["https://a.test/db"], null],
  ];
  for (const [written, expected] of ENDS) assert.deepEqual(storedOptions(written, URL_A), expected, inspect(written));
});

/** Each way to write credentials, and the headers that reach the end. @type {Record<string, [end: (host: string) => unknown, sent: Record<string, string>]>} */
const FORMS = {
  "user info": [(host) => `https://u:${SECRET}@${host}/db`, { authorization: basic(`u:${SECRET}`) }],
  "auth.basic": [
    (host) => ({ url: `https://${host}/db`, auth: { basic: { username: "u", password: SECRET } } }),
    { authorization: basic(`u:${SECRET}`) },
  ],
  "a Basic header": [
    (host) => ({ url: `https://${host}/db`, headers: { Authorization: basic(`u:${SECRET}`) } }),
    { authorization: basic(`u:${SECRET}`) },
  ],
  "a Bearer header": [
    (host) => ({ url: `https://${host}/db`, headers: { Authorization: `Bearer ${SECRET}` } }),
    { authorization: `Bearer ${SECRET}` },
  ],
  "another header": [
    (host) => ({ url: `https://${host}/db`, headers: { "X-Api-Key": SECRET } }),
    { "x-api-key": SECRET },
  ],
  "auth.iam": [
    (host) => ({ url: `https://${host}/db`, auth: { iam: { api_key: SECRET } } }),
    { authorization: "Bearer token-of-key" },
  ],
};

const IAM = "https://iam.cloud.ibm.com";

/**
 * Two replications from a.test to b.test, their documents with these ends, on the server couch.test.
 *
 * @param {{ source: unknown, target: unknown }} written
 * @param {(url: URL, init: RequestInit) => unknown} end responds for a.test and b.test
 * @param {() => Response} [token] responds for the token server
 */
function withEnds(written, end, token = () => Response.json({ access_token: "token-of-key", expires_in: 3600 })) {
  /** @type {{ url: URL, init: RequestInit }[]} */
  const sent = [];
  const rowOf = (/** @type {string} */ doc_id) => ({
    database: "_replicator",
    doc_id,
    id: `0${doc_id}+continuous`,
    state: "crashing",
    info: { error: "x" },
    source: "https://a.test/db/",
    target: "https://b.test/db/",
  });
  const rows = [rowOf("r"), rowOf("s")];
  const documentOf = (/** @type {string} */ _id) => ({ _id, _rev: "1-a", ...written });
  /** @type {any} */
  const fetch = async (/** @type {string} */ address, /** @type {RequestInit} */ init) => {
    const url = new URL(address);
    sent.push({ url, init });
    if (url.origin === IAM) return token();
    if (url.host !== "couch.test") return end(url, init);
    if (url.pathname.endsWith("/_all_docs")) {
      return Response.json({ rows: rows.map(({ doc_id }) => ({ key: doc_id, doc: documentOf(doc_id) })) });
    }
    if (url.pathname === "/_scheduler/docs/_replicator") return Response.json({ total_rows: 2, offset: 0, docs: rows });
    if (url.pathname.startsWith("/_scheduler")) return Response.json(rows[0]);
    return Response.json(documentOf("r"));
  };
  return { scheduler: new Scheduler("https://couch.test", { fetch, retries: 0 }), sent };
}

/** @param {URL} url @param {RequestInit} init */
function checkpointsAndBacklog(url, init) {
  if (url.pathname.endsWith("/_changes")) return Response.json({ results: [], last_seq: "7-x", pending: 5 });
  const { keys } = JSON.parse(String(init.body));
  const doc = { session_id: "s", source_last_seq: "7-x", history: [{ session_id: "s", recorded_seq: "7-x" }] };
  return Response.json({ rows: keys.map((/** @type {string} */ key) => ({ key, doc: { _id: key, ...doc } })) });
}

/** Every form in which a secret could be written. @param {unknown} value */
function assertHidden(value, what = "") {
  const text = [inspect(value, { depth: 20, showHidden: true, maxStringLength: null }), JSON.stringify(value)].join(
    "\n",
  );
  const forms = [SECRET, encodeURIComponent(SECRET), btoa(SECRET), btoa(`u:${SECRET}`), "token-of-key"];
  for (const form of forms) assert.ok(!text.includes(form), `${what}: ${form} in ${text}`);
}

for (const [name, [end, headers]] of Object.entries(FORMS)) {
  test(`stored credentials as ${name} go to their own origin only`, async () => {
    // Each end is given its own; the other one must not receive it.
    for (const [mine, other] of [
      ["a.test", "b.test"],
      ["b.test", "a.test"],
    ]) {
      const written = { source: "https://a.test/db", target: "https://b.test/db" };
      const { scheduler, sent } = withEnds(
        { ...written, [mine === "a.test" ? "source" : "target"]: end(mine) },
        checkpointsAndBacklog,
      );
      const lag = await scheduler.lag("r", { endpoints: "stored" });
      const lags = await all(scheduler.lags({ endpoints: "stored" }));
      for (const one of [lag, ...lags]) {
        assert.deepEqual([one.source.status, one.target.status, one.backlog], ["found", "found", 5]);
        assertHidden(one, name);
      }
      assert.deepEqual(
        new Set(sent.map(({ url }) => url.host)).size,
        headers.authorization?.includes("token-of") ? 4 : 3,
      );
      let reached = 0;
      for (const { url, init } of sent) {
        const received = headersOf(init);
        const hasHeaders = Object.entries(headers).every(([key, value]) => received[key] === value);
        assert.equal(init.redirect, "manual");
        if (url.host === mine) {
          assert.ok(hasHeaders, inspect(received));
          assert.equal(init.credentials, "omit");
          reached++;
        } else if (url.origin !== IAM) {
          assert.ok(!hasHeaders);
          assertHidden([url.href, received, String(init.body)], `${name} at ${url.host}, not ${other}`);
        }
      }
      assert.ok(reached >= 2);
    }
  });

  test(`no error at an end shows stored credentials as ${name}`, async () => {
    const echo = Object.values(headers).join(" ");
    /** @type {[string, () => unknown][]} */
    const FAILURES = [
      ["401", () => Response.json({ error: "unauthorized", reason: `no ${SECRET} ${echo}` }, { status: 401 })],
      ["500", () => Response.json({ error: SECRET, reason: echo }, { status: 500 })],
      ["no JSON", () => new Response(`{"rows":[${SECRET} ${echo}]}`)],
      ["half JSON", () => new Response(`{"rows":["${SECRET} ${echo}`)],
      ["a page", () => new Response(`<title>${SECRET} ${echo}</title>`)],
      ["other rows", () => Response.json({ rows: [{ key: SECRET, doc: { echo } }] })],
      [
        "another sequence",
        () => Response.json({ rows: [{ key: "_local/0r", doc: { _id: "_local/0r", source_last_seq: echo } }] }),
      ],
      ["a redirect", () => new Response("", { status: 302, headers: { location: `https://u:${SECRET}@evil.test/` } })],
      ["network", () => Promise.reject(new TypeError(`cannot send ${SECRET}`, { cause: new Error(echo) }))],
    ];
    for (const [failure, respond] of FAILURES) {
      const { scheduler, sent } = withEnds({ source: end("a.test"), target: end("b.test") }, respond);
      const lag = await scheduler.lag("r", { endpoints: "stored" });
      const lags = await all(scheduler.lags({ endpoints: "stored" }));
      assert.equal(lags.length, 2);
      for (const { source, target } of [lag, ...lags]) {
        for (const { status, error } of [source, target]) {
          assert.match(status, /^(unreachable|refused)$/, failure);
          assertHidden(error, `${name}, ${failure}`);
        }
      }
      assert.ok(sent.every(({ url }) => /^(couch|a|b)\.test$/.test(url.host) || url.origin === IAM));
    }
  });
}

test("a token server that fails is an error of the end, without the key", async () => {
  const end = { url: "https://a.test/db", auth: { iam: { api_key: SECRET } } };
  const refusal = () => Response.json({ errorMessage: `no key ${SECRET}` }, { status: 400 });
  const { scheduler, sent } = withEnds({ source: end, target: "https://b.test/db" }, checkpointsAndBacklog, refusal);
  const { source, target } = await scheduler.lag("r", { endpoints: "stored" });
  assert.deepEqual([source.status, source.error?.code, target.status], ["refused", "unauthorized", "found"]);
  assertHidden(source.error);
  assert.ok(sent.every(({ url }) => url.host !== "a.test"));
});

test("ends with the same credentials share one client, so one token", async () => {
  const end = (/** @type {string} */ host) => ({ url: `https://${host}/db`, auth: { iam: { api_key: SECRET } } });
  const { scheduler, sent } = withEnds({ source: end("a.test"), target: end("b.test") }, checkpointsAndBacklog);
  await all(scheduler.lags({ endpoints: "stored" }));
  assert.equal(sent.filter(({ url }) => url.origin === IAM).length, 2, "one for each origin");
});
