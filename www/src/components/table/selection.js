// @ts-check
// Sets of selected keys: each change is another set.

/**
 * @typedef {import("../../model/row.js").Row} Row
 * @typedef {ReadonlySet<string>} Selected
 */

/** @param {Selected} selected @param {readonly Row[]} rows @param {boolean} isSelected */
export function withRows(selected, rows, isSelected) {
  const result = new Set(selected);
  for (const { key } of rows) {
    if (isSelected) result.add(key);
    else result.delete(key);
  }
  return result;
}

/**
 * Whether all of the rows are selected, some (null), or none.
 *
 * @param {Selected} selected
 * @param {readonly Row[]} rows
 */
export function extent(selected, rows) {
  const isSelected = (/** @type {Row} */ { key }) => selected.has(key);
  if (selected.size >= rows.length && rows.length > 0 && rows.every(isSelected)) return true;
  return selected.size > 0 && rows.some(isSelected) ? null : false;
}
