// @ts-check
// Whether the shown data is current: the time of the last refresh, and the error if it failed.

import { html, nothing } from "lit";
import { duration, exactTime, timeOfDay } from "../model/format.js";
import { fire } from "./fire.js";
import { icon } from "./icons.js";
import { LightElement } from "./light-element.js";
import { Ticks } from "./ticks.js";

/** @param {{ refreshedAt: number | null, failure: object | null }} list */
export function freshness({ refreshedAt, failure }) {
  const date = new Date(refreshedAt ?? 0);
  const iso = date.toISOString();
  return html`<p class="freshness ${failure ? "stale" : ""}" id="freshness" ?hidden=${refreshedAt === null}>
    ${icon(failure ? "error" : "completed")}<span>${failure ? "Not refreshed since" : "Refreshed"}</span>
    ${refreshedAt === null ? nothing : html`<time datetime=${iso} title=${exactTime(iso)}>${timeOfDay(date)}</time>`}
  </p>`;
}

/** @fires hurry the user does not want to wait for the next attempt */
class FailureNotice extends LightElement {
  /** @override */
  static properties = { words: {}, retryAt: { attribute: false } };

  constructor() {
    super();
    /** Empty: the last refresh succeeded. */
    this.words = "";
    /** ms since 1970; null: unknown. @type {number | null} */
    this.retryAt = null;
    new Ticks(this);
  }

  /** @override */
  render() {
    const seconds = this.retryAt === null ? 0 : (this.retryAt - Date.now()) / 1000;
    return html`<div class="notice flow" id="notice" ?hidden=${this.words === ""}>
      <p id="notice-text" role="alert">${this.words}</p>
      <button type="button" id="hurry" title=${seconds > 0 ? `Next attempt in ${duration(seconds)}` : nothing}
        @click=${() => fire(this, "hurry")}>
        ${seconds >= 0.5 ? `Try now (or in ${duration(seconds)})` : "Try now"}
      </button>
    </div>`;
  }
}

customElements.define("failure-notice", FailureNotice);
