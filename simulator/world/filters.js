// @ts-check
/** What a filtered feed of changes lets through. */
import { isObject } from "./replication.js";
import { isSelected } from "./selector.js";

/**
 * @typedef {import("./database.js").Database} Database
 * @typedef {import("./database.js").Json} Json
 * @typedef {import("./revisions.js").Leaf} Leaf
 *
 * @typedef {(id: string, leaf: Leaf) => boolean} Filter
 */

/** Functions of design documents by their code: each is compiled once. @type {Map<string, Function>} */
const compiled = new Map();

/**
 * A function that a design document has as text. Code that is wrong, or that the page must not run by its
 * Content-Security-Policy, accepts everything.
 * @param {string} code @returns {Function}
 */
export function functionFrom(code) {
  const made = compiled.get(code) ?? compile(code);
  compiled.set(code, made);
  return made;
}

/** @param {string} code @returns {Function} */
function compile(code) {
  try {
    return new Function(`"use strict"; return (${code});`)();
  } catch {
    return () => true;
  }
}

/** The code of the filter `dd/name`, where the database has it. @param {Database | undefined} database @param {string} name @returns {string | undefined} */
export function filterCode(database, name) {
  const slash = name.indexOf("/");
  return database?.get(`_design/${name.slice(0, slash)}`)?.body.filters?.[name.slice(slash + 1)];
}

/** @param {string} id @param {Leaf} leaf @returns {Json} the document as a filter sees it */
function documentOf(id, { rev, deleted, body }) {
  return { _id: id, _rev: rev, ...(deleted && { _deleted: true }), ...body };
}

/** @param {Json} selector @returns {Filter} */
export function bySelector(selector) {
  return (id, leaf) => isSelected(selector, documentOf(id, leaf));
}

/** @param {string[]} ids @returns {Filter} */
export function byIds(ids) {
  const wanted = new Set(ids);
  return (id) => wanted.has(id);
}

/** @param {string} code @param {Json} query @returns {Filter} */
export function byFunction(code, query) {
  const filter = functionFrom(code);
  return (id, leaf) => filter(documentOf(id, leaf), { query }) === true;
}

/** CouchDB decodes the ids of a replication document like a part of a query: "a+b" is "a b". @param {string} id */
function decodedId(id) {
  try {
    return decodeURIComponent(id.replaceAll("+", " "));
  } catch {
    return id;
  }
}

/** What a replication document wants of its source. @param {Json} body @param {Database} source @returns {Filter | null} null: all */
export function filterOf({ selector, doc_ids, filter, query_params }, source) {
  if (isObject(selector)) return bySelector(selector);
  if (Array.isArray(doc_ids)) return byIds(doc_ids.map(decodedId));
  if (filter === "_design") return (id) => id.startsWith("_design/");
  const code = typeof filter === "string" ? filterCode(source, filter) : undefined;
  return code?.trim() ? byFunction(code, query_params ?? {}) : null;
}
