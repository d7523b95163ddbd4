// @ts-check
// The packages of the package-lock.json files, and the allowed licenses for each.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { ROOT } from "../lib/paths.js";
import { SHIPPED, TOOLS } from "./policy.js";
import { choose } from "./spdx.js";

/** @typedef {{ name: string, license: unknown, allowed: readonly string[] }} Locked */

const NOT_OURS = ["node_modules", "target", "pkg", ".git"];

/** Returns the package-lock.json files in a folder. @param {string} folder @returns {string[]} */
export function lockFiles(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return NOT_OURS.includes(entry.name) ? [] : lockFiles(path);
    return entry.name === "package-lock.json" ? [path] : [];
  });
}

/**
 * The packages of a package-lock.json. In the root, packages that are not only for development end up in the page; the
 * other folders have only tools.
 *
 * @param {string} file
 * @returns {Locked[]}
 */
export function packagesIn(file) {
  /** @type {Record<string, { version?: string, license?: unknown, dev?: boolean, link?: boolean }>} */
  const packages = JSON.parse(readFileSync(file, "utf8")).packages;
  const ships = dirname(file) === ROOT;
  return Object.entries(packages)
    .filter(([path, { link }]) => path !== "" && !link)
    .map(([path, { version, license, dev }]) => ({
      name: `${path.replace(/^.*node_modules\//, "")} ${version} of ${relative(ROOT, file)}`,
      license,
      allowed: ships && !dev ? SHIPPED : TOOLS,
    }));
}

/** Returns the packages whose license is missing, unknown or not allowed. @param {Locked[]} locked */
export const notAllowed = (locked) => locked.filter(({ license, allowed }) => choose(license, allowed) === undefined);
