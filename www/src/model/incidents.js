// @ts-check
// What the unhealthy rows have in common: cause, end and host. The same groups as those of `scheduler.incidents()`, from the rows
// at hand: each refresh changes only the groups that it affects.

import { hostOf } from "./ends.js";
import { withoutNames } from "./incident-message.js";
import { inSlices } from "./slices.js";
import { sorted } from "./sort.js";
import { UNHEALTHY } from "./states.js";

/**
 * @typedef {import("./row.js").Row} Row
 * @typedef {import("./rows.js").Delta} Delta
 * @typedef {import("couchdb-scheduler").Diagnosis} Diagnosis
 *
 * @typedef {import("couchdb-scheduler").Incident & { began: string | null }} Incident `began`: earliest time since when one of
 *   its replications has been failing (ISO 8601); `since` is the earliest time of the last failures
 *
 * @typedef {object} Member
 * @property {Row} row
 * @property {Diagnosis} diagnosis
 * @property {string} neutral its message without names of databases
 */

/** Number of rows that are diagnosed between two interruptions, which takes less than a millisecond. */
const STEP = 25;
/** Number of rows whose diagnoses are put together between two interruptions. */
const SUMMARY_STEP = 1000;

/** Number of ids in an incident. */
const EXAMPLES = 5;

/** What makes it the same incident after a refresh. @param {Pick<Incident, "cause" | "side" | "host">} incident */
export const incidentKey = ({ cause, side, host }) => JSON.stringify([cause, side, host]);

export class Incidents {
  /** Members by key of their rows, by incident. @type {Map<string, Map<string, Member>>} */
  #groups = new Map();
  /** @type {Map<string, Incident>} */
  #incidents = new Map();
  /** @type {Delta[]} */
  #queue = [];
  /** @type {Promise<void>} */
  #work = Promise.resolve();
  /** Most replications first; replaced when something has changed. @type {readonly Incident[]} */
  list = [];

  /** @param {string} key `incidentKey` */
  get(key) {
    return this.#incidents.get(key);
  }

  /** @param {Delta} delta @returns {Promise<void>} when `list` is up to date */
  take(delta) {
    this.#queue.push(delta);
    this.#work = this.#work.then(() => this.#run());
    return this.#work;
  }

  /** All rows of an incident. @param {Pick<Incident, "cause" | "side" | "host">} incident @returns {Row[]} */
  rowsOf(incident) {
    return Array.from(this.#groups.get(incidentKey(incident))?.values() ?? [], ({ row }) => row);
  }

  async #run() {
    const list = await inSlices(this.#update(this.#queue.splice(0)));
    if (list) this.list = list;
  }

  /** @param {Delta[]} deltas @returns {Generator<undefined, Incident[] | null, undefined>} the list; null: it has not changed */
  *#update(deltas) {
    const hasChanged = yield* this.#apply(deltas);
    if (!hasChanged) return null;
    // The keys are at hand: to write them for each comparison of a hundred thousand incidents takes seconds.
    const list = yield* sorted([...this.#incidents], largerFirst);
    return list.map(([, incident]) => incident);
  }

  /** @param {Delta[]} deltas @returns {Generator<undefined, boolean, undefined>} whether an incident has changed */
  *#apply(deltas) {
    const groups = this.#groups;
    /** @type {Set<string>} */
    const touched = new Set();
    for (const [i, { row, isIn }] of moves(deltas)) {
      if (i % STEP === STEP - 1) yield;
      if (!UNHEALTHY.includes(row.state) || !row.diagnosis) continue;
      const { diagnosis, source, target } = row;
      const { cause, side } = diagnosis;
      const key = incidentKey({ cause, side, host: side && hostOf(row[side]) });
      touched.add(key);
      const group = groups.get(key) ?? new Map();
      groups.set(key, group);
      if (isIn) group.set(row.key, { row, diagnosis, neutral: withoutNames(diagnosis.message, [source, target]) });
      else group.delete(row.key);
    }
    for (const key of touched) {
      // Each host can have an incident of its own.
      yield;
      const incident = yield* summary([.../** @type {Map<string, Member>} */ (groups.get(key)).values()]);
      if (incident) this.#incidents.set(key, incident);
      else {
        this.#incidents.delete(key);
        groups.delete(key);
      }
    }
    return touched.size > 0;
  }
}

/** @param {[string, Incident]} one its key, and itself @param {[string, Incident]} other */
const largerFirst = ([key, { total }], [otherKey, other]) => other.total - total || (key < otherKey ? -1 : 1);

/** Rows that leave and enter the list, numbered. @param {Delta[]} deltas @returns {Generator<[number, { row: Row, isIn: boolean }]>} */
function* moves(deltas) {
  let i = 0;
  for (const { added, changed, removed } of deltas) {
    for (const row of removed) yield [i++, { row, isIn: false }];
    for (const { row, previous } of changed) {
      yield [i++, { row: previous, isIn: false }];
      yield [i++, { row, isIn: true }];
    }
    for (const row of added) yield [i++, { row, isIn: true }];
  }
}

/** @param {Member[]} members @returns {Generator<undefined, Incident | null, undefined>} null: it has none */
function* summary(members) {
  let [first] = members;
  if (!first) return null;
  const any = first;
  const states = { crashing: 0, error: 0, failed: 0 };
  const isSame = { source: true, target: true, message: true };
  /** The first that CouchDB retries. @type {Member | null} */
  let retried = null;
  /** @type {string | null} */
  let since = null;
  /** @type {string | null} */
  let latest = null;
  /** @type {string | null} */
  let next = null;
  /** @type {string | null} */
  let began = null;
  /** @type {string[]} */
  const ids = [];
  for (const [i, member] of members.entries()) {
    if (i % SUMMARY_STEP === SUMMARY_STEP - 1) yield;
    const { row, diagnosis, neutral } = member;
    states[/** @type {keyof typeof states} */ (row.state)]++;
    isSame.source &&= row.source === any.row.source;
    isSame.target &&= row.target === any.row.target;
    isSame.message &&= neutral === any.neutral;
    if (row.key < first.row.key) first = member;
    if (!diagnosis.permanent && (retried === null || row.key < retried.row.key)) retried = member;
    since = earlier(since, row.updated);
    began = earlier(began, diagnosis.since);
    next = earlier(next, diagnosis.next_retry);
    if (row.updated !== null && (latest === null || row.updated > latest)) latest = row.updated;
    if (ids.length < EXAMPLES || row.key < /** @type {string} */ (ids.at(-1))) {
      ids.push(row.key);
      if (ids.sort().length > EXAMPLES) ids.pop();
    }
  }
  const { source, target } = first.row;
  const { cause, side, message } = first.diagnosis;
  return {
    cause,
    side,
    host: side && hostOf(first.row[side]),
    message: isSame.message
      ? withoutNames(message, [isSame.source ? null : source, isSame.target ? null : target])
      : `Different reasons, for example: ${message}`,
    // A hint that CouchDB has given up is for all of them.
    hint: (retried ?? first).diagnosis.hint,
    total: members.length,
    states,
    since,
    latest,
    next_retry: next,
    doc_ids: ids,
    began,
  };
}

/** @param {string | null} one @param {string | null} other ISO 8601 */
const earlier = (one, other) => (one === null || (other !== null && other < one) ? other : one);
