// @ts-check
/** Selectors (Mango), as replications and `_changes?filter=_selector` use them. */
import { isObject } from "./replication.js";

/** @typedef {import("./database.js").Json} Json */

/** @param {Json} selector @param {Json} document @returns {boolean} */
export function isSelected(selector, document) {
  return Object.entries(selector).every(([key, condition]) => {
    return key.startsWith("$") ? COMBINATIONS[key](condition, document) : isMatch(condition, valueAt(document, key));
  });
}

/** @type {Record<string, (conditions: any, document: Json) => boolean>} */
const COMBINATIONS = {
  $and: (all, document) => all.every((/** @type {Json} */ one) => isSelected(one, document)),
  $or: (any, document) => any.some((/** @type {Json} */ one) => isSelected(one, document)),
  $nor: (none, document) => !none.some((/** @type {Json} */ one) => isSelected(one, document)),
  $not: (one, document) => !isSelected(one, document),
};

/** @type {Record<string, (argument: any, value: any) => boolean>} */
const OPERATORS = {
  $eq: (argument, value) => isEqual(argument, value),
  $ne: (argument, value) => value !== undefined && !isEqual(argument, value),
  $gt: (argument, value) => value > argument,
  $gte: (argument, value) => value >= argument,
  $lt: (argument, value) => value < argument,
  $lte: (argument, value) => value <= argument,
  $in: (list, value) => list.some((/** @type {any} */ one) => isEqual(one, value)),
  $nin: (list, value) => value !== undefined && !list.some((/** @type {any} */ one) => isEqual(one, value)),
  $exists: (wanted, value) => (value !== undefined) === wanted,
  $type: (name, value) => typeName(value) === name,
  $size: (length, value) => Array.isArray(value) && value.length === length,
  $all: (list, value) =>
    Array.isArray(value) && list.every((/** @type {any} */ one) => value.some((other) => isEqual(one, other))),
  $elemMatch: (condition, value) => Array.isArray(value) && value.some((one) => isMatch(condition, one)),
  $mod: ([divisor, rest], value) => Number.isInteger(value) && value % divisor === rest,
  $regex: (pattern, value) => typeof value === "string" && new RegExp(pattern).test(value),
  $not: (condition, value) => !isMatch(condition, value),
};

/** @param {any} condition @param {any} value @returns {boolean} */
function isMatch(condition, value) {
  if (!isObject(condition)) return isEqual(condition, value);
  return Object.entries(condition).every(([key, argument]) => {
    if (key.startsWith("$")) return OPERATORS[key](argument, value);
    return isObject(value) && isMatch(argument, valueAt(value, key));
  });
}

/** @param {Json} document @param {string} path with dots between the members */
function valueAt(document, path) {
  /** @type {any} */
  let value = document;
  for (const name of path.split(".")) value = value?.[name];
  return value;
}

/** @param {any} a @param {any} b */
function isEqual(a, b) {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

/** @param {any} value */
function typeName(value) {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}
