// @ts-check
// How many documents each replication has written in each minute of the last hour. Only those that write are kept.

import { MINUTE } from "./periods.js";
import { putLast } from "./put-last.js";
import { writtenIn } from "./throughput.js";

/** Number of minutes that are kept. */
export const MINUTES = 60;
/** Maximum number of replications; those that have written nothing for longest make room. */
const MAX_KEPT = 10_000;

/** @typedef {{ minute: number, written: number[] }} Rates documents in this minute, the one before it, and so on */

export class RateHistory {
  /** By key; the latest that has written is the last. @type {Map<string, Rates>} */
  #rates = new Map();
  /** Of the first refresh. */
  #begin = Number.NaN;
  #last = Number.NaN;

  /** @param {import("./rows.js").Delta} delta @param {number} at ms since 1970 */
  beat({ changed, removed }, at) {
    const last = this.#last;
    this.#last = at;
    for (const { key } of removed) this.#rates.delete(key);
    if (Number.isNaN(last)) this.#begin = at;
    if (!(at > last)) return;
    for (const change of changed) {
      const written = writtenIn(change);
      if (written > 0) this.#add(change.row.key, written, last, at);
    }
  }

  /** Distributed over the minutes since the last refresh, which can be many if the page was hidden. @param {string} key @param {number} many @param {number} from @param {number} to */
  #add(key, many, from, to) {
    const end = minuteOf(to);
    const rates = this.#rates.get(key) ?? { minute: 0, written: [] };
    if (rates.minute !== end) {
      // A clock can be set back.
      const passed = Math.min(Math.max(end - rates.minute, 0), MINUTES);
      rates.written.unshift(...Array(passed).fill(0));
      rates.written.length = MINUTES;
      rates.minute = end;
      putLast(this.#rates, key, rates, MAX_KEPT);
    }
    for (let minute = Math.max(minuteOf(from), end - MINUTES + 1); minute <= end; minute++) {
      const ms = Math.min(to, (minute + 1) * MINUTE) - Math.max(from, minute * MINUTE);
      rates.written[end - minute] = (rates.written[end - minute] ?? 0) + (many * ms) / (to - from);
    }
  }

  /**
   * Documents written in each minute, the present one last.
   *
   * @param {string} key
   * @param {number} now ms since 1970
   * @returns {(number | null)[]} null before the first refresh
   */
  of(key, now) {
    const end = minuteOf(now);
    const rates = this.#rates.get(key);
    return Array.from({ length: MINUTES }, (_, at) => {
      const minute = end - MINUTES + 1 + at;
      if (!(minute >= minuteOf(this.#begin))) return null;
      return rates?.written[rates.minute - minute] ?? 0;
    });
  }

  get size() {
    return this.#rates.size;
  }
}

/** @param {number} at */
const minuteOf = (at) => Math.floor(at / MINUTE);
