// @ts-check
// Sorting that can be interrupted, and merging of sorted lists.

/** Number of items sorted or merged between two interruptions: well below a millisecond. */
const STEP = 1000;

/**
 * @template T
 * @param {readonly T[]} items
 * @param {(a: T, b: T) => number} compare
 * @returns {Generator<undefined, T[], undefined>}
 */
export function* sorted(items, compare) {
  /** @type {T[][]} */
  let runs = [];
  for (let from = 0; from < items.length; from += STEP) {
    runs.push(items.slice(from, from + STEP).sort(compare));
    yield;
  }
  while (runs.length > 1) {
    /** @type {T[][]} */
    const longer = [];
    for (let i = 0; i < runs.length; i += 2) {
      longer.push(yield* merged(runs[i] ?? [], runs[i + 1] ?? [], compare));
    }
    runs = longer;
  }
  return runs[0] ?? [];
}

/**
 * @template T
 * @param {readonly T[]} first sorted; precedes equal items of the second
 * @param {readonly T[]} second sorted
 * @param {(a: T, b: T) => number} compare
 * @returns {Generator<undefined, T[], undefined>}
 */
export function* merged(first, second, compare) {
  if (second.length === 0) return first.slice();
  /** @type {T[]} */
  const all = [];
  let i = 0;
  let j = 0;
  while (i < first.length && j < second.length) {
    const a = /** @type {T} */ (first[i]);
    const b = /** @type {T} */ (second[j]);
    if (compare(b, a) < 0) {
      all.push(b);
      j++;
    } else {
      all.push(a);
      i++;
    }
    if (all.length % STEP === 0) yield;
  }
  return all.concat(first.slice(i), second.slice(j));
}
