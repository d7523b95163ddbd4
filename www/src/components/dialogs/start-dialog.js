// @ts-check
// The form that starts a replication.

import { html } from "lit";
import { faultsOf, preview, replicationOf } from "../../model/new-replication.js";
import { withoutUserInfo } from "../../model/user-info.js";
import { announce } from "../announce.js";
import { fire } from "../fire.js";
import { troubleBox } from "../trouble-box.js";
import { FormModal } from "./form-modal.js";
import { choiceFields } from "./setting-fields.js";

/**
 * @typedef {import("../../model/new-replication.js").Typed} Typed
 * @typedef {import("./modal.js").Task} Task
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

/**
 * @extends {FormModal<Task, Typed>}
 * @fires started {id, fleet}
 */
class StartDialog extends FormModal {
  /** @override */
  name = "start";
  /** @override @type {import("./form-modal.js").Form<Typed>} */
  form = {
    fields: FIELDS,
    empty: EMPTY,
    faultsOf: (typed) => faultsOf(typed, (id) => this.task?.fleet.docs.rows.get(id) !== undefined),
  };

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
    void this.submit(event, async ({ fleet }) => {
      const { connection, database } = fleet;
      const { id } = await connection.replicator.createReplication(replicationOf(this.typed), { database });
      announce(`${id} was started`);
      fire(this, "started", { id, fleet });
    });
  }

  /** @override @param {Task} task */
  contents({ fleet: { database } }) {
    const isRight = Object.keys(this.form.faultsOf(this.typed)).length === 0;
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
