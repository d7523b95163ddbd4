// @ts-check
// Chromium, driven through its DevTools protocol by a pipe. Tools that automate browsers have them keep the bodies of all
// answers below 10 MB in the memory of the page, up to 100 MB: whoever asks in pages would pay for it, whoever asks for all at once would not.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Milliseconds within which everything is answered. */
const LONGEST = 120_000;

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
   * @param {string} [sessionId] of the page that is meant
   * @returns {Promise<any>}
   */
  async send(method, params = {}, sessionId) {
    const id = ++this.#sent;
    const answer = new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.#pipe.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    const timer = setTimeout(() => this.#take({ id, error: { message: `no answer to ${method}` } }), LONGEST);
    return answer.finally(() => clearTimeout(timer));
  }

  async stop() {
    const exited = once(this.#browser, "exit");
    this.#browser.kill();
    await exited;
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
