// @ts-check
// The compared clients: installed when they are first needed, only into bench/.

import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../scripts/lib/run.js";
import { BENCH } from "./paths.js";

// Written after a complete installation: a hash of its input.
const STAMP = join(BENCH, "node_modules", ".installed-from");

function wanted() {
  const hash = createHash("sha256");
  for (const file of ["package.json", "package-lock.json"]) hash.update(readFileSync(join(BENCH, file)));
  return hash.digest("hex");
}

export async function installIfMissing() {
  if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === wanted()) return;
  console.log("Installing the compared clients …");
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const result = await run(npm, ["ci", "--ignore-scripts"], { cwd: BENCH, seconds: 180 });
  if (!result.ok) throw new Error(`npm ci failed in bench/:\n${result.output}`);
  writeFileSync(STAMP, wanted());
}

/** @param {string} name @returns {string} its version */
export function versionOf(name) {
  return JSON.parse(readFileSync(join(BENCH, "node_modules", name, "package.json"), "utf8")).version;
}
