// @ts-check
// A table whose rows stay the same elements from one refresh to the next: nothing flickers, and scroll position, focus,
// selection and opened details are kept.

import { make } from "./dom.js";
import { RowGroup } from "./row-group.js";

/**
 * @template Row
 * @typedef {import("./row-group.js").Column<Row>} Column
 */

/**
 * @template Row
 * @typedef {object} TableOptions
 * @property {string} caption
 * @property {readonly Column<Row>[]} columns
 * @property {(row: Row) => string} key what makes a row the same one
 * @property {(row: Row) => string | null} trouble the line below a row: what is wrong
 */

/**
 * @template Row
 */
export class Table {
  #options;
  /** @type {Map<string, RowGroup<Row>>} */
  #groups = new Map();

  /** @param {TableOptions<Row>} options */
  constructor(options) {
    this.#options = options;
    const { caption, columns } = options;
    const headings = columns.map(({ className, name }) =>
      make("th", { className, scope: "col", role: "columnheader" }, name),
    );
    this.element = make(
      "table",
      { role: "table" },
      make("caption", { className: "visually-hidden" }, caption),
      make("thead", { role: "rowgroup" }, make("tr", { role: "row" }, ...headings)),
    );
  }

  /**
   * @param {readonly Row[]} rows
   * @param {boolean} mark whether the reader is to notice what has changed
   */
  update(rows, mark) {
    this.#keepOnly(new Set(rows.map(this.#options.key)));
    let next = this.element.tBodies.item(0);
    for (const row of rows) {
      const group = this.#draw(row, mark);
      // Moving an element would take the focus out of it, so those that are in place already stay untouched.
      if (group === next) next = /** @type {HTMLTableSectionElement | null} */ (group.nextElementSibling);
      else this.element.insertBefore(group, next);
    }
  }

  /** @param {Set<string>} keys */
  #keepOnly(keys) {
    for (const [key, group] of this.#groups) {
      if (keys.has(key)) continue;
      group.element.remove();
      this.#groups.delete(key);
    }
  }

  /**
   * @param {Row} row
   * @param {boolean} mark
   */
  #draw(row, mark) {
    const key = this.#options.key(row);
    let group = this.#groups.get(key);
    if (!group) {
      group = new RowGroup(this.#options.columns);
      this.#groups.set(key, group);
    }
    group.update(row, this.#options.trouble(row), mark);
    return group.element;
  }
}
