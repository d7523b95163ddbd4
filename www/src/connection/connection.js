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
 * @property {import("./inspector.js").Inspector} inspector
 * @property {Login["how"]} how
 * @property {string} username
 * @property {boolean} isTryOut
 * @property {(options: import("couchdb-scheduler").ClientOptions) => Client} clientWith another client with these credentials
 * @property {string | null} api URL of what the server of this page does itself, since it lets no credentials through;
 *   null: the page requests the server directly
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
  /** @param {import("couchdb-scheduler").ClientOptions} [options] */
  const clientWith = (options) =>
    new Client(url, {
      auth: how === "password" ? { username, password } : undefined,
      // With cookies, an error 401 can open the browser's own password dialog: only if the user has chosen cookies.
      credentials: how === "session" ? "include" : "omit",
      ...(tryOut && { fetch: tryOut }),
      ...options,
    });
  const client = clientWith();
  const scheduler = new Scheduler(client);
  return {
    client,
    scheduler,
    inspector: scheduler,
    replicator: new Replicator(client),
    how,
    username: how === "password" ? username : "",
    isTryOut: tryOut !== undefined,
    clientWith,
    api: null,
    writes: null,
  };
}

/** Removes the credentials from memory. What is still under way fails. @param {Connection} connection */
export function release({ scheduler, replicator, client }) {
  for (const one of [scheduler, replicator, client]) one.free();
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
