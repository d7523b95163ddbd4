// @ts-check
// Counts what a complete walk by docs() costs the server: requests and rows, from the simulator's log.

import { inNode } from "../node/contestant.js";
import { OURS, ROWS_TRANSFERRED_AT_MOST, WALKS } from "./plan.js";

/**
 * @typedef {object} Walked
 * @property {number} rows returned
 * @property {number} requests
 * @property {number} transferred rows
 * @property {boolean} pass
 */

/**
 * @param {import("../server/start.js").Server} server
 * @param {string} packageFolder
 * @returns {Promise<Walked[]>}
 */
export async function countWalks(server, packageFolder) {
  const runner = inNode(OURS, packageFolder);
  const walks = [];
  try {
    for (const [fleet, size] of WALKS) {
      await server.takeLogOf(fleet);
      const { rows = 0 } = await runner.run("perform", "eachDoc", server.urlOf(fleet));
      const log = await server.takeLogOf(fleet);
      const transferred = log.reduce((sum, request) => sum + request.rows, 0);
      walks.push({
        rows,
        requests: log.length,
        transferred,
        pass: rows === size && transferred <= rows * ROWS_TRANSFERRED_AT_MOST,
      });
    }
  } finally {
    await runner.stop();
  }
  return walks;
}
