// @ts-check
// Which changes give a replication another id: by CouchDB's own ids, recorded and of the server of the tests.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { withChanges } from "../../pkg-template/insight/changes.js";
import { rewindsOf } from "../../pkg-template/insight/identity.js";
import { changesOf, isCouchdbField } from "../../pkg-template/runtime/new-replication.js";

/** The beginning of the id that CouchDB 3.5 gave to each document. @type {[id: string, document: string][]} */
const RECORDED = JSON.parse(readFileSync(new URL("../support/recorded-ids.json", import.meta.url), "utf8"));

/** Pairs with the same id that count as different: what CouchDB computes for them is not known here. */
const CAUTIOUS = [/CouchDB-Replicator\/3\.5\.2/, /"t":\{"a":1\}|"t\.a":1/];

test("rewindsOf() agrees with the recorded ids of CouchDB, for each pair", () => {
  let [same, different] = [0, 0];
  for (const [id, document] of RECORDED) {
    for (const [other, changed] of RECORDED) {
      const rewinds = rewindsOf(document, changed);
      const isCautious = CAUTIOUS.some((pattern) => pattern.test(document) || pattern.test(changed));
      if (id === other && !isCautious) assert.deepEqual(rewinds, [], `${document} to ${changed}`);
      if (id !== other) assert.notDeepEqual(rewinds, [], `${document} to ${changed}`);
      if (document === changed) assert.deepEqual(rewinds, []);
      id === other ? same++ : different++;
    }
  }
  assert.ok(same > 500 && different > 5000, `${same} the same, ${different} different`);
});

const SOURCE = "http://127.0.0.1:5984/a";
const BASE = { source: SOURCE, target: "http://127.0.0.1:5984/b" };
const basic = (/** @type {string} */ username, password = "pw") => ({ basic: { username, password } });
const header = (/** @type {string} */ name, password = "pw") => ({
  Authorization: `Basic ${btoa(`${name}:${password}`)}`,
});
const WITH_FILTER = { ...BASE, filter: "d/f", query_params: { a: 1, b: 2 } };
const WITH_SELECTOR = '{"source":"http://h.test/a","target":"http://h.test/b","selector":{"a":1.0,"b":2}}';
const named = (/** @type {string} */ text) => `http://ann:pw@127.0.0.1:5984/${text}`;

