// @ts-check
// Estimates a server's time. Pages of other origins cannot read its `Date`, but every reported event is in the past.

export class ServerClock {
  /** Minimum number of milliseconds that the server's clock is ahead of this one. */
  #ahead = 0;

  /** @param {import("./rows.js").Delta} delta which events the server reports */
  take({ added, changed }) {
    for (const row of added) this.#see(row);
    for (const { row } of changed) this.#see(row);
  }

  /** @param {import("./row.js").Row} row */
  #see({ updated }) {
    const ahead = Date.parse(updated ?? "") - Date.now();
    if (ahead > this.#ahead) this.#ahead = ahead;
  }

  /** Milliseconds since 1970. */
  now() {
    return Date.now() + this.#ahead;
  }
}
