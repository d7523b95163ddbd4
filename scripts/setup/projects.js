// @ts-check
// What the package is tried out in, from npm, into a folder of its own: nobody who only builds or uses it needs that.

import { copyFileSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { LOGS } from "../lib/paths.js";
import { haveProjects, MANIFESTS, PROJECTS } from "../lib/projects.js";
import { run } from "../lib/run.js";
import { Stop, tail } from "../lib/say.js";

async function install() {
  // Beside its place until it is whole, so that an interrupted installation is none.
  const next = `${PROJECTS}-${process.pid}`;
  process.once("exit", () => rmSync(next, { recursive: true, force: true }));
  mkdirSync(next, { recursive: true });
  for (const file of ["package.json", "package-lock.json"]) copyFileSync(join(MANIFESTS, file), join(next, file));
  // No install scripts: their programs come ready-made, as packages.
  const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const result = await run(npm, args, { cwd: next, seconds: 600, log: join(LOGS, "npm-ci-projects.log") });
  if (!result.ok) throw new Stop(`npm ci of what the package is tried out in failed:\n${tail(result.output)}`);
  if (!haveProjects()) renameSync(next, PROJECTS);
}

/** @type {import("../setup.js").Check} */
export function projects() {
  if (haveProjects()) return undefined;
  return {
    name: "runtimes, bundlers and test runners from npm",
    why: "npm ci: what the package is tried out in; 1 GB, about a minute",
    install,
  };
}
