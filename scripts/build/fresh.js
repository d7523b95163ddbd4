// @ts-check
// Decides whether something has to be built again. Compares the contents of the source files, not their times,
// which git and editors change.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fromRoot, ROOT } from "../lib/paths.js";

/**
 * @typedef {object} Product
 * @property {string} name
 * @property {string[]} from files and folders it is made from, relative to the root
 * @property {string} to the folder it is made in
 */

/**
 * @param {string} path
 * @returns {string[]}
 */
function filesUnder(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return [];
  if (!stat.isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesUnder(join(path, name)));
}

/** @param {Product} product */
function fingerprint({ from, to }) {
  const hash = createHash("sha256");
  for (const file of from.flatMap((path) => filesUnder(fromRoot(path)))) {
    hash
      .update(`${relative(ROOT, file)}\0`)
      .update(readFileSync(file))
      .update("\0");
  }
  // The output must still be complete.
  for (const file of filesUnder(to)) hash.update(`${relative(ROOT, file)} ${statSync(file).size}\0`);
  return hash.digest("hex");
}

/** @param {Product} product */
const stampOf = ({ name }) => fromRoot("target", "fresh", name);

/** @param {Product} product */
export function isFresh(product) {
  const stamp = stampOf(product);
  return existsSync(stamp) && readFileSync(stamp, "utf8") === fingerprint(product);
}

/** @param {Product} product */
export const markStale = (product) => rmSync(stampOf(product), { force: true });

/** @param {Product} product */
export function markFresh(product) {
  const stamp = stampOf(product);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, fingerprint(product));
}
