// @ts-check
// A look as numbers, which the rules in the wasm read in this order, and their findings as names. The other half of this
// contract is src/api/audit.rs. NaN is an unknown number.

import { __audit } from "#glue";

/**
 * @typedef {import("../index.js").Finding["kind"]} Kind
 * @typedef {import("../index.js").Finding["severity"]} Severity
 *
 * What the preceding look has left of a row: numbers that identify the run of a job and its position, the number of its checkpoint,
 * revisions checked and documents written, documents that the target refused, and each `Seen`.
 * @typedef {[run: number, moved: number, checkpoint: number, done: number, failures: number, ...seen: number[]]} Before
 *
 * @typedef {[kind: number, since: number]} Seen a trouble, and the time of the first of the consecutive looks that saw it
 * @typedef {{ name: string, isMissing: boolean, limits: { max_jobs: number, interval: number, expected_wait: number | null } | null }} Node
 * @typedef {{ node: number, state: "running" | "pending" | "crashing", isContinuous: boolean, run: number, moved: number, through: number, checkpoint: number, done: number, failures: number,
 *   pending: number, backlog: number, progress: number, began: number, updated: number, interval: number, history: [kind: number, time: number][] }} Job
 * @typedef {{ isPermanent: boolean | null, since: number, failures: number }} Doc
 *
 * What the server reports now, each row with what the preceding look has left of it.
 * @typedef {object} Look
 * @property {number} now
 * @property {number} previous NaN without a preceding look
 * @property {{ grace: number, maxBacklog: number, maxSilence: number }} thresholds
 * @property {[Node, Before | undefined][]} nodes
 * @property {[Job, Before | undefined][]} jobs
 * @property {[Doc, Before | undefined][]} docs
 * @property {(Before | undefined)[]} orphans tasks without a job
 *
 * @typedef {{ list: List, at: number }} Subject a row of the look
 * @typedef {Subject & { kind: Kind, severity: Severity, confirmed: boolean, since: number, number: number }} Found
 * @typedef {Subject & { need: "limits" | "backlog" | "checkpoint" }} Needed
 * @typedef {{ findings: Found[], seen: (Subject & { seen: Seen })[], needs: Needed[] }} Report
 * @typedef {"nodes" | "jobs" | "docs" | "orphans"} List
 */

/** In the order of the wasm. @type {readonly Kind[]} */
export const KINDS = [
  "failed",
  "error",
  "crashing",
  "crashes_hidden",
  "no_task",
  "stalled",
  "starving",
  "lagging",
  "write_failures",
  "rewound",
  "orphan_task",
  "poisoned_document",
  "node_missing",
  "churned_by_crashes",
];

/** @type {readonly Severity[]} */
export const SEVERITIES = ["info", "warning", "critical"];

const STATES = ["running", "pending", "crashing"];

/** @type {readonly List[]} */
const LISTS = ["nodes", "jobs", "docs", "orphans"];

/** @type {readonly Needed["need"][]} */
const NEEDS = ["limits", "backlog", "checkpoint"];

/** Applies the rules. @param {Look} look @returns {Report} */
export function applyRules({ now, previous, thresholds, nodes, jobs, docs, orphans }) {
  const { grace, maxBacklog, maxSilence } = thresholds;
  /** @type {number[]} */
  const numbers = [now, previous, grace, maxBacklog, maxSilence, nodes.length];
  // Histories and snapshots can be too long for the arguments of a function.
  const addPairs = (/** @type {number[]} */ pairs) => {
    numbers.push(pairs.length / 2);
    for (const number of pairs) numbers.push(number);
  };
  const addBefore = (/** @type {Before | undefined} */ before) => {
    numbers.push(Number(before !== undefined));
    if (before === undefined) return;
    const [run, moved, checkpoint, done, failures, ...seen] = before;
    numbers.push(run, moved, checkpoint, done, failures);
    addPairs(seen);
  };
  for (const [{ isMissing, limits }, before] of nodes) {
    const { max_jobs = NaN, interval = NaN, expected_wait = null } = limits ?? {};
    numbers.push(Number(isMissing), max_jobs, interval, expected_wait ?? NaN);
    addBefore(before);
  }
  numbers.push(jobs.length);
  for (const [job, before] of jobs) {
    numbers.push(
      job.node,
      STATES.indexOf(job.state),
      Number(job.isContinuous),
      job.run,
      job.moved,
      job.through,
      job.checkpoint,
      job.done,
      job.failures,
      job.pending,
      job.backlog,
      job.progress,
      job.began,
      job.updated,
      job.interval,
    );
    addPairs(job.history.flat());
    addBefore(before);
  }
  numbers.push(docs.length);
  for (const [{ isPermanent, since, failures }, before] of docs) {
    numbers.push(isPermanent === null ? NaN : Number(isPermanent), since, failures);
    addBefore(before);
  }
  numbers.push(orphans.length);
  for (const before of orphans) addBefore(before);
  return read(__audit(Float64Array.from(numbers)));
}

/** @param {Float64Array} numbers @returns {Report} */
function read(numbers) {
  let at = 0;
  const next = () => numbers[at++] ?? 0;
  /** @template T @param {readonly T[]} names */
  const named = (names) => /** @type {T} */ (names[next()]);
  const subject = () => ({ list: named(LISTS), at: next() });
  /** @template T @param {() => T} item */
  const list = (item) => Array.from({ length: next() }, item);
  return {
    findings: list(() => ({
      ...subject(),
      kind: named(KINDS),
      severity: named(SEVERITIES),
      confirmed: next() === 1,
      since: next(),
      number: next(),
    })),
    seen: list(() => ({ ...subject(), seen: [next(), next()] })),
    needs: list(() => ({ ...subject(), need: named(NEEDS) })),
  };
}
