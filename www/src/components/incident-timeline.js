// @ts-check
// The incidents of the last 24 hours: a list with times in words, each next to its bars over the day.

import { html, nothing } from "lit";
import { counted, localTime, minuteOfDay, number } from "../model/format.js";
import { DAY, HOUR } from "../model/periods.js";
import { causeOf, whereOf } from "./incident-list.js";
import { LightElement } from "./light-element.js";

/**
 * @typedef {import("../model/incident-timeline.js").Spell} Spell
 * @typedef {{ from: number, to: number | null, peak?: number }} Bar
 */

/** Number of incidents that are shown at first. */
const INITIAL_LIMIT = 6;
/** Number of times that are in words for each incident. */
const MAX_TIMES = 3;

export class DayOfIncidents extends LightElement {
  /** @override */
  static properties = {
    spells: { attribute: false },
    watched: { attribute: false },
    isWhole: { state: true },
  };

  constructor() {
    super();
    /** @type {readonly Spell[]} */
    this.spells = [];
    /** When the page looked. @type {readonly import("../model/incident-timeline.js").Range[]} */
    this.watched = [];
    this.isWhole = false;
  }

  /** The present time in ms since 1970. */
  get #at() {
    return this.watched.at(-1)?.to ?? 0;
  }

  /** @override */
  render() {
    const all = byIncident(this.spells);
    // The last look is the present.
    const watched = this.watched.map((range, i) => (i === this.watched.length - 1 ? { ...range, to: null } : range));
    return html`
      <h3>Last 24 hours</h3>
      <ul class="day" role="list">
        ${this.#renderItem(html`Watched`, watched)}
        ${(this.isWhole ? all : all.slice(0, INITIAL_LIMIT)).map((spells) => {
          const { incident } = /** @type {Spell} */ (spells.at(-1));
          return this.#renderItem(html`<b>${causeOf(incident)}</b> ${whereOf(incident)}`, spells);
        })}
        <li class="day-hours" aria-hidden="true"><div>${this.#renderHours()}</div></li>
      </ul>
      ${all.length === 0 ? html`<p class="hint">No incident has been seen.</p>` : nothing}
      ${
        all.length > INITIAL_LIMIT
          ? html`<button type="button" class="pill" aria-expanded=${this.isWhole} @click=${() => {
              this.isWhole = !this.isWhole;
            }}>${this.isWhole ? "Fewer of the day" : `${number(all.length - INITIAL_LIMIT)} more of the day`}</button>`
          : nothing
      }`;
  }

  /** @param {unknown} name @param {readonly Bar[]} bars oldest first */
  #renderItem(name, bars) {
    const words = bars.slice(-MAX_TIMES).map((bar) => this.#words(bar));
    if (bars.length > MAX_TIMES) words.unshift(`${number(bars.length - MAX_TIMES)} earlier`);
    return html`
      <li>
        <p>${name}</p>
        <p class="times">${words.join(", ")}</p>
        <div class="lane" aria-hidden="true">
          ${bars.map((bar) => {
            const from = this.#position(bar.from);
            return html`<span class=${bar.peak === undefined ? "watched" : bar.to === null ? "lasting" : "ended"}
              title=${this.#words(bar)} .style=${`left:min(${from}%,100% - 3px);width:${this.#position(bar.to ?? this.#at) - from}%`}></span>`;
          })}
        </div>
      </li>`;
  }

  /** "09:10 – 09:40 (20 replications)", "since 09:10". @param {Bar} bar */
  #words({ from, to, peak }) {
    const times = to === null ? `since ${this.#time(from)}` : `${this.#time(from)} – ${this.#time(to)}`;
    return peak === undefined ? times : `${times} (${counted(peak, "replication")})`;
  }

  /** Without seconds; with the date if it is more than a day ago. @param {number} time */
  #time(time) {
    return time < this.#at - DAY ? localTime(new Date(time).toISOString()) : minuteOfDay(time);
  }

  #renderHours() {
    const first = new Date(this.#at - DAY);
    first.setMinutes(0, 0, 0);
    return Array.from({ length: 24 }, (_, i) => new Date(first.getTime() + (i + 1) * HOUR))
      .filter((date) => date.getHours() % 6 === 0)
      .map((date) => html`<span .style=${`left:${this.#position(date.getTime())}%`}>${minuteOfDay(date)}</span>`);
  }

  /** Percent of the day. @param {number} time */
  #position(time) {
    return Math.min(100, Math.max(0, 100 * (1 - (this.#at - time) / DAY)));
  }
}

/** The spells of each incident, oldest first; the largest of those that last come first, then those that ended last. @param {readonly Spell[]} spells */
function byIncident(spells) {
  /** @type {Map<string, Spell[]>} */
  const groups = new Map();
  for (const spell of spells) groups.set(spell.key, [...(groups.get(spell.key) ?? []), spell]);
  const end = (/** @type {Spell[]} */ one) => one.at(-1)?.to ?? Number.POSITIVE_INFINITY;
  const peak = (/** @type {Spell[]} */ one) => one.at(-1)?.peak ?? 0;
  return [...groups.values()].sort((one, other) =>
    end(one) === end(other) ? peak(other) - peak(one) : end(other) - end(one),
  );
}
