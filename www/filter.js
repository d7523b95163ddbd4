// @ts-check
// Which rows are shown.

import { shown } from "./states.js";

/**
 * @typedef {object} Filter
 * @property {Set<import("./states.js").ShownState>} states none: all
 * @property {string} text taken literally, whatever its case
 *
 * @typedef {object} Filterable
 * @property {string | null} state
 * @property {string | null} doc_id
 * @property {string | null} id
 * @property {string | null} source
 * @property {string | null} target
 */

/** What was made of each row, for the next letter that is typed. @type {WeakMap<Filterable, string>} */
const texts = new WeakMap();

/**
 * Secrets cannot be searched for, lest the rows that remain tell them.
 *
 * @param {Filterable} row
 * @param {string | null} trouble
 */
function textOf({ doc_id, id, source, target }, trouble) {
  return [doc_id, id, source ?? "", target ?? "", trouble].join("\n").toLowerCase();
}

/**
 * @template {Filterable} Row
 * @param {readonly Row[]} rows
 * @param {Filter} filter
 * @param {(row: Row) => string | null} trouble what is wrong with it, secrets masked
 */
export function matching(rows, { states, text }, trouble) {
  const wanted = text.trim().toLowerCase();
  /** @param {Row} row */
  const searchable = (row) => {
    const all = texts.get(row) ?? textOf(row, trouble(row));
    texts.set(row, all);
    return all;
  };
  return rows.filter(
    (row) => (states.size === 0 || states.has(shown(row.state))) && (wanted === "" || searchable(row).includes(wanted)),
  );
}
