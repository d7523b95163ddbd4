// @ts-check
// The tools that test the package, from npm, in a separate folder: building and using the package does not need them.

import { copyFileSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { LOGS } from "../lib/paths.js";
import { haveProjects, MANIFESTS, PROJECTS } from "../lib/projects.js";
import { run } from "../lib/run.js";
import { Stop, tail } from "../lib/say.js";

async function install() {
  // In a temporary place until complete, so that an interrupted installation does not count.
  const next = `${PROJECTS}-${process.pid}`;
  process.once("exit", () => rmSync(next, { recursive: true, force: true }));
  mkdirSync(next, { recursive: true });
  for (const file of ["package.json", "package-lock.json"]) copyFileSync(join(MANIFESTS, file), join(next, file));
  // No install scripts: the programs are prebuilt.
  const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const result = await run(npm, args, { cwd: next, seconds: 600, log: join(LOGS, "npm-ci-projects.log") });
  if (!result.ok) throw new Stop(`npm ci of the tools that test the package failed:\n${tail(result.output)}`);
  if (!haveProjects()) renameSync(next, PROJECTS);
}

/** @type {import("../setup.js").Check} */
export function projects() {
  if (haveProjects()) return undefined;
  return {
    name: "runtimes, bundlers and test runners from npm",
    why: "npm ci: the tools that test the package; 1 GB, about a minute",
    install,
  };
}
