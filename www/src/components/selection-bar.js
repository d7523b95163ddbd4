// @ts-check
// What can be done with the selected rows.

import { html, nothing } from "lit";
import { number } from "../model/format.js";

/**
 * @typedef {import("../model/row.js").Row} Row
 * @typedef {import("../model/actions.js").ActionKind} ActionKind
 *
 * @param {ReadonlySet<string> | null} selected keys; those that are not shown are left alone
 * @param {readonly Row[]} list all that are shown
 * @param {{ onAct: (kind: ActionKind, rows: readonly Row[]) => void, onSelect: (rows: readonly Row[]) => void }} actions
 */
export function selectionBar(selected, list, { onAct, onSelect }) {
  const rows = selected?.size ? list.filter(({ key }) => selected.has(key)) : [];
  return rows.length === 0
    ? nothing
    : html`<div class="selection box flow" id="selection" role="group" aria-label="Selected replications">
        <b>${number(rows.length)} selected</b>
        ${
          rows.length < list.length
            ? html`<button type="button" @click=${() => onSelect(list)}>Select all ${number(list.length)} that match</button>`
            : nothing
        }
        <button type="button" @click=${() => onSelect([])}>Clear</button>
        <span class="gap"></span>
        <button type="button" @click=${() => onAct("restart", rows)}>Restart…</button>
        <button type="button" @click=${() => onAct("settings", rows)}>Change settings…</button>
        <button type="button" @click=${() => onAct("password", rows)}>Change password…</button>
        <button type="button" class="danger" @click=${() => onAct("stop", rows)}>Stop…</button>
      </div>`;
}
