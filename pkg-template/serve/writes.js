// @ts-check
// Changes, where they are allowed: replications are created and deleted. Each one is a line of JSON in the log.

import { safeJson } from "../cli/output/text.js";
import { Refusal } from "./refusal.js";
import { ask } from "./upstream.js";
import { Unanswered } from "./upstream-errors.js";

/**
 * @typedef {import("node:http").IncomingMessage} IncomingMessage
 * @typedef {import("./allow-list.js").Allowed} Allowed
 *
 * @typedef {object} Context
 * @property {string | null} visitor
 * @property {(line: string) => void} log
 * @property {AbortSignal} signal
 * @property {() => void} done something may have changed
 */

const MAX_BODY = 1024 * 1024;
/** What stands for credentials in documents that are shown. */
const MASK = "*****";

/** @param {string} reason */
const bad = (reason) => new Refusal(400, "bad_request", reason);

/** The body, as JSON. One that is too large is read, but not kept: otherwise the client would not see the response. @param {IncomingMessage} request */
export async function textOf(request) {
  if (!/^application\/json\s*(?:;|$)/i.test(request.headers["content-type"] ?? "") && request.method !== "DELETE") {
    throw new Refusal(415, "bad_content_type", "The Content-Type must be application/json.");
  }
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
export const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** @param {unknown} document @returns {string} JSON */
function textIn(document) {
  try {
    return JSON.stringify(document);
  } catch {
    throw bad("The body is nested too deeply.");
  }
}

/** @param {string} text @returns {unknown} */
export function jsonIn(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw bad("The body is not JSON.");
  }
}

/**
 * Logs what became of a change.
 *
 * @param {IncomingMessage} request
 * @param {Pick<Context, "visitor" | "log">} context
 * @param {{ action?: string, database: string | null }} what
 * @returns {(status: unknown, id: string) => void} gets a status, or the error that was thrown
 */
export function recorder(request, { visitor, log }, what) {
  return (status, id) =>
    log(
      safeJson({
        time: new Date().toISOString(),
        event: "change",
        method: request.method,
        ...what,
        doc_id: id === "" ? null : id,
        // 0: whether it was done is unknown.
        status:
          typeof status === "number"
            ? status
            : status instanceof Refusal && !(status instanceof Unanswered)
              ? status.status
              : 0,
        visitor,
        address: request.socket.remoteAddress ?? null,
      }),
    );
}

/** A new replication, written again. @param {Allowed} allowed @param {string} text */
function documentIn({ kind, id }, text) {
  const document = jsonIn(text);
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
 * @param {Context} context
 */
export async function change(upstream, allowed, credentials, request, { signal, done, ...context }) {
  const record = recorder(request, context, { database: allowed.database });
  try {
    const text = await textOf(request);
    if (allowed.kind === "delete" && text !== "") throw bad("A DELETE has no body.");
    const body = allowed.kind === "delete" ? undefined : documentIn(allowed, text);
    const answer = await ask(upstream, allowed, credentials, signal, body).finally(done);
    record(answer.status, JSON.parse(answer.body.toString()).id ?? allowed.id);
    return answer;
  } catch (error) {
    record(error, allowed.id);
    throw error;
  }
}
