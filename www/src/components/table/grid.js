// @ts-check
// A table of any length: only visible rows are elements. A replication keeps its element while it is visible, so
// that nothing flickers, and selection, focus and scroll position are kept.

import { icon, make, mark, setAttribute } from "../dom.js";
import { GridRow } from "./grid-row.js";

/**
 * @typedef {import("../../model/row.js").Row} Row
 * @typedef {import("./columns.js").Column} Column
 *
 * @typedef {object} GridOptions
 * @property {Column[]} columns
 * @property {Column} heading the column that names the row
 * @property {(key: string) => string} addressOf the target of the row's link
 * @property {(column: Column) => void} onSort
 */

/** Rows above and below the visible ones: what one turn of the wheel shows at once. */
const MARGIN = 6;
/** Milliseconds after which scrolling has ended. */
const SETTLED = 150;

export class Grid {
  #options;
  #box;
  #head = make("div", { className: "grid-head" });
  #body = make("div", { className: "grid-body" });
  /** @type {Map<string, HTMLElement>} */
  #headers = new Map();
  /** @type {Map<string, GridRow>} in the page, by key */
  #shown = new Map();
  /** @type {GridRow[]} not in the page, for reuse */
  #spare = [];
  /** @type {readonly Row[]} */
  #list = [];
  #rowHeight = 34;
  /** Height for rows in pixels: the headers cover the rest. */
  #height = 0;
  /** The row that the Tab key reaches. @type {string | null} */
  #active = null;
  /** @type {string | null} */
  #chosen = null;
  #isDue = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #stillScrolling;

