// @ts-check
// Why it fails, what to do about it, and when CouchDB tries again.

import { html, nothing } from "lit";
import { ServerClock } from "../../model/clock.js";
import { counted, dateOf, duration, spaced } from "../../model/format.js";
import { LightElement } from "../light-element.js";
import { Ticks } from "../ticks.js";
import { time } from "../time.js";
import { words } from "../words.js";

/** @param {import("./sections.js").Shown} shown */
export function diagnosis({ row: { diagnosis, error }, fleet }) {
  if (diagnosis === null) return nothing;
  const { message, hint, cause, side, failures, permanent, next_retry } = diagnosis;
  const tags = [spaced(cause), side && `at the ${side}`, failures > 0 && `${counted(failures, "failure")} in a row`];
  return html`<section class="diagnosis">
    <h3>${words(message)}</h3>
    <p>${words(hint)}</p>
    <p class="tags flow">${tags.map((tag) => (tag ? html`<span class="tag">${tag}</span>` : nothing))}</p>
    ${
      permanent
        ? html`<p class="retry fault">CouchDB will not retry it.</p>`
        : html`<retry-countdown class="retry" .at=${next_retry} .clock=${fleet.clock}></retry-countdown>`
    }
    <details ?hidden=${error === null}>
      <summary>The server's own message</summary>
      <pre tabindex="0" role="region" aria-label="The server's own error message">${error}</pre>
    </details>
  </section>`;
}

class RetryCountdown extends LightElement {
  /** @override */
  static properties = { at: {}, clock: { attribute: false } };

  constructor() {
    super();
    /** @type {string | null} */
    this.at = null;
    this.clock = new ServerClock();
    new Ticks(this);
  }

  /** @override */
  render() {
    const at = dateOf(this.at);
    if (!at) return "CouchDB will retry it; the server does not report when.";
    const seconds = (at.getTime() - this.clock.now()) / 1000;
    const when = time(this.at);
    return seconds > 0
      ? html`Next retry in ${duration(seconds)}, at ${when} or shortly after.`
      : html`Retry due since ${when}: the scheduler checks once a minute.`;
  }
}

customElements.define("retry-countdown", RetryCountdown);
