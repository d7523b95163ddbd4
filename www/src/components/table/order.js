// @ts-check
// What the table is sorted by.

import { COLUMNS, NOTHING_MORE } from "./columns.js";

/**
 * @typedef {import("../../model/row.js").Row} Row
 * @typedef {import("./columns.js").Column} Column
 * @typedef {{ column: string, descending: boolean }} Direction
 */

/** Replications that need attention come first. */
const [FIRST] = /** @type {[Column, ...Column[]]} */ (COLUMNS);

/** @param {string} name */
const columnOf = (name) => COLUMNS.find((column) => column.name === name);

/**
 * @param {Direction | null} order null: the default
 * @param {(row: Row) => import("./columns.js").Extra} [extra]
 * @returns {import("../../model/view.js").Order}
 */
export function orderOf(order, extra = () => NOTHING_MORE) {
  const column = columnOf(order?.column ?? "");
  const { name, key } = column ?? FIRST;
  return { column: name, key: (row) => key(row, extra(row)), descending: column ? order?.descending === true : false };
}

/** The order after a click on the header of a column. @param {string} name @param {Direction} now */
export const orderBy = (name, now) => ({
  column: name,
  descending: name === now.column ? !now.descending : (columnOf(name)?.descendingFirst ?? false),
});
