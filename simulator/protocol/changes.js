// @ts-check
/** `/{db}/_changes`, the normal feed. */
import { byFunction, byIds, bySelector, filterCode } from "../world/filters.js";
import { hex } from "../world/hash.js";
import { isObject } from "../world/replication.js";
import { leavesOf } from "../world/revisions.js";
import { shownDocument } from "./attachments.js";
import { badRequest, HttpError, jsonBody, methodNotAllowed, missing } from "./http.js";
import { chunkedList } from "./lists.js";
import { docsQuery } from "./query.js";

/**
 * @typedef {import("../world/database.js").Database} Database
 * @typedef {import("../world/database.js").Entry} Entry
 * @typedef {import("../world/database.js").Json} Json
 * @typedef {import("../world/filters.js").Filter} Filter
 * @typedef {import("../world/revisions.js").Leaf} Leaf
 * @typedef {import("./http.js").Reply} Reply
 * @typedef {import("./routes.js").Context} Context
 *
 * @typedef {{ entry: Entry, leaves: Leaf[] }} Change with the leaves that its row shows
 */

/** What a feed without a limit counts down from. */
const NO_LIMIT = 1e14;
/** The server looks up so few ids, instead of reading its feed. */
const MAX_LOOKUP_IDS = 100;

/** @param {Context} context @param {Database} database @returns {Promise<Reply>} */
export async function changes({ request, chunkBytes, onRow }, database) {
  if (!["GET", "HEAD", "POST"].includes(request.method)) throw methodNotAllowed("GET,HEAD,POST");
  const params = request.url.searchParams;
  const body = request.method === "POST" ? await jsonBody(request) : {};
  const { limit, descending, includeDocs } = docsQuery(params);
  const since = sinceSeq(params.get("since") ?? "0", database);
  const filter = filterOf(params, body, database);
  const all = params.get("style") === "all_docs";
  const after = database.changesSince(since);
  const page = pageOf(descending ? after.reverse() : after, limit, all, filter);
  const lookup = idsOf(params, body);
  // Ids that were looked up are the only ones that count as seen.
  const pending =
    lookup && lookup.length <= MAX_LOOKUP_IDS && page.isWhole
      ? after.length - page.changes.length
      : after.length - page.passed;
  const last = limit === 0 ? since : page.isWhole && !descending ? database.seq : page.last;
  const interval = Number(params.get("seq_interval") ?? 1);
  const countdown = limit === Infinity ? NO_LIMIT : limit;
  const rows = rowsOf(page.changes, (entry, leaves, i) => ({
    seq: (countdown - i) % interval === 0 ? database.seqText(entry.seq) : null,
    id: entry.id,
    changes: leaves.map(({ rev }) => ({ rev })),
    ...(entry.deleted && { deleted: true }),
    ...(includeDocs && { doc: shownDocument(entry.id, entry) }),
  }));
  const tail = `\n],\n"last_seq":${JSON.stringify(database.seqText(last ?? database.seq))},"pending":${pending}}\n\n`;
  const etag = `"${hex(`${database.name} ${database.seq}`, 25).toUpperCase()}"`;
  return { status: 200, headers: [["ETag", etag]], body: chunkedList('{"results":[\n', rows, tail, chunkBytes, onRow) };
}

/**
 * @param {Entry[]} after @param {number} limit @param {boolean} all leaves of a document @param {Filter | null} filter
 * @returns {{ changes: Change[], passed: number, last: number | undefined, isWhole: boolean }}
 */
function pageOf(after, limit, all, filter) {
  /** @type {Change[]} */
  const found = [];
  let passed = 0;
  for (const entry of after) {
    if (found.length >= limit) break;
    passed++;
    const leaves = all ? leavesOf(entry) : [entry];
    const wanted = filter ? leaves.filter((leaf) => filter(entry.id, leaf)) : leaves;
    if (wanted.length > 0) found.push({ entry, leaves: wanted });
  }
  return { changes: found, passed, last: after[passed - 1]?.seq, isWhole: passed === after.length };
}

/** @param {Change[]} found @param {(entry: Entry, leaves: Leaf[], i: number) => Json} row */
function* rowsOf(found, row) {
  for (const [i, { entry, leaves }] of found.entries()) yield JSON.stringify(row(entry, leaves, i));
}

/** @param {URLSearchParams} params @param {Json} body @returns {string[] | null} */
function idsOf(params, body) {
  if (params.get("filter") !== "_doc_ids") return null;
  const ids = body.doc_ids ?? JSON.parse(params.get("doc_ids") ?? "null");
  if (!Array.isArray(ids)) throw badRequest("`doc_ids` filter parameter is not a list of doc ids.");
  return ids;
}

/** @param {URLSearchParams} params @param {Json} body @param {Database} database @returns {Filter | null} */
function filterOf(params, body, database) {
  const name = params.get("filter");
  if (name === null || name === "") return null;
  const ids = idsOf(params, body);
  if (ids) return byIds(ids);
  if (name === "_design") return (id) => id.startsWith("_design/");
  if (name === "_selector") {
    if (!isObject(body.selector)) throw badRequest("Selector must be specified in POST payload");
    return bySelector(body.selector);
  }
  if (!name.includes("/")) throw badRequest("filter must be of the form `designname/filtername`");
  const [design, filter] = name.split("/");
  if (!database.get(`_design/${design}`)) throw missing();
  const code = filterCode(database, name);
  if (code === undefined) throw new HttpError(404, "not_found", `missing json key: ${filter}`);
  return byFunction(code, Object.fromEntries(params));
}

/** @param {string} text @param {Database} database */
function sinceSeq(text, database) {
  if (text === "now") return database.seq;
  const seq = /^(\d+)(-|$)/.exec(text.replace(/^"|"$/g, ""))?.[1];
  if (seq === undefined) throw badRequest("Malformed sequence supplied in 'since' parameter.");
  return Number(seq);
}
