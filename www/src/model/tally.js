// @ts-check
// Counts rows in each state, and their pending changes.

import { HEALTHY, SHOWN_STATES, UNHEALTHY } from "./states.js";

/** @typedef {import("./states.js").ShownState} ShownState */

export class Tally {
  /** @type {Record<ShownState, number>} */
  states = /** @type {any} */ (Object.fromEntries(SHOWN_STATES.map((state) => [state, 0])));
  total = 0;
  retrying = 0;
  /** Known number of pending changes. */
  #pending = 0;
  /** Rows with a known number of pending changes. */
  #pendingKnown = 0;

  /** @param {import("./row.js").Row} row */
  add(row) {
    this.#count(row, 1);
  }

  /** @param {import("./row.js").Row} row */
  remove(row) {
    this.#count(row, -1);
  }

  /** @param {import("./row.js").Row} row @param {1 | -1} sign */
  #count(row, sign) {
    this.states[row.state] += sign;
    this.total += sign;
    if (row.isRetrying) this.retrying += sign;
    if (row.pending === null) return;
    this.#pending += sign * row.pending;
    this.#pendingKnown += sign;
  }

  get healthy() {
    return this.#of(HEALTHY);
  }

  get unhealthy() {
    return this.#of(UNHEALTHY);
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
