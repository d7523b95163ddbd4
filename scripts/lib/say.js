// @ts-check
// Output of the scripts. Long steps show that they still run; colors only on a terminal.

const COLORS = process.stdout.isTTY && !process.env.NO_COLOR;

/** @param {number} code */
const paint = (code) => (/** @type {string} */ text) => (COLORS ? `\u001b[${code}m${text}\u001b[0m` : text);

export const bold = paint(1);
export const dim = paint(2);
export const red = paint(31);
export const green = paint(32);

/** @param {string} [text] */
export const say = (text = "") => console.log(text);

/** @param {number} since a `performance.now()` */
export function elapsed(since) {
  const seconds = (performance.now() - since) / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** The current steps and their start times. @type {Map<string, number>} */
const underWay = new Map();

/** @type {NodeJS.Timeout | undefined} */
let ticker;

function tick() {
  const parts = Array.from(underWay, ([name, begin]) => `${name} (${elapsed(begin)})`);
  say(dim(`  … ${parts.join(", ")}`));
}

/**
 * Prints a line at the end of `work`, and every ten seconds a line for all unfinished steps.
 *
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function progress(name, work) {
  const begin = performance.now();
  underWay.set(name, begin);
  ticker ??= setInterval(tick, 10_000);
  let mark = red("✗");
  try {
    const result = await work();
    mark = green("✓");
    return result;
  } finally {
    say(`  ${mark} ${name} ${dim(`(${elapsed(begin)})`)}`);
    underWay.delete(name);
    if (underWay.size === 0) {
      clearInterval(ticker);
      ticker = undefined;
    }
  }
}

/**
 * The end of a log, which usually has the reason.
 *
 * @param {string} output
 * @param {number} [lines]
 */
export function tail(output, lines = 25) {
  return output.trimEnd().split("\n").slice(-lines).join("\n");
}

/** An error that is explained by its message, without a stack trace. */
export class Stop extends Error {}

/**
 * Runs a script's main function: a `Stop` becomes its message and exit code 1.
 *
 * @param {() => Promise<void>} main
 */
export async function start(main) {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    console.error(`\n${red(error.message)}`);
    process.exit(1);
  }
}
