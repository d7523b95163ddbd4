// @ts-check
// What the toolbar offers about the list as a whole: saved views, shown columns, export.

import { html } from "lit";
import { goTo, readFragment } from "../model/location.js";
import "./export-menu.js";
import "./table/column-chooser.js";
import { DEFAULT_COLUMNS } from "./table/columns.js";
import "./views-menu.js";

/**
 * @param {object} shown
 * @param {import("../model/location.js").Place} shown.place
 * @param {readonly import("../model/row.js").Row[]} shown.rows all that match
 * @param {import("../model/export.js").Extra} shown.extra
 * @param {import("../connection/saved-views.js").SavedViews} shown.saved
 */
export function tools({ place, rows, extra, saved }) {
  const columns = place.columns ?? DEFAULT_COLUMNS;
  const chooseView = (/** @type {CustomEvent<string>} */ { detail: fragment }) =>
    goTo({ ...readFragment(fragment), server: place.server });
  const chooseColumns = (/** @type {CustomEvent<{ columns: readonly string[] }>} */ { detail: { columns } }) =>
    goTo({ ...place, columns: columns.join() === DEFAULT_COLUMNS.join() ? null : columns });
  return html`<views-menu .saved=${saved} .place=${place} @view-chosen=${chooseView}></views-menu>
    <column-chooser .columns=${columns} @columns-chosen=${chooseColumns}></column-chooser>
    <export-menu .rows=${rows} .columns=${columns} .extra=${extra} .place=${place}></export-menu>`;
}
