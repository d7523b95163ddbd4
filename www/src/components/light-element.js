// @ts-check
// A component without a shadow tree: the page's style sheet and its labels reach inside.

import { LitElement } from "lit";

export class LightElement extends LitElement {
  /** @override */
  createRenderRoot() {
    return this;
  }

  /** An element inside, with the properties that it has. @param {string} selector @returns {any} */
  find(selector) {
    return this.querySelector(selector);
  }
}
