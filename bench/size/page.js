// @ts-check
// The parts of the dashboard: the folders and packages that its JavaScript was bundled from.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PAGE_PARTS } from "../../scripts/lib/paths.js";
import { gzipSize } from "./parts.js";

/** @typedef {import("./parts.js").Part} Part */

/** @param {string} folder of the built page @returns {Part[]} its files */
export const pageFiles = (folder) =>
  readdirSync(folder).map((name) => {
    const bytes = readFileSync(join(folder, name));
    return { name, raw: bytes.length, gzip: gzipSize(bytes) };
  });

/**
 * The bundler reports bytes of each source file, from before the last step of shortening. They are scaled to the size of each file
 * of the page, and to its size after gzip.
 *
 * @param {Part[]} files
 * @returns {Part[]}
 */
export function pageParts(files) {
  /** @type {Record<string, { inputs: Record<string, { bytesInOutput: number }> }>} */
  const outputs = JSON.parse(readFileSync(PAGE_PARTS, "utf8"));
  /** @type {Map<string, Part>} */
  const parts = new Map();
  for (const [path, { inputs }] of Object.entries(outputs)) {
    const file = files.find(({ name }) => path.endsWith(`/${name}`));
    const all = Object.values(inputs).reduce((sum, { bytesInOutput }) => sum + bytesInOutput, 0);
    if (!file || !path.endsWith(".js")) continue;
    for (const [input, { bytesInOutput }] of Object.entries(inputs)) {
      const name = folderOf(input);
      const part = parts.get(name) ?? { name, raw: 0, gzip: 0 };
      part.raw += (bytesInOutput / all) * file.raw;
      part.gzip += (bytesInOutput / all) * file.gzip;
      parts.set(name, part);
    }
  }
  return [...parts.values()].sort((one, other) => other.raw - one.raw);
}

/** @param {string} input */
const folderOf = (input) =>
  input
    .replace(/^.*node_modules\/((?:@[^/]+\/)?[^/]+).*/, "$1")
    .replace(/^([a-z-]+:)?(pkg|pkg-template|target)\/.*/, "couchdb-scheduler")
    .replace(/^part:.*/, "www/src/")
    .replace(/^www\/src\/([^/]+\/)?.*/, (_, folder = "") => `www/src/${folder}`)
    .replace(/^simulator\/.*/, "simulator/");
