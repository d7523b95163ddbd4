// @ts-check
// What is known of a server beyond its lists: findings, backlogs and capacity. It is requested after refreshes, so never while the page
// is hidden or the server does not respond; and 10,000 replications are not 10,000 requests.

import { Backlogs, hasJob } from "../model/backlogs.js";
import { extraOf } from "../model/extra.js";
import { Findings } from "../model/findings.js";
import { messageOf } from "../model/format.js";

/**
 * @typedef {import("../model/row.js").Row} Row
 * @typedef {import("couchdb-scheduler").Audit} Audit
 * @typedef {import("couchdb-scheduler").Capacity} Capacity
 *
 * @typedef {object} Measuring all backlogs are being requested
 * @property {number} done
 * @property {number} total
 *
 * @typedef {object} Look the last audit
 * @property {number} at ms since 1970
 * @property {string} error empty: it succeeded
 * @property {Audit["blind_spots"]} blindSpots
 */

/** A second audit confirms the first if two minutes are between them. */
export const AUDIT_MS = 125_000;
const CAPACITY_MS = 60_000;
/** Maximum number of lags that are requested at the same time. */
const CONCURRENCY = 4;
/** Up to this number of jobs, all backlogs are requested without asking the user. */
export const AUTOMATIC_LIMIT = 100;

export class Insight {
  findings = new Findings();
  backlogs = new Backlogs();
  /** @type {Capacity | null} */
  capacity = null;
  /** Why there is no capacity; empty: it was not requested, or it succeeded. */
  capacityError = "";
  /** @type {Look | null} */
  look = null;
  /** @type {Measuring | null} */
  measuring = null;
  /** Why the last request for all backlogs failed. */
  measuringError = "";
  #source;
  #onChange;
  #end = new AbortController();
  /** @type {Audit["snapshot"] | undefined} */
  #snapshot;
  #auditAt = Number.NEGATIVE_INFINITY;
  #capacityAt = Number.NEGATIVE_INFINITY;
  /** Whether an audit or the capacity is being requested, without the user's asking for it. */
  #isLooking = false;
  #measuredAt = Number.NEGATIVE_INFINITY;
  /** Of the rows on the screen whose backlog is wanted. @type {readonly string[]} */
  #onScreen = [];
  /** Keys that are being requested. @type {Set<string>} */
  #requested = new Set();
  /** @type {AbortController | null} */
  #measuringEnd = null;

  /**
   * @param {{ inspector: import("./inspector.js").Inspector, database: string,
   *   rows: { get(key: string): Row | undefined, values(): Iterable<Row> } }} source the documents of a database
   * @param {() => void} onChange
   */
  constructor(source, onChange) {
    this.#source = source;
    this.#onChange = onChange;
  }

  /** Forgets nothing, but requests nothing more. */
  stop() {
    this.#end.abort();
    this.#measuringEnd?.abort();
  }

  get database() {
    return this.#source.database;
  }

  get #options() {
    return { database: this.#source.database, signal: this.#end.signal };
  }

  #changed() {
    if (!this.#end.signal.aborted) this.#onChange();
  }

