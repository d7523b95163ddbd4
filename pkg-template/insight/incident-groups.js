// @ts-check
// What unhealthy documents have in common: cause, end and host. Memory grows with the groups, of which there are at most MAX_GROUPS
// and one for all others.

import { messageOfMany, withoutNames } from "./incident-messages.js";

/**
 * @typedef {import("couchdb-scheduler").Incident} Incident
 * @typedef {import("couchdb-scheduler").ReplicationDoc} ReplicationDoc
 * @typedef {import("couchdb-scheduler").Diagnosis} Diagnosis
 * @typedef {typeof import("couchdb-scheduler").diagnose} Diagnose
 * @typedef {"source" | "target"} Side
 */

/** Documents with further causes are counted together. */
export const MAX_GROUPS = 1000;

/** @type {Side[]} */
const SIDES = ["source", "target"];

/** The number of the states, times and flags that precede the crashes in a tally (`to_json` in crates/core/src/incidents/mod.rs). */
const FIRST_CRASH = 7;

/** The number of different waits for a next attempt. */
const CRASHES = 12;

export class IncidentGroups {
  #diagnose;
  #examples;
  /** @type {Group[]} */
  #groups = [];
  /** @type {Map<string, number>} */
  #numbers = new Map();

  /** @param {Diagnose} diagnose @param {number} examples ids of each incident */
  constructor(diagnose, examples) {
    this.#diagnose = diagnose;
    this.#examples = examples;
  }

  /** The number of the group of an unhealthy document. @param {ReplicationDoc} row */
  numberOf = (row) => {
    const diagnosis = /** @type {Diagnosis} */ (this.#diagnose(row));
    const { cause, side } = diagnosis;
    const host = side && hostOf(row[side]);
    const key = JSON.stringify([cause, side, host]);
    let number = this.#numbers.get(key);
    if (number === undefined) {
      if (this.#numbers.size === MAX_GROUPS) return MAX_GROUPS;
      number = this.#numbers.size;
      this.#numbers.set(key, number);
      this.#groups[number] = new Group(diagnosis, host, row);
    }
    this.#groups[number].see(diagnosis, row);
    return number;
  };

  /**
   * Adds what was counted in one database: for each group the numbers of crashing, erroneous and failed documents, their first and
   * last times, whether they have several sources and targets, their earliest crashes by number of failures, and ids.
   *
   * @param {any[][]} tallies
   */
  add(tallies) {
    for (const [number, tally] of tallies.entries()) {
      this.#groups[number] ??= new Group(OTHERS, null, null);
      this.#groups[number].add(tally, this.#examples);
    }
  }

  /** Most documents first, and the others last. @returns {Incident[]} */
  incidents() {
    const incidents = this.#groups.map((group) => group.incident(this.#diagnose));
    const others = incidents.splice(MAX_GROUPS);
    incidents.sort((one, other) => other.total - one.total);
    // A list that was read again can have fewer groups.
    return [...incidents, ...others].filter(({ total }) => total > 0);
  }
}

/** @type {Pick<Diagnosis, "cause" | "side" | "message" | "hint" | "permanent">} */
const OTHERS = {
  cause: "unknown",
  side: null,
  message: "There are more kinds of failures than are distinguished.",
  hint: "Solve the other incidents first, then look again.",
  permanent: false,
};

class Group {
  #first;
  #host;
  /** Its message without names of databases. */
  #neutral;
  #hint;
  #isPermanent;
  #hasOneMessage = true;
  /** URLs of the first document. @type {Record<Side, string | null>} */
  #ends;
  /** @type {Record<Side, boolean>} whether all documents have it */
  #isSame = { source: true, target: true };
  #states = { crashing: 0, error: 0, failed: 0 };
  #since = Infinity;
  #latest = 0;
  #crashes = Array(CRASHES).fill(Infinity);
  /** @type {string[]} */
  #ids = [];

  /**
   * @param {Pick<Diagnosis, "cause" | "side" | "message" | "hint" | "permanent">} first diagnosis
   * @param {string | null} host
   * @param {ReplicationDoc | null} row
   */
  constructor(first, host, row) {
    this.#first = first;
    this.#host = host;
    this.#ends = { source: row?.source ?? null, target: row?.target ?? null };
    this.#neutral = withoutNames(first.message, Object.values(this.#ends));
    this.#hint = first.hint;
    this.#isPermanent = first.permanent;
  }

  /** One of its documents, of a new kind. @param {Diagnosis} diagnosis @param {ReplicationDoc} row */
  see({ message, hint, permanent }, row) {
    this.#hasOneMessage &&= withoutNames(message, [row.source, row.target]) === this.#neutral;
    for (const side of SIDES) this.#isSame[side] &&= row[side] === this.#ends[side];
    // A hint that CouchDB has given up is for all of them.
    if (this.#isPermanent && !permanent) [this.#hint, this.#isPermanent] = [hint, false];
  }

  /** @param {any[]} tally @param {number} examples */
  add(tally, examples) {
    const [crashing, error, failed, since, latest, otherSources, otherTargets] = tally;
    this.#states.crashing += crashing;
    this.#states.error += error;
    this.#states.failed += failed;
    this.#since = earlier(this.#since, since);
    this.#latest = Math.max(this.#latest, latest);
    this.#isSame.source &&= otherSources === 0;
    this.#isSame.target &&= otherTargets === 0;
    const ids = tally.splice(FIRST_CRASH + CRASHES);
    this.#crashes = this.#crashes.map((crash, failures) => earlier(crash, tally[FIRST_CRASH + failures]));
    this.#ids = this.#ids.concat(ids.slice(0, examples - this.#ids.length));
  }

  /** @param {Diagnose} diagnose @returns {Incident} */
  incident(diagnose) {
    const { cause, side } = this.#first;
    const { crashing, error, failed } = this.#states;
    const retries = this.#crashes.map((crash, failures) => {
      const row = { state: "crashing", error_count: failures, last_updated: isoOf(crash) };
      return diagnose(/** @type {any} */ (row))?.next_retry ?? null;
    });
    return {
      cause,
      side,
      host: this.#host,
      message: this.#message(),
      hint: this.#hint,
      total: crashing + error + failed,
      states: { ...this.#states },
      since: isoOf(this.#since),
      latest: isoOf(this.#latest),
      next_retry: retries.filter((time) => time !== null).sort()[0] ?? null,
      doc_ids: this.#ids,
    };
  }

  #message() {
    const { cause, side, message } = this.#first;
    if (!this.#hasOneMessage) return messageOfMany(cause, side, this.#host);
    return withoutNames(
      message,
      SIDES.map((end) => (this.#isSame[end] ? null : this.#ends[end])),
    );
  }
}

/** Host and port of a URL, without user info. @param {string | null} url */
const hostOf = (url) => /^[^:/?#]+:\/\/(?:[^/?#\\]*@)?([^/?#\\@]+)/.exec(url ?? "")?.[1] ?? null;

/** The earlier time; 0 is unknown. @param {number} one @param {number} other */
const earlier = (one, other) => Math.min(one, other || Infinity);

/** 20261122220207 as 2026-11-22T22:02:07Z; null if it is unknown. @param {number} time */
function isoOf(time) {
  const [, ...parts] = /^(....)(..)(..)(..)(..)(..)$/.exec(String(time)) ?? [];
  return parts.length === 0 ? null : `${parts.slice(0, 3).join("-")}T${parts.slice(3).join(":")}Z`;
}
