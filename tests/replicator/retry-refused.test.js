// @ts-check
// retryRefused(): posts what the target refused, as the replication would, and yields the reasons.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { inspect } from "node:util";
import { Client, Replicator, Scheduler } from "couchdb-scheduler";
import { createSimulator } from "../../simulator/index.js";
import { all, errorOf } from "../support/promises.js";
import { json, ORIGIN, replicationAnswering } from "../support/replication-answers.js";
import { testOfSimulator } from "../support/server.js";

const RECORDINGS = new URL("../recordings/beyond/36-refused.json", import.meta.url);
/** @type {{ name: string, body: string }[]} */
const calls = JSON.parse(readFileSync(RECORDINGS, "utf8"));
const recorded = (/** @type {string} */ name) => String(calls.find((call) => call.name === name)?.body);

/** @param {string} doc_id @param {string[]} revs @param {"refused" | "in_flight" | "extra"} [what] */
const doc = (doc_id, revs, what = "refused") => ({ doc_id, revs, what, reason: null });

/** A source with documents of one field. @type {import("../support/replication-answers.js").Answer} */
const bodyOf = ({ path, query }) => ({ _id: path.slice("source/".length), _rev: query.get("rev"), n: 1 });

test("recorded refusals: each with the target's reason", async () => {
  const refusals = JSON.parse(recorded("why-bulk-docs-as-target-user"));
  const { replicator, asked } = replicationAnswering({
    "source/bad0": () => json(recorded("why-get-bad0"), 200),
    "source/att-refused": () => json(recorded("why-get-att-refused"), 200),
    "target/_bulk_docs": ({ body }) =>
      json(JSON.stringify(refusals.filter((/** @type {any} */ { id }) => id === body.docs[0]._id)), 201),
  });
  const [bad0, attached] = ["bad0", "att-refused"].map((name) => JSON.parse(recorded(`why-get-${name}`)));
  assert.deepEqual(
    await all(replicator.retryRefused("r", [doc("bad0", [bad0._rev]), doc("att-refused", [attached._rev])])),
    [
      { doc_id: "bad0", rev: bad0._rev, written: false, error: "forbidden", reason: "type bad is refused" },
      { doc_id: "att-refused", rev: attached._rev, written: false, error: "forbidden", reason: "type bad is refused" },
    ],
  );
  const posted = asked.filter(({ path }) => path === "target/_bulk_docs");
  assert.deepEqual(
    posted.map(({ body }) => body),
    [bad0, attached].map((one) => ({ new_edits: false, docs: [one] })),
  );
  assert.ok(attached._attachments.x?.data ?? Object.values(attached._attachments)[0].data, "the attachment is inline");
});

test("documents are passed on as they are written", async () => {
  const text =
    '{"_id":"d","_rev":"1-a","z":1.0,"10":12345678901234567890,"2":1e2,"_revisions":{"start":1,"ids":["a"]}}';
  const { replicator, asked } = replicationAnswering({
    "source/d": () => json(text, 200),
    "target/_bulk_docs": () => json("[]\n", 201),
  });
  assert.deepEqual(await all(replicator.retryRefused("r", [doc("d", ["1-a"])])), [
    { doc_id: "d", rev: "1-a", written: true, error: null, reason: null },
  ]);
  assert.equal(asked.at(-1)?.text, `{"new_edits":false,"docs":[${text}]}`);
});

