// @ts-check
// Packages from npm for development. None of them is in the published package.

import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fromRoot, LOGS } from "../lib/paths.js";
import { run } from "../lib/run.js";
import { Stop, tail } from "../lib/say.js";

/**
 * The packages in the package.json of a folder.
 *
 * @param {string} folder
 * @param {string} name
 * @param {string} why
 * @returns {() => import("../setup.js").Need | undefined}
 */
function packagesOf(folder, name, why) {
  // Written after a complete installation: a hash of its input.
  const stamp = join(folder, "node_modules", ".installed-from");
  const wanted = () =>
    createHash("sha256")
      .update(readFileSync(join(folder, "package-lock.json")))
      .digest("hex");

  async function install() {
    // No package needs its install script: their programs are prebuilt.
    const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
    const npm = process.platform === "win32" ? "npm.cmd" : "npm";
    const log = join(LOGS, `npm-ci-${name.replaceAll(" ", "-")}.log`);
    const result = await run(npm, args, { cwd: folder, seconds: 300, log });
    if (!result.ok) throw new Stop(`npm ci failed in ${folder}:\n${tail(result.output)}`);
    writeFileSync(stamp, wanted());
  }

  return () => {
    if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted()) return undefined;
    return { name, why, install };
  };
}

/** wasm-opt, esbuild, TypeScript, Biome, Playwright. */
export const nodeModules = packagesOf(
  fromRoot(),
  "development tools from npm",
  "npm ci: wasm-opt, esbuild, typescript, biome, playwright-core",
);

/** TypeDoc, with its own TypeScript: it does not work with version 7. */
export const docsTools = packagesOf(fromRoot("docs"), "documentation tools from npm", "npm ci in docs/: typedoc");
