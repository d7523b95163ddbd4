// @ts-check
// Ids and database names of every kind, sent and returned, on the simulator or a real server.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Scheduler } from "couchdb-scheduler";
import { all } from "../support/promises.js";
import { endedReplication, testServer } from "../support/server.js";

const IDS = [
  "plain",
  "with space",
  " leading and trailing ",
  "a/b/c",
  "plus+plus",
  "100%",
  "pct%2Fencoded",
  "%",
  "who?what=1",
  "hash#tag",
  'quote"d',
  "apos'trophe",
  "back\\slash",
  "amp&eq=1;semi:colon@at",
  "ünïcödé-日本語",
  "emoji-🛰️",
  "e\u0301-combining",
  "line\nbreak\ttab",
  "\u0001control\u007f",
  "\u{10ffff}-last",
  "\uffff-before-the-pairs",
  "...",
  "dots..and.",
  "[brackets]{braces}<b>|^`",
  "null",
  "0",
  "A-before-design",
  "~after",
  "constructor",
  "x".repeat(500),
];

/** Names that CouchDB accepts; like ids, they are parts of a path. */
const PREFIXES = ["plain", "deep/er", "plus+plus", "dollar$", "round(brackets)", "dash-ed_"];

const inOrder = [...IDS].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));

test("getDoc(), listDocs() and docs() accept ids of every kind", async (t) => {
  const server = await testServer(t);
  const database = await server.createDatabase();
  await server.write(
    database,
    IDS.map((id) => endedReplication(id)),
  );
  const scheduler = server.scheduler();

  for (const id of IDS) {
    const doc = await scheduler.getDoc(id, { database });
    assert.deepEqual([doc.doc_id, doc.database, doc.state], [id, database, "completed"]);
  }
  const listed = await scheduler.listDocs({ database });
  assert.deepEqual(
    listed.docs.map(({ doc_id }) => doc_id),
    inOrder,
  );
  for (const pageSize of [1, 2, 7]) {
    const rows = await all(scheduler.docs({ database, pageSize }));
    assert.deepEqual(
      rows.map(({ doc_id }) => doc_id),
      inOrder,
    );
  }
  const some = await scheduler.listDocs({ database, states: ["completed"], skip: 3, limit: 9 });
  assert.deepEqual(
    some.docs.map(({ doc_id }) => doc_id),
    inOrder.slice(3, 12),
  );
  assert.equal((await scheduler.summary({ database })).states.completed, IDS.length);
});

test("getDoc() rejects with not_found for ids similar to an existing one", async (t) => {
  const server = await testServer(t);
  const database = await server.createDatabase();
  await server.write(
    database,
    ["a b", "a/b", "a%2Fb"].map((id) => endedReplication(id)),
  );
  for (const id of ["a+b", "a%20b", "a", "a b ", "A B", "a%252Fb"]) {
    await assert.rejects(server.scheduler().getDoc(id, { database }), { code: "not_found", reason: "missing" }, id);
  }
});

for (const prefix of PREFIXES) {
  test(`getDoc(), listDocs(), docs() and summary() accept the database ${prefix}/_replicator`, async (t) => {
    const server = await testServer(t);
    const database = `${prefix}-${await server.createDatabase()}`;
    const path = `/${encodeURIComponent(database)}`;
    await server.request("PUT", path);
    t.after(() => server.request("DELETE", path));
    await server.write(database, [endedReplication("a/b+c"), endedReplication("d", "failed")]);
    const scheduler = server.scheduler();
    const ids = ["a/b+c", "d"];
    const listed = await scheduler.listDocs({ database });
    assert.deepEqual(
      listed.docs.map((doc) => [doc.database, doc.doc_id]),
      ids.map((id) => [database, id]),
    );
    assert.deepEqual(
      (await all(scheduler.docs({ database }))).map(({ doc_id }) => doc_id),
      ids,
    );
    assert.equal((await scheduler.getDoc("a/b+c", { database })).database, database);
    const { total, states } = await scheduler.summary({ database });
    assert.deepEqual([total, states.completed, states.failed], [2, 1, 1]);
  });
}

test("listDocs(), getDoc(), docs() and summary() reject with not_found for a missing database", async (t) => {
  const scheduler = (await testServer(t)).scheduler();
  const database = "test-nosuch/_replicator";
  const expected = { name: "SchedulerError", code: "not_found", status: 404, reason: "Database does not exist." };
  await assert.rejects(scheduler.listDocs({ database }), expected);
  await assert.rejects(scheduler.getDoc("x", { database }), expected);
  await assert.rejects(scheduler.docs({ database }).next(), expected);
  await assert.rejects(scheduler.summary({ database }), expected);
});

test("a database that is not a replicator database is refused before any request", async (t) => {
  const server = await testServer(t);
  const scheduler = new Scheduler(server.url, { auth: server.auth, fetch: () => assert.fail("a request") });
  const expected = { name: "RangeError", message: /: database must be / };
  for (const database of ["_users", "team", "a b", "ü/?#%"]) {
    await assert.rejects(scheduler.listDocs({ database }), expected, database);
    await assert.rejects(scheduler.getDoc("x", { database }), expected, database);
    await assert.rejects(scheduler.docs({ database }).next(), expected, database);
    await assert.rejects(scheduler.summary({ database }), expected, database);
  }
});

test("getJob() finds a job by its full id, with plus signs", async (t) => {
  const server = await testServer(t);
  const scheduler = server.scheduler();
  await assert.rejects(scheduler.getJob("0123456789abcdef0123456789abcdef+continuous"), { code: "not_found" });
  const { jobs } = await scheduler.listJobs();
  for (const { id } of jobs.slice(0, 5)) assert.equal((await scheduler.getJob(id)).id, id);
});
