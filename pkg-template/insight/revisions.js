// @ts-check
// Revisions of documents, by id: what a page of a feed has, what the other end lacks, and what both have.

import { isCount, isFilledText, isObject } from "../runtime/checks.js";
import { isSeq } from "./resume.js";

/** @typedef {import("./feed.js").Seq} Seq */
/** Revisions by the id of their document. @typedef {Map<string, string[]>} Revisions */
/** @typedef {{ results: { id: string, changes: { rev: string }[] }[], last_seq: Seq, pending: number }} Page */

/** @param {any} row */
const isChange = (row) =>
  isObject(row) &&
  isFilledText(row.id) &&
  Array.isArray(row.changes) &&
  row.changes.length > 0 &&
  row.changes.every((/** @type {any} */ change) => isFilledText(change?.rev));

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
