// @ts-check
// The fields of a new replication: their names and types, and the values that are refused before any request.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Client, Replicator } from "couchdb-scheduler";
import { forbiddenFetch } from "../support/answers.js";
import { all, outcomeOf } from "../support/promises.js";
import { simulated } from "../support/server.js";
import { ARRAYS, FUNCTIONS, kinds, NUMBERS, OBJECTS, PRIMITIVES, STRINGS } from "../support/wrong-values.js";

const ends = { source: "https://a.test/db", target: "http://u:p@b.test/db" };

/** The document that is sent for `replication`. @param {any} replication */
async function written(replication) {
  /** @type {any[]} */
  const bodies = [];
  const replicator = new Replicator("http://couch.test", {
    fetch: async (_, init) => {
      bodies.push(JSON.parse(String(init?.body)));
      return Response.json({ ok: true, id: bodies[0]._id ?? "made", rev: "1-a" }, { status: 201 });
    },
  });
  await replicator.createReplication(replication);
  assert.equal(bodies.length, 1);
  return bodies[0];
}

/** The error that refuses `replication`, without a request. @param {any} replication @returns {Promise<Error>} */
async function refused(replication) {
  const { fetch, calls } = forbiddenFetch();
  const outcome = await outcomeOf(new Replicator("http://couch.test", { fetch }).createReplication(replication));
  assert.equal(calls(), 0);
  if (outcome.status !== "rejected") throw new Error(outcome.status);
  const { reason } = outcome;
  assert.ok(reason instanceof TypeError || reason instanceof RangeError, String(reason));
  assert.match(reason.message, /^createReplication: /);
  assert.doesNotMatch(reason.message, /s3cret/);
  assert.ok(reason.message.length < 400, reason.message);
  return reason;
}

/** Each of CouchDB's fields: its name here, its name in CouchDB, and valid values. @type {[string, string, unknown[]][]} */
const FIELDS = [
  ["id", "_id", ["a"]],
  ["continuous", "continuous", [true, false]],
  ["createTarget", "create_target", [true]],
  ["createTargetParams", "create_target_params", [{ q: 1, n: 2 }]],
  ["filter", "filter", ["ddoc/name"]],
  ["queryParams", "query_params", [{ type: "x" }, {}]],
  ["selector", "selector", [{ createTarget: 1 }]],
  ["docIds", "doc_ids", [["a", "b"], []]],
  ["winningRevsOnly", "winning_revs_only", [true]],
  ["sinceSeq", "since_seq", ["3-x", 0, 12, [12, "x"]]],
  ["useCheckpoints", "use_checkpoints", [false]],
  ["checkpointInterval", "checkpoint_interval", [5000]],
  ["useBulkGet", "use_bulk_get", [false]],
  ["workerProcesses", "worker_processes", [2]],
  ["workerBatchSize", "worker_batch_size", [100]],
  ["httpConnections", "http_connections", [10]],
  ["connectionTimeout", "connection_timeout", [60_000]],
  ["retriesPerRequest", "retries_per_request", [0, 10]],
  ["socketOptions", "socket_options", ["[{keepalive, true}]"]],
  ["ibrowseOptions", "ibrowse_options", ["[{prefer_ipv6, true}]"]],
  ["sourceProxy", "source_proxy", ["http://u:p@proxy.test:3128"]],
  ["targetProxy", "target_proxy", ["socks5://proxy.test:1080"]],
  ["proxy", "proxy", ["http://proxy.test"]],
  ["userCtx", "user_ctx", [{ name: "x", roles: ["_admin"] }]],
  ["owner", "owner", ["x"]],
];

test("each field is written under CouchDB's name, from either spelling", async () => {
  for (const [name, field, values] of FIELDS) {
    for (const value of values) {
      for (const spelling of new Set([name, field])) {
        assert.deepEqual(await written({ ...ends, [spelling]: value }), { ...ends, [field]: value }, spelling);
      }
    }
  }
  const allAtOnce = Object.fromEntries(FIELDS.map(([name, , [value]]) => [name, value]));
  const document = Object.fromEntries(FIELDS.map(([, field, [value]]) => [field, value]));
  assert.deepEqual(await written({ ...allAtOnce, ...ends }), { ...document, ...ends });
});

