// @ts-check
// Everything that the user can do to replications, once it is allowed. A change applies to the server and the database that
// are shown when it begins, whatever is shown later.

import { html } from "lit";
import "./dialogs/bulk-dialog.js";
import "./dialogs/change-dialog.js";
import "./dialogs/start-dialog.js";
import "./dialogs/writes-dialog.js";
import { LightElement } from "./light-element.js";

/**
 * @typedef {import("../connection/fleet.js").Fleet} Fleet
 * @typedef {import("../model/row.js").Row} Row
 *
 * @fires started, stopped: see the dialogs
 */
class ActionDialogs extends LightElement {
  /** @param {"start" | "bulk" | "change" | "writes"} name */
  #dialog(name) {
    return this.find(`${name}-dialog`);
  }

  /** @param {Fleet} fleet */
  start(fleet) {
    this.#dialog("start").open({ fleet });
  }

  /** Asks, and then acts. @param {import("../model/actions.js").ActionKind} kind @param {readonly Row[]} rows @param {Fleet} fleet */
  act(kind, rows, fleet) {
    this.#dialog("bulk").open({ kind, rows, fleet });
  }

  /** @param {Row} row @param {Fleet} fleet */
  change({ key }, fleet) {
    this.#dialog("change").open({ id: key, fleet });
  }

  /** Why the switch does not allow changes. @param {Fleet} fleet */
  explainWrites(fleet) {
    this.#dialog("writes").open({ fleet });
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
