// @ts-check
// Runs the command line as a process, with pipes or in a pseudo-terminal, against the simulator on a port or a real server.

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { COUCHDB_URL, endedReplication, simulatedOnPort, testServer } from "../support/server.js";

/** @typedef {import("node:test").TestContext} TestContext */

export const MAIN = fileURLToPath(new URL("../../pkg/cli/main.js", import.meta.url));

/** Ends what hangs; its exit code is null then. */
const LIMIT = 60_000;

/** A home without configuration. */
const HOME = mkdtempSync(join(tmpdir(), "couchdb-scheduler-home-"));
process.on("exit", () => rmSync(HOME, { recursive: true, force: true }));

/** The environment of a user who has set nothing. @param {NodeJS.ProcessEnv} [env] */
export const environment = (env = {}) => ({ PATH: process.env.PATH, HOME, TERM: "xterm", ...env });

/**
 * @typedef {object} Run
 * @property {NodeJS.ProcessEnv} [env]
 * @property {string | null} [input] standard input; default: none; null: stays open
 * @property {string[]} [node] flags of Node
 *
 * @typedef {{ code: number | null, stdout: string, stderr: string }} Result
 */

/**
 * Starts it, and collects what it prints.
 *
 * @param {string[]} args
 * @param {Run} [run]
 */
export function started(args, { env, input = "", node = [] } = {}) {
  const child = spawn(process.execPath, [...node, MAIN, ...args], { env: environment(env), timeout: LIMIT });
  const output = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text) => (output.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (output.stderr += text));
  child.stdin.on("error", () => {});
  if (input !== null) child.stdin.end(input);
  const ended = once(child, "close").then(([code]) => /** @type {Result} */ ({ code, ...output }));
  /** Resolves when the output matches. @param {"stdout" | "stderr"} stream @param {RegExp} pattern */
  const printed = async (stream, pattern) => {
    while (!pattern.test(output[stream])) {
      const isOver = await Promise.race([once(child[stream], "data").then(() => false), ended.then(() => true)]);
      if (isOver && !pattern.test(output[stream]))
        throw new Error(`ended without ${pattern}: ${JSON.stringify(output)}`);
    }
    return output[stream];
  };
  return { child, output, ended, printed };
}

/** Runs it to its end. @param {string[]} args @param {Run} [run] */
export const cli = (args, run) => started(args, run).ended;

const hasScript = spawnSync("script", ["--version"], { encoding: "utf8" }).stdout?.includes("util-linux") ?? false;

/** An option of tests in a pseudo-terminal. */
export const inTerminal = hasScript
  ? {}
  : { skip: "`script` of util-linux, which makes a pseudo-terminal, is not installed" };

/** @param {string} text */
const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/**
 * Runs it in a pseudo-terminal: stdout and stderr are one.
 *
 * @param {string[]} args
 * @param {Run & { when?: RegExp, columns?: number, files?: { stdout?: string, stderr?: string } }} [run] the input is typed when
 *   the screen matches; files take one of the two streams
 * @returns {Promise<{ code: number | null, screen: string }>}
 */
export async function onTerminal(args, { env, input = "", when = /\] $/, columns = 80, files = {} } = {}) {
  const program = [process.execPath, MAIN, ...args].map(quoted).join(" ");
  const to = [files.stdout && `> ${quoted(files.stdout)}`, files.stderr && `2> ${quoted(files.stderr)}`].filter(
    Boolean,
  );
  const line = `stty cols ${columns} rows 40 -echo; exec ${program} ${to.join(" ")}`;
  const child = spawn("script", ["--quiet", "--return", "--command", line, "/dev/null"], {
    env: environment({ SHELL: "/bin/sh", ...env }),
    timeout: LIMIT,
  });
  let screen = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    screen += text;
    // `script` ends when its own input does.
    if (input !== "" && when.test(screen)) child.stdin.write(input);
  });
  const [code] = await once(child, "close");
  return { code, screen: screen.replaceAll("\r\n", "\n") };
}

/**
 * The real server, or a simulator on a port.
 *
 * @param {TestContext} t
 * @param {import("../../simulator/index.js").SimulatorOptions} [options]
 */
export async function serverOnPort(t, options) {
  if (COUCHDB_URL !== undefined) {
    const server = await testServer(t);
    return { ...server, env: { COUCHDB_URL }, simulator: undefined };
  }
  const { simulator, url } = await simulatedOnPort(t, options);
  const withAdmin = url.replace("//", "//admin:pass@");
  /** @param {string} method @param {string} path @param {unknown} [body] @returns {Promise<any>} */
  const request = async (method, path, body) => {
    const headers = { authorization: `Basic ${btoa("admin:pass")}`, "content-type": "application/json" };
    const response = await fetch(url + path, {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status}`);
    return response.json();
  };
  return {
    url,
    env: { COUCHDB_URL: withAdmin },
    request,
    simulator,
    async createDatabase() {
      await request("PUT", "/test%2F_replicator");
      return "test/_replicator";
    },
    /** @param {string} database @param {(Record<string, unknown> & { _id: string })[]} documents */
    async write(database, documents) {
      for (const { _id, ...body } of documents) {
        await request("PUT", `/${encodeURIComponent(database)}/${encodeURIComponent(_id)}`, body);
      }
    },
  };
}

/**
 * A replicator database with ended replications: `ended-1` … completed, and `broken` failed.
 *
 * @param {TestContext} t
 * @param {Record<string, unknown>[]} [more]
 */
export async function endedReplications(t, more = []) {
  const server = await serverOnPort(t);
  const database = await server.createDatabase();
  const documents = [endedReplication("broken", "failed"), endedReplication("ended-1"), endedReplication("ended-2")];
  await server.write(database, [...documents, .../** @type {any} */ (more)]);
  return { ...server, database };
}
