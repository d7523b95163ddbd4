// @ts-check
/** `_active_tasks`: what runs, as the processes themselves report it. */
import { shardOf } from "./database.js";
import { hash32 } from "./hash.js";
import { countersOf } from "./progress.js";

/**
 * @typedef {import("./database.js").Json} Json
 * @typedef {import("./job.js").Job} Job
 * @typedef {import("./scheduler.js").Scheduler} Scheduler
 */

/** A task appears so long after its job has started, at most. */
const MAX_JITTER_MS = 1_000;
const CHECKPOINT_MS = 30_000;
/** A job whose source hangs writes its task only when it tries again. */
const HUNG_STEP_MS = 106_000;

/** @param {Scheduler} scheduler @param {number} now @returns {Json[]} */
export function activeTasks(scheduler, now) {
  const tasks = [];
  for (const job of scheduler.jobs()) {
    const task = hasTask(scheduler, job, now) ? taskOf(job, now) : null;
    if (task) tasks.push(task);
  }
  return tasks;
}

/** @param {Scheduler} scheduler @param {Job} job @param {number} now */
function hasTask(scheduler, job, now) {
  if (!job.pid || !job.copies || now < startedAt(job)) return false;
  return job.lastStarted > (scheduler.pool.node(job.node)?.tasksLostAt ?? 0);
}

/** @param {Job} job */
function startedAt({ id, lastStarted }) {
  return lastStarted + (hash32(id, lastStarted) % MAX_JITTER_MS);
}

/** @param {Job} job @param {number} now @returns {Json | null} */
function taskOf(job, now) {
  const info = countersOf(job, now);
  if (!info) return null;
  const { replication } = job;
  return {
    node: job.node,
    pid: job.pid,
    process_status: "waiting",
    bulk_get_attempts: info.bulk_get_attempts,
    bulk_get_docs: info.bulk_get_docs,
    changes_pending: info.changes_pending,
    checkpoint_interval: replication?.entry.body.checkpoint_interval ?? CHECKPOINT_MS,
    checkpointed_source_seq: info.checkpointed_source_seq,
    continuous: job.continuous,
    database: replication && shardName(replication.database, replication.entry.id),
    doc_id: replication?.entry.id ?? null,
    doc_write_failures: info.doc_write_failures,
    docs_read: info.docs_read,
    docs_written: info.docs_written,
    missing_revisions_found: info.missing_revisions_found,
    replication_id: job.id,
    revisions_checked: info.revisions_checked,
    source: job.source,
    source_seq: info.source_seq,
    started_on: seconds(startedAt(job)),
    target: job.target,
    through_seq: info.through_seq,
    type: "replication",
    updated_on: seconds(Math.max(startedAt(job), updatedAt(job, now))),
    user: job.user,
  };
}

/** @param {number} ms */
function seconds(ms) {
  return Math.floor(ms / 1000);
}

/** The shard that has the document. @param {import("./database.js").Database} database @param {string} id */
function shardName({ name, shardCount, createdAt }, id) {
  const size = 2 ** 32 / shardCount;
  const from = Math.floor(shardOf(id, shardCount) * size);
  const range = [from, Math.floor(from + size - 1)].map((bound) => bound.toString(16).padStart(8, "0")).join("-");
  return `shards/${range}/${name}.${seconds(createdAt)}`;
}

/** @param {Job} job @param {number} now */
function updatedAt(job, now) {
  if (!job.frozen) return reportedAt(job, now);
  const { at, why } = job.frozen;
  const last = reportedAt(job, at);
  return why === "stuck" ? last : last + Math.floor((now - last) / HUNG_STEP_MS) * HUNG_STEP_MS;
}

/** @param {Job} job @param {number} now */
function reportedAt({ copy, lastStarted }, now) {
  return copy?.updatedAt(now) ?? now - ((now - lastStarted) % CHECKPOINT_MS);
}
