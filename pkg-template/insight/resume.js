// @ts-check
// Where a replication continues, and what its checkpoints say about the past. Pure.

import { isCount, isObject, isText } from "../runtime/checks.js";

/** An update sequence: CouchDB 1 has numbers. @typedef {string | number} Seq */
/** @typedef {{ session_id?: string, source_last_seq?: Seq, history?: Session[] }} Checkpoint `_local/{id}` */
/** What one start of the job wrote. @typedef {{ session_id?: string, recorded_seq?: Seq, end_time?: string, doc_write_failures?: number }} Session */
/** @typedef {{ from: "checkpoint" | "common_session" | "beginning" | "unknown", seq: Seq | null }} Resume */
/** The checkpoint at one end; null if it is missing, undefined if that is unknown. @typedef {Checkpoint | null | undefined} Known */

/** Where everything begins. */
const BEGINNING = 0;

/** Whether this is a sequence, or text of another kind, which may not be shown. @param {unknown} value */
export const isSeq = (value) =>
  typeof value === "string" ? /^\d[\w:.=+/-]*$/.test(value) : Number.isSafeInteger(value);

/** Whether this is a checkpoint that CouchDB wrote. @param {any} json */
export const isCheckpoint = (json) =>
  isObject(json) &&
  isOptional(json.session_id, isText) &&
  isOptional(json.source_last_seq, isSeq) &&
  isOptional(json.history, (history) => Array.isArray(history) && history.every(isSession));

/** @param {any} session */
const isSession = (session) =>
  isObject(session) && isOptional(session.session_id, isText) && isOptional(session.recorded_seq, isSeq);

/** @param {unknown} value @param {(value: unknown) => boolean} is */
const isOptional = (value, is) => value === undefined || is(value);

/**
 * Where a start of the replication continues, by CouchDB's own rule. A `since_seq` in the document takes precedence over all
 * checkpoints. If one checkpoint is missing, the other does not matter.
 *
 * @param {Known} source
 * @param {Known} target
 * @param {unknown} sinceSeq `since_seq` of the document
 * @returns {Resume}
 */
export function resumeOf(source, target, sinceSeq) {
  if (typeof sinceSeq === "string" || typeof sinceSeq === "number") return { from: "beginning", seq: sinceSeq };
  if (source === null || target === null) return { from: "beginning", seq: BEGINNING };
  if (source === undefined || target === undefined) return { from: "unknown", seq: null };
  const isSame = source.session_id === target.session_id;
  const seq = isSame ? source.source_last_seq : commonSeq(source.history ?? [], target.history ?? []);
  if (seq === undefined) return { from: "beginning", seq: BEGINNING };
  return { from: isSame ? "checkpoint" : "common_session", seq };
}

/**
 * The position of the newest session in both histories, compared in CouchDB's order: a session counts if the other history
 * has it at the same place or later.
 *
 * @param {Session[]} source newest first
 * @param {Session[]} target newest first
 * @returns {Seq | undefined}
 */
function commonSeq(source, target) {
  const [lastOfSource, lastOfTarget] = [lastPlaces(source), lastPlaces(target)];
  for (let at = 0; at < source.length && at < target.length; at++) {
    const [ours, theirs] = [/** @type {Session} */ (source[at]), /** @type {Session} */ (target[at])];
    if ((lastOfTarget.get(ours.session_id) ?? -1) >= at) return ours.recorded_seq;
    if ((lastOfSource.get(theirs.session_id) ?? -1) > at) return theirs.recorded_seq;
  }
  return undefined;
}

/** The last place of each session. @param {Session[]} history */
function lastPlaces(history) {
  /** @type {Map<string | undefined, number>} */
  const places = new Map(history.map(({ session_id }, at) => [session_id, at]));
  places.delete(undefined);
  return places;
}

/**
 * What the newer one of two checkpoints says about its newest session.
 *
 * @param {Known[]} checkpoints
 * @returns {{ last_progress: string | null, doc_write_failures: number | null }}
 */
export function latestOf(checkpoints) {
  const sessions = checkpoints.flatMap((checkpoint) => checkpoint?.history?.slice(0, 1) ?? []);
  const dated = sessions.map((session) => ({ ...session, last_progress: writtenAt(session.end_time) }));
  dated.sort((one, other) => Date.parse(other.last_progress ?? "1970") - Date.parse(one.last_progress ?? "1970"));
  const [latest] = dated;
  const failures = latest?.doc_write_failures;
  return {
    last_progress: latest?.last_progress ?? null,
    doc_write_failures: isCount(failures) ? /** @type {number} */ (failures) : null,
  };
}

/** "Wed, 25 Nov 2026 16:48:49 GMT" as ISO 8601. @param {unknown} time @returns {string | null} */
function writtenAt(time) {
  if (typeof time !== "string" || !/^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/.test(time))
    return null;
  return isoOf(Date.parse(time));
}

/** A time as ISO 8601; null if it is unknown. @param {number} time in milliseconds since 1970 */
export const isoOf = (time) => (Number.isNaN(time) ? null : new Date(time).toISOString().replace(".000Z", "Z"));
