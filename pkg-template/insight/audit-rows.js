// @ts-check
// Rows of the server as the rules of an audit need them: numbers, and what names a finding. Pure.

import { diagnose } from "#glue";
import { isCount, isObject } from "../runtime/checks.js";
import { hash } from "./audit-hash.js";

/**
 * @typedef {import("./audit-numbers.js").Job} Numbers
 * @typedef {import("./audit-numbers.js").Doc} DocNumbers
 * @typedef {import("../index.js").ReplicationJob} ReplicationJob
 * @typedef {import("../index.js").ReplicationDoc} ReplicationDoc
 *
 * What a finding names.
 * @typedef {object} Named
 * @property {string | null} database
 * @property {string | null} doc_id
 * @property {string | null} job_id
 * @property {string | null} node
 *
 * @typedef {Named & { key: number, source: string, target: string, position: string | number | undefined, crash: ReplicationJob | null, numbers: Numbers }} JobRow
 * @typedef {Named & { key: number, diagnosis: import("../index.js").Diagnosis | null, numbers: DocNumbers }} DocRow
 * @typedef {Named & { key: number, updated: number, interval: number }} TaskRow
 *
 * What the server reports. Tasks are null if they could not be read; orphans are tasks without a job.
 * @typedef {{ now: number, nodes: import("./audit-numbers.js").Node[], jobs: JobRow[], tasks: TaskRow[] | null, orphans: TaskRow[], docs: DocRow[], docsRead: number }} Reported
 */

const EVENTS = ["added", "started", "stopped", "crashed"];

/** How often a task is updated by default, in milliseconds. */
const CHECKPOINT_INTERVAL = 30_000;

/** Milliseconds since 1970; NaN if unknown. @param {unknown} time ISO 8601 */
export const timeOf = (time) => (typeof time === "string" ? Date.parse(time) : NaN);

/** 0 for what is not a count. @param {unknown} value */
const countOf = (value) => (isCount(value) ? /** @type {number} */ (value) : 0);
/** Whether this is a time in milliseconds since 1970 that a `Date` can have. @param {unknown} time */
export const isTime = (time) => isCount(time) && /** @type {number} */ (time) <= 8.64e15;

/** The number at the beginning of a sequence, 12 of "12-g1AAAA"; 0 if there is none. @param {unknown} seq */
const numberOf = (seq) => countOf(Number.parseInt(String(seq), 10));

/**
 * A replication in the next look. If its ends change, it is another one.
 *
 * @param {string | null} database @param {string} id @param {unknown} source @param {unknown} target
 */
const keyOf = (database, id, source, target) => hash([database, id, source, target]);

/** @param {ReplicationJob} row @param {(node: string) => number} nodeAt @returns {JobRow} */
export function jobRow(row, nodeAt) {
  const { database, doc_id, id, node, source, target, pid, info, history } = row;
  const { through_seq, checkpointed_source_seq, source_seq } = info ?? {};
  const { revisions_checked, docs_written, docs_read, doc_write_failures, changes_pending } = info ?? {};
  const newest = history[0];
  return {
    database,
    doc_id,
    job_id: id,
    node,
    key: keyOf(database, doc_id ?? id, source, target),
    source,
    target,
    position: through_seq,
    crash: history.some(({ type }) => type === "crashed") ? row : null,
    numbers: {
      node: nodeAt(node),
      state: row.state,
      isContinuous: row.continuous,
      run: hash([id, pid, newest?.timestamp, newest?.type]) % 2 ** 32,
      moved:
        hash([through_seq, checkpointed_source_seq, source_seq, revisions_checked, docs_written, docs_read]) % 2 ** 32,
      through: numberOf(through_seq),
      checkpoint: numberOf(checkpointed_source_seq),
      done: info === null ? NaN : countOf(countOf(revisions_checked) + countOf(docs_written)),
      failures: countOf(doc_write_failures),
      pending: isCount(changes_pending) ? Number(changes_pending) : NaN,
      backlog: NaN,
      progress: NaN,
      began: NaN,
      updated: NaN,
      interval: CHECKPOINT_INTERVAL,
      history: history.map(({ type, timestamp }) => [EVENTS.indexOf(type), timeOf(timestamp)]),
    },
  };
}

/** Null for a document of which an audit has nothing to say. @param {ReplicationDoc} row @returns {DocRow | null} */
export function docRow(row) {
  const { database, doc_id, id, node, state, source, target, info } = row;
  const failures = countOf(/** @type {any} */ (info)?.doc_write_failures);
  const diagnosis = diagnose(row);
  if (diagnosis === null && failures === 0) return null;
  const isPermanent = diagnosis === null ? null : state === "failed";
  return {
    database,
    doc_id,
    job_id: id,
    node,
    key: keyOf(database, doc_id, source, target),
    diagnosis,
    numbers: { isPermanent, since: timeOf(diagnosis?.since), failures },
  };
}

/** Whether this is `_active_tasks`. @param {any} json */
export const areTasks = (json) =>
  Array.isArray(json) &&
  json.every((task) => isObject(task) && (task.type !== "replication" || typeof task.replication_id === "string"));

/** A task of a replication. @param {any} task @returns {TaskRow} */
export function taskRow({ node, replication_id, pid, database, doc_id, updated_on, checkpoint_interval }) {
  return {
    database: typeof database === "string" ? databaseOf(database) : null,
    doc_id: typeof doc_id === "string" ? doc_id : null,
    job_id: replication_id,
    node: String(node),
    key: hash([node, replication_id, pid]),
    updated: isTime(updated_on * 1000) ? updated_on * 1000 : NaN,
    interval: isCount(checkpoint_interval) ? checkpoint_interval : CHECKPOINT_INTERVAL,
  };
}

/** "team/_replicator" of "shards/80000000-ffffffff/team/_replicator.1795624209". @param {string} shard */
const databaseOf = (shard) => shard.replace(/^shards\/[^/]*\//, "").replace(/\.\d+$/, "");

/** Identifies the job of a task. @param {Named} row */
export const jobOf = ({ node, job_id }) => JSON.stringify([node, job_id]);

/** Times that the server has written into its rows: the latest is a lower bound of its time. @param {JobRow[]} jobs @param {TaskRow[]} tasks */
export function latestTime(jobs, tasks) {
  let latest = 0;
  for (const { numbers } of jobs) for (const [, time] of numbers.history) if (time > latest) latest = time;
  for (const { updated } of tasks) if (updated > latest) latest = updated;
  return latest;
}
