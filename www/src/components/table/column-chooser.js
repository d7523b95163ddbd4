// @ts-check
// Which columns the table shows.

import { html } from "lit";
import { Dropdown } from "../dropdown.js";
import { fire } from "../fire.js";
import { COLUMNS, DEFAULT_COLUMNS } from "./columns.js";

/** @fires columns-chosen {columns}: names of all columns to show */
class ColumnChooser extends Dropdown {
  /** @override */
  static properties = { ...Dropdown.properties, columns: { attribute: false } };

  /** @override */
  label = "Columns";

  constructor() {
    super();
    /** Names. @type {readonly string[]} */
    this.columns = DEFAULT_COLUMNS;
  }

  /** @override */
  contents() {
    // The column that names the row cannot be hidden.
    return html`${COLUMNS.filter(({ name }) => name !== "id").map(
      ({ name, title }) =>
        html`<label
          ><input type="checkbox" .checked=${this.columns.includes(name)} @change=${() => this.#toggle(name)} />${title}</label
        >`,
    )}<button type="button" @click=${() => this.#choose(DEFAULT_COLUMNS)}>Default</button>`;
  }

  /** @param {string} toggled */
  #toggle(toggled) {
    const names = COLUMNS.map(({ name }) => name);
    this.#choose(names.filter((name) => this.columns.includes(name) !== (name === toggled)));
  }

  /** @param {readonly string[]} columns */
  #choose(columns) {
    fire(this, "columns-chosen", { columns });
  }
}

customElements.define("column-chooser", ColumnChooser);
