// @ts-check
// Lists that fail half-way: the rows before the fault arrive, then an error with their number; never a
// shorter list.

import assert from "node:assert/strict";
import { test } from "node:test";
import { REPLICATION_STATES, Scheduler, SchedulerError } from "couchdb-scheduler";
import { docRows, listText, schedulerAnswered, streamOf } from "../support/answers.js";
import { all, rowsAndError } from "../support/promises.js";
import { cutAnywhere, forEachSeed } from "../support/random.js";
import { listedRow } from "../support/random-fleet.js";
import { simulated, testOfSimulator } from "../support/server.js";

const COUNT = 60;
const ROWS = docRows(COUNT, "failed");
const WHOLE = listText(ROWS);
const JOBS = listText(
  ROWS.map(({ doc_id }) => ({ id: doc_id, doc_id, pid: null, info: null, history: [] })),
  "jobs",
);
const SERVER_ERROR =
  ',"error":"timeout","reason":"The request could not be processed in a reasonable amount of time."}\n';

/** @param {string} text @param {number} row the first byte of that row @returns {number} */
const startOf = (text, row) => text.indexOf(`{"${text === JOBS ? "id" : "database"}"`, nthLine(text, row));

/** @param {string} text @param {number} line */
function nthLine(text, line) {
  let at = text.indexOf("[");
  for (let i = 0; i < line; i++) at = text.indexOf("\r\n", at + 2);
  return at;
}

/**
 * The faults: the broken text, the number of rows before it, and the code.
 * @type {[string, (text: string) => { text: string, rows: number, code: string }][]}
 */
const FAULTS = [
  [
    "cut in the middle of a row",
    (text) => ({ text: text.slice(0, startOf(text, 37) + 20), rows: 37, code: "truncated" }),
  ],
  ["cut between rows", (text) => ({ text: text.slice(0, startOf(text, 37) - 2), rows: 37, code: "truncated" })],
  [
    "cut after the last row",
    (text) => ({ text: text.slice(0, text.lastIndexOf("]")), rows: COUNT, code: "truncated" }),
  ],
  [
    "cut before the last bracket",
    (text) => ({ text: text.slice(0, text.lastIndexOf("}")), rows: COUNT, code: "truncated" }),
  ],
  ["cut before the first row", (text) => ({ text: text.slice(0, startOf(text, 0)), rows: 0, code: "truncated" })],
  [
    "an error after the rows",
    (text) => ({ text: text.slice(0, text.lastIndexOf("}")) + SERVER_ERROR, rows: COUNT, code: "server_error" }),
  ],
  ["text after the list", (text) => ({ text: `${text}{`, rows: COUNT, code: "invalid_response" })],
  [
    "HTML between the rows",
    (text) => ({
      text: `${text.slice(0, startOf(text, 37))}<html>Gateway</html>${text.slice(startOf(text, 38) - 3)}`,
      rows: 37,
      code: "invalid_response",
    }),
  ],
  [
    "a row that is not JSON",
    (text) => ({
      text: `${text.slice(0, startOf(text, 37))}{"doc_id":"x",,}${text.slice(startOf(text, 38) - 3)}`,
      rows: 37,
      code: "invalid_response",
    }),
  ],
  [
    "a row with a value that is not JSON",
    (text) => ({
      text: `${text.slice(0, startOf(text, 37))}{"doc_id":"x","id":"x","state":"failed","history":[],"node":nonsense}${text.slice(startOf(text, 38) - 3)}`,
      rows: 37,
      code: "invalid_response",
    }),
  ],
  [
    "a row that is a number",
    (text) => ({
      text: `${text.slice(0, startOf(text, 37))}5${text.slice(startOf(text, 38) - 3)}`,
      rows: 37,
      code: "invalid_response",
    }),
  ],
];

/** @param {unknown} error @param {{ rows: number, code: string }} expected */
function assertFault(error, { rows, code }) {
  assert.ok(error instanceof SchedulerError, String(error));
  assert.equal(error.code, code, error.message);
  assert.ok(new RegExp(`\\b${rows} rows`).test(error.message), error.message);
  assert.equal(error.status, 200);
  if (code === "server_error") {
    assert.deepEqual([error.error, error.reason?.slice(0, 11)], ["timeout", "The request"]);
  }
}

