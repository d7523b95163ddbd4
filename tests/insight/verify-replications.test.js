// @ts-check
// verify() and retryRefused() of real replications: those of CouchDB with COUCHDB_URL, otherwise of the simulator.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { Replicator } from "couchdb-scheduler";
import { all } from "../support/promises.js";
import { testServer } from "../support/server.js";

const VALIDATE = `function (doc, old, user) {
  if (doc.type === "bad") throw { forbidden: "type bad is refused" };
  if (doc.type === "secret") throw { unauthorized: "not with password=hunter2hunter2" };
}`;
const FILTER = "function (doc, req) { return doc.n >= Number(req.query.from); }";

/** Documents of a source: each kind of what replicates, and what a target refuses. */
const DOCS = [
  ...Array.from({ length: 25 }, (_, n) => ({ _id: `ok${n}`, n })),
  { _id: "a b", n: 1 },
  { _id: "e/f", n: 2 },
  { _id: "bad0", n: 3, type: "bad" },
  { _id: "bad1", n: 30, type: "bad" },
  { _id: "secret", n: 4, type: "secret" },
  { _id: "gone", n: 5 },
  { _id: "attached", _attachments: { x: { content_type: "text/plain", data: "aGVsbG8=" } } },
  { _id: "attached-bad", type: "bad", _attachments: { x: { content_type: "text/plain", data: "aGVsbG8=" } } },
  { _id: "_design/d", filters: { from: FILTER } },
];

/** @param {import("couchdb-scheduler").Verification} verification */
const namesOf = ({ docs }) => docs.map(({ doc_id, what, revs }) => `${what} ${doc_id} ${revs.length}`).sort();

test("verify() of replications that completed, with refused documents and each kind of filter", async (t) => {
  const server = await testServer(t, { clock: { speed: 500 } });
  const prefix = `test-${randomBytes(5).toString("hex")}`;
  const replicators = await server.createDatabase();
  const scheduler = server.scheduler();
  const replicator = new Replicator(server.client());
  const options = { database: replicators };
  /** @param {string} name */
  const create = async (name) => {
    await server.request("PUT", `/${prefix}-${name}`);
    t.after(() => server.request("DELETE", `/${prefix}-${name}`));
  };
  const end = (/** @type {string} */ name) => Object.assign(new URL(`${prefix}-${name}`, server.url), server.auth).href;
  const post = (/** @type {string} */ path, /** @type {unknown} */ body) =>
    server.request("POST", `/${prefix}-${path}`, body);

  await create("source");
  const written = await post("source/_bulk_docs", { docs: DOCS });
  const gone = written.find((/** @type {any} */ { id }) => id === "gone");
  await post("source/_bulk_docs", {
    docs: [{ _id: "gone", _rev: gone.rev, _deleted: true }],
  });
  await post("source/_bulk_docs", {
    new_edits: false,
    docs: [
      { _id: "conflict", _rev: "1-bbb", n: 2 },
      { _id: "conflict", _rev: "1-aaa", n: 40, type: "bad" },
    ],
  });

  /** @type {Record<string, Record<string, unknown>>} */
  const kinds = {
    plain: {},
    selector: { selector: { n: { $gte: 10.0 } } },
    ids: { docIds: ["ok1", "a+b", "e%2Ff", "absent"] },
    filter: { filter: "d/from", queryParams: { from: "20" } },
    winners: { winningRevsOnly: true },
  };
  for (const [name, fields] of Object.entries(kinds)) {
    await create(name);
    if (name === "plain") {
      await server.request("PUT", `/${prefix}-plain/_design/validate`, { validate_doc_update: VALIDATE });
    }
    await replicator.createReplication({ id: name, source: end("source"), target: end(name), ...fields }, options);
  }
  for (const name of Object.keys(kinds)) await scheduler.waitFor(name, { ...options, timeout: 180_000 });

  const found = Object.fromEntries(
    await Promise.all(
      Object.keys(kinds).map(async (name) => [
        name,
        await scheduler.verify(name, { ...options, batchSize: 7, extra: true }),
      ]),
    ),
  );
  const refused = ["attached-bad", "bad0", "bad1", "conflict", "secret"];
  assert.deepEqual(namesOf(found.plain), ["extra _design/validate 1", ...refused.map((id) => `refused ${id} 1`)]);
  assert.deepEqual([found.plain.checked, found.plain.refused, found.plain.extra], [35, 5, 1]);
  for (const [name, checked] of /** @type {const} */ ([
    ["selector", 17],
    ["ids", 3],
    ["filter", 7],
    ["winners", 35],
  ])) {
    assert.deepEqual(
      [name, found[name].complete, found[name].checked],
      [name, true, checked],
      namesOf(found[name]).join(),
    );
    assert.equal(found[name].extra, 0);
  }

  const why = await all(replicator.retryRefused("plain", found.plain.docs, options));
  assert.deepEqual(
    why.map(({ doc_id, written, error, reason }) => [doc_id, written, error, reason]).sort(),
    refused.map((id) =>
      id === "secret"
        ? [id, false, "unauthorized", "not with password=*****"]
        : [id, false, "forbidden", "type bad is refused"],
    ),
  );
  assert.equal((await scheduler.verify("plain", options)).refused, 5);

  const design = await server.request("GET", `/${prefix}-plain/_design/validate`);
  await server.request("PUT", `/${prefix}-plain/_design/validate`, {
    ...design,
    validate_doc_update: "function () {}",
  });
  const healed = await all(replicator.retryRefused("plain", found.plain.docs, options));
  assert.ok(healed.every(({ written, error, reason }) => written && error === null && reason === null));
  assert.equal((await scheduler.verify("plain", options)).complete, true);
  const attached = await server.request("GET", `/${prefix}-plain/attached-bad?attachments=true`);
  assert.equal(attached._attachments.x.data, "aGVsbG8=");

  await post("source/_bulk_docs", {
    docs: [
      { _id: "later", n: 15 },
      { _id: "later2", n: 1 },
    ],
  });
  assert.deepEqual(namesOf(await scheduler.verify("plain", options)), ["in_flight later 1", "in_flight later2 1"]);
  assert.deepEqual(namesOf(await scheduler.verify("selector", options)), ["in_flight later 1"]);
});
