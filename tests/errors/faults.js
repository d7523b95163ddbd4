// @ts-check
// Faults of a response, and the code of the resulting error.

import { runInNewContext } from "node:vm";
import { streamOf } from "../support/answers.js";

/**
 * @typedef {object} Fault
 * @property {string} name
 * @property {string} code of the SchedulerError
 * @property {unknown} [cause] of the error
 * @property {RegExp} [says] part of its message
 * @property {number} [timeout] of the client, in ms
 * @property {(good: string, init: RequestInit) => unknown} answer replaces `fetch`; gets a correct body
 */

const json = { "content-type": "application/json" };

/** @param {BodyInit | null} body @param {number} [status] */
const responding = (body, status = 200) => new Response(body, { status, headers: json });

/** A promise that only the request's signal rejects. @param {RequestInit} init */
function silence({ signal }) {
  return new Promise((_, reject) => signal?.addEventListener("abort", () => reject(new Error("aborted"))));
}

/** A body whose pieces arrive one by one, followed by `end`. @param {string[]} pieces @param {(controller: ReadableStreamDefaultController) => void | Promise<void>} end */
function breakingBody(pieces, end) {
  const encoder = new TextEncoder();
  return new ReadableStream({
    pull(controller) {
      const piece = pieces.shift();
      return piece === undefined ? end(controller) : controller.enqueue(encoder.encode(piece));
    },
  });
}

/** @param {string} good */
const half = (good) => good.slice(0, good.length / 2);

/** Errors as CouchDB, or a proxy in front of it, formats them. @type {[number, string | null, string, string][]} */
const REFUSALS = [
  [400, "bad_request", "Invalid path", "bad_request"],
  [401, "unauthorized", "You are not a server admin.", "unauthorized"],
  [401, "unauthorized", "Name or password is incorrect.", "unauthorized"],
  [403, "forbidden", "no", "forbidden"],
  [403, "forbidden", "Account is temporarily locked due to multiple authentication failures", "locked_out"],
  [404, "not_found", "missing", "not_found"],
  [405, "method_not_allowed", "Only GET,HEAD allowed", "bad_request"],
  [406, "not_acceptable", "no", "bad_request"],
  [408, null, "", "timeout"],
  [409, "conflict", "Document update conflict.", "bad_request"],
  [412, "precondition_failed", "no", "bad_request"],
  [413, null, "", "bad_request"],
  [429, "too_many_requests", "You've exceeded your rate limit allowance.", "rate_limited"],
  [500, "unknown_error", "function_clause", "server_error"],
  [500, "nodedown", "progress not possible", "server_error"],
  [501, null, "", "server_error"],
  [502, null, "", "server_error"],
  [503, "service_unavailable", "maintenance", "server_error"],
  [504, null, "", "server_error"],
];

/** @param {number} status @param {string} location */
const redirecting = (status, location) => new Response("<h1>Moved</h1>", { status, headers: { location } });

/** Responses of proxies and gateways about an unavailable server. */
const FOREIGN_404 = [
  "<html><head><title>404 Not Found</title></head><body>nginx</body></html>",
  '{"message":"no Route matched with those values"}',
  '{"timestamp":"2026-11-25T10:00:00Z","status":404,"error":"Not Found","path":"/x"}',
  "",
];

/** Responses of health checks, other programs and caches. */
const FOREIGN_200 = ['{"status":"ok"}', "{}", '{"ok":false}', '{"express-pouchdb":"Welcome!","version":"4.2.0"}'];

/** @type {[string, () => unknown][]} */
const ODD_CHUNKS = [
  ["BigInt64Arrays", () => new BigInt64Array(2)],
  ["Float32Arrays", () => new Float32Array(2)],
  ["DataViews", () => new DataView(new ArrayBuffer(2))],
  ["detached arrays", detached],
  ["plain arrays", () => [123, 125]],
  ["blobs", () => new Blob(["{}"])],
  ["symbols", () => Symbol("{}")],
  ["null", () => null],
  ["an object that claims to be bytes", () => ({ [Symbol.toStringTag]: "Uint8Array", buffer: 1e10 })],
  ["a proxy that throws", () => new Proxy({}, { get: () => raise(new Error("looked at")) })],
];

/** @type {[string, unknown][]} */
const ODD_BUFFERS = [
  ["a symbol", Symbol("{}")],
  ["a huge number", 1e10],
  ["a text", "{}"],
  ["a BigInt", 10n],
  ["a promise of null", Promise.resolve(null)],
];

/** Endless responses, each with its repeated part. @type {[string, string, string][]} */
const ENDLESS = [
  ["a row without an end", '{"total_rows":1,"offset":0,"docs":[{"doc_id":"', "a"],
  ["a row of rows without an end", '{"total_rows":1,"offset":0,"docs":[{"doc_id":"a","info":[', '{"a":"\\\\"},'],
  ["rows without an end", '{"total_rows":1,"offset":0,"docs":[', '{"doc_id":"a"},'],
  ["an object without an end", '{"couchdb":"', "a"],
  ["a member without an end", '{"reason":"', "a"],
  ["a key without an end", '{"', "a"],
];

function detached() {
  const array = new Uint8Array(8);
  structuredClone(array.buffer, { transfer: [array.buffer] });
  return array;
}

/** @param {string} beginning @param {string} piece */
function endlessBody(beginning, piece) {
  const more = new TextEncoder().encode(piece.repeat(1_000_000 / piece.length));
  let begun = false;
  return new ReadableStream({
    pull(controller) {
      controller.enqueue(begun ? more : new TextEncoder().encode(beginning));
      begun = true;
    },
  });
}

