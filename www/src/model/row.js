// @ts-check
// One line of the table: a replication document, or a job without a document. A row never changes; a
// change is a new row with the same key.

import { diagnose, progress } from "couchdb-scheduler";
import { hostOf } from "./ends.js";
import { shown } from "./states.js";

/**
 * @typedef {import("couchdb-scheduler").ReplicationDoc} ReplicationDoc
 * @typedef {import("couchdb-scheduler").ReplicationJob} ReplicationJob
 */

export class Row {
  /** Whether another row has replaced it, or it is gone. */
  isStale = false;
  /** @type {string | undefined} */
  #searchable;
  /** @type {import("couchdb-scheduler").Diagnosis | null | undefined} */
  #diagnosis;
  /** @type {import("couchdb-scheduler").Progress | undefined} */
  #progress;

  /** @param {string} key @param {ReplicationDoc | ReplicationJob} given */
  constructor(key, given) {
    const { info } = given;
    const counters = info && "docs_written" in info ? info : null;
    this.key = key;
    this.given = given;
    this.state = shown(given.state);
    this.source = given.source;
    this.target = given.target;
    this.node = given.node;
    /** Number of consecutive failures. */
    this.errors = "error_count" in given ? given.error_count : (this.diagnosis?.failures ?? 0);
    /** ISO 8601 */
    this.updated = "last_updated" in given ? given.last_updated : (given.history[0]?.timestamp ?? given.start_time);
    this.written = counters?.docs_written ?? null;
    this.pending = counters?.changes_pending ?? null;
    /** CouchDB's own words. */
    this.error = info && "error" in info ? info.error : "history" in given ? lastReason(given) : null;
  }

  /** Running or pending, but it has failed before and has not recovered for certain. */
  get isRetrying() {
    return (this.state === "running" || this.state === "pending") && this.errors > 0;
  }

  /** Secrets are masked, so that a search cannot guess them. */
  get searchable() {
    this.#searchable ??= [this.key, this.source, this.target, this.error].join("\n").toLowerCase();
    return this.#searchable;
  }

  get diagnosis() {
    if (this.#diagnosis === undefined) this.#diagnosis = diagnose(this.given);
    return this.#diagnosis;
  }

  /** What it may have in common with others. @returns {import("./filter.js").IncidentKey | null} */
  get incident() {
    if (!this.diagnosis) return null;
    const { cause, side } = this.diagnosis;
    return { cause, side, host: side && hostOf(this[side]) };
  }

  get progress() {
    this.#progress ??= progress(this.given);
    return this.#progress;
  }
}

/** @param {ReplicationJob} job */
const lastReason = ({ state, history }) => (state === "crashing" ? (history[0]?.reason ?? null) : null);

/** The list is of one database, so the id is unique. @param {ReplicationDoc} doc */
export const docRow = (doc) => new Row(doc.doc_id, doc);

/** @param {ReplicationJob} job */
export const jobRow = (job) => new Row(job.id, job);

/**
 * Whether two responses of the server say the same about a replication.
 *
 * @param {any} a
 * @param {any} b
 * @returns {boolean}
 */
export function isSame(a, b) {
  if (a === b) return true;
  if (a === null || b === null || typeof a !== "object" || typeof b !== "object") return false;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => isSame(a[name], b[name]));
}
