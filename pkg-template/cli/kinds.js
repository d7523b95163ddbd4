// @ts-check
// The kinds of values that options have: how each is written, and how it is read.

import { REPLICATION_STATES } from "couchdb-scheduler";
import { safe } from "./output/text.js";
import { didYouMean } from "./suggest.js";
import { UsageError } from "./usage-error.js";

/**
 * @typedef {object} Kind
 * @property {string} shown the value in the help, such as "DURATION"
 * @property {(text: string, option: string) => any} read throws a `UsageError`
 */

/** Starts the message about a value. @param {string} option @param {string} text */
const wrong = (option, text) => `${option}: "${safe(text.slice(0, 60))}" is not`;

/** Any text. @param {string} shown @returns {Kind} */
export const text = (shown) => ({
  shown,
  read(value, option) {
    if (value === "") throw new UsageError(`${option} needs a value, not an empty text`);
    return value;
  },
});

/** A whole number. @param {number} min @param {number} [max] @returns {Kind} */
export const count = (min, max = Number.MAX_SAFE_INTEGER) => ({
  shown: "N",
  read(value, option) {
    const number = Number(value);
    if (/^\d+$/.test(value) && number >= min && number <= max) return number;
    const range = max === Number.MAX_SAFE_INTEGER ? `from ${min} up` : `from ${min} to ${max}`;
    throw new UsageError(`${wrong(option, value)} a whole number ${range}`);
  },
});

/** @type {Record<string, number>} */
const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** The longest time that a timer can wait: 24.8 days. */
const MAX_TIME = 2 ** 31 - 1;

/** A time in milliseconds. @type {Kind} */
export const duration = {
  shown: "TIME",
  read(value, option) {
    const [, number = "", unit = "s"] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)?$/.exec(value) ?? [];
    const ms = number === "" ? Number.NaN : Math.round(Number(number) * (UNITS[unit] ?? 0));
    if (ms > 0 && ms <= MAX_TIME) return ms;
    throw new UsageError(`${wrong(option, value)} a time from 1ms to 24d, such as 30s, 5m or 1h`);
  },
};

/** One of several words. @param {readonly string[]} words @returns {Kind} */
export const oneOf = (words) => ({
  shown: words.join("|"),
  read(value, option) {
    if (words.includes(value)) return value;
    throw new UsageError(`${wrong(option, value)} one of ${words.join(", ")}${didYouMean(value, words)}`);
  },
});

/** Several words of a list, separated by commas. @param {string} shown @param {readonly string[]} words @returns {Kind} */
export const someOf = (shown, words) => ({
  shown,
  read(value, option) {
    const parts = value.split(",");
    for (const part of parts) oneOf(words).read(part, option);
    return [...new Set(parts)];
  },
});

/** States of replications. */
export const states = someOf("STATES", REPLICATION_STATES);
