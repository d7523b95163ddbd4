// @ts-check
// Node with `import` and with `require`: the version that runs these tests, the newest LTS, and the newest.

import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { MANIFESTS, nodeOf } from "../../../scripts/lib/projects.js";
import { IMPORT, resultIn, runProgram } from "./fixture.js";

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
const modules = NODES.flatMap(([file, version]) => {
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

/** The newest LTS: older lines have no restrictions, or run no TypeScript. */
const lts = {
  version: `${versionOf("lts")} (LTS)`,
  ...(nodeOf("lts") ? {} : { missing: "npm has no such Node for this system" }),
};

/** @type {import("./fixture.js").Environment[]} */
const restricted = [
  {
    name: "Node, --experimental-strip-types",
    ...lts,
    // The type of a variable is removed, not checked.
    run: async ({ project, program }) =>
      resultIn(
        await runProgram(
          await project({ "main.mts": program(`${IMPORT}\nconst nothing: null = null;\nvoid nothing;`) }),
          nodeOf("lts") ?? "",
          ["--experimental-strip-types", "--disable-warning=ExperimentalWarning", "main.mts"],
        ),
      ),
  },
  {
    name: "Node, --permission",
    ...lts,
    // It may read its own folder and the package, and nothing else: no file, no child process, no worker, no addon.
    async run({ project, program }) {
      const place = await project({ "main.mjs": program() });
      return resultIn(
        await runProgram(place, nodeOf("lts") ?? "", ["--permission", `--allow-fs-read=${place}`, "main.mjs"]),
      );
    },
  },
  {
    name: "Node, no HOME and no other variable",
    version: process.versions.node,
    ofMachine: true,
    // As in a container that sets none.
    run: async ({ project, program }) =>
      resultIn(await runBare(await project({ "main.mjs": program() }), [process.execPath, "main.mjs"])),
  },
];

export const node = [...modules, ...restricted];

/** Runs a command with an empty environment. @param {string} place @param {string[]} command */
async function runBare(place, [file = "", ...args]) {
  const { stdout } = await promisify(execFile)(file, args, { cwd: place, env: {}, timeout: 120_000 });
  return stdout;
}

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
