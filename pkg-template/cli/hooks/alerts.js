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
  /** @type {Map<string, { incident: Incident, first: number, last: number, isOpen: boolean }>} */
  #known = new Map();

  /** @param {number} patience milliseconds for which an incident must last, and for which it must be gone */
  constructor(patience) {
    this.#patience = patience;
  }

  /**
   * A replication that is tried again is not failing for that moment: so an incident that is missing in a look is over only
   * after a time, too.
   *
   * @param {Incident[]} incidents of one look
   * @param {number} now milliseconds of any clock
   * @returns {Alert[]}
   */
  look(incidents, now) {
    /** @type {Alert[]} */
    const alerts = [];
    for (const incident of incidents) {
      const key = keyOf(incident);
      const known = this.#known.get(key) ?? { incident, first: now, last: now, isOpen: false };
      this.#known.set(key, Object.assign(known, { incident, last: now }));
      if (known.isOpen || now - known.first < this.#patience) continue;
      known.isOpen = true;
      alerts.push({ event: "opened", incident });
    }
    for (const [key, { incident, last, isOpen }] of this.#known) {
      if (last === now || now - last < this.#patience) continue;
      this.#known.delete(key);
      if (isOpen) alerts.push({ event: "closed", incident });
    }
    return alerts;
  }
}
