// @ts-check
/**
 * The simulator's time. It stands still until it is advanced, or runs at a given speed.
 */

/** The initial time of a stopped clock: the same in every run. */
const FIRST_INSTANT = Date.parse("2026-11-23T08:00:00Z");

export class Clock {
  #base;
  #speed;
  #since = Date.now();
  /** @type {Set<{ at: number, wake: () => void }>} */
  #sleepers = new Set();

  /**
   * @param {{ start?: number | string | Date, speed?: number }} [options]
   *   `speed` 0 (the default) stands still, 1 is real time, 60 is a minute per second.
   *   `start` defaults to a fixed time if the clock stands still, otherwise to the present.
   */
  constructor({ start, speed = 0 } = {}) {
    this.#speed = speed;
    this.#base = start === undefined ? (speed === 0 ? FIRST_INSTANT : Date.now()) : new Date(start).getTime();
    if (!Number.isFinite(this.#base)) throw new RangeError(`start is not a time: ${start}`);
  }

  /** Milliseconds since 1970, on this clock. */
  now() {
    return Math.floor(this.#base + (Date.now() - this.#since) * this.#speed);
  }

  get speed() {
    return this.#speed;
  }

  set speed(speed) {
    this.#base = this.now();
    this.#since = Date.now();
    this.#speed = speed;
    this.#wakeUp();
  }

  /**
   * Advances the clock; works on a running clock, too.
   * @param {number} ms
   */
  advance(ms) {
    this.#base += ms;
    this.#wakeUp();
  }

  /**
   * Resolves when this clock has advanced by `ms`.
   * @param {number} ms
   * @returns {Promise<void>}
   */
  sleep(ms) {
    return new Promise((wake) => {
      this.#sleepers.add({ at: this.now() + ms, wake });
      this.#wakeUp();
    });
  }

  #wakeUp() {
    const now = this.now();
    for (const sleeper of this.#sleepers) {
      if (sleeper.at <= now) {
        this.#sleepers.delete(sleeper);
        sleeper.wake();
      } else if (this.#speed > 0) {
        setTimeout(() => this.#wakeUp(), Math.ceil((sleeper.at - now) / this.#speed));
      }
    }
  }
}

/**
 * Formats a time as CouchDB does: whole seconds, UTC.
 * @param {number} ms
 */
export function iso8601(ms) {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
