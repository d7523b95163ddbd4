// @ts-check
// The journal: what the page saw happen, newest first, and when it saw nothing.

import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { EVERYTHING } from "../model/filter.js";
import { counted, duration, minuteOfDay, number, spaced } from "../model/format.js";
import { gapsOf, hoursOf, KINDS, seenSince } from "../model/journal-hours.js";
import { HOUR } from "../model/periods.js";
import { announce } from "./announce.js";
import { fire } from "./fire.js";
import { badge } from "./icons.js";
import { LightElement } from "./light-element.js";

/**
 * @typedef {import("../model/journal.js").Entry} Entry
 * @typedef {import("../model/journal-hours.js").Gap} Gap
 * @typedef {import("../model/journal-hours.js").Count} Count
 * @typedef {import("../connection/journal.js").Journal} Journal
 */

/** Hours that can be read. @type {[number, string][]} */
const SPANS = [
  [24, "24 hours"],
  [72, "3 days"],
  [336, "14 days"],
];
/** Items shown at once, and with each press of a button. */
const PAGE = 300;
/** Links in an entry about many. */
const MAX_LINKS = 5;

const hourFormat = new Intl.DateTimeFormat(undefined, {
  weekday: "short",
  month: "short",
  day: "numeric",
  hour: "2-digit",
  minute: "2-digit",
});

class JournalView extends LightElement {
  /** @override */
  static properties = {
    journal: { attribute: false },
    addressOf: { attribute: false },
    filter: { attribute: false },
    kept: { state: true },
    kind: { state: true },
    span: { state: true },
    limit: { state: true },
    isDeleting: { state: true },
  };

  constructor() {
    super();
    /** @type {Journal | null} */
    this.journal = null;
    /** The address of a replication. */
    this.addressOf = (/** @type {string} */ key) => `#${key}`;
    /** Its states, text and incident apply. */
    this.filter = EVERYTHING;
    /** null: not read yet. @type {import("../connection/journal-store.js").Kept | null} */
    this.kept = null;
    /** @type {import("../model/journal-hours.js").Kind} */
    this.kind = "all";
    /** In hours. */
    this.span = 24;
    this.limit = PAGE;
    /** Whether it asks if all shall be deleted. */
    this.isDeleting = false;
  }

  #read = async () => {
    const { journal } = this;
    const kept = await journal?.read(this.#from);
    if (this.journal === journal) this.kept = kept ?? null;
  };

