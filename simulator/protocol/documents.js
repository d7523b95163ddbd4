// @ts-check
/**
 * Reads and writes single documents.
 */

import { isTooLarge } from "../world/copy.js";
import { hex } from "../world/hash.js";
import { isObject, refusal, withoutCredentials } from "../world/replication.js";
import { generationOf, leafOf } from "../world/revisions.js";
import { isServerAdmin } from "../world/security.js";
import { refusalOf } from "../world/validation.js";
import { multipart, shownDocument, withStoredAttachments } from "./attachments.js";
import { badRequest, HttpError, json, jsonBody, methodNotAllowed, missing } from "./http.js";
import { conflictsOf } from "./revisions.js";

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
function readDocument({ user, request: { url, headers } }, database, id) {
  const entry = database.entries.get(id);
  const rev = url.searchParams.get("rev");
  const wanted = rev === null ? undefined : entry && leafOf(entry, rev);
  if (!entry || (rev !== null && !wanted)) throw missing();
  if (!wanted && entry.deleted) throw new HttpError(404, "not_found", "deleted");
  let leaf = wanted ?? entry;
  if (isOfOthers(database, id, leaf.body, user)) {
    // This body was never stored, so the simulator invents a revision.
    const rev = `${generationOf(leaf.rev)}-${hex(`without credentials ${leaf.rev}`)}`;
    leaf = { ...leaf, rev, body: withoutCredentials(leaf.body) };
  }
  const isAsked = (/** @type {string} */ name) => url.searchParams.get(name) === "true";
  const document = shownDocument(id, leaf, {
    revs: isAsked("revs"),
    attachments: isAsked("attachments"),
    conflicts: isAsked("conflicts") ? conflictsOf(entry) : [],
  });
  const reply = (isAsked("attachments") && multipart(document, headers.get("accept"))) || json(document);
  return { ...reply, headers: [...reply.headers, ["ETag", `"${leaf.rev}"`]] };
}

/** A replication that someone else wrote, read or written by a user who is not an admin. @param {Database} database @param {string} id @param {Json} body @param {Context["user"]} user */
function isOfOthers(database, id, body, user) {
  return database.isReplicator && !id.startsWith("_design/") && !isServerAdmin(user) && body.owner !== user.name;
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
  const given = revisionGiven(request);
  const rev = document._rev ?? given;
  if (request.url.searchParams.get("batch") === "ok")
    return storeLater({ fleet, request, user }, database, document, idInPath);
  const written = writeDocument(
    { fleet, request, user },
    database,
    { ...document, ...(rev && { _rev: rev }) },
    idInPath,
  );
  const location = `${request.url.origin}/${encodeURIComponent(database.name)}/${encodeURIComponent(written.id)}`;
  return json({ ok: true, id: written.id, rev: written.rev }, 201, [
    ["ETag", `"${written.rev}"`],
    ["Location", location],
  ]);
}

/** With `batch=ok` the server answers first; a document that it refuses then is silently dropped. @param {Context} context @param {Database} database @param {Json} document @param {string} [id] @returns {Reply} */
function storeLater(context, database, document, id = document._id ?? newId(database)) {
  try {
    writeDocument(context, database, document, id);
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
  }
  return json({ ok: true, id }, 202);
}

/** @param {Database} database */
function newId(database) {
  return hex(`document ${++generatedIds} of ${database.name}`);
}

/**
 * Stores a new revision, or throws what CouchDB answers instead.
 * @param {Context} context @param {Database} database @param {Json} document @param {string} [idInPath]
 * @returns {Entry}
 */
export function writeDocument({ fleet, request, user }, database, document, idInPath) {
  const { _id, _rev, _deleted, _revisions, ...fields } = document;
  const id = idInPath ?? _id ?? newId(database);
  const strange = Object.keys(document).find((name) => name.startsWith("_") && !SPECIAL_FIELDS.has(name));
  if (strange) throw new HttpError(400, "doc_validation", `Bad special document member: ${strange}`);
  if (/^_(?!design\/.|local\/.)/.test(id))
    throw new HttpError(400, "illegal_docid", "Only reserved document ids may start with underscore.");
  const isReplication = database.isReplicator && !id.startsWith("_") && !_deleted;
  const entry = database.entries.get(id);
  if (isReplication && entry && !entry.deleted && isOfOthers(database, id, entry.body, user)) {
    throw new HttpError(403, "forbidden", "Can't update replication documents from other users.");
  }
  const owned = isReplication && user.name !== null ? { ...fields, owner: fields.owner ?? user.name } : fields;
  const refused = isReplication ? refusal(owned) : null;
  if (refused) throw new HttpError(403, "forbidden", refused);
  if (isTooLarge(database, document)) throw new HttpError(413, "document_too_large", id);
  checkRevision(entry, _rev);
  const body = withStoredAttachments(owned, id, `${generationOf(entry?.rev || "0") + 1}-`, entry);
  checkValidity(database, id, _deleted === true, body, user);
  return fleet.write(database, id, body, { deleted: _deleted === true, host: request.url.host, rev: _rev });
}

/** @param {Database} database @param {string} id @param {boolean} deleted @param {Json} body @param {Context["user"]} user */
function checkValidity(database, id, deleted, body, user) {
  if (database.isReplicator) return;
  const invalid = refusalOf(database, { _id: id, ...(deleted && { _deleted: true }), ...body }, user);
  if (invalid) throw new HttpError(invalid.error === "forbidden" ? 403 : 401, invalid.error, invalid.reason);
}

/** @param {Context} context @param {Database} database @param {string} id @returns {Reply} */
function deleteDocument({ fleet, request, user }, database, id) {
  const entry = database.entries.get(id);
  if (!entry) throw missing();
  if (entry.deleted) throw new HttpError(404, "not_found", "deleted");
  const given = revisionGiven(request);
  checkRevision(entry, given);
  checkValidity(database, id, true, {}, user);
  const { rev } = fleet.write(database, id, {}, { deleted: true, rev: given });
  return json({ ok: true, id, rev }, 200, [["ETag", `"${rev}"`]]);
}

/** @param {import("./http.js").SimRequest} request */
function revisionGiven({ url, headers }) {
  return url.searchParams.get("rev") ?? headers.get("if-match")?.replaceAll('"', "") ?? undefined;
}

/** @param {Entry | undefined} entry @param {string | undefined} rev */
function checkRevision(entry, rev) {
  // A revision that lost is a leaf all the same, and may be edited.
  if (rev !== undefined && entry?.others?.some((leaf) => leaf.rev === rev && !leaf.deleted)) return;
  const isNew = !entry || entry.deleted;
  if (isNew ? rev !== undefined && rev !== entry?.rev : rev !== entry.rev) {
    throw new HttpError(409, "conflict", "Document update conflict.");
  }
}
