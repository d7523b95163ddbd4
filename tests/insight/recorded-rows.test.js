// @ts-check
// diagnose() and progress() for every recorded row, as CouchDB sent it and as the package returns it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { diagnose, progress } from "couchdb-scheduler";
import { schedulerAnswered } from "../support/answers.js";
import { PUBLIC_REPORTS } from "../support/public-reports.js";
import { RECORDED_REASONS } from "../support/recorded-reasons.js";
import { recorded, windowOf } from "../support/recordings.js";
import {
  ARRAYS,
  FUNCTIONS,
  hostileArray,
  hostileProxy,
  kinds,
  NUMBERS,
  OBJECTS,
  PRIMITIVES,
  revokedProxy,
  STRINGS,
  THROWN,
  throwingGetter,
} from "../support/wrong-values.js";

/** @typedef {Record<string, any>} Row */

/** @type {any} */
const whatever = { diagnose, progress };

const KEYS = ["cause", "side", "message", "hint", "permanent", "failures", "since", "next_retry"];

/** @type {Row[]} */
const docs = [
  ...recorded.docsLists.flatMap(({ body }) => JSON.parse(body).docs),
  ...recorded.singleDocs.map(({ body }) => JSON.parse(body)),
];
/** @type {Row[]} */
const jobs = [
  ...recorded.jobsLists.flatMap(({ body }) => JSON.parse(body).jobs),
  ...recorded.singleJobs.map(({ body }) => JSON.parse(body)),
];

/** Why a row fails, if it does, in the server's words. @param {Row} row @returns {string | undefined} */
function reasonOf({ state, info, pid, history }) {
  if (history === undefined) return ["crashing", "error", "failed"].includes(state) ? info.error : undefined;
  return pid === null && history[0].type === "crashed" ? history[0].reason : undefined;
}

/** Never earlier than the certain time. @param {Row} row @param {any} diagnosis */
function assertSince({ state, last_updated, error_count, history }, diagnosis) {
  const since = Date.parse(diagnosis.since);
  if (history === undefined) {
    let waited = 0;
    for (let crash = 1; state === "crashing" && crash < error_count; crash++)
      waited += 30 * 2 ** Math.min(crash - 1, 10);
    return assert.equal(since, Date.parse(last_updated) - 1000 * waited);
  }
  const crashes = history.filter((/** @type {Row} */ event) => event.type === "crashed");
  const times = crashes.map((/** @type {Row} */ crash) => Date.parse(crash.timestamp));
  assert.ok(times.includes(since), diagnosis.since);
  assert.ok(times.filter((/** @type {number} */ time) => time > since).length >= diagnosis.failures - 1);
}

/** @param {Row} row @param {any} diagnosis */
function assertDiagnosed(row, diagnosis) {
  const reason = reasonOf(row);
  if (reason === undefined) return assert.equal(diagnosis, null);
  assert.deepEqual(Object.keys(diagnosis), KEYS);
  assert.deepEqual([diagnosis.cause, diagnosis.side], RECORDED_REASONS[reason], reason);
  assert.match(diagnosis.message, /^[^\n]+\.$/);
  assert.match(diagnosis.hint, /^[^\n]+\.$/);
  assert.doesNotMatch(diagnosis.message + diagnosis.hint, /SECRETQ/);
  assert.equal(diagnosis.permanent, row.state === "failed");
  if (row.history === undefined) assert.equal(diagnosis.failures, row.error_count);
  assertSince(row, diagnosis);
  const crashed = row.state === "crashing" ? row.last_updated : row.history?.[0].timestamp;
  if (crashed === undefined) return assert.equal(diagnosis.next_retry, null);
  const wait = diagnosis.failures === 0 ? 0 : 30 * 2 ** Math.min(diagnosis.failures - 1, 10);
  assert.equal(Date.parse(diagnosis.next_retry), Date.parse(crashed) + 1000 * wait);
}

test("diagnose() reads every recorded row", () => {
  for (const row of [...docs, ...jobs]) assertDiagnosed(row, whatever.diagnose(row));
});

test("every recorded reason is among those rows", () => {
  const reasons = new Set([...docs, ...jobs].map(reasonOf).filter((reason) => reason !== undefined));
  assert.deepEqual(reasons, new Set(Object.keys(RECORDED_REASONS)));
});

