// @ts-check
// Rows are plain objects with all keys, even if the server omits some.

import assert from "node:assert/strict";
import { test } from "node:test";
import { REPLICATION_STATES } from "couchdb-scheduler";
import { docRows, listText, schedulerAnswered } from "../support/answers.js";
import { all } from "../support/promises.js";
import { DOC_KEYS, JOB_COUNTERS, JOB_KEYS } from "../support/rows.js";
import { simulated, testOfSimulator } from "../support/server.js";

const DOC = { database: "_replicator", doc_id: "a", state: "running" };
const JOB = { id: "0a+continuous", pid: null, node: "n", info: null, history: [] };

/** @param {object} row of a list with one row */
const oneDoc = async (row) => (await schedulerAnswered({ body: listText([row]) }).listDocs()).docs[0];
/** @param {object} row of a list with one row */
const oneJob = async (row) => (await schedulerAnswered({ body: listText([row], "jobs") }).listJobs()).jobs[0];

/** @param {object} row @param {string[]} keys */
function assertPlain(row, keys) {
  assert.equal(Object.getPrototypeOf(row), Object.prototype);
  assert.deepEqual(Object.keys(row), keys);
  assert.deepEqual(structuredClone(row), row);
  assert.deepEqual(JSON.parse(JSON.stringify(row)), row);
  for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(row))) {
    assert.ok(property.writable && property.enumerable && property.configurable, name);
  }
}

testOfSimulator("listDocs(), docs() and getDoc() return plain objects with the same keys in each state", async () => {
  const { simulator, scheduler } = simulated({ docs: 200 });
  simulator.clock.advance(1000);
  const { docs } = await scheduler.listDocs();
  assert.deepEqual(new Set(docs.map(({ state }) => state)), new Set(REPLICATION_STATES));
  for (const doc of docs) {
    assertPlain(doc, DOC_KEYS);
    if (doc.info !== null) assertPlain(doc.info, Object.keys(doc.info));
  }
  assert.deepEqual(await all(scheduler.docs()), docs);
  for (const doc of docs.slice(0, 12)) assert.deepEqual(await scheduler.getDoc(doc.doc_id), doc);
});

testOfSimulator("listJobs(), jobs() and getJob() return plain objects with the same keys in each state", async () => {
  const { simulator, scheduler } = simulated({ docs: 200 });
  simulator.clock.advance(1000);
  const { jobs } = await scheduler.listJobs();
  assert.deepEqual(new Set(jobs.map(({ state }) => state)), new Set(["running", "pending", "crashing"]));
  for (const job of jobs) {
    assertPlain(job, [...JOB_KEYS, "continuous", "state", ...JOB_COUNTERS]);
    for (const event of job.history) assertPlain(event.details, "reason" in event ? ["reason"] : []);
  }
  assert.deepEqual(await all(scheduler.jobs()), jobs);
  assert.deepEqual(await scheduler.getJob(jobs[0].id), jobs[0]);
});

testOfSimulator("listJobs() without a limit returns all jobs, although CouchDB stops at 100", async () => {
  const { simulator, scheduler } = simulated({ docs: 400 });
  simulator.clock.advance(1000);
  const { jobs, total_rows, offset } = await scheduler.listJobs();
  assert.ok(jobs.length > 100, String(jobs.length));
  assert.deepEqual([total_rows, offset], [jobs.length, 0]);
  assert.equal((await all(scheduler.jobs())).length, jobs.length);
  assert.deepEqual((await scheduler.listJobs({ limit: 7, skip: 5 })).jobs, jobs.slice(5, 12));
  const past = await scheduler.listJobs({ skip: 100_000 });
  assert.deepEqual(past, { total_rows: jobs.length, offset: jobs.length, jobs: [] });
  assert.deepEqual((await scheduler.listJobs({ limit: 0 })).jobs, []);
});

test("listDocs() and getDoc() turn a string in info, from an old server, into an error", async () => {
  const info = 'db_not_found: "http://a/" — {x,\n <<"ü">>}';
  assert.deepEqual((await oneDoc({ ...DOC, info })).info, { error: info });
  assert.deepEqual((await schedulerAnswered({ body: { ...DOC, info } }).getDoc("a")).info, { error: info });
  assert.deepEqual((await oneDoc({ ...DOC, info: "" })).info, { error: "" });
  assert.equal((await oneDoc({ ...DOC, info: null })).info, null);
});

test("listDocs() sets members that the server omits to null, and a missing error_count with 0", async () => {
  const doc = await oneDoc({ doc_id: "a" });
  const { doc_id, error_count, ...others } = doc;
  assert.deepEqual([doc_id, error_count], ["a", 0]);
  assert.deepEqual(new Set(Object.values(others)), new Set([null]));
  assertPlain(doc, DOC_KEYS);
});

test("listDocs() returns the keys in the same order whatever the server's order, followed by unknown ones", async () => {
  const row = { proxy: "http://p/", ...Object.fromEntries(DOC_KEYS.map((key) => [key, null]).reverse()), doc_id: "a" };
  const doc = await oneDoc({ ...row, 'new "field" ü': [1, { deep: [null] }] });
  assert.deepEqual(Object.keys(doc), [...DOC_KEYS, "proxy", 'new "field" ü']);
  assert.deepEqual(/** @type {any} */ (doc)['new "field" ü'], [1, { deep: [null] }]);
});

