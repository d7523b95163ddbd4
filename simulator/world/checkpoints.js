// @ts-check
/**
 * Checkpoints: what a replication leaves at both of its ends, and where it resumes from them.
 */

/**
 * @typedef {import("./database.js").Json} Json
 *
 * @typedef {object} Counters of all sessions since the replication last began at the beginning
 * @property {number} checked
 * @property {number} found
 * @property {number} read
 * @property {number} written
 * @property {number} failures
 *
 * @typedef {object} Resume
 * @property {string | null} seq null: from the beginning
 * @property {Json[]} history of the sessions that both ends know, newest first
 */

const MAX_HISTORY = 50;
const ID_VERSION = 4;

/** @type {Resume} */
const BEGINNING = { seq: null, history: [] };

/**
 * CouchDB's own rule: equal sessions, else the newest session that both ends have, else the beginning.
 * @param {Json | undefined} source checkpoint of that end @param {Json | undefined} target
 * @returns {Resume}
 */
export function resumePoint(source, target) {
  if (!source || !target) return BEGINNING;
  if (source.session_id === target.session_id) return { seq: source.source_last_seq, history: source.history };
  return commonSession(source.history, target.history);
}

/** @param {Json[]} source @param {Json[]} target @returns {Resume} */
function commonSession(source, target) {
  for (let i = 0; i < source.length && i < target.length; i++) {
    if (isIn(source[i], target.slice(i))) return after(source[i], source.slice(i + 1));
    if (isIn(target[i], source.slice(i + 1))) return after(target[i], target.slice(i + 1));
  }
  return BEGINNING;
}

/** @param {Json} session @param {Json[]} history */
function isIn({ session_id }, history) {
  return history.some((entry) => entry.session_id === session_id);
}

/** @param {Json} session @param {Json[]} history @returns {Resume} */
function after({ recorded_seq }, history) {
  return { seq: recorded_seq, history };
}

/** @param {Json[]} history @returns {Counters} those the next session continues */
export function countersFrom([last]) {
  return {
    checked: last?.missing_checked ?? 0,
    found: last?.missing_found ?? 0,
    read: last?.docs_read ?? 0,
    written: last?.docs_written ?? 0,
    failures: last?.doc_write_failures ?? 0,
  };
}

/**
 * The body of a checkpoint: its session replaces the entry that an earlier checkpoint of the session wrote.
 * @param {object} session
 * @param {string} session.id
 * @param {number} session.startedAt
 * @param {number} session.at
 * @param {string | null} session.startSeq null: the beginning
 * @param {string} session.seq
 * @param {Counters} session.counters
 * @param {Json[]} session.history of the sessions before
 * @param {boolean} session.hasTotals as with `doc_ids`: the counters are at the top, too
 * @returns {Json}
 */
export function checkpointBody({ id, startedAt, at, startSeq, seq, counters, history, hasTotals }) {
  const start_time = new Date(startedAt).toUTCString();
  const end_time = new Date(at).toUTCString();
  const { checked, found, read, written, failures } = counters;
  const transferred = { docs_read: read, docs_written: written, doc_write_failures: failures };
  const entry = {
    session_id: id,
    start_time,
    end_time,
    start_last_seq: startSeq ?? 0,
    end_last_seq: seq,
    recorded_seq: seq,
    missing_checked: checked,
    missing_found: found,
    ...transferred,
    bulk_get_docs: read,
    bulk_get_attempts: read,
  };
  return {
    session_id: id,
    source_last_seq: seq,
    replication_id_version: ID_VERSION,
    ...(hasTotals && { start_time, end_time, ...transferred }),
    history: [entry, ...history].slice(0, MAX_HISTORY),
  };
}
