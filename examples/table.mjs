// @ts-check
// Formats a table for a terminal. Columns are as wide as their content; numbers are right-aligned.

/** @param {(string | number | null | undefined)[][]} rows */
export function table(rows) {
  const cells = rows.map((row) => row.map((value) => ({ value, text: textOf(value) })));
  /** @type {number[]} */
  const widths = [];
  for (const row of cells) {
    for (const [i, { text }] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, widthOf(text));
  }
  return cells
    .map((row) =>
      row
        .map((cell, i) => padded(cell, widths[i] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** @param {{ value: unknown, text: string }} cell @param {number} width */
function padded({ value, text }, width) {
  const space = " ".repeat(width - widthOf(text));
  return typeof value === "number" ? space + text : text + space;
}

/** Puts ids and errors on one line. @param {string | number | null | undefined} value */
function textOf(value) {
  if (typeof value === "number") return value.toLocaleString("en");
  return (value ?? "-").replace(/[\s\p{Cc}]+/gu, " ");
}

/**
 * Number of terminal columns: two for each ideograph, kana, Hangul syllable and emoji.
 *
 * @param {string} text
 */
function widthOf(text) {
  return text
    .replace(/\p{Mark}|\u200D/gu, "")
    .replace(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}]/gu, "  ")
    .length;
}
