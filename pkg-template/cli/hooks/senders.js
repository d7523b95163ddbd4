// @ts-check
// What can be called: a command, with JSON on its standard input, or a URL, with JSON as the body.

import { spawn } from "node:child_process";
import { refusePassword } from "../server/server.js";
import { UsageError } from "../usage-error.js";

/** A hook that takes longer has failed. */
const LIMIT = 30_000;

/** Credentials of this program: a hook does not need them. */
const SECRET = /^(COUCH|CLOUDANT)/i;

/** Between the request to end and the end by force. */
const GRACE = 2_000;

const HAS_GROUPS = process.platform !== "win32";

/** Signals a command and what it has started. @param {import("node:child_process").ChildProcess} child @param {NodeJS.Signals} name */
function signalAll({ pid }, name) {
  try {
    if (pid !== undefined) process.kill(HAS_GROUPS ? -pid : pid, name);
  } catch {
    // They have ended.
  }
}

/** @param {string} command for the shell @returns {(json: string, signal: AbortSignal) => Promise<void>} */
export const commandSender = (command) => (json, signal) =>
  new Promise((resolve, reject) => {
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !SECRET.test(name)));
    // stdout is for data of this program. A group of its own, so that nothing of it is left when it is ended.
    const child = spawn(command, { shell: true, env, stdio: ["pipe", 2, 2], detached: HAS_GROUPS });
    const kill = () => signalAll(child, "SIGKILL");
    /** @type {NodeJS.Timeout | undefined} */
    let killing;
    const end = () => {
      signalAll(child, "SIGTERM");
      killing ??= setTimeout(kill, GRACE);
    };
    const timer = setTimeout(end, LIMIT);
    signal.addEventListener("abort", end);
    process.once("exit", kill);
    const settle = (/** @type {Error | undefined} */ error) => {
      if (killing !== undefined) kill();
      for (const each of [timer, killing]) clearTimeout(each);
      signal.removeEventListener("abort", end);
      process.removeListener("exit", kill);
      if (error) reject(error);
      else resolve();
    };
    child.once("error", settle);
    child.once("close", (code, name) => {
      if (code === 0 && killing === undefined) return settle(undefined);
      if (killing !== undefined && !signal.aborted)
        return settle(new Error(`the command took longer than ${LIMIT / 1000} s`));
      settle(new Error(name ? `the command was ended by ${name}` : `the command ended with exit code ${code}`));
    });
    // A command need not read it.
    child.stdin?.on("error", () => {});
    child.stdin?.end(`${json}\n`);
  });

/** @param {string} text @returns {(json: string, signal: AbortSignal) => Promise<void>} */
export function webhookSender(text) {
  refusePassword(text, "--webhook", "Use a URL that needs none, or --exec with curl.");
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== "http:" && url?.protocol !== "https:") {
    throw new UsageError("--webhook must be an absolute URL: https://…");
  }
  // `fetch` refuses it, with the whole URL in the message.
  if (url.username !== "") throw new UsageError("--webhook: a URL cannot contain a user name; use --exec with curl.");
  return async (json, signal) => {
    const limit = new AbortController();
    const end = () => limit.abort(signal.reason);
    const timer = setTimeout(() => limit.abort(new Error("no response in time")), LIMIT);
    signal.addEventListener("abort", end);
    try {
      const headers = { "content-type": "application/json" };
      const response = await fetch(url, {
        method: "POST",
        headers,
        body: json,
        redirect: "manual",
        signal: limit.signal,
      });
      await response.body?.cancel();
      // The path of a webhook is often a secret.
      if (!response.ok) throw new Error(`${url.origin} responded ${response.status}`);
    } catch (error) {
      const cause = /** @type {any} */ (error).cause?.code;
      throw cause ? new Error(`cannot reach ${url.origin}: ${cause}`) : error;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
    }
  };
}