test("only refused revisions are posted, one by one, when the caller takes them", async () => {
  const { replicator, asked } = replicationAnswering({
    "source/a b/c": bodyOf,
    "source/_design/d": bodyOf,
    "target/_bulk_docs": () => [],
  });
  const docs = [
    doc("a b/c", ["1-a", "2-b"]),
    doc("f", ["1-f"], "in_flight"),
    doc("x", ["1-x"], "extra"),
    doc("_design/d", ["1-d"]),
  ];
  const results = replicator.retryRefused("r", docs);
  assert.equal(asked.length, 0);
  await results.next();
  assert.equal(asked.filter(({ method, path }) => method === "POST" && path === "target/_bulk_docs").length, 1);
  assert.deepEqual(
    (await all(results)).map(({ doc_id, rev }) => [doc_id, rev]),
    [
      ["a b/c", "2-b"],
      ["_design/d", "1-d"],
    ],
  );
  assert.deepEqual(
    asked.filter(({ path }) => path.startsWith("source/")).map(({ url }) => url.slice(ORIGIN.length)),
    ["a%20b%2Fc?rev=1-a", "a%20b%2Fc?rev=2-b", "_design/d?rev=1-d"].map(
      (path) => `/source/${path}&revs=true&attachments=true`,
    ),
  );
  assert.ok(asked.every(({ headers }) => headers.get("accept") === "application/json"));
});

test("what is wrong with one document does not end the others", async () => {
  const { replicator } = replicationAnswering({
    "source/large": bodyOf,
    "source/odd": bodyOf,
    "source/strange": bodyOf,
    "source/fine": bodyOf,
    "target/_bulk_docs": ({ body }) => {
      const [{ _id: id, _rev: rev }] = body.docs;
      if (id === "large") return json({ error: "document_too_large", reason: id }, 413);
      if (id === "odd") return json({ error: "bad_request", reason: "no" }, 400);
      if (id === "strange") return json([{ id, rev, error: "forbidden", reason: { why: ["x"] } }], 201);
      return json([], 201);
    },
  });
  const ids = ["gone", "large", "odd", "strange", "fine"];
  const results = await all(
    replicator.retryRefused(
      "r",
      ids.map((id) => doc(id, ["1-a"])),
    ),
  );
  assert.deepEqual(
    results.map(({ doc_id, written, error, reason }) => [doc_id, written, error, reason]),
    [
      ["gone", false, "not_found", "missing"],
      ["large", false, "document_too_large", "large"],
      ["odd", false, "bad_request", "no"],
      ["strange", false, "forbidden", '{"why":["x"]}'],
      ["fine", true, null, null],
    ],
  );
});

test("a response that is not CouchDB's is no refusal, except for a document that a proxy finds too large", async () => {
  const page = (/** @type {number} */ status) => new Response("<title>nginx</title>", { status });
  const source = replicationAnswering({ "source/a": () => page(404) });
  assert.equal((await errorOf(all(source.replicator.retryRefused("r", [doc("a", ["1-a"])])))).code, "invalid_response");
  const target = replicationAnswering({ "source/a": bodyOf, "target/_bulk_docs": () => page(413) });
  const [outcome] = await all(target.replicator.retryRefused("r", [doc("a", ["1-a"])]));
  assert.deepEqual([outcome?.written, outcome?.error], [false, "bad_request"]);
  assert.match(String(outcome?.reason), /^413 .*nginx.*\(POST http:\/\/couch\.test:5984\/target\/_bulk_docs\)$/);
});

test("a revision that no server can have is not found", async () => {
  const { replicator, asked } = replicationAnswering({});
  const [outcome] = await all(replicator.retryRefused("r", [doc("_design/_x/", ["1-\ud800"])]));
  assert.equal(outcome?.error, "not_found");
  assert.match(String(asked.at(-1)?.url), /\/source\/_design\/_x%2F\?rev=1-%EF%BF%BD&/);
});

test("what would meet all of them ends the iteration", async () => {
  /** @type {[number, string][]} */
  const cases = [
    [401, "unauthorized"],
    [403, "forbidden"],
    [404, "not_found"],
    [500, "server_error"],
  ];
  for (const [status, code] of cases) {
    const { replicator, asked } = replicationAnswering({
      "source/a": bodyOf,
      "target/_bulk_docs": () => json({ error: code, reason: "no" }, status),
    });
    assert.equal((await errorOf(all(replicator.retryRefused("r", [doc("a", ["1-a", "2-a"])])))).code, code);
    assert.equal(asked.filter(({ path }) => path === "target/_bulk_docs").length, 1);
  }
});

