// @ts-check
// Controls Chromium through its DevTools protocol over a pipe, where memory is measured. Browser automation tools make pages keep the
// bodies of all responses below 10 MB in memory, up to 100 MB.

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
    this.#profile = mkdtempSync(join(tmpdir(), "couchdb-scheduler-chromium-"));
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

  /**
   * A new page. It is about:blank.
   *
   * @param {string} [browserContextId]
   */
  async newPage(browserContextId) {
    const { targetId } = await this.send("Target.createTarget", { url: "about:blank", browserContextId });
    const { sessionId } = await this.send("Target.attachToTarget", { targetId, flatten: true });
    return { targetId, sessionId };
  }

  /** The value of an expression, which may be a promise of it. @param {string} sessionId of a page @param {string} expression @returns {Promise<any>} */
  async evaluate(sessionId, expression) {
    const params = { expression, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails } = await this.send("Runtime.evaluate", params, sessionId);
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  /** The processes of all pages. @returns {Promise<number[]>} */
  async renderers() {
    const { processInfo } = await this.send("SystemInfo.getProcessInfo");
    return processInfo
      .filter((/** @type {any} */ { type }) => type === "renderer")
      .map((/** @type {any} */ { id }) => id);
  }

  async stop() {
    const exited = once(this.#browser, "exit");
    // Killed, it would leave processes that still write to its profile.
    await this.send("Browser.close").catch(() => this.#browser.kill("SIGKILL"));
    await exited;
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
