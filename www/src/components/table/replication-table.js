// @ts-check
// A table of replications, of any length: headers, keys, pointer and selection. Its rows are rendered by RowWindow, one
// by one: a refresh touches only those that have changed.

import { html, LitElement, nothing, unsafeCSS } from "lit";
import { number } from "../../model/format.js";
import tableStyles from "../../style/replication-table.css" with { type: "text" };
import sharedStyles from "../../style/shared.css" with { type: "text" };
import { fire } from "../fire.js";
import { icon } from "../icons.js";
import { columnsOf, DEFAULT_COLUMNS, NOTHING_MORE } from "./columns.js";
import { RowWindow } from "./row-window.js";
import { extent, withRows } from "./selection.js";

/**
 * @typedef {import("../../model/row.js").Row} Row
 * @typedef {import("./columns.js").Extra} Extra
 */

/** Pixels that a pointer moves when it selects text. */
const DRAG = 4;

/**
 * @fires sort {column}: the user wants this order, or the opposite direction
 * @fires replication-chosen {key, replication}: the user opens a replication; cancelable: prevents following its link
 * @fires select {selected}: the user selects other rows
 * @fires rows-shown {keys}: other rows are visible, or nearly, than before; not while the user scrolls
 */
export class ReplicationTable extends LitElement {
  /** @override @type {import("lit").PropertyDeclarations} */
  static properties = {
    rows: { attribute: false },
    columns: { attribute: false },
    order: { attribute: false },
    chosen: { attribute: false },
    selected: { attribute: false },
    addressOf: { attribute: false },
    extra: { attribute: false },
    scope: { attribute: false },
    label: {},
    idTitle: { attribute: "id-title" },
  };

  /** @override */
  static styles = [unsafeCSS(sharedStyles), unsafeCSS(tableStyles)];

  /** @type {RowWindow | undefined} */
  #window;
  /** @type {import("./table-row.js").Look} */
  #look = { columns: [], extra: () => NOTHING_MORE, addressOf: null, chosen: null, selected: null };
  /** The row that was selected or deselected last: where a range begins. @type {string | null} */
  #rangeStart = null;
  /** Where the pointer was pressed. */
  #pressed = { x: 0, y: 0 };

  constructor() {
    super();
    /** In order. @type {readonly Row[]} */
    this.rows = [];
    /** Names of the shown columns. @type {readonly string[]} */
    this.columns = DEFAULT_COLUMNS;
    /** @type {{ column: string, descending: boolean }} */
    this.order = { column: "state", descending: false };
    /** Key of the row with open details. @type {string | null} */
    this.chosen = null;
    /** Keys; null: rows cannot be selected. @type {ReadonlySet<string> | null} */
    this.selected = null;
    /** The target of a row's link; null: it has none. @type {((key: string) => string) | null} */
    this.addressOf = null;
    /** Replaced whenever its results change. @type {(row: Row) => Extra} */
    this.extra = () => NOTHING_MORE;
    /** When it changes, the list is another one, and is shown from its top. @type {unknown} */
    this.scope = undefined;
    this.label = "Replications";
    this.idTitle = "Document";
  }

