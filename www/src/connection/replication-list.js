// @ts-check
// One list of replications: its rows, their order and filter, and the feed that updates them.

import { isSame } from "../model/row.js";
import { Rows } from "../model/rows.js";
import { Pulse } from "../model/throughput.js";
import { View } from "../model/view.js";
import { feed } from "./feed.js";

/**
 * @typedef {import("../model/rows.js").Delta} Delta
 *
 * @typedef {object} Failure of the last refresh
 * @property {unknown} error
 * @property {number | null} retryAt ms since 1970; null: there is no retry
 *
 * @typedef {object} Refresh
 * @property {Delta} delta
 * @property {boolean} isFirst the rows are news to the page, but not to the server
 * @property {boolean} isWhole false: it is about some rows only
 * @property {Delta} sinceWhole what has changed since the whole list was reported before
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
  /** The time of the last refresh in milliseconds since 1970. @type {number | null} */
  refreshedAt = null;
  /** @type {Failure | null} */
  failure = null;
  /** @type {import("./feed.js").Feed<G> | undefined} */
  #feed;
  #makeRow;
  #source;
  #listener;
  /** Changes of single rows since the whole list was reported. */
  #between = nothing();

  /**
   * @param {(given: G) => import("../model/row.js").Row} makeRow
   * @param {import("./feed.js").Source<G>} source
   * @param {import("../model/view.js").Order} order
   * @param {Listener} listener
   */
  constructor(makeRow, source, order, listener) {
    this.#makeRow = makeRow;
    this.rows = new Rows(makeRow);
    this.view = new View(this.rows, order, listener.onChange);
    this.#source = source;
    this.#listener = listener;
  }

  /** Whether the server has reported it. */
  get isKnown() {
    return this.refreshedAt !== null;
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
      onRefresh: (delta, isWhole) => this.#refreshed(delta, isWhole),
    });
  }

  /** @param {Delta} delta @param {boolean} isWhole */
  #refreshed(delta, isWhole) {
    const isFirst = !this.isKnown;
    const hasRecovered = isWhole && this.failure !== null;
    const { added, changed, removed } = this.#between;
    const sinceWhole = {
      added: [...added, ...delta.added],
      changed: [...changed, ...delta.changed],
      removed: [...removed, ...delta.removed],
    };
    this.#between = isWhole ? nothing() : sinceWhole;
    if (isWhole) {
      this.failure = null;
      this.refreshedAt = Date.now();
      this.pulse.beat(sinceWhole, this.refreshedAt);
    }
    void this.view.take(delta);
    this.#listener.onRefresh({ delta, isFirst, isWhole, sinceWhole, hasRecovered });
  }

  /** One row, requested apart from the list, whose next refresh can be minutes away. @param {G} given */
  async put(given) {
    const known = this.rows.get(this.#makeRow(given).key);
    if (!known || !isSame(known.given, given)) await this.#feed?.take({ type: "changed", doc: given });
  }

  /** It was deleted. @param {string} key */
  async drop(key) {
    const known = this.rows.get(key);
    if (known) await this.#feed?.take({ type: "removed", previous: /** @type {G} */ (known.given) });
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
    this.#between = nothing();
    this.refreshedAt = null;
    this.failure = null;
    void this.view.rebuild();
  }
}

/** @returns {Delta} */
const nothing = () => ({ added: [], changed: [], removed: [] });
