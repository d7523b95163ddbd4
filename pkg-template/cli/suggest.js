// @ts-check
// Finds the name that a misspelled one was meant to be.

/**
 * Number of insertions, deletions, replacements and swaps of neighbors that turn `a` into `b`.
 *
 * @param {string} a
 * @param {string} b
 */
function distance(a, b) {
  /** @type {number[][]} */
  const table = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  const at = (/** @type {number} */ row, /** @type {number} */ column) => table[row]?.[column] ?? 0;
  for (let row = 1; row <= a.length; row++) {
    table.push([row]);
    for (let column = 1; column <= b.length; column++) {
      const differs = a[row - 1] === b[column - 1] ? 0 : 1;
      let least = Math.min(at(row - 1, column) + 1, at(row, column - 1) + 1, at(row - 1, column - 1) + differs);
      const isSwap = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (isSwap) least = Math.min(least, at(row - 2, column - 2) + 1);
      table[row]?.push(least);
    }
  }
  return at(a.length, b.length);
}

/** Longer words are not names of ours. */
const MAX_LENGTH = 40;

/**
 * "; did you mean list?", or nothing if no name is similar.
 *
 * @param {string} word
 * @param {Iterable<string>} names
 */
export function didYouMean(word, names) {
  if (word.length > MAX_LENGTH) return "";
  let closest = "";
  let least = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const name of names) {
    const steps = distance(word, name);
    if (steps < least) [closest, least] = [name, steps];
  }
  return closest && `; did you mean ${closest}?`;
}
