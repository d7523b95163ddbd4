// @ts-check
// The arguments of all methods: their kinds, and the errors for wrong ones. It is JavaScript because the values are, and smaller.

import { isCount, isObject, isText } from "./checks.js";
import { attempt } from "./http.js";
import { REPLICATION_STATES } from "./replication-states.js";

/**
 * The kind of an argument: one of `KINDS`, or a function that checks the value and returns it. Any other kind is an error, and says
 * what the value must be.
 *
 * @typedef {string | Check} Kind
 *
 * @typedef {(value: any, call: string, name: string, shown?: Shown) => any} Check
 * @typedef {(value: unknown) => string} Shown how messages say a value of the wrong type
 */

/** The largest part of a wrong text that is repeated, in UTF-16 units. */
const MAX_SHOWN = 40;

/** The kind of `value`, without repeating any of it. @param {any} value */
export function kindOf(value) {
  if (value === null || value === undefined) return String(value);
  if (typeof value === "bigint") return "a number";
  if (typeof value !== "object") return `a ${typeof value}`;
  // A revoked proxy throws.
  return attempt(() => Array.isArray(value)) ? "an array" : "an object";
}

/** `value` in a few words. Only short texts are repeated. @param {any} value */
function describe(value) {
  if (typeof value === "string") return value.length > MAX_SHOWN ? "a long string" : JSON.stringify(value);
  return Object(value) === value || typeof value === "symbol" ? kindOf(value) : String(value);
}

/** @param {string} call @param {string} name @param {string} expected @param {unknown} value @param {Shown} [shown] */
const wrong = (call, name, expected, value, shown = describe) =>
  `${call}: ${name} must be ${expected}, not ${shown(value)}`;

/**
 * A kind whose values have this type, and fulfil these conditions.
 *
 * @param {string} expected of the type
 * @param {(value: any) => unknown} hasType
 * @param {[expected: string, fits: (value: any) => unknown][]} conditions
 * @returns {Check}
 */
export const kind =
  (expected, hasType, ...conditions) =>
  (value, call, name, shown) => {
    if (!hasType(value)) throw new TypeError(wrong(call, name, expected, value, shown));
    for (const [condition, fits] of conditions) {
      if (!fits(value)) throw new RangeError(wrong(call, name, condition, value));
    }
    return value;
  };

/** Whether its own members are all of the object: entries of a `Map`, for example, are elsewhere. @param {any} value */
export const isRecord = (value) => isObject(value) && typeof value.forEach !== "function";

/** @param {unknown} value */
const isNumber = (value) => typeof value === "number";

/** @param {string} expected @param {number} least */
const wholeNumber = (expected, least) =>
  kind(expected, isNumber, [expected, (value) => isCount(value) && value >= least]);

/** A name that becomes one segment of a path: the id of a document or a job, a database. */
const segment = kind(
  "a string",
  isText,
  ["a string that is not empty", (name) => name],
  // In a URL these mean this folder and its parent, even if they are percent-encoded.
  ["a name that a URL can contain", (name) => name !== "." && name !== ".."],
  ["a string without half surrogate pairs", (name) => !/\p{Surrogate}/u.test(name)],
);

/** Documents whose ids begin with an underscore are not replications, and deleting them stops none. */
const replication = kind("", () => true, [
  'the id of a replication document, which does not begin with "_"',
  (id) => !id.startsWith("_"),
]);

/** The name of a replicator database. */
export const REPLICATOR = /^([a-z][a-z0-9_$()+/-]*\/)?_replicator$/;

/**
 * Any other database has no replications, and documents that are written there start none.
 *
 * @param {any} name
 * @param {string} call
 * @param {string} option
 */
