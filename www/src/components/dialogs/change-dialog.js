// @ts-check
// The form that changes a replication. It begins with the settings of its document; only what differs is written. Where
// CouchDB would start from the beginning, it asks again.

import { html, nothing } from "lit";
import { editorOf, rewindOf } from "../../connection/perform.js";
import { changesIn, faultsIn, typedOf } from "../../model/change.js";
import { announce } from "../announce.js";
import { troubleBox } from "../trouble-box.js";
import { FormModal } from "./form-modal.js";
import { settingFields } from "./setting-fields.js";

/**
 * @typedef {import("../../model/change.js").Typed} Typed
 * @typedef {import("./modal.js").Task & { id: string }} Changing
 */

/** @type {readonly import("./fields.js").Field<keyof Typed>[]} */
const FIELDS = [
  { name: "sourceUser", label: "Name at the source", kind: "text", half: true },
  { name: "sourcePassword", label: "New password at the source", kind: "password", half: true },
  { name: "targetUser", label: "Name at the target", kind: "text", half: true },
  { name: "targetPassword", label: "New password at the target", kind: "password", half: true },
  { name: "continuous", label: "Continuous: also replicate later changes", kind: "checkbox" },
  ...settingFields(),
];

const EMPTY = typedOf({ _id: "", _rev: "", source: "", target: "" });

/** @extends {FormModal<Changing, Typed>} */
class ChangeDialog extends FormModal {
  /** @override */
  name = "change";
  /** @override @type {import("./form-modal.js").Form<Typed>} */
  form = {
    fields: FIELDS,
    empty: EMPTY,
    faultsOf: (typed) => (this.#before ? faultsIn(this.#before, typed) : {}),
  };
  /** As the document has it; null: it has not been read. @type {Typed | null} */
  #before = null;
  /** The fields for which CouchDB would start from the beginning; null: that is not known. @type {string | null} */
  #rewind = null;

  /** @override */
  begin() {
    super.begin();
    this.#before = null;
    this.#rewind = null;
    if (this.task) void this.#read(this.task);
  }

  /** @param {Changing} task */
  async #read(task) {
    const { id, fleet } = task;
    try {
      const before = typedOf(await fleet.connection.replicator.getReplication(id, { database: fleet.database }));
      if (this.task !== task) return;
      this.#before = before;
      this.type(before);
      await this.updateComplete;
      this.querySelector("input")?.focus();
    } catch (error) {
      if (this.task === task) this.trouble = fleet.troubleOf(error);
    }
  }

  /** @override @param {Partial<Typed>} typed */
  type(typed) {
    // Another change is another question.
    if (this.#rewind !== null) this.trouble = null;
    this.#rewind = null;
    super.type(typed);
  }

  /** @param {SubmitEvent} event */
  #submit(event) {
    const { task } = this;
    const before = this.#before;
    if (!before) return event.preventDefault();
    const allowRewind = this.#rewind !== null;
    void this.submit(event, async ({ id, fleet }) => {
      const changes = changesIn(before, this.typed);
      if (Object.keys(changes).length === 0)
        throw new Error("Nothing was written: the document already has these settings.");
      try {
        await editorOf(fleet.connection, fleet.database).update(id, changes, allowRewind);
        announce(`${id} was changed`);
      } catch (error) {
        const rewind = rewindOf(error);
        // It may be open for another replication by now, for which the user has not agreed to start from the beginning.
        if (this.task === task) this.#rewind = rewind;
        throw rewind === null ? error : new Rewind(rewind);
      }
    });
  }

  /** @override @param {Changing} changing */
  contents({ id }) {
    const isRewind = this.#rewind !== null;
    return html`<form id="change-form" novalidate @input=${this.input} @focusout=${this.leave} @submit=${this.#submit}>
      <h2 id="change-title" tabindex="-1">Change “${id}”</h2>
      ${
        this.#before
          ? html`<p class="hint">Passwords are not shown: an empty field keeps the present one. Another name, or another choice of
              documents, makes CouchDB start from the beginning: the page asks first.</p>
            ${this.rows()}`
          : html`<p class="hint">${this.trouble ? nothing : "Reading the document…"}</p>`
      }
      ${troubleBox(this.trouble, "change-trouble")}
      <div class="buttons">
        <button type="button" @click=${this.close}>Cancel</button>
        ${
          this.#before &&
          html`<button type="submit" class=${isRewind ? "danger" : "primary"} aria-disabled=${this.isBusy}>
            ${isRewind ? "Change, and start from the beginning" : "Change"}
          </button>`
        }
      </div>
    </form>`;
  }
}

/** Asks whether it may start from the beginning. */
class Rewind extends Error {
  /** @param {string} fields */
  constructor(fields) {
    super(
      `A change of ${fields} makes this another replication for CouchDB. It would start from the beginning instead of its ` +
        "checkpoint, and read all changes of the source again. Nothing was written yet.",
    );
  }
}

customElements.define("change-dialog", ChangeDialog);
