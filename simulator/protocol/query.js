// @ts-check
/**
 * Query parameters, and CouchDB's exact errors about invalid ones.
 */
import { badQuery, badRequest, HttpError } from "./http.js";

/**
 * @typedef {object} DocsQuery
 * @property {number} limit Infinity: no limit
 * @property {number} skip
 * @property {boolean} descending
 * @property {string | undefined} startkey
 * @property {string | undefined} endkey
 * @property {boolean} inclusiveEnd
 * @property {boolean} includeDocs
 * @property {boolean} isEmpty true if no id can be in the range of the keys
 */

export const STATES = ["initializing", "error", "running", "pending", "crashing", "completed", "failed"];

/** Names that exist as Erlang atoms without being states; all others are unknown atoms. */
const KNOWN_ATOMS = new Set([
  "foo",
  "bar",
  "ok",
  "error",
  "true",
  "false",
  "null",
  "undefined",
  "nil",
  "stopped",
  "started",
  "crashed",
  "added",
  "triggered",
  "all",
  "active",
  "scheduled",
  "normal",
  "unknown",
]);

/**
 * @param {URLSearchParams} params
 * @returns {DocsQuery}
 */
export function docsQuery(params) {
  /** @type {DocsQuery} */
  const query = {
    limit: Infinity,
    skip: 0,
    descending: false,
    startkey: undefined,
    endkey: undefined,
    inclusiveEnd: true,
    includeDocs: false,
    isEmpty: false,
  };
  for (const [name, value] of params) {
    const read = PARAMETERS[name];
    if (read) read(query, value);
  }
  if (params.get("group") === "true" || Number(params.get("group_level") ?? 0) > 0) {
    throw badQuery("Invalid use of grouping on a map view.");
  }
  return query;
}

/** @type {Record<string, (query: DocsQuery, value: string) => void>} */
const PARAMETERS = {
  limit: (query, value) => (query.limit = positiveInteger(value)),
  skip: (query, value) => (query.skip = positiveInteger(value)),
  descending: (query, value) => (query.descending = boolean(value)),
  inclusive_end: (query, value) => (query.inclusiveEnd = boolean(value)),
  include_docs: (query, value) => (query.includeDocs = boolean(value)),
  startkey: (query, value) => setStart(query, jsonKey(value)),
  start_key: (query, value) => setStart(query, jsonKey(value)),
  endkey: (query, value) => setEnd(query, jsonKey(value)),
  end_key: (query, value) => setEnd(query, jsonKey(value)),
  key: (query, value) => setBoth(query, jsonKey(value)),
  keys: (query, value) => {
    const keys = jsonKey(value);
    if (!Array.isArray(keys)) throw badQuery("`keys` must be an array of strings.");
    // A case that CouchDB's scheduler does not handle: more than one key.
    if (keys.length !== 1) throw new HttpError(500, "unknown_error", "function_clause");
    setBoth(query, keys[0]);
  },
  group: (_query, value) => void boolean(value),
  reduce: (_query, value) => void boolean(value),
  conflicts: (_query, value) => void boolean(value),
  update_seq: (_query, value) => void boolean(value),
  sorted: (_query, value) => void boolean(value),
};

/** A key that is not a string sorts before all ids. @param {DocsQuery} query @param {any} key */
function setStart(query, key) {
  if (typeof key === "string") query.startkey = key;
  else if (query.descending) query.isEmpty = true;
}

/** @param {DocsQuery} query @param {any} key */
function setEnd(query, key) {
  if (typeof key === "string") query.endkey = key;
  else if (!query.descending) query.isEmpty = true;
}

/** @param {DocsQuery} query @param {any} key */
function setBoth(query, key) {
  setStart(query, key);
  setEnd(query, key);
}

/** @param {string} text */
function jsonKey(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest("invalid UTF-8 JSON");
  }
}

/** @param {string} text */
function positiveInteger(text) {
  if (!/^[+-]?\d+$/.test(text)) throw badQuery(`Invalid value for integer: ${asErlangString(text)}`);
  const value = Number(text);
  if (value < 0) throw badQuery(`Invalid value for positive integer: ${asErlangString(text)}`);
  return value;
}

/** @param {string} text */
function boolean(text) {
  const lower = text.toLowerCase();
  if (lower !== "true" && lower !== "false") throw badQuery(`Invalid boolean parameter: ${asErlangString(text)}`);
  return lower === "true";
}

/** In Erlang a string is a list, and the empty string equals the empty list. @param {string} text */
function asErlangString(text) {
  return text === "" ? "[]" : JSON.stringify(text);
}

/**
 * The requested states; null: all.
 * @param {URLSearchParams} params
 * @returns {Set<string> | null}
 */
export function statesAsked(params) {
  const asked = (params.get("states") ?? "")
    .split(",")
    .filter((state) => state !== "")
    .map((state) => state.toLowerCase());
  if (asked.length === 0) return null;
  const strange = asked.filter((state) => !STATES.includes(state));
  if (strange.some((state) => !KNOWN_ATOMS.has(state))) throw badQuery(`States must be one or more of [${STATES}]`);
  if (strange.length > 0) throw badQuery(`Unknown states [${strange}]. Choose from: [${STATES}]`);
  return new Set(asked);
}

/** `limit` and `skip` of the jobs. @param {URLSearchParams} params @param {string} name @param {number} byDefault */
export function jobsInteger(params, name, byDefault) {
  const text = params.get(name) ?? String(byDefault);
  if (!/^[+-]?\d+$/.test(text)) throw badQuery(`${name} must be an integer`);
  if (Number(text) < 0) throw badQuery(`${name} not in range of [0,infinity]`);
  return Number(text);
}
