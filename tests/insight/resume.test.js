// @ts-check
// Where a replication continues: CouchDB's rule, on random checkpoints and on recorded ones.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { isCheckpoint, isSeq, latestOf, resumeOf } from "../../pkg-template/insight/resume.js";
import { forEachSeed } from "../support/random.js";

/** @typedef {import("../../pkg-template/insight/resume.js").Checkpoint} Checkpoint */
/** @typedef {import("../../pkg-template/insight/resume.js").Session} Session */

const recorded = JSON.parse(readFileSync(new URL("../recordings/beyond/30-checkpoints.json", import.meta.url), "utf8"));

/** @param {string} name @returns {Checkpoint} */
const checkpointOf = (name) => JSON.parse(recorded.find((/** @type {any} */ call) => call.name === name).body);

/**
 * `compare_replication_logs` and `compare_rep_history` of couch_replicator_scheduler_job.erl, clause by clause. An absent
 * document is one without members.
 *
 * @param {Checkpoint | null} source
 * @param {Checkpoint | null} target
 */
function startSeq(source, target) {
  const [{ session_id: one, source_last_seq, history: ours = [] }, { session_id: other, history: theirs = [] }] = [
    source ?? {},
    target ?? {},
  ];
  return one === other ? (source_last_seq ?? 0) : compareHistories(ours, theirs);
}

/** @param {Session[]} source @param {Session[]} target @returns {string | number} */
function compareHistories(source, target) {
  if (source.length === 0 || target.length === 0) return 0;
  const [[ours, ...sourceRest], [theirs, ...targetRest]] = [source, target];
  if (hasSession(ours.session_id, target)) return ours.recorded_seq ?? 0;
  if (hasSession(theirs.session_id, sourceRest)) return theirs.recorded_seq ?? 0;
  return compareHistories(sourceRest, targetRest);
}

/** @param {string | undefined} id @param {Session[]} history */
const hasSession = (id, history) => id !== undefined && history.some(({ session_id }) => session_id === id);

test("resumeOf() is CouchDB's rule for random checkpoints", async () => {
  const seen = { checkpoint: 0, common_session: 0, beginning: 0, unknown: 0 };
  await forEachSeed(3000, (random) => {
    const sessions = ["a", "b", "c", "d", "e", "f", "g"];
    const make = () => {
      if (random.chance(0.1)) return null;
      const ids = random.some(sessions);
      if (random.chance(0.3)) ids.reverse();
      if (random.chance(0.1)) ids.push(...random.some(ids));
      /** @type {Session[]} */
      const history = ids.map((id) => {
        const session = { session_id: id, recorded_seq: `${random.whole(1, 99)}-${id}` };
        return random.chance(0.05) ? { recorded_seq: session.recorded_seq } : session;
      });
      return { session_id: history[0]?.session_id ?? "z", source_last_seq: `${random.whole(1, 99)}-last`, history };
    };
    const [source, target] = [make(), make()];
    const { from, seq } = resumeOf(source, target, undefined);
    assert.equal(seq, startSeq(source, target), JSON.stringify([source, target]));
    if (from === "beginning") assert.equal(seq, 0);
    if (from === "checkpoint") assert.equal(source?.session_id, target?.session_id);
    if (from === "common_session") assert.notEqual(source?.session_id, target?.session_id);
    seen[from]++;
  });
  // Each outcome occurs, or the test shows nothing about it.
  if (process.env.SEED === undefined) {
    assert.ok(seen.checkpoint > 100 && seen.common_session > 100 && seen.beginning > 100, JSON.stringify(seen));
  }
  assert.equal(seen.unknown, 0);
});

test("resumeOf(): since_seq precedes all checkpoints, and a missing checkpoint decides alone", () => {
  const checkpoint = checkpointOf("continuous-idle-source");
  const seq = checkpoint.source_last_seq;
  assert.match(String(seq), /^20000-/);
  assert.deepEqual(resumeOf(checkpoint, checkpoint, undefined), { from: "checkpoint", seq });
  for (const sinceSeq of [0, "0", "7-x"]) {
    assert.deepEqual(resumeOf(checkpoint, checkpoint, sinceSeq), { from: "beginning", seq: sinceSeq });
    assert.deepEqual(resumeOf(undefined, undefined, sinceSeq), { from: "beginning", seq: sinceSeq });
  }
  assert.deepEqual(resumeOf(null, undefined, undefined), { from: "beginning", seq: 0 });
  assert.deepEqual(resumeOf(undefined, null, undefined), { from: "beginning", seq: 0 });
  assert.deepEqual(resumeOf(checkpoint, null, null), { from: "beginning", seq: 0 });
  assert.deepEqual(resumeOf(checkpoint, undefined, undefined), { from: "unknown", seq: null });
  assert.deepEqual(resumeOf(undefined, checkpoint, undefined), { from: "unknown", seq: null });
  const without = { session_id: "x" };
  for (const [source, target] of [
    [checkpoint, without],
    [without, checkpoint],
  ]) {
    assert.deepEqual(resumeOf(source, target, undefined), { from: "beginning", seq: 0 });
  }
});

