// @ts-check
// A dialog with a form. It reports errors during input, but not for fields that the user has not visited.

import { html, nothing } from "lit";
import { fieldRow } from "./fields.js";
import { Modal } from "./modal.js";

/**
 * @template Typed what the fields hold
 * @typedef {object} Form
 * @property {readonly import("./fields.js").Field<any>[]} fields from top to bottom
 * @property {Typed} empty what they hold at first
 * @property {(typed: Typed) => Partial<Record<string, string>>} faultsOf the errors, by field
 */

/**
 * @template {import("./modal.js").Task} T
 * @template {Record<string, any>} Typed what the fields hold
 * @extends {Modal<T>}
 */
export class FormModal extends Modal {
  /** @type {Form<Typed>} */
  form = /** @type {any} */ ({ fields: [], empty: {}, faultsOf: () => ({}) });
  /** A closed dialog keeps no password. @type {Typed} */
  typed = /** @type {any} */ ({});
  /** Visited fields. @type {Set<string>} */
  #visited = new Set();

  /** @override @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has("task")) this.begin();
  }

  /** With what the fields hold at first. */
  begin() {
    this.typed = this.form.empty;
    this.#visited.clear();
  }

  /** @param {Partial<Typed>} typed */
  type(typed) {
    this.typed = { ...this.typed, ...typed };
    this.requestUpdate();
  }

  /** @param {Event} event */
  input({ target }) {
    const { name, type, value, checked } = /** @type {HTMLInputElement} */ (target);
    this.type(/** @type {any} */ ({ [name]: type === "checkbox" ? checked : value }));
  }

  /** @param {Event} event */
  leave({ target }) {
    const { name } = /** @type {HTMLInputElement} */ (target);
    if (!name) return;
    this.#visited.add(name);
    this.requestUpdate();
  }

  /** Performs the action unless there are errors. @param {SubmitEvent} event @param {(task: T) => Promise<unknown>} act */
  async submit(event, act) {
    event.preventDefault();
    for (const { name } of this.form.fields) this.#visited.add(name);
    this.requestUpdate();
    await this.updateComplete;
    const wrong = this.querySelector("[aria-invalid=true]");
    if (wrong instanceof HTMLElement) return wrong.focus();
    await this.perform(act);
  }

  rows() {
    const { typed, form } = this;
    const faults = form.faultsOf(typed);
    return html`<div class="rows">
      ${form.fields.map((field) => {
        const { name, onlyFor } = field;
        if (onlyFor !== undefined && onlyFor !== typed.which) return nothing;
        const isSeen = this.#visited.has(name) || typed[name] !== "";
        return fieldRow(this.name, field, typed[name], isSeen ? faults[name] : undefined);
      })}
    </div>`;
  }
}
