// @ts-check
// The incidents of the last 24 hours: when each began and ended, and how many replications it had at most. Plain JSON events go
// to the journal and come back from it.

import { incidentKey } from "./incidents.js";
import { DAY, MINUTE } from "./periods.js";

/**
 * @typedef {import("./incidents.js").Incident} Incident
 * @typedef {Pick<Incident, "cause" | "side" | "host" | "message" | "total" | "since">} IncidentFacts
 *
 * @typedef {object} Present what there is of `Incidents`
 * @property {readonly Incident[]} list the largest first
 * @property {(key: string) => Incident | undefined} get by `incidentKey`
 *
 * @typedef {object} IncidentEvent
 * @property {number} at ms since 1970
 * @property {"found" | "opened" | "closed"} what `found`: it had begun before the page was opened
 * @property {IncidentFacts} incident
 *
 * @typedef {object} Spell one incident from its beginning to its end
 * @property {string} key `incidentKey`
 * @property {IncidentFacts} incident as it was seen last
 * @property {number} from ms since 1970
 * @property {number | null} to null: it lasts
 * @property {number} peak largest number of replications
 * @property {boolean} wasFound it had begun before the first look
 * @property {number | null} missingSince ms since 1970; null: it is there
 *
 * @typedef {object} Range in ms since 1970
 * @property {number} from
 * @property {number} to
 */

/** A replication that CouchDB retries is not failing for that moment: an incident ends after this many ms without it. */
const PATIENCE = MINUTE;
/** A pause between two looks that is longer than this, in ms, is a gap: what happened in it is unknown. */
const MAX_PAUSE = 5 * MINUTE;
const MAX_SPELLS = 500;
const MAX_RANGES = 100;

export class IncidentTimeline {
  /** Those that last, by key. @type {Map<string, Spell>} */
  #open = new Map();
  #isFirst = true;
  /** Oldest first. @type {Spell[]} */
  spells = [];
  /** When a page looked; another array after each look. @type {Range[]} */
  watched = [];

  /**
   * @param {Present} incidents all present ones
   * @param {number} at ms since 1970
   * @returns {IncidentEvent[]}
   */
  look(incidents, at) {
    /** @type {IncidentEvent[]} */
    const events = [];
    this.#watch(at);
    this.#forget(at - DAY);
    for (const [key, spell] of this.#open) {
      const incident = incidents.get(key);
      if (incident) {
        spell.missingSince = null;
        spell.peak = Math.max(spell.peak, incident.total);
        spell.incident = factsOf(incident);
      } else spell.missingSince ??= at;
    }
    const what = this.#isFirst ? "found" : "opened";
    for (const incident of incidents.list) {
      if (this.#open.has(incidentKey(incident))) continue;
      // Those that follow are smaller, and there can be a hundred thousand of them.
      if (!this.#begin(incident, at, what)) break;
      events.push({ at, what, incident: factsOf(incident) });
    }
    for (const [key, { incident, missingSince }] of this.#open) {
      if (missingSince === null || at - missingSince < PATIENCE) continue;
      this.#close(key, missingSince);
      events.push({ at: missingSince, what: "closed", incident });
    }
    this.#isFirst = false;
    return events;
  }

  /**
   * Adds what earlier pages saw, from their journal. Call it once, after the first look.
   *
   * @param {readonly IncidentEvent[]} events oldest first
   * @param {readonly Range[]} watched when they looked
   * @returns {IncidentEvent[]} what had ended by the first look
   */
  fill(events, watched) {
    const past = new IncidentTimeline();
    for (const { at, what, incident } of events) {
      const key = incidentKey(incident);
      if (what === "closed") past.#close(key, at);
      else if (!past.#open.has(key)) past.#begin(incident, at, what);
    }
    const end = watched.at(-1)?.to ?? events.at(-1)?.at ?? 0;
    /** @type {IncidentEvent[]} */
    const ended = [];
    for (const [key, spell] of past.#open) {
      const present = this.spells.find((other) => other.key === key && other.wasFound);
      if (present) {
        present.from = spell.from;
        past.spells.splice(past.spells.indexOf(spell), 1);
      } else {
        past.#close(key, end);
        ended.push({ at: end, what: "closed", incident: spell.incident });
      }
    }
    const room = MAX_SPELLS - this.spells.length;
    this.spells = [...(room > 0 ? past.spells.slice(-room) : []), ...this.spells];
    this.watched = [...watched, ...this.watched];
    this.#forget((this.watched.at(-1)?.to ?? end) - DAY);
    return ended;
  }

  /**
   * @param {IncidentFacts & { began?: string | null }} incident
   * @param {number} at
   * @param {"found" | "opened"} what
   * @returns {boolean} false: there are too many
   */
  #begin(incident, at, what) {
    if (this.spells.length >= MAX_SPELLS) {
      const ended = this.spells.findIndex(({ to }) => to !== null);
      if (ended === -1) return false;
      this.spells.splice(ended, 1);
    }
    const key = incidentKey(incident);
    const since = what === "found" ? Date.parse(incident.began ?? incident.since ?? "") : at;
    const from = since < at ? since : at;
    /** @type {Spell} */
    const spell = {
      key,
      incident: factsOf(incident),
      from,
      to: null,
      peak: incident.total,
      wasFound: what === "found",
      missingSince: null,
    };
    this.spells.push(spell);
    this.#open.set(key, spell);
    return true;
  }

  /** @param {string} key @param {number} at */
  #close(key, at) {
    const spell = this.#open.get(key);
    if (spell) spell.to = at;
    this.#open.delete(key);
  }

  /** @param {number} at */
  #watch(at) {
    const last = this.watched.at(-1);
    const isPause = !last || at - last.to > MAX_PAUSE;
    this.watched = isPause
      ? [...this.watched, { from: at, to: at }]
      : [...this.watched.slice(0, -1), { ...last, to: at }];
  }

  /** @param {number} before what ended before is forgotten */
  #forget(before) {
    this.watched = this.watched.filter(({ to }) => to >= before).slice(-MAX_RANGES);
    this.spells = this.spells.filter(({ to }) => to === null || to >= before);
  }
}

/** @param {IncidentFacts} incident @returns {IncidentFacts} */
const factsOf = ({ cause, side, host, message, total, since }) => ({ cause, side, host, message, total, since });
