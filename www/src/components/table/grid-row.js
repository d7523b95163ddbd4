// @ts-check
// The elements of one row of the table; reused for another replication when this one is scrolled out of sight.

import { make, setAttribute, unmark } from "../dom.js";

/**
 * @typedef {import("../../model/row.js").Row} Row
 * @typedef {import("./columns.js").Column} Column
 */

export class GridRow {
  element = make("div", { className: "grid-row" });
  link = make("a");
  /** @type {Row | undefined} */
  row;
  /** @type {import("./columns.js").Cell[]} */
  #cells;

  /** @param {Column[]} columns @param {Column} heading the one that is a link */
  constructor(columns, heading) {
    this.element.role = "row";
    this.#cells = columns.map((column) => {
      const cell = column.make();
      const box = make("div", { className: `cell ${column.name}` }, cell.element);
      box.role = column === heading ? "rowheader" : "gridcell";
      if (column === heading && cell.element instanceof HTMLAnchorElement) this.link = cell.element;
      this.element.append(box);
      return cell;
    });
  }

  get key() {
    return this.row?.key ?? "";
  }

  /** @param {Row} row @param {string} address @param {boolean} isChosen */
  become(row, address, isChosen) {
    unmark(this.element);
    for (const cell of this.element.children) unmark(cell);
    setAttribute(this.link, "href", address);
    this.choose(isChosen);
    this.update(row);
  }

  /** @param {Row} row @returns {Element[]} the cells whose visible content has changed */
  update(row) {
    const isOtherState = this.row !== undefined && this.row.state !== row.state;
    this.row = row;
    setAttribute(this.element, "data-state", row.state);
    const changed = this.#cells.filter((cell) => cell.update(row)).map(({ element }) => element.parentElement);
    return isOtherState ? [this.element] : changed.filter((element) => element !== null);
  }

  /** @param {boolean} isChosen */
  choose(isChosen) {
    setAttribute(this.element, "aria-selected", String(isChosen));
  }

  /** @param {number} index in the list @param {number} height of a row */
  place(index, height) {
    setAttribute(this.element, "aria-rowindex", String(index + 2));
    const transform = `translateY(${index * height}px)`;
    if (this.element.style.transform !== transform) this.element.style.transform = transform;
  }
}
