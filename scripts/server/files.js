// @ts-check
// The page, the package and the simulator, as files. Never from a cache: they change while one works on them.

import { createReadStream, statSync } from "node:fs";
import { extname, join, sep } from "node:path";
import { pipeline } from "node:stream";
import { fromRoot, PKG } from "../lib/paths.js";
import { HEADER_POLICY } from "./policy.js";

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
 * The file behind a URL's path; undefined where there is none, or where the path leads out of our folders.
 *
 * @param {string} pathname
 */
function fileOf(pathname) {
  const [prefix, folder] = FOLDERS.find(([start]) => pathname.startsWith(start)) ?? ["/", ""];
  let path;
  try {
    path = decodeURIComponent(pathname.slice(prefix.length)) || "index.html";
  } catch {
    return undefined;
  }
  const file = join(folder, path);
  if (path.includes("\0") || !file.startsWith(folder + sep)) return undefined;
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat?.isFile() ? { file, size: stat.size } : undefined;
}

/**
 * @param {import("node:http").ServerResponse} response
 * @param {number} status
 * @param {string} type
 * @param {number} length
 */
export function writeHead(response, status, type, length) {
  response.writeHead(status, {
    "Content-Type": type,
    "Content-Length": length,
    "Cache-Control": "no-cache",
    "Content-Security-Policy": HEADER_POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
  });
}

/**
 * @param {string} pathname
 * @param {import("node:http").IncomingMessage} request
 * @param {import("node:http").ServerResponse} response
 */
export function sendFile(pathname, request, response) {
  const found = fileOf(pathname);
  if (!found) {
    writeHead(response, 404, "text/plain; charset=utf-8", 10);
    response.end("not found\n");
    return;
  }
  writeHead(response, 200, TYPES[extname(found.file)] ?? "application/octet-stream", found.size);
  if (request.method === "HEAD") response.end();
  else pipeline(createReadStream(found.file), response, () => {});
}