test("undefined is omitted in every field", async () => {
  const nothing = Object.fromEntries(
    FIELDS.flatMap(([name, field]) => [
      [name, undefined],
      [field, undefined],
    ]),
  );
  assert.deepEqual(await written({ ...ends, ...nothing, fields: undefined }), ends);
  const source = { url: ends.source, headers: undefined, auth: undefined };
  assert.deepEqual(await written({ ...ends, source }), { ...ends, source: { url: ends.source } });
});

test("proxies and endpoints can be URL objects", async () => {
  const url = new URL("https://u:p@c.test/db");
  assert.deepEqual(await written({ source: url, target: { url }, sourceProxy: url }), {
    source: url.href,
    target: { url: url.href },
    source_proxy: url.href,
  });
});

describe("a value of the wrong type is refused with the name of its field", () => {
  const everything = kinds([NUMBERS, STRINGS, PRIMITIVES, ARRAYS, FUNCTIONS, OBJECTS]);
  const collections = [
    ["a Set", new Set(["a"])],
    ["Headers", new Headers({ a: "b" })],
    ["URLSearchParams", new URLSearchParams("a=b")],
  ];
  /** Valid values for each kind of field. @type {Record<string, string[]>} */
  const right = {
    flag: ["true", "false"],
    count: ["one"],
    retries: ["zero", "one"],
    text: STRINGS.map(([name]) => name),
    sequence: [...STRINGS, ...ARRAYS].map(([name]) => name),
    texts: ["an empty array", "an array"],
    record: OBJECTS.map(([name]) => name).filter((name) => name !== "a Map" && name !== "a typed array"),
  };
  right.sequence.push("zero", "one", "minus one", "a fraction", "2 ** 53", "1e308", "the smallest fraction");
  /** @type {Record<string, string[]>} */
  const fields = {
    flag: ["continuous", "createTarget", "create_target", "useCheckpoints", "useBulkGet", "winningRevsOnly"],
    count: ["workerProcesses", "worker_batch_size", "httpConnections", "connectionTimeout", "checkpointInterval"],
    retries: ["retriesPerRequest"],
    text: ["filter", "owner", "socketOptions", "ibrowseOptions", "proxy", "sourceProxy", "target_proxy"],
    sequence: ["sinceSeq"],
    texts: ["docIds", "doc_ids"],
    record: ["selector", "queryParams", "query_params", "createTargetParams", "userCtx", "fields"],
  };
  for (const [kind, names] of Object.entries(fields)) {
    const wrong = [...everything, ...collections].filter(([name]) => !right[kind].includes(String(name)));
    test(`${kind}: ${wrong.length} kinds`, async () => {
      for (const name of names) {
        for (const [what, value] of wrong) {
          const { message } = await refused({ ...ends, [name]: value });
          // JSON has no BigInt, and the engine has its own error for it.
          if (what !== "a bigint") assert.ok(message.includes(`${name} must be `), `${what}: ${message}`);
        }
      }
    });
  }
});

test("a misspelled field is refused, with a suggestion", async () => {
  for (const [name, meant] of [
    ["continous", "continuous"],
    ["Continuous", "continuous"],
    ["createtarget", "createTarget"],
    ["create-target", "createTarget"],
    ["create_Target", "create_target"],
    ["docIDs", "docIds"],
    ["doc_id", "doc_ids"],
    ["filters", "filter"],
    ["Selector", "selector"],
    ["workerProcess", "workerProcesses"],
    ["sourceDb", "source"],
  ]) {
    const error = await refused({ ...ends, [name]: true });
    assert.ok(error.message.includes(name) && error.message.includes(`"${meant}"`), error.message);
  }
});

