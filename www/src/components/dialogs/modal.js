// @ts-check
// The base of all dialogs. A dialog is open for one task, and forgets it, with everything that was typed, when it closes:
// then it has no contents. The browser returns the focus to where it was.

import { html, nothing } from "lit";
import { fire } from "../fire.js";
import { LightElement } from "../light-element.js";

/**
 * @typedef {import("../../connection/trouble.js").Trouble} Trouble
 *
 * @typedef {object} Task what the dialog is open for; extend it
 * @property {import("../../connection/fleet.js").Fleet} fleet of the server and the database that were shown when it opened
 */

/**
 * @template {Task} T
 * @fires focus-lost it has closed, and the element that had the focus before is gone
 */
export class Modal extends LightElement {
  /** @override */
  static properties = { task: { state: true }, isBusy: { state: true }, trouble: { state: true } };

  /** Its `id` is the prefix of the ids inside. */
  name = "modal";
  isNarrow = false;

  constructor() {
    super();
    /** null: closed. @type {T | null} */
    this.task = null;
    /** Whether the action is in progress. */
    this.isBusy = false;
    /** Why the action failed. @type {Trouble | null} */
    this.trouble = null;
  }

  get #dialog() {
    return this.find("dialog");
  }

  /** @param {T} task */
  open(task) {
    this.task = task;
    this.isBusy = false;
    this.trouble = null;
    // The contents must be there before the browser chooses what to focus.
    this.performUpdate();
    if (!this.#dialog?.open) this.#dialog?.showModal();
  }

  close() {
    this.task = null;
    this.#dialog?.close();
  }

  /** Escape: nothing that was typed outlives the moment the dialog is hidden. @param {Event} _event */
  cancel(_event) {
    this.task = null;
  }

  /** The event comes later: by then it may be open for another task. */
  #closed() {
    if (this.#dialog?.open) return;
    this.task = null;
    if (document.activeElement === document.body) fire(this, "focus-lost");
  }

  /**
   * Performs the action of the task: closes the dialog, or shows the error.
   *
   * @param {(task: T) => Promise<unknown>} act
   */
  async perform(act) {
    const { task } = this;
    if (!task || this.isBusy) return;
    this.isBusy = true;
    this.trouble = null;
    const trouble = await act(task).then(
      () => null,
      (error) => task.fleet.troubleOf(error),
    );
    // It may have been closed and opened again in the meantime.
    if (this.task !== task) return;
    this.isBusy = false;
    this.trouble = trouble;
    if (!trouble) this.close();
  }

  /** The contents: a heading with the id `${name}-title`, and the rest. @param {T} _task @returns {unknown} */
  contents(_task) {
    return nothing;
  }

  /** @override */
  render() {
    return html`<dialog class="form-dialog box ${this.isNarrow ? "narrow" : ""}" id="${this.name}-dialog"
      aria-labelledby="${this.name}-title" @cancel=${this.cancel} @close=${this.#closed}>
      ${this.task && this.contents(this.task)}
    </dialog>`;
  }
}
