// @ts-check
// The development tools from npm: the wasm optimiser, the bundler, the type checker, the formatter, the browser's
// remote control. Nothing of it ends up in the package.

import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fromRoot, LOGS } from "../lib/paths.js";
import { run } from "../lib/run.js";
import { Stop, tail } from "../lib/say.js";

// Written after a complete installation: what it was made from.
const STAMP = fromRoot("node_modules", ".installed-from");

const wanted = () =>
  createHash("sha256")
    .update(readFileSync(fromRoot("package-lock.json")))
    .digest("hex");

async function install() {
  // None of the packages needs its install script: their programs come ready-made.
  const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const result = await run(npm, args, { seconds: 300, log: join(LOGS, "npm-ci.log") });
  if (!result.ok) throw new Stop(`npm ci failed:\n${tail(result.output)}`);
  writeFileSync(STAMP, wanted());
}

/** @type {import("../setup.js").Check} */
export function nodeModules() {
  if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === wanted()) return undefined;
  return {
    name: "development tools from npm",
    why: "npm ci: wasm-opt, esbuild, typescript, biome, playwright-core",
    install,
  };
}
