// @ts-check
// Reads the numbers of passed and failed tests from a runner's output.

/**
 * @typedef {object} Counts
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 */

/**
 * Sums up the first group of every match.
 *
 * @param {string} output
 * @param {RegExp} pattern
 */
function sum(output, pattern) {
  let total = 0;
  for (const match of output.matchAll(pattern)) total += Number(match[1]);
  return total;
}

/**
 * cargo test and wasm-bindgen's runner: `test result: ok. 12 passed; 0 failed; 1 ignored; …`
 *
 * @param {string} output
 * @returns {Counts}
 */
export const cargoCounts = (output) => ({
  passed: sum(output, /^test result: .*?(\d+) passed/gm),
  failed: sum(output, /^test result: .*?(\d+) failed/gm),
  skipped: sum(output, /^test result: .*?(\d+) ignored/gm),
});

/**
 * node --test with its "spec" reporter: `ℹ pass 12`
 *
 * @param {string} output
 * @returns {Counts}
 */
export const nodeCounts = (output) => ({
  passed: sum(output, /^ℹ pass (\d+)/gm),
  failed: sum(output, /^ℹ (?:fail|cancelled) (\d+)/gm),
  skipped: sum(output, /^ℹ (?:skipped|todo) (\d+)/gm),
});
