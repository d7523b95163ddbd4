// @ts-check
// Samples of the last minutes: how many documents were written.

import { MINUTE } from "./periods.js";

/** The time span that is kept and shown, in milliseconds. */
export const SPAN = 10 * MINUTE;
/** The time span for the present rate in milliseconds: servers update counters irregularly. */
const WINDOW = 30_000;

/**
 * @typedef {object} Sample
 * @property {number} at ms since 1970
 * @property {number} seconds since the preceding sample
 * @property {number} written documents since the preceding sample
 */

/** Number of documents. Fewer than before: it was restarted and counts from zero. @param {import("./rows.js").Delta["changed"][number]} change */
export const writtenIn = ({ row, previous }) =>
  row.written === null || previous.written === null ? 0 : Math.max(0, row.written - previous.written);

export class Pulse {
  /** @type {Sample[]} */
  samples = [];
  #last = Number.NaN;

  /** A lost connection leaves a gap, not a peak. */
  interrupt() {
    this.#last = Number.NaN;
  }

  /** @param {import("./rows.js").Delta} delta @param {number} at ms since 1970 */
  beat({ changed }, at) {
    const seconds = (at - this.#last) / 1000;
    this.#last = at;
    if (!(seconds > 0)) return;
    this.samples.push({ at, seconds, written: changed.reduce((sum, change) => sum + writtenIn(change), 0) });
    while (this.samples[0] && this.samples[0].at < at - SPAN) this.samples.shift();
  }

  /** Documents written per second recently; null without enough samples. */
  get rate() {
    const newest = this.samples.at(-1);
    if (!newest) return null;
    const recent = this.samples.filter(({ at }) => at > newest.at - WINDOW);
    const seconds = recent.reduce((sum, sample) => sum + sample.seconds, 0);
    return recent.reduce((sum, sample) => sum + sample.written, 0) / seconds;
  }
}
