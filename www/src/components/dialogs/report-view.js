// @ts-check
// What became of each replication that was acted on.

import { html, nothing } from "lit";
import { counted, number } from "../../model/format.js";
import "../copy-button.js";
import { badge } from "../icons.js";

/** @typedef {import("../../model/actions.js").Report} Report */

/** How many results are shown; all of them are copied. */
const MAX_RESULTS = 200;

/** The state whose shape and color an outcome has. */
const LOOKS = /** @type {const} */ ({ done: "completed", failed: "failed", unknown: "unknown" });

/**
 * @param {Report} report
 * @param {{ onRetry: () => void, onClose: () => void }} actions
 */
export function reportView(report, { onRetry, onClose }) {
  const { failures, rest, halted } = report;
  // What needs attention comes first.
  const list = [...failures, ...report.successes];
  const hidden = list.length - MAX_RESULTS;
  return html`
    <h2 id="bulk-title" class="starts-here" tabindex="-1">${report.summary}</h2>
    ${halted ? html`<p class="trouble-box">${halted}</p>` : nothing}
    <ul class="results" tabindex="0" aria-label="Results">
      ${list.slice(0, MAX_RESULTS).map(
        ({ id, outcome, text }) => html`<li>
          ${badge(LOOKS[outcome], outcome)}
          <span><b>${id}</b> <span>${text}</span></span>
        </li>`,
      )}
      ${hidden > 0 ? html`<li class="hint">and ${counted(hidden, "other")}: copy the report to see all</li>` : nothing}
    </ul>
    <div class="buttons">
      <div class="copied"><pre class="visually-hidden" aria-hidden="true">${report.textOf(list)}</pre>
        <copy-button name="Report"></copy-button></div>
      ${
        rest.length > 0
          ? html`<button type="button" @click=${onRetry}>Try ${rest.length === 1 ? "it" : `these ${number(rest.length)}`} again</button>`
          : nothing
      }
      <button type="button" class="primary" @click=${onClose}>Close</button>
    </div>`;
}
