// @ts-check
// Replication documents as they were written, credentials included. They are never shown.

import { isObject } from "../runtime/checks.js";
import { pathOf, segment } from "./call.js";

/** @typedef {import("./call.js").Call} Call */

/** What identifies a document: a row of `_scheduler/docs`. @typedef {{ database: string, doc_id: string }} Row */

/** Reads the documents of rows, each once. */
export class Documents {
  #call;
  /** Of each row, its document; null if it was deleted. @type {WeakMap<Row, Promise<any>>} */
  #known = new WeakMap();

  /** @param {Call} call */
  constructor(call) {
    this.#call = call;
  }

  /** `GET /{database}/{docId}`, unless it is known. @param {Row} row @returns {Promise<any>} null if `read` found it deleted */
  of(row) {
    const { database, doc_id } = row;
    const isDocument = (/** @type {any} */ json) => isObject(json) && json._id === doc_id;
    const document = this.#known.get(row) ?? this.#call.get(pathOf(database, doc_id), isDocument);
    this.#known.set(row, document);
    return document;
  }

  /** The document of `row`, which has been read. @param {Row} row @param {any} document */
  add(row, document) {
    this.#known.set(row, Promise.resolve(document));
  }

  /**
   * Reads the documents of rows of one database at once: `POST /{database}/_all_docs`. Those of a database that was deleted are
   * deleted, too.
   *
   * @param {string} database
   * @param {readonly Row[]} rows
   */
  async read(database, rows) {
    const ids = rows.map(({ doc_id }) => doc_id);
    const found = await rowsOf(this.#call, `/${segment(database)}/_all_docs`, ids).catch((error) => {
      if (error?.code !== "not_found") throw error;
      return new Map();
    });
    for (const row of rows) this.add(row, found.get(row.doc_id) ?? null);
  }
}

/**
 * The documents with these ids, by one request to `_all_docs` or `_local_docs`. Each id must be answered once.
 *
 * @param {Call} call
 * @param {string} path
 * @param {string[]} ids each once
 * @param {import("./call.js").Client} [client]
 * @returns {Promise<Map<string, any>>} those that exist
 */
export async function rowsOf(call, path, ids, client) {
  const expected = new Set(ids);
  /** Documents, and what says that there is none. @param {any} row */
  const isAnswer = (row) =>
    isObject(row) &&
    expected.has(row.key) &&
    (isObject(row.doc) ? row.doc._id === row.key : typeof row.error === "string" || row.value?.deleted === true);
  const fits = (/** @type {any} */ json) =>
    isObject(json) &&
    Array.isArray(json.rows) &&
    json.rows.length === expected.size &&
    json.rows.every(isAnswer) &&
    new Set(json.rows.map((/** @type {any} */ row) => row.key)).size === expected.size;
  const { rows } = await call.get(`${path}?include_docs=true`, fits, client, JSON.stringify({ keys: ids }));
  const documents = rows.filter((/** @type {any} */ row) => isObject(row.doc));
  return new Map(documents.map((/** @type {any} */ row) => [row.key, row.doc]));
}
