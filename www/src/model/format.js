// @ts-check
// Formats numbers, times, names, errors and URLs for people.

/** Shown for missing values. */
export const NOTHING = "–";

const grouped = new Intl.NumberFormat();
const short = new Intl.NumberFormat(undefined, { notation: "compact", maximumFractionDigits: 1 });
const fine = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 2 });
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const minute = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat(undefined, { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" });

/** @param {number | null | undefined} value */
export const number = (value) => (value === null || value === undefined ? NOTHING : grouped.format(value));

/** 12,345,678 as 12.3M. @param {number | null} value */
export const shortNumber = (value) =>
  value === null ? NOTHING : value < 100_000 ? number(value) : short.format(value);

/** @param {number | null} value per second */
export const rate = (value) =>
  value === null ? NOTHING : value < 10 ? fine.format(value) : shortNumber(Math.round(value));

/** Never 100 % before the end. @param {number | null} fraction */
export const percent = (fraction) => (fraction === null ? "" : `${Math.floor(fraction * 100)} %`);

/** Without seconds. @param {Date | number} time */
export const minuteOfDay = (time) => minute.format(time);

/** @param {Date} date */
export const timeOfDay = (date) => clock.format(date);

/** @param {number} many @param {string} one @param {string} [several] */
export const counted = (many, one, several = `${one}s`) => `${number(many)} ${many === 1 ? one : several}`;

/** @type {[number, string][]} */
const UNITS = [
  [86_400, "d"],
  [3600, "h"],
  [60, "min"],
  [1, "s"],
];

/** The two largest units: 2 h 5 min. @param {number} seconds */
export function duration(seconds) {
  let left = Math.max(0, Math.round(seconds));
  const parts = [];
  for (const [size, name] of UNITS) {
    const many = Math.floor(left / size);
    left -= many * size;
    if (many > 0) parts.push(`${many} ${name}`);
    else if (parts.length > 0) break;
    if (parts.length === 2) break;
  }
  return parts.join(" ") || "0 s";
}

/** @param {string | null} iso @returns {Date | null} */
export function dateOf(iso) {
  const date = new Date(iso ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? null : date;
}

/** For today the time with seconds, otherwise the date; in the user's time zone. @param {string | null} iso */
export function localTime(iso) {
  const date = dateOf(iso);
  if (!date) return iso ?? NOTHING;
  return (date.toDateString() === new Date().toDateString() ? clock : day).format(date);
}

/** @param {string | null} iso */
export function exactTime(iso) {
  const text = dateOf(iso)?.toISOString() ?? "";
  return text.replace("T", " ").replace(/(\.000)?Z$/, " UTC");
}

/** A cause, a kind of finding or a counter in words. @param {string} name */
export const spaced = (name) => name.replaceAll("_", " ");

/** The package's own messages name what happened, and no secret. @param {unknown} error */
export const messageOf = (error) => (error instanceof Error ? error.message : String(error));

/**
 * A source or target for a table cell: without the start and end that all of them share.
 *
 * @param {string | null} url
 */
export const endpoint = (url) => (url === null ? NOTHING : url.replace(/^https?:\/\//, "").replace(/\/$/, ""));

/** Number of characters at the end of a name that stay in sight where the name is cut; in replication-table.css, `10ch`. */
const END = 10;

/**
 * A name in two parts: names that begin alike differ at their ends, so a table cuts the first part.
 *
 * @param {string} name
 * @returns {[start: string, end: string]}
 */
export function startAndEnd(name) {
  const characters = [...name];
  return [characters.slice(0, -END).join(""), characters.slice(-END).join("")];
}
