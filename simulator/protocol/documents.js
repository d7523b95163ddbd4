// @ts-check
/**
 * Reads and writes single documents.
 */
import { hex } from "../world/hash.js";
import { isObject, refusal, withoutCredentials } from "../world/replication.js";
import { badRequest, HttpError, json, jsonBody, methodNotAllowed, missing } from "./http.js";

/**
 * @typedef {import("../world/database.js").Database} Database
 * @typedef {import("../world/database.js").Entry} Entry
 * @typedef {import("../world/database.js").Json} Json
 * @typedef {import("./http.js").Reply} Reply
 * @typedef {Pick<import("./routes.js").Context, "fleet" | "request" | "user">} Context
 */

/** Fields that start with an underscore and still belong to the user. */
const SPECIAL_FIELDS = new Set([
  "_id",
  "_rev",
  "_deleted",
  "_attachments",
  "_revisions",
  "_replication_id",
  "_replication_state",
  "_replication_state_time",
  "_replication_state_reason",
  "_replication_stats",
]);

let generatedIds = 0;

/** `/{db}/{id}`. @param {Context} context @param {Database} database @param {string} id @returns {Promise<Reply> | Reply} */
export function documentRequest(context, database, id) {
  switch (context.request.method) {
    case "GET":
    case "HEAD":
      return readDocument(context, database, id);
    case "PUT":
      return storeDocument(context, database, id);
    case "DELETE":
      return deleteDocument(context, database, id);
    default:
      throw methodNotAllowed("DELETE,GET,HEAD,POST,PUT,COPY");
  }
}

/** @param {Context} context @param {Database} database @param {string} id @returns {Reply} */
function readDocument({ user }, database, id) {
  const entry = database.entries.get(id);
  if (!entry) throw missing();
  if (entry.deleted) throw new HttpError(404, "not_found", "deleted");
  let { body, rev } = entry;
  if (
    database.isReplicator &&
    !id.startsWith("_design/") &&
    !user.roles.includes("_admin") &&
    body.owner !== user.name
  ) {
    body = withoutCredentials(body);
    // This body was never stored, so the simulator invents a revision.
    rev = `${Number.parseInt(rev, 10)}-${hex(`without credentials ${rev}`)}`;
  }
  return json({ _id: id, _rev: rev, ...body }, 200, [["ETag", `"${rev}"`]]);
}

/**
 * PUT, or POST without an id in the path.
 * @param {Context} context @param {Database} database @param {string} [idInPath]
 * @returns {Promise<Reply>}
 */
export async function storeDocument({ fleet, request, user }, database, idInPath) {
  if (idInPath === undefined && !(request.headers.get("content-type") ?? "").startsWith("application/json")) {
    throw new HttpError(415, "bad_content_type", "Content-Type must be application/json");
  }
  const document = await jsonBody(request);
  if (!isObject(document)) throw badRequest("Document must be a JSON object");
  const { _id, _rev, _deleted, ...fields } = document;
  const id = idInPath ?? _id ?? hex(`document ${++generatedIds} of ${database.name}`);
  const strange = Object.keys(document).find((name) => name.startsWith("_") && !SPECIAL_FIELDS.has(name));
  if (strange) throw new HttpError(400, "doc_validation", `Bad special document member: ${strange}`);
  if (/^_(?!design\/.|local\/.)/.test(id))
    throw new HttpError(400, "illegal_docid", "Only reserved document ids may start with underscore.");
  const isReplication = database.isReplicator && !id.startsWith("_") && !_deleted;
  const body = isReplication && user.name !== null ? { ...fields, owner: fields.owner ?? user.name } : fields;
  const refused = isReplication ? refusal(body) : null;
  if (refused) throw new HttpError(403, "forbidden", refused);
  checkRevision(database.entries.get(id), _rev ?? revisionGiven(request));
  const entry = fleet.write(database, id, body, { deleted: _deleted === true, host: request.url.host });
  const location = `${request.url.origin}/${encodeURIComponent(database.name)}/${encodeURIComponent(id)}`;
  return json({ ok: true, id, rev: entry.rev }, 201, [
    ["ETag", `"${entry.rev}"`],
    ["Location", location],
  ]);
}

/** @param {Context} context @param {Database} database @param {string} id @returns {Reply} */
function deleteDocument({ fleet, request }, database, id) {
  const entry = database.entries.get(id);
  if (!entry) throw missing();
  if (entry.deleted) throw new HttpError(404, "not_found", "deleted");
  checkRevision(entry, revisionGiven(request));
  const { rev } = fleet.write(database, id, {}, { deleted: true });
  return json({ ok: true, id, rev }, 200, [["ETag", `"${rev}"`]]);
}

/** @param {import("./http.js").SimRequest} request */
function revisionGiven({ url, headers }) {
  return url.searchParams.get("rev") ?? headers.get("if-match")?.replaceAll('"', "") ?? undefined;
}

/** @param {Entry | undefined} entry @param {string | undefined} rev */
function checkRevision(entry, rev) {
  const isNew = !entry || entry.deleted;
  if (isNew ? rev !== undefined && rev !== entry?.rev : rev !== entry.rev) {
    throw new HttpError(409, "conflict", "Document update conflict.");
  }
}
