// @ts-check
// Controls Chromium through its DevTools protocol over a pipe. Browser automation tools make pages keep the bodies of all
// responses below 10 MB in memory, up to 100 MB: this would cost clients that read pages, but not those that read everything at once.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Time limit for every command in milliseconds. */
const TIMEOUT_MS = 120_000;

export class DevTools {
  #browser;
  #profile;
  /** @type {import("node:stream").Writable} */
  #pipe;
  #sent = 0;
  /** @type {Map<number, { resolve: (result: any) => void, reject: (error: Error) => void }>} */
  #waiting = new Map();

  /** @param {string} file of Chromium @param {string[]} args */
  constructor(file, args) {
    this.#profile = mkdtempSync(join(tmpdir(), "couchdb-scheduler-bench-"));
    this.#browser = spawn(
      file,
      [...args, "--remote-debugging-pipe", `--user-data-dir=${this.#profile}`, "about:blank"],
      {
        stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
      },
    );
    this.#pipe = /** @type {import("node:stream").Writable} */ (this.#browser.stdio[3]);
    let rest = "";
    this.#browser.stdio[4]?.on("data", (/** @type {Buffer} */ data) => {
      const messages = (rest + data.toString()).split("\0");
      rest = messages.pop() ?? "";
      for (const message of messages) this.#take(JSON.parse(message));
    });
    process.once("exit", () => this.#browser.kill("SIGKILL"));
  }

  /** @param {{ id?: number, result?: any, error?: { message: string } }} message */
  #take({ id = 0, result, error }) {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error) waiting?.reject(new Error(error.message));
    else waiting?.resolve(result);
  }

  /**
   * @param {string} method
   * @param {object} [params]
   * @param {string} [sessionId] of the page
   * @returns {Promise<any>}
   */
  async send(method, params = {}, sessionId) {
    const id = ++this.#sent;
    const answer = new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.#pipe.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    const timer = setTimeout(() => this.#take({ id, error: { message: `no answer to ${method}` } }), TIMEOUT_MS);
    return answer.finally(() => clearTimeout(timer));
  }

  async stop() {
    const exited = once(this.#browser, "exit");
    this.#browser.kill();
    await exited;
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
