// @ts-check
// Everything that the user can do to replications, once it is allowed. A change applies to the server and the database that
// are shown when it begins, whatever is shown later.

import { html } from "lit";
import { editorOf } from "../connection/perform.js";
import { announce } from "./announce.js";
import "./dialogs/bulk-dialog.js";
import "./dialogs/change-dialog.js";
import "./dialogs/start-dialog.js";
import "./dialogs/writes-dialog.js";
import { LightElement } from "./light-element.js";

/**
 * @typedef {import("../connection/fleet.js").Fleet} Fleet
 * @typedef {import("../model/row.js").Row} Row
 *
 * @fires {CustomEvent<{ id: string, fleet: Fleet }>} started
 * @fires {CustomEvent<{ id: string, fleet: Fleet }>} stopped one, alone
 */
class ActionDialogs extends LightElement {
  /** @param {"start" | "bulk" | "change" | "writes"} name */
  #dialog(name) {
    return this.find(`${name}-dialog`);
  }

  /** @param {string} name @param {string} id @param {Fleet} fleet */
  #fire(name, id, fleet) {
    this.dispatchEvent(new CustomEvent(name, { detail: { id, fleet } }));
  }

  /** @param {Fleet} fleet */
  start(fleet) {
    const { connection, database } = fleet;
    this.#dialog("start").open({
      database,
      isTaken: (/** @type {string} */ id) => fleet.docs.rows.get(id) !== undefined,
      start: async (/** @type {import("couchdb-scheduler").NewReplication} */ replication) => {
        const { id } = await connection.replicator.createReplication(replication, { database });
        announce(`${id} was started`);
        this.#fire("started", id, fleet);
      },
      troubleOf: fleet.troubleOf,
    });
  }

  /** Asks, and then acts. @param {import("../model/actions.js").ActionKind} kind @param {readonly Row[]} rows @param {Fleet} fleet */
  act(kind, rows, fleet) {
    this.#dialog("bulk").open({
      kind,
      rows,
      fleet,
      troubleOf: fleet.troubleOf,
      onDone: (/** @type {import("../model/actions.js").Report} */ { total, results: [first] }) => {
        if (kind === "stop" && total === 1 && first?.outcome === "done") this.#fire("stopped", first.id, fleet);
      },
    });
  }

  /** @param {Row} row @param {Fleet} fleet */
  change({ key }, fleet) {
    const { connection, database, troubleOf } = fleet;
    const editor = editorOf(connection, database);
    this.#dialog("change").open({
      id: key,
      read: () => connection.replicator.getReplication(key, { database }),
      update: async (
        /** @type {import("couchdb-scheduler").ReplicationChanges} */ changes,
        /** @type {boolean} */ allowRewind,
      ) => {
        await editor.update(key, changes, allowRewind);
        announce(`${key} was changed`);
      },
      troubleOf,
    });
  }

  /** Why the switch does not allow changes. @param {Fleet} fleet */
  explainWrites({ troubleOf }) {
    this.#dialog("writes").open({ troubleOf });
  }

  /** Dialogs belong to the list or row they were opened for. @param {boolean} isOtherList */
  leavePlace(isOtherList) {
    if (isOtherList) this.#dialog("start").close();
    this.#dialog("change").close();
    this.#dialog("bulk").leavePlace();
  }

  /** @param {{ get(key: string): Row | undefined }} rows newest ones */
  check(rows) {
    this.#dialog("bulk").check(rows);
  }

  /** @override */
  render() {
    return html`<start-dialog></start-dialog><bulk-dialog></bulk-dialog><change-dialog></change-dialog><writes-dialog></writes-dialog>`;
  }
}

customElements.define("action-dialogs", ActionDialogs);
