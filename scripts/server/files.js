// @ts-check
// Serves the page, the package and the simulator as files. Never cached, since they change during development.

import { readFile, realpath, stat } from "node:fs/promises";
import { extname, join, sep } from "node:path";
import { fromRoot, PKG } from "../lib/paths.js";
import { FILE_HEADERS } from "./policy.js";
import { Refusal } from "./refusal.js";

/** @type {Record<string, string>} */
const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".map": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
};

/** @type {[prefix: string, folder: string][]} */
const FOLDERS = [
  ["/couchdb-scheduler/", PKG],
  ["/simulator/", fromRoot("simulator")],
  ["/", fromRoot("www")],
];

/**
 * Returns the contents of the file for a URL's path. Throws if there is none, or if the path or a link leads out of our
 * folders.
 *
 * @param {string} pathname
 */
async function read(pathname) {
  const [prefix, folder] = FOLDERS.find(([start]) => pathname.startsWith(start)) ?? ["/", ""];
  const file = join(folder, decodeURIComponent(pathname.slice(prefix.length)) || "index.html");
  const [whole, root] = await Promise.all([realpath(file), realpath(folder)]);
  if (!whole.startsWith(root + sep) || !(await stat(whole)).isFile())
    throw new Error(`${file} is not in a served folder`);
  return { type: TYPES[extname(file)] ?? "application/octet-stream", body: await readFile(whole) };
}

/**
 * @param {import("node:http").ServerResponse} response
 * @param {string} type
 * @param {Buffer} body omitted from the response to a HEAD request
 */
export function sendBody(response, type, body) {
  response.writeHead(200, {
    ...FILE_HEADERS,
    "Content-Type": type,
    "Content-Length": body.length,
    "Cache-Control": "no-cache",
  });
  response.end(body);
}

/**
 * @param {string} pathname
 * @param {import("node:http").ServerResponse} response
 */
export async function sendFile(pathname, response) {
  const { type, body } = await read(pathname).catch(() => {
    throw new Refusal(404, "not_found", "not found");
  });
  sendBody(response, type, body);
}
