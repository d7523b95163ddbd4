// @ts-check
// Node with `import` and with `require`: the version that runs these tests, the newest LTS, and the newest.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { MANIFESTS, nodeOf } from "../../../scripts/lib/projects.js";
import { resultIn, runProgram } from "./fixture.js";

export const REQUIRE = 'const { Scheduler, SchedulerError } = require("couchdb-scheduler");';

const manifest = JSON.parse(readFileSync(join(MANIFESTS, "package.json"), "utf8"));

/** The requested version, whether or not it exists for this system. @param {"lts" | "current"} line */
const versionOf = (line) => manifest.optionalDependencies[`node-${line}-linux-x64`].split("@").at(-1);

/** @type {[file: string | undefined, version: string][]} */
const NODES = [
  [process.execPath, process.versions.node],
  [nodeOf("lts"), `${versionOf("lts")} (LTS)`],
  [nodeOf("current"), `${versionOf("current")} (current)`],
];

/** @type {import("./fixture.js").Environment[]} */
export const node = NODES.flatMap(([file, version]) => {
  const missing = file ? {} : { missing: "npm has no such Node for this system" };
  const ofMachine = file === process.execPath;
  const command = file ?? "";
  return [
    {
      name: "Node, import",
      version,
      ofMachine,
      ...missing,
      run: async ({ project, program }) =>
        resultIn(await runProgram(await project({ "main.mjs": program() }), command, ["main.mjs"])),
    },
    {
      name: "Node, require",
      version,
      ofMachine,
      ...missing,
      run: async ({ project, program }) =>
        resultIn(await runProgram(await project({ "main.cjs": program(REQUIRE) }), command, ["main.cjs"])),
    },
  ];
});

/**
 * Runs a server's bundle in a folder with nothing else, with a Node that may read no other file.
 *
 * @param {import("./fixture.js").Fixture} fixture
 * @param {string} bundle
 */
export async function runAlone({ alone }, bundle) {
  const file = await alone(bundle, "server.cjs");
  const restricted = nodeOf("current");
  // Without a Node of ours it is at least isolated: not every Node can be restricted.
  const flags = restricted ? ["--permission", `--allow-fs-read=${file}`, "--allow-net"] : [];
  return resultIn(await runProgram(join(file, ".."), restricted ?? process.execPath, [...flags, file]));
}