test("diagnose() and progress() return the same for the package's rows as for the server's", async () => {
  for (const { body } of recorded.docsLists) {
    const sent = JSON.parse(body).docs;
    const rows = (await schedulerAnswered({ body }).listDocs()).docs;
    const read = (/** @type {Row} */ row) => [whatever.diagnose(row), whatever.progress(row)];
    assert.deepEqual(rows.map(read), sent.map(read));
  }
  for (const { body } of recorded.jobsLists) {
    const list = JSON.parse(body);
    const sent = list.jobs;
    const rows = (await schedulerAnswered({ body }).listJobs(windowOf(list))).jobs;
    const read = (/** @type {Row} */ row) => [whatever.diagnose(row), whatever.progress(row)];
    assert.deepEqual(rows.map(read), sent.map(read));
  }
});

test("a job and its document have failed equally often", () => {
  let compared = 0;
  for (const job of jobs) {
    const diagnosis = whatever.diagnose(job);
    if (diagnosis === null) continue;
    const same = docs.filter(
      ({ doc_id, database, state, last_updated }) =>
        doc_id === job.doc_id &&
        database === job.database &&
        state === "crashing" &&
        last_updated === job.history[0].timestamp,
    );
    for (const doc of same) {
      const { since, ...others } = whatever.diagnose(doc);
      assert.deepEqual({ ...others, since: diagnosis.since }, diagnosis);
      // The history has the exact time, the document's row gives a bound.
      assert.ok(Date.parse(diagnosis.since) <= Date.parse(since), `${diagnosis.since} ${since}`);
      compared++;
    }
  }
  assert.ok(compared > 0);
});

test("diagnose() reads reasons from public reports", () => {
  for (const { report, cause, side, row } of PUBLIC_REPORTS) {
    const diagnosis = whatever.diagnose(row);
    assert.deepEqual([diagnosis.cause, diagnosis.side], [cause, side], `${report}: ${diagnosis.message}`);
    assert.match(diagnosis.message, /^[^\n]+\.$/);
    assert.match(diagnosis.hint, /^[^\n]+\.$/);
  }
});

test("diagnose() returns since when a job fails: the first crash after its last healthy run", () => {
  const at = (/** @type {string} */ type, /** @type {string} */ time, reason = "timeout") => ({
    timestamp: `2026-11-22T${time}Z`,
    type,
    ...(type === "crashed" && { reason }),
  });
  const history = [
    at("crashed", "22:03:00"),
    at("started", "22:02:58"),
    at("crashed", "22:01:00"),
    at("started", "22:00:59"),
    at("crashed", "22:00:20"),
    at("started", "20:00:00"),
    at("crashed", "19:59:00"),
    at("added", "19:00:00"),
  ];
  const diagnosis = whatever.diagnose({ id: "0a", pid: null, history });
  assert.deepEqual([diagnosis.failures, diagnosis.since], [2, "2026-11-22T22:00:20Z"]);
  const cloudant = history.map((event) => ({ ...event, timestamp: event.timestamp.replace("Z", "+00:00") }));
  assert.equal(whatever.diagnose({ id: "0a", pid: null, history: cloudant }).since, "2026-11-22T22:00:20Z");
});

test("diagnose() reads the string of a server before 3.0", () => {
  const info = "db_not_found: could not open http://a.test/x/";
  const row = { doc_id: "a", state: "crashing", source: "http://a.test/x/", target: "http://a.test/y/", info };
  const diagnosis = whatever.diagnose({ ...row, error_count: 1, last_updated: "2026-11-22T22:00:00+00:00" });
  assert.deepEqual(
    [diagnosis.cause, diagnosis.side, diagnosis.next_retry],
    ["database_missing", "source", "2026-11-22T22:00:30Z"],
  );
});

test("progress() returns the counters of every recorded row", () => {
  for (const row of [...docs, ...jobs]) {
    const diagnosis = whatever.progress(row);
    for (const name of ["docs_read", "docs_written", "doc_write_failures", "changes_pending"]) {
      if (name === "changes_pending" && row.state === "completed") assert.equal(diagnosis[name], 0);
      else assert.equal(diagnosis[name], row.info?.[name] ?? null);
    }
    const pending = row.info?.changes_pending ?? null;
    const upToDate = pending === 0 && row.id?.includes("+continuous");
    if (row.state === "completed") assert.equal(diagnosis.fraction, 1);
    else if (pending === null || upToDate) assert.equal(diagnosis.fraction, null);
    else assert.ok(diagnosis.fraction >= 0 && diagnosis.fraction <= 1);
    assert.deepEqual([diagnosis.docs_per_second, diagnosis.seconds_left, diagnosis.stalled], [null, null, null]);
  }
});

