// @ts-check
// What went wrong, and what to do about it, in words.

import { SchedulerError } from "./couchdb-scheduler/index.js";

/** @typedef {import("./couchdb-scheduler/index.js").SchedulerErrorCode} SchedulerErrorCode */

/** Asking again would not help, and could lock the account. @type {ReadonlySet<SchedulerErrorCode>} */
const NEEDS_LOGIN = new Set(["unauthorized", "forbidden", "locked_out"]);

/** @param {unknown} error */
export const needsLogin = (error) => error instanceof SchedulerError && NEEDS_LOGIN.has(error.code);

/**
 * @typedef {object} Asked
 * @property {string} url of the server
 * @property {string} username
 * @property {string} database
 */

/**
 * @param {unknown} error
 * @param {Asked} asked
 */
export function inWords(error, asked) {
  if (!(error instanceof SchedulerError)) return error instanceof Error ? error.message : String(error);
  return WORDS[error.code](error, asked);
}

/** @type {Record<SchedulerErrorCode, (error: SchedulerError, asked: Asked) => string>} */
const WORDS = {
  unauthorized: (error, { username }) => {
    if (username === "") return "The server wants the name and password of a server admin.";
    return /not a server admin/i.test(error.reason ?? "")
      ? `“${username}” is not a server admin, and CouchDB tells nobody else about replications.`
      : "The server does not accept this name and password. Mind that five wrong ones lock the account for some minutes.";
  },
  locked_out: () =>
    "The account is locked after too many wrong passwords: for up to 5 minutes the server refuses the right one too. " +
    "Wait, then connect again.",
  forbidden: ({ reason }) => `The server refuses access${because(reason)}.`,
  not_found: ({ reason }, { database, url }) =>
    /database/i.test(reason ?? "")
      ? `There is no database “${database}” on this server.`
      : `There is no replication scheduler at ${url}: is this the address of a CouchDB server, 2.1 or newer?`,
  bad_request: ({ reason }) => `The server does not understand the request${because(reason)}.`,
  rate_limited: () => "The server has no capacity left just now.",
  server_error: ({ status, error, reason }) =>
    status === 502
      ? `A proxy answers in place of the server${because(reason)}.`
      : `The server has trouble of its own: ${[status, error, reason].filter((part) => part !== null).join(" ")}.`,
  network: (_, { url }) => `No answer from ${url}. Is the server running?${crossOriginAdvice(url)}`,
  timeout: ({ url }) => `No whole answer in time from ${url}.`,
  truncated: () => "The answer broke off in the middle.",
  replication_failed: ({ reason }) => `The replication did not end as it should${because(reason)}.`,
  invalid_response: (_, { url }) => `What answers at ${url} is not CouchDB's replication scheduler.`,
};

/** @param {string | null} reason */
const because = (reason) => (reason === null ? "" : `: ${reason.replace(/\.$/, "")}`);

/**
 * A browser does not say why there was no answer, so everything that it may have been has to be named.
 *
 * @param {string} url
 */
function crossOriginAdvice(url) {
  const { origin, protocol } = new URL(url);
  if (origin === location.origin) return "";
  if (location.protocol === "https:" && protocol === "http:") {
    return " A page that came by https may not ask a server by http.";
  }
  return (
    " If it is, its CORS settings may not allow this page: in its configuration set enable_cors = true in [chttpd], and in " +
    `[cors] origins = ${location.origin} and headers = accept, authorization, content-type.`
  );
}
