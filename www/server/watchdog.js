// @ts-check
// Finds out why no response arrives.

/** Milliseconds of silence before the first probe. */
const PATIENCE = 8000;
/** Milliseconds between probes. */
const PAUSE = 5000;

export class Watchdog {
  #probe;
  #onTrouble;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** Incremented by each response: results of older probes are ignored. */
  #life = 0;

  /**
   * @param {() => Promise<unknown>} probe rejects with the error
   * @param {(error: unknown) => void} onTrouble
   */
  constructor(probe, onTrouble) {
    this.#probe = probe;
    this.#onTrouble = onTrouble;
  }

  /** A response has arrived. */
  feed() {
    this.rest();
    this.#wait(PATIENCE);
  }

  /** No response is expected any more. */
  rest() {
    this.#life++;
    clearTimeout(this.#timer);
  }

  /** @param {number} ms */
  #wait(ms) {
    this.#timer = setTimeout(() => this.#ask(), ms);
  }

  async #ask() {
    const life = this.#life;
    try {
      // A hidden page receives nothing.
      if (!document.hidden) await this.#probe();
    } catch (error) {
      if (life === this.#life) this.#onTrouble(error);
    }
    if (life === this.#life) this.#wait(PAUSE);
  }
}
