// @ts-check
// Confirms once, with the name, before it stops a replication: the one that was shown when it opened.

import { byId, setText } from "../dom.js";
import { showTrouble } from "./trouble-box.js";

/**
 * @typedef {import("../../model/row.js").Row} Row
 *
 * @typedef {object} Stopping
 * @property {Row} row
 * @property {string} database of the row
 * @property {() => Promise<void>} stop stops this row's replication, on its own server
 * @property {(error: unknown) => import("../../connection/trouble.js").Trouble} troubleOf
 */

export class StopDialog {
  #dialog = byId("stop-dialog", HTMLDialogElement);
  #trouble = byId("stop-trouble", HTMLElement);
  #confirm = byId("stop-confirm", HTMLButtonElement);
  /** @type {Stopping | null} */
  #stopping = null;

  constructor() {
    byId("stop-cancel", HTMLButtonElement).addEventListener("click", () => this.close());
    // The event comes later: by then it may be open for another row.
    this.#dialog.addEventListener("close", () => {
      if (!this.#dialog.open) this.#stopping = null;
    });
    this.#confirm.addEventListener("click", () => void this.#stop());
  }

  async #stop() {
    const stopping = this.#stopping;
    if (!stopping || this.#confirm.ariaDisabled === "true") return;
    this.#confirm.ariaDisabled = "true";
    const trouble = await stopping.stop().then(
      () => null,
      (error) => stopping.troubleOf(error),
    );
    // It may have been closed and opened for another row in the meantime.
    if (this.#stopping !== stopping) return;
    this.#confirm.ariaDisabled = "false";
    if (trouble) showTrouble(this.#trouble, trouble);
    else this.close();
  }

  /** @param {Stopping} stopping */
  open(stopping) {
    const { row, database } = stopping;
    this.#stopping = stopping;
    this.#confirm.ariaDisabled = "false";
    showTrouble(this.#trouble, null);
    setText(byId("stop-title", HTMLElement), `Stop “${row.key}”?`);
    setText(
      byId("stop-text", HTMLElement),
      `This deletes its document from ${database}. Replicated data stays in the target.`,
    );
    this.#dialog.showModal();
  }

  /** Another row is shown now. */
  close() {
    this.#stopping = null;
    this.#dialog.close();
  }

  /** Closes it if the replication is gone, or another one has its name. @param {import("../../model/rows.js").Rows<any>} rows */
  check(rows) {
    if (!this.#stopping) return;
    const { key, source, target } = this.#stopping.row;
    const now = rows.get(key);
    if (now?.source !== source || now.target !== target) this.close();
  }
}
