// @ts-check
// The output of `check`: one line and its performance data, details after it, at most 4 kB.

import { safe } from "../output/text.js";
import { counted } from "../output/words.js";

/**
 * @typedef {import("./verdict.js").Verdict} Verdict
 * @typedef {import("./verdict.js").Status} Status
 */

/** Longer output is cut by Nagios. */
const MAX_BYTES = 4096;

/** A bar begins performance data. @param {string} text */
const withoutBars = (text) => safe(text).replaceAll("|", "¦");

/** "2 failed, 1 no task" @param {Verdict} verdict @param {number} total */
function headline({ status, metrics }, total) {
  const words = metrics
    .filter((metric) => metric.status !== "OK")
    .map(({ name, value }) => (value === null ? `${name} unknown` : `${value} ${name.replaceAll("_", " ")}`));
  if (words.length > 0) return words.join(", ");
  return status === "OK" ? `${counted(total, "replication")}, nothing to report` : "not everything could be seen";
}

/** What is unknown is absent. @param {Verdict} verdict @param {import("./verdict.js").Thresholds} thresholds */
function performance({ metrics }, thresholds) {
  return metrics
    .filter(({ value }) => value !== null)
    .map(({ name, value }) => {
      const { warning, critical } = thresholds[name] ?? {};
      return `${name}=${value};${warning?.text ?? ""};${critical?.text ?? ""};0`;
    })
    .join(" ");
}

/** The beginning of a text, in whole lines, of at most so many bytes. @param {string} text @param {number} limit */
function cut(text, limit) {
  if (Buffer.byteLength(text) <= limit) return text;
  const lines = [];
  let left = limit - Buffer.byteLength("\n…");
  for (const line of text.split("\n")) {
    left -= Buffer.byteLength(line) + 1;
    if (left < 0) break;
    lines.push(line);
  }
  return [...lines, "…"].join("\n");
}

/**
 * @param {Verdict} verdict
 * @param {import("./verdict.js").Thresholds} thresholds
 * @param {number} total of replications
 * @param {string[]} details
 */
export function messageOf(verdict, thresholds, total, details) {
  const first = `COUCHDB REPLICATION ${verdict.status} - ${headline(verdict, total)} | ${performance(verdict, thresholds)}`;
  return cut([first, ...details.map(withoutBars)].join("\n"), MAX_BYTES - 1);
}

/** Of a check that failed. @param {Status} status @param {string} text */
export function failure(status, text) {
  const [line = "", ...rest] = text.split("\n").map(withoutBars);
  const first = `COUCHDB REPLICATION ${status} - ${line}`;
  const short = Buffer.byteLength(first) < MAX_BYTES ? first : `${first.slice(0, 1000)}…`;
  return cut([short, ...rest].join("\n"), MAX_BYTES - 1);
}
