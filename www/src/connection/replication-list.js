// @ts-check
// One list of replications: its rows, their order and filter, and the feed that updates them.

import { Rows } from "../model/rows.js";
import { Pulse } from "../model/throughput.js";
import { View } from "../model/view.js";
import { feed } from "./feed.js";

/**
 * @typedef {object} Failure of the last refresh
 * @property {unknown} error
 * @property {number | null} retryAt ms since 1970; null: there is no retry
 *
 * @typedef {object} Refresh
 * @property {import("../model/rows.js").Delta} delta
 * @property {boolean} isFirst the rows are news to the page, but not to the server
 * @property {boolean} isWhole false: only the first rows have arrived
 * @property {boolean} hasRecovered the previous attempt failed
 *
 * @typedef {object} Listener
 * @property {() => boolean} mayRetry
 * @property {(isAnother: boolean) => void} onChange the view has changed; `isAnother`: by filter or order
 * @property {(refresh: Refresh) => void} onRefresh
 * @property {(failure: Failure) => void} onFailure
 */

/** @template {import("./feed.js").Given} G */
export class ReplicationList {
  pulse = new Pulse();
  /** Whether the server has reported it. */
  isKnown = false;
  /** The time of the last refresh in milliseconds since 1970. @type {number | null} */
  refreshedAt = null;
  /** @type {Failure | null} */
  failure = null;
  /** @type {ReturnType<typeof feed> | undefined} */
  #feed;
  #source;
  #listener;

  /**
   * @param {(given: G) => import("../model/row.js").Row} makeRow
   * @param {import("./feed.js").Source<G>} source
   * @param {import("../model/view.js").Order} order
   * @param {Listener} listener
   */
  constructor(makeRow, source, order, listener) {
    this.rows = new Rows(makeRow);
    this.view = new View(this.rows, order, listener.onChange);
    this.#source = source;
    this.#listener = listener;
  }

  get isStarted() {
    return this.#feed !== undefined;
  }

  start() {
    this.#feed = feed(this.rows, this.#source, {
      mayRetry: this.#listener.mayRetry,
      onFailure: (error, retryAt) => {
        this.pulse.interrupt();
        this.failure = { error, retryAt };
        this.#listener.onFailure(this.failure);
      },
      onRefresh: (delta, isWhole) => {
        const isFirst = !this.isKnown;
        const hasRecovered = this.failure !== null;
        if (isWhole) {
          this.isKnown = true;
          this.failure = null;
          this.refreshedAt = Date.now();
          this.pulse.beat(delta, this.refreshedAt);
        }
        void this.view.take(delta);
        this.#listener.onRefresh({ delta, isFirst, isWhole, hasRecovered });
      },
    });
  }

  hurry() {
    this.#feed?.hurry();
  }

  /** Stops, and forgets the rows. */
  stop() {
    this.#feed?.stop();
    this.#feed = undefined;
    this.rows.clear();
    this.pulse = new Pulse();
    this.isKnown = false;
    this.refreshedAt = null;
    this.failure = null;
    void this.view.rebuild();
  }
}
