// @ts-check
// The only module that creates clients: through the package, as a user would.

import { Client, Replicator, Scheduler, SchedulerError } from "couchdb-scheduler";

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
 * @property {(url: string, options: import("couchdb-scheduler").ClientOptions) => Client} clientAt another one with these credentials
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
  /** @param {string} url @param {import("couchdb-scheduler").ClientOptions} [options] */
  const clientAt = (url, options) =>
    new Client(url, {
      auth: how === "password" ? { username, password } : undefined,
      // With cookies, an error 401 can open the browser's own password dialog: only if the user has chosen cookies.
      credentials: how === "session" ? "include" : "omit",
      ...(tryOut && { fetch: tryOut }),
      ...options,
    });
  const client = clientAt(url);
  const scheduler = new Scheduler(client);
  return {
    client,
    scheduler,
    inspector: scheduler,
    replicator: new Replicator(client),
    how,
    username: how === "password" ? username : "",
    isTryOut: tryOut !== undefined,
    clientAt,
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

/** What the package takes for a response of `GET /`. */
const WELCOME = { couchdb: "Welcome", version: "0", vendor: { name: "" } };

/**
 * Requests what the server of this page does itself. The package adds the credentials, and reads errors; the request is another.
 *
 * @param {Pick<Connection, "api" | "clientAt">} connection
 * @param {string} path
 * @param {{ query?: Record<string, string>, body?: object, timeout?: number, signal?: AbortSignal }} request with a body it is a POST
 * @param {(result: any) => boolean} isValid
 */
export async function requestOwn({ api, clientAt }, path, { query, body, timeout = 0, signal }, isValid) {
  const url = `${api}/${path}`;
  /** @type {any} */
  let result;
  const client = clientAt(url, {
    retries: 0,
    timeout,
    fetch: async (_, init) => {
      const headers = new Headers(init?.headers);
      if (body) headers.set("Content-Type", "application/json");
      const post = body && { method: "POST", body: JSON.stringify(body) };
      const response = await fetch(`${url}?${new URLSearchParams(query)}`, { ...init, headers, ...post });
      if (!response.ok) return response;
      result = await response.json().catch(() => null);
      return Response.json(isValid(result) ? WELCOME : {});
    },
  });
  try {
    await client.info({ signal });
    return result;
  } catch (error) {
    // The message of the package names a request that was not sent.
    if (error instanceof SchedulerError && error.reason !== null) error.message = error.reason;
    throw error;
  } finally {
    client.free();
  }
}
