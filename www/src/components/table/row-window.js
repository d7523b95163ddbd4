// @ts-check
// The rows of a table that are elements: the visible ones and a few more. A replication keeps its element while it is
// visible, so that nothing flickers, and selection, focus and scroll position are kept. 100,000 rows of 117 pixels are
// well below the height that browsers allow (Firefox: 17.8 million pixels).

import { observeElementOffset, Virtualizer } from "@tanstack/virtual-core";
import { mark } from "../mark.js";
import { TableRow } from "./table-row.js";

/**
 * @typedef {import("../../model/row.js").Row} Row
 * @typedef {import("./table-row.js").Look} Look
 */

/** Rows above and below the visible ones: what one turn of the wheel shows at once. */
const MARGIN = 7;

export class RowWindow {
  #box;
  #head;
  #body;
  #virtualizer;
  /** @type {readonly Row[]} */
  #list = [];
  /** @type {Look} */
  #look;
  /** @type {Map<string, TableRow>} in the page, by key */
  #shown = new Map();
  /** @type {TableRow[]} not in the page, for reuse */
  #spare = [];
  #rowHeight = 34;
  /** Height for rows in pixels: the headers cover the rest. */
  #height = 0;
  /** The row that the Tab key reaches. @type {string | null} */
  #active = null;
  #lastFocusedIndex = 0;
  /** @type {readonly string[]} */
  #keys = [];
  #onShown;

  /**
   * @param {HTMLElement} box the scrolling element, with headers and body
   * @param {Look} look
   * @param {(keys: readonly string[]) => void} onShown other rows are elements now, and the user does not scroll
   */
  constructor(box, look, onShown) {
    this.#onShown = onShown;
    this.#box = box;
    this.#head = /** @type {HTMLElement} */ (box.firstElementChild);
    this.#body = /** @type {HTMLElement} */ (box.lastElementChild);
    this.#look = look;
    this.#virtualizer = new Virtualizer(this.#options());
    this.#body.addEventListener("focusin", ({ target }) => this.#onFocus(target));
    // A row that stayed in the page for its focus leaves it.
    this.#body.addEventListener("focusout", () => requestAnimationFrame(() => this.#draw()));
  }

