// @ts-check
// What can be done with the selected rows.

import { html, nothing } from "lit";
import { number } from "../model/format.js";

/**
 * @typedef {import("../model/row.js").Row} Row
 * @typedef {import("../model/actions.js").ActionKind} ActionKind
 *
 * @param {readonly Row[]} rows selected ones
 * @param {readonly Row[]} list all that are shown
 * @param {{ onAct: (kind: ActionKind) => void, onSelect: (rows: readonly Row[]) => void }} actions
 */
export const selectionBar = (rows, list, { onAct, onSelect }) =>
  rows.length === 0
    ? nothing
    : html`<div class="selection" id="selection" role="group" aria-label="Selected replications">
        <b>${number(rows.length)} selected</b>
        ${
          rows.length < list.length
            ? html`<button type="button" @click=${() => onSelect(list)}>Select all ${number(list.length)} that match</button>`
            : nothing
        }
        <button type="button" @click=${() => onSelect([])}>Clear</button>
        <span class="gap"></span>
        <button type="button" @click=${() => onAct("restart")}>Restart…</button>
        <button type="button" @click=${() => onAct("settings")}>Change settings…</button>
        <button type="button" @click=${() => onAct("password")}>Change password…</button>
        <button type="button" class="danger" @click=${() => onAct("stop")}>Stop…</button>
      </div>`;
