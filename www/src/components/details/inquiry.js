// @ts-check
// A section that asks the server something about one replication: once at a time, and not longer than it is shown.

import { messageOf } from "../../model/format.js";
import { LightElement } from "../light-element.js";

/**
 * @typedef {import("../../model/row.js").Row} Row
 * @typedef {import("../../connection/fleet.js").Fleet} Fleet
 */

/** @template T the answer */
export class Inquiry extends LightElement {
  /** @override @type {import("lit").PropertyDeclarations} */
  static properties = {
    row: { attribute: false },
    fleet: { attribute: false },
    found: { state: true },
    error: { state: true },
    isBusy: { state: true },
  };

  #end = new AbortController();

  constructor() {
    super();
    /** @type {Row | null} */
    this.row = null;
    /** @type {Fleet | null} */
    this.fleet = null;
    /** @type {T | null} */
    this.found = null;
    this.error = "";
    this.isBusy = false;
  }

  /** @override */
  disconnectedCallback() {
    super.disconnectedCallback();
    this.cancel();
  }

  /** @override @param {Map<string, any>} changed */
  willUpdate(changed) {
    if (!changed.has("fleet") && (!changed.has("row") || changed.get("row")?.key === this.row?.key)) return;
    this.cancel();
    this.found = null;
    this.error = "";
    this.begin();
  }

  /** Another replication is shown. */
  begin() {}

  cancel() {
    this.#end.abort();
    this.isBusy = false;
  }

  /** @param {(row: Row, fleet: Fleet, signal: AbortSignal) => Promise<T>} ask @returns {Promise<boolean>} whether it has found something */
  async ask(ask) {
    const { row, fleet } = this;
    if (!row || !fleet) return false;
    this.cancel();
    this.#end = new AbortController();
    const { signal } = this.#end;
    this.isBusy = true;
    this.error = "";
    try {
      const found = await ask(row, fleet, signal);
      if (signal.aborted) return false;
      this.found = found;
    } catch (error) {
      if (signal.aborted) return false;
      this.error = messageOf(error);
    }
    this.isBusy = false;
    return this.error === "";
  }
}
