// @ts-check
// Formats the results for people.

import { OURS, TARGETS } from "./plan.js";

/**
 * @typedef {import("./plan.js").Figure} Figure
 * @typedef {import("./rounds.js").Medians} Medians
 *
 * @typedef {object} Reached
 * @property {string} measurement
 * @property {Figure} figure
 * @property {string} against
 * @property {number} atMost
 * @property {number} ratio
 * @property {boolean} pass
 */

/** @param {string} measurement @param {Medians} medians @returns {Reached[]} */
export function compare(measurement, medians) {
  return TARGETS.filter((target) => target.measurement === measurement).flatMap(({ figure, against, atMost }) => {
    const ratio = ratioOf(medians, figure, against);
    return ratio === undefined ? [] : [{ measurement, figure, against, atMost, ratio, pass: ratio <= atMost }];
  });
}

/** @param {Medians} medians @param {Figure} figure @param {string} against */
function ratioOf(medians, figure, against) {
  const ours = medians[OURS]?.[figure];
  const theirs = medians[/** @type {import("./plan.js").ContestantName} */ (against)]?.[figure];
  return ours === undefined || !theirs ? undefined : Math.round((ours / theirs) * 1000) / 1000;
}

/** @param {Figure} figure @param {number} value */
function withUnit(figure, value) {
  if (figure === "memory") return `${(value / 2 ** 20).toFixed(1)} MB`;
  return `${value < 100 ? value.toFixed(1) : Math.round(value)} ms`;
}

/** @param {string} title @param {Medians} medians */
export function printMedians(title, medians) {
  const figures = /** @type {Figure[]} */ ([...new Set(Object.values(medians).flatMap((of) => Object.keys(of ?? {})))]);
  const rows = Object.entries(medians).map(([name, of]) => [
    name,
    ...figures.flatMap((figure) => {
      const ratio = ratioOf(medians, figure, name);
      return [
        of?.[figure] === undefined ? "" : withUnit(figure, of[figure]),
        ratio === undefined ? "" : `×${ratio.toFixed(2)}`,
      ];
    }),
  ]);
  console.log(`\n${title}`);
  printTable([["", ...figures.flatMap((figure) => [figure, ""])], ...rows]);
}

/** @param {string} place @param {Reached[]} reached */
export function printReached(place, reached) {
  console.log(`\nTargets, in ${place}`);
  const rows = reached.map(({ measurement, figure, against, atMost, ratio, pass }) => [
    `${measurement}: ${figure} against ${against}`,
    `≤ ${atMost.toFixed(2)}`,
    ratio.toFixed(3),
    pass ? "pass" : "MISS",
  ]);
  printTable([["", "target", "reached", ""], ...rows]);
}

/** @param {import("./walks.js").Walked[]} walks */
export function printWalks(walks) {
  console.log("\nA complete walk by docs()");
  const rows = walks.map(({ rows, requests, transferred, pass }) => [
    String(rows),
    String(requests),
    String(transferred),
    (transferred / rows).toFixed(3),
    pass ? "pass" : "MISS",
  ]);
  printTable([["rows", "requests", "rows transferred", "for each row", ""], ...rows]);
}

/** @param {string[][]} rows the first is the header; the first column is left-aligned */
function printTable(rows) {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  for (const row of rows) {
    const cells = row.map((cell, column) =>
      column ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[0] ?? 0),
    );
    console.log(`  ${cells.join("  ").trimEnd()}`);
  }
}