const elsewhere = runInNewContext("new TypeError('of another realm')");
const thrown = new Error("thrown at once");

/** @type {Fault[]} */
export const FAULTS = [
  { name: "refused", code: "network", answer: () => Promise.reject(new TypeError("fetch failed")) },
  { name: "fetch throws at once", code: "network", cause: thrown, answer: () => raise(thrown) },
  { name: "fetch rejects with a string", code: "network", cause: "no", answer: () => Promise.reject("no") },
  { name: "fetch rejects with null", code: "network", cause: null, answer: () => Promise.reject(null) },
  {
    name: "fetch rejects with an error of another realm",
    code: "network",
    cause: elsewhere,
    answer: () => Promise.reject(elsewhere),
  },
  { name: "fetch returns undefined", code: "invalid_response", answer: () => undefined },
  { name: "fetch returns a plain object", code: "invalid_response", answer: async () => ({ ok: true, status: 200 }) },
  { name: "fetch returns a string", code: "invalid_response", answer: async () => "200 OK" },
  { name: "an opaque response", code: "invalid_response", answer: async () => Response.error() },
  { name: "no headers in time", code: "timeout", timeout: 5, answer: (_, init) => silence(init) },
  { name: "fetch ignores its signal", code: "timeout", timeout: 5, answer: () => new Promise(() => {}) },
  {
    name: "the body stalls",
    code: "timeout",
    timeout: 5,
    answer: async (good) => responding(breakingBody([half(good)], () => new Promise(() => {}))),
  },
  {
    name: "reset in the body",
    code: "truncated",
    answer: async (good) => responding(breakingBody([half(good)], (body) => body.error(new TypeError("terminated")))),
  },
  {
    name: "the body is not bytes",
    code: "invalid_response",
    answer: async () => ({
      status: 200,
      headers: new Headers(),
      body: new ReadableStream({ start: (c) => c.enqueue(7) }),
    }),
  },
  {
    name: "the body is locked",
    code: "invalid_response",
    answer: async (good) => {
      const response = responding(good);
      response.body?.getReader();
      return response;
    },
  },
  { name: "empty 200", code: "truncated", answer: async () => responding("") },
  { name: "204", code: "truncated", answer: async () => responding(null, 204) },
  { name: "HTML 200", code: "invalid_response", answer: async () => responding("<!doctype html><title>Login</title>") },
  { name: "JSON of another shape", code: "invalid_response", answer: async () => responding("[1, 2, 3]") },
  { name: "text after the JSON", code: "invalid_response", answer: async (good) => responding(`${good}<hr>`) },
  ...[301, 302, 303, 307, 308].map((status) => ({
    name: `${status} to another host`,
    code: "invalid_response",
    says: /redirects to https:\/\/elsewhere\.test\/there;.*use the final URL/,
    answer: async () => redirecting(status, "https://user:S3CR3T@elsewhere.test/there?token=S3CR3T"),
  })),
  {
    name: "a redirect without a target",
    code: "invalid_response",
    says: /redirects to another address;/,
    answer: async () => responding(null, 302),
  },
  {
    name: "a redirect as a browser reports it",
    code: "invalid_response",
    says: /redirects to another address;/,
    answer: async () => ({ type: "opaqueredirect", status: 0, headers: new Headers(), body: null }),
  },
  {
    name: "a fetch that followed a redirect",
    code: "invalid_response",
    says: /redirects to https:\/\/elsewhere\.test\/there;/,
    answer: async (good) =>
      Object.defineProperties(responding(good), {
        redirected: { value: true },
        url: { value: "https://elsewhere.test/there" },
      }),
  },
  ...FOREIGN_404.map((body) => ({
    name: `a 404 that is not CouchDB's: ${body.slice(0, 30)}`,
    code: "invalid_response",
    says: /404 .*not CouchDB's|404 Not Found/,
    answer: async () => responding(body, 404),
  })),
  ...FOREIGN_200.map((body) => ({
    name: `a 200 that is not CouchDB's: ${body.slice(0, 30)}`,
    code: "invalid_response",
    answer: async () => responding(body),
  })),
  ...ODD_CHUNKS.map(([name, chunk]) => ({
    name: `the body consists of ${name}`,
    code: "invalid_response",
    answer: async () => ({
      status: 200,
      headers: new Headers(),
      body: { getReader: () => ({ read: async () => ({ done: false, value: chunk() }) }) },
    }),
  })),
  ...ODD_BUFFERS.map(([name, value]) => ({
    name: `arrayBuffer() returns ${name}`,
    code: "invalid_response",
    answer: async () => ({ status: 200, headers: new Headers(), arrayBuffer: () => value }),
  })),
  ...ENDLESS.map(([name, beginning, piece]) => ({
    name,
    code: "invalid_response",
    answer: async () => responding(endlessBody(beginning, piece)),
  })),
  { name: "304", code: "invalid_response", answer: async () => responding(null, 304) },
  ...REFUSALS.map(([status, error, reason, code]) => ({
    name: `${status} ${error ?? "HTML"}${code === "locked_out" ? " (locked)" : ""}`,
    code,
    answer: async () => responding(error === null ? "<h1>no</h1>" : JSON.stringify({ error, reason }), status),
  })),
  ...Array.from({ length: 10 }, (_, n) => ({
    name: `cut off at ${n}/10`,
    code: "truncated",
    answer: async (/** @type {string} */ good) => responding(streamOf([good.slice(0, ((good.length - 2) * n) / 10)])),
  })),
];

/** @param {Error} error @returns {never} */
function raise(error) {
  throw error;
}
