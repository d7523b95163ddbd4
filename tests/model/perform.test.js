// @ts-check
// How confirmed changes are made: several at a time, reported one by one, and never on with credentials that are refused.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createSimulator } from "../../simulator/index.js";
import { connectionTo } from "../../www/src/connection/connection.js";
import { editorOf, perform, rewindOf, workOf } from "../../www/src/connection/perform.js";
import { planOf, Report } from "../../www/src/model/actions.js";
import { docRow } from "../../www/src/model/row.js";

const database = "_replicator";

/** @param {string} [password] @param {number} [speed] of its clock; a restart needs one that runs */
async function stage(password = "pass", speed = 0) {
  const simulator = createSimulator({ docs: 0, clock: { speed }, admins: { admin: "pass" } });
  const login = { url: "http://couch.test", how: /** @type {const} */ ("password"), username: "admin", password };
  const admin = connectionTo({ ...login, password: "pass" }, simulator.fetch);
  const connection = connectionTo(login, simulator.fetch);
  const write = (/** @type {string} */ id, /** @type {object} */ more = {}) =>
    admin.replicator.createReplication({
      id,
      source: { url: "https://berlin.example.net/x", auth: { basic: { username: "bob", password: "old" } } },
      target: `https://cloud.example.com/${id}`,
      continuous: true,
      ...more,
    });
  /** @param {string[]} ids */
  const rowsOf = async (ids) => {
    for (const id of ids) await write(id);
    simulator.clock.advance(60_000);
    const { docs } = await admin.scheduler.listDocs();
    return docs.filter(({ doc_id }) => ids.includes(doc_id)).map(docRow);
  };
  /**
   * @param {import("../../www/src/model/actions.js").ActionKind} kind
   * @param {import("../../www/src/model/row.js").Row[]} rows
   * @param {Partial<import("../../www/src/connection/perform.js").Performing>} [more]
   * @param {import("couchdb-scheduler").ReplicationChanges} [changes]
   */
  async function run(kind, rows, more, changes = {}) {
    const report = more?.report ?? new Report(planOf(kind, rows, database));
    const editor = editorOf(connection, database);
    await perform(editor, workOf(editor, kind, changes, false), {
      rows,
      report,
      current: (key) => rows.find((row) => row.key === key),
      signal: new AbortController().signal,
      onResult: () => {},
      troubleOf: (error) => ({ message: String(/** @type {any} */ (error).reason ?? error), remedy: [] }),
      ...more,
    });
    return report;
  }
  const document = (/** @type {string} */ id) => admin.replicator.getReplication(id);
  const sent = (/** @type {string} */ method) => simulator.requests.filter((request) => request.method === method);
  return { simulator, connection, admin, rowsOf, run, document, sent };
}

const ids = (/** @type {number} */ count) => Array.from({ length: count }, (_, at) => `d${at}`);

test("restarts each, and reports where it continues", async () => {
  const { rowsOf, run, document } = await stage("pass", 50);
  const rows = await rowsOf(ids(6));
  const revisions = await Promise.all(rows.map(async ({ key }) => (await document(key))._rev));
  const report = await run("restart", rows);
  assert.equal(report.summary, "6 of 6 replications restarted");
  for (const { text } of report.results) {
    assert.match(text, /^Restarted; it was \w+\. It continues from its checkpoint\.$/);
  }
  for (const [at, { key }] of rows.entries()) assert.notEqual((await document(key))._rev, revisions[at]);
});

test("a failure is reported with its cause, and the others are done; another attempt does the rest", async () => {
  const { simulator, rowsOf, run, sent } = await stage();
  const rows = await rowsOf(ids(9));
  const body = '{"error":"bad_request","reason":"Not now."}';
  simulator.fail({ method: "DELETE", path: "/_replicator/d3", status: 400, body });
  const report = await run("stop", rows);
  assert.equal(report.summary, "8 of 9 replications stopped, 1 failed");
  assert.deepEqual(report.failures, [{ id: "d3", outcome: "failed", text: "Not now." }]);
  const before = sent("DELETE").length;
  await run("stop", report.rest, { report });
  assert.equal(report.summary, "9 of 9 replications stopped");
  assert.equal(sent("DELETE").length, before + 1);
});

test("what is gone already is stopped; what has another replication now is not touched", async () => {
  const { admin, rowsOf, run, sent } = await stage();
  const [first, second] = await rowsOf(ids(2));
  assert.ok(first && second);
  await admin.replicator.stopReplication("d0");
  const deleted = sent("DELETE").length;
  const report = await run("stop", [first, second], {
    current: (key) =>
      key === "d0" ? first : Object.assign(Object.create(second), { source: "https://other.example/x" }),
  });
  assert.deepEqual(report.results.map(({ id, outcome, text }) => [id, outcome, text.slice(0, 10)]).sort(), [
    ["d0", "done", "Its docume"],
    ["d1", "failed", "It was del"],
  ]);
  assert.equal(sent("DELETE").length, deleted);
});

