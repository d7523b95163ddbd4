// @ts-check
// The page's files, in memory: no path of a request reaches the file system. A browser asks for them each time, and gets again
// only what has changed.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { accepts } from "./accepts.js";
import { compressed } from "./compression.js";
import { Refusal } from "./refusal.js";

/** @type {Record<string, string>} */
const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/**
 * @typedef {object} PageFile
 * @property {string} type
 * @property {Buffer} body
 * @property {string} tag the `ETag`: weak, since it is that of the compressed one, too
 *
 * @typedef {{ status: 200 | 304, headers: Record<string, string>, body: Buffer | null }} PageResponse
 */

/** @param {string} type @param {Buffer} body @returns {PageFile} */
const pageFile = (type, body) => ({
  type,
  body,
  tag: `W/"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`,
});

/** Whether the client has this file already. @param {string} tags the `If-None-Match` header @param {string} tag */
const isKnown = (tags, tag) => tags.split(",").some((known) => known.trim() === tag);

/**
 * @param {string} folder the built page
 * @param {string} wasm the file of the package's wasm, which the page shares
 * @returns {(pathname: string, headers: import("node:http").IncomingHttpHeaders) => Promise<PageResponse>}
 *   throws a `Refusal` if there is no such file
 */
export function loadPage(folder, wasm) {
  /** @type {Map<string, PageFile>} */
  const files = new Map();
  for (const name of readdirSync(folder)) {
    const type = TYPES[extname(name)];
    if (type !== undefined) files.set(`/${name}`, pageFile(type, readFileSync(join(folder, name))));
  }
  files.set("/couchdb_scheduler.wasm", pageFile("application/wasm", readFileSync(wasm)));
  const index = files.get("/index.html");
  if (index) files.set("/", index);
  return async (pathname, asked) => {
    const file = files.get(pathname);
    if (!file) throw new Refusal(404, "not_found", "not found");
    const { type, body, tag } = file;
    const headers = { "Cache-Control": "no-cache", ETag: tag, Vary: "Accept-Encoding" };
    if (isKnown(asked["if-none-match"] ?? "", tag)) return { status: 304, headers, body: null };
    const typed = { ...headers, "Content-Type": type };
    if (!accepts(asked["accept-encoding"], "gzip")) return { status: 200, headers: typed, body };
    return { status: 200, headers: { ...typed, "Content-Encoding": "gzip" }, body: await compressed(body, 9) };
  };
}
