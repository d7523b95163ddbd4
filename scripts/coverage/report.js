// @ts-check
// Prints the coverage: a line for each file, lowest coverage first, and the total.

import { bold, dim, say } from "../lib/say.js";

/** @typedef {{ file: string, lines: number, covered: number }} Row */

/** @param {Omit<Row, "file">} row */
const share = ({ lines, covered }) => (lines === 0 ? 100 : (100 * covered) / lines);

/**
 * @param {string} title
 * @param {Row[]} rows
 */
export function printCoverage(title, rows) {
  const run = rows.filter(({ covered }) => covered > 0);
  const width = Math.max(...run.map(({ file }) => file.length), 3);
  /** @param {Row} row */
  const line = (row) =>
    `${row.file.padEnd(width)}  ${share(row).toFixed(1).padStart(5)} %  ${dim(`${row.covered} of ${row.lines} lines`)}`;
  say(bold(`\n${title}`));
  for (const row of run.toSorted((a, b) => share(a) - share(b) || (a.file < b.file ? -1 : 1))) say(`  ${line(row)}`);
  /** @param {"lines" | "covered"} key @param {Row[]} of */
  const sum = (key, of) => of.reduce((total, row) => total + row[key], 0);
  say(bold(`  ${line({ file: "all", lines: sum("lines", run), covered: sum("covered", run) })}`));
  const rest = rows.filter(({ covered }) => covered === 0);
  if (rest.length > 0) say(`  ${rest.length} files with ${sum("lines", rest)} lines have no executed line.`);
}
