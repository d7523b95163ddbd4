// @ts-check
// What can be called: a command, with JSON on its standard input, or a URL, with JSON as the body.

import { spawn } from "node:child_process";
import { refusePassword } from "../server/server.js";
import { UsageError } from "../usage-error.js";

/** A hook that takes longer has failed. */
const LIMIT = 30_000;

/** Credentials of this program: a hook does not need them. */
const SECRET = /^(COUCH|CLOUDANT)/i;

/** @param {string} command for the shell @returns {(json: string, signal: AbortSignal) => Promise<void>} */
export const commandSender = (command) => (json, signal) =>
  new Promise((resolve, reject) => {
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !SECRET.test(name)));
    // stdout is for data of this program.
    const child = spawn(command, { shell: true, env, stdio: ["pipe", 2, 2], timeout: LIMIT, signal });
    child.once("error", reject);
    child.once("close", (code, killed) => {
      if (code === 0) resolve();
      else
        reject(new Error(killed ? `the command was ended by ${killed}` : `the command ended with exit code ${code}`));
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
