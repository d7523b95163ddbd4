// @ts-check
// Tables: fitted to a terminal, or as wide as they are elsewhere. The widths come from the first rows, so that a list of
// any length is printed while it arrives.

import { coloured } from "./colours.js";
import { safe, shortened, widthOf } from "./text.js";

/**
 * @typedef {object} Cell
 * @property {string} text
 * @property {import("./colours.js").Colour} [colour]
 *
 * @typedef {string | number | null | undefined | Cell} Value
 *
 * @typedef {object} Column
 * @property {string} title
 * @property {"left" | "right"} [align] default: "left"
 * @property {"end" | "middle"} [cut] where a long text is shortened; without it, it never is
 * @property {number} [share] how much wider than others it may be; default: 1
 */

/** Rows that decide about the widths. */
const MEASURED = 250;

/** A shortened column keeps at least this width. */
const MIN_WIDTH = 8;

const GAP = "  ";

/** @param {Value} value @returns {Cell} */
function cellOf(value) {
  if (typeof value === "object" && value !== null) return { ...value, text: safe(value.text) };
  if (typeof value === "number") return { text: value.toLocaleString("en") };
  return { text: safe(value ?? "") };
}

/**
 * Widths that fit `total` columns: of those that may be shortened, the widest for its share gives way first.
 *
 * @param {readonly Column[]} columns
 * @param {number[]} widths
 * @param {number} total
 */
function fitted(columns, widths, total) {
  const fits = widths.map((width) => Math.min(width, total));
  const excess = fits.reduce((sum, width) => sum + width, (fits.length - 1) * GAP.length) - total;
  for (let left = excess; left > 0; left--) {
    let [widest, most] = [-1, 0];
    for (const [at, { cut, share = 1 }] of columns.entries()) {
      const width = fits[at] ?? 0;
      if (cut && width > MIN_WIDTH && width / share > most) [widest, most] = [at, width / share];
    }
    if (widest < 0) break;
    fits[widest] = (fits[widest] ?? 0) - 1;
  }
  return fits;
}

/** @param {import("./output.js").Output} out @param {readonly Column[]} columns @param {number[]} widths @param {Cell[]} cells */
function lineOf(out, columns, widths, cells) {
  const parts = cells.map((cell, at) => {
    const { align, cut } = columns[at] ?? { title: "" };
    const width = widths[at] ?? 0;
    const text = cut && out.isTerminal ? shortened(cell.text, Math.max(1, width), cut) : cell.text;
    const space = " ".repeat(Math.max(0, width - widthOf(text)));
    const shown = cell.colour && out.hasColours ? coloured(text, cell.colour) : text;
    if (align === "right") return space + shown;
    return at === cells.length - 1 ? shown : shown + space;
  });
  return parts.join(GAP).trimEnd();
}

/**
 * Prints a table. Returns the number of rows.
 *
 * @param {import("./output.js").Output} out
 * @param {readonly Column[]} columns
 * @param {Iterable<Value[]> | AsyncIterable<Value[]>} rows
 */
export async function printTable(out, columns, rows) {
  /** @type {Cell[][]} */
  let waiting = [];
  /** @type {number[] | undefined} */
  let widths;
  let count = 0;
  const begin = async () => {
    const head = columns.map(({ title }) => /** @type {Cell} */ ({ text: title, colour: "bold" }));
    const measured = columns.map((_, at) =>
      [head, ...waiting].reduce((widest, cells) => Math.max(widest, widthOf(cells[at]?.text ?? "")), 0),
    );
    widths = out.isTerminal ? fitted(columns, measured, out.columns) : measured;
    if (columns.some(({ title }) => title !== "")) await out.line(lineOf(out, columns, widths, head));
    for (const cells of waiting) await out.line(lineOf(out, columns, widths, cells));
    waiting = [];
  };
  for await (const row of rows) {
    const cells = row.map(cellOf);
    count++;
    if (widths) {
      await out.line(lineOf(out, columns, widths, cells));
    } else {
      waiting.push(cells);
      if (waiting.length === MEASURED) await begin();
    }
  }
  if (waiting.length > 0) await begin();
  return count;
}

/** A line for `--plain`: values separated by tabs; unknown ones are empty. @param {(string | number | null | undefined)[]} values */
export const plainLine = (values) => values.map((value) => safe(String(value ?? ""))).join("\t");
