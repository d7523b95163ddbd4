// @ts-check
/** Attachments as documents carry them: data when they are written, stubs when they are read. */
import { hex } from "../world/hash.js";
import { generationOf, leavesOf, revisionsMember } from "../world/revisions.js";
import { accepts, HttpError } from "./http.js";

/**
 * @typedef {import("../world/database.js").Json} Json
 * @typedef {import("../world/database.js").Entry} Entry
 * @typedef {import("../world/revisions.js").Leaf} Leaf
 * @typedef {import("./http.js").Reply} Reply
 */

/**
 * The attachments of a document that is written, ready to be stored.
 * @param {Json} body with or without `_attachments` @param {string} id @param {string} rev
 * @param {Entry | undefined} entry which a stub refers to
 * @returns {Json}
 */
export function withStoredAttachments(body, id, rev, entry) {
  if (!body._attachments) return body;
  /** @type {Json} */
  const stored = {};
  for (const [name, { stub, data, content_type, revpos }] of Object.entries(body._attachments)) {
    const known = entry && leavesOf(entry).find((leaf) => leaf.body._attachments?.[name])?.body._attachments[name];
    if (stub === true && !known) {
      throw new HttpError(412, "missing_stub", `Invalid attachment stub in ${id} for ${name}`);
    }
    stored[name] = stub === true ? known : newAttachment(content_type, revpos ?? generationOf(rev), data);
  }
  return { ...body, _attachments: stored };
}

/** @param {string | undefined} content_type @param {number} revpos @param {string} data in base64 */
function newAttachment(content_type = "application/octet-stream", revpos, data) {
  const bytes = Array.from({ length: 16 }, (_, i) =>
    String.fromCharCode(Number.parseInt(hex(data).slice(2 * i, 2 * i + 2), 16)),
  );
  return { content_type, revpos, digest: `md5-${btoa(bytes.join(""))}`, length: atob(data).length, data };
}

/**
 * A document as it is read.
 * @param {string} id @param {Leaf} leaf
 * @param {{ revs?: boolean, attachments?: boolean, conflicts?: string[] }} [how]
 * @returns {Json}
 */
export function shownDocument(id, leaf, { revs = false, attachments = false, conflicts = [] } = {}) {
  const { _attachments, ...fields } = leaf.body;
  return {
    _id: id,
    _rev: leaf.rev,
    ...(leaf.deleted && { _deleted: true }),
    ...fields,
    ...(revs && { _revisions: revisionsMember(leaf) }),
    ...(conflicts.length > 0 && { _conflicts: conflicts }),
    ...(_attachments && { _attachments: attachments ? withData(_attachments) : stubs(_attachments) }),
  };
}

/** @param {Json} attachments */
function stubs(attachments) {
  return mapped(attachments, ({ data: _data, ...rest }) => ({ ...rest, stub: true }));
}

/** @param {Json} attachments */
function withData(attachments) {
  return mapped(attachments, ({ length: _length, ...rest }) => rest);
}

/** @param {Json} attachments @param {(attachment: Json) => Json} show */
function mapped(attachments, show) {
  return Object.fromEntries(Object.entries(attachments).map(([name, one]) => [name, show(one)]));
}

/**
 * With `attachments=true` CouchDB answers in several parts, unless the request accepts JSON alone.
 * @param {Json} document as shown with its data @param {string | null} accept
 * @returns {Reply | null} null: JSON will do
 */
export function multipart(document, accept) {
  if (!document._attachments || !accepts(accept, "multipart/related")) return null;
  const boundary = hex(`boundary ${document._rev}`);
  const follows = mapped(document._attachments, ({ data, ...rest }) => ({
    ...rest,
    length: atob(data).length,
    follows: true,
  }));
  const parts = Object.entries(document._attachments).map(
    ([name, { content_type, data }]) =>
      `--${boundary}\r\nContent-Disposition: attachment; filename="${name}"\r\nContent-Type: ${content_type}\r\n` +
      `Content-Length: ${atob(data).length}\r\n\r\n${atob(data)}\r\n`,
  );
  const head = `--${boundary}\r\nContent-Type: application/json\r\n\r\n${JSON.stringify({ ...document, _attachments: follows })}\r\n`;
  const headers = /** @type {[string, string][]} */ ([["Content-Type", `multipart/related; boundary="${boundary}"`]]);
  return { status: 200, headers, body: `${head}${parts.join("")}--${boundary}--` };
}
