// @ts-check
// Which rows the user wants to see. Every part narrows the list further.

import { isAt } from "./ends.js";

/**
 * @typedef {import("./row.js").Row} Row
 * @typedef {import("./states.js").ShownState} ShownState
 * @typedef {Pick<import("couchdb-scheduler").Incident, "cause" | "side" | "host">} IncidentKey
 *
 * @typedef {object} Ends servers or databases; every part narrows further
 * @property {import("./ends.js").End} [source]
 * @property {import("./ends.js").End} [target]
 * @property {import("./ends.js").End} [either] source or target
 *
 * @typedef {object} Filter
 * @property {ReadonlySet<ShownState>} states empty: all
 * @property {boolean} retrying only those that retry
 * @property {string} text literal, ignoring case
 * @property {IncidentKey | null} incident only its rows
 * @property {string | null} finding only rows with a finding of this kind
 * @property {Ends | null} ends only rows between these
 */

/** @type {Filter} */
export const EVERYTHING = { states: new Set(), retrying: false, text: "", incident: null, finding: null, ends: null };

/**
 * @param {Filter} filter
 * @param {(row: Row, kind: string) => boolean} [hasFinding]
 * @returns {(row: Row) => boolean}
 */
export function fitting({ states, retrying, text, incident, finding, ends }, hasFinding = () => false) {
  const words = text.trim().toLowerCase();
  return (row) => {
    if (states.size > 0 && !states.has(row.state)) return false;
    if (retrying && !row.isRetrying) return false;
    if (incident && !isSameIncident(incident, row.incident)) return false;
    if (ends && !isBetween(ends, row)) return false;
    if (finding !== null && !hasFinding(row, finding)) return false;
    return words === "" || row.searchable.includes(words);
  };
}

/** @param {IncidentKey} one @param {Record<keyof IncidentKey, string | null> | null} other */
export const isSameIncident = ({ cause, side, host }, other) =>
  other?.cause === cause && other.side === side && other.host === host;

/** @param {Ends} ends @param {Row} row */
const isBetween = ({ source, target, either }, row) =>
  (source === undefined || isAt(row.source, source)) &&
  (target === undefined || isAt(row.target, target)) &&
  (either === undefined || isAt(row.source, either) || isAt(row.target, either));