test("listDocs() keeps numbers, texts and nesting as JSON.parse does", async () => {
  const row = {
    ...DOC,
    info: {
      big: 2 ** 53,
      real: -1.5e-7,
      seq: "12-g1AAAA\u2028\u0000\ud83d\ude00",
      deep: { deeper: [[], [{}]] },
      no: false,
    },
  };
  assert.deepEqual((await oneDoc(row)).info, row.info);
  const lone = listText([DOC]).replace('"running"', '"half \\ud83d pair"');
  assert.equal((await schedulerAnswered({ body: lone }).listDocs()).docs[0].state, "half \ud83d pair");
});

test("listDocs() and getDoc() do not let a row change its prototype", async () => {
  const row = `{"doc_id":"a","__proto__":{"polluted":true},"constructor":1}`;
  const list = `{"total_rows":1,"offset":0,"docs":[${row}]}`;
  const docs = [
    (await schedulerAnswered({ body: list }).listDocs()).docs[0],
    await schedulerAnswered({ body: row }).getDoc("a"),
  ];
  for (const doc of docs) {
    assert.equal(Object.getPrototypeOf(doc), Object.prototype);
    assert.equal(/** @type {any} */ (doc).polluted, undefined);
  }
});

for (const body of ['{"rows":[]}', '{"rows":[]}\n', '{ "rows" : [ ] }', '{"total_rows":0,"offset":0,"rows":[]}']) {
  test(`listDocs(), listJobs(), docs(), jobs() and summary() find nothing in ${JSON.stringify(body)}`, async () => {
    assert.deepEqual(await schedulerAnswered({ body }).listDocs(), { total_rows: 0, offset: 0, docs: [] });
    assert.deepEqual(await schedulerAnswered({ body }).listDocs({ limit: 5 }), { total_rows: 0, offset: 0, docs: [] });
    assert.deepEqual(await schedulerAnswered({ body }).listJobs(), { total_rows: 0, offset: 0, jobs: [] });
    assert.deepEqual(await all(schedulerAnswered({ body }).docs()), []);
    assert.deepEqual(await all(schedulerAnswered({ body }).jobs()), []);
    assert.equal((await schedulerAnswered({ body }).summary()).total, 0);
  });
}

test("getJob() and listJobs() derive state and continuous", async () => {
  const crashed = { timestamp: "2026-11-22T22:02:07Z", type: "crashed", reason: "x" };
  const started = { timestamp: "2026-11-22T22:02:05Z", type: "started" };
  assert.equal((await oneJob({ ...JOB, pid: "<0.1.0>", history: [crashed] })).state, "running");
  assert.equal((await oneJob({ ...JOB, history: [crashed, started] })).state, "crashing");
  assert.equal((await oneJob({ ...JOB, history: [started, crashed] })).state, "pending");
  assert.equal((await oneJob(JOB)).continuous, true);
  assert.equal((await oneJob({ ...JOB, id: "0a+continuous+create_target" })).continuous, true);
  assert.equal((await oneJob({ ...JOB, id: "0a+create_target" })).continuous, false);
});

test("listJobs() returns null for each counter that info lacks, and for all of them if info is null", async () => {
  const none = Object.fromEntries(JOB_COUNTERS.map((name) => [name, null]));
  const some = { docs_read: 0, changes_pending: null, through_seq: "7-x", source_seq: 0 };
  assert.deepEqual(pick(await oneJob(JOB)), none);
  assert.deepEqual(pick(await oneJob({ ...JOB, info: some })), { ...none, docs_read: 0, source_seq: 0 });
  assert.deepEqual((await oneJob({ ...JOB, info: some })).info, some);
});

/** @param {object} job */
const pick = (job) => Object.fromEntries(Object.entries(job).filter(([name]) => JOB_COUNTERS.includes(name)));

test("listDocs() reads lists in any layout", async () => {
  const [row] = docRows(1);
  const text = JSON.stringify(row);
  const layouts = [
    `{"total_rows":1,"offset":0,"docs":[${text}]}`,
    ` \r\n{ "total_rows" : 1 , "offset" : 0 , "docs" : [ ${JSON.stringify(row, null, 2)} ] } \n `,
    `{"unknown":{"docs":[1]},"total_rows":1,"x":"]}","offset":0,"docs":[${text}],"y":[{}]}`,
  ];
  for (const body of layouts) {
    const { docs, total_rows } = await schedulerAnswered({ body }).listDocs();
    assert.equal(total_rows, 1);
    assert.deepEqual(
      docs.map(({ doc_id }) => doc_id),
      [row.doc_id],
      body,
    );
  }
});

test("listDocs() and listJobs() read total_rows after the rows", async () => {
  const docs = `{"docs":[{"doc_id":"a"}],"offset":0,"total_rows":7}`;
  assert.equal((await schedulerAnswered({ body: docs }).listDocs()).total_rows, 7);
  const jobs = `{"jobs":[${JSON.stringify(JOB)}],"offset":0,"total_rows":7}`;
  assert.equal((await schedulerAnswered({ body: jobs }).listJobs({ limit: 1 })).total_rows, 7);
});

test("listDocs() reads rows of a megabyte", async () => {
  const error = '{["\\'.repeat(300_000);
  const { docs } = await schedulerAnswered({
    body: listText([
      { ...DOC, info: { error } },
      { ...DOC, doc_id: `${DOC.doc_id}-2` },
    ]),
  }).listDocs();
  assert.deepEqual(docs[0].info, { error });
  assert.equal(docs.length, 2);
});

test("REPLICATION_STATES cannot be changed", () => {
  assert.equal(REPLICATION_STATES.length, 7);
  assert.ok(Object.isFrozen(REPLICATION_STATES));
});
