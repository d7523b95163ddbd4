// @ts-check
// Columns for a terminal: as wide as what is in them, numbers to the right.

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

/** On one line, whatever an id or an error holds. @param {string | number | null | undefined} value */
function textOf(value) {
  if (typeof value === "number") return value.toLocaleString("en");
  return (value ?? "-").replace(/[\s\p{Cc}]+/gu, " ");
}

/** How many columns a terminal gives it: two for each ideograph, kana, Hangul syllable and emoji. @param {string} text */
function widthOf(text) {
  return text
    .replace(/\p{Mark}|\u200D/gu, "")
    .replace(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}]/gu, "  ")
    .length;
}
