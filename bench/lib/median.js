// @ts-check

/** @param {number[]} numbers */
export function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? /** @type {number} */ (sorted[middle]) : (at(sorted, middle - 1) + at(sorted, middle)) / 2;
}

/** @param {number[]} numbers @param {number} i */
const at = (numbers, i) => numbers[i] ?? Number.NaN;