test("at most four are under way", async () => {
  const { simulator, rowsOf, connection, run } = await stage();
  const rows = await rowsOf(ids(12));
  let now = 0;
  let most = 0;
  const { stopReplication } = connection.replicator;
  connection.replicator.stopReplication = async (...given) => {
    most = Math.max(most, ++now);
    await stopReplication.apply(connection.replicator, given).finally(() => now--);
  };
  await run("stop", rows);
  assert.equal(most, 4);
  assert.equal(simulator.requests.filter(({ method }) => method === "DELETE").length, 12);
});

test("a wrong password is sent once, and nothing is tried with it", async () => {
  const { rowsOf, run, simulator } = await stage("wrong");
  const rows = await rowsOf(ids(8));
  const before = simulator.requests.length;
  const report = await run("restart", rows);
  assert.equal(report.summary, "0 of 8 replications restarted, 8 not tried");
  assert.match(report.halted, /incorrect/);
  assert.equal(simulator.requests.length, before + 1);
});

test("the first refusal of the credentials ends it", async () => {
  const { rowsOf, run, simulator, sent } = await stage();
  const rows = await rowsOf(ids(20));
  const body = '{"error":"forbidden","reason":"Account is temporarily locked due to multiple authentication failures"}';
  simulator.fail({ method: "DELETE", path: "/_replicator/d10", status: 403, body });
  const report = await run("stop", rows);
  assert.match(report.halted, /temporarily locked/);
  assert.ok(sent("DELETE").length < 10, String(sent("DELETE").length));
  assert.match(report.summary, /1 failed, 1\d not tried$/);
});

test("cancelling leaves the rest alone, and what was under way is unknown", async () => {
  const { rowsOf, run, simulator } = await stage();
  const rows = await rowsOf(ids(10));
  simulator.fail({ method: "DELETE", path: "/_replicator/d5", delay: 1e9 });
  const controller = new AbortController();
  /** @type {Report} */
  const report = new Report(planOf("stop", rows, database));
  await run("stop", rows, {
    report,
    signal: controller.signal,
    onResult: () => {
      // Three others work until the tenth; the fourth waits for d5.
      if (report.settled === 9) controller.abort();
    },
  });
  assert.equal(report.halted, "Canceled.");
  assert.deepEqual(report.failures, [{ id: "d5", outcome: "unknown", text: "Canceled before the server responded." }]);
  assert.equal(report.summary, "9 of 10 replications stopped, 1 unknown");
});

test("a new password leaves alone what would start from the beginning", async () => {
  const { admin, rowsOf, run, document } = await stage();
  await admin.replicator.createReplication({
    id: "eve",
    source: { url: "https://berlin.example.net/y", auth: { basic: { username: "eve", password: "old" } } },
    target: "https://cloud.example.com/eve",
    continuous: true,
  });
  const rows = await rowsOf(["d0", "d1", "eve"].slice(0, 2));
  const { docs } = await admin.scheduler.listDocs();
  rows.push(...docs.filter(({ doc_id }) => doc_id === "eve").map(docRow));
  const changes = { source: { auth: { basic: { username: "bob", password: "new" } } } };
  const report = await run("password", rows, {}, changes);
  assert.equal(report.summary, "2 of 3 replications changed, 1 failed");
  assert.match(report.failures[0]?.text ?? "", /^Not changed: a change of source\.auth would make it start/);
  assert.match(report.results.find(({ id }) => id === "d0")?.text ?? "", /^Changed: source\. It continues/);
  assert.match(JSON.stringify((await document("eve")).source), /"eve"/);
  const again = await run("password", rows.slice(0, 1), {}, changes);
  assert.equal(again.results[0]?.text, "Nothing was written: it already had these settings.");
});

test("names the fields that make a replication start from the beginning", async () => {
  const { rowsOf, connection } = await stage();
  await rowsOf(["d0"]);
  const editor = editorOf(connection, database);
  const changes = { selector: { a: 1 }, docIds: null, source: { auth: { basic: { username: "eve", password: "x" } } } };
  const error = await editor.update("d0", changes, false).catch((error) => error);
  assert.equal(rewindOf(error), "source.auth and selector");
  assert.equal(rewindOf(new Error("a change of x makes this")), null);
  assert.equal((await editor.update("d0", changes, true)).rewinds, true);
});