  /** After each refresh of the list. @param {import("../model/rows.js").Delta} delta @param {boolean} isWaiting whether replications wait for a slot */
  refreshed(delta, isWaiting) {
    if (this.#end.signal.aborted) return;
    const now = Date.now();
    this.backlogs.take(delta);
    if (!this.#isLooking) void this.#look(now, isWaiting);
    if (this.#onScreen.length > 0 && now - this.#measuredAt >= CAPACITY_MS && this.jobs().length <= AUTOMATIC_LIMIT)
      void this.#measure(null);
    this.#requestNext();
  }

  /** What the table shows of a row. @param {Row} row */
  extraOf(row) {
    return extraOf(row, this.backlogs, this.findings);
  }

  /**
   * One after the other: for each of them the server lists all jobs, which takes CouchDB 12 seconds for 15,000.
   *
   * @param {number} now
   * @param {boolean} isWaiting
   */
  async #look(now, isWaiting) {
    this.#isLooking = true;
    if (now - this.#auditAt >= AUDIT_MS) await this.#audit(now);
    const isDue = isWaiting && now - this.#capacityAt >= CAPACITY_MS;
    if (isDue && !this.#end.signal.aborted) await this.requestCapacity();
    this.#isLooking = false;
  }

  // ------------------------------------------------------------------------------ findings

  /** @param {number} now */
  async #audit(now) {
    // Also if it fails: the next one is in two minutes.
    this.#auditAt = now;
    try {
      const audit = await this.#source.inspector.audit({ ...this.#options, previous: this.#snapshot });
      this.#snapshot = audit.snapshot;
      this.findings = new Findings(audit.findings);
      this.look = { at: now, error: "", blindSpots: audit.blind_spots };
    } catch (error) {
      // Findings of an hour ago would be wrong.
      this.findings = new Findings();
      this.look = { at: now, error: messageOf(error), blindSpots: [] };
    }
    this.#changed();
  }

  // ------------------------------------------------------------------------------ capacity

  async requestCapacity() {
    this.#capacityAt = Date.now();
    try {
      this.capacity = await this.#source.inspector.capacity({ signal: this.#end.signal });
      this.capacityError = "";
    } catch (error) {
      this.capacity = null;
      this.capacityError = messageOf(error);
    }
    this.#changed();
  }

  // ------------------------------------------------------------------------------ backlogs

  /** The rows on the screen, if their backlogs are shown: others that were wanted before are not any more. @param {readonly string[]} keys */
  show(keys) {
    this.#onScreen = keys;
    this.#requestNext();
  }

  #requestNext() {
    if (this.#measuringEnd || this.#end.signal.aborted) return;
    for (const key of this.#onScreen) {
      if (this.#requested.size >= CONCURRENCY) return;
      const row = this.#source.rows.get(key);
      if (row && !this.#requested.has(key) && this.backlogs.isDue(row, Date.now())) void this.#requestLag(key);
    }
  }

  /** @param {string} key */
  async #requestLag(key) {
    this.#requested.add(key);
    try {
      this.backlogs.put(await this.#source.inspector.lag(key, this.#options), Date.now());
    } catch (error) {
      this.backlogs.fail(key, messageOf(error), Date.now());
    }
    this.#requested.delete(key);
    this.#changed();
    this.#requestNext();
  }

  /** Where one replication is, in full. @param {string} key @param {AbortSignal} signal */
  async lagOf(key, signal) {
    const lag = await this.#source.inspector.lag(key, { ...this.#options, signal });
    this.backlogs.put(lag, Date.now());
    this.#changed();
    return lag;
  }

  /** Those whose backlog can be requested. */
  jobs() {
    return [...this.#source.rows.values()].filter(hasJob);
  }

  /** Of as many replications as there are: the user knows how many requests this takes. */
  measureAll() {
    if (!this.measuring) void this.#measure({ done: 0, total: this.jobs().length });
  }

  /** @param {Measuring | null} measuring null: without showing it */
  async #measure(measuring) {
    this.#measuringEnd?.abort();
    const end = new AbortController();
    this.#measuringEnd = end;
    this.#measuredAt = Date.now();
    this.measuring = measuring;
    this.measuringError = "";
    this.#changed();
    let shownAt = 0;
    const progressed = (/** @type {number} */ done) => {
      if (this.#measuringEnd === end && this.measuring) this.measuring = { ...this.measuring, done };
      const now = Date.now();
      if (now - shownAt < 250) return;
      shownAt = now;
      this.#changed();
    };
    try {
      const options = { ...this.#options, signal: end.signal };
      let done = 0;
      for await (const lag of this.#source.inspector.lags(options, measuring ? progressed : undefined)) {
        this.backlogs.put(lag, Date.now());
        progressed(++done);
      }
    } catch (error) {
      if (!end.signal.aborted && measuring) this.measuringError = messageOf(error);
    }
    // Another one has replaced it.
    if (this.#measuringEnd !== end) return;
    this.#measuringEnd = null;
    this.measuring = null;
    this.#changed();
    this.#requestNext();
  }

  cancelMeasuring() {
    this.#measuringEnd?.abort();
  }
}
