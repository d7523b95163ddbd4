// @ts-check
// What the unhealthy rows have in common: cause, end and host. The same groups as those of `scheduler.incidents()`, from the rows
// at hand: each refresh changes only the groups that it affects.

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
 * @typedef {Map<Row, string>} Group unhealthy rows, and their messages without names of databases
 */

/** Number of ids in an incident. */
const EXAMPLES = 5;

/** What makes it the same incident after a refresh. @param {Pick<Incident, "cause" | "side" | "host">} incident */
export const incidentKey = ({ cause, side, host }) => JSON.stringify([cause, side, host]);

export class Incidents {
  /** By `incidentKey`. @type {Map<string, Group>} */
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
    return [...(this.#groups.get(incidentKey(incident))?.keys() ?? [])];
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
    for (const [row, isIn] of moves(deltas)) {
      yield;
      if (!UNHEALTHY.includes(row.state)) continue;
      const { diagnosis, incident } = row;
      if (!diagnosis || !incident) continue;
      const key = incidentKey(incident);
      touched.add(key);
      const group = groups.get(key) ?? new Map();
      groups.set(key, group);
      if (isIn) group.set(row, withoutNames(diagnosis.message, [row.source, row.target]));
      else group.delete(row);
    }
    for (const key of touched) {
      const incident = yield* summary(/** @type {Group} */ (groups.get(key)));
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

/** Rows that enter or leave the list. @param {Delta[]} deltas @returns {Generator<[row: Row, isIn: boolean]>} */
function* moves(deltas) {
  for (const { added, changed, removed } of deltas) {
    for (const row of removed) yield [row, false];
    for (const { row, previous } of changed) {
      yield [previous, false];
      yield [row, true];
    }
    for (const row of added) yield [row, true];
  }
}

/** @param {Row} row of a group */
const diagnosisOf = (row) => /** @type {Diagnosis} */ (row.diagnosis);

/** @param {Group} group @returns {Generator<undefined, Incident | null, undefined>} null: it is empty */
function* summary(group) {
  const [any] = group;
  if (!any) return null;
  const [{ source, target }, message] = any;
  const states = { crashing: 0, error: 0, failed: 0 };
  const isSame = { source: true, target: true, message: true };
  let [first] = any;
  /** The first that CouchDB retries. @type {Row | null} */
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
  for (const [row, neutral] of group) {
    yield;
    const diagnosis = diagnosisOf(row);
    states[/** @type {keyof typeof states} */ (row.state)]++;
    isSame.source &&= row.source === source;
    isSame.target &&= row.target === target;
    isSame.message &&= neutral === message;
    if (row.key < first.key) first = row;
    if (!diagnosis.permanent && (retried === null || row.key < retried.key)) retried = row;
    since = earlier(since, row.updated);
    began = earlier(began, diagnosis.since);
    next = earlier(next, diagnosis.next_retry);
    if (row.updated !== null && (latest === null || row.updated > latest)) latest = row.updated;
    if (ids.length < EXAMPLES || row.key < /** @type {string} */ (ids.at(-1))) {
      ids.push(row.key);
      if (ids.sort().length > EXAMPLES) ids.pop();
    }
  }
  const diagnosis = diagnosisOf(first);
  return {
    .../** @type {import("./filter.js").IncidentKey} */ (first.incident),
    message: isSame.message
      ? withoutNames(diagnosis.message, [isSame.source ? null : first.source, isSame.target ? null : first.target])
      : `Different reasons, for example: ${diagnosis.message}`,
    // A hint that CouchDB has given up is for all of them.
    hint: diagnosisOf(retried ?? first).hint,
    total: group.size,
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