describe("responses that are not believed", () => {
  /** @type {Record<string, Record<string, import("../support/replication-answers.js").Answer>>} */
  const WRONG = {
    "another revision": { "source/a": () => ({ _id: "a", _rev: "2-b" }) },
    "another document": { "source/a": () => ({ _id: "b", _rev: "1-a" }) },
    "the result of another document": { "target/_bulk_docs": () => [{ id: "b", error: "forbidden" }] },
    "more results than documents": { "target/_bulk_docs": () => [{ id: "a" }, { id: "a" }] },
    "a result that is not one": { "target/_bulk_docs": () => [null] },
    "an object": { "target/_bulk_docs": () => ({ ok: true }) },
    "an error that is not text": { "target/_bulk_docs": () => [{ id: "a", error: 7 }] },
  };
  for (const [name, answers] of Object.entries(WRONG)) {
    test(name, async () => {
      const { replicator } = replicationAnswering({ "source/a": bodyOf, "target/_bulk_docs": () => [], ...answers });
      assert.equal((await errorOf(all(replicator.retryRefused("r", [doc("a", ["1-a"])])))).code, "invalid_response");
    });
  }
});

describe("secrets", () => {
  const OF_TARGET = "t4rget-s3cret";
  const OF_SOURCE = "s0urce-s3cret";
  const ends = (/** @type {string} */ host) => ({
    source: { url: `${host}/source`, auth: { basic: { username: "reader", password: OF_SOURCE } } },
    target: `${host.replace("//", `//writer:${OF_TARGET}@`)}/target`,
  });

  test("no result and no error shows them", async () => {
    const row = { source: "https://far.test/source/", target: "https://far.test/target/" };
    const document = ends("https://far.test");
    const reason = `no ${OF_TARGET}, no ${OF_SOURCE}, no http://a:b3cause@c.test/`;
    for (const answer of [
      () => json([{ id: "a", error: `forbidden ${OF_TARGET}`, reason }], 201),
      () => json({ error: "bad_request", reason }, 400),
    ]) {
      const { replicator } = replicationAnswering(
        { "source/a": bodyOf, "target/_bulk_docs": answer },
        { row, document },
      );
      const [result] = await all(replicator.retryRefused("r", [doc("a", ["1-a"])], { endpoints: "stored" }));
      assert.match(String(result?.reason), /^no \*+, no .*, no http:\/\/(a:)?\*+@c\.test\/$/);
      assert.ok(!inspect(result).includes(OF_TARGET) && !inspect(result).includes("b3cause"), inspect(result));
    }
    const { replicator } = replicationAnswering(
      { "source/a": bodyOf, "target/_bulk_docs": () => json({ error: "forbidden", reason }, 403) },
      { row, document },
    );
    const error = await errorOf(all(replicator.retryRefused("r", [doc("a", ["1-a"])], { endpoints: "stored" })));
    assert.ok(!inspect(error, { depth: 9 }).includes(OF_TARGET));
  });

  test("each end gets its own credentials, the target also on this server", async () => {
    const { replicator, asked } = replicationAnswering(
      { "source/a": bodyOf, "target/_bulk_docs": () => [] },
      { document: ends(ORIGIN) },
    );
    await all(replicator.retryRefused("r", [doc("a", ["1-a"])]));
    const by = (/** @type {string} */ path) => asked.find((one) => one.path === path)?.headers.get("authorization");
    assert.equal(by("target/_bulk_docs"), `Basic ${btoa(`writer:${OF_TARGET}`)}`);
    // On this server the source is read with this client.
    assert.equal(by("source/a"), `Basic ${btoa("admin:pass")}`);
  });

  test("a target without known credentials is not written to", async () => {
    for (const target of [{ url: `${ORIGIN}/target`, auth: { other: {} } }, `${ORIGIN}/another`]) {
      const { replicator, asked } = replicationAnswering({ "source/a": bodyOf }, { document: { target } });
      await assert.rejects(
        all(replicator.retryRefused("r", [doc("a", ["1-a"])])),
        (error) =>
          error instanceof RangeError &&
          /^retryRefused: the credentials of the target in "r" are of an unknown kind/.test(error.message),
      );
      assert.ok(!asked.some(({ path }) => path === "target/_bulk_docs"));
    }
  });
});

