// @ts-check
// A button that opens a panel below it. Escape closes it and returns the focus; so does anything outside.

import { html, nothing } from "lit";
import { icon } from "./icons.js";
import { LightElement } from "./light-element.js";

export class Dropdown extends LightElement {
  /** @override */
  static properties = { isOpen: { state: true } };

  /** What is on the button, and the name of the panel. */
  label = "";

  constructor() {
    super();
    this.isOpen = false;
    this.addEventListener("keydown", ({ key }) => key === "Escape" && this.isOpen && this.close());
    this.addEventListener("focusout", ({ relatedTarget }) => {
      if (relatedTarget instanceof Node && !this.contains(relatedTarget)) this.isOpen = false;
    });
  }

  /** @param {Event} event */
  #outside = ({ target }) => {
    if (!this.contains(/** @type {Node} */ (target))) this.isOpen = false;
  };

  async open() {
    this.isOpen = true;
    addEventListener("pointerdown", this.#outside);
    await this.updateComplete;
    const panel = this.find(".panel");
    // Into the window, if it would leave it.
    const { right, bottom, height } = panel.getBoundingClientRect();
    const { clientWidth, clientHeight } = document.documentElement;
    panel.style.left = `${Math.min(0, clientWidth - 12 - right)}px`;
    panel.classList.toggle("above", bottom > clientHeight && bottom - 2 * height > 160);
    /** @type {HTMLElement | null} */ (panel.querySelector("button, input"))?.focus();
  }

  close() {
    this.isOpen = false;
    this.querySelector("button")?.focus();
  }

  /** @override @param {Map<string, unknown>} changed */
  updated(changed) {
    if (changed.get("isOpen") === true) removeEventListener("pointerdown", this.#outside);
  }

  /** @override */
  disconnectedCallback() {
    super.disconnectedCallback();
    this.isOpen = false;
    removeEventListener("pointerdown", this.#outside);
  }

  /** The panel; override it. @returns {unknown} */
  contents() {
    return nothing;
  }

  /** @override */
  render() {
    return html`<button type="button" class="opener" aria-expanded=${this.isOpen}
        @click=${() => (this.isOpen ? this.close() : this.open())}>${this.label} ${icon("down")}</button>
      ${this.isOpen ? html`<div class="panel box" role="group" aria-label=${this.label}>${this.contents()}</div>` : nothing}`;
  }
}
