// @ts-check
// What the last audit found and no state shows: counts by kind, each of them a filter of the table.

import { html, nothing } from "lit";
import { kindInWords } from "../../model/findings.js";
import { counted, number } from "../../model/format.js";
import { icon } from "../icons.js";
import { findingItem } from "./finding-item.js";

/** Number of findings that are shown in full; the table shows the others. */
const MAX_IN_FULL = 3;

/**
 * @param {Pick<import("../../connection/insight.js").Insight, "findings" | "look">} insight
 * @param {string | null} chosen the kind by which the table is filtered
 * @param {(docId: string) => string} addressOf
 * @param {(kind: string | null) => void} onChoice
 */
export function findingsStrip({ findings, look }, chosen, addressOf, onChoice) {
  const isChosen = chosen !== null;
  if (findings.list.length === 0 && !isChosen && !look?.error && !look?.blindSpots.length) return nothing;
  // A kind stays until the user releases it, also if nothing of it is left.
  const kinds = [...findings.kinds];
  if (isChosen && !findings.kinds.has(/** @type {any} */ (chosen))) kinds.push([/** @type {any} */ (chosen), 0]);
  const list = isChosen ? findings.ofKind(chosen) : findings.general;
  return html`<section class="findings" id="findings" aria-labelledby="findings-title">
    <div class="finding-kinds flow" role="group" aria-labelledby="findings-title">
      <h2 id="findings-title">Findings</h2>
      ${kinds.map(
        ([kind, many]) =>
          html`<button type="button" class="finding-kind pill ${findings.ofKind(kind)[0]?.severity ?? "info"}"
            aria-pressed=${kind === chosen} @click=${() => onChoice(kind === chosen ? null : kind)}>
            ${icon("error")}<b>${number(many)}</b> ${kindInWords(kind)}
          </button>`,
      )}
      ${look ? lookInWords(look) : nothing}
    </div>
    <ul class="finding-list" tabindex="0" aria-labelledby="findings-title" ?hidden=${list.length === 0}>
      ${list.slice(0, MAX_IN_FULL).map((finding) => findingItem(finding, addressOf))}
    </ul>
    ${list.length > MAX_IN_FULL ? html`<p class="hint">And ${counted(list.length - MAX_IN_FULL, "other")}, in the table.</p>` : nothing}
  </section>`;
}

/** Calmly: not to know is not a trouble of a replication. @param {import("../../connection/insight.js").Look} look */
function lookInWords({ error, blindSpots }) {
  if (error) return html`<p class="hint">The last audit failed: ${error}</p>`;
  if (blindSpots.length === 0) return nothing;
  return html`<details class="blind-spots">
    <summary>${counted(blindSpots.length, "check was", "checks were")} not possible</summary>
    <ul>${blindSpots.map(({ what, error }) => html`<li><b>${what}</b>: ${error.message}</li>`)}</ul>
  </details>`;
}
