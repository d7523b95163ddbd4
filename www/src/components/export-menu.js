// @ts-check
// Saves the shown rows as a file.

import { html } from "lit";
import { FORMATS, fileName } from "../model/export.js";
import { counted } from "../model/format.js";
import { START } from "../model/location.js";
import { inSlices } from "../model/slices.js";
import { announce } from "./announce.js";
import { Dropdown } from "./dropdown.js";

/** @typedef {import("../model/export.js").FormatName} FormatName */

/** What each format is good for. @type {Record<FormatName, string>} */
const USES = {
  CSV: "For spreadsheets: the columns of the table, with database, ids, source, target and error",
  NDJSON: "For programs: all that the server reports, one replication per line",
};

class ExportMenu extends Dropdown {
  /** @override */
  static properties = {
    ...Dropdown.properties,
    rows: { attribute: false },
    columns: { attribute: false },
    extra: { attribute: false },
    place: { attribute: false },
    isWriting: { state: true },
  };

  /** @override */
  label = "Export";

  constructor() {
    super();
    /** All that match, in the order of the table. @type {readonly import("../model/row.js").Row[]} */
    this.rows = [];
    /** Names of the shown columns. @type {readonly string[]} */
    this.columns = [];
    /** @type {import("../model/export.js").Extra | undefined} */
    this.extra = undefined;
    this.place = START;
    this.isWriting = false;
  }

  /** @param {FormatName} name */
  async #save(name) {
    if (this.isWriting) return;
    this.isWriting = true;
    const format = FORMATS[name];
    const { rows, columns, extra, place } = this;
    // Each piece becomes a blob at once, so that nothing has to copy all of them in the end.
    const pieces = await inSlices(blobs(format.text(rows, columns, extra)));
    const url = URL.createObjectURL(new Blob(pieces, { type: format.type }));
    Object.assign(document.createElement("a"), { href: url, download: fileName(place, format, new Date()) }).click();
    // The download has begun when the next task does; a minute is generous.
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
    this.isWriting = false;
    this.close();
    announce(`${counted(rows.length, "replication")} exported as ${name}`);
  }

  /** @override */
  contents() {
    const names = /** @type {FormatName[]} */ (Object.keys(FORMATS));
    return html`<p class="hint">${this.isWriting ? "Writing…" : `${counted(this.rows.length, "replication")}, as shown`}</p>
      ${names.map(
        (
          name,
        ) => html`<button type="button" class="format" aria-disabled=${this.isWriting} @click=${() => this.#save(name)}>
          <b>${name}</b><span class="hint">${USES[name]}</span></button>`,
      )}`;
  }
}

/** @param {Generator<string>} pieces @returns {Generator<undefined, Blob[], undefined>} */
function* blobs(pieces) {
  const list = [];
  for (const piece of pieces) {
    list.push(new Blob([piece]));
    yield;
  }
  return list;
}

customElements.define("export-menu", ExportMenu);
