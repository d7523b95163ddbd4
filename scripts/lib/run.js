// @ts-check
// Runs other programs: bounded in time, their output in a log instead of on the screen, and none of them
// left behind when we are stopped.

import { spawn } from "node:child_process";
import { createWriteStream, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { ROOT } from "./paths.js";

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env]
 * @property {number} [seconds] how long it may take; 10 minutes unless told
 * @property {string} [log] file that gets the whole output
 * @property {boolean} [show] also print the output as it comes
 * @property {string} [input] what it reads from standard input
 *
 * @typedef {object} RunResult
 * @property {boolean} ok
 * @property {number | null} code null when it was stopped
 * @property {boolean} timedOut
 * @property {string} output standard output and standard error, in the order they came
 * @property {string} stdout
 */

/** @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();

// Cargo and npm start processes of their own, so each child leads a process group that is stopped as a whole.
const GROUPS = process.platform !== "win32";

/**
 * @param {import("node:child_process").ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
function stop(child, signal) {
  try {
    if (GROUPS && child.pid) process.kill(-child.pid, signal);
    else child.kill(signal);
  } catch {
    // It has ended by itself in the meantime.
  }
}

/** Stops whatever is still running. */
export function stopAll() {
  for (const child of running) stop(child, "SIGTERM");
}

process.on("exit", stopAll);

/** For scripts with nothing to tidy up on Ctrl-C but the programs they started. */
export function exitOnSignals() {
  for (const [signal, code] of /** @type {const} */ ([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ])) {
    process.once(signal, () => process.exit(code));
  }
}

/**
 * Never rejects: a program that is missing, fails or takes too long is a result like any other.
 *
 * @param {string} command
 * @param {string[]} [args]
 * @param {RunOptions} [options]
 * @returns {Promise<RunResult>}
 */
export function run(command, args = [], options = {}) {
  const { cwd = ROOT, env = process.env, seconds = 600, log, show = false, input } = options;
  if (log) mkdirSync(dirname(log), { recursive: true });
  const file = log ? createWriteStream(log) : undefined;
  file?.write(`$ ${command} ${args.join(" ")}\n`);

  return new Promise((resolve) => {
    let output = "";
    let stdout = "";
    let timedOut = false;
    const child = spawn(command, args, { cwd, env, detached: GROUPS });
    running.add(child);
    child.stdin?.on("error", () => {});
    child.stdin?.end(input);

    const timer = setTimeout(() => {
      timedOut = true;
      stop(child, "SIGTERM");
      setTimeout(() => stop(child, "SIGKILL"), 5_000).unref();
    }, seconds * 1000);

    /** @param {string} text */
    const keep = (text) => {
      output += text;
      file?.write(text);
      if (show) process.stdout.write(text);
    };
    child.stdout?.setEncoding("utf8").on("data", (text) => {
      stdout += text;
      keep(text);
    });
    child.stderr?.setEncoding("utf8").on("data", keep);

    /** @param {number | null} code */
    const finish = (code) => {
      clearTimeout(timer);
      running.delete(child);
      if (timedOut) keep(`\nstopped: it took longer than ${seconds} s\n`);
      file?.end();
      resolve({ ok: code === 0 && !timedOut, code, timedOut, output, stdout });
    };
    child.on("error", (error) => {
      keep(`${error.message}\n`);
      finish(127);
    });
    child.on("close", finish);
  });
}

/**
 * What a program says on standard output; undefined when it is not there or fails.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} [options]
 */
export async function ask(command, args, options) {
  const { ok, stdout } = await run(command, args, { seconds: 30, ...options });
  return ok ? stdout.trim() : undefined;
}
