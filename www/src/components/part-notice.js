// @ts-check
// Says that a part of the page takes long to load, or cannot be loaded.

import { html, nothing } from "lit";
import { LightElement } from "./light-element.js";
import { missing, parts } from "./parts.js";

/** Milliseconds that nobody notices. */
const SOON = 400;

class PartNotice extends LightElement {
  #changed = () => {
    if ([...missing.values()].includes("loading")) setTimeout(() => this.requestUpdate(), SOON);
    else this.requestUpdate();
  };

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    parts.addEventListener("change", this.#changed);
  }

  /** @override */
  disconnectedCallback() {
    super.disconnectedCallback();
    parts.removeEventListener("change", this.#changed);
  }

  /** @override */
  render() {
    const all = [...missing.values()];
    if (all.includes("failed")) {
      return html`<div class="notice part-notice">
        <p role="alert">A part of this page cannot be loaded: its server has a newer version, or does not respond. Reload the page.</p>
        <button type="button" @click=${() => location.reload()}>Reload</button>
      </div>`;
    }
    return html`<p class="part-notice" role="status">${all.length > 0 ? "Loading…" : nothing}</p>`;
  }
}

customElements.define("part-notice", PartNotice);
