// @ts-check
// Names and values.

import { html, nothing } from "lit";
import { dateOf } from "../../model/format.js";
import "../copy-button.js";
import { time } from "../time.js";

/**
 * @typedef {object} Fact
 * @property {string} name
 * @property {string | null} value null: omitted
 * @property {"copy" | "time"} [how] with a copy button; as a time
 */

/** @param {string} className @param {Fact[]} list */
export const facts = (className, list) => html`<dl class="facts ${className}">${list.map(fact)}</dl>`;

/** @param {Fact} fact */
function fact({ name, value, how }) {
  if (value === null) return nothing;
  const shown = how === "time" && dateOf(value) ? time(value) : value;
  return html`<dt>${name}</dt>
    <dd><span>${shown}</span>${how === "copy" ? html`<copy-button .name=${name}></copy-button>` : nothing}</dd>`;
}
