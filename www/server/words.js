// @ts-check
// What went wrong with the connection, and exactly what to do about it, in words.

import { SchedulerError } from "../couchdb-scheduler/index.js";

/** @typedef {import("../couchdb-scheduler/index.js").SchedulerErrorCode} SchedulerErrorCode */

/** Asking again would not help, and could lock the account. @type {ReadonlySet<SchedulerErrorCode>} */
const NEEDS_LOGIN = new Set(["unauthorized", "forbidden", "locked_out"]);

/** @param {unknown} error */
export const needsLogin = (error) => error instanceof SchedulerError && NEEDS_LOGIN.has(error.code);

/**
 * @typedef {object} Asked
 * @property {string} url of the server
 * @property {string} username empty: nobody
 * @property {string} database
 *
 * @typedef {object} Trouble
 * @property {string} message one sentence
 * @property {string[]} remedy what to do, step by step
 * @property {string} [settings] lines for the server's configuration
 */

/**
 * @param {unknown} error
 * @param {Asked} asked
 * @returns {Trouble}
 */
export function troubleOf(error, asked) {
  if (error instanceof SchedulerError) return TROUBLE[error.code]?.(error, asked) ?? trouble(error.message);
  return trouble(error instanceof Error ? error.message : String(error));
}

/** @param {string} message @param {string[]} remedy @returns {Trouble} */
const trouble = (message, ...remedy) => ({ message, remedy });

/** @type {Partial<Record<SchedulerErrorCode, (error: SchedulerError, asked: Asked) => Trouble>>} */
const TROUBLE = {
  unauthorized: (error, { username }) => {
    if (username === "") return trouble("The server wants the name and password of a server admin.");
    if (/not a server admin/i.test(error.reason ?? "")) {
      return trouble(
        `“${username}” is not a server admin, and CouchDB tells nobody else about replications.`,
        "Connect as a server admin: somebody in the [admins] section of the server's configuration.",
      );
    }
    return trouble(
      "The server does not accept this name and password.",
      "Check both before trying again: five wrong passwords lock the account for up to 5 minutes.",
    );
  },
  locked_out: (_, { username }) => ({
    message: "The account is locked after too many wrong passwords: the server now refuses the right one too.",
    remedy: [
      `Wait 5 minutes, then connect again. Find out meanwhile what else uses ${username === "" ? "this account" : `“${username}”`} ` +
        "with an old password: it would lock it again.",
      "How long and after how many attempts is set in the server's configuration (these are its own values):",
    ],
    settings: "[chttpd_auth_lockout]\nmode = enforce\nthreshold = 5\nmax_lifetime = 300000",
  }),
  forbidden: ({ reason }) => trouble(`The server refuses access${because(reason)}.`),
  not_found: ({ reason }, { database, url }) =>
    /database/i.test(reason ?? "")
      ? trouble(`There is no database “${database}” on this server.`)
      : trouble(
          `There is no replication scheduler at ${url}.`,
          "Check that this is the address of a CouchDB server, 2.1 or newer: opening it in the browser shows “Welcome”.",
        ),
  bad_request: ({ reason }) => trouble(`The server does not understand the request${because(reason)}.`),
  rate_limited: () => trouble("The server has no capacity left just now."),
  server_error: ({ status, error, reason }) =>
    status === 502
      ? trouble(`A proxy answers in place of the server${because(reason)}.`)
      : trouble(
          `The server has trouble of its own: ${[status, error, reason].filter((part) => part !== null).join(" ")}.`,
        ),
  network: (_, { url }) => noAnswer(url),
  timeout: ({ url }) => trouble(`No whole answer in time from ${url}.`),
  truncated: () => trouble("The answer broke off in the middle."),
  invalid_response: (_, { url }) => trouble(`What answers at ${url} is not CouchDB's replication scheduler.`),
};

/** @param {string | null} reason */
const because = (reason) => (reason === null ? "" : `: ${reason.replace(/\.$/, "")}`);

/**
 * A browser does not say why there was no answer, so everything that it may have been has to be named.
 *
 * @param {string} url
 * @returns {Trouble}
 */
function noAnswer(url) {
  const { origin, protocol } = new URL(url);
  const message = `No answer from ${url}.`;
  if (origin === location.origin) return trouble(message, "Is the server running?");
  if (location.protocol === "https:" && protocol === "http:") {
    return trouble(message, "A page that came by https may not ask a server by http: use the server's https address.");
  }
  return {
    message,
    remedy: [
      `Is the server running? Opening ${url} in another tab tells.`,
      "If it is, its CORS settings do not allow this page. Put these lines into the server's local.ini and restart it, " +
        "or set the same in its admin page under Configuration:",
    ],
    settings:
      "[chttpd]\nenable_cors = true\n\n[cors]\n" +
      `origins = ${location.origin}\ncredentials = true\n` +
      "methods = GET, HEAD, POST, PUT, DELETE\nheaders = accept, authorization, content-type",
  };
}
