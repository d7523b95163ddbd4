// @ts-check
// The async iterator behind docs(), jobs(), watch() and those of Replicator. Rows come from the wasm a page at a time; giving them out one by one is
// done here, since a call into the wasm and a promise of its own for each row would cost more than the row.

import { callSite, withCaller } from "./scheduler-error.js";

/**
 * @typedef {object} RowSource
 * @property {() => Promise<unknown[] | undefined>} next the next rows; undefined at the end
 * @property {() => void} stop ends the request that is under way
 * @property {() => void} free gives its memory back
 * @property {boolean} fetchesAhead whether the next page is fetched while this one is consumed
 */

const END = Object.freeze({ done: true, value: undefined });

/** @implements {AsyncIterableIterator<unknown>} */
export class RowIterator {
  /** @type {RowSource | undefined} undefined once everything has come, or nothing more is wanted */
  #source;
  /** @type {unknown[]} */
  #rows = [];
  #given = 0;
  /** @type {Promise<unknown[] | undefined> | undefined} the next page, where it is fetched ahead */
  #ahead;
  /** @type {Promise<unknown> | undefined} the last call to next() that waits for rows; later ones queue behind it */
  #waiting;

  /** The method that returned it, for stacks and consoles. */
  call;

  #fetchesAhead;

  /**
   * @param {RowSource} source
   * @param {string} call the method that returned it
   */
  constructor(source, call) {
    this.#source = source;
    this.call = call;
    this.#fetchesAhead = source.fetchesAhead;
  }

  /** @returns {Promise<IteratorResult<unknown>>} */
  next() {
    if (this.#waiting === undefined && this.#given < this.#rows.length) return Promise.resolve(this.#give());
    const before = this.#waiting ?? Promise.resolve();
    // Once a page, not once a row.
    const site = callSite(this.next);
    // Whatever became of the call before, its turn is over.
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
   * Ends the iteration, as `break` does: the request under way is ended at once.
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
    // What was given out is the consumer's to keep or to let go.
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
        // What return() ended has no error to report.
        if (this.#source === undefined) return END;
        this.#stop();
        throw error;
      }
      if (this.#source === undefined) return END;
      if (page === undefined) {
        this.#stop();
        return END;
      }
      this.#rows = page;
      this.#given = 0;
      this.#ahead = this.#fetchesAhead ? source.next() : undefined;
      // An error ahead of time is for the call that gets there.
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
