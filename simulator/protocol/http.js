// @ts-check
/**
 * Requests and responses of the simulator, before they become a `Response` or are written to a
 * socket.
 */
import { hex } from "../world/hash.js";

/**
 * @typedef {object} SimRequest
 * @property {string} method
 * @property {URL} url
 * @property {Headers} headers
 * @property {() => Promise<string>} text the body
 *
 * @typedef {object} Reply
 * @property {number} status
 * @property {[string, string][]} headers
 * @property {string | Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array> | null} body an iterable
 *   is sent chunk by chunk, without a Content-Length
 * @property {"reset"} [connection] no response: the connection is reset
 */

/** A response that is an error; thrown wherever the error is found. */
export class HttpError extends Error {
  /** CouchDB's number for an error that it cannot explain. @type {number | undefined} */
  ref;

  /** @param {number} status @param {string} error @param {string} [reason] @param {[string, string][]} [headers] */
  constructor(status, error, reason, headers = []) {
    super(`${error}: ${reason}`);
    this.status = status;
    this.error = error;
    this.reason = reason;
    this.headers = headers;
  }
}

export const missing = () => new HttpError(404, "not_found", "missing");
export const badRequest = (/** @type {string} */ reason) => new HttpError(400, "bad_request", reason);
export const badQuery = (/** @type {string} */ reason) => new HttpError(400, "query_parse_error", reason);

/** @param {string} allowed comma-separated */
export function methodNotAllowed(allowed) {
  return new HttpError(405, "method_not_allowed", `Only ${allowed} allowed`, [["Allow", allowed]]);
}

/** @param {unknown} value @param {number} [status] @param {[string, string][]} [headers] @returns {Reply} */
export function json(value, status = 200, headers = []) {
  return { ...jsonText(JSON.stringify(value)), status, headers };
}

/** @param {string} text @returns {Reply} */
export function jsonText(text) {
  return { status: 200, headers: [], body: `${text}\n` };
}

/** @param {HttpError} error @returns {Reply} */
export function errorReply({ status, error, reason, ref, headers }) {
  return json({ error, reason, ref }, status, headers);
}

/** @param {SimRequest} request @returns {Promise<any>} */
export async function jsonBody(request) {
  try {
    return JSON.parse(await request.text());
  } catch {
    throw badRequest("invalid UTF-8 JSON");
  }
}

/** @param {Reply["body"]} body @returns {body is Iterable<Uint8Array> | AsyncIterable<Uint8Array>} sent without a length */
export function isChunked(body) {
  return body !== null && typeof body !== "string" && !(body instanceof Uint8Array);
}

/** Returns the decoded parts of the path, without empty ones. A `+` is a space, in the path too. @param {SimRequest} request */
export function pathParts({ url }) {
  return url.pathname
    .split("/")
    .filter((part) => part !== "")
    .map(decodePart);
}

/** @param {string} part */
function decodePart(part) {
  const spaced = part.replaceAll("+", " ");
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}

/** @param {string | null} accept @param {string} type */
export function accepts(accept, type) {
  if (accept === null) return true;
  const [family] = type.split("/");
  return accept.split(",").some((part) => [type, `${family}/*`, "*/*"].includes(part.split(";")[0].trim()));
}

/** Headers of every response of CouchDB. @param {number} now @param {number} count of this request @returns {[string, string][]} */
export function commonHeaders(now, count) {
  return [
    ["Date", new Date(now).toUTCString()],
    ["Server", "CouchDB/3.5.0 (Erlang OTP/25)"],
    ["X-Couch-Request-ID", hex(`request ${count}`, 10)],
    ["X-CouchDB-Body-Time", "0"],
  ];
}

// ----------------------------------------------------------------------------------- CORS

const CORS_METHODS = "GET, PUT, POST, HEAD, DELETE, COPY, OPTIONS";
const CORS_HEADERS = new Set(
  (
    "accept accept-language authorization content-length content-range content-type destination expires if-match " +
    "last-modified origin pragma x-couch-full-commit x-couch-id x-couch-persist x-couchdb-www-authenticate " +
    "x-http-method-override x-requested-with x-couchdb-vhost-path"
  ).split(" "),
);

/**
 * The response to a preflight; null if it asks for something that is not allowed: CouchDB then treats it like any request.
 * @param {SimRequest} request
 * @returns {Reply | null}
 */
export function preflight({ method, headers }) {
  const origin = headers.get("origin");
  const asked = headers.get("access-control-request-method");
  if (method !== "OPTIONS" || !origin || !asked || !CORS_METHODS.split(", ").includes(asked)) return null;
  const names = headers.get("access-control-request-headers") ?? "";
  const unlisted = names
    .split(",")
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name && !CORS_HEADERS.has(name));
  if (unlisted.length > 0) return null;
  return {
    status: 204,
    headers: [
      ["Access-Control-Allow-Credentials", "true"],
      ["Access-Control-Allow-Headers", names],
      ["Access-Control-Allow-Methods", CORS_METHODS],
      ["Access-Control-Allow-Origin", origin],
      ["Access-Control-Max-Age", "600"],
    ],
    body: "",
  };
}

/** @param {SimRequest} request @returns {[string, string][]} */
export function corsHeaders({ headers }) {
  const origin = headers.get("origin");
  if (!origin) return [];
  return [
    ["Access-Control-Allow-Credentials", "true"],
    ["Access-Control-Allow-Origin", origin],
    [
      "Access-Control-Expose-Headers",
      "content-type, cache-control, accept-ranges, etag, server, x-couch-request-id, x-couch-update-newrev, x-couchdb-body-time",
    ],
  ];
}
