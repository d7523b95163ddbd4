// @ts-check
// Explains connection errors, and says exactly what to do about them.

import { SchedulerError } from "couchdb-scheduler";
import { messageOf } from "../model/format.js";

/** @typedef {import("couchdb-scheduler").SchedulerErrorCode} SchedulerErrorCode */

/** A retry would not help, and could lock the account. @type {ReadonlySet<SchedulerErrorCode>} */
const NEEDS_LOGIN = new Set(["unauthorized", "forbidden", "locked_out"]);

/** @param {unknown} error */
export const needsLogin = (error) => error instanceof SchedulerError && NEEDS_LOGIN.has(error.code);

/**
 * @typedef {object} Requested
 * @property {string} url of the server
 * @property {string} username empty: anonymous
 * @property {string} database
 *
 * @typedef {object} Trouble
 * @property {string} message one sentence
 * @property {string[]} remedy what to do, one step per item
 * @property {string} [settings] lines for the server's configuration
 */

/**
 * @param {unknown} error
 * @param {Requested} requested
 * @returns {Trouble}
 */
export function troubleOf(error, requested) {
  if (error instanceof SchedulerError) return TROUBLE[error.code]?.(error, requested) ?? trouble(error.message);
  return trouble(messageOf(error));
}

/** @param {string} message @param {string[]} remedy @returns {Trouble} */
const trouble = (message, ...remedy) => ({ message, remedy });

/** @type {Partial<Record<SchedulerErrorCode, (error: SchedulerError, requested: Requested) => Trouble>>} */
const TROUBLE = {
  unauthorized: (error, { username }) => {
    if (username === "") return trouble("The server needs the name and password of a server admin.");
    if (/not a server admin/i.test(error.reason ?? "")) {
      return trouble(
        `“${username}” is not a server admin. CouchDB shows replications to server admins only.`,
        "Connect as a server admin: a user in the [admins] section of the server's configuration.",
      );
    }
    return trouble(
      "The server does not accept this name and password.",
      "Check both before trying again: five wrong passwords lock the account for up to 5 minutes.",
    );
  },
  locked_out: (_, { username }) => ({
    message: "The account is locked after too many wrong passwords. The server now refuses even the correct one.",
    remedy: [
      `Wait 5 minutes, then connect again. Meanwhile find out which other client uses ${username === "" ? "this account" : `“${username}”`} ` +
        "with an old password; it would lock the account again.",
      "The server's configuration sets the duration and the number of attempts (these are the defaults):",
    ],
    settings: "[chttpd_auth_lockout]\nmode = enforce\nthreshold = 5\nmax_lifetime = 300000",
  }),
  forbidden: ({ reason }) => trouble(`The server refuses access${because(reason)}.`),
  not_found: ({ reason }, { database, url }) =>
    /database/i.test(reason ?? "")
      ? trouble(`The database “${database}” does not exist on this server.`)
      : trouble(
          `There is no replication scheduler at ${url}.`,
          "Check that this is the address of a CouchDB server, 2.1 or newer: opening it in the browser shows “Welcome”.",
        ),
  bad_request: ({ reason }) => trouble(`The server does not understand the request${because(reason)}.`),
  rate_limited: () => trouble("The server has no capacity left at the moment."),
  server_error: ({ status, error, reason }) =>
    status === 502
      ? trouble(`A proxy responded instead of the server${because(reason)}.`)
      : trouble(
          `The server reports an error: ${[status, error, reason]
            .filter((part) => part !== null)
            .join(" ")
            .replace(/\.$/, "")}.`,
        ),
  network: (_, { url }) => noAnswer(url),
  timeout: ({ url }) => trouble(`The response of ${url} was not complete in time.`),
  truncated: () => trouble("The response was cut off."),
  invalid_response: (_, { url }) => trouble(`The service at ${url} is not CouchDB's replication scheduler.`),
};

/** @param {string | null} reason */
const because = (reason) => (reason === null ? "" : `: ${reason.replace(/\.$/, "")}`);

/**
 * Browsers do not say why there was no response, so the message lists every possible reason.
 *
 * @param {string} url
 * @returns {Trouble}
 */
function noAnswer(url) {
  const { origin, protocol } = new URL(url);
  const message = `No response from ${url}.`;
  if (origin === location.origin) return trouble(message, "Is the server running?");
  if (location.protocol === "https:" && protocol === "http:") {
    return trouble(
      message,
      "A page that was loaded by https cannot send requests by http. Use the https address of the server.",
    );
  }
  return {
    message,
    remedy: [
      `Is the server running? Open ${url} in another tab to find out.`,
      "If it is, its CORS settings do not allow this page. Add these lines to the server's local.ini and restart it, " +
        "or set them in its admin page under Configuration:",
    ],
    settings:
      "[chttpd]\nenable_cors = true\n\n[cors]\n" +
      `origins = ${location.origin}\ncredentials = true\n` +
      "methods = GET, HEAD, POST, PUT, DELETE\nheaders = accept, authorization, content-type",
  };
}
