// @ts-check
// How many documents each replication has written in each minute of the last hour. Only those that write are kept.

import { MINUTE } from "./periods.js";
import { putLast } from "./put-last.js";
import { writtenIn } from "./throughput.js";

/** Number of minutes that are kept. */
export const MINUTES = 60;
/** Maximum number of replications; those that have written nothing for longest make room. */
const MAX_KEPT = 10_000;

/** @typedef {{ minute: number, written: Float32Array }} Ring `minute`: the latest one with a number */

export class RateHistory {
  /** By key; the latest that has written is the last. @type {Map<string, Ring>} */
  #rings = new Map();
  /** Of the first refresh. */
  #begin = Number.NaN;
  #last = Number.NaN;

  /** @param {import("./rows.js").Delta} delta @param {number} at ms since 1970 */
  beat({ changed, removed }, at) {
    const last = this.#last;
    this.#last = at;
    for (const { key } of removed) this.#rings.delete(key);
    if (Number.isNaN(last)) this.#begin = at;
    if (!(at > last)) return;
    for (const change of changed) {
      const written = writtenIn(change);
      if (written > 0) this.#add(change.row.key, written, last, at);
    }
  }

  /** Distributed over the minutes since the last refresh, which can be many if the page was hidden. @param {string} key @param {number} written @param {number} from @param {number} to */
  #add(key, written, from, to) {
    const end = minuteOf(to);
    const ring = this.#ringOf(key, end);
    const perMs = written / (to - from);
    for (let minute = Math.max(minuteOf(from), end - MINUTES + 1); minute <= end; minute++) {
      const begin = Math.max(from, minute * MINUTE);
      const at = minute % MINUTES;
      ring.written[at] = (ring.written[at] ?? 0) + perMs * (Math.min(to, (minute + 1) * MINUTE) - begin);
    }
  }

  /** @param {string} key @param {number} minute */
  #ringOf(key, minute) {
    const ring = this.#rings.get(key) ?? { minute: Number.NEGATIVE_INFINITY, written: new Float32Array(MINUTES) };
    if (ring.minute === minute) return ring;
    advance(ring, minute);
    putLast(this.#rings, key, ring, MAX_KEPT);
    return ring;
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
    const ring = this.#rings.get(key);
    return Array.from({ length: MINUTES }, (_, at) => {
      const minute = end - MINUTES + 1 + at;
      if (!(minute >= minuteOf(this.#begin))) return null;
      const isKept = ring && minute <= ring.minute && minute > ring.minute - MINUTES;
      return isKept ? (ring.written[minute % MINUTES] ?? 0) : 0;
    });
  }

  get size() {
    return this.#rings.size;
  }
}

/** @param {number} at */
const minuteOf = (at) => Math.floor(at / MINUTE);

/** Minutes without a number are 0. @param {Ring} ring @param {number} to */
function advance(ring, to) {
  for (let minute = Math.max(ring.minute, to - MINUTES) + 1; minute <= to; minute++) ring.written[minute % MINUTES] = 0;
  ring.minute = to;
}
