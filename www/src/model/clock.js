// @ts-check
// Estimates a server's time. Pages of other origins cannot read its `Date`, but every reported event is in the past.

export class ServerClock {
  /** Minimum number of milliseconds that the server's clock is ahead of this one. */
  #ahead = 0;

  /** @param {string | null} iso of an event on the server */
  hasHappened(iso) {
    const ahead = Date.parse(iso ?? "") - Date.now();
    if (ahead > this.#ahead) this.#ahead = ahead;
  }

  /** Milliseconds since 1970. */
  now() {
    return Date.now() + this.#ahead;
  }
}
