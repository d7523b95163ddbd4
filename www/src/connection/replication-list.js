// @ts-check
// One list of replications: its rows, their order and filter, and the feed that updates them.

import { Rows } from "../model/rows.js";
import { Pulse } from "../model/throughput.js";
import { View } from "../model/view.js";
import { feed } from "./feed.js";

/** @template {import("../model/row.js").ReplicationDoc | import("../model/row.js").ReplicationJob} Given */
export class ReplicationList {
  pulse = new Pulse();
  /** Whether the server has reported it. */
  isKnown = false;
  /** @type {ReturnType<typeof feed> | undefined} */
  #feed;
  #listener;

  /**
   * @param {(given: Given) => import("../model/row.js").Row} makeRow
   * @param {import("../model/view.js").Order} order
   * @param {import("./feed.js").Listener & { onChange: (isAnother: boolean) => void }} listener
   */
  constructor(makeRow, order, listener) {
    this.rows = new Rows(makeRow);
    this.view = new View(this.rows, order, listener.onChange);
    this.#listener = listener;
  }

  /** @param {import("./feed.js").Source<Given>} source */
  start(source) {
    this.stop();
    this.pulse.interrupt();
    this.#feed = feed(this.rows, source, {
      isKnown: this.#listener.isKnown,
      onPreview: (delta) => {
        void this.view.take(delta);
        this.#listener.onPreview(delta);
      },
      onFailure: (error, retryAt) => {
        this.pulse.interrupt();
        this.#listener.onFailure(error, retryAt);
      },
      onRefresh: (delta, isFirst) => {
        this.isKnown = true;
        this.pulse.beat(delta, Date.now());
        void this.view.take(delta);
        this.#listener.onRefresh(delta, isFirst);
      },
    });
  }

  stop() {
    this.#feed?.stop();
    this.#feed = undefined;
  }

  hurry() {
    this.#feed?.hurry();
  }

  /** Rows of one database must not appear under the name of another. */
  forget() {
    this.stop();
    this.rows.clear();
    this.pulse = new Pulse();
    this.isKnown = false;
    return this.view.rebuild();
  }
}
