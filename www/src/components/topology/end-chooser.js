// @ts-check
// What the nodes of the picture are for, next to the table: choosing a server shows its databases, choosing a database narrows.

import { html } from "lit";
import { nameOfEnd } from "../../model/ends.js";

/** Number of servers or databases that can be chosen: the largest. */
const MAX_CHOICES = 500;

/**
 * @typedef {import("../../model/ends.js").End} End
 *
 * @param {import("../../model/topology.js").Topology} whole
 * @param {readonly (End | undefined)[]} present the shown server and the chosen end, which `whole` may not have
 * @param {End | undefined} chosen undefined: all
 * @param {(end: End | undefined) => void} onChoice
 */
export function endChooser({ nodes }, present, chosen, onChoice) {
  const ends = [...new Set([...present, ...nodes.slice(0, MAX_CHOICES).map(({ end }) => end)])];
  const choices = [undefined, ...ends.filter((end) => end !== undefined)];
  const choose = (/** @type {Event} */ { target }) =>
    onChoice(choices[/** @type {HTMLSelectElement} */ (target).selectedIndex]);
  return html`<div class="field">
    <label for="topology-end">Server or database</label>
    <select id="topology-end" @change=${choose}>${choices.map(
      (end) => html`<option .selected=${end === chosen}>${end === undefined ? "All servers" : nameOfEnd(end)}</option>`,
    )}</select>
  </div>`;
}
