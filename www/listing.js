// @ts-check
// A table in its scrolling box, with as many rows as a page can carry, and what to say when there are none.

import { make, setText } from "./dom.js";
import { number } from "./format.js";
import { Table } from "./table.js";

/** Rows drawn at once, and added with each "show more": thousands would make every refresh felt. */
const STEP = 500;

/**
 * @template Row
 */
export class Listing {
  #table;
  #limit = STEP;
  /** @type {readonly Row[]} */
  #rows = [];
  #foot = make("div", { className: "foot" });
  #extent = make("p");
  #more = make("button", { type: "button" }, `Show ${STEP} more`);
  #panel;
  #box;

  /**
   * @param {HTMLElement} panel
   * @param {import("./table.js").TableOptions<Row>} options
   */
  constructor(panel, options) {
    this.#panel = panel;
    this.#table = new Table(options);
    this.#more.addEventListener("click", () => {
      this.#limit += STEP;
      this.#draw(false);
    });
    this.#foot.append(this.#extent, this.#more);
    // The box can be scrolled with the keyboard because it can have the focus.
    this.#box = make("div", { className: "box", tabIndex: 0, role: "region", ariaLabel: options.caption });
    this.#box.append(this.#table.element, this.#foot);
    panel.append(this.#box);
  }

  /**
   * Nothing is drawn where nobody sees it.
   *
   * @param {readonly Row[]} rows
   * @param {object} how
   * @param {boolean} how.mark whether the reader is to notice what has changed
   * @param {string} how.empty what to say where there are no rows
   */
  show(rows, { mark, empty }) {
    this.#rows = rows;
    if (this.#panel.hidden) return;
    this.#draw(mark);
    if (rows.length === 0) setText(this.#extent, empty);
  }

  /** For another selection of rows: back to its beginning. */
  rewind() {
    this.#limit = STEP;
    this.#box.scrollTop = 0;
  }

  /** @param {boolean} mark */
  #draw(mark) {
    const all = this.#rows.length;
    const drawn = Math.min(all, this.#limit);
    this.#table.update(this.#rows.slice(0, drawn), mark);
    this.#more.hidden = drawn === all;
    this.#foot.hidden = drawn === all && all > 0;
    setText(this.#extent, `The first ${number(drawn)} of ${number(all)}`);
  }
}
