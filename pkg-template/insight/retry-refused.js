// @ts-check
// retryRefused(): posts revisions that the target has refused, as the replication would.

import { argument, optionsOf } from "../runtime/arguments.js";
import { areTexts, isObject } from "../runtime/checks.js";
import { documentPath, iterating, segment } from "./call.js";
import { clientElsewhere, ENDPOINTS } from "./endpoints.js";
import { replicationOf } from "./replication.js";
import { storedOptions } from "./stored-credentials.js";

/** @typedef {import("./call.js").Call} Call */
/** @typedef {import("./replication.js").Database} Database */
/** @typedef {{ written: boolean, error: string | null, reason: string | null }} Outcome */

const OPTIONS = { database: "database", endpoints: ENDPOINTS, signal: "signal" };

/** A status with which the target refuses this document; others refuse all of them. */
const REFUSALS = [400, 412, 413];

const EXPECTED = "an array, such as `docs` of a Verification";
const EACH = "an object with doc_id, revs (an array of strings) and what";

/** @param {import("#glue").Client} client @param {unknown} id @param {unknown} refused @param {unknown} [options] */
export function retryRefused(client, id, refused, options) {
  return iterating(client, () => {
    const docId = argument("retryRefused", "id", "replication", id);
    const revisions = argument("retryRefused", "refused", revisionsOf, refused);
    const { database, endpoints, signal } = optionsOf("retryRefused", options, OPTIONS);
    return { signal, work: (call) => retry(call, database, docId, revisions, endpoints) };
  });
}

/** The revisions to post, and no others. @param {any} refused @param {string} call @param {string} name */
function revisionsOf(refused, call, name) {
  if (!Array.isArray(refused)) argument(call, name, EXPECTED, refused);
  return refused.flatMap((/** @type {unknown} */ document) => {
    const { doc_id, revs, what } = Object(document);
    if (!areTexts(revs) || typeof what !== "string") argument(call, `each of ${name}`, EACH, document);
    argument(call, "doc_id", "document", doc_id);
    return what === "refused" ? revs.map((/** @type {string} */ rev) => ({ doc_id, rev })) : [];
  });
}

/**
 * @param {Call} call
 * @param {string} database
 * @param {string} id
 * @param {{ doc_id: string, rev: string }[]} revisions
 * @param {any} endpoints
 */
async function* retry(call, database, id, revisions, endpoints) {
  const { row, document, source, ...ends } = await replicationOf(call, "retryRefused", database, id, endpoints);
  const target = asReplication(call, row, document, ends.target);
  for (const { doc_id, rev } of revisions) yield { doc_id, rev, ...(await post(call, source, target, doc_id, rev)) };
}

/**
 * The target as its user in the document: an admin might write what the replication may not.
 *
 * @param {Call} call
 * @param {any} row
 * @param {any} document
 * @param {Database} target
 * @returns {Database}
 */
function asReplication(call, row, document, target) {
  const { client } = call;
  // The caller's function decides on other servers, and `Ends` on "stored".
  if (target.client !== client) return target;
  const options = storedOptions(document.target, client.url + target.path);
  if (options === null) {
    const id = JSON.stringify(row.doc_id);
    throw new RangeError(
      `retryRefused: the credentials of the target in ${id} are of an unknown kind: user info in the URL, auth.basic, ` +
        "auth.iam and headers are known",
    );
  }
  const user = clientElsewhere(client, client.url, options);
  call.signal.addEventListener("abort", () => user.free(), { once: true });
  return { ...target, client: user };
}

/** @param {Call} call @param {Database} source @param {Database} target @param {string} doc_id @param {string} rev @returns {Promise<Outcome>} */
async function post(call, source, target, doc_id, rev) {
  const masked = (/** @type {string} */ text) => source.client.__masked(target.client.__masked(text));
  try {
    const query = `?rev=${segment(rev)}&revs=true&attachments=true`;
    const isRevision = (/** @type {any} */ json) => isObject(json) && json._id === doc_id && json._rev === rev;
    const { text } = await call.read(`${source.path}/${documentPath(doc_id)}${query}`, isRevision, source.client);
    // The text itself: as JavaScript's numbers, 1.0 and large integers would change.
    const body = `{"new_edits":false,"docs":[${text}]}`;
    const fits = (/** @type {any} */ json) => isResult(json, doc_id);
    const [refusal] = await call.post(`${target.path}/_bulk_docs`, body, fits, target.client);
    return refusal?.error === undefined ? WRITTEN : outcomeOf(refusal, masked);
  } catch (/** @type {any} */ error) {
    const isOfDocument = error?.method === "GET" ? error.code === "not_found" : REFUSALS.includes(error?.status);
    if (!isOfDocument) throw error;
    // A proxy that refuses a large document does not say it as CouchDB does.
    const { code, message } = error;
    return outcomeOf({ error: error.error ?? code, reason: error.reason ?? message }, String);
  }
}

/** @type {Outcome} */
const WRITTEN = Object.freeze({ written: true, error: null, reason: null });

/** Whether this answers one document: CouchDB's array has only what was refused. @param {any} json @param {string} doc_id */
const isResult = (json, doc_id) =>
  Array.isArray(json) &&
  json.length < 2 &&
  json.every((row) => isObject(row) && row.id === doc_id && ["undefined", "string"].includes(typeof row.error));

/** A validate function can throw any JSON as its reason. @param {any} refusal @param {(text: string) => string} masked @returns {Outcome} */
function outcomeOf({ error, reason }, masked) {
  const text = typeof reason === "string" ? reason : JSON.stringify(reason ?? null);
  return { written: false, error: masked(error), reason: text === "null" ? null : masked(text) };
}
