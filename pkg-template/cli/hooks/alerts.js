// @ts-check
// When an incident is worth a call. No I/O: looks and their times go in, openings and ends come out.

/**
 * @typedef {import("couchdb-scheduler").Incident} Incident
 * @typedef {{ event: "opened" | "closed", incident: Incident }} Alert
 */

/** What makes it the same incident in two looks. @param {Incident} incident */
const keyOf = ({ cause, side, host }) => JSON.stringify([cause, side, host]);

export class Alerts {
  #patience;
  /** `goneAt`: the time of the first of the latest looks that did not see it. @type {Map<string, { incident: Incident, first: number, goneAt: number | null, isOpen: boolean }>} */
  #known = new Map();

  /** @param {number} patience milliseconds for which an incident must last, and for which it must be gone */
  constructor(patience) {
    this.#patience = patience;
  }

  /**
   * A replication that is tried again is not failing for that moment, nor is any after a restart of the server: so an incident
   * that is missing in a look is over only after a time of looks, too.
   *
   * @param {Incident[]} incidents of one look
   * @param {number} now milliseconds of any clock
   * @returns {Alert[]}
   */
  look(incidents, now) {
    /** @type {Alert[]} */
    const alerts = [];
    const seen = new Set();
    for (const incident of incidents) {
      const key = keyOf(incident);
      seen.add(key);
      const known = this.#known.get(key) ?? { incident, first: now, goneAt: null, isOpen: false };
      this.#known.set(key, Object.assign(known, { incident, goneAt: null }));
      if (known.isOpen || now - known.first < this.#patience) continue;
      known.isOpen = true;
      alerts.push({ event: "opened", incident });
    }
    for (const [key, known] of this.#known) {
      if (seen.has(key)) continue;
      known.goneAt ??= now;
      if (now - known.goneAt < this.#patience) continue;
      this.#known.delete(key);
      if (known.isOpen) alerts.push({ event: "closed", incident: known.incident });
    }
    return alerts;
  }
}
