// @ts-check
// Thresholds as the monitoring plugins write them: https://www.monitoring-plugins.org/doc/guidelines.html#THRESHOLDFORMAT

import { safe } from "../output/text.js";
import { UsageError } from "../usage-error.js";

/**
 * @typedef {object} Range
 * @property {string} text as it was written, for the performance data
 * @property {number} start
 * @property {number} end
 * @property {boolean} isInside whether values inside alert, instead of those outside
 */

const FORM = /^(@)?(?:(~|-?\d+(?:\.\d+)?)?(:))?(-?\d+(?:\.\d+)?)?$/;

/** "10": 0 to 10 is good; "10:": from 10 up; "~:10": up to 10; "@10:20": all but 10 to 20. @param {string} text @param {string} option @returns {Range} */
export function readRange(text, option) {
  const [found, at, from, colon, to] = FORM.exec(text) ?? [];
  const start = from === "~" ? Number.NEGATIVE_INFINITY : Number(from ?? 0);
  const end = to === undefined ? Number.POSITIVE_INFINITY : Number(to);
  const isEmpty = to === undefined && colon === undefined;
  if (found === undefined || isEmpty || start > end) {
    throw new UsageError(
      `${option}: "${safe(text.slice(0, 60))}" is not a range, such as 10, 10:, ~:10, 10:20 or @10:20`,
    );
  }
  return { text, start, end, isInside: at !== undefined };
}

/** @param {Range} range @param {number} value */
export const alerts = ({ start, end, isInside }, value) => (value >= start && value <= end) === isInside;
