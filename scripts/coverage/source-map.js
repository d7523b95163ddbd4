// @ts-check
// Maps positions of a bundle to source lines.

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** The numbers of one segment. @param {string} text */
function numbersOf(text) {
  /** @type {number[]} */
  const numbers = [];
  let [value, shift] = [0, 0];
  for (const character of text) {
    const digit = DIGITS.indexOf(character);
    value += (digit & 31) << shift;
    shift += 5;
    if (digit & 32) continue;
    numbers.push(value & 1 ? -(value >> 1) : value >> 1);
    [value, shift] = [0, 0];
  }
  return numbers;
}

/**
 * @param {{ mappings: string }} map
 * @returns {{ generatedLine: number, column: number, source: number, line: number }[]} all zero-based
 */
export function placesOf({ mappings }) {
  let [source, line] = [0, 0];
  return mappings.split(";").flatMap((segments, generatedLine) => {
    let column = 0;
    return segments.split(",").flatMap((segment) => {
      const [columns = 0, sources, lines = 0] = numbersOf(segment);
      column += columns;
      if (sources === undefined) return [];
      source += sources;
      line += lines;
      return [{ generatedLine, column, source, line }];
    });
  });
}
