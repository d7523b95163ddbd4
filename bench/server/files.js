// @ts-check
// Serves the page for the browser and the measured package from the same origin as the data: no CORS in the figures.

import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { BENCH } from "../lib/paths.js";
import { wireBytes } from "./wire.js";

/** @typedef {import("./serve.js").Answer} Answer */

const TYPES = new Map([
  [".html", "text/html; charset=utf-8"],
  [".js", "text/javascript"],
]);

/**
 * @param {string} packageFolder
 * @param {Answer} answer serves everything else
 * @returns {Answer}
 */
export function withFiles(packageFolder, answer) {
  const folders = new Map([
    ["/bench/", BENCH],
    ["/pkg/", packageFolder],
  ]);
  return async (request) => {
    const { pathname } = request.url;
    for (const [prefix, folder] of folders) {
      if (pathname.startsWith(prefix)) return file(join(folder, normalize(pathname.slice(prefix.length))));
    }
    return answer(request);
  };
}

/** @param {string} name */
async function file(name) {
  const type = TYPES.get(extname(name));
  const body = type && (await readFile(name).catch(() => undefined));
  if (!body) return wireBytes({ status: 404, headers: [], body: "" }, 0);
  return wireBytes({ status: 200, headers: [["Content-Type", type]], body }, 0);
}
