// @ts-check
// How the replications are shown: as a list, as a picture, or what happened to them.

import { html, nothing } from "lit";
import { goTo, VIEWS } from "../model/location.js";
import "./journal.js";
import "./topology/topology.js";

/** @typedef {import("../model/location.js").Place} Place */

/** @param {Place} place */
export const viewTabs = (place) => html`<div class="tabs view-tabs" role="group" aria-label="Views">
  ${VIEWS.map(
    (view) => html`<button type="button" aria-pressed=${view === place.view} @click=${() => goTo({ ...place, view })}>
      ${view[0]?.toUpperCase()}${view.slice(1)}</button>`,
  )}
</div>`;

/**
 * All views except the list.
 *
 * @param {Place} place
 * @param {import("../connection/fleet.js").Fleet} fleet
 * @param {(key: string) => string} addressOf
 */
export function otherView(place, fleet, addressOf) {
  const { rows, refreshedAt } = fleet[place.list];
  const filterBy = (
    /** @type {Partial<Place["filter"]>} */ filter,
    /** @type {{ replaces?: boolean }} */ options = {},
  ) => goTo({ ...place, filter: { ...place.filter, ...filter } }, options);
  if (place.view === "topology") {
    return html`<topology-view .rows=${rows} .stamp=${refreshedAt} .filter=${place.filter} .findings=${fleet.insight.findings}
      @choose-ends=${(/** @type {CustomEvent<Place["filter"]["ends"]>} */ { detail: ends }) => filterBy({ ends })}></topology-view>`;
  }
  if (place.view === "journal") {
    return html`<journal-view .journal=${fleet.journals?.[place.list] ?? null} .addressOf=${addressOf} .filter=${place.filter}
      @search-text=${(/** @type {CustomEvent<string>} */ { detail: text }) => filterBy({ text }, { replaces: true })}></journal-view>`;
  }
  return nothing;
}
