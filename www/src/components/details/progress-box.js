// @ts-check
// Progress, speed and remaining time of one replication.

import { progress } from "couchdb-scheduler";
import { duration, NOTHING, number, percent, rate } from "../../model/format.js";
import { make, setText } from "../dom.js";

/** @typedef {import("../../model/row.js").Row} Row */

/** The period for the rate in milliseconds. */
const WINDOW = 60_000;

export class ProgressBox {
  element = make("div", { className: "progress-box" });
  #filled = make("span", { className: "filled" });
  #bar = make("span", { className: "bar" }, this.#filled);
  #words = make("p", { className: "progress-words" });
  /** Earlier rows of this replication, oldest first. @type {{ row: Row, at: number }[]} */
  #earlier = [];

  constructor() {
    this.element.append(this.#bar, this.#words);
  }

  /** Another replication. */
  reset() {
    this.#earlier = [];
  }

  /** @param {Row} row @param {number} at ms since 1970 */
  show(row, at) {
    while (this.#earlier[1] && this.#earlier[1].at <= at - WINDOW) this.#earlier.shift();
    const [oldest] = this.#earlier;
    const now = oldest ? progress(row.given, oldest.row.given, at - oldest.at) : progress(row.given);
    if (this.#earlier.at(-1)?.row !== row) this.#earlier.push({ row, at });
    this.#bar.hidden = now.fraction === null;
    this.#filled.style.width = `${(now.fraction ?? 0) * 100}%`;
    setText(this.#words, inWords(row, now));
  }
}

/** @param {Row} row @param {import("couchdb-scheduler").Progress} now */
function inWords(row, now) {
  if (now.docs_written === null) return "The server reports no counters in this state.";
  const words = [`${number(now.docs_written)} documents written`];
  if (now.fraction !== null) words.push(percent(now.fraction));
  if (row.state === "running") {
    words.push(`${now.docs_per_second === null ? NOTHING : rate(now.docs_per_second)} per second`);
    if (now.stalled) words.push("stalled: changes are pending, but nothing moves");
    else if (now.seconds_left !== null && now.seconds_left >= 1) words.push(`${duration(now.seconds_left)} left`);
    else if (now.changes_pending === 0) words.push("up to date");
  }
  if (now.changes_pending === null && row.state !== "completed") words.push("the number of pending changes is unknown");
  return `${words.join(" · ")}.`;
}