/** @param {{ doc_id: string | null }[]} rows @param {number} count */
function assertFirst(rows, count) {
  assert.equal(rows.length, count, "rows that came before the fault");
  for (const [i, { doc_id }] of rows.entries()) assert.equal(doc_id, ROWS[i].doc_id);
}

for (const [name, breakText] of FAULTS) {
  for (const [how, pieces] of /** @type {[string, (text: string) => string[]][]} */ ([
    ["in small pieces", (text) => text.match(/.{1,100}/gs) ?? []],
    ["at once", (text) => [text]],
  ])) {
    test(`docs() with states and jobs() yield the rows before ${name}, which arrives ${how}, and report how many`, async () => {
      const fault = breakText(WHOLE);
      const docs = await rowsAndError(
        schedulerAnswered({ body: pieces(fault.text) }).docs({ states: REPLICATION_STATES }),
      );
      assertFault(docs.error, fault);
      assertFirst(docs.rows, fault.rows);

      const jobsFault = breakText(JOBS);
      const jobs = await rowsAndError(schedulerAnswered({ body: pieces(jobsFault.text) }).jobs());
      assertFault(jobs.error, jobsFault);
      assertFirst(jobs.rows, jobsFault.rows);
    });

    test(`listDocs(), summary() and listJobs() fail with ${name}, which arrives ${how}, and report after how many rows`, async () => {
      const fault = breakText(WHOLE);
      const scheduler = (/** @type {string} */ text) => schedulerAnswered({ body: pieces(text) });
      for (const call of [
        () => scheduler(fault.text).listDocs(),
        () => scheduler(fault.text).listDocs({ states: REPLICATION_STATES }),
        // A summary does not check members that it does not read.
        ...(name.includes("value") ? [] : [() => scheduler(fault.text).summary()]),
        () => scheduler(breakText(JOBS).text).listJobs(),
      ]) {
        await assert.rejects(call(), (error) => {
          assertFault(error, fault);
          return true;
        });
      }
    });
  }
}

test("docs(), listDocs() and summary() never accept a list as complete that was cut anywhere", () =>
  forEachSeed(100, async (random) => {
    const end = random.whole(0, WHOLE.trimEnd().length - 1);
    const bytes = new TextEncoder().encode(WHOLE.slice(0, end));
    const body = () => cutAnywhere(bytes, random, random.pick([9, 50, 2000]));
    const scheduler = () => schedulerAnswered({ body: body() });
    for (const call of [
      () => all(scheduler().docs({ states: ["failed"] })),
      () => all(scheduler().docs()),
      () => scheduler().listDocs(),
      () => scheduler().summary(),
    ]) {
      await assert.rejects(call(), { name: "SchedulerError", code: "truncated" }, `cut at ${end}`);
    }
  }));

test("docs() with states and jobs() yield the rows before a connection breaks, and report how many", async () => {
  for (const [text, iterate] of /** @type {[string, (scheduler: Scheduler) => AsyncIterable<any>][]} */ ([
    [WHOLE, (scheduler) => scheduler.docs({ states: ["failed"] })],
    [JOBS, (scheduler) => scheduler.jobs()],
  ])) {
    const cause = new TypeError("terminated");
    const fetch = async () => new Response(streamOf(breaking(text.slice(0, startOf(text, 37) + 5), cause)));
    const { rows, error } = await rowsAndError(iterate(new Scheduler("http://couch.test", { retries: 0, fetch })));
    assert.equal(rows.length, 37);
    assertFault(error, { rows: 37, code: "truncated" });
    assert.equal(error.cause, cause);
  }
});

/** @param {string} text @param {unknown} error */
function* breaking(text, error) {
  for (let at = 0; at < text.length; at += 100) yield text.slice(at, at + 100);
  throw error;
}

const IDS = Array.from({ length: 200 }, (_, i) => `doc-${String(i).padStart(4, "0")}`);

function fleet() {
  const { simulator, scheduler } = simulated({ shards: 2 });
  simulator.fleet.loadVerbatim({ _replicator: { rows: IDS.map((id) => listedRow(id, "running")) } });
  return { simulator, scheduler };
}