  get #from() {
    return Date.now() - this.span * HOUR;
  }

  /** @override @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has("journal")) {
      /** @type {Journal | null | undefined} */ (changed.get("journal"))?.removeEventListener("change", this.#read);
      this.journal?.addEventListener("change", this.#read);
      this.kept = null;
    }
    if (changed.has("journal") || changed.has("span")) void this.#read();
  }

  /** @override */
  disconnectedCallback() {
    super.disconnectedCallback();
    this.journal?.removeEventListener("change", this.#read);
  }

  async #keep() {
    const isOnDisk = !this.journal?.isOnDisk;
    await this.journal?.keep(isOnDisk);
    this.requestUpdate();
    if (isOnDisk && !this.journal?.isOnDisk) announce("This browser does not let the page keep anything");
  }

  /** @param {boolean} isDeleting */
  async #ask(isDeleting) {
    this.isDeleting = isDeleting;
    await this.updateComplete;
    this.find(isDeleting ? ".sure" : ".delete")?.focus();
  }

  async #delete() {
    await this.journal?.clear();
    await this.#ask(false);
    announce("The journal was deleted");
  }

  /** @override */
  render() {
    const { kept } = this;
    const now = Date.now();
    const gaps = kept ? gapsOf(kept.sessions, now).filter(({ until }) => (until ?? now) >= this.#from) : [];
    const hours = kept ? hoursOf(kept.entries, gaps, this.kind, this.filter, now) : [];
    return html`
      ${this.#bar()}
      <p class="hint">${kept ? this.#summary(kept.sessions) : "Loading…"}</p>
      <div class="journal-hours">${this.#hours(hours)}</div>
      ${this.#storage()}`;
  }

  /** @param {Event} event */
  #search({ target }) {
    fire(this, "search-text", /** @type {HTMLInputElement} */ (target).value);
  }

  #bar() {
    const set =
      (/** @type {"kind" | "span"} */ name) =>
      (/** @type {Event} */ { target }) => {
        const { value } = /** @type {HTMLInputElement} */ (target);
        Object.assign(this, { [name]: name === "span" ? Number(value) : value, limit: PAGE });
      };
    const options = (/** @type {[string | number, string][]} */ list, /** @type {string | number} */ now) =>
      list.map(([value, words]) => html`<option value=${value} ?selected=${value === now}>${words}</option>`);
    return html`<div class="toolbar">
      <div class="field"><label for="journal-span">Last</label>
        <select id="journal-span" @change=${set("span")}>${options(SPANS, this.span)}</select></div>
      <div class="field"><label for="journal-kind">Show</label>
        <select id="journal-kind" @change=${set("kind")}>${options(Object.entries(KINDS), this.kind)}</select></div>
      <div class="field search"><label for="journal-text">Search</label>
        <input id="journal-text" type="search" placeholder="id, host or cause" spellcheck="false" autocomplete="off"
          .value=${this.filter.text} @input=${this.#search}></div>
    </div>`;
  }

  /** @param {readonly import("../model/journal-hours.js").Session[]} sessions */
  #summary(sessions) {
    const seen = Math.min(seenSince(sessions, this.#from), this.span * HOUR);
    const span = SPANS.find(([hours]) => hours === this.span)?.[1];
    return `The page saw ${duration(seen / 1000)} of the last ${span}. What happens while it is closed, or while the server does not
      respond, is not known.`;
  }

  /** @param {import("../model/journal-hours.js").Hour[]} hours */
  #hours(hours) {
    if (hours.length === 0) return this.kept ? html`<p class="empty">Nothing to show for this time.</p>` : nothing;
    let left = this.limit;
    const shown = hours.flatMap(({ from, items }) => {
      const some = items.slice(0, left);
      left -= some.length;
      return some.length > 0 ? [{ from, items: some }] : [];
    });
    const rest = hours.reduce((sum, { items }) => sum + items.length, 0) - this.limit;
    return html`${repeat(
      shown,
      ({ from }) => from,
      ({ from, items }) => html`<section aria-label=${hourFormat.format(from)}>
        <h3>${hourFormat.format(from)}</h3>
        <ol class="box">${repeat(items, keyOf, (item) => (item.what === "gap" ? gapLine(item) : this.#line(item)))}</ol>
      </section>`,
    )}
    ${
      rest > 0
        ? html`<button type="button" @click=${() => {
            this.limit += PAGE;
          }}>Show ${number(Math.min(rest, PAGE))} more</button>`
        : nothing
    }`;
  }

  /** @param {Entry} entry */
  #line(entry) {
    const { at, until, times, what, from, to, cause, side, host } = entry;
    const state = what === "closed" ? "completed" : (to ?? (what === "removed" ? "unknown" : "error"));
    const why =
      cause === null ? "" : [spaced(cause), side && `${side}${host ? ` ${host}` : ""}`].filter(Boolean).join(" · ");
    const was = what === "state" && from !== null && from !== "running" && from !== to ? `was ${from}` : "";
    return html`<li>
      ${moment(until)}
      ${badge(state, wordOf(entry) ?? state)}
      <span class="what">${this.#who(entry)}
        <span class="hint">${[was, why, times > 1 ? `${number(times)} times since ${minuteOfDay(at)}` : ""].filter(Boolean).join(" · ")}</span></span>
    </li>`;
  }

  /** @param {Entry} entry */
  #who({ keys, count, what }) {
    if (keys.length === 0) return count > 0 ? counted(count, "replication") : nothing;
    const some = keys.slice(0, MAX_LINKS);
    const links = some.map(
      (key, i) =>
        html`${i > 0 ? ", " : ""}${what === "removed" ? html`<b>${key}</b>` : html`<a href=${this.addressOf(key)}>${key}</a>`}`,
    );
    if (count <= some.length) return links;
    return html`${counted(count, "replication")}: ${links} and ${number(count - some.length)} more`;
  }

  #storage() {
    const isOnDisk = this.journal?.isOnDisk === true;
    return html`<div class="storage flow">
      <button type="button" class="switch" role="switch" aria-checked=${isOnDisk} @click=${this.#keep}>Keep on this computer</button>
      <p class="hint">${isOnDisk ? "For 14 days: ids, states and host names, but neither URLs nor passwords." : "Kept until this page is closed."}</p>
      ${
        this.isDeleting
          ? html`<p role="alert">Delete the journals of all servers?</p>
            <button type="button" class="danger sure" @click=${this.#delete}>Delete them</button>
            <button type="button" @click=${() => this.#ask(false)}>Keep them</button>`
          : html`<button type="button" class="delete" @click=${() => this.#ask(true)}>Delete the journal…</button>`
      }
    </div>`;
  }
}

/** @param {Entry | Gap} item */
const keyOf = (item) => (item.what === "gap" ? item.at : item.id);

/** @param {number} at */
const moment = (at) => html`<time datetime=${new Date(at).toISOString()}>${minuteOfDay(at)}</time>`;

/** @param {Entry} entry */
function wordOf({ what, to }) {
  if (what === "state") return to === "running" ? "works again" : to;
  if (what === "added") return `new: ${to}`;
  if (what === "removed") return "deleted";
  if (what === "unreachable") return "the server did not respond";
  return { found: "earlier incident", opened: "incident opened", closed: "incident closed" }[what];
}

/** @param {Count} count */
const failing = ({ total, unhealthy }) => `${number(unhealthy)} of ${number(total)} were failing`;

/** @param {Gap} gap */
function gapLine({ at, until, before, after }) {
  const isLong = (until ?? Date.now()) - at > 12 * HOUR;
  const [begin, end] = [at, until].map((time) => time && (isLong ? hourFormat.format(time) : minuteOfDay(time)));
  return html`<li class="gap">
    ${moment(until ?? Date.now())}
    <span class="what"><b>Nothing was seen ${until === null ? `since ${begin}` : `from ${begin} to ${end}`}.</b>
      <span class="hint">At the beginning, ${failing(before)}${after ? `; at the end, ${failing(after)}.` : "."}</span></span>
  </li>`;
}

customElements.define("journal-view", JournalView);
