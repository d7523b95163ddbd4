// @ts-check
// What is known beyond the lists, above the table: findings, capacity, backlogs.

import { html, nothing } from "lit";
import { AUTOMATIC_LIMIT } from "../../connection/insight.js";
import { fragmentOf, goTo } from "../../model/location.js";
import { EXTRA, withColumns } from "../table/columns.js";
import { capacityPanel } from "./capacity-panel.js";
import { findingsStrip } from "./findings-strip.js";
import "./measure-all.js";

/** @typedef {import("../../model/location.js").Place} Place */

/** Whether the backlogs of rows are shown. @param {Place} place */
export const showsBacklogs = ({ list, view, columns }) =>
  list === "docs" && view === "replications" && ["backlog", "last_progress"].some((name) => columns?.includes(name));

/** Shows the columns that say whether replications move, the largest backlogs first; or hides them. @param {Place} place */
function toggle(place) {
  const areShown = !showsBacklogs(place);
  const order = EXTRA.includes(place.order?.column ?? "") ? null : place.order;
  goTo({
    ...place,
    columns: withColumns(place.columns, EXTRA, areShown),
    order: areShown ? { column: "backlog", descending: true } : order,
  });
}

/**
 * @param {import("../../connection/fleet.js").Fleet} fleet
 * @param {Place} place
 * @param {(finding: string | null) => void} onFinding
 */
export function insightBar({ insight, docs }, place, onFinding) {
  const addressOf = (/** @type {string} */ key) => fragmentOf({ ...place, list: "docs", key });
  const { pending } = docs.rows.tally.states;
  return html`<div class="insight flow">
    ${findingsStrip(insight, place.filter.finding, addressOf, onFinding)}
    ${
      place.list === "docs" && place.view === "replications"
        ? html`<button type="button" class="pill" id="backlogs" aria-pressed=${showsBacklogs(place)} @click=${() => toggle(place)}>
            Backlog, last progress, findings</button>`
        : nothing
    }
    ${
      showsBacklogs(place) && insight.jobs().length > AUTOMATIC_LIMIT
        ? html`<measure-all class="flow" .insight=${insight} .measuring=${insight.measuring}></measure-all>`
        : nothing
    }
    ${capacityPanel(insight, pending, addressOf, () => insight.requestCapacity())}
  </div>`;
}
