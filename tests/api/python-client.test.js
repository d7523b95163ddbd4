// @ts-check
// What the unit tests of the older Python client (python-cloudant: scheduler_tests.py, replicator_tests.py, replicator_mock_tests.py) check
// about its Scheduler and Replicator, checked with this client, each under its old name. Recorded responses of CouchDB are used where they
// exist; tests that write documents and wait for changes run on any server.
//
// Omitted:
//
// | its check | reason |
// |---|---|
// | test_raise_without_code, …_using_invalid_code, …_without_args, …_with_proper_code_and_args | about numbers of its exception texts, which do not exist here |
// | the half of test_constructor that compares `replicator.database` with the client's | there are no database objects here |
// | the half of test_timeout_in_create_replication that reads `_changes` as a continuous feed | no call here reads one; the time limit is checked below |
// | "triggered" among the states | of servers before 2.1, which have no scheduler |

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, test } from "node:test";
import { Client, REPLICATION_STATES, Replicator, Scheduler } from "couchdb-scheduler";
import { answering } from "../support/answers.js";
import { all } from "../support/promises.js";
import { recorded, recordings } from "../support/recordings.js";
import { COUCHDB_URL, simulated, testOfSimulator, testServer } from "../support/server.js";

/**
 * @typedef {import("node:test").TestContext} TestContext
 * @typedef {import("couchdb-scheduler").ClientOptions} ClientOptions
 * @typedef {import("couchdb-scheduler").NewReplication} NewReplication
 */

const SERVER = "http://127.0.0.1:5984";
const ADMIN = { username: "admin", password: "pass" };

/** The recording with this name. @param {string} name */
function recording(name) {
  const found = recordings.find((recording) => recording.name === name);
  assert.ok(found, name);
  return found;
}

/** A client that gets these recordings one after the other, the last one repeatedly. @param {string[]} names */
function answeredBy(...names) {
  return answeredWith(names.map(recording));
}

/** The same for rows of several documents, as if they were of one. @param {string} id @param {string[]} names */
function answeredInTurnFor(id, ...names) {
  const rowOf = (/** @type {ReturnType<typeof recording>} */ { body, ...answer }) => ({
    ...answer,
    body: body.replace(/"doc_id":"[^"]*"/, `"doc_id":"${id}"`),
  });
  return answeredWith(names.map(recording).map(rowOf));
}

/** @param {import("../support/answers.js").Answer[]} recordings */
function answeredWith(recordings) {
  const answers = recordings.map(answering);
  /** @type {string[]} */
  const asked = [];
  /** @type {typeof globalThis.fetch} */
  const fetch = (url, init) => {
    asked.push(`${init?.method} ${String(url).slice(SERVER.length)}`);
    const [answer] = answers.length > 1 ? answers.splice(0, 1) : answers;
    return answer(url, init);
  };
  const client = new Client(SERVER, { auth: ADMIN, retries: 0, fetch });
  return { scheduler: new Scheduler(client), replicator: new Replicator(client), asked };
}

