// @ts-check
// One replication in full.

import { html, nothing } from "lit";
import { meaningOf } from "../../model/states.js";
import { fire } from "../fire.js";
import { badge } from "../icons.js";
import { LightElement } from "../light-element.js";
import { sections } from "./sections.js";

/**
 * @typedef {import("../../model/row.js").Row} Row
 *
 * @fires close
 * @fires {CustomEvent<{ action: "restart" | "change" | "stop", row: Row }>} act
 */
class ReplicationDetails extends LightElement {
  /** @override */
  static properties = {
    key: {},
    row: { attribute: false },
    fleet: { attribute: false },
    refreshedAt: { attribute: false },
    missing: {},
    mayWrite: { attribute: false },
    job: { state: true },
  };

  #isReading = false;

  constructor() {
    super();
    this.key = "";
    /** The newest row; null if there is none. @type {Row | null} */
    this.row = null;
    /** @type {import("../../connection/fleet.js").Fleet | null} */
    this.fleet = null;
    /** ms since 1970: also an unchanged row says something, when time has passed. @type {number | null} */
    this.refreshedAt = null;
    /** Why there is no row. */
    this.missing = "";
    this.mayWrite = false;
    /** The history of a document's replication is in its job. @type {import("couchdb-scheduler").ReplicationJob | null} */
    this.job = null;
    this.addEventListener("keydown", ({ key }) => {
      if (key === "Escape") fire(this, "close");
    });
  }

  focusTitle() {
    this.querySelector("h2")?.focus();
  }

  /** @override @param {Map<string, any>} changed */
  willUpdate(changed) {
    if (changed.has("key") || changed.has("fleet")) this.job = null;
    if (changed.has("fleet")) changed.get("fleet")?.watchOne(null);
  }

  /** @override */
  disconnectedCallback() {
    super.disconnectedCallback();
    this.fleet?.watchOne(null);
  }

  /** @override @param {Map<string, unknown>} changed */
  updated(changed) {
    if (changed.has("key")) this.scrollTop = 0;
    // Again after each refresh, if it has ended by an error. Transient jobs have no document.
    this.fleet?.watchOne(this.row?.given.doc_id === null ? null : this.key);
    if (changed.has("row") || changed.has("refreshedAt")) void this.#readJob();
  }

  /** @returns {Promise<void>} */
  async #readJob() {
    const { row, fleet, key } = this;
    if (this.#isReading || !fleet || !row || row.given.doc_id === null || row.given.id === null) return;
    this.#isReading = true;
    const job = await fleet.connection.scheduler.getJob(row.given.id).catch(() => null);
    this.#isReading = false;
    // Another one was selected in the meantime.
    if (this.key !== key || this.fleet !== fleet) return this.#readJob();
    // It has ended, or the server does not respond: the list reports this, too.
    if (job) this.job = job;
  }

  /** @override */
  render() {
    const { row, fleet, key, refreshedAt } = this;
    // A job without a document ends with another request to /_replicate, which only the user who started it can send.
    const mayAct = this.mayWrite && row !== null && row.given.doc_id !== null;
    const job = row?.given.id === this.job?.id ? this.job : null;
    return html`
      <div class="details-head">
        <div class="details-title">
          <h2 id="details-title" tabindex="-1">${key}</h2>
          <button type="button" class="close" title="Close (Esc)" @click=${() => fire(this, "close")}>Close</button>
        </div>
        <p class="details-state flow">
          ${
            row &&
            html`${badge(row.state, row.given.state ?? row.state)}
            <span class="hint">${meaningOf(row)}</span>`
          }
        </p>
        ${mayAct ? actions((action) => fire(this, "act", { action, row })) : nothing}
      </div>
      ${row && fleet ? sections({ row, job, fleet, at: refreshedAt }) : html`<p class="missing hint">${this.missing}</p>`}`;
  }
}

/** @param {(action: "restart" | "change" | "stop") => void} onAct */
const actions = (onAct) => html`<div class="details-actions flow">
  <button type="button" @click=${() => onAct("restart")}>Restart…</button>
  <button type="button" @click=${() => onAct("change")}>Change…</button>
  <button type="button" class="danger" @click=${() => onAct("stop")}>Stop…</button>
</div>`;

customElements.define("replication-details", ReplicationDetails);
