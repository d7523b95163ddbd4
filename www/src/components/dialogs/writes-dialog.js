// @ts-check
// Why nothing can be changed, and how to allow it.

import { html } from "lit";
import { Modal } from "./modal.js";

/** @extends {Modal<import("./modal.js").Task>} */
class WritesDialog extends Modal {
  /** @override */
  name = "writes";
  /** @override */
  isNarrow = true;

  /** @override */
  contents() {
    return html`
      <h2 id="writes-title">The server of this page refuses changes</h2>
      <p>It forwards requests that read, and refuses all others. To change replications, run it with
        <code>couchdb-scheduler serve --allow-writes</code> and reload this page.</p>
      <div class="buttons"><button type="button" class="primary" @click=${this.close}>Close</button></div>`;
  }
}

customElements.define("writes-dialog", WritesDialog);