describe("scheduler_tests.py", () => {
  test("test_scheduler_docs", async () => {
    const { simulator, scheduler } = simulated();
    const { total_rows, docs } = JSON.parse(recording("09-docs-query/plain").body);
    simulator.fleet.loadVerbatim({ _replicator: { rows: docs, designDocs: ["_design/x"] } });
    const response = await scheduler.listDocs({ skip: 0, limit: 10 });
    assert.equal(response.total_rows, total_rows);
    assert.equal(response.offset, 0);
    assert.deepEqual(ids(response.docs), ids(docs.slice(0, 10)));
    assert.deepEqual(ids((await scheduler.listDocs({ skip: 10, limit: 10 })).docs), ids(docs.slice(10, 20)));
    assert.deepEqual(ids((await scheduler.listDocs()).docs), ids(docs));
  });

  test("test_scheduler_doc", async () => {
    const { scheduler, asked } = answeredBy("05-states/completed");
    const doc = await scheduler.getDoc("completed-basic");
    assert.deepEqual(asked, ["GET /_scheduler/docs/_replicator/completed-basic"]);
    assert.equal(doc.doc_id, "completed-basic");
    assert.equal(doc.state, "completed");
  });

  test("test_scheduler_jobs", async () => {
    const name = "10-jobs/limit3-skip3";
    const { scheduler, asked } = answeredBy(name);
    const response = await scheduler.listJobs({ skip: 3, limit: 3 });
    assert.deepEqual(asked, ["GET /_scheduler/jobs?limit=3&skip=3"]);
    const { total_rows, jobs } = JSON.parse(recording(name).body);
    assert.equal(response.total_rows, total_rows);
    assert.deepEqual(ids(response.jobs), ids(jobs));
  });

  // Its responses came from Cloudant, which formats some values differently.
  test("test_scheduler_doc, with Cloudant's response", async () => {
    const row = {
      ...{ database: "account/_replicator", doc_id: "a", id: null, state: "completed", error_count: 0 },
      ...{ source: "https://account.cloudant.com/a/", target: "https://account.cloudant.com/b/" },
      info: { revisions_checked: 7, docs_written: 7, doc_write_failures: 0, changes_pending: null },
      ...{ start_time: null, last_updated: "2026-11-22T10:00:00+00:00" },
    };
    const scheduler = new Scheduler(SERVER, { fetch: answering({ body: row }) });
    const nothing = { node: null, source_proxy: null, target_proxy: null };
    assert.deepEqual(await scheduler.getDoc("a"), { ...row, ...nothing });
  });

  test("test_scheduler_jobs, with Cloudant's response: a job of _replicate, without counters", async () => {
    const job = {
      ...{ database: null, doc_id: null, id: `${"0a".repeat(16)}+create_target`, pid: "<0.1.2>", user: "account" },
      ...{ source: "https://a:*****@a.cloudant.com/db/", target: "https://b:*****@b.cloudant.com/db/" },
      history: [{ timestamp: "2026-11-22T10:00:00Z", type: "started" }],
      ...{ node: "dbcore@db2.example.net", start_time: "2026-11-22T10:00:00Z" },
    };
    const scheduler = new Scheduler(SERVER, {
      fetch: answering({ body: { total_rows: 1, offset: 0, jobs: [job] } }),
    });
    const { total_rows, jobs } = await scheduler.listJobs({ skip: 0, limit: 10 });
    assert.equal(total_rows, 1);
    const { source, state, continuous, info, docs_read } = jobs[0];
    assert.deepEqual(
      { source, state, continuous, info, docs_read },
      { source: job.source, state: "running", continuous: false, info: null, docs_read: null },
    );
  });
});

/** @param {{ doc_id: string | null }[]} rows */
const ids = (rows) => rows.map(({ doc_id }) => doc_id);

/**
 * A server with a database of a few documents, and a replicator.
 *
 * @param {TestContext} t
 */
async function populated(t) {
  const server = await testServer(t, { interval: 5_000, clock: { speed: 50 } });
  const client = server.client();
  const [source, target] = ["source", "target"].map((name) => `test-${name}-${randomBytes(5).toString("hex")}`);
  for (const name of [source, target]) await server.request("PUT", `/${name}`);
  t.after(async () => {
    for (const name of [source, target]) await server.request("DELETE", `/${name}`);
  });
  for (const id of ["julia000", "julia001", "julia002"]) await server.request("PUT", `/${source}/${id}`, { age: 32 });
  const database = await server.createDatabase();
  return {
    ...{ server, source, target, database, options: { database } },
    replicator: new Replicator(client),
    scheduler: new Scheduler(client),
    /** @param {string} id @returns {Promise<any>} */
    document: (id) => server.request("GET", `/${encodeURIComponent(database)}/${id}`),
  };
}

const newId = () => `test-repl-${randomBytes(5).toString("hex")}`;

const OFTEN = { interval: 50, timeout: 120_000 };

