// @ts-check
// Whether output has colours, and which.

/** @typedef {"red" | "green" | "yellow" | "blue" | "gray" | "bold"} Colour */

/** SGR codes that begin and end each. @type {Record<Colour, [number, number]>} */
const CODES = {
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  gray: [90, 39],
  bold: [1, 22],
};

/** @param {string} text @param {Colour} colour */
export function coloured(text, colour) {
  const [begin, end] = CODES[colour];
  return `\x1b[${begin}m${text}\x1b[${end}m`;
}

/**
 * `--color` counts most, then NO_COLOR, FORCE_COLOR, and whether it is a terminal.
 *
 * @param {"auto" | "always" | "never" | undefined} option
 * @param {NodeJS.ProcessEnv} env
 * @param {boolean} isTerminal
 */
export function hasColours(option, env, isTerminal) {
  if (option === "always") return true;
  if (option === "never") return false;
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR !== undefined) return !["0", "false"].includes(env.FORCE_COLOR);
  return isTerminal && env.TERM !== "dumb";
}
