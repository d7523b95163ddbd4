// @ts-check
// The one module that makes clients: through the package, as any user would.

import { Client, Replicator, Scheduler } from "../couchdb-scheduler/index.js";

/**
 * @typedef {object} Login
 * @property {string} url
 * @property {"password" | "session" | "none"} how `none`: whoever stands between says who we are
 * @property {string} username
 * @property {string} password
 *
 * @typedef {object} Connection
 * @property {Client} client
 * @property {Scheduler} scheduler
 * @property {Replicator} replicator
 * @property {Login["how"]} how
 * @property {string} username
 * @property {boolean} isTryOut
 * @property {boolean | null} writes whether the server of this page lets changes through to it; null: not known
 */

/**
 * Sends nothing yet.
 *
 * @param {Login} login
 * @param {typeof fetch} [tryOut] a server inside the page
 * @returns {Connection}
 * @throws {TypeError} where the URL is not one
 */
export function connectionTo({ url, how, username, password }, tryOut) {
  const client = new Client(url, {
    auth: how === "password" ? { username, password } : undefined,
    // With cookies a refusal can open the browser's own password dialog: only for those who asked for cookies.
    credentials: how === "session" ? "include" : "omit",
    ...(tryOut && { fetch: tryOut }),
  });
  return {
    client,
    scheduler: new Scheduler(client),
    replicator: new Replicator(client),
    how,
    username: how === "password" ? username : "",
    isTryOut: tryOut !== undefined,
    writes: null,
  };
}

/** What the server is called; nothing where it does not say. @param {Connection} connection @returns {Promise<string>} */
export async function nameOf({ client }) {
  try {
    const { vendor, version } = await client.info();
    return vendor?.name.includes("IBM") ? "IBM Cloudant" : `CouchDB ${version}`;
  } catch {
    return "";
  }
}
