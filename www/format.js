// @ts-check
// Numbers, times and addresses as people read them.

import { make } from "./dom.js";

/** What stands where the server says nothing. */
export const NOTHING = "–";

const grouped = new Intl.NumberFormat();
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const day = new Intl.DateTimeFormat(undefined, { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" });

/** @param {number | null | undefined} value */
export const number = (value) => (value === null || value === undefined ? NOTHING : grouped.format(value));

/** @param {Date} date */
export const timeOfDay = (date) => clock.format(date);

/**
 * The reader's own time: of today the hour with its seconds, else the day.
 *
 * @param {string | null} iso
 */
export function localTime(iso) {
  const date = new Date(iso ?? Number.NaN);
  if (Number.isNaN(date.getTime())) return iso ?? NOTHING;
  return (date.toDateString() === new Date().toDateString() ? clock : day).format(date);
}

/**
 * The reader's time, with the exact time of the server on hover.
 *
 * @param {string | null} iso
 */
export function timeElement(iso) {
  const date = new Date(iso ?? Number.NaN);
  if (Number.isNaN(date.getTime())) return localTime(iso);
  const exact = date
    .toISOString()
    .replace("T", " ")
    .replace(/(\.000)?Z$/, " UTC");
  return make("time", { dateTime: date.toISOString(), title: exact }, localTime(iso));
}

/**
 * A source or target in the space of a cell: what all of them begin and end with is left out.
 *
 * @param {string | null} url
 */
export const endpoint = (url) => (url === null ? NOTHING : url.replace(/^https?:\/\//, "").replace(/\/$/, ""));