test("progress() returns the rate since an earlier row", () => {
  const at = (/** @type {number} */ done) => ({
    state: "running",
    id: "0a",
    info: {
      revisions_checked: done,
      missing_revisions_found: done,
      docs_read: done,
      docs_written: done,
      doc_write_failures: 0,
      changes_pending: 1000 - done,
      source_seq: `${done}-x`,
    },
  });
  const diagnosis = whatever.progress(at(300), at(100), 10_000);
  assert.deepEqual(diagnosis, {
    docs_read: 300,
    docs_written: 300,
    doc_write_failures: 0,
    changes_pending: 700,
    fraction: 0.3,
    docs_per_second: 20,
    seconds_left: 35,
    stalled: false,
  });
  assert.equal(whatever.progress(at(300), at(300)).stalled, true);
  const anew = whatever.progress(at(100), at(300), 10_000);
  assert.deepEqual([anew.docs_per_second, anew.seconds_left], [null, null]);
});

test("progress() of a completed replication has nothing remaining, whatever its last counters are", () => {
  const info = { docs_read: 70, docs_written: 70, doc_write_failures: 0, revisions_checked: 200, changes_pending: 74 };
  const before = { state: "running", id: "0a", info: { ...info, revisions_checked: 100, docs_written: 50 } };
  const diagnosis = whatever.progress({ state: "completed", id: null, info }, before, 10_000);
  assert.deepEqual(
    [diagnosis.fraction, diagnosis.changes_pending, diagnosis.seconds_left, diagnosis.stalled],
    [1, 0, null, false],
  );
  assert.deepEqual([diagnosis.docs_written, diagnosis.docs_per_second], [70, 2]);
});

const ROW = { state: "crashing", info: { error: "timeout" }, error_count: 1, last_updated: "2026-11-22T22:00:00Z" };

test("a wrong row is refused by name", () => {
  for (const [name, value] of [...kinds([NUMBERS, STRINGS, PRIMITIVES, ARRAYS, FUNCTIONS, OBJECTS]), ["{}", {}]]) {
    const what = String(name);
    assert.throws(() => whatever.diagnose(value), { name: "TypeError", message: /diagnose: row must be/ }, what);
    assert.throws(() => whatever.progress(value), { name: "TypeError", message: /progress: row must be/ }, what);
    if (value === undefined) continue;
    assert.throws(() => whatever.progress(ROW, value), { name: "TypeError", message: /previous must be/ }, what);
  }
});

test("wrong milliseconds are refused by name", () => {
  for (const value of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.throws(() => whatever.progress(ROW, ROW, value), { name: "RangeError", message: /elapsedMs must be/ });
  }
  for (const [name, value] of kinds([STRINGS, ARRAYS, FUNCTIONS])) {
    assert.throws(
      () => whatever.progress(ROW, ROW, value),
      { name: "TypeError", message: /elapsedMs must be/ },
      String(name),
    );
  }
});

test("the caller gets what a row throws", () => {
  for (const call of [whatever.diagnose, whatever.progress]) {
    assert.throws(() => call(hostileProxy()), THROWN);
    assert.throws(() => call(revokedProxy()), TypeError);
  }
  for (const name of ["info", "error_count", "last_updated", "source", "target", "source_proxy", "history", "pid"]) {
    const row = Object.assign(throwingGetter(name), { state: "crashing" });
    assert.throws(() => whatever.diagnose(row), THROWN, name);
  }
  for (const name of ["info", "id"]) {
    const row = Object.assign(throwingGetter(name), { state: "running" });
    assert.throws(() => whatever.progress(row), THROWN, name);
  }
  assert.throws(() => whatever.diagnose({ state: "crashing", history: hostileArray() }), THROWN);
});

test("invalid values in a row are ignored", () => {
  const odd = [Number.NaN, -5, "x", {}, [], null, 1e308, Symbol("x")];
  for (const value of odd) {
    const row = {
      state: "crashing",
      info: value,
      error_count: value,
      last_updated: value,
      source: value,
      history: value,
    };
    assert.equal(whatever.diagnose(row).cause, "unknown");
    const counters = { docs_read: value, docs_written: value, changes_pending: value, source_seq: value };
    assert.equal(typeof whatever.progress({ ...row, info: counters }, row, 5), "object");
  }
});
