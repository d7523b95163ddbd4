// @ts-check
// The element of one row of the table; reused for another replication when this one is scrolled out of sight.

import { html, nothing, render } from "lit";
import { unmark } from "../mark.js";

/**
 * @typedef {import("../../model/row.js").Row} Row
 * @typedef {import("./columns.js").Column} Column
 * @typedef {import("./columns.js").Extra} Extra
 *
 * @typedef {object} Look what all rows have in common; another object whenever one of these changes
 * @property {readonly Column[]} columns
 * @property {(row: Row) => Extra} extra
 * @property {((key: string) => string) | null} addressOf
 * @property {string | null} chosen
 * @property {ReadonlySet<string> | null} selected
 */

export class TableRow {
  element = document.createElement("div");
  /** @type {Row | undefined} */
  row;
  /** @type {Look | undefined} */
  #look;

  constructor() {
    this.element.className = "grid-row";
    this.element.role = "row";
  }

  get key() {
    return this.row?.key ?? "";
  }

  get link() {
    return this.element.querySelector("a");
  }

  /** Shows the same or another replication. @param {Row} row @param {Look} look @returns {Element[]} what the user should notice */
  show(row, look) {
    if (row === this.row && look === this.#look) return [];
    const before = this.row;
    const isUpdate = before?.key === row.key;
    const { element } = this;
    const texts = isUpdate && before !== row ? [...element.children].map((cell) => cell.textContent) : null;
    if (!isUpdate) for (const part of [element, ...element.children]) unmark(part);
    this.row = row;
    this.#look = look;
    this.#describe(row, look);
    render(cells(row, look), element);
    const box = element.querySelector("input");
    if (box) box.checked = look.selected?.has(row.key) ?? false;
    if (!texts) return [];
    if (before?.state !== row.state) return [element];
    return [...element.children].filter((cell, i) => cell.textContent !== texts[i]);
  }

  /** @param {Row} row @param {Look} look */
  #describe({ key, state }, { chosen, selected }) {
    const isChosen = key === chosen;
    this.#set("data-state", state);
    this.#set("part", `row ${state}${isChosen ? " chosen" : ""}`);
    // Where rows can be selected, the one with open details is the current one.
    this.#set("aria-selected", String(selected ? selected.has(key) : isChosen));
    this.#set("aria-current", String(isChosen));
  }

  /** @param {number} index in the list @param {number} height of a row */
  place(index, height) {
    this.#set("aria-rowindex", String(index + 2));
    const transform = `translateY(${index * height}px)`;
    if (this.element.style.transform !== transform) this.element.style.transform = transform;
  }

  /** Writes only what is different. @param {string} name @param {string} value */
  #set(name, value) {
    if (this.element.getAttribute(name) !== value) this.element.setAttribute(name, value);
  }
}

/** @param {Row} row @param {Look} look */
const cells = (row, { columns, extra, addressOf, selected }) => [
  selected === null
    ? nothing
    : html`<div class="cell select" part="cell select" role="gridcell"><input type="checkbox" tabindex="-1" aria-label="Select ${row.key}" /></div>`,
  columns.map((column) => {
    const content = column.render(row, extra(row));
    const { name, label } = column;
    return name === "id"
      ? html`<div class="cell id" part="cell id" role="rowheader"
          ><a href=${addressOf?.(row.key) ?? nothing} role=${addressOf ? nothing : "button"} aria-label=${row.key} title=${row.key} part="link">${content}</a></div>`
      : html`<div class="cell ${name}" part="cell ${name}" role="gridcell" aria-label=${label?.(row) ?? nothing}>${content}</div>`;
  }),
];