  /** @returns {import("@tanstack/virtual-core").VirtualizerOptions<HTMLElement, HTMLElement>} */
  #options() {
    return {
      count: this.#list.length,
      overscan: MARGIN,
      getScrollElement: () => this.#box,
      estimateSize: () => this.#rowHeight,
      observeElementOffset,
      observeElementRect: (_, report) => {
        const observer = new ResizeObserver(() => {
          this.measure();
          report({ width: 0, height: this.#height });
          this.#draw();
        });
        observer.observe(this.#box);
        return () => observer.disconnect();
      },
      scrollToFn: (offset) => this.#scrollTo(offset),
      onChange: () => this.#draw(),
    };
  }

  /** Begins to observe the box, which is in the page. */
  connect() {
    this.#virtualizer._willUpdate();
  }

  disconnect() {
    this.#virtualizer._didMount()();
  }

  /**
   * @param {readonly Row[]} list
   * @param {Look} look
   * @param {boolean} isAnother another filter or order: from its top; otherwise the visible rows stay where they are
   */
  show(list, look, isAnother) {
    const top = isAnother ? 0 : this.#anchored(list);
    this.#list = list;
    this.#look = look;
    this.#place(top);
    this.#draw();
  }

  /**
   * The style sheet defines the height of rows, which depends on the available width and on the columns. The row with the focus stays
   * in sight.
   */
  measure() {
    const focused = this.indexOf(this.#focusedKey);
    const wasInSight = focused >= 0 && this.#isInSight(focused);
    this.#height = Math.max(0, this.#box.clientHeight - this.#head.offsetHeight);
    const height = Number.parseFloat(getComputedStyle(this.#box).getPropertyValue("--row-height"));
    if (height !== this.#rowHeight && height > 0) {
      const top = (this.#box.scrollTop / this.#rowHeight) * height;
      this.#rowHeight = height;
      this.#place(top);
      this.#virtualizer.measure();
    }
    if (wasInSight) this.#scrollTo(this.#nearest(focused));
  }

  // ------------------------------------------------------------------------------ scrolling

  /** Makes room for the rows, and scrolls. @param {number} top */
  #place(top) {
    this.#virtualizer.setOptions(this.#options());
    const height = `${this.#list.length * this.#rowHeight}px`;
    if (this.#body.style.height !== height) this.#body.style.height = height;
    this.#scrollTo(top);
  }

  /** The rows of the new position are known at once, not when the browser reports it. @param {number} top */
  #scrollTo(top) {
    if (this.#box.scrollTop !== top) this.#box.scrollTop = top;
    this.#virtualizer.scrollOffset = this.#box.scrollTop;
  }

  /** The nearest scroll position that shows the whole row. @param {number} index */
  #nearest(index) {
    const top = index * this.#rowHeight;
    return Math.min(top, Math.max(this.#box.scrollTop, top + this.#rowHeight - this.#height));
  }

  /** Browsers round heights and positions. @param {number} index */
  #isInSight(index) {
    return Math.abs(this.#nearest(index) - this.#box.scrollTop) < 1;
  }

  get #firstInSight() {
    return Math.floor((this.#virtualizer.scrollOffset ?? 0) / this.#rowHeight);
  }

  /**
   * Returns where the first visible unchanged row stays in its place. At the top, the list stays at the top.
   *
   * @param {readonly Row[]} list
   */
  #anchored(list) {
    const { scrollTop } = this.#box;
    if (scrollTop === 0 || list === this.#list) return scrollTop;
    const first = Math.floor(scrollTop / this.#rowHeight);
    const end = Math.min(this.#list.length, first + Math.ceil(this.#height / this.#rowHeight));
    for (let i = first; i < end; i++) {
      const row = this.#list[i];
      if (!row || row.isStale) continue;
      const now = list.indexOf(row);
      return now < 0 ? scrollTop : scrollTop + (now - i) * this.#rowHeight;
    }
    return scrollTop;
  }

  /** Scrolls this row into view. @param {string} key @returns {boolean} whether it is in the list */
  reveal(key) {
    const index = this.indexOf(key);
    this.measure();
    if (index >= 0 && !this.#isInSight(index)) {
      this.#scrollTo(index * this.#rowHeight - (this.#height - this.#rowHeight) / 2);
      this.#draw();
    }
    return index >= 0;
  }

  // ------------------------------------------------------------------------------ drawing

  #draw() {
    const focused = this.#focusedKey;
    const indexes = [...this.#virtualizer.getVirtualIndexes()];
    // The row with the focus stays in the page, wherever it is.
    const far = focused === null ? -1 : this.indexOf(focused);
    if (far >= 0 && far < (indexes[0] ?? 0)) indexes.unshift(far);
    else if (far > (indexes.at(-1) ?? -1)) indexes.push(far);
    const wanted = indexes.flatMap((index) => this.#list[index] ?? []);

    const keys = wanted.map(({ key }) => key);
    this.#release(new Set(keys));
    const elements = wanted.map((row, i) => this.#drawRow(row, indexes[i] ?? 0));
    // While scrolling, elements keep their order in the page: moving one costs more than filling it again.
    if (this.#virtualizer.isScrolling) this.#body.append(...elements.filter(({ isConnected }) => !isConnected));
    else this.#arrange(elements);
    for (const { element } of this.#spare) element.remove();
    // Only as many as needed for scrolling.
    this.#spare.length = Math.min(this.#spare.length, elements.length);
    this.#chooseTabStop();
    // The row with the focus is gone: focus its neighbor.
    if (focused !== null && far < 0)
      this.focus(this.#list[Math.min(this.#lastFocusedIndex, this.#list.length - 1)]?.key);
    else if (far >= 0) this.#lastFocusedIndex = far;
    if (this.#virtualizer.isScrolling || isEqual(keys, this.#keys)) return;
    this.#keys = keys;
    this.#onShown(keys);
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
    const shown = this.#shown.get(row.key) ?? this.#spare.shift() ?? new TableRow();
    this.#shown.set(row.key, shown);
    for (const element of shown.show(row, this.#look)) mark(element);
    shown.place(index, this.#rowHeight);
    return shown.element;
  }

  /** Reorders elements as in the list, for assistive technology; nothing with the focus is moved. @param {Element[]} elements */
  #arrange(elements) {
    const focused = this.#focusedElement;
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

  // ------------------------------------------------------------------------------ focus

  /** @param {string | null} key */
  indexOf(key) {
    return this.#list.findIndex((row) => row.key === key);
  }

  /** The index of the row that the Tab key reaches. */
  get active() {
    return this.#active === null ? 0 : this.indexOf(this.#active);
  }

  /** Number of rows that a page key moves by. */
  get page() {
    return Math.max(1, Math.floor(this.#height / this.#rowHeight) - 1);
  }

  get #focusedElement() {
    return /** @type {ShadowRoot} */ (this.#box.getRootNode()).activeElement;
  }

  get #focusedKey() {
    return this.rowAt(this.#focusedElement)?.key ?? null;
  }

  /** @param {EventTarget | null} target @returns {TableRow | undefined} */
  rowAt(target) {
    const element = target instanceof Element ? target.closest(".grid-body > .grid-row") : null;
    return element ? [...this.#shown.values()].find((row) => row.element === element) : undefined;
  }

  /** Focuses this row, wherever it is; without it, the first. @param {string} [key] */
  focus(key) {
    const index = Math.max(0, this.indexOf(key ?? null));
    const row = this.#list[index];
    if (!row) return this.#box.focus();
    // The browser reports a new size later, with its next frame.
    this.measure();
    this.#scrollTo(this.#nearest(index));
    this.#active = row.key;
    this.#draw();
    const { element, link } = this.#shown.get(row.key) ?? {};
    link?.focus({ preventScroll: true });
    // Not only in the box: a low window scrolls, too.
    element?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  /** The Tab key reaches one row: the last one used, or the first visible one. */
  #chooseTabStop() {
    const isShown = this.#active !== null && this.#shown.has(this.#active);
    const stop = isShown ? this.#active : this.#list[this.#firstInSight]?.key;
    for (const { key, link } of this.#shown.values()) {
      const index = key === stop ? "0" : "-1";
      // Not the property, which is 0 for a link without an address, too.
      if (link && link.getAttribute("tabindex") !== index) link.setAttribute("tabindex", index);
    }
  }

  /** @param {EventTarget | null} target */
  #onFocus(target) {
    const row = this.rowAt(target);
    if (!row) return;
    this.#active = row.key;
    this.#lastFocusedIndex = this.indexOf(row.key);
    this.#chooseTabStop();
  }
}

/** @param {readonly string[]} a @param {readonly string[]} b */
const isEqual = (a, b) => a.length === b.length && a.every((key, i) => key === b[i]);