test("any other name is refused, anywhere, and accepted in `fields`", async () => {
  for (const [replication, named] of /** @type {[any, RegExp][]} */ ([
    [{ note: "x" }, /note .*`fields`/],
    [{ note: undefined }, /note .*`fields`/],
    [{ cancel: true }, /cancel /],
    [{ auth: { basic: {} } }, /auth .*belongs to an end/],
    [{ headers: {} }, /headers .*belongs to an end/],
    [{ url: "http://a.test" }, /url .*belongs to an end/],
    [{ "": 1 }, /`fields`/],
    [{ ["x".repeat(1_000_000)]: 1 }, /: x{60} is not/],
    [{ source: { url: "a", ["x".repeat(1_000_000)]: 1 } }, /source\.x{60} is unknown/],
    [{ fields: { ["x".repeat(1_000_000)]: () => 1 } }, /fields\.x{60} must be JSON/],
    [{ fields: { ["x".repeat(1_000_000)]: "*****" } }, /: fields\.x{53} holds a masked value/],
    [{ "\ud83d": 1 }, /`fields`/],
    [{ toString: "x" }, /toString /],
    [{ constructor: 1 }, /constructor /],
    [JSON.parse('{"__proto__": {"continuous": true}}'), /__proto__ /],
    [{ _rev: "1-a" }, /_rev must be left out/],
    [{ _deleted: true }, /_deleted /],
    [{ _attachments: {} }, /_attachments /],
    [{ _replication_state: "completed" }, /_replication_state must be left out: CouchDB alone writes it, and a wrong/],
    [{ fields: { _replication_state: null } }, /_replication_state must be left out.* use restartReplication\(\)$/],
    [{ fields: { _replication_x: 1 } }, /_replication_x must be left out/],
    [{ fields: { _note: 1 } }, /_note is not a field that can be written.*none begins with "_"$/],
    [{ _replication_id: "a" }, /_replication_id /],
    [{ id: "a", _id: "a" }, /_id is given twice/],
    [{ createTarget: true, create_target: false }, /create_target is given twice/],
    [{ fields: { _replication_state: "triggered" } }, /_replication_state /],
    [{ fields: { _id: "b" } }, /_id .*none begins with "_"/],
    [{ fields: { id: "b" } }, /id is a known field/],
    [{ fields: { auth: {} } }, /auth .*belongs to an end/],
    [{ fields: { own: Symbol("s3cret") } }, /fields.own must be JSON/],
    [{ fields: { source: "b" } }, /source is a known field/],
    [{ fields: { createTarget: true } }, /createTarget is a known field/],
    [{ fields: { continuous: true } }, /continuous is a known field/],
    [{ fields: { toJSON: () => undefined } }, /fields.toJSON must be JSON/],
    [{ source: { url: "a", header: {} } }, /source.header is unknown/],
    [{ source: { url: "a", password: "s3cret" } }, /source.password is unknown/],
    [{ source: { url: "a", headers: "X-Key: s3cret" } }, /source.headers must be a plain object/],
    [{ source: { url: "a", headers: new Headers({ a: "s3cret" }) } }, /source.headers must be a plain object/],
    [{ source: { url: "a", auth: "u:s3cret" } }, /source.auth must be \{ basic/],
    [{ source: { url: "a", auth: { username: "u", password: "s3cret" } } }, /source.auth must be \{ basic/],
    [{ target: { headers: {} } }, /target must be a URL/],
    [{ target: ["http://a.test/"] }, /target must be a URL/],
    [{ sourceProxy: 5 }, /sourceProxy must be a URL, not 5/],
    // As it is written, the host follows the first @.
    [{ source: "http://u:p@s3cret/x@a.test/db" }, /source must be a URL whose password is percent-encoded: \/ as %2F/],
    [{ target: { url: new URL("http://u:12/s3cret@b.test/db") } }, /target must be a URL whose password/],
    [{ targetProxy: "http://u:12\\s3cret@proxy.test" }, /targetProxy must be a URL whose password/],
    [{ continuous: "s3cret" }, /continuous must be true or false/],
    [{ id: null }, /id must be a string, not null/],
  ])) {
    assert.match((await refused({ ...ends, ...replication })).message, named, JSON.stringify(replication));
  }
  assert.match((await refused("http://u:s3cret@h/db")).message, /replication must be an object/);
  assert.deepEqual(await written({ ...ends, fields: { note: "x", anything: [{ a: null }], toJSON: 1 } }), {
    ...ends,
    note: "x",
    anything: [{ a: null }],
    toJSON: 1,
  });
});

describe("a masked value is refused, as it would be used as a password", () => {
  for (const [path, replication] of /** @type {[string, any][]} */ ([
    ["source", { source: "https://u:*****@a.test/db" }],
    ["source", { source: new URL("https://u:*****@a.test/db") }],
    ["source", { source: "https://u:%2A%2A%2A%2A%2A@a.test/db" }],
    ["source", { source: "https://u:%2a*%2A%252A%25252a@a.test/db" }],
    ["source", { source: "https://a.test/db?token=*****" }],
    ["source.url", { source: { url: "https://u:*****@a.test/db" } }],
    ["target.url", { target: { url: "https://a.test/db?api_key=*****&x=1" } }],
    ["target.auth.basic.password", { target: { url: "db", auth: { basic: { username: "u", password: "*****" } } } }],
    ["target.auth.iam.api_key", { target: { url: "db", auth: { iam: { api_key: "*****" } } } }],
    ["source.headers.X-Any", { source: { url: "db", headers: { "X-Any": "Basic *****" } } }],
    ["sourceProxy", { sourceProxy: "http://u:*****@proxy.test" }],
    ["target_proxy", { target_proxy: "http://u:*****@proxy.test" }],
    ["query_params.apikey", { query_params: { apikey: "*****" } }],
    ["fields.own", { fields: { own: "password=*****" } }],
    ["fields.own.0.deep", { fields: { own: [{ deep: "*****" }] } }],
  ])) {
    test(`${path} of ${JSON.stringify(replication)}`, async () => {
      const { message } = await refused({ id: "a", ...ends, ...replication });
      assert.ok(message.includes(`${path} holds a masked value (*****)`), message);
      assert.match(message, /stopReplication\(\), then createReplication\(\)/);
    });
  }

  test("a listed document, before its other invalid fields", async () => {
    const { simulator } = simulated();
    const client = new Client("http://couch.test", {
      auth: { username: "admin", password: "pass" },
      fetch: simulator.fetch,
    });
    const replicator = new Replicator(client);
    await replicator.createReplication({ id: "a", ...ends });
    const [listed] = await all(replicator.listReplications());
    for (const document of [listed, await replicator.getReplication("a")]) {
      simulator.requests.length = 0;
      await assert.rejects(replicator.createReplication(/** @type {any} */ (document)), /target holds a masked value/);
      assert.equal(simulator.requests.length, 0);
    }
  });

  test("asterisks that are not a mask are accepted", async () => {
    const stars = {
      ...ends,
      id: "a*****b",
      docIds: ["*****"],
      selector: { name: "*****", deep: { name: "%2A%2A%2A%2A%2A" } },
      filter: "a/****",
      fields: { stars: ["**", "***", "*-*-*-*-*", "%2A%2A%2A%2A"] },
    };
    const { id, docIds, fields, ...rest } = stars;
    assert.deepEqual(await written(stars), { _id: id, doc_ids: docIds, ...fields, ...rest });
    const ownPassword = new Client("http://couch.test", {
      auth: { username: "u", password: "*****" },
      fetch: async () => Response.json({ ok: true, id: "made", rev: "1-a" }),
    });
    await new Replicator(ownPassword).createReplication({ source: "a", target: "b" });
  });
});

test("a value nested too deeply for JSON is refused, and the next call works", async () => {
  let deep = {};
  for (let i = 0; i < 200_000; i++) deep = { deep };
  const { fetch, calls } = forbiddenFetch();
  const outcome = await outcomeOf(
    new Replicator("http://couch.test", { fetch }).createReplication({ ...ends, fields: deep }),
  );
  assert.ok(outcome.status === "rejected" && outcome.reason instanceof RangeError);
  assert.equal(calls(), 0);
  assert.deepEqual(await written(ends), ends);
});
