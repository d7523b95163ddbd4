// @ts-check
// Numbers and times in words.

/** @param {number} number @param {string} one @param {string} [many] */
export const counted = (number, one, many = `${one}s`) => `${number.toLocaleString("en")} ${number === 1 ? one : many}`;

/** @type {[ms: number, unit: string][]} */
const UNITS = [
  [86_400_000, "d"],
  [3_600_000, "h"],
  [60_000, "min"],
  [1_000, "s"],
];

/** A time in one unit, rounded down: "5 min". @param {number} ms */
export function lasting(ms) {
  for (const [size, unit] of UNITS) if (ms >= size) return `${Math.floor(ms / size)} ${unit}`;
  return "0 s";
}

/** "5 min ago", or "in 5 min". @param {string | null | undefined} time ISO 8601 @param {number} [now] */
export function ago(time, now = Date.now()) {
  const ms = now - Date.parse(time ?? "");
  if (Number.isNaN(ms)) return "";
  return ms < 0 ? `in ${lasting(-ms)}` : `${lasting(ms)} ago`;
}
