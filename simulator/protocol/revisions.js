// @ts-check
/** Requests about many revisions at once: what a replication asks its target, and what it writes there. */
import { isTooLarge } from "../world/copy.js";
import { isKnown, leavesOf, pathOf, possibleAncestors } from "../world/revisions.js";
import { refusalOf } from "../world/validation.js";
import { withStoredAttachments } from "./attachments.js";
import { requireMember } from "./auth.js";
import { writeDocument } from "./documents.js";
import { badRequest, HttpError, json, jsonBody, methodNotAllowed } from "./http.js";

/**
 * @typedef {import("../world/database.js").Database} Database
 * @typedef {import("../world/database.js").Json} Json
 * @typedef {import("./http.js").Reply} Reply
 * @typedef {import("./routes.js").Context} Context
 */

/** @param {Context} context */
function onlyPost({ request }) {
  if (request.method !== "POST") throw methodNotAllowed("POST");
}

/** The revisions of a request that the database has never seen, by id. @param {Database} database @param {Json} asked @returns {[string, string[]][]} */
function missingRevisions(database, asked) {
  return Object.entries(asked)
    .map(([id, revs]) => {
      if (!Array.isArray(revs)) {
        throw Object.assign(new HttpError(500, "unknown_error", "function_clause"), { ref: 2473464143 });
      }
      const entry = database.entries.get(id);
      return /** @type {[string, string[]]} */ ([id, revs.filter((rev) => !entry || !isKnown(entry, rev))]);
    })
    .filter(([, revs]) => revs.length > 0);
}

/** `/{db}/_revs_diff`. @param {Context} context @param {Database} database @returns {Promise<Reply>} */
export async function revsDiff(context, database) {
  onlyPost(context);
  const rows = missingRevisions(database, await jsonBody(context.request)).map(([id, missing]) => {
    const entry = database.entries.get(id);
    const ancestors = entry ? possibleAncestors(entry, missing) : [];
    return [id, { missing, ...(ancestors.length > 0 && { possible_ancestors: ancestors }) }];
  });
  context.onRow(rows.length);
  return json(Object.fromEntries(rows));
}

/** `/{db}/_missing_revs`. @param {Context} context @param {Database} database @returns {Promise<Reply>} */
export async function missingRevs(context, database) {
  onlyPost(context);
  return json({ missing_revs: Object.fromEntries(missingRevisions(database, await jsonBody(context.request))) });
}

/** `/{db}/_purge`. @param {Context} context @param {Database} database @returns {Promise<Reply>} */
export async function purge(context, database) {
  onlyPost(context);
  const asked = await jsonBody(context.request);
  const purged = Object.entries(asked).map(([id, revs]) => {
    const entry = database.entries.get(id);
    return [id, entry ? database.purge(entry, revs) : []];
  });
  return json({ purge_seq: null, purged: Object.fromEntries(purged) }, 201);
}

/** `/{db}/_revs_limit`. @param {Context} context @param {Database} database @returns {Promise<Reply>} */
export async function revsLimit({ request }, database) {
  if (request.method === "GET" || request.method === "HEAD") return json(database.revsLimit);
  if (request.method !== "PUT") throw methodNotAllowed("PUT,GET");
  database.revsLimit = await jsonBody(request);
  return json({ ok: true });
}

/** `/{db}/_bulk_docs`. @param {Context} context @param {Database} database @returns {Promise<Reply>} */
export async function bulkDocs(context, database) {
  onlyPost(context);
  const { docs, new_edits = true } = await jsonBody(context.request);
  if (!Array.isArray(docs)) throw badRequest("POST body must include `docs` parameter.");
  // Too large a document, or an attachment that is nowhere, refuses the whole request.
  const large = docs.find((document) => isTooLarge(database, document));
  if (large) throw new HttpError(413, "document_too_large", large._id);
  return json(new_edits === false ? replicated(context, database, docs) : edited(context, database, docs), 201);
}

/** @param {Context} context @param {Database} database @param {Json[]} docs @returns {Json[]} only what was refused */
function replicated({ user }, database, docs) {
  requireMember(user, database.security);
  const prepared = docs.map(({ _id, _rev, _revisions, _deleted, ...fields }) => {
    const path = pathOf({ _rev, _revisions });
    const body = withStoredAttachments(fields, _id, path[0], database.entries.get(_id));
    return { id: _id, path, content: { deleted: _deleted === true, body } };
  });
  const refused = [];
  for (const { id, path, content } of prepared) {
    const [rev] = path;
    const entry = database.entries.get(id);
    if (entry && isKnown(entry, rev)) continue;
    const document = { _id: id, _rev: rev, ...(content.deleted && { _deleted: true }), ...content.body };
    const refusal = refusalOf(database, document, user);
    if (refusal) refused.push({ id, rev, ...refusal });
    else database.merge(id, path, content);
  }
  return refused;
}

/** @param {Context} context @param {Database} database @param {Json[]} docs @returns {Json[]} a result each */
function edited(context, database, docs) {
  return docs.map((document) => {
    try {
      const { id, rev } = writeDocument(context, database, document);
      return { ok: true, id, rev };
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      return { id: document._id, error: error.error, reason: error.reason };
    }
  });
}

/** The leaves that a request without `rev` does not show. @param {import("../world/database.js").Entry} entry */
export function conflictsOf(entry) {
  return leavesOf(entry)
    .slice(1)
    .filter(({ deleted }) => !deleted)
    .map(({ rev }) => rev);
}