test("resumeOf() of checkpoints of 100,000 sessions takes no longer than reading them", () => {
  const history = (/** @type {string} */ side) =>
    Array.from({ length: 100_000 }, (_, n) => ({ session_id: `${side}${n}`, recorded_seq: n }));
  const checkpoint = (/** @type {string} */ side) => ({ session_id: side, source_last_seq: 1, history: history(side) });
  const started = performance.now();
  assert.deepEqual(resumeOf(checkpoint("a"), checkpoint("b"), undefined), { from: "beginning", seq: 0 });
  // Comparing each with each would take minutes.
  assert.ok(performance.now() - started < 5000);
});

test("every recorded checkpoint is one, and its newest session has a time", () => {
  let count = 0;
  for (const { path, method, status, body } of recorded) {
    if (!/\/_local\/[0-9a-f]+$/.test(path) || method !== "GET" || status !== 200) continue;
    const checkpoint = JSON.parse(body);
    assert.ok(isCheckpoint(checkpoint), body);
    const { last_progress, doc_write_failures } = latestOf([checkpoint]);
    assert.equal(Date.parse(String(last_progress)), Date.parse(checkpoint.history[0].end_time));
    assert.match(String(last_progress), /^2026-11-25T\d\d:\d\d:\d\dZ$/);
    assert.equal(doc_write_failures, checkpoint.history[0].doc_write_failures);
    count++;
  }
  assert.ok(count >= 9, `${count} checkpoints`);
});

test("latestOf() is the newer end's, and nothing without a time or a count", () => {
  const at = (/** @type {string} */ end_time, /** @type {any} */ doc_write_failures) => ({
    history: [{ end_time, doc_write_failures }, { end_time: "Fri, 27 Nov 2026 10:00:00 GMT" }],
  });
  const [older, newer] = [at("Wed, 25 Nov 2026 09:00:00 GMT", 1), at("Wed, 25 Nov 2026 10:00:00 GMT", 2)];
  const latest = { last_progress: "2026-11-25T10:00:00Z", doc_write_failures: 2 };
  assert.deepEqual(latestOf([older, newer]), latest);
  assert.deepEqual(latestOf([newer, older]), latest);
  assert.deepEqual(latestOf([undefined, newer]), latest);
  for (const undated of [at("yesterday", 3), at("1969", 3)]) {
    assert.deepEqual(latestOf([undated, newer]), latest);
    assert.deepEqual(latestOf([newer, undated]), latest);
  }
  const nothing = { last_progress: null, doc_write_failures: null };
  for (const none of [
    {},
    { history: [] },
    null,
    undefined,
    at("yesterday", "3"),
    at("Wed, 99 Nov 2026 10:00:00 GMT", -1),
    at("on Wed, 25 Nov 2026 10:00:00 GMT", 1.5),
    at("Wed, 25 Nov 2026 10:00:00 GMT+0200", null),
    at("2026-11-25T10:00:00Z", "1"),
    at(/** @type {any} */ (["Wed, 25 Nov 2026 10:00:00 GMT"]), [1]),
  ]) {
    assert.deepEqual(latestOf([none]), nothing);
  }
});

test("what is not a checkpoint of CouchDB, or not a sequence, is not taken for one", () => {
  for (const wrong of [
    { session_id: 7 },
    { source_last_seq: {} },
    { source_last_seq: "a secret" },
    { history: {} },
    { history: [null] },
    { history: [{ session_id: [] }] },
    { history: [{ session_id: "a" }, { session_id: 7 }] },
    { history: [{ recorded_seq: "http://u:p@h" }] },
    [],
    null,
    "x",
  ]) {
    assert.equal(isCheckpoint(wrong), false, JSON.stringify(wrong));
  }
  assert.equal(isCheckpoint({}), true);
  for (const seq of [0, 17, "0", "17", "52-g1AAAACPeJzL-_x", "5-a+b/c=", "2::15"]) assert.ok(isSeq(seq), String(seq));
  for (const seq of [1.5, Number.NaN, "", "now", "1 2", "1-<b>", null, undefined, [1, "a"]]) {
    assert.ok(!isSeq(seq), String(seq));
  }
});
