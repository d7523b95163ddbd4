// @ts-check
// Requests all backlogs, after it has said how many requests this takes.

import { html, nothing } from "lit";
import { requestsFor } from "../../model/backlogs.js";
import { counted, number } from "../../model/format.js";
import { LightElement } from "../light-element.js";

class MeasureAll extends LightElement {
  /** @override */
  static properties = { insight: { attribute: false }, measuring: { attribute: false }, isAsking: { state: true } };

  constructor() {
    super();
    /** @type {import("../../connection/insight.js").Insight | null} */
    this.insight = null;
    /** Its progress. @type {import("../../connection/insight.js").Measuring | null} */
    this.measuring = null;
    this.isAsking = false;
  }

  async #ask() {
    this.isAsking = !this.isAsking;
    await this.updateComplete;
    this.querySelector("button")?.focus();
  }

  #begin() {
    this.insight?.measureAll();
    void this.#ask();
  }

  /** @override */
  render() {
    const { insight, measuring, isAsking } = this;
    if (!insight) return nothing;
    if (measuring) {
      const { done, total } = measuring;
      return html`<progress max=${total} .value=${done} aria-label="Measured backlogs"></progress>
        <span role="status">${number(done)} of ${counted(total, "backlog")}</span>
        <button type="button" @click=${() => insight.cancelMeasuring()}>Cancel</button>`;
    }
    if (isAsking) {
      const jobs = insight.jobs();
      return html`<button type="button" class="primary" @click=${this.#begin}>Measure ${number(jobs.length)}</button>
        <button type="button" @click=${this.#ask}>Cancel</button>
        <span role="status">This takes up to ${counted(requestsFor(jobs), "request")}.</span>`;
    }
    return html`<button type="button" @click=${this.#ask}
        title="Backlogs and last progress are requested for the rows on the screen only">Measure all…</button>
      ${insight.measuringError ? html`<span class="hint" role="status">${insight.measuringError}</span>` : nothing}`;
  }
}

customElements.define("measure-all", MeasureAll);
