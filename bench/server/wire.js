// @ts-check
// Formats responses as bytes.

import { STATUS_CODES } from "node:http";
import { isChunked } from "../../simulator/protocol/http.js";

/** @typedef {import("../../simulator/protocol/http.js").Reply} Reply */

const END = Buffer.from("\r\n");

/**
 * @param {Reply} reply
 * @param {number} chunkBytes chunk size of a body without a length
 * @returns {Promise<Uint8Array[]>}
 */
export async function wireBytes({ status, headers, body }, chunkBytes) {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  const start = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines}`;
  const bytes = await allOf(body);
  if (!isChunked(body)) return [Buffer.from(`${start}Content-Length: ${bytes.length}\r\n\r\n`), bytes];
  if (headers.some(([name]) => name.toLowerCase() === "content-length")) return [Buffer.from(`${start}\r\n`), bytes];

  const chunks = [Buffer.from(`${start}Transfer-Encoding: chunked\r\n\r\n`)];
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    const chunk = bytes.subarray(at, at + chunkBytes);
    chunks.push(Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, END);
  }
  chunks.push(Buffer.from("0\r\n\r\n"));
  return [Buffer.concat(chunks)];
}

/** @param {Reply["body"]} body */
async function allOf(body) {
  if (!isChunked(body)) return Buffer.from(/** @type {string} */ (body ?? ""));
  /** @type {Uint8Array[]} */
  const pieces = [];
  for await (const piece of body) pieces.push(piece);
  return Buffer.concat(pieces);
}