/** The rows of CouchDB's rules: what changes, and which fields begin from the beginning by it. @type {[string, object | string, Record<string, any>, string[]][]} */
const TABLE = [
  ["a password in the URL", { ...BASE, source: named("a") }, { source: { auth: basic("ann", "new") } }, []],
  [
    "a password in auth",
    { ...BASE, source: { url: SOURCE, auth: basic("ann") } },
    { source: { auth: basic("ann", "new") } },
    [],
  ],
  [
    "a password in a header",
    { ...BASE, source: { url: SOURCE, headers: header("ann") } },
    { source: { auth: basic("ann") } },
    [],
  ],
  [
    "auth to a header",
    { ...BASE, source: { url: SOURCE, auth: basic("ann") } },
    { source: { headers: header("ann", "x") } },
    [],
  ],
  ["a string to an object", BASE, { source: { url: SOURCE } }, []],
  ["a slash at the end", BASE, { source: `${SOURCE}/` }, []],
  ["a slash after a host", { ...BASE, source: "http://h.test" }, { source: "http://h.test/" }, []],
  [
    "a slash after a database at an IPv6 address",
    { ...BASE, source: "http://[fd00::2]:7000/a" },
    { source: "http://[fd00::2]:7000/a/" },
    [],
  ],
  ["auth of an unknown kind", BASE, { target: { auth: { iam: { api_key: "k" } } } }, []],
  ["port 80", { ...BASE, source: "http://h.test/a" }, { source: "http://h.test:80/a" }, []],
  ["port 5984", { ...BASE, source: "http://h.test/a" }, { source: "http://h.test:5984/a" }, []],
  ["port 443 of https", { ...BASE, source: "http://h.test/a" }, { source: "https://h.test:443/a" }, []],
  [
    "https at the same other port",
    { ...BASE, source: "http://h.test:7000/a" },
    { source: "https://h.test:7000/a" },
    [],
  ],
  ["Accept: application/json", BASE, { source: { headers: { Accept: "application/json" } } }, []],
  ["continuous", BASE, { continuous: true, createTarget: true, createTargetParams: { q: 8 } }, []],
  ["workers", BASE, { workerProcesses: 2, workerBatchSize: 100, httpConnections: 5 }, []],
  ["times", BASE, { connectionTimeout: 1000, retriesPerRequest: 1, checkpointInterval: 5000, useBulkGet: false }, []],
  ["sockets", BASE, { socketOptions: "[{keepalive, true}]" }, []],
  [
    "checkpoints, proxies, users",
    BASE,
    { useCheckpoints: false, proxy: "http://p.test", userCtx: { name: "a" }, owner: "b" },
    [],
  ],
  ["own fields", BASE, { fields: { note: "x" } }, []],
  ["order of docIds", { ...BASE, doc_ids: ["a", "b"] }, { docIds: ["b", "a", "b"] }, []],
  ["encoding of docIds", { ...BASE, doc_ids: ["a b"] }, { docIds: ["a%20b"] }, []],
  ["no docIds", { ...BASE, doc_ids: null }, { docIds: null }, []],
  ["queryParams without a filter", BASE, { queryParams: { a: 1 } }, []],
  ["no queryParams", { ...BASE, filter: "d/f" }, { queryParams: {} }, []],
  ["an implicit $eq", { ...BASE, selector: { t: "x" } }, { selector: { t: { $eq: "x" } } }, []],
  ["an implicit $eq of a field with a dollar", { ...BASE, selector: { a$: 1 } }, { selector: { a$: { $eq: 1 } } }, []],
  ["winningRevsOnly: false", BASE, { winningRevsOnly: false }, []],
  ["a selector that is the same for JavaScript", WITH_SELECTOR, { selector: { a: 1, b: 2 }, continuous: true }, []],

  ["another user", { ...BASE, source: named("a") }, { source: { auth: basic("bob") } }, ["source.auth"]],
  ["another user of the target", { ...BASE, target: named("b") }, { target: { auth: basic("bob") } }, ["target.auth"]],
  ["a user instead of none", BASE, { source: { auth: basic("ann") } }, ["source.auth"]],
  ["no user any more", { ...BASE, source: named("a") }, { source: { auth: null } }, ["source.auth"]],
  ["an empty name with a password", BASE, { source: "http://:pw@127.0.0.1:5984/a" }, ["source.auth"]],
  ["a header", BASE, { source: { headers: { "X-A": "1" } } }, ["source.headers"]],
  ["Accept: text/plain", BASE, { source: { headers: { Accept: "text/plain" } } }, ["source.headers"]],
  ["another header with Basic", BASE, { source: { headers: { "X-A": "Basic dTpw" } } }, ["source.headers"]],
  ["words before Basic", BASE, { source: { headers: { Authorization: "Not basic dTpw" } } }, ["source.headers"]],
  ["words after Basic", BASE, { source: { headers: { Authorization: "Basic dTpw x" } } }, ["source.headers"]],
  [
    "the case of a header",
    { ...BASE, source: { url: SOURCE, headers: { "X-A": "1" } } },
    { source: { headers: { "x-a": "1" } } },
    ["source.headers"],
  ],
  [
    "another token",
    { ...BASE, source: { url: SOURCE, headers: { Authorization: "Bearer a" } } },
    { source: { headers: { Authorization: "Bearer b" } } },
    ["source.headers"],
  ],
  ["another port", BASE, { source: "http://127.0.0.1:6984/a" }, ["source.url"]],
  ["port 5984 of https", BASE, { source: "https://127.0.0.1:5984/a" }, ["source.url"]],
  ["the case of a host", { ...BASE, source: "http://h.test/a" }, { source: "http://H.test/a" }, ["source.url"]],
  [
    "a port that becomes a part of the host",
    { ...BASE, source: "http://h:7000/a" },
    { source: "http://h7000/a" },
    ["source.url"],
  ],
  [
    "a port that is no number",
    { ...BASE, source: "http://h.test:x/a" },
    { source: "http://h.test:x/b" },
    ["source.url"],
  ],
  ["another scheme", { ...BASE, source: "http://h.test/a" }, { source: "shttp://h.test/a" }, ["source.url"]],
  ["another name on this server", { ...BASE, source: "a" }, { source: "b" }, ["source.url"]],
  ["another spelling of the host", BASE, { source: "http://localhost:5984/a" }, ["source.url"]],
  ["percent-encoding", BASE, { source: "http://127.0.0.1:5984/%61" }, ["source.url"]],
  ["a query", BASE, { source: `${SOURCE}?x=1` }, ["source.url"]],
  ["a filter", BASE, { filter: "d/f" }, ["filter", "query_params"]],
  ["another filter", WITH_FILTER, { filter: "d/g" }, ["filter"]],
  ["a value of queryParams", WITH_FILTER, { queryParams: { a: 1, b: 3 } }, ["query_params"]],
  ["a type in queryParams", WITH_FILTER, { queryParams: { a: "1", b: 2 } }, ["query_params"]],
  ["the order of queryParams", WITH_FILTER, { queryParams: { b: 2, a: 1 } }, ["query_params"]],
  ["a value of the selector", WITH_SELECTOR, { selector: { a: 2, b: 2 } }, ["selector"]],
  ["the order of the selector", WITH_SELECTOR, { selector: { b: 2, a: 1 } }, ["selector"]],
  ["an operator", { ...BASE, selector: { $or: [{ a: 1 }] } }, { selector: { $or: { $eq: [{ a: 1 }] } } }, ["selector"]],
  ["an empty selector instead of null", { ...BASE, selector: null }, { selector: {} }, ["selector"]],
  ["an empty selector", BASE, { selector: {} }, ["selector"]],
  ["no selector any more", WITH_SELECTOR, { selector: null }, ["selector"]],
  ["docIds", { ...BASE, doc_ids: ["a"] }, { docIds: ["a", "b"] }, ["doc_ids"]],
  ["half a surrogate pair in docIds", { ...BASE, doc_ids: ["a\ud800"] }, { docIds: ["a"] }, ["doc_ids"]],
  ["docIds instead of none", BASE, { docIds: ["a"] }, ["doc_ids"]],
  ["sinceSeq 0", BASE, { sinceSeq: 0 }, ["since_seq"]],
  ["sinceSeq as a string", { ...BASE, since_seq: 0 }, { sinceSeq: "0" }, ["since_seq"]],
  ["winningRevsOnly: true", BASE, { winningRevsOnly: true }, ["winning_revs_only"]],
  ["several", BASE, { source: "http://h.test/a", selector: { a: 1 } }, ["source.url", "selector"]],
];

