// @ts-check
/** `_local/ID` and `_local_docs`. */
import { compareIds } from "../world/database.js";
import { hex } from "../world/hash.js";
import { readLocal, writeLocal } from "../world/locals.js";
import { HttpError, json, jsonBody, methodNotAllowed, missing } from "./http.js";
import { chunkedList } from "./lists.js";
import { docsQuery } from "./query.js";

/**
 * @typedef {import("../world/database.js").Database} Database
 * @typedef {import("../world/database.js").Json} Json
 * @typedef {import("./http.js").Reply} Reply
 * @typedef {import("./routes.js").Context} Context
 */

/** @param {Context} context @param {Database} database @param {string} id with `_local/` @returns {Promise<Reply> | Reply} */
export function localRequest({ request }, database, id) {
  switch (request.method) {
    case "GET":
    case "HEAD":
      return read(database, id);
    case "PUT":
      return write(request, database, id);
    case "DELETE":
      return remove(database, id);
    default:
      throw methodNotAllowed("DELETE,GET,HEAD,POST,PUT,COPY");
  }
}

/** @param {Database} database @param {string} id @returns {Reply} */
function read(database, id) {
  const local = readLocal(database, id);
  if (!local) throw missing();
  return json(local, 200, [["ETag", etagOf(local)]]);
}

/** @param {import("./http.js").SimRequest} request @param {Database} database @param {string} id @returns {Promise<Reply>} */
async function write(request, database, id) {
  const { _id, _rev, ...body } = await jsonBody(request);
  const { rev } = writeLocal(database, id, body, revisionOf(_rev ?? request.url.searchParams.get("rev") ?? "0-0"));
  const location = `${request.url.origin}/${encodeURIComponent(database.name)}/${encodeURIComponent(id)}`;
  return json({ ok: true, id, rev: `0-${rev}` }, 201, [
    ["ETag", etagOf(body)],
    ["Location", location],
  ]);
}

/** @param {Database} database @param {string} id @returns {Reply} */
function remove(database, id) {
  if (!database.locals.delete(id)) throw missing();
  return json({ ok: true, id, rev: "0-0" });
}

/** @param {string} rev */
function revisionOf(rev) {
  const number = /^0-(\d+)$/.exec(rev)?.[1];
  if (number === undefined) throw new HttpError(400, "bad_request", "Invalid rev format");
  return Number(number);
}

/** @param {Json} body */
function etagOf(body) {
  return `"${hex(JSON.stringify(body), 25).toUpperCase()}"`;
}

/** `/{db}/_local_docs`. @param {Context} context @param {Database} database @returns {Promise<Reply>} */
export async function localDocs({ request, chunkBytes, onRow }, database) {
  const query = docsQuery(request.url.searchParams);
  const { keys } = request.method === "POST" ? await jsonBody(request) : { keys: undefined };
  const ids = keys ?? listed(database, query);
  const rows = ids.map((/** @type {string} */ id) => localRow(database, id, query.includeDocs));
  const body = chunkedList('{"total_rows":null,"offset":null,"rows":[\r\n', rows, "\r\n]}\n", chunkBytes, onRow);
  return { status: 200, headers: [], body };
}

/** @param {Database} database @param {import("./query.js").DocsQuery} query */
function listed({ locals }, { startkey, endkey, descending, skip, limit }) {
  const [low, high] = descending ? [endkey, startkey] : [startkey, endkey];
  const ids = [...locals.keys()]
    .filter(
      (id) => (low === undefined || compareIds(id, low) >= 0) && (high === undefined || compareIds(id, high) <= 0),
    )
    .sort(compareIds);
  return (descending ? ids.reverse() : ids).slice(skip, skip + limit);
}

/** A row of a list, also of `_all_docs` where its keys name local documents. @param {Database} database @param {string} id @param {boolean} includeDocs */
export function localRow(database, id, includeDocs) {
  const local = readLocal(database, id);
  if (!local) return JSON.stringify({ key: id, error: "not_found" });
  return JSON.stringify({ id, key: id, value: { rev: local._rev }, ...(includeDocs && { doc: local }) });
}
