// @ts-check
// Revisions of documents, by id: what a page of a feed has, what the other end lacks, and how it is counted.

import { isObject } from "./call.js";
import { isCount, isSeq } from "./resume.js";

/** @typedef {import("./feed.js").Seq} Seq */
/** Revisions by the id of their document. @typedef {Map<string, string[]>} Revisions */
/** @typedef {{ results: { id: string, changes: { rev: string }[] }[], last_seq: Seq, pending: number }} Page */
/** @typedef {"refused" | "in_flight" | "extra"} Kind */

const isText = (/** @type {unknown} */ value) => typeof value === "string" && value !== "";

/** @param {any} row */
const isChange = (row) =>
  isObject(row) &&
  isText(row.id) &&
  Array.isArray(row.changes) &&
  row.changes.length > 0 &&
  row.changes.every((/** @type {any} */ change) => isText(change?.rev));

/** Whether this is a response of `_changes` with at most `limit` rows. @param {any} json @param {number} limit */
export const isPage = (json, limit) =>
  isObject(json) &&
  isSeq(json.last_seq) &&
  isCount(json.pending) &&
  Array.isArray(json.results) &&
  json.results.length <= limit &&
  json.results.every(isChange);

/** @param {Page} page @returns {Revisions} */
export function revisionsOf({ results }) {
  /** @type {Revisions} */
  const revisions = new Map();
  for (const { id, changes } of results) {
    const revs = changes.map(({ rev }) => rev);
    const known = revisions.get(id);
    revisions.set(id, known ? [...new Set([...known, ...revs])] : revs);
  }
  return revisions;
}

/** Whether this is a response of `_revs_diff` to these revisions. @param {any} json @param {Revisions} asked */
export const isDifference = (json, asked) =>
  isObject(json) &&
  Object.entries(json).every(([id, value]) => {
    const revs = asked.get(id);
    const missing = value?.missing;
    return revs !== undefined && Array.isArray(missing) && missing.every((rev) => revs.includes(rev));
  });

/** @param {Record<string, { missing: string[] }>} difference @returns {Revisions} */
export const missingOf = (difference) => new Map(Object.entries(difference).map(([id, { missing }]) => [id, missing]));

/** What is in both. @param {Revisions} revisions @param {Revisions} others @returns {Revisions} */
export function common(revisions, others) {
  /** @type {Revisions} */
  const both = new Map();
  for (const [id, revs] of revisions) {
    const kept = revs.filter((rev) => others.get(id)?.includes(rev));
    if (kept.length > 0) both.set(id, kept);
  }
  return both;
}

/** Counts revisions, and lists some of them. Those that are listed are not counted again if their document changes meanwhile. */
export class Tally {
  /** How many are listed of each kind. */
  #list;
  /** @type {Record<Kind, { total: number, listed: number, docs: { doc_id: string, revs: string[], what: Kind, reason: null }[] }>} */
  #kinds = {
    refused: { total: 0, listed: 0, docs: [] },
    extra: { total: 0, listed: 0, docs: [] },
    in_flight: { total: 0, listed: 0, docs: [] },
  };

  /** Listed revisions, with their documents. @type {Set<string>} */
  #known = new Set();

  /** @param {number} list */
  constructor(list) {
    this.#list = list;
  }

  /** @param {Kind} what */
  total(what) {
    return this.#kinds[what].total;
  }

  /** @param {Kind} what @param {string} doc_id @param {string[]} revs */
  add(what, doc_id, revs) {
    const kind = this.#kinds[what];
    const fresh = revs.filter((rev) => !this.#known.has(`${rev} ${doc_id}`));
    kind.total += fresh.length;
    const listed = fresh.slice(0, this.#list - kind.listed);
    for (const rev of listed) this.#known.add(`${rev} ${doc_id}`);
    kind.listed += listed.length;
    if (listed.length > 0) kind.docs.push({ doc_id, revs: listed, what, reason: null });
  }

  /** The listed ones. Those that nothing brings come first; those in flight need the least attention. */
  docs() {
    let left = this.#list;
    const docs = [];
    for (const { docs: some } of Object.values(this.#kinds)) {
      for (const document of some) {
        const revs = document.revs.slice(0, left);
        left -= revs.length;
        if (revs.length > 0) docs.push({ ...document, revs });
      }
    }
    return docs;
  }
}
