// @ts-check
// What a row, its document and the checkpoints at both ends say together: a lag without its backlog. Pure.

import { isCount } from "../runtime/checks.js";
import { isSeq, latestOf, resumeOf } from "./resume.js";

/** @typedef {import("./checkpoints.js").Found} Found */
/** @typedef {import("./resume.js").Seq} Seq */

/**
 * What a lag needs of the row of a document. `database` is its name in requests; the rows of Cloudant have another one, which
 * is `shown_database`. `through_seq` is how far a running job has come: at its checkpoint or later.
 *
 * @typedef {import("./endpoints.js").Row & {
 *   shown_database: string, id: string | null, state: string | null, through_seq: Seq | null, doc_write_failures: number | null,
 * }} Row
 */

/** @param {string} name of the database that was requested @param {any} row of the scheduler @returns {Row} a small part of it */
export function rowFrom(name, { database, doc_id, id, state, source, target, info }) {
  const { through_seq, doc_write_failures } = info ?? {};
  return {
    database: name,
    shown_database: database,
    doc_id,
    id,
    state,
    source,
    target,
    // A pending job keeps that of its last run, which ended with a checkpoint.
    through_seq: state === "running" && isSeq(through_seq) ? through_seq : null,
    doc_write_failures: isCount(doc_write_failures) ? doc_write_failures : null,
  };
}

/**
 * @param {Row} row
 * @param {any} document
 * @param {Found} source
 * @param {Found} target
 */
export function lagOf(row, document, source, target) {
  const [atSource, atTarget] = [knownOf(source), knownOf(target)];
  const resume = resumeOf(atSource, atTarget, document.since_seq);
  const { last_progress, doc_write_failures } = latestOf([atSource, atTarget]);
  return {
    database: row.shown_database,
    doc_id: row.doc_id,
    state: row.state,
    backlog: /** @type {number | null} */ (null),
    backlog_is_upper_bound: ["filter", "selector", "doc_ids"].some((name) => (document[name] ?? null) !== null),
    last_progress,
    resume,
    doc_write_failures: doc_write_failures ?? row.doc_write_failures,
    source: endOf(row.source, source),
    target: endOf(row.target, target),
    // `source_seq` of the row is "0" after each start until the first change.
    since: row.through_seq ?? resume.seq ?? atSource?.source_last_seq ?? null,
  };
}

/** @param {Found} found @returns {import("./resume.js").Known} */
export function knownOf(found) {
  if (found.status === "found") return found.checkpoint;
  return found.status === "missing" ? null : undefined;
}

/** @param {string | null} url @param {Found} found */
const endOf = (url, found) => ({
  status: found.status,
  url,
  error: "error" in found ? found.error : null,
  sessions: found.status === "found" ? (found.checkpoint.history ?? []).length : null,
});
