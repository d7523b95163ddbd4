// @ts-check
// Lets an element watch the documents of its client and database while it is in a document.

import { watch } from "./watching.js";

/**
 * @typedef {import("lit").LitElement & { client: import("couchdb-scheduler").Client | null, database: string }} Host
 * @typedef {import("./watching.js").Watcher} Watcher
 */

export class WatchController {
  #host;
  #watcher;
  /** @type {(() => void) | null} */
  #end = null;
  /** @type {Host["client"]} */
  #client = null;
  #database = "";

  /** @param {Host} host @param {Watcher} watcher */
  constructor(host, watcher) {
    this.#host = host;
    this.#watcher = watcher;
    host.addController(this);
  }

  hostConnected() {
    this.#host.requestUpdate();
  }

  hostDisconnected() {
    this.#stop();
  }

  /** Before each rendering: follows the properties. */
  hostUpdate() {
    const { client, database, isConnected } = this.#host;
    if (!isConnected || (this.#client === client && this.#database === database)) return;
    this.#stop();
    this.#client = client;
    this.#database = database;
    if (client === null) return;
    const { onBegin, onRefresh } = this.#watcher;
    try {
      this.#end = watch(client, database, { onBegin, onRefresh, onFailure: (...failure) => this.#fail(...failure) });
    } catch (error) {
      this.#fail(error, null);
    }
  }

  #stop() {
    this.#end?.();
    this.#end = null;
    this.#client = null;
  }

  /** @param {unknown} error @param {number | null} retryAt */
  #fail(error, retryAt) {
    this.#watcher.onFailure(error, retryAt);
    const init = { detail: { error, retryAt }, bubbles: true, composed: true };
    this.#host.dispatchEvent(new CustomEvent("replications-error", init));
  }
}
