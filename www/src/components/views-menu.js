// @ts-check
// The saved views: save the present one, choose, rename and delete.

import { html, nothing } from "lit";
import { MAX_NAME, MAX_VIEWS } from "../connection/saved-views.js";
import { fragmentOf, START } from "../model/location.js";
import { announce } from "./announce.js";
import { Dropdown } from "./dropdown.js";
import { fire } from "./fire.js";

/**
 * `view-chosen` has the fragment of a place without server.
 *
 * @typedef {import("../connection/saved-views.js").SavedView} SavedView
 */

class ViewsMenu extends Dropdown {
  /** @override */
  static properties = {
    ...Dropdown.properties,
    saved: { attribute: false },
    place: { attribute: false },
    renamed: { state: true },
    problem: { state: true },
  };

  /** @override */
  label = "Views";

  constructor() {
    super();
    /** @type {import("../connection/saved-views.js").SavedViews | null} */
    this.saved = null;
    this.place = START;
    /** The name of the view that gets another one. @type {string | null} */
    this.renamed = null;
    this.problem = "";
  }

  #changed = () => this.requestUpdate();

  /** @override @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has("saved")) {
      /** @type {EventTarget | null | undefined} */ (changed.get("saved"))?.removeEventListener(
        "change",
        this.#changed,
      );
      this.saved?.addEventListener("change", this.#changed);
    }
    if (changed.has("isOpen")) [this.renamed, this.problem] = [null, ""];
  }

  /** The saved views outlive it. @override */
  disconnectedCallback() {
    super.disconnectedCallback();
    this.saved?.removeEventListener("change", this.#changed);
  }

  /** @param {SavedView} view */
  #choose({ fragment }) {
    this.close();
    fire(this, "view-chosen", fragment);
  }

  /** @param {SubmitEvent} event */
  #save(event) {
    event.preventDefault();
    const field = this.#field(event);
    const name = field.value.trim();
    if (name === "") return;
    if (!this.saved?.save(name, this.place)) {
      this.problem = `There are ${MAX_VIEWS} views, or this one is too long. Delete one, or search for less.`;
      return;
    }
    field.value = "";
    this.problem = "";
    announce(`The view ${name} was saved`);
  }

  /** @param {SubmitEvent} event @param {SavedView} view */
  async #rename(event, { name }) {
    event.preventDefault();
    const to = this.#field(event).value.trim();
    if (to !== name && !this.saved?.rename(name, to)) {
      this.problem = to === "" ? "A view needs a name." : `There is another view named ${to}.`;
      return;
    }
    await this.#endRenaming(to);
    announce(`The view is named ${to} now`);
  }

  /** @param {string} name what to focus */
  async #endRenaming(name) {
    [this.renamed, this.problem] = [null, ""];
    await this.updateComplete;
    this.find(`[data-name="${CSS.escape(name)}"]`)?.focus();
  }

  /** @param {SavedView} view */
  async #startRenaming({ name }) {
    [this.renamed, this.problem] = [name, ""];
    await this.updateComplete;
    this.find(".renaming input")?.focus();
    this.find(".renaming input")?.select();
  }

  /** @param {SavedView} view */
  async #remove({ name }) {
    this.saved?.remove(name);
    await this.updateComplete;
    this.find("[data-name], input")?.focus();
    announce(`The view ${name} was deleted`);
  }

  /** @param {SubmitEvent} event */
  #field = ({ target }) => /** @type {HTMLInputElement} */ (/** @type {Element} */ (target).querySelector("input"));

  /** @override */
  contents() {
    const list = this.saved?.list ?? [];
    const present = fragmentOf({ ...this.place, server: null, key: null });
    return html`
      ${
        list.length > 0
          ? html`<ul class="views">${list.map((view) => html`<li>${this.#view(view, view.fragment === present)}</li>`)}</ul>`
          : html`<p class="hint">A view is what you see: filters, search, order and columns. Give it a name, and choose it here
              next time.</p>`
      }
      <form class="field" @submit=${this.#save}>
        <input aria-label="Name of the present view" placeholder="Name" maxlength=${MAX_NAME} autocomplete="off">
        <button type="submit">Save this view</button>
      </form>
      <p role="alert" class="fault">${this.problem}</p>`;
  }

  /** @param {SavedView} view @param {boolean} isPresent */
  #view(view, isPresent) {
    const { name } = view;
    if (name === this.renamed) {
      return html`<form class="field renaming" @submit=${(/** @type {SubmitEvent} */ event) => this.#rename(event, view)}
        @keydown=${(/** @type {KeyboardEvent} */ event) => {
          if (event.key !== "Escape") return;
          event.stopPropagation();
          void this.#endRenaming(name);
        }}>
        <input aria-label="New name of ${name}" .value=${name} maxlength=${MAX_NAME} autocomplete="off">
        <button type="submit">Rename</button>
      </form>`;
    }
    return html`<button type="button" class="view" data-name=${name} aria-current=${isPresent ? "true" : nothing}
        @click=${() => this.#choose(view)}>${name}</button>
      <button type="button" class="quiet" aria-label="Rename ${name}" @click=${() => this.#startRenaming(view)}>Rename</button>
      <button type="button" class="quiet" aria-label="Delete ${name}" @click=${() => this.#remove(view)}>Delete</button>`;
  }
}

customElements.define("views-menu", ViewsMenu);