test("wrong arguments are refused before any request", async () => {
  const { replicator, asked } = replicationAnswering({});
  /** @type {[any[], RegExp][]} */
  const cases = [
    [[7, []], /^TypeError: retryRefused: id must be a string/],
    [["_design/a", []], /^RangeError: retryRefused: id must be/],
    [["r"], /^TypeError: retryRefused: refused must be an array/],
    [["r", {}], /^TypeError: retryRefused: refused must be an array/],
    [["r", [null]], /^TypeError: retryRefused: each of refused must be an object with doc_id/],
    [
      ["r", [{ doc_id: "a", revs: "1-a", what: "refused" }]],
      /^TypeError: retryRefused: each of refused must be an object with doc_id/,
    ],
    [
      ["r", [{ doc_id: "a", revs: [1], what: "refused" }]],
      /^TypeError: retryRefused: each of refused must be an object with doc_id/,
    ],
    [
      ["r", [{ doc_id: "a", revs: ["1-a"] }]],
      /^TypeError: retryRefused: each of refused must be an object with doc_id/,
    ],
    [
      ["r", [{ doc_id: "..", revs: ["1-a"], what: "refused" }]],
      /^RangeError: retryRefused: doc_id must be a name that a URL/,
    ],
    [["r", [], { signal: 1 }], /^TypeError: retryRefused: signal must be an AbortSignal/],
    [["r", [], { list: 1 }], /^TypeError: retryRefused: unknown option "list"/],
  ];
  for (const [args, says] of cases) {
    await assert.rejects(
      all(/** @type {any} */ (replicator).retryRefused(...args)),
      (error) => says.test(String(error)),
      String(says),
    );
  }
  assert.equal(asked.length, 0);
});

testOfSimulator("the user of the replication decides what is written, not the admin who calls", async () => {
  const simulator = createSimulator({ users: { writer: "pw" } });
  const source = simulator.fleet.createDatabase("source");
  const target = simulator.fleet.createDatabase("target");
  target.security = { members: { names: ["writer"], roles: [] }, admins: { names: [], roles: ["_admin"] } };
  source.write("_design/d", { views: {} });
  source.write("bad", { n: 3 });
  source.write("good", { n: 1 });
  const client = new Client(ORIGIN, {
    auth: { username: "admin", password: "pass" },
    retries: 0,
    fetch: simulator.fetch,
  });
  const accept = simulator.provoke.refuse("target", ({ n }) => (n === 3 ? "no threes" : null));
  const at = (/** @type {string} */ user, /** @type {string} */ name) => `http://${user}@couch.test:5984/${name}`;
  const replicator = new Replicator(client);
  await replicator.createReplication({
    id: "r",
    source: at("admin:pass", "source"),
    target: at("writer:pw", "target"),
  });
  simulator.clock.advance(60_000);
  const scheduler = new Scheduler(client);
  const { docs, refused } = await scheduler.verify("r");
  assert.equal(refused, 2);
  assert.deepEqual(
    (await all(replicator.retryRefused("r", docs)))
      .map(({ doc_id, written, reason }) => [doc_id, written, reason])
      .sort(),
    [
      ["_design/d", false, "You are not a db or server admin."],
      ["bad", false, "no threes"],
    ],
  );
  accept();
  assert.deepEqual((await all(replicator.retryRefused("r", docs))).map(({ written }) => written).sort(), [false, true]);
  assert.deepEqual(
    (await scheduler.verify("r")).docs.map(({ doc_id }) => doc_id),
    ["_design/d"],
  );
});
