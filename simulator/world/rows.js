// @ts-check
/**
 * The rows of `/_scheduler/docs` and `/_scheduler/jobs`: their keys and the order of the keys depend on the
 * state.
 */
import { iso8601 } from "./clock.js";
import { crashesInARow } from "./job.js";
import { countersOf } from "./progress.js";
import { isTerminal, shownEndpoint, shownProxy } from "./replication.js";

/**
 * @typedef {import("./database.js").Json} Json
 * @typedef {import("./database.js").Entry} Entry
 * @typedef {import("./job.js").Job} Job
 */

/**
 * The state in a list, without the cost of the row; null while the scheduler does not know the document.
 * @param {Entry} entry
 * @returns {string | null}
 */
export function stateOf({ frozen, body, replication }) {
  if (frozen) return frozen.state;
  if (isTerminal(body)) return body._replication_state;
  if (!replication || replication.phase === "unseen") return null;
  return replication.job ? jobState(replication.job) : replication.phase;
}

/** @param {Job} job */
function jobState({ pid, history }) {
  if (pid) return "running";
  return history[0].type === "crashed" ? "crashing" : "pending";
}

/**
 * @param {string} database @param {Entry} entry @param {number} now
 * @returns {Json}
 */
export function docRow(database, entry, now) {
  const { body, replication } = entry;
  if (isTerminal(body) || !replication || replication.phase === "unseen") return rowFromDocument(database, entry);
  return replication.job
    ? scheduledRow(database, entry, replication.job, now)
    : unscheduledRow(database, entry, replication);
}

/**
 * A row from the document alone: everything if it has a terminal state, otherwise only its endpoints.
 * @param {string} database @param {Entry} entry
 * @returns {Json}
 */
export function rowFromDocument(database, { id, body, frozen }) {
  const state = isTerminal(body) ? body._replication_state : null;
  const time = state ? (body._replication_state_time ?? null) : null;
  const { start_time = null, ...counters } = body._replication_stats ?? {};
  return {
    database,
    doc_id: id,
    id: null,
    source: frozen?.source ?? shownEndpoint(body.source),
    target: frozen?.target ?? shownEndpoint(body.target),
    state,
    error_count: state === "failed" ? 1 : 0,
    info:
      state === "completed" ? counters : state === "failed" ? errorInfo(body._replication_state_reason ?? null) : null,
    start_time: state === "completed" ? start_time : time,
    last_updated: body._replication_state_time ?? null,
  };
}

/** @param {string} database @param {Entry} entry @param {import("./live.js").Replication} replication @returns {Json} */
function unscheduledRow(database, { id }, { phase, reason, errors, node, updated, startTime }) {
  return {
    database,
    doc_id: id,
    id: null,
    state: phase,
    info: errorInfo(phase === "error" ? reason : null),
    error_count: errors,
    node,
    last_updated: iso8601(updated),
    start_time: iso8601(startTime),
  };
}

/** @param {string} database @param {Entry} entry @param {Job} job @param {number} now @returns {Json} */
function scheduledRow(database, { id, body }, job, now) {
  const state = jobState(job);
  return {
    database,
    doc_id: id,
    id: job.id,
    node: job.node,
    source: job.source,
    target: job.target,
    state,
    info: state === "crashing" ? errorInfo(job.history[0].reason ?? null) : countersOf(job, now),
    error_count: crashesInARow(job.history),
    last_updated: iso8601(job.history[0].at),
    start_time: iso8601(job.startTime),
    source_proxy: shownProxy(body.proxy ?? body.source_proxy),
    target_proxy: shownProxy(body.proxy ?? body.target_proxy),
  };
}

/** @param {Job} job @param {number} now @returns {Json} */
export function jobRow(job, now) {
  return {
    database: job.replication?.database.name ?? null,
    id: job.id,
    pid: job.pid,
    source: job.source,
    target: job.target,
    user: job.user,
    doc_id: job.replication?.entry.id ?? null,
    info: countersOf(job, now),
    history: job.history.map(({ type, at, reason }) =>
      type === "crashed" ? { timestamp: iso8601(at), type, reason } : { timestamp: iso8601(at), type },
    ),
    node: job.node,
    start_time: iso8601(job.startTime),
  };
}

/** @param {string | null} error */
function errorInfo(error) {
  return error === null ? null : { error };
}
