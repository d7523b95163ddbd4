// @ts-check
// What the next look of an audit must know of this one: plain JSON of less than 100 bytes for each job, without names of
// replications, and without secrets.

import { argument } from "../runtime/arguments.js";
import { isCount, isObject, isText } from "../runtime/checks.js";
import { KINDS } from "./audit-numbers.js";
import { isTime } from "./audit-rows.js";

/**
 * @typedef {import("./audit-numbers.js").Before} Before
 *
 * @typedef {object} Previous an earlier look
 * @property {number} at its time, in milliseconds since 1970; NaN if there was none
 * @property {Map<string | number, Before>} rows by the name of a node, or the hash of a replication or task
 */

/** The format. A snapshot of another version of the package may have another one, and is then not used. */
const VERSION = 1;

/** @type {Previous} */
export const NONE = { at: NaN, rows: new Map() };

/** The kind of the option `previous`. Its value is a `Previous`. @type {import("../runtime/arguments.js").Kind} */
export const SNAPSHOT = (value, call, name) =>
  previousOf(value) ??
  argument(call, name, "the snapshot of an earlier audit: audit.snapshot, or the parsed JSON of it", value);

/** Null if this is not a snapshot. @param {any} value @returns {Previous | null} */
export function previousOf(value) {
  if (!isObject(value) || !isCount(value.version)) return null;
  if (value.version !== VERSION) return NONE;
  const { at, nodes, rows } = value;
  if (!isTime(at) || !areRows(nodes, isText) || !areRows(rows, isCount)) return null;
  return { at, rows: new Map([...nodes, ...rows].map(([key, ...before]) => [key, before])) };
}

/** A key, and a `Before`: five numbers, and pairs of a kind and a time. @param {any} rows @param {(key: unknown) => boolean} isKey */
const areRows = (rows, isKey) =>
  Array.isArray(rows) &&
  rows.every(
    (row) =>
      Array.isArray(row) &&
      row.length >= 6 &&
      row.length % 2 === 0 &&
      isKey(row[0]) &&
      row.slice(1, 6).every(isCount) &&
      row.slice(6).every((number, at) => (at % 2 === 0 ? isCount(number) && number < KINDS.length : isTime(number))),
  );

/**
 * @param {number} at
 * @param {Map<string | number, Before>} rows those of which something is to be remembered
 * @returns {any} opaque JSON
 */
export function snapshotOf(at, rows) {
  const printed = [...rows].map(([key, before]) => [key, ...before]);
  const isNode = (/** @type {unknown[]} */ row) => typeof row[0] === "string";
  return {
    version: VERSION,
    at,
    nodes: printed.filter(isNode),
    rows: printed.filter((row) => !isNode(row)),
  };
}
