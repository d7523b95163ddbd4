// @ts-check
// The options of this folder's methods, checked by the rules and in the words of the others.

import { __checked } from "#glue";

/**
 * The kind of an option: one that the wasm knows (`checked` in src/api/ask.rs), or a function that checks the value and
 * returns it. Any other kind is an error, and says what the value must be.
 *
 * @typedef {string | ((value: any, call: string, name: string) => any)} Kind
 */

/**
 * @param {string} call the method
 * @param {string} name of the argument
 * @param {Kind} kind
 * @param {unknown} value
 * @returns {any} the value
 */
export function argument(call, name, kind, value) {
  return typeof kind === "function" ? kind(value, call, name) : __checked(call, name, kind, value);
}

/**
 * Reads each option once. An unknown name is an error, so that a typo is not ignored.
 *
 * @param {string} call the method
 * @param {any} options of the caller
 * @param {Record<string, Kind>} kinds of those that are known
 * @returns {Record<string, any>} those that are given
 */
export function optionsOf(call, options, kinds) {
  if (options === undefined) return {};
  argument(call, "options", "object", options);
  const names = Object.keys(kinds);
  for (const name of Object.keys(options)) {
    if (names.includes(name)) continue;
    throw new TypeError(`${call}: unknown option "${name}"; the options are ${names.join(", ")}`);
  }
  /** @type {Record<string, any>} */
  const given = {};
  for (const name of names) {
    const value = options[name];
    if (value !== undefined) given[name] = argument(call, name, kinds[name], value);
  }
  return given;
}
