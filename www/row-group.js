// @ts-check
// One row of a table, and the line below it with what is wrong. They share a `tbody`, so that they move as one.

import { make, setText } from "./dom.js";

/**
 * @template Row
 * @typedef {object} Column
 * @property {string} className of its cells
 * @property {string} name the heading
 * @property {(row: Row) => string} text what the cell says; it is drawn anew when this changes
 * @property {(row: Row) => Node | string} [draw] how, where it is more than the text
 * @property {(row: Row) => string} [title] the whole of what a narrow cell has to cut
 * @property {boolean} [heads] its cells name the row
 */

/**
 * @template Row
 */
export class RowGroup {
  #columns;
  /** @type {HTMLTableCellElement[]} */
  #cells;
  /** What each cell says now. @type {(string | undefined)[]} */
  #texts;
  /** @type {HTMLTableRowElement | undefined} */
  #trouble;

  /** @param {readonly Column<Row>[]} columns */
  constructor(columns) {
    this.#columns = columns;
    this.#cells = columns.map(makeCell);
    this.#texts = [];
    // The roles are what these elements are anyway; narrow screens lay them out as cards, and browsers then forget.
    const row = make("tr", { role: "row" }, ...this.#cells);
    this.element = make("tbody", { role: "rowgroup" }, row);
    this.element.addEventListener("animationend", ({ target }) => {
      if (target instanceof Element) target.classList.remove("changed");
    });
  }

  /**
   * Touches only what has changed.
   *
   * @param {Row} row
   * @param {string | null} trouble
   * @param {boolean} mark whether the reader is to notice
   */
  update(row, trouble, mark) {
    this.#columns.forEach((column, i) => {
      const cell = /** @type {HTMLTableCellElement} */ (this.#cells[i]);
      const text = column.text(row);
      if (this.#texts[i] !== text) {
        this.#texts[i] = text;
        cell.replaceChildren(column.draw ? column.draw(row) : text);
        if (mark) cell.classList.add("changed");
      }
      const title = column.title?.(row) ?? "";
      if (cell.title !== title) cell.title = title;
    });
    this.#updateTrouble(trouble);
  }

  /** @param {string | null} text */
  #updateTrouble(text) {
    this.element.classList.toggle("troubled", text !== null);
    if (text === null) {
      this.#trouble?.remove();
      this.#trouble = undefined;
      return;
    }
    if (!this.#trouble) {
      this.#trouble = makeTroubleRow(this.#columns.length);
      this.element.append(this.#trouble);
    }
    const [short, whole] = this.#trouble.querySelectorAll(".short, pre");
    // Erlang breaks its terms into lines; the short form has one.
    if (short) setText(short, text.replace(/\s+/g, " "));
    if (whole) setText(whole, text);
  }
}

/**
 * @template Row
 * @param {Column<Row>} column
 */
function makeCell({ className, name, heads }) {
  const cell = make(heads ? "th" : "td", { className, role: heads ? "rowheader" : "cell" });
  if (heads) cell.scope = "row";
  // Cards have no column headings.
  cell.dataset.label = name;
  return cell;
}

/** @param {number} columns */
function makeTroubleRow(columns) {
  const summary = make(
    "summary",
    {},
    make("span", { className: "short" }),
    make("span", { className: "long" }, "What the server says"),
  );
  const details = make("details", {}, summary, make("pre"));
  const cell = make("td", { colSpan: columns, className: "trouble-cell", role: "cell" }, details);
  return make("tr", { className: "trouble-row", role: "row" }, cell);
}
