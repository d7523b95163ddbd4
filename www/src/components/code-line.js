// @ts-check
// Text for a terminal or a configuration file, with a button that copies it.

import { html } from "lit";
import "./copy-button.js";

/** @param {string} text @param {string} name for screen readers */
export const codeLine = (text, name) => html`
  <div class="code-line"><pre><code>${text}</code></pre><copy-button .name=${name}></copy-button></div>`;
