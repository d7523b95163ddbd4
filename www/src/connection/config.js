// @ts-check
// Which servers the page shows first.

import { configuredServers } from "../model/servers.js";
import { connectionTo } from "./connection.js";
import { servedInspector } from "./inspector.js";

/**
 * @typedef {object} Configured
 * @property {string | null} url of the first server
 * @property {readonly import("../model/servers.js").Server[]} servers all of them
 * @property {readonly string[]} faults for the operator
 */

/** @type {Configured} */
export const UNCONFIGURED = { url: null, servers: [], faults: [] };

/**
 * `config.json` next to the page: of the server of the package, or written by the operator of another web server.
 *
 * @returns {Promise<Configured>}
 */
export async function configuration() {
  try {
    const response = await fetch("config.json");
    const found = configuredServers(await response.json(), location.href);
    return { url: found.servers[0]?.url ?? null, ...found };
  } catch {
    return UNCONFIGURED;
  }
}

/**
 * Uses what the server of this page offers for a configured server.
 *
 * @param {Configured} configured
 * @param {import("./connection.js").Login} login
 * @returns {import("./connection.js").Connection}
 */
export function connectionIn({ servers }, login) {
  const connection = connectionTo(login);
  const { writes, api } = servers.find(({ url }) => url === connection.client.url) ?? connection;
  const inspector = api === null ? connection.inspector : servedInspector({ ...connection, api });
  return { ...connection, writes, api, inspector };
}
