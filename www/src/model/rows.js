// @ts-check
// All rows of one list by key, and totals that are updated with each change.

import { isSame } from "./row.js";
import { Tally } from "./tally.js";

/** @typedef {import("./row.js").Row} Row */

/**
 * @typedef {object} Delta the effect of a batch of changes
 * @property {Row[]} added
 * @property {{ row: Row, previous: Row }[]} changed
 * @property {Row[]} removed
 */

/**
 * @template Given
 * @typedef {{ type: "added" | "changed", doc: Given } | { type: "removed", previous: Given }} Change
 */

/** @template {import("./row.js").ReplicationDoc | import("./row.js").ReplicationJob} Given */
export class Rows {
  /** @type {Map<string, Row>} */
  #rows = new Map();
  #makeRow;
  tally = new Tally();

  /** @param {(given: Given) => Row} makeRow */
  constructor(makeRow) {
    this.#makeRow = makeRow;
  }

  get size() {
    return this.#rows.size;
  }

  values() {
    return this.#rows.values();
  }

  /** @param {string} key */
  get(key) {
    return this.#rows.get(key);
  }

  clear() {
    for (const row of this.#rows.values()) row.isStale = true;
    this.#rows.clear();
    this.tally = new Tally();
  }

  /** @param {readonly Change<Given>[]} changes @returns {Generator<undefined, Delta, undefined>} */
  *apply(changes) {
    /** @type {Delta} */
    const delta = { added: [], changed: [], removed: [] };
    for (const change of changes) {
      yield;
      if (change.type === "removed") this.#remove(this.#makeRow(change.previous).key, delta);
      else this.#put(this.#makeRow(change.doc), delta);
    }
    return delta;
  }

  /**
   * Replaces the list; unchanged rows stay the same objects.
   *
   * @param {readonly Given[]} list
   * @returns {Generator<undefined, Delta, undefined>}
   */
  *replace(list) {
    /** @type {Delta} */
    const delta = { added: [], changed: [], removed: [] };
    const gone = new Set(this.#rows.keys());
    for (const given of list) {
      yield;
      const row = this.#makeRow(given);
      gone.delete(row.key);
      const known = this.#rows.get(row.key);
      if (!known || !isSame(known.given, given)) this.#put(row, delta);
    }
    for (const key of gone) this.#remove(key, delta);
    return delta;
  }

  /** @param {Row} row @param {Delta} delta */
  #put(row, delta) {
    const previous = this.#rows.get(row.key);
    this.#rows.set(row.key, row);
    this.tally.count(row);
    if (!previous) return void delta.added.push(row);
    previous.isStale = true;
    this.tally.count(previous, -1);
    delta.changed.push({ row, previous });
  }

  /** @param {string} key @param {Delta} delta */
  #remove(key, delta) {
    const row = this.#rows.get(key);
    if (!row) return;
    row.isStale = true;
    this.#rows.delete(key);
    this.tally.count(row, -1);
    delta.removed.push(row);
  }
}