  /** @param {HTMLElement} box the scrolling element @param {GridOptions} options */
  constructor(box, options) {
    this.#box = box;
    this.#options = options;
    box.role = "grid";
    this.#head.role = "rowgroup";
    this.#body.role = "rowgroup";
    this.#head.append(this.#makeHeaders());
    box.append(this.#head, this.#body);
    box.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.#body.addEventListener("keydown", (event) => this.#onKey(event));
    this.#body.addEventListener("focusin", ({ target }) => this.#onFocus(target));
    this.#body.addEventListener("focusout", () => this.#drawSoon());
    this.#body.addEventListener("click", (event) => this.#onClick(event));
    new ResizeObserver(() => this.#measure()).observe(box);
  }

  #makeHeaders() {
    const row = make("div", { className: "grid-row" });
    row.role = "row";
    row.ariaRowIndex = "1";
    for (const column of this.#options.columns) {
      const button = make("button", { type: "button" }, make("span", {}, column.title), icon("down"));
      button.addEventListener("click", () => this.#options.onSort(column));
      const header = make("div", { className: `cell ${column.name}` }, button);
      header.role = "columnheader";
      this.#headers.set(column.name, header);
      row.append(header);
    }
    return row;
  }

  /** Sets a column's header, for lists that are not of documents. @param {string} name @param {string} title */
  setTitle(name, title) {
    const label = this.#headers.get(name)?.querySelector("span");
    if (label) label.textContent = title;
  }

  /** @param {{ column: string, descending: boolean }} order */
  showOrder({ column, descending }) {
    for (const [name, header] of this.#headers) {
      setAttribute(header, "aria-sort", name === column ? (descending ? "descending" : "ascending") : null);
    }
  }

  /** The style sheet defines the height of rows, which depends on the available width. */
  #measure() {
    this.#height = this.#box.clientHeight - this.#head.offsetHeight;
    const height = Number.parseFloat(getComputedStyle(this.#box).getPropertyValue("--row-height"));
    if (height !== this.#rowHeight && height > 0) {
      const first = this.#box.scrollTop / this.#rowHeight;
      this.#rowHeight = height;
      this.#resize();
      this.#box.scrollTop = first * height;
    }
    this.#draw();
  }

  #resize() {
    this.#body.style.height = `${this.#list.length * this.#rowHeight}px`;
  }

  get #firstInSight() {
    return Math.floor(this.#box.scrollTop / this.#rowHeight);
  }

  /**
   * @param {readonly Row[]} list
   * @param {boolean} [isAnother] another filter or order: scrolls to the top; otherwise the visible rows stay where they are
   */
  show(list, isAnother = false) {
    const anchor = isAnother ? null : this.#anchor(list);
    this.#list = list;
    setAttribute(this.#box, "aria-rowcount", String(list.length + 1));
    this.#resize();
    if (isAnother) this.#box.scrollTop = 0;
    else if (anchor) this.#box.scrollTop += anchor.moved * this.#rowHeight;
    this.#draw();
  }

  /**
   * Returns how far the first visible unchanged row has moved. At the top, the list stays at the top.
   *
   * @param {readonly Row[]} list
   */
  #anchor(list) {
    if (this.#box.scrollTop === 0) return null;
    const end = Math.min(this.#list.length, this.#firstInSight + Math.ceil(this.#height / this.#rowHeight));
    for (let i = this.#firstInSight; i < end; i++) {
      const row = this.#list[i];
      if (!row || row.isStale) continue;
      const now = list.indexOf(row);
      return now < 0 ? null : { moved: now - i };
    }
    return null;
  }

  /** @param {string | null} key */
  choose(key) {
    this.#chosen = key;
    for (const row of this.#shown.values()) row.choose(row.key === key);
  }

  /** @param {string} key @returns {boolean} whether it is in the list */
  reveal(key) {
    const index = this.#indexOf(key);
    const top = index * this.#rowHeight;
    const isInSight = top >= this.#box.scrollTop && top + this.#rowHeight <= this.#box.scrollTop + this.#height;
    if (index >= 0 && !isInSight) this.#box.scrollTop = top - (this.#height - this.#rowHeight) / 2;
    return index >= 0;
  }

  /** @param {string} key */
  focus(key) {
    const index = this.#indexOf(key);
    if (index < 0) return this.focusFirst();
    this.#scrollTo(index);
    this.#active = key;
    this.#draw();
    this.#shown.get(key)?.link.focus({ preventScroll: true });
  }

  focusFirst() {
    const [first] = this.#list;
    if (first) this.focus(first.key);
    else this.#box.focus();
  }

  /** @param {string} key */
  #indexOf(key) {
    return this.#list.findIndex((row) => row.key === key);
  }

  /** @param {number} index */
  #scrollTo(index) {
    const top = index * this.#rowHeight;
    const { scrollTop } = this.#box;
    if (top < scrollTop) this.#box.scrollTop = top;
    else if (top + this.#rowHeight > scrollTop + this.#height) {
      this.#box.scrollTop = top + this.#rowHeight - this.#height;
    }
  }

  /** While scrolling, elements keep their order in the page: moving one costs more than filling it again. */
  #scrolled() {
    clearTimeout(this.#stillScrolling);
    this.#stillScrolling = setTimeout(() => {
      this.#stillScrolling = undefined;
      this.#draw();
    }, SETTLED);
    this.#drawSoon();
  }

  #drawSoon() {
    if (this.#isDue) return;
    this.#isDue = true;
    requestAnimationFrame(() => {
      this.#isDue = false;
      this.#draw();
    });
  }

  #draw() {
    // Read before any write, so that the browser does not lay out the page in between.
    const first = this.#firstInSight;
    const visible = Math.ceil(Math.max(0, this.#height) / this.#rowHeight);
    const from = Math.max(0, first - MARGIN);
    const to = Math.min(this.#list.length, first + visible + 1 + MARGIN);
    const focused = this.#focusedKey();
    /** @type {{ row: Row, index: number }[]} */
    const wanted = [];
    for (let index = from; index < to; index++) {
      const row = this.#list[index];
      if (row) wanted.push({ row, index });
    }
    // The row with the focus stays in the page, wherever it is.
    const far = focused === null ? -1 : this.#indexOf(focused);
    const farRow = this.#list[far];
    if (farRow && far < from) wanted.unshift({ row: farRow, index: far });
    if (farRow && far >= to) wanted.push({ row: farRow, index: far });

    this.#release(new Set(wanted.map(({ row }) => row.key)));
    const rows = wanted.map(({ row, index }) => this.#drawRow(row, index));
    const elements = rows.map(({ element }) => element);
    if (this.#stillScrolling === undefined) this.#arrange(elements);
    else for (const element of elements) if (!element.isConnected) this.#body.append(element);
    for (const { element } of this.#spare) element.remove();
    // Only as many as needed for scrolling.
    this.#spare.length = Math.min(this.#spare.length, elements.length);
    this.#chooseTabStop(first);
    // The row with the focus is gone: focus its neighbor.
    if (focused !== null && far < 0) {
      const index = Math.min(this.#lastFocusedIndex, this.#list.length - 1);
      const next = this.#list[index];
      if (next) this.focus(next.key);
      else this.#box.focus();
    } else if (far >= 0) this.#lastFocusedIndex = far;
  }

  #lastFocusedIndex = 0;

  #focusedKey() {
    const { activeElement } = document;
    if (!activeElement || !this.#body.contains(activeElement)) return null;
    for (const row of this.#shown.values()) if (row.element.contains(activeElement)) return row.key;
    return null;
  }

  /** @param {Set<string>} wanted */
  #release(wanted) {
    for (const [key, row] of this.#shown) {
      if (wanted.has(key)) continue;
      this.#shown.delete(key);
      this.#spare.push(row);
    }
  }

  /** @param {Row} row @param {number} index */
  #drawRow(row, index) {
    let shown = this.#shown.get(row.key);
    if (!shown) {
      shown = this.#spare.shift() ?? new GridRow(this.#options.columns, this.#options.heading);
      this.#shown.set(row.key, shown);
      shown.become(row, this.#options.addressOf(row.key), row.key === this.#chosen);
    } else if (shown.row !== row) {
      for (const element of shown.update(row)) mark(element);
    }
    shown.place(index, this.#rowHeight);
    return shown;
  }

  /** Reorders elements as in the list, for assistive technology; nothing with the focus is moved. @param {HTMLElement[]} elements */
  #arrange(elements) {
    const focused = document.activeElement;
    let next = this.#body.firstElementChild;
    for (const element of elements) {
      if (element === next) {
        next = next.nextElementSibling;
      } else if (element.contains(focused)) {
        while (next && next !== element) {
          const passed = next;
          next = next.nextElementSibling;
          this.#body.append(passed);
        }
        next = element.nextElementSibling;
      } else {
        this.#body.insertBefore(element, next);
      }
    }
  }

  /** The Tab key reaches one row: the last one used, or the first visible one. @param {number} first index */
  #chooseTabStop(first) {
    const stop = this.#active !== null && this.#shown.has(this.#active) ? this.#active : this.#list[first]?.key;
    for (const { key, link } of this.#shown.values()) {
      const index = key === stop ? 0 : -1;
      if (link.tabIndex !== index) link.tabIndex = index;
    }
  }

  /** @param {EventTarget | null} target */
  #onFocus(target) {
    for (const { key, element } of this.#shown.values()) {
      if (!element.contains(/** @type {Node} */ (target))) continue;
      this.#active = key;
      this.#lastFocusedIndex = this.#indexOf(key);
    }
    this.#chooseTabStop(this.#firstInSight);
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.altKey || event.metaKey) return;
    const page = Math.max(1, Math.floor(this.#height / this.#rowHeight) - 1);
    const last = this.#list.length - 1;
    const from = this.#active === null ? 0 : this.#indexOf(this.#active);
    /** @type {Record<string, number>} */
    const ways = {
      ArrowDown: from + 1,
      ArrowUp: from - 1,
      PageDown: from + page,
      PageUp: from - page,
      Home: 0,
      End: last,
    };
    const to = ways[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const row = this.#list[Math.min(last, Math.max(0, to))];
    if (row) this.focus(row.key);
  }

  /** A click anywhere in the row follows its link, unless the user is selecting text. @param {MouseEvent} event */
  #onClick({ target }) {
    const element = target instanceof Element ? target : null;
    if (element?.closest("a") || getSelection()?.type === "Range") return;
    for (const row of this.#shown.values()) {
      if (element && row.element.contains(element)) return row.link.click();
    }
  }
}
