// @ts-check
// Runs other programs with a time limit. Writes their output to a log instead of the screen, and stops them
// when this process is stopped.

import { spawn } from "node:child_process";
import { createWriteStream, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { ROOT } from "./paths.js";

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env]
 * @property {number} [seconds] time limit; default 10 minutes
 * @property {string} [log] file for the complete output
 * @property {boolean} [show] also prints the output immediately
 * @property {string} [input] standard input
 *
 * @typedef {object} RunResult
 * @property {boolean} ok
 * @property {number | null} code null if it was stopped
 * @property {boolean} timedOut
 * @property {string} output standard output and standard error, in order
 * @property {string} stdout
 */

/** @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();

// Cargo and npm start processes of their own, so each child leads a process group, which is stopped as a whole.
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
    // It has already ended.
  }
}

/** Stops all running programs. */
export function stopAll() {
  for (const child of running) stop(child, "SIGTERM");
}

process.on("exit", stopAll);

/** For scripts that only have to stop their programs on Ctrl-C. */
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
 * Never rejects: a program that is missing, fails or exceeds its time limit is a normal result.
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
 * Returns a program's standard output; undefined if it is missing or fails.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} [options]
 */
export async function ask(command, args, options) {
  const { ok, stdout } = await run(command, args, { seconds: 30, ...options });
  return ok ? stdout.trim() : undefined;
}
