// @ts-check
// The changes that a user can make on the server, and the switch that allows them. A change applies to the server and
// the database that were shown when it began, whatever is shown now.

import { troubleAt } from "../../connection/trouble.js";
import { goTo } from "../../model/location.js";
import { announce } from "../announce.js";
import { byId } from "../dom.js";
import { StartDialog } from "./start-replication.js";
import { StopDialog } from "./stop-replication.js";

/**
 * @typedef {import("../../model/row.js").Row} Row
 * @typedef {import("../../model/rows.js").Rows<any>} Rows
 *
 * @typedef {object} Shown what the page shows now
 * @property {import("../../connection/connection.js").Connection | null} connection
 * @property {import("../../model/location.js").Place} place
 * @property {Rows} documents of the database
 *
 * @typedef {object} ActionsOptions
 * @property {() => Shown} shown
 * @property {(mayStop: boolean) => void} onAllow
 * @property {() => void} onStopped the shown replication was stopped
 */

export class Actions {
  #options;
  #readOnly = byId("read-only", HTMLButtonElement);
  #startButton = byId("start", HTMLButtonElement);
  #startDialog = new StartDialog();
  #stopDialog = new StopDialog();
  #writesDialog = byId("writes-dialog", HTMLDialogElement);

  /** @param {ActionsOptions} options */
  constructor(options) {
    this.#options = options;
    this.#readOnly.addEventListener("click", () => {
      if (this.#options.shown().connection?.writes === false) this.#writesDialog.showModal();
      else this.#setReadOnly(this.#readOnly.ariaChecked !== "true");
    });
    byId("writes-close", HTMLButtonElement).addEventListener("click", () => this.#writesDialog.close());
    this.#startButton.addEventListener("click", () => this.#openStart());
  }

  /** @param {boolean} isOn */
  #setReadOnly(isOn) {
    this.#readOnly.ariaChecked = String(isOn);
    this.update();
  }

  /** Shows the actions that are allowed and possible now. */
  update() {
    const mayAct = this.#readOnly.ariaChecked === "false";
    this.#startButton.hidden = !mayAct || this.#options.shown().place.list === "jobs";
    this.#options.onAllow(mayAct);
  }

  /** No server is shown any more. */
  close() {
    this.#setReadOnly(true);
    this.closeStart();
    this.closeStop();
    this.#writesDialog.close();
  }

  closeStart() {
    this.#startDialog.close();
  }

  closeStop() {
    this.#stopDialog.close();
  }

  /** The rows were refreshed: closes a confirmation that no longer applies. @param {Rows} rows */
  check(rows) {
    this.#stopDialog.check(rows);
  }

  #openStart() {
    const { connection, place, documents } = this.#options.shown();
    if (!connection) return;
    const { database } = place;
    this.#startDialog.open({
      database,
      isTaken: (id) => documents.get(id) !== undefined,
      start: async (replication) => {
        const { id } = await connection.replicator.createReplication(replication, { database });
        announce(`${id} was started`);
        const now = this.#options.shown();
        if (now.connection === connection && now.place.database === database) goTo({ list: "docs", database, key: id });
      },
      troubleOf: troubleAt(connection, database),
    });
  }

  /** @param {Row} row */
  openStop(row) {
    const { connection, place } = this.#options.shown();
    if (!connection) return;
    const { database } = place;
    this.#stopDialog.open({
      row,
      database,
      stop: async () => {
        await connection.replicator.stopReplication(row.key, { database });
        announce(`${row.key} was stopped`);
        const now = this.#options.shown();
        if (now.connection === connection && now.place === place) this.#options.onStopped();
      },
      troubleOf: troubleAt(connection, database),
    });
  }
}
