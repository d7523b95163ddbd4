// @ts-check
// Hands alerts to a hook, one after the other. A hook that fails is tried again, and never blocks what goes on.

import { setTimeout as sleep } from "node:timers/promises";

/** Alerts that wait for a hook that does not work. */
const MAX_WAITING = 1000;

const ATTEMPTS = 8;
const FIRST_PAUSE = 1000;
const MAX_PAUSE = 60_000;

export class Deliveries {
  /** @type {string[]} */
  #waiting = [];
  #isWorking = false;
  #send;
  #note;
  #signal;

  /**
   * @param {(json: string, signal: AbortSignal) => Promise<void>} send rejects if the hook fails
   * @param {(text: string) => void} note
   * @param {AbortSignal} signal ends everything
   */
  constructor(send, note, signal) {
    this.#send = send;
    this.#note = note;
    this.#signal = signal;
  }

  /** @param {unknown} alert */
  add(alert) {
    this.#waiting.push(JSON.stringify(alert));
    if (this.#waiting.length > MAX_WAITING) {
      this.#waiting.shift();
      this.#note(`the hook does not keep up: an alert is dropped, since ${MAX_WAITING} wait`);
    }
    if (!this.#isWorking) void this.#work();
  }

  async #work() {
    this.#isWorking = true;
    while (this.#waiting.length > 0 && !this.#signal.aborted) await this.#deliver(this.#waiting.shift() ?? "");
    this.#isWorking = false;
  }

  /** @param {string} json */
  async #deliver(json) {
    for (let attempt = 1; !this.#signal.aborted; attempt++) {
      try {
        return await this.#send(json, this.#signal);
      } catch (error) {
        if (this.#signal.aborted) return;
        const isLast = attempt === ATTEMPTS;
        const next = isLast ? "; given up" : "; tried again";
        this.#note(`the hook failed: ${/** @type {Error} */ (error).message}${next}`);
        if (isLast) return;
        const pause = Math.min(FIRST_PAUSE * 2 ** (attempt - 1), MAX_PAUSE);
        await sleep(pause, undefined, { signal: this.#signal }).catch(() => {});
      }
    }
  }
}
