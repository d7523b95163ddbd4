// @ts-check
// The findings of an audit, from what the rules report. Pure.

import { KINDS, SEVERITIES } from "./audit-numbers.js";
import { wordsFor, wordsForCrash, wordsForHiddenCrashes, wordsForLostTasks } from "./audit-words.js";
import { isoOf } from "./resume.js";

/**
 * @typedef {import("./audit-numbers.js").Before} Before
 * @typedef {import("./audit-numbers.js").Found} Found
 * @typedef {import("./audit-numbers.js").Seen} Trouble
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
 * @param {(Subject & { seen: Trouble })[]} troubles
 * @param {Reported} reported
 * @param {Map<string | number, Before>} previous
 */
export function remembered(troubles, reported, previous) {
  /** @type {Map<string | number, Before>} */
  const rows = new Map();
  /** @param {string | number} key @param {Partial<Before>} [row] */
  const add = (key, row) => {
    const known = rows.get(key) ?? { run: 0, moved: 0, checkpoint: 0, done: 0, failures: 0, seen: [] };
    Object.assign(known, row);
    rows.set(key, known);
    return known;
  };
  for (const { key, numbers } of reported.jobs) {
    const { run, moved, checkpoint, done, failures } = numbers;
    const before = previous.get(key);
    // A job that has not reported since its start will go on from these.
    add(key, {
      run,
      moved,
      checkpoint: checkpoint || before?.checkpoint || 0,
      done: Number.isNaN(done) ? (before?.done ?? 0) : done,
      failures,
    });
  }
  for (const { key, numbers } of reported.docs) add(key, { failures: numbers.failures });
  for (const { list, at, seen: trouble } of troubles) {
    const row = list === "nodes" ? { key: reported.nodes[at]?.name } : reported[list][at];
    if (row?.key === undefined) continue;
    const known = add(row.key);
    known.seen.push(trouble);
    // Not decided yet.
    if (KINDS[trouble[0]] === "rewound") known.done = previous.get(row.key)?.done ?? 0;
  }
  return rows;
}
