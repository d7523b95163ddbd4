// @ts-check
// One replication document, credentials included: read and written back as text, so that only what is edited changes. It is never
// shown.

import { isFilledText, isObject } from "../runtime/checks.js";
import { SchedulerError } from "../runtime/scheduler-error.js";
import { faultOf, newestPathOf, pathOf } from "./call.js";
import { membersOf, withoutMember } from "./json-text.js";

/** @typedef {import("./call.js").Call} Call */

/** Where a document is. @typedef {{ database: string, id: string }} Place */

/** The state of a replication that has ended: only these does CouchDB leave in a document. @param {any} state */
export const isEnded = (state) => state === "completed" || state === "failed";

/** The document without what CouchDB wrote into it. A state that is left there keeps an ended replication from starting. @param {string} text */
export function withoutState(text) {
  const written = membersOf(text).filter(({ key }) => key.startsWith("_replication_"));
  return written.reduce((edited, { key }) => withoutMember(edited, key), text);
}

/**
 * Edits a document. If it was changed meanwhile, it is read and edited again, as often as the client retries.
 *
 * @param {Call} call
 * @param {Place} place
 * @param {(text: string) => string | Promise<string>} edit returns the same text if there is nothing to write
 * @returns {Promise<string>} the revision
 * @throws {SchedulerError} `conflict`
 */
export async function edited(call, place, edit) {
  const { client } = call;
  const path = pathOf(place.database, place.id);
  const newest = newestPathOf(place.database, place.id);
  /** @type {string | undefined} that may have been written, although the last response was a conflict */
  let sent;
  /** @type {import("../index.js").SchedulerError | undefined} */
  let refused;
  for (let conflicts = 0; ; conflicts++) {
    const { text, json: document } = await call.read(newest, (json) => isDocument(json, place.id));
    if (!isEnd(document.source) || !isEnd(document.target)) {
      const message = "this document is not a replication: it has no source or no target. It was not changed";
      throw faultOf("GET", client.url + path, "bad_request", message);
    }
    // An attempt without a response was successful, and its repetition a conflict.
    if (sent !== undefined && contentOf(text) === contentOf(sent)) return document._rev;
    if (refused && conflicts > client.__retries) throw conflict(refused, conflicts);
    sent = await edit(text);
    if (sent === text) return document._rev;
    try {
      const isWritten = (/** @type {any} */ json) =>
        json?.ok === true && json.id === place.id && isFilledText(json.rev);
      return (await call.replace(path, sent, isWritten)).rev;
    } catch (error) {
      refused = call.failureOf(error);
      if (refused.status !== 409) throw error;
    }
  }
}

/** @param {any} value */
const isEnd = (value) => isFilledText(value) || isObject(value);

/** @param {any} json @param {string} id */
const isDocument = (json, id) => isObject(json) && json._id === id && isFilledText(json._rev);

/** A document apart from its revision. @param {string} text */
const contentOf = (text) => JSON.stringify(JSON.parse(withoutMember(text, "_rev")));

/** @param {import("../index.js").SchedulerError} refused the last attempt @param {number} attempts */
function conflict(refused, attempts) {
  const message = `the document was changed meanwhile, in each of ${attempts} attempts to write it; try again`;
  const { method, url } = refused;
  return new SchedulerError(`${message} (${method} ${url})`, { ...refused, code: "conflict", attempts });
}
