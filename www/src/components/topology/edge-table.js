// @ts-check
// The arrows of a topology as a table.

import { html, nothing } from "lit";
import { nameOfEnd } from "../../model/ends.js";
import { number } from "../../model/format.js";
import { fire } from "../fire.js";
import { icon } from "../icons.js";
import { LightElement } from "../light-element.js";

/** Number of rows that are added at once. */
const STEP = 200;

/**
 * @typedef {import("../../model/topology.js").TopologyEdge} TopologyEdge
 *
 * @typedef {object} Column
 * @property {string} title
 * @property {(edge: TopologyEdge) => string | number} value
 * @property {import("../icons.js").IconName} [symbol] of those that are not 0
 */

/** @type {Column[]} */
const COLUMNS = [
  { title: "Source", value: ({ source }) => nameOfEnd(source) },
  { title: "Target", value: ({ target }) => nameOfEnd(target) },
  { title: "Replications", value: ({ load }) => load.total },
  { title: "Unhealthy", value: ({ load }) => load.unhealthy, symbol: "error" },
  { title: "Retrying", value: ({ load }) => load.retrying, symbol: "pending" },
  { title: "Running", value: ({ load }) => load.states.running },
];

export class EdgeTable extends LightElement {
  /** @override */
  static properties = {
    edges: { attribute: false },
    ends: { attribute: false },
    column: { state: true },
    descending: { state: true },
    many: { state: true },
  };

  constructor() {
    super();
    /** @type {readonly TopologyEdge[]} */
    this.edges = [];
    /** The chosen ones. @type {import("../../model/filter.js").Ends | null} */
    this.ends = null;
    this.column = 3;
    this.descending = true;
    this.many = STEP;
  }

  get #sorted() {
    const { value } = /** @type {Column} */ (COLUMNS[this.column]);
    const sign = this.descending ? -1 : 1;
    const name = (/** @type {TopologyEdge} */ { source, target }) => `${source}\n${target}`;
    return [...this.edges].sort((a, b) => {
      const first = value(a);
      const second = value(b);
      if (first !== second) return first < second ? -sign : sign;
      return b.load.total - a.load.total || (name(a) < name(b) ? -1 : 1);
    });
  }

  /** @param {number} column */
  #sortBy(column) {
    this.descending = column === this.column ? !this.descending : column > 1;
    this.column = column;
  }

  /** @param {TopologyEdge} edge */
  #choose({ source, target }) {
    fire(this, "choose-arrow", { source, target });
  }

  /** @override */
  render() {
    const left = this.edges.length - this.many;
    return html`<div class="edges-box box" role="region" aria-label="Replications between them" tabindex="0">
      <table class="edges">
        <thead>
          <tr>${COLUMNS.map(({ title }, at) => this.#header(title, at))}</tr>
        </thead>
        <tbody>${this.#sorted.slice(0, this.many).map((edge) => this.#row(edge))}</tbody>
      </table>
      ${
        left > 0
          ? html`<button type="button" @click=${() => {
              this.many += STEP;
            }}>Show ${number(Math.min(left, STEP))} more of ${number(left)}</button>`
          : nothing
      }
    </div>`;
  }

  /** @param {string} title @param {number} at */
  #header(title, at) {
    const sort = at !== this.column ? nothing : this.descending ? "descending" : "ascending";
    return html`<th scope="col" class=${at > 1 ? "figure" : ""} aria-sort=${sort}>
      <button type="button" @click=${() => this.#sortBy(at)}>${title}${at === this.column ? icon("down") : nothing}</button>
    </th>`;
  }

  /** @param {TopologyEdge} edge */
  #row(edge) {
    const isChosen = edge.source === this.ends?.source && edge.target === this.ends?.target;
    const cell = (/** @type {Column} */ { title, value, symbol }, /** @type {number} */ at) => {
      const content = value(edge);
      const isSome = symbol && content !== 0;
      return at === 0
        ? html`<th scope="row"><button type="button" class="link" aria-pressed=${String(isChosen)}
            aria-label="${nameOfEnd(edge.source)} to ${nameOfEnd(edge.target)}"
            @click=${() => this.#choose(edge)}>${content}</button></th>`
        : html`<td class=${at > 1 ? `figure ${isSome ? title.toLowerCase() : ""}` : ""}>
            ${isSome ? icon(symbol) : nothing} ${typeof content === "number" ? number(content) : content}</td>`;
    };
    return html`<tr class=${isChosen ? "chosen" : ""}>${COLUMNS.map(cell)}</tr>`;
  }
}
