// @ts-check
// The runtimes, bundlers and test runners that test the packed package: their folder and their versions.
// Versions are set in tests/package/projects/package.json; scripts/setup/projects.js installs them.

import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fromRoot } from "./paths.js";
import { toolFolder } from "./toolchain.js";

/** The file with the versions. */
export const MANIFESTS = fromRoot("tests", "package", "projects");

const lock = createHash("sha256").update(readFileSync(join(MANIFESTS, "package-lock.json")));

/** The installation folder: outside the checkout, so that other clones find it. */
export const PROJECTS = toolFolder("projects", lock.digest("hex").slice(0, 12));

export const haveProjects = () => existsSync(PROJECTS);

/** @param {string[]} parts a package's name, and the path of a file in it */
export const installed = (...parts) => join(PROJECTS, "node_modules", ...parts);

/** @param {string} name @returns {string} of the installed package */
export const versionOf = (name) => JSON.parse(readFileSync(installed(name, "package.json"), "utf8")).version;

/**
 * Node from npm; undefined if npm has none for this system.
 *
 * @param {"lts" | "current"} line
 * @returns {string | undefined}
 */
export function nodeOf(line) {
  const file = installed(`node-${line}-${process.platform}-${process.arch}`, "bin", "node");
  return existsSync(file) ? file : undefined;
}

/** Runs the tools: some of them no longer work in the oldest Node that the package supports. */
export const toolNode = () => nodeOf("lts") ?? nodeOf("current") ?? process.execPath;
