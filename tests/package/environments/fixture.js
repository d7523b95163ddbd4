// @ts-check
// What every environment gets: a project with the packed package in its node_modules, a simulated CouchDB on a port,
// and the program that uses it.

import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { encodeWasm } from "../../../scripts/build/encode-wasm.js";
import { PROJECTS, toolNode } from "../../../scripts/lib/projects.js";
import { run } from "../../../scripts/lib/run.js";
import { createSimulator } from "../../../simulator/index.js";
import { serve } from "../../../simulator/protocol/server.js";
import { installedProject, PKG } from "../tarball.js";

/**
 * @typedef {object} Environment
 * @property {string} name
 * @property {string} version
 * @property {boolean} [ofMachine] it is the version installed on this machine
 * @property {string} [missing] why it cannot be tested on this machine
 * @property {(fixture: Fixture) => Promise<unknown>} run the program's result there
 *
 * @typedef {Awaited<ReturnType<typeof openFixture>>} Fixture
 */

export const IMPORT = 'import { Scheduler, SchedulerError } from "couchdb-scheduler";';
const PROGRAM = await readFile(new URL("program.js", import.meta.url), "utf8");

/** `exercise` as an ES module; and as text that works in any module format. */
export const PROGRAM_MODULE = PROGRAM;
const PROGRAM_TEXT = PROGRAM.replace("export async function", "async function");

/** Precedes the result on standard output or on a page's console. */
const MARK = "RESULT ";

/** Extracts the result from the output. @param {string} output @returns {unknown} */
export function resultIn(output) {
  const line = output.split("\n").find((text) => text.startsWith(MARK));
  if (!line) throw new Error(`no result in:\n${output.slice(0, 5000)}`);
  return JSON.parse(line.slice(MARK.length));
}

/**
 * The expected result of the program, from the simulator's own data.
 *
 * @param {import("../../../simulator/index.js").Simulator} simulator
 */
function expectedFrom({ fleet }) {
  fleet.scheduler.settle();
  const entries = [...(fleet.databases.get("_replicator")?.entries.values() ?? [])];
  const rows = entries
    .filter(({ deleted }) => !deleted)
    .map((entry) => /** @type {[id: string, state: string | null]} */ ([entry.id, fleet.listedState(entry)]))
    .filter(([, state]) => state !== null)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const names = ["initializing", "running", "completed", "pending", "crashing", "error", "failed"];
  return {
    listed: rows.filter(([, state]) => state === "crashing" || state === "failed").slice(0, 3),
    iterated: rows.length,
    states: Object.fromEntries(names.map((name) => [name, rows.filter(([, state]) => state === name).length])),
    error: ["not_found", 404],
    abortReason: "enough",
    afterFree: "refused",
  };
}

export async function openFixture() {
  const simulator = createSimulator({ docs: 250 });
  const couch = await serve(simulator);
  const url = couch.url.replace("://", "://admin:pass@");
  const original = await installedProject();
  // In the folder of tools, so that a project finds them as if it had installed them.
  const folder = await mkdtemp(join(PROJECTS, "try-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  let projects = 0;

  /**
   * A program in one file: it imports the package, runs `exercise` and prints the result.
   *
   * @param {string} [head] the import of the package
   * @param {string} [tail] handles `result`, the promise
   */
  const program = (
    head = IMPORT,
    tail = `result.then((value) => console.log(${JSON.stringify(MARK)} + JSON.stringify(value)));`,
  ) =>
    `${head}\n${PROGRAM_TEXT}\nconst result = exercise({ Scheduler, SchedulerError }, ${JSON.stringify(url)});\n${tail}\n`;

  return {
    url,
    expected: expectedFrom(simulator),
    program,
    close: couch.close,

    /** A new project with these files and the package. Returns its folder. @param {Record<string, string>} files */
    async project(files) {
      const project = join(folder, `project-${++projects}`);
      await cp(join(original, "node_modules"), join(project, "node_modules"), { recursive: true });
      const all = { "package.json": JSON.stringify({ name: "project", private: true }), ...files };
      for (const [name, text] of Object.entries(all)) {
        await mkdir(dirname(join(project, name)), { recursive: true });
        await writeFile(join(project, name), text);
      }
      return project;
    },

    /** A folder with no other files near it. @param {string} file that is copied there @param {string} name */
    async alone(file, name) {
      const place = await mkdtemp(join(folder, "alone-"));
      await cp(file, join(place, name));
      return join(place, name);
    },
  };
}

/**
 * Runs a program in a project; it must succeed.
 *
 * @param {string} project
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 */
export async function runProgram(project, command, args, env) {
  // NODE_* of the test runner's process would affect other Nodes.
  const { NODE_TEST_CONTEXT: _, NODE_OPTIONS: __, NODE_PATH: ___, ...rest } = process.env;
  const result = await run(command, args, { cwd: project, env: { ...rest, NO_COLOR: "1", ...env }, seconds: 120 });
  if (!result.ok) throw new Error(`${command} ${args.join(" ")}\n${result.output.slice(0, 5000)}`);
  return result.output;
}

/** Runs a tool's program with Node. @param {string} project @param {string[]} args @param {NodeJS.ProcessEnv} [env] */
export const runTool = (project, args, env) => runProgram(project, toolNode(), args, env);

/**
 * Starts a tool's server with Node, and waits for the URL that it prints.
 *
 * @param {string} project
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 */
export async function startServer(project, args, env) {
  const server = spawn(toolNode(), args, { cwd: project, env: { ...process.env, ...env, NO_COLOR: "1" } });
  let output = "";
  server.stderr.on("data", (text) => {
    output += text;
  });
  for await (const line of createInterface(server.stdout)) {
    output += `${line}\n`;
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
    if (url) return { url, stop: () => server.kill() };
  }
  throw new Error(`${args.join(" ")} did not start:\n${output}`);
}

const wasm = await readFile(join(PKG, "couchdb_scheduler.wasm"));
/** Text that a bundler may write with other quotes. @param {string} text */
const bare = (text) => text.replace(/[\\`$'"]/g, "");
const INLINED = bare(encodeWasm(wasm)).slice(0, 200);

/**
 * How often the wasm is in a bundler's output: as text, and as a file.
 *
 * @param {string} folder
 */
export async function wasmsIn(folder) {
  let inlined = 0;
  let files = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name.endsWith(".map")) continue;
    const bytes = await readFile(join(entry.parentPath, entry.name));
    if (bytes.subarray(0, 4).equals(wasm.subarray(0, 4))) files++;
    else inlined += bare(bytes.toString("utf8")).split(INLINED).length - 1;
  }
  return { inlined, files };
}

/** Throws unless the wasm is there once, in the JavaScript. @param {string} folder */
export async function checkOneWasm(folder) {
  const { inlined, files } = await wasmsIn(folder);
  if (inlined !== 1 || files !== 0) throw new Error(`the wasm is in the bundle ${inlined} times and in ${files} files`);
}
