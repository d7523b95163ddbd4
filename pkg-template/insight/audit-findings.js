// @ts-check
// The findings of an audit, from what the rules report. Pure.

import { KINDS, SEVERITIES } from "./audit-numbers.js";
import { wordsFor, wordsForCrash, wordsForHiddenCrashes, wordsForLostTasks } from "./audit-words.js";
import { entry } from "./entry.js";
import { isoOf } from "./resume.js";

/**
 * @typedef {import("./audit-numbers.js").Before} Before
 * @typedef {import("./audit-numbers.js").Found} Found
 * @typedef {import("./audit-numbers.js").Seen} Seen
 * @typedef {import("./audit-numbers.js").Subject} Subject
 * @typedef {import("./audit-rows.js").Reported} Reported
 * @typedef {import("../index.js").Audit} Audit
 * @typedef {import("../index.js").Finding} Finding
 */

/** With a blind spot, nothing is known to be fine. @param {Finding[]} findings the worst first @param {unknown[]} blindSpots @returns {Audit["verdict"]} */
export function verdictOf(findings, blindSpots) {
  const worst = findings[0]?.severity ?? "info";
  if (worst !== "info") return worst;
  return blindSpots.length > 0 ? "warning" : "ok";
}

/** @param {Found[]} found @param {Reported} reported @returns {Finding[]} the worst first */
export function findingsOf(found, reported) {
  const rank = (/** @type {Finding} */ { severity }) => SEVERITIES.indexOf(severity);
  return found.map((one) => findingOf(one, reported)).sort((one, other) => rank(other) - rank(one));
}

/** @param {Found} found @param {Reported} reported @returns {Finding} */
function findingOf(found, reported) {
  const { severity, confirmed, since } = found;
  const { isDuplicate = false, message, hint } = wordsOf(found, reported);
  const { database, doc_id, job_id, node } = namesOf(found, reported);
  const kind = isDuplicate ? "duplicate" : found.kind;
  return { kind, severity, confirmed, database, doc_id, job_id, node, message, hint, since: isoOf(since) };
}

/** @param {Found} found @param {Reported} reported @returns {{ message: string, hint: string, isDuplicate?: boolean }} */
function wordsOf({ list, at, kind, number }, { jobs, docs }) {
  const diagnosis = list === "docs" && kind !== "write_failures" && docs[at]?.diagnosis;
  if (diagnosis) return { ...diagnosis, isDuplicate: diagnosis.cause === "duplicate" };
  const crash = list === "jobs" ? (jobs[at]?.crash ?? null) : null;
  if (kind === "crashing") return wordsForCrash(crash);
  if (kind === "crashes_hidden") return wordsForHiddenCrashes(crash, number);
  if (kind === "no_task" && list === "nodes") return wordsForLostTasks(number);
  return wordsFor(kind, number);
}

/** @param {Subject} subject @param {Reported} reported */
function namesOf({ list, at }, reported) {
  if (list === "nodes") return { database: null, doc_id: null, job_id: null, node: reported.nodes[at]?.name ?? null };
  return reported[list][at] ?? { database: null, doc_id: null, job_id: null, node: null };
}

/**
 * What the next look must know.
 *
 * @param {(Subject & { seen: Seen })[]} troubles
 * @param {Reported} reported
 * @param {Map<string | number, Before>} previous
 */
export function remembered(troubles, reported, previous) {
  /** @type {Map<string | number, Before>} */
  const rows = new Map();
  for (const { key, numbers } of reported.jobs) {
    const { run, moved, checkpoint, done, failures } = numbers;
    const [, , checkpointBefore, doneBefore] = previous.get(key) ?? NOTHING;
    // A job that has not reported since its start will go on from these.
    rows.set(key, [run, moved, checkpoint || checkpointBefore, Number.isNaN(done) ? doneBefore : done, failures]);
  }
  const rowOf = (/** @type {string | number} */ key) => entry(rows, key, () => [...NOTHING]);
  for (const { key, numbers } of reported.docs) rowOf(key)[FAILURES] = numbers.failures;
  for (const { list, at, seen } of troubles) {
    const key = list === "nodes" ? reported.nodes[at]?.name : reported[list][at]?.key;
    if (key === undefined) continue;
    rowOf(key).push(...seen);
    // Not decided yet.
    if (KINDS[seen[0]] === "rewound") rowOf(key)[DONE] = (previous.get(key) ?? NOTHING)[DONE];
  }
  return rows;
}

/** @type {Before} */
const NOTHING = [0, 0, 0, 0, 0];

/** Places in a `Before`. */
const [DONE, FAILURES] = /** @type {const} */ ([3, 4]);
