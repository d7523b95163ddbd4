// @ts-check
// How a request is refused or fails.

import { DATA_HEADERS, FILE_HEADERS } from "./policy.js";

/** Thrown if a request cannot be answered. */
export class Refusal extends Error {
  /**
   * @param {number} status
   * @param {string} error one word, as in CouchDB's errors
   * @param {string} reason a sentence without secrets
   * @param {Record<string, string>} [headers]
   */
  constructor(status, error, reason, headers = {}) {
    super(reason);
    this.status = status;
    this.error = error;
    this.headers = headers;
  }
}

/**
 * Answers a request with the error that its handling threw. A response that has begun breaks off: its status is already
 * sent.
 *
 * @param {import("node:http").ServerResponse} response
 * @param {unknown} thrown
 * @param {boolean} asData as JSON in CouchDB's form; otherwise as text
 */
export function refuse(response, thrown, asData) {
  if (response.headersSent || response.destroyed) return void response.destroy();
  const { status, error, message, headers } =
    thrown instanceof Refusal ? thrown : new Refusal(500, "internal_server_error", "The request cannot be handled.");
  const body = `${asData ? JSON.stringify({ error, reason: message }) : message}\n`;
  response.writeHead(status, {
    ...(asData ? DATA_HEADERS : FILE_HEADERS),
    ...headers,
    "Content-Type": asData ? "application/json" : "text/plain; charset=utf-8",
    "Content-Length": Buffer.byteLength(body),
    "Cache-Control": "no-store",
  });
  response.end(body);
}
