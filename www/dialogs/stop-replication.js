// @ts-check
// Asks once, by name, before a replication is stopped.

import { byId, setText } from "../lib/dom.js";
import { showTrouble } from "./trouble-box.js";

/** @typedef {import("../rows/row.js").Row} Row */

export class StopDialog {
  #dialog = byId("stop-dialog", HTMLDialogElement);
  #trouble = byId("stop-trouble", HTMLElement);
  #confirm = byId("stop-confirm", HTMLButtonElement);
  /** @type {Row | null} */
  #row = null;

  /**
   * @param {(row: Row) => Promise<void>} onStop
   * @param {(error: unknown) => import("../server/words.js").Trouble} troubleOf
   */
  constructor(onStop, troubleOf) {
    byId("stop-cancel", HTMLButtonElement).addEventListener("click", () => this.#dialog.close());
    this.#confirm.addEventListener("click", async () => {
      if (!this.#row || this.#confirm.ariaDisabled === "true") return;
      this.#confirm.ariaDisabled = "true";
      try {
        await onStop(this.#row);
        this.#dialog.close();
      } catch (error) {
        showTrouble(this.#trouble, troubleOf(error));
      } finally {
        this.#confirm.ariaDisabled = "false";
      }
    });
  }

  /** @param {Row} row */
  open(row) {
    this.#row = row;
    showTrouble(this.#trouble, null);
    setText(byId("stop-title", HTMLElement), `Stop “${row.key}”?`);
    setText(
      byId("stop-text", HTMLElement),
      `Its document is deleted from ${row.given.database}. What has been replicated stays where it is.`,
    );
    this.#dialog.showModal();
  }
}
