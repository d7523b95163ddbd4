// @ts-check
// Counts rows in each state, and their pending changes.

import { HEALTHY, SHOWN_STATES, UNHEALTHY } from "./states.js";

/**
 * @typedef {import("./states.js").ShownState} ShownState
 * @typedef {"unhealthy" | "retrying" | "healthy"} Health
 */

export class Tally {
  /** @type {Record<ShownState, number>} */
  states = /** @type {any} */ (Object.fromEntries(SHOWN_STATES.map((state) => [state, 0])));
  total = 0;
  retrying = 0;
  /** Known number of pending changes. */
  #pending = 0;
  /** Rows with a known number of pending changes. */
  #pendingKnown = 0;

  /** @param {import("./row.js").Row} row @param {1 | -1} [sign] -1: it does not count any more */
  count(row, sign = 1) {
    this.states[row.state] += sign;
    this.total += sign;
    if (row.isRetrying) this.retrying += sign;
    if (row.pending === null) return;
    this.#pending += sign * row.pending;
    this.#pendingKnown += sign;
  }

  /** Counts all rows of another one. @param {Tally} other */
  join(other) {
    for (const state of SHOWN_STATES) this.states[state] += other.states[state];
    this.total += other.total;
    this.retrying += other.retrying;
    this.#pending += other.#pending;
    this.#pendingKnown += other.#pendingKnown;
  }

  get healthy() {
    return this.#of(HEALTHY);
  }

  get unhealthy() {
    return this.#of(UNHEALTHY);
  }

  /** That of the worst row. @returns {Health} */
  get health() {
    return this.unhealthy > 0 ? "unhealthy" : this.retrying > 0 ? "retrying" : "healthy";
  }

  /** null: unknown. */
  get pending() {
    return this.#pendingKnown > 0 ? this.#pending : null;
  }

  /** @param {readonly ShownState[]} states */
  #of(states) {
    return states.reduce((sum, state) => sum + this.states[state], 0);
  }
}