  get #box() {
    return /** @type {HTMLElement} */ (this.renderRoot.querySelector("#grid"));
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    this.#window?.connect();
  }

  /** @override */
  disconnectedCallback() {
    super.disconnectedCallback();
    this.#window?.disconnect();
  }

  // ------------------------------------------------------------------------------ rendering

  /** @override */
  render() {
    const { rows, order, selected } = this;
    const columns = columnsOf(this.columns);
    const isExtra = columns.some(({ name }) => !DEFAULT_COLUMNS.includes(name));
    return html`<div
        class="grid box ${selected ? "selectable" : ""} ${isExtra ? "extra" : ""}"
        id="grid"
        part="grid"
        role="grid"
        aria-label=${this.label}
        aria-rowcount=${rows.length + 1}
        aria-multiselectable=${selected ? "true" : nothing}
        tabindex="-1"
      >
        <div class="grid-head" part="head" role="rowgroup">
          <div class="grid-row" role="row" aria-rowindex="1">
            ${selected ? this.#renderSelectAll() : nothing}${columns.map(
              ({ name, title }) =>
                html`<div
                  class="cell ${name}"
                  part="header ${name}"
                  role="columnheader"
                  aria-sort=${name === order.column ? (order.descending ? "descending" : "ascending") : nothing}
                >
                  <button type="button" @click=${() => fire(this, "sort", { column: name })}>
                    <span>${name === "id" ? this.idTitle : title}</span>${icon("down")}
                  </button>
                </div>`,
            )}
          </div>
        </div>
        <div
          class="grid-body"
          part="body"
          role="rowgroup"
          @keydown=${this.#onKey}
          @mousedown=${this.#onPress}
          @click=${this.#onClick}
        ></div>
      </div>
      <p class="visually-hidden" role="status">${selected ? `${number(selected.size)} selected` : ""}</p>`;
  }

  #renderSelectAll() {
    return html`<div class="cell select" part="header select" role="columnheader">
      <input type="checkbox" aria-label="Select all ${number(this.rows.length)}" @change=${this.#selectAll} />
    </div>`;
  }

  /** @override */
  firstUpdated() {
    this.#window = new RowWindow(this.#box, this.#look, (keys) => fire(this, "rows-shown", { keys }));
    this.#window.connect();
  }

  /** @override @param {import("lit").PropertyValues} changed */
  updated(changed) {
    const isLook = ["columns", "extra", "addressOf", "chosen", "selected"].some((name) => changed.has(name));
    if (isLook) {
      const { extra, addressOf, chosen, selected } = this;
      this.#look = { columns: columnsOf(this.columns), extra, addressOf, chosen, selected };
      if (changed.has("columns")) this.#layOut();
    }
    if (this.selected && (isLook || changed.has("rows"))) this.#showExtent(this.selected);
    this.#window?.show(this.rows, this.#look, changed.has("scope"));
  }

  /** For rows of one line; the style sheet has the columns of the others. */
  #layOut() {
    const { columns } = this.#look;
    const { style } = this.#box;
    const width = columns.reduce((sum, column) => sum + column.width + 12, 42);
    const tracks = columns.map(({ width, grow }) => (grow ? `minmax(${width}px, ${grow}fr)` : `${width}px`));
    style.setProperty("--shown-columns", tracks.join(" "));
    // More columns than fit are scrolled to; those of the default fit always.
    style.setProperty("--least-width", columns.length > DEFAULT_COLUMNS.length ? `${width}px` : "0");
    this.#window?.measure();
  }

  /** @param {ReadonlySet<string>} selected */
  #showExtent(selected) {
    const box = this.#box.querySelector("input");
    if (!box) return;
    const all = extent(selected, this.rows);
    box.checked = all === true;
    box.indeterminate = all === null;
  }

  // ------------------------------------------------------------------------------ for the page

  /** Focuses this row, wherever it is; without it, the first. @param {string} [key] */
  focusRow(key) {
    if (this.isUpdatePending) this.performUpdate();
    this.#window?.focus(key);
  }

  /** Scrolls this row into view. @param {string} key @returns {boolean} whether it is in the list */
  reveal(key) {
    if (this.isUpdatePending) this.performUpdate();
    return this.#window?.reveal(key) ?? false;
  }

  // ------------------------------------------------------------------------------ keys and pointer

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.altKey || event.metaKey || !this.#window) return;
    const { key, shiftKey } = event;
    const { active: from, page } = this.#window;
    const last = this.rows.length - 1;
    /** @type {Record<string, number>} */
    const ways = {
      ArrowDown: from + 1,
      ArrowUp: from - 1,
      PageDown: from + page,
      PageUp: from - page,
      Home: 0,
      End: last,
    };
    const to = ways[key];
    const active = this.rows[from];
    if (to !== undefined) this.focusRow(this.rows[Math.min(last, Math.max(0, to))]?.key);
    else if (key === " " && this.selected && active) this.#toggle(active, shiftKey);
    else if (key === "Enter" && !this.addressOf && active) this.#choose(active);
    else return;
    event.preventDefault();
  }

  /** @param {MouseEvent} event */
  #onPress(event) {
    this.#pressed = { x: event.clientX, y: event.clientY };
    // Not a selection of text, and the focus stays in the rows' links.
    if ((event.shiftKey && this.selected) || isSelectCell(event.target)) event.preventDefault();
  }

  /** A click anywhere in the row follows its link, unless the user is selecting text. @param {MouseEvent} event */
  #onClick(event) {
    const { target, shiftKey, clientX, clientY } = event;
    const shown = this.#window?.rowAt(target);
    if (!shown?.row) return;
    const isLink = target instanceof Element && target.closest("a") !== null;
    if (this.selected && (shiftKey || isSelectCell(target))) {
      if (isLink) event.preventDefault();
      this.#toggle(shown.row, shiftKey);
      shown.link?.focus({ preventScroll: true });
    } else if (isLink) {
      // With one of these keys, the browser opens the link elsewhere.
      const isElsewhere = shiftKey || event.ctrlKey || event.metaKey || event.altKey;
      if (!isElsewhere && !this.#choose(shown.row)) event.preventDefault();
    } else if (Math.hypot(clientX - this.#pressed.x, clientY - this.#pressed.y) < DRAG) {
      shown.link?.click();
    }
  }

  /** @param {Row} row @returns {boolean} whether to follow its link */
  #choose(row) {
    return fire(this, "replication-chosen", { key: row.key, replication: row.given }, true);
  }

  // ------------------------------------------------------------------------------ selection

  /** @param {Row} row @param {boolean} isRange up to it from the one before */
  #toggle(row, isRange) {
    const selected = this.selected ?? new Set();
    const start = isRange ? this.rows.findIndex(({ key }) => key === this.#rangeStart) : -1;
    const end = this.rows.indexOf(row);
    const isSelected = start < 0 ? !selected.has(row.key) : selected.has(this.#rangeStart ?? "");
    const rows = start < 0 ? [row] : this.rows.slice(Math.min(start, end), Math.max(start, end) + 1);
    if (start < 0) this.#rangeStart = row.key;
    fire(this, "select", { selected: withRows(selected, rows, isSelected) });
  }

  /** @param {Event} event */
  #selectAll({ target }) {
    const { checked } = /** @type {HTMLInputElement} */ (target);
    fire(this, "select", { selected: withRows(this.selected ?? new Set(), this.rows, checked) });
  }
}

/** @param {EventTarget | null} target */
const isSelectCell = (target) => target instanceof Element && target.closest(".select") !== null;
