// @ts-check
// The async iterator of docs(), jobs(), watch() and the Replicator's lists. The wasm returns a page of rows at a time. This
// file returns them one by one, since a call into the wasm and a new promise for each row would cost more than the row.

import { callSite, withCaller } from "./scheduler-error.js";

/**
 * @typedef {object} RowSource
 * @property {() => Promise<unknown[] | undefined>} next the next rows; undefined at the end
 * @property {() => void} stop aborts the request in progress
 * @property {() => void} free frees its memory
 * @property {boolean} fetchesAhead whether the next page is fetched while this one is consumed
 */

/**
 * A wrong argument rejects the first `next()`.
 *
 * @param {() => RowSource} make
 * @returns {RowSource}
 */
export function sourceFrom(make) {
  try {
    return make();
  } catch (error) {
    return { next: () => Promise.reject(error), stop() {}, free() {}, fetchesAhead: false };
  }
}

const END = Object.freeze({ done: true, value: undefined });

/** @implements {AsyncIterableIterator<unknown>} */
export class RowIterator {
  /** @type {RowSource | undefined} undefined after the last row, or after return() */
  #source;
  /** @type {unknown[]} */
  #rows = [];
  #given = 0;
  /** @type {Promise<unknown[] | undefined> | undefined} the next page, if it is fetched ahead */
  #ahead;
  /** @type {Promise<unknown> | undefined} the latest call of next() that waits for rows; later calls wait for it */
  #waiting;

  /** The method that returned it, for stacks and consoles. */
  call;

  /**
   * @param {RowSource} source
   * @param {string} call the method that returned it
   */
  constructor(source, call) {
    this.#source = source;
    this.call = call;
  }

  /** @returns {Promise<IteratorResult<unknown>>} */
  next() {
    if (this.#waiting === undefined && this.#given < this.#rows.length) return Promise.resolve(this.#give());
    const before = this.#waiting ?? Promise.resolve();
    // Once a page, not once a row.
    const site = callSite(this.next);
    // The preceding call has settled; its result does not matter.
    const turn = before
      .catch(() => {})
      .then(() => this.#nextOfNextPage())
      .catch((error) => {
        throw withCaller(error, site, this.call);
      });
    this.#waiting = turn;
    const done = () => {
      if (this.#waiting === turn) this.#waiting = undefined;
    };
    turn.then(done, done);
    return turn;
  }

  /**
   * Ends the iteration, as `break` does, and aborts the request in progress.
   * @param {unknown} [value]
   */
  async return(value) {
    this.#stop();
    this.#rows = [];
    return { done: true, value };
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  #give() {
    const value = this.#rows[this.#given];
    // The iterator does not keep rows that it has returned.
    this.#rows[this.#given++] = undefined;
    return { done: false, value };
  }

  /** @returns {Promise<IteratorResult<unknown>>} */
  async #nextOfNextPage() {
    while (this.#given >= this.#rows.length) {
      const source = this.#source;
      if (source === undefined) return END;
      let page;
      try {
        page = await (this.#ahead ?? source.next());
      } catch (error) {
        // return() was called: the error is of no interest.
        if (this.#source === undefined) return END;
        this.#stop();
        throw error;
      }
      if (page === undefined || this.#source === undefined) {
        this.#stop();
        return END;
      }
      this.#rows = page;
      this.#given = 0;
      this.#ahead = source.fetchesAhead ? source.next() : undefined;
      // The call that needs this page reports its error.
      this.#ahead?.catch(() => {});
    }
    return this.#give();
  }

  #stop() {
    this.#source?.stop();
    this.#source?.free();
    this.#source = undefined;
    this.#ahead = undefined;
  }
}
