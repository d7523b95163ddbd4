// @ts-check
// Which servers the page shows first.

import { configuredServers } from "../model/servers.js";
import { connectionTo } from "./connection.js";
import { servedInspector } from "./inspector.js";

/**
 * @typedef {object} Configured
 * @property {string | null} url of the first server
 * @property {boolean | null} writes whether write requests reach it; null: unknown
 * @property {string | null} api URL of the answers that the server of the page has itself; null: it has none
 * @property {readonly import("../model/servers.js").Server[]} servers all of them
 * @property {readonly string[]} faults for the operator
 */

/** @type {Configured} */
export const UNCONFIGURED = { url: null, writes: null, api: null, servers: [], faults: [] };

/**
 * `config.json` next to the page: of the server of the package, or written by the operator of another web server.
 *
 * @returns {Promise<Configured>}
 */
export async function configuration() {
  try {
    const response = await fetch("config.json");
    const found = configuredServers(await response.json(), location.href);
    const { url, writes, api } = found.servers[0] ?? UNCONFIGURED;
    return { url, writes, api, ...found };
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
  const known = servers.find(({ url }) => url === connection.client.url);
  if (!known) return connection;
  const { writes, api } = known;
  return { ...connection, api, writes, ...(api !== null && { inspector: servedInspector(api, login) }) };
}