describe("replicator_tests.py", () => {
  test("test_constructor", () => {
    assert.ok(new Replicator(new Client(SERVER)) instanceof Replicator);
  });

  test("test_constructor_failure", async (t) => {
    assert.throws(() => new Replicator(/** @type {any} */ (undefined)), TypeError);
    // Our constructor sends no request: the first call finds out.
    const server = await testServer(t);
    const nobody = new Replicator(server.url, { fetch: server.fetch });
    await assert.rejects(nobody.replicationState("a"), { code: "unauthorized", status: 401 });
  });

  test("test_replication_with_generated_id", async (t) => {
    const { replicator, source, target, options, document } = await populated(t);
    const { id } = await replicator.createReplication({ source, target }, options);
    assert.equal((await document(id))._id, id);
  });

  test("test_create_replication", async (t) => {
    const { server, replicator, scheduler, source, target, options, document } = await populated(t);
    const id = newId();
    const created = await replicator.createReplication({ id, source, target }, options);
    assert.equal(created.id, id);
    assert.match(created.rev, /^1-/);
    const written = await document(id);
    for (const key of ["_id", "_rev", "source", "target"]) assert.ok(key in written, key);
    const doc = await scheduler.waitFor(id, { ...options, ...OFTEN });
    assert.equal(doc.state, "completed");
    assert.equal(doc.state === "completed" && doc.info?.docs_written, 3);
    // The simulator counts documents without copying them.
    if (!COUCHDB_URL) return;
    const [from, to] = await Promise.all([source, target].map((name) => server.request("GET", `/${name}/_all_docs`)));
    assert.deepEqual(to.rows, from.rows);
  });

  testOfSimulator("test_timeout_in_create_replication", async () => {
    const { simulator } = simulated();
    const options = { auth: ADMIN, fetch: simulator.fetch };
    const id = newId();
    const { rev } = await new Replicator(SERVER, options).createReplication({
      id,
      source: `${SERVER}/a`,
      target: `${SERVER}/b`,
    });
    assert.match(rev, /^1-/);
    simulator.fail({ path: "/_scheduler/docs", stallAfter: 20 });
    const hasty = new Replicator(SERVER, { ...options, timeout: 50 });
    await assert.rejects(hasty.replicationState(id), { code: "timeout", message: /within the `timeout`/ });
  });

  const silent = new Replicator(SERVER, { fetch: () => assert.fail("a request") });

  test("test_create_replication_without_a_source", async () => {
    const nothing = /** @type {any} */ ({});
    await assert.rejects(silent.createReplication(nothing), { name: "TypeError", message: /source must be a URL/ });
  });

  test("test_create_replication_without_a_target", async () => {
    const half = /** @type {any} */ ({ source: "db" });
    await assert.rejects(silent.createReplication(half), { name: "TypeError", message: /target must be a URL/ });
  });

  test("test_list_replications", async (t) => {
    const { replicator, source, target, options } = await populated(t);
    const made = [newId(), newId(), newId()];
    for (const id of made) await replicator.createReplication({ id, source, target }, options);
    const documents = await all(replicator.listReplications(options));
    assert.deepEqual(
      documents.map(({ _id }) => _id),
      made.sort(),
    );
  });

  test("test_list_replications, recorded", async () => {
    const name = "08-raw-docs/all-docs-include-docs-limit3";
    const { replicator } = answeredBy(name);
    /** @type {{ rows: { id: string, doc: any }[] }} */
    const { rows } = JSON.parse(recording(name).body);
    const sent = rows.filter(({ id }) => !id.startsWith("_design/")).map(({ doc }) => doc);
    const documents = await all(replicator.listReplications());
    assert.deepEqual(
      documents.map(({ _id, _rev }) => [_id, _rev]),
      sent.map(({ _id, _rev }) => [_id, _rev]),
    );
    // The Python client shows its contents.
    assert.match(JSON.stringify(sent), /"password":"(?!\*)|Basic [A-Za-z0-9]|:\/\/\w+:(?!\*)\w+@/);
    assert.doesNotMatch(JSON.stringify(documents), /"password":"(?!\*)|Basic [A-Za-z0-9]|:\/\/\w+:(?!\*)\w+@/);
  });

  test("test_retrieve_replication_state", async (t) => {
    const { replicator, source, target, options } = await populated(t);
    const id = newId();
    await replicator.createReplication({ id, source, target }, options);
    let state;
    for (let looks = 0; state !== "completed" && looks < 3000; looks++) {
      state = await replicator.replicationState(id, options);
      assert.ok(state === null || REPLICATION_STATES.includes(state), String(state));
      assert.ok(state !== "failed" && state !== "error" && state !== "crashing", String(state));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    assert.equal(state, "completed");
  });

  test("test_retrieve_replication_state, recorded", async () => {
    const states = new Set();
    for (const { name, body } of recorded.singleDocs) {
      const { doc_id, state } = JSON.parse(body);
      assert.equal(await answeredBy(name).replicator.replicationState(doc_id), state, name);
      states.add(state);
    }
    assert.deepEqual(states, new Set([null, ...REPLICATION_STATES]));
  });

  test("test_retrieve_replication_state_using_invalid_id", async () => {
    const { replicator, asked } = answeredBy("09-docs-query/doc-missing");
    await assert.rejects(replicator.replicationState("nope"), { code: "not_found", status: 404 });
    assert.deepEqual(asked, ["GET /_scheduler/docs/_replicator/nope"]);
  });

  test("test_stop_replication", async (t) => {
    const { replicator, source, target, options, document } = await populated(t);
    const id = newId();
    await replicator.createReplication({ id, source, target }, options);
    // The Python client leaves the retry to the caller if the server has changed the document in the meantime.
    await replicator.stopReplication(id, options);
    await assert.rejects(document(id), /404/);
  });

  test("test_stop_replication_using_invalid_id", async () => {
    const { replicator, asked } = answeredBy("08-raw-docs/missing");
    await assert.rejects(replicator.stopReplication("nope"), { code: "not_found", status: 404 });
    assert.deepEqual(asked, ["GET /_replicator/nope?r=99"]);
  });

  test("test_follow_replication", async (t) => {
    const { replicator, source, target, options } = await populated(t);
    const id = newId();
    await replicator.createReplication({ id, source, target }, options);
    const states = [];
    for await (const doc of replicator.followReplication(id, { ...options, ...OFTEN })) states.push(doc.state);
    assert.equal(states.at(-1), "completed");
    assert.ok(states.every((state) => ["initializing", "running", "pending", "completed"].includes(String(state))));
  });

  test("test_follow_replication, recorded", async () => {
    const { replicator, asked } = answeredInTurnFor(
      "any",
      "20-after-restart/doc-running-continuous-t00",
      "05-states/initializing",
      "05-states/error-filter-missing",
      "05-states/running",
      "05-states/running",
      "05-states/crashing-404",
      "05-states/completed",
    );
    const states = [];
    for await (const { state } of replicator.followReplication("any", { interval: 1 })) states.push(state);
    // The Python client ends at "error", although the server continues.
    assert.deepEqual(states, ["initializing", "error", "running", "crashing", "completed"]);
    assert.equal(asked.length, 7);
  });
});

describe("replicator_mock_tests.py", () => {
  const userCtx = { name: "foo", roles: ["erlanger", "researcher"] };
  const url = (/** @type {string} */ name) => `${SERVER}/${name}`;

  /**
   * The document for a replication between two databases of this server.
   *
   * @param {ClientOptions} options
   * @param {Partial<NewReplication>} [more]
   */
  async function written(options, more) {
    const iam = answering({ body: { access_token: "token", expires_in: 3600 } });
    const made = answering({ status: 201, body: { ok: true, id: "rep_test", rev: "1-a" } });
    const replicator = new Replicator(SERVER, {
      ...options,
      fetch: (url, init) => (String(url).startsWith(SERVER) ? made : iam)(url, init),
    });
    await replicator.createReplication({ id: "rep_test", source: "source_db", target: "target_db", ...more });
    assert.equal(made.calls.length, 1);
    assert.equal(made.calls[0].url, `${SERVER}/_replicator/rep_test`);
    return JSON.parse(String(made.calls[0].init.body));
  }

  test("test_using_admin_party_source_and_target", async () => {
    assert.deepEqual(await written({}), {
      _id: "rep_test",
      source: { url: url("source_db") },
      target: { url: url("target_db") },
    });
  });

  test("test_using_basic_auth_source_and_target", async () => {
    // The Python client writes a header, which was the only way before CouchDB 3.2.
    const auth = { basic: ADMIN };
    assert.deepEqual(await written({ auth: ADMIN }, { user_ctx: userCtx }), {
      _id: "rep_test",
      user_ctx: userCtx,
      source: { url: url("source_db"), auth },
      target: { url: url("target_db"), auth },
    });
  });

  test("test_using_iam_auth_source_and_target", async () => {
    const auth = { iam: { api_key: "key" } };
    assert.deepEqual(await written({ auth: { type: "iam", apiKey: "key" } }, { user_ctx: userCtx }), {
      _id: "rep_test",
      user_ctx: userCtx,
      source: { url: url("source_db"), auth },
      target: { url: url("target_db"), auth },
    });
  });

  test("create_replication's create_target and continuous", async () => {
    const { create_target, continuous } = await written({}, { createTarget: true, continuous: true });
    assert.deepEqual({ create_target, continuous }, { create_target: true, continuous: true });
  });
});
