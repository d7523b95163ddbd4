// @ts-check
// Starts the process with the simulators.

import { fileURLToPath } from "node:url";
import { Child } from "../lib/child.js";

const FILE = fileURLToPath(new URL("main.js", import.meta.url));

/**
 * @typedef {object} Server
 * @property {string} origin
 * @property {(fleet: import("../lib/plan.js").FleetName) => string} urlOf
 * @property {(fleet: import("../lib/plan.js").FleetName) => Promise<{ path: string, rows: number }[]>} takeLogOf every
 *   requests since the last call
 * @property {() => Promise<void>} stop
 */

/**
 * @param {import("../lib/plan.js").FleetName[]} fleets
 * @param {string} packageFolder
 * @returns {Promise<Server>}
 */
export async function startServer(fleets, packageFolder) {
  const child = new Child(FILE, [packageFolder, ...fleets]);
  const { origin } = await child.answer(120);
  return {
    origin,
    urlOf: (fleet) => `${origin}/${fleet}`,
    takeLogOf: async (fleet) => (await child.ask({ takeLogOf: fleet })).log,
    stop: () => child.stop(),
  };
}
