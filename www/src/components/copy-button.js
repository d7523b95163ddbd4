// @ts-check
// Copies the text of the element before it to the clipboard.

import { html } from "lit";
import { announce } from "./announce.js";
import { icon } from "./icons.js";
import { LightElement } from "./light-element.js";

/** Pages served over plain http have no clipboard API. @param {Element} element */
function copySelected(element) {
  getSelection()?.selectAllChildren(element);
  return document.execCommand("copy");
}

class CopyButton extends LightElement {
  /** @override */
  static properties = { name: {}, isCopied: { state: true } };

  constructor() {
    super();
    /** For screen readers, which do not see where the button is. */
    this.name = "";
    this.isCopied = false;
  }

  async #copy() {
    const element = this.previousElementSibling;
    if (!element) return;
    const copied = navigator.clipboard?.writeText(element.textContent ?? "").then(() => true);
    const isCopied = await Promise.resolve(copied).catch(() => false);
    if (!isCopied && !copySelected(element)) return announce(`${this.name} is selected: copy it with the keyboard`);
    announce(`${this.name} copied`);
    this.isCopied = true;
    setTimeout(() => {
      this.isCopied = false;
    }, 1500);
  }

  /** @override */
  render() {
    return html`<button type="button" class="copy" title="Copy" aria-label="Copy ${this.name}" @click=${this.#copy}>
      ${icon(this.isCopied ? "completed" : "copy")}
    </button>`;
  }
}

customElements.define("copy-button", CopyButton);

/** For a terminal or a configuration file. @param {string} text @param {string} name for screen readers */
export const codeLine = (text, name) => html`
  <div class="code-line"><pre><code>${text}</code></pre><copy-button .name=${name}></copy-button></div>`;
