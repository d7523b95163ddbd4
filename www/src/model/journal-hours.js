// @ts-check
// The journal for reading: newest first, by hour, with the times when nothing was seen.

import { isSameIncident } from "./filter.js";
import { MINUTE } from "./periods.js";
import { UNHEALTHY } from "./states.js";

/**
 * @typedef {import("./journal.js").Entry} Entry
 *
 * @typedef {{ total: number, unhealthy: number }} Count
 *
 * @typedef {object} Session a time in which the page saw the server
 * @property {number} from milliseconds since 1970
 * @property {number} until
 * @property {Count} first how many replications there were at its begin
 * @property {Count} last and at its end
 * @property {string} [writer] the tab that writes it
 *
 * @typedef {object} Gap a time without a session: what happened then is not known
 * @property {"gap"} what
 * @property {number} at
 * @property {number | null} until null: it lasts
 * @property {Count} before
 * @property {Count | null} after
 *
 * @typedef {{ from: number, items: (Entry | Gap)[] }} Hour
 * @typedef {"all" | "failing" | "recovered" | "completed" | "changed" | "incidents"} Kind
 */

/** A shorter silence is not one: browsers let hidden pages work once a minute. */
export const MAX_SILENCE = 5 * MINUTE;

/** The tab that writes is gone after this time, and another one takes over. */
const MAX_WRITER_SILENCE = MAX_SILENCE / 2;

/**
 * The present session with what a tab sees now. Only one of the tabs that see the same list writes, so that nothing is written twice.
 *
 * @param {Session | undefined} latest
 * @param {string} writer
 * @param {number} now
 * @param {Count} count
 * @param {number} [since] begin of a new session
 * @returns {Session | null} null: another tab writes
 */
export function continued(latest, writer, now, count, since = now) {
  const silence = latest ? now - latest.until : Infinity;
  // A clock can be set back.
  if (latest && latest.writer !== writer && Math.abs(silence) < MAX_WRITER_SILENCE) return null;
  if (!latest || silence > MAX_SILENCE) return { from: since, until: now, first: count, last: count, writer };
  return { ...latest, until: Math.max(now, latest.until), last: count, writer };
}

/** The words of the kinds, in the order of a menu. @type {Record<Kind, string>} */
export const KINDS = {
  all: "Everything",
  failing: "Began to fail",
  recovered: "Recovered",
  completed: "Completed",
  changed: "New or deleted",
  incidents: "Incidents",
};

/** @param {Entry} entry @returns {Kind} */
export function kindOf({ what, to }) {
  if (what === "found" || what === "opened" || what === "closed") return "incidents";
  if (to !== null && UNHEALTHY.includes(to)) return "failing";
  if (what !== "state") return "changed";
  return to === "completed" ? "completed" : "recovered";
}

/**
 * @param {readonly Session[]} sessions in their order
 * @param {number} now
 * @returns {Gap[]}
 */
export function gapsOf(sessions, now) {
  return sessions.flatMap(({ until: at, last: before }, i) => {
    const next = sessions[i + 1];
    if ((next?.from ?? now) - at <= MAX_SILENCE) return [];
    return [{ what: /** @type {const} */ ("gap"), at, until: next?.from ?? null, before, after: next?.first ?? null }];
  });
}

/**
 * Gaps, and when the server did not respond, are shown whatever is searched for, since silence must not look like health.
 *
 * @param {readonly Entry[]} entries
 * @param {readonly Gap[]} gaps
 * @param {Kind} kind
 * @param {Pick<import("./filter.js").Filter, "text" | "states" | "incident">} filter
 * @param {number} now
 * @returns {Hour[]}
 */
export function hoursOf(entries, gaps, kind, { text, states, incident }, now) {
  const endOf = (/** @type {Entry | Gap} */ { until }) => until ?? now;
  const words = text.trim().toLowerCase();
  /** @type {(Entry | Gap)[]} */
  const fitting = entries.filter((entry) => {
    if (entry.what === "unreachable") return true;
    // What was there before is no event.
    if (kind === "all" ? entry.what === "found" : kindOf(entry) !== kind) return false;
    if (states.size > 0 && (entry.to === null || !states.has(entry.to))) return false;
    if (incident && !isSameIncident(incident, entry)) return false;
    return words === "" || [...entry.keys, entry.cause, entry.host].some((word) => word?.toLowerCase().includes(words));
  });
  const items = [...fitting, ...gaps].sort((a, b) => endOf(b) - endOf(a));
  /** @type {Hour[]} */
  const hours = [];
  for (const item of items) {
    const from = hourOf(endOf(item));
    const hour = hours.at(-1);
    if (hour?.from === from) hour.items.push(item);
    else hours.push({ from, items: [item] });
  }
  return hours;
}

/** Milliseconds since `from` in which the list was seen. @param {readonly Session[]} sessions @param {number} from */
export const seenSince = (sessions, from) =>
  sessions.reduce((sum, session) => sum + Math.max(0, session.until - Math.max(session.from, from)), 0);

/** In the user's time zone. @param {number} at */
const hourOf = (at) => new Date(at).setMinutes(0, 0, 0);
