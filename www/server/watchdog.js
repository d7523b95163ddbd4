// @ts-check
// Finds out why nothing comes any longer.

/** Milliseconds of silence until somebody asks why. */
const PATIENCE = 8000;
/** Milliseconds from one question to the next. */
const PAUSE = 5000;

export class Watchdog {
  #probe;
  #onTrouble;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** Counts up with each sign of life: an answer to an older question is of no interest. */
  #life = 0;

  /**
   * @param {() => Promise<unknown>} probe rejects with what is wrong
   * @param {(error: unknown) => void} onTrouble
   */
  constructor(probe, onTrouble) {
    this.#probe = probe;
    this.#onTrouble = onTrouble;
  }

  /** Something has come. */
  feed() {
    this.rest();
    this.#wait(PATIENCE);
  }

  /** Nothing is expected any longer. */
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
      // Nothing comes to a page that nobody sees.
      if (!document.hidden) await this.#probe();
    } catch (error) {
      if (life === this.#life) this.#onTrouble(error);
    }
    if (life === this.#life) this.#wait(PAUSE);
  }
}
