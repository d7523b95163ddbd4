// @ts-check
// Node by `import` and by `require`: the one that runs these tests, the newest with long-term support, the newest of all.

import { join } from "node:path";
import { nodeOf, versionOf } from "../../../scripts/lib/projects.js";
import { resultIn, runProgram } from "./stage.js";

const REQUIRE = 'const { Scheduler, SchedulerError } = require("couchdb-scheduler");';

/** @type {[file: string | undefined, version: string][]} */
const NODES = [
  [process.execPath, process.versions.node],
  .../** @type {const} */ (["lts", "current"]).map((line) => {
    const file = nodeOf(line);
    const name = `node-${line}-${process.platform}-${process.arch}`;
    return /** @type {[string | undefined, string]} */ ([file, `${file ? versionOf(name) : "none"} (${line})`]);
  }),
];

/** @type {import("./stage.js").Environment[]} */
export const node = NODES.flatMap(([file, version]) => {
  const missing = file ? {} : { missing: "npm has no such Node for this system" };
  const command = file ?? "";
  return [
    {
      name: "Node, import",
      version,
      ...missing,
      run: async ({ project, program }) =>
        resultIn(await runProgram(await project({ "main.mjs": program() }), command, ["main.mjs"])),
    },
    {
      name: "Node, require",
      version,
      ...missing,
      run: async ({ project, program }) =>
        resultIn(await runProgram(await project({ "main.cjs": program(REQUIRE) }), command, ["main.cjs"])),
    },
  ];
});

/**
 * Runs a server's bundle where nothing is but the bundle, by a Node that lets it read no other file.
 *
 * @param {import("./stage.js").Stage} stage
 * @param {string} bundle
 */
export async function runAlone({ alone }, bundle) {
  const file = await alone(bundle, "server.cjs");
  const restricted = nodeOf("current");
  // Without one of ours it is at least alone: not every Node can be restricted.
  const flags = restricted ? ["--permission", `--allow-fs-read=${file}`, "--allow-net"] : [];
  return resultIn(await runProgram(join(file, ".."), restricted ?? process.execPath, [...flags, file]));
}