testOfSimulator("docs() yields all pages before the failed one", async () => {
  for (const fault of /** @type {const} */ ([
    { cutAfter: 1500 },
    { errorAfterRows: "timeout" },
    { status: 503, body: '{"error":"x"}' },
    { reset: true },
  ])) {
    for (const after of [1, 2, 5]) {
      const { simulator, scheduler } = fleet();
      simulator.fail({ path: "/_scheduler/docs", after, ...fault });
      const { rows, error } = await rowsAndError(scheduler.docs({ pageSize: 20 }));
      assert.ok(error instanceof SchedulerError, JSON.stringify(fault));
      const ids = rows.map(({ doc_id }) => doc_id);
      assert.deepEqual(ids, IDS.slice(0, ids.length), "rows are missing before the fault");
      // The following page proves which page it met, and may be the one that failed.
      assert.ok(ids.length >= 20 * (after - 1), `${ids.length} rows, after ${after} requests`);
    }
  }
});

testOfSimulator("documents in some states are chosen among all if CouchDB ends their list early", async () => {
  // Before the first row, it still has the status.
  const timeout = { status: 500, body: JSON.stringify({ error: "timeout", reason: "The request could not be…" }) };
  for (const fault of [{ cutAfter: 120 }, { cutAfter: 1500 }, { errorAfterRows: "timeout" }, timeout]) {
    for (const [limit, skip] of [[], [5, 0], [20, 7], [200, 3]]) {
      const { simulator, scheduler } = simulated({ shards: 2 });
      const rows = IDS.map((id, at) => listedRow(id, at % 3 === 0 ? "failed" : at % 3 === 1 ? "crashing" : "pending"));
      simulator.fleet.loadVerbatim({ _replicator: { rows } });
      const states = /** @type {const} */ (["failed", "crashing"]);
      const expected = IDS.filter((_, at) => at % 3 !== 2);
      simulator.fail({ path: /_scheduler\/docs.*states=/, times: Infinity, ...fault });
      const name = `${JSON.stringify(fault)} ${limit} ${skip}`;
      const list = await scheduler.listDocs({ states, limit, skip });
      const end = limit === undefined ? undefined : (skip ?? 0) + limit;
      assert.deepEqual(
        list.docs.map(({ doc_id }) => doc_id),
        expected.slice(skip, end),
        name,
      );
      const yielded = await all(scheduler.docs({ states }));
      assert.deepEqual(
        yielded.map(({ doc_id }) => doc_id),
        expected,
        name,
      );
    }
  }
});

testOfSimulator("docs() yields every complete row before its page was cut off", async () => {
  const { simulator, scheduler } = fleet();
  simulator.fail({ path: "/_scheduler/docs", cutAfter: 5000 });
  const { rows, error } = await rowsAndError(scheduler.docs());
  const count = Number(/(\d+) rows/.exec(error.message)?.[1]);
  assert.ok(count > 10);
  assert.equal(rows.length, count, "rows that came before the fault");
  for (const [i, { doc_id }] of rows.entries()) assert.equal(doc_id, IDS[i]);
});

testOfSimulator("listDocs() fails if any of its requests fails", async () => {
  // The first request finds where the rows end.
  for (const [after, cutAfter] of [
    [0, 10],
    [1, 300],
  ]) {
    const { simulator, scheduler } = fleet();
    simulator.fail({ after, cutAfter });
    await assert.rejects(scheduler.listDocs({ limit: 50 }), { code: "truncated" });
  }
});

testOfSimulator("getDoc(), getJob() and info() are truncated if their response is cut off", async () => {
  for (const call of /** @type {((scheduler: Scheduler) => Promise<unknown>)[]} */ ([
    (scheduler) => scheduler.getDoc("doc-0000"),
    (scheduler) => scheduler.listJobs(),
  ])) {
    const { simulator, scheduler } = fleet();
    simulator.fail({ cutAfter: 20 });
    await assert.rejects(call(scheduler), { code: "truncated", status: 200 });
  }
});

testOfSimulator("docs() can be iterated again after a fault", async () => {
  const { simulator, scheduler } = fleet();
  simulator.fail({ path: "/_scheduler/docs", after: 2, reset: true });
  const broken = await rowsAndError(scheduler.docs({ pageSize: 20 }));
  assert.equal(broken.error.code, "network");
  assert.equal((await rowsAndError(scheduler.docs({ pageSize: 20 }))).rows.length, IDS.length);
});
