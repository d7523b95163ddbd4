// @ts-check
// Which rows are shown, and in which order. A change moves only the rows that it affects; a new filter or order
// processes all of them, in slices.

import { EVERYTHING, fitting } from "./filter.js";
import { inSlices } from "./slices.js";
import { merged, sorted } from "./sort.js";

/**
 * @typedef {import("./row.js").Row} Row
 * @typedef {import("./rows.js").Delta} Delta
 * @typedef {import("./filter.js").Filter} Filter
 *
 * @typedef {(row: Row) => string | number | null} SortKey null is last in both directions
 *
 * @typedef {object} Order
 * @property {string} column
 * @property {SortKey} key
 * @property {boolean} descending
 */

export class View {
  #rows;
  #onChange;
  /** @type {Filter} */
  #filter = EVERYTHING;
  /** @type {Order} */
  #order;
  /** New or changed, and not yet in their place. @type {Set<Row>} */
  #unplaced = new Set();
  #mustRebuild = false;
  /** Whether the next list is another one, by filter or order. */
  #isAnother = false;
  /** @type {((row: Row, kind: string) => boolean) | undefined} */
  #hasFinding;
  #isOutdated = false;
  /** @type {Promise<void> | undefined} */
  #work;
  /** @type {readonly Row[]} */
  list = [];

  /**
   * @param {{ values(): Iterable<Row> }} rows
   * @param {Order} order
   * @param {(isAnother: boolean) => void} onChange the list has changed; `isAnother`: by filter or order, not by its rows
   */
  constructor(rows, order, onChange) {
    this.#rows = rows;
    this.#order = order;
    this.#onChange = onChange;
  }

  get order() {
    return this.#order;
  }

  /** @param {Filter} filter @param {(row: Row, kind: string) => boolean} [hasFinding] @returns {Promise<void>} when the list is up to date */
  filterBy(filter, hasFinding) {
    this.#filter = filter;
    this.#hasFinding = hasFinding;
    return this.rebuild();
  }

  /** @param {Order} order */
  orderBy(order) {
    this.#order = order;
    return this.rebuild();
  }

  /** @param {boolean} [isAnother] false: only what is known about the rows has changed */
  rebuild(isAnother = true) {
    this.#mustRebuild = true;
    this.#isAnother ||= isAnother;
    return this.#start();
  }

  /** @param {Delta} delta */
  take({ added, changed, removed }) {
    for (const row of added) this.#unplaced.add(row);
    for (const { row, previous } of changed) {
      this.#unplaced.delete(previous);
      this.#unplaced.add(row);
    }
    return added.length + changed.length + removed.length > 0 ? this.#start() : Promise.resolve();
  }

  #start() {
    this.#isOutdated = true;
    this.#work ??= this.#run();
    return this.#work;
  }

  async #run() {
    try {
      while (this.#isOutdated) await this.#update();
    } finally {
      // In the same step as the last look: what comes later starts again.
      this.#work = undefined;
    }
  }

  async #update() {
    const isWhole = this.#mustRebuild;
    const isAnother = this.#isAnother;
    const candidates = isWhole ? [...this.#rows.values()] : [...this.#unplaced];
    const kept = isWhole ? [] : this.list;
    this.#mustRebuild = false;
    this.#isAnother = false;
    this.#isOutdated = false;
    this.#unplaced.clear();
    const list = await inSlices(this.#place(kept, candidates), () => this.#mustRebuild);
    if (!list) {
      this.#isAnother ||= isAnother;
      return;
    }
    this.list = list;
    this.#onChange(isAnother);
  }

  /** @param {readonly Row[]} kept @param {Row[]} candidates */
  *#place(kept, candidates) {
    const compare = comparing(this.#order);
    const fits = fitting(this.#filter, this.#hasFinding);
    const wanted = [];
    for (const row of candidates) {
      yield;
      if (!row.isStale && fits(row)) wanted.push(row);
    }
    const fresh = kept.filter(({ isStale }) => !isStale);
    yield;
    return yield* merged(fresh, yield* sorted(wanted, compare), compare);
  }
}

/** @param {Order} order @returns {(a: Row, b: Row) => number} */
function comparing({ key, descending }) {
  const sign = descending ? -1 : 1;
  return (a, b) => {
    const first = key(a);
    const second = key(b);
    if (first !== second) {
      if (first === null) return 1;
      if (second === null) return -1;
      return first < second ? -sign : sign;
    }
    return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
  };
}
