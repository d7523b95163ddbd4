// @ts-check
// Changes, where they are allowed: replications are created and deleted. Each one is a line of JSON in the log.

import { safeJson } from "../cli/output/text.js";
import { Refusal } from "./refusal.js";
import { ask } from "./upstream.js";
import { Unanswered } from "./upstream-errors.js";

/**
 * @typedef {import("node:http").IncomingMessage} IncomingMessage
 * @typedef {import("./allow-list.js").Allowed} Allowed
 */

const MAX_BODY = 1024 * 1024;
/** What stands for credentials in documents that are shown. */
const MASK = "*****";

/** @param {string} reason */
const bad = (reason) => new Refusal(400, "bad_request", reason);

/** The body. One that is too large is read, but not kept: otherwise the client would not see the response. @param {IncomingMessage} request */
async function textOf(request) {
  /** @type {Buffer[]} */
  const chunks = [];
  let size = 0;
  try {
    for await (const chunk of request) {
      size += chunk.length;
      if (size <= MAX_BODY) chunks.push(chunk);
      else chunks.length = 0;
    }
  } catch {
    throw bad("The body is not complete.");
  }
  if (size > MAX_BODY) throw new Refusal(413, "too_large", `The body is larger than ${MAX_BODY} bytes.`);
  return Buffer.concat(chunks).toString("utf8");
}

/** @param {unknown} value @returns {value is Record<string, unknown>} */
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** @param {unknown} document @returns {string} JSON */
function textIn(document) {
  try {
    return JSON.stringify(document);
  } catch {
    throw bad("The body is nested too deeply.");
  }
}

/** A new replication, written again. @param {Allowed} allowed @param {string} text */
function documentIn({ kind, id }, text) {
  let document;
  try {
    document = JSON.parse(text);
  } catch {
    throw bad("The body is not JSON.");
  }
  const isEnd = (/** @type {unknown} */ end) =>
    typeof end === "string" || (isObject(end) && typeof end.url === "string");
  if (!isObject(document) || !isEnd(document.source) || !isEnd(document.target)) {
    throw bad("The body is not a replication: it has no source or no target.");
  }
  // Its state is CouchDB's to write, and attachments are not replications.
  const odd = Object.keys(document).find((name) => name.startsWith("_") && name !== "_id");
  if (odd !== undefined) throw bad("The body has a member that begins with an underscore.");
  if (document._id !== undefined && (kind !== "put" || document._id !== id)) {
    throw bad("The _id of the body is not that of the path.");
  }
  const written = textIn(document);
  // Documents are shown masked: written back, the mask would replace a password.
  if (written.includes(MASK)) throw bad(`The body has a masked value, ${MASK}: write the credentials themselves.`);
  return written;
}

/**
 * @param {import("./upstream.js").Upstream} upstream
 * @param {Allowed} allowed
 * @param {import("./credentials.js").Credentials} credentials
 * @param {IncomingMessage} request
 * @param {{ visitor: string | null, log: (line: string) => void, signal: AbortSignal, done: () => void }} context `done`: something may have changed
 */
export async function change(upstream, allowed, credentials, request, { visitor, log, signal, done }) {
  /** @param {number} status @param {string} [id] */
  const record = (status, id = allowed.id) =>
    log(
      safeJson({
        time: new Date().toISOString(),
        event: "change",
        method: request.method,
        database: allowed.database,
        doc_id: id === "" ? null : id,
        status,
        visitor,
        address: request.socket.remoteAddress ?? null,
      }),
    );
  try {
    if (!/^application\/json\s*(?:;|$)/i.test(request.headers["content-type"] ?? "") && allowed.kind !== "delete") {
      throw new Refusal(415, "bad_content_type", "The Content-Type must be application/json.");
    }
    const text = await textOf(request);
    if (allowed.kind === "delete" && text !== "") throw bad("A DELETE has no body.");
    const body = allowed.kind === "delete" ? undefined : documentIn(allowed, text);
    const answer = await ask(upstream, allowed, credentials, signal, body).finally(done);
    record(answer.status, JSON.parse(answer.body.toString()).id);
    return answer;
  } catch (error) {
    // 0: whether it was done is unknown.
    record(error instanceof Refusal && !(error instanceof Unanswered) ? error.status : 0);
    throw error;
  }
}
