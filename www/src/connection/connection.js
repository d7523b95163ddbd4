// @ts-check
// The only module that creates clients: through the package, as a user would.

import { Client, Replicator, Scheduler } from "couchdb-scheduler";

/**
 * @typedef {object} Login
 * @property {string} url
 * @property {"password" | "session" | "none"} how `none`: a proxy adds the credentials
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
 * @property {boolean | null} writes whether the server of this page forwards write requests to it; null: unknown
 */

/**
 * Sends no request yet.
 *
 * @param {Login} login
 * @param {typeof fetch} [tryOut] a server inside the page
 * @returns {Connection}
 * @throws {TypeError} where the URL is not one
 */
export function connectionTo({ url, how, username, password }, tryOut) {
  const client = new Client(url, {
    auth: how === "password" ? { username, password } : undefined,
    // With cookies, an error 401 can open the browser's own password dialog: only if the user has chosen cookies.
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

/** Returns the server's name; empty if it does not report one. @param {Connection} connection @returns {Promise<string>} */
export async function nameOf({ client }) {
  try {
    const { vendor, version } = await client.info();
    return vendor?.name.includes("IBM") ? "IBM Cloudant" : `CouchDB ${version}`;
  } catch {
    return "";
  }
}
