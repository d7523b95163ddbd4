// @ts-check
// Progress, speed and remaining time of one replication.

import { progress } from "couchdb-scheduler";
import { html, nothing } from "lit";
import { duration, NOTHING, number, percent, rate } from "../../model/format.js";
import { LightElement } from "../light-element.js";

/** @typedef {import("../../model/row.js").Row} Row */

/** The period for the rate in milliseconds. */
const WINDOW = 60_000;

class ProgressSection extends LightElement {
  /** @override */
  static properties = { row: { attribute: false }, at: { attribute: false }, fleet: { attribute: false } };

  /** Earlier rows of this replication, oldest first. @type {{ row: Row, at: number }[]} */
  #earlier = [];

  constructor() {
    super();
    /** @type {Row | null} */
    this.row = null;
    /** When the server reported it last, in ms since 1970. @type {number | null} */
    this.at = null;
    /** Another one has other rows of the same names. @type {object | null} */
    this.fleet = null;
  }

  /** @override @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has("fleet") || this.#earlier[0]?.row.key !== this.row?.key) this.#earlier = [];
  }

  /** @override */
  render() {
    const { row } = this;
    if (!row) return nothing;
    const at = this.at ?? Date.now();
    while (this.#earlier[1] && this.#earlier[1].at <= at - WINDOW) this.#earlier.shift();
    const [oldest] = this.#earlier;
    const now = oldest && at > oldest.at ? progress(row.given, oldest.row.given, at - oldest.at) : progress(row.given);
    if (this.#earlier.at(-1)?.row !== row) this.#earlier.push({ row, at });
    return html`<div class="progress-box">
      <span class="bar" ?hidden=${now.fraction === null}>
        <span class="filled" .style=${`width:${(now.fraction ?? 0) * 100}%`}></span>
      </span>
      <p class="progress-words">${inWords(row, now)}</p>
    </div>`;
  }
}

customElements.define("progress-section", ProgressSection);

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
