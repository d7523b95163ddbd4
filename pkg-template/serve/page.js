// @ts-check
// The page's files, in memory: no path of a request reaches the file system.

import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { Refusal } from "./refusal.js";

/** @type {Record<string, string>} */
const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/** @typedef {{ type: string, body: Buffer }} PageFile */

/**
 * @param {string} folder the built page
 * @param {string} wasm the file of the package's wasm, which the page shares
 * @returns {(pathname: string) => PageFile} throws a `Refusal` if there is no such file
 */
export function loadPage(folder, wasm) {
  /** @type {Map<string, PageFile>} */
  const files = new Map();
  for (const name of readdirSync(folder)) {
    const type = TYPES[extname(name)];
    if (type !== undefined) files.set(`/${name}`, { type, body: readFileSync(join(folder, name)) });
  }
  files.set("/couchdb_scheduler.wasm", { type: TYPES[".wasm"] ?? "", body: readFileSync(wasm) });
  const index = files.get("/index.html");
  if (index) files.set("/", index);
  return (pathname) => {
    const file = files.get(pathname);
    if (!file) throw new Refusal(404, "not_found", "not found");
    return file;
  };
}
