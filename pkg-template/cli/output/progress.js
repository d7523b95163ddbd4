// @ts-check
// A line on stderr that says what goes on, if a terminal looks on and it takes longer than a second.

import { safe, shortened } from "./text.js";

const FIRST_AFTER = 1000;
const EVERY = 200;

export class Progress {
  #stderr;
  #text = "";
  #isShown = false;
  /** @type {NodeJS.Timeout | undefined} */
  #timer;

  /** @param {NodeJS.WriteStream} stderr */
  constructor(stderr) {
    this.#stderr = stderr;
  }

  /** Replaces the line. @param {string} text */
  show(text) {
    if (!this.#stderr.isTTY || process.env.TERM === "dumb") return;
    this.#text = text;
    if (this.#timer) return;
    this.#timer = setTimeout(() => {
      this.#draw();
      this.#timer = setInterval(() => this.#draw(), EVERY).unref();
    }, FIRST_AFTER).unref();
  }

  #draw() {
    const width = (this.#stderr.columns || 80) - 1;
    this.#stderr.write(`\r\x1b[K${shortened(safe(this.#text), width)}`);
    this.#isShown = true;
  }

  /** Removes the line, until it is drawn again. */
  hide() {
    if (!this.#isShown) return;
    this.#stderr.write("\r\x1b[K");
    this.#isShown = false;
  }

  /** Removes the line for good. */
  end() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.hide();
  }
}
