// @ts-check
// The form that starts a replication. It reports errors during input, but not for fields that the user has not visited.

import { html } from "lit";
import { faultsOf, preview, replicationOf } from "../../model/new-replication.js";
import { withoutUserInfo } from "../../model/user-info.js";
import { troubleBox } from "../trouble-box.js";
import { FormModal } from "./form-modal.js";
import { choiceFields } from "./setting-fields.js";

/**
 * @typedef {import("../../model/new-replication.js").Typed} Typed
 *
 * The server and database that were shown when the dialog opened.
 *
 * @typedef {object} Starting
 * @property {string} database
 * @property {(id: string) => boolean} isTaken
 * @property {(replication: import("couchdb-scheduler").NewReplication) => Promise<void>} start rejects with the error to show
 * @property {(error: unknown) => import("../../connection/trouble.js").Trouble} troubleOf
 */

/** @type {import("./fields.js").Field<keyof Typed>[]} */
const FIELDS = [
  { name: "source", label: "Source", kind: "text", placeholder: "https://berlin.example.net/orders", required: true },
  { name: "sourceUser", label: "Name at the source", kind: "text", half: true },
  { name: "sourcePassword", label: "Password at the source", kind: "password", half: true },
  { name: "target", label: "Target", kind: "text", placeholder: "orders", required: true },
  { name: "targetUser", label: "Name at the target", kind: "text", half: true },
  { name: "targetPassword", label: "Password at the target", kind: "password", half: true },
  { name: "continuous", label: "Continuous: also replicate later changes", kind: "checkbox" },
  { name: "createTarget", label: "Create the target if it does not exist", kind: "checkbox" },
  ...choiceFields(),
  { name: "id", label: "Id of the document", kind: "text", hint: "If empty, the server chooses one." },
];

/** @type {Typed} */
const EMPTY = {
  ...{ source: "", sourceUser: "", sourcePassword: "", target: "", targetUser: "", targetPassword: "" },
  ...{ continuous: false, createTarget: false, which: "all", filter: "", selector: "", docIds: "", id: "" },
};

/** @extends {FormModal<Starting, Typed>} */
class StartDialog extends FormModal {
  /** @override */
  name = "start";
  /** @override */
  fields = FIELDS;

  /** @override */
  empty() {
    return EMPTY;
  }

  /** @override @param {Typed} typed */
  faultsOf(typed) {
    return faultsOf(typed, this.task?.isTaken ?? (() => false));
  }

  /** @override @param {Event} event */
  leave(event) {
    super.leave(event);
    const { name } = /** @type {HTMLInputElement} */ (event.target);
    if (name !== "source" && name !== "target") return;
    const { url, username, password } = withoutUserInfo(this.typed[name].trim());
    if (username === "" && password === "") return;
    this.type({ [name]: url, ...(username && { [`${name}User`]: username }), [`${name}Password`]: password });
  }

  /** @param {SubmitEvent} event */
  #start(event) {
    void this.submit(event, ({ start }) => start(replicationOf(this.typed)));
  }

  /** @override @param {Starting} starting */
  contents({ database }) {
    const isRight = Object.keys(this.faultsOf(this.typed)).length === 0;
    return html`<form id="start-form" novalidate @input=${this.input} @focusout=${this.leave} @submit=${this.#start}>
      <h2 id="start-title">Start a replication</h2>
      <p class="hint">Creates a document in <b>${database}</b>.</p>
      ${this.rows()} ${troubleBox(this.trouble, "start-trouble")}
      <details>
        <summary>The document</summary>
        <pre id="start-preview" tabindex="0" role="region" aria-label="The document">${isRight ? preview(this.typed) : "Not complete yet."}</pre>
      </details>
      <div class="buttons">
        <button type="button" @click=${this.close}>Cancel</button>
        <button type="submit" class="primary" aria-disabled=${this.isBusy}>Start</button>
      </div>
    </form>`;
  }
}

customElements.define("start-dialog", StartDialog);
