// @ts-check
// What happened to the replications, as entries that can be kept: which changes are worth one, and which belong to the same one.
// They have no URLs and no messages of the server.

import { HOUR } from "./periods.js";
import { UNHEALTHY } from "./states.js";

/**
 * @typedef {import("./row.js").Row} Row
 * @typedef {import("./rows.js").Delta} Delta
 * @typedef {import("./states.js").ShownState} ShownState
 *
 * @typedef {object} Entry plain JSON
 * @property {string} id unique in its journal; an entry with the same id replaces it
 * @property {number} at milliseconds since 1970
 * @property {number} until when it was last changed
 * @property {number} times number of events in it
 * @property {"state" | "added" | "removed" | "found" | "opened" | "closed" | "unreachable"} what `found`: an incident that was there when
 *   the page began to look; `unreachable`: the server, so the states are not known
 * @property {string[]} keys of the first replications
 * @property {number} count number of replications
 * @property {ShownState | null} from
 * @property {ShownState | null} to
 * @property {string | null} cause
 * @property {"source" | "target" | null} side
 * @property {string | null} host
 *
 * @typedef {import("./incident-timeline.js").IncidentEvent} IncidentEvent
 *
 * @typedef {Omit<Entry, "id" | "at" | "until" | "times">} News
 */

/** Rows of a refresh that change in the same way have one entry each, up to this number. */
const MAX_ONE_BY_ONE = 10;
/** Ways in which the rows of a refresh change: thousands of hosts that fail at once are no thousands of entries. */
const MAX_WAYS = 100;
/** Keys in an entry. */
const MAX_KEYS = 100;

const NOTHING = { keys: [], count: 0, from: null, to: null, cause: null, side: null, host: null };

/** @param {News} news */
const wayOf = ({ what, from, to, cause, host }) => JSON.stringify([what, from, to, cause, host]);

/** Of one list of one server. */
export class Chronicle {
  /** The last state of rows whose present one says nothing. @type {Map<string, ShownState>} */
  #last = new Map();
  #hour = 0;
  /** Entries of this hour, which further events of the same rows extend. @type {Map<string, Entry>} */
  #open = new Map();

  /** @param {Delta} delta @param {number} at @returns {Generator<undefined, Entry[], undefined>} new or extended entries */
  *take(delta, at) {
    /** @type {Map<string, News>} */
    const groups = new Map();
    for (let news of this.#newsOf(delta)) {
      yield;
      let name = wayOf(news);
      if (groups.size >= MAX_WAYS && !groups.has(name)) {
        news = { ...news, cause: null, side: null, host: null };
        name = wayOf(news);
      }
      const group = groups.get(name);
      if (!group) groups.set(name, news);
      else {
        group.count++;
        // The others are counted only.
        if (group.keys.length < MAX_KEYS) group.keys.push(...news.keys);
      }
    }
    return [...groups].flatMap(([name, news]) =>
      news.count > MAX_ONE_BY_ONE
        ? [this.#write(name, news, at)]
        : news.keys.map((key) => this.#write(`row ${key}`, { ...news, keys: [key], count: 1 }, at)),
    );
  }

  /** @param {IncidentEvent} event @returns {Entry} */
  incident({ at, what, incident: { cause, side, host, total } }) {
    const kind = what === "found" ? what : "incident";
    return this.#write(`${kind} ${cause} ${side} ${host}`, { ...NOTHING, what, cause, side, host, count: total }, at);
  }

  /** The server did not respond. @param {number} at @returns {Entry} */
  unreachable(at) {
    return this.#write("unreachable", { ...NOTHING, what: "unreachable" }, at);
  }

  /** @param {Delta} delta @returns {Generator<News, void, undefined>} */
  *#newsOf({ added, changed, removed }) {
    for (const row of added) {
      yield { ...NOTHING, what: "added", keys: [row.key], count: 1, to: row.state, ...whyOf(row) };
    }
    for (const { row, previous } of changed) {
      const from = healthOf(previous) ?? this.#last.get(row.key) ?? "running";
      const to = healthOf(row);
      if (to === null) this.#last.set(row.key, from);
      else this.#last.delete(row.key);
      if (to === null || to === from) continue;
      yield { ...NOTHING, what: "state", keys: [row.key], count: 1, from, to, ...whyOf(row) };
    }
    for (const { key, state } of removed) {
      this.#last.delete(key);
      yield { ...NOTHING, what: "removed", keys: [key], count: 1, from: state };
    }
  }

  /** @param {string} subject @param {News} news @param {number} at @returns {Entry} */
  #write(subject, news, at) {
    const hour = Math.floor(at / HOUR);
    if (hour !== this.#hour) this.#open.clear();
    this.#hour = hour;
    const known = this.#open.get(subject);
    // Why it failed is worth knowing after it has recovered, too.
    const { cause, side, host } = known && news.cause === null ? known : news;
    /** @type {Entry} */
    const entry = known
      ? { ...known, ...news, from: known.from, cause, side, host, until: at, times: known.times + 1 }
      : { id: `${news.what === "found" ? hour : at} ${subject}`, at, until: at, times: 1, ...news };
    if (known && news.count > 1 && news.keys.length > 0) {
      entry.count += known.count;
      entry.keys = [...new Set([...known.keys, ...news.keys])].slice(0, MAX_KEYS);
    }
    this.#open.set(subject, entry);
    return entry;
  }
}

/**
 * The state as far as it says whether the replication works: those that work are all `running`, those that are being retried
 * still `crashing`. null: it does not say. One that waits for a slot may have failed before: CouchDB counts its errors from zero
 * after each start that it ended to let others run.
 *
 * @param {Row} row
 * @returns {ShownState | null}
 */
function healthOf({ state, isRetrying }) {
  if (state === "unknown" || state === "initializing") return null;
  if (UNHEALTHY.includes(state) || state === "completed") return state;
  if (isRetrying) return "crashing";
  return state === "pending" ? null : "running";
}

/** Why it fails, if it does. @param {Row} row */
const whyOf = (row) => (UNHEALTHY.includes(row.state) ? row.incident : null);

/** The incidents of entries as events again, oldest first. @param {readonly Entry[]} entries @returns {IncidentEvent[]} */
export const incidentEvents = (entries) =>
  entries
    .flatMap(({ what, at, until, times, cause, side, host, count }) => {
      if (what !== "found" && what !== "opened" && what !== "closed") return [];
      // Messages are not kept.
      const facts = { cause, side, host, total: count, message: "", since: null };
      const incident = /** @type {IncidentEvent["incident"]} */ (facts);
      const last = { at: until, what, incident };
      // Opened and closed within an hour: one entry.
      return times > 1 && what === "closed" ? [{ at, what: /** @type {const} */ ("opened"), incident }, last] : [last];
    })
    .sort((a, b) => a.at - b.at);
