// @ts-check
// Foreign texts for a terminal. Ids, URLs and error messages can contain anything, also what would move the cursor,
// rename the window or reverse the direction of writing.

/** Characters that a terminal or a reader would not see as they are: controls, formats, separators of lines, lone surrogates. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** Joins emoji; harmless. */
const JOINER = "\u200d";

/** @type {Record<string, string>} */
const SHORT = { "\t": "\\t", "\n": "\\n", "\r": "\\r" };

/** @param {string} character */
const escaped = (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`;

/** The text on one line, control characters as escapes. @param {string} text */
export const safe = (text) =>
  text.replace(UNSAFE, (character) => (character === JOINER ? character : (SHORT[character] ?? escaped(character))));

/** JSON whose strings are safe on a terminal. It is the same JSON. @param {unknown} value @param {number} [indent] */
export const safeJson = (value, indent) =>
  // A line break is not part of a string there.
  JSON.stringify(value, null, indent).replace(UNSAFE, (character) => {
    if (character === "\n") return character;
    return character.replace(/[\s\S]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  });

const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303e\uff01-\uff60]/u;
const ZERO = /[\p{Mark}\u200d]/u;

/** @param {string} character */
const columnsOf = (character) => (ZERO.test(character) ? 0 : WIDE.test(character) ? 2 : 1);

/** Number of columns of a safe text on a terminal. @param {string} text */
export function widthOf(text) {
  if (/^[ -~]*$/.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += columnsOf(character);
  return width;
}

/** The beginning of a text, at most `width` columns. @param {string} text @param {number} width */
function beginning(text, width) {
  let left = width;
  let part = "";
  for (const character of text) {
    left -= columnsOf(character);
    if (left < 0) break;
    part += character;
  }
  return part;
}

/** @param {string} text @param {number} width */
function ending(text, width) {
  let left = width;
  const characters = [...text];
  let at = characters.length;
  while (at > 0) {
    left -= columnsOf(characters[at - 1] ?? "");
    if (left < 0) break;
    at--;
  }
  return characters.slice(at).join("");
}

/**
 * Shortens a safe text to a number of columns. URLs are cut in the middle, since their ends differ.
 *
 * @param {string} text
 * @param {number} width at least 1
 * @param {"end" | "middle"} [where]
 */
export function shortened(text, width, where = "end") {
  if (widthOf(text) <= width) return text;
  if (where === "end") return `${beginning(text, width - 1).trimEnd()}…`;
  const tail = Math.floor((width - 1) / 2);
  return `${beginning(text, width - 1 - tail)}…${ending(text, tail)}`;
}