function database(name, call, option) {
  segment(name, call, option);
  if (REPLICATOR.test(name)) return name;
  let problem =
    '"_replicator" (also where Cloudant\'s rows say "account/_replicator"), or end in "/_replicator" after ' +
    "lowercase letters, digits and _$()+-/, beginning with a letter";
  if (name.includes("%")) problem = 'a plain name, not percent-encoded, as in "team/_replicator"';
  else if (new RegExp(REPLICATOR, "i").test(name)) problem = "in lowercase letters, like every database of CouchDB";
  // A URL may have been passed instead, and contain a password.
  throw new RangeError(wrong(call, option, problem, name.includes("@") ? "a URL" : name));
}

/** Any object that works like an `AbortSignal` is accepted. @param {any} value */
const isSignal = (value) =>
  typeof value === "object" &&
  attempt(() => typeof value.addEventListener === "function" && typeof value.aborted === "boolean");

const isIdArray = kind("an array of document ids", Array.isArray);

const STATES = `an array of ${REPLICATION_STATES.join(", ")}`;
const isStateArray = kind(STATES, Array.isArray);
const state = kind(STATES, isText, [STATES, (value) => REPLICATION_STATES.includes(value)]);

/**
 * @param {any} value
 * @param {string} call
 * @param {string} name
 * @returns {string} the states, each once, separated by commas
 */
function states(value, call, name) {
  isStateArray(value, call, name);
  return [...new Set(Array.from(value, (element) => state(element, call, name)))].join(",");
}

/** @type {Record<string, Check>} */
const KINDS = {
  boolean: kind("true or false", (value) => typeof value === "boolean"),
  count: wholeNumber("a whole number from 0 up", 0),
  database,
  document: segment,
  documents: (value, call, name) => {
    isIdArray(value, call, name);
    return Array.from(value, (id) => segment(id, call, `each of ${name}`));
  },
  function: kind("a function", (value) => typeof value === "function"),
  object: kind("an object", isObject),
  positive: wholeNumber("a whole number from 1 up", 1),
  replication: (id, call, name) => replication(segment(id, call, name), call, name),
  signal: kind("an AbortSignal", isSignal),
  "some states": (value, call, name) => {
    const names = states(value, call, name);
    if (!names) throw new RangeError(wrong(call, name, "at least one state", value));
    return names;
  },
  states,
  time: kind("milliseconds, or 0 for no limit", isNumber, ["milliseconds, or 0 for no limit", (value) => value >= 0]),
};

/**
 * @param {string} call the method
 * @param {string} name of the argument
 * @param {Kind} kindOrExpected
 * @param {unknown} value
 * @param {Shown} [shown]
 * @returns {any} the value
 */
export function argument(call, name, kindOrExpected, value, shown) {
  if (typeof kindOrExpected === "function") return kindOrExpected(value, call, name, shown);
  const known = Object.hasOwn(KINDS, kindOrExpected) ? KINDS[kindOrExpected] : undefined;
  if (!known) throw new TypeError(wrong(call, name, kindOrExpected, value, shown));
  return known(value, call, name, shown);
}

/**
 * Reads each option once. An unknown name is an error, so that a typo is not ignored.
 *
 * @param {string} call the method
 * @param {any} options of the caller
 * @param {Record<string, Kind | null>} kinds of those that are known; null: the caller reads it
 * @param {Shown} [shown]
 * @returns {Record<string, any>} those that are given, and the default of `database`
 */
export function optionsOf(call, options, kinds, shown) {
  /** @type {Record<string, any>} */
  const given = "database" in kinds ? { database: "_replicator" } : {};
  if (options === undefined) return given;
  argument(call, "options", "object", options, shown);
  const names = Object.keys(kinds);
  for (const name of Object.keys(options)) {
    if (names.includes(name)) continue;
    throw new TypeError(`${call}: unknown option "${name}"; the options are ${names.join(", ")}`);
  }
  for (const [name, kind] of Object.entries(kinds)) {
    if (kind === null) continue;
    const value = options[name];
    if (value !== undefined) given[name] = argument(call, name, kind, value, shown);
  }
  return given;
}
