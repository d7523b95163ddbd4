// @ts-check
// The last minutes, sample by sample: how much was written.

/** Milliseconds that are remembered, and shown. */
export const SPAN = 10 * 60_000;
/** Milliseconds over which the present rate is taken: servers count in fits and starts. */
const WINDOW = 30_000;

/**
 * @typedef {object} Sample
 * @property {number} at ms since 1970
 * @property {number} seconds since the one before
 * @property {number} written documents since the one before
 */

export class Pulse {
  /** @type {Sample[]} */
  samples = [];
  #last = Number.NaN;

  /** A connection that was lost leaves a gap, not a mountain. */
  interrupt() {
    this.#last = Number.NaN;
  }

  /** @param {import("./rows.js").Delta} delta @param {number} at ms since 1970 */
  beat({ changed }, at) {
    const seconds = (at - this.#last) / 1000;
    this.#last = at;
    if (!(seconds > 0)) return;
    let written = 0;
    for (const { row, previous } of changed) {
      // Fewer than before: it was started anew, and counts from nothing.
      if (row.written !== null && previous.written !== null) written += Math.max(0, row.written - previous.written);
    }
    this.samples.push({ at, seconds, written });
    while (this.samples[0] && this.samples[0].at < at - SPAN) this.samples.shift();
  }

  /** Documents written per second, lately; null until there is anything to tell it from. */
  get rate() {
    const newest = this.samples.at(-1);
    if (!newest) return null;
    const recent = this.samples.filter(({ at }) => at > newest.at - WINDOW);
    const seconds = recent.reduce((sum, sample) => sum + sample.seconds, 0);
    return recent.reduce((sum, sample) => sum + sample.written, 0) / seconds;
  }
}
