// @ts-check
// What a replication reads of its source: the requests to `_changes` that read the same documents.

import { attempt } from "../runtime/http.js";
import { Secrets } from "../runtime/secrets.js";
import { segment } from "./call.js";
import { valueTexts } from "./json-text.js";

/** A position in a feed; CouchDB 1 and the beginning have numbers. @typedef {string | number} Seq */

/**
 * @typedef {object} Feed
 * @property {"none" | "selector" | "doc_ids" | "builtin" | "function"} filter what chooses the documents; "function" is
 * JavaScript of a design document
 * @property {"all_docs" | "main_only"} style all leaf revisions, or only the winning one
 * @property {Seq} since where it begins
 * @property {string} query further parameters of the path
 * @property {string | undefined} body of a POST, as JSON
 */

/** Parameters of which `query_params` does not get a say. */
const RESERVED = "feed style since limit seq_interval filter heartbeat timeout descending include_docs".split(" ");

/** All changes. @type {Feed} */
export const PLAIN = Object.freeze({ filter: "none", style: "all_docs", since: 0, query: "", body: undefined });

/**
 * @param {any} document a replication document
 * @param {string} text the same as JSON
 * @returns {Feed}
 */
export function feedOf(document, text) {
  const { doc_ids, filter, selector, winning_revs_only, since_seq } = document;
  const members = valueTexts(text);
  /** @type {Feed} */
  const feed = {
    ...PLAIN,
    style: winning_revs_only === true ? "main_only" : "all_docs",
    since: typeof since_seq === "string" || typeof since_seq === "number" ? since_seq : 0,
  };
  if (Array.isArray(doc_ids)) {
    return { ...feed, filter: "doc_ids", query: "&filter=_doc_ids", body: idsBody(doc_ids.map(unquoted)) };
  }
  if (selector !== undefined && selector !== null) {
    const body = `${SELECTOR}${members.get("selector")}}`;
    return { ...feed, filter: "selector", query: "&filter=_selector", body };
  }
  if (typeof filter !== "string" || filter === "") return feed;
  const params = [...valueTexts(members.get("query_params") ?? "")]
    .filter(([name]) => !RESERVED.includes(name))
    .map(([name, value]) => `&${encoded(name)}=${encoded(value.startsWith('"') ? JSON.parse(value) : value)}`);
  const query = `&filter=${segment(filter)}${params.join("")}`;
  return { ...feed, filter: filter.startsWith("_") ? "builtin" : "function", query };
}

/** The next `limit` changes of a feed after `since`, as a query. @param {Feed} feed @param {Seq} since @param {number} limit */
export const pageQuery = ({ style, query }, since, limit) =>
  `?style=${style}&limit=${limit}&seq_interval=${limit}&since=${segment(String(since))}${query}`;

/** The changes of single documents after `since`, as a query. @param {Feed["style"]} style @param {Seq} since */
export const lookupQuery = (style, since) => `?style=${style}&since=${segment(String(since))}&filter=_doc_ids`;

/** A feed's query as errors show it. @param {string} text with a URL */
const withoutParams = (text) => text.replace(/(&filter=[^&\s)]*)&[^\s)]*/g, "$1&…");

/**
 * Removes the parameters of a filter and the values of a selector from an error: they can be secrets, and a server or a `fetch` can
 * repeat them.
 *
 * @param {any} error a SchedulerError
 * @param {string} query
 * @param {string | undefined} body
 */
export function hideParams(error, query, body) {
  const secrets = new Secrets();
  for (const text of textsIn(query, body)) secrets.add(text, false);
  const { message, url, reason, cause } = error;
  error.message = secrets.hide(withoutParams(message));
  error.url = withoutParams(url);
  if (reason !== null) error.reason = secrets.hide(withoutParams(reason));
  if (cause !== undefined) Object.defineProperty(error, "cause", { value: secrets.hideCause(cause) });
}

/** Shorter texts are words rather than secrets; and how many are hidden. */
const [MIN_SECRET, MAX_SECRETS] = [6, 100];

/** @param {string} query @param {string | undefined} body */
function textsIn(query, body) {
  /** @type {Set<string>} */
  const texts = new Set();
  const add = (/** @type {unknown} */ _, /** @type {unknown} */ value) => {
    if (typeof value === "string" && value.length >= MIN_SECRET && texts.size < MAX_SECRETS) texts.add(value);
    return value;
  };
  for (const value of new URLSearchParams(/&filter=[^&]*&(.*)/.exec(query)?.[1]).values()) {
    add("", value);
    // It can be JSON.
    attempt(() => JSON.parse(value, add));
  }
  if (body?.startsWith(SELECTOR)) JSON.parse(body, add);
  return texts;
}

/** The beginning of the body of a selector. */
const SELECTOR = '{"selector":';

/** Leaves no character after which a URL in a sentence would end. @param {string} text */
const encoded = (text) =>
  segment(text).replace(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);

/** @param {readonly string[]} ids */
export const idsBody = (ids) => JSON.stringify({ doc_ids: ids });

/** An id in `doc_ids`, which CouchDB decodes like a part of a query. @param {unknown} id */
function unquoted(id) {
  const spaced = String(id).replaceAll("+", " ");
  return spaced.replace(/(?:%[0-9a-f]{2})+/gi, (text) => attempt(() => decodeURIComponent(text)) ?? text);
}
