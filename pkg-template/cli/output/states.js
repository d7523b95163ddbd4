// @ts-check
// How a state looks: a sign and a colour, so that it is seen without colours, too.

/** @typedef {import("./colours.js").Colour} Colour */

/** @type {Record<string, [sign: string, colour: Colour]>} */
const LOOKS = {
  initializing: ["○", "blue"],
  running: ["▸", "green"],
  pending: ["…", "blue"],
  completed: ["✓", "green"],
  crashing: ["!", "yellow"],
  error: ["!", "yellow"],
  failed: ["✗", "red"],
};

/** A cell of a table. @param {string | null} state @returns {import("./table.js").Cell} */
export function stateCell(state) {
  if (state === null) return { text: "  unknown", colour: "gray" };
  const [sign, colour] = LOOKS[state] ?? ["?", "gray"];
  return { text: `${sign} ${state}`, colour };
}