for (const [what, document, changes, expected] of TABLE) {
  test(`${what}: ${expected.join(", ") || "the same id"}`, () => {
    const before = typeof document === "string" ? document : JSON.stringify(document);
    const { text } = withChanges(before, changesOf(changes), isCouchdbField);
    assert.deepEqual(rewindsOf(before, text), expected, text);
  });
}

test("white space and escapes in the text of queryParams make no other id, those in strings do", () => {
  const text = (/** @type {string} */ params) =>
    `{"source":"${SOURCE}","target":"${SOURCE}","filter":"d/f","query_params":${params}}`;
  for (const [before, after, expected] of /** @type {const} */ ([
    ['{"a":"x  y","b":[1,2]}', '{ "a" : "x  y",\n "b": [1, 2] }', []],
    ['{"a":"\u00e9"}', '{"a":"\\u00e9"}', []],
    ['{"a":"\\"  b"}', '{"a": "\\u0022  b"}', []],
    ['{"a":"x  y"}', '{"a":"x y"}', ["query_params"]],
    ['{"a":"\\"  b"}', '{"a":"\\" b"}', ["query_params"]],
    ['{"a":"\\" \\"  b"}', '{"a":"\\" \\" b"}', ["query_params"]],
  ])) {
    assert.deepEqual(rewindsOf(text(before), text(after)), expected, `${before} to ${after}`);
  }
});
