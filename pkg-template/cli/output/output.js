// @ts-check
// What a command prints: data on stdout, all else on stderr.

import { once } from "node:events";
import { hasColours } from "./colours.js";
import { Progress } from "./progress.js";
import { safe } from "./text.js";

/** Of a terminal that does not say how wide it is. */
const DEFAULT_COLUMNS = 80;

export class Output {
  #stdout;
  #stderr;
  #isBroken = false;
  /** @type {unknown} */
  #error;
  progress;
  /** Whether there was data already. */
  hasWritten = false;

  /**
   * @param {NodeJS.WriteStream} stdout
   * @param {NodeJS.WriteStream} stderr
   * @param {() => void} onBroken called when the reader of stdout has gone
   */
  constructor(stdout, stderr, onBroken) {
    this.#stdout = stdout;
    this.#stderr = stderr;
    this.progress = new Progress(stderr);
    stdout.on("error", (error) => {
      this.#isBroken = true;
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EPIPE") this.#error = error;
      onBroken();
    });
    // Nobody reads the notes: the work goes on.
    stderr.on("error", () => {});
  }

  get isTerminal() {
    return this.#stdout.isTTY === true;
  }

  get columns() {
    return this.#stdout.columns || DEFAULT_COLUMNS;
  }

  /** Whether the reader of stdout has gone. */
  get isBroken() {
    return this.#isBroken;
  }

  /** Why stdout cannot be written, except for a reader that has gone. */
  get error() {
    return this.#error;
  }

  /** Whether stdout has colours. */
  hasColours = false;

  /** @param {"auto" | "always" | "never" | undefined} option @param {NodeJS.ProcessEnv} env */
  decideColours(option, env) {
    this.hasColours = hasColours(option, env, this.isTerminal);
  }

  /** Writes data, as fast as the reader reads. @param {string} text */
  async write(text) {
    if (this.#isBroken) return;
    this.hasWritten = true;
    this.progress.hide();
    if (this.#stdout.write(text)) return;
    // An error is handled by the listener above.
    await once(this.#stdout, "drain").catch(() => {});
  }

  /** Writes a line of data, which is safe already. @param {string} text */
  line(text) {
    return this.write(`${text}\n`);
  }

  /** A line on stderr. @param {string} text */
  note(text) {
    this.progress.hide();
    this.#stderr.write(`${text.split("\n").map(safe).join("\n")}\n`);
  }
}
