// @ts-check
// One watch for each client and database, however many elements show it.

import { Client, Scheduler } from "couchdb-scheduler";
import { docSource, feed } from "../../www/src/connection/feed.js";
import { docRow } from "../../www/src/model/row.js";
import { Rows } from "../../www/src/model/rows.js";

/**
 * @typedef {import("../../www/src/model/rows.js").Delta} Delta
 *
 * @typedef {object} Watcher
 * @property {(rows: Rows<import("couchdb-scheduler").ReplicationDoc>) => void} onBegin these rows are empty; the first delta has all
 * @property {(delta: Delta, isWhole: boolean) => void} onRefresh `isWhole`: the list is complete, not only its first rows
 * @property {(error: unknown, retryAt: number | null) => void} onFailure `retryAt`: ms since 1970; null: there is no retry
 */

class Watch {
  rows = new Rows(docRow);
  isWhole = false;
  /** Since the last refresh. @type {Parameters<Watcher["onFailure"]> | null} */
  failure = null;
  /** @type {Set<Watcher>} */
  watchers = new Set();
  #feed;

  /** @param {Client} client @param {string} database */
  constructor(client, database) {
    this.#feed = feed(this.rows, docSource({ scheduler: new Scheduler(client) }, database), {
      // A wrong password is sent once: that error has no retry.
      mayRetry: () => true,
      onRefresh: (delta, isWhole) => {
        this.isWhole ||= isWhole;
        this.failure = null;
        for (const { onRefresh } of this.watchers) onRefresh(delta, isWhole);
      },
      onFailure: (...failure) => {
        this.failure = failure;
        for (const { onFailure } of this.watchers) onFailure(...failure);
      },
    });
  }

  stop() {
    this.#feed.stop();
  }
}

/** By database. @type {WeakMap<Client, Map<string, Watch>>} */
const watches = new WeakMap();

/**
 * @param {Client} client
 * @param {string} database
 * @param {Watcher} watcher
 * @returns {() => void} ends it
 * @throws {TypeError} if it is not a client of this copy of the package
 */
export function watch(client, database, watcher) {
  // A URL would make a scheduler, too, but it would not be shared.
  if (!(client instanceof Client)) {
    throw new TypeError("client: expected a Client of this copy of couchdb-scheduler.");
  }
  /** @type {Map<string, Watch>} */
  const ofClient = watches.get(client) ?? new Map();
  const found = ofClient.get(database);
  const shared = found ?? new Watch(client, database);
  watches.set(client, ofClient.set(database, shared));
  shared.watchers.add(watcher);
  watcher.onBegin(shared.rows);
  if (shared.rows.size > 0 || shared.isWhole) {
    watcher.onRefresh({ added: [...shared.rows.values()], changed: [], removed: [] }, shared.isWhole);
  }
  // It may be the last word, since a wrong password is not sent again. Later: who hears it may remove the element.
  queueMicrotask(() => {
    if (shared.failure && shared.watchers.has(watcher)) watcher.onFailure(...shared.failure);
  });
  return () => {
    shared.watchers.delete(watcher);
    if (shared.watchers.size > 0) return;
    shared.stop();
    if (ofClient.get(database) === shared) ofClient.delete(database);
  };
}
