// @ts-check
/**
 * The errors of replications, in CouchDB's words, and which error a replication meets, decided by its source and
 * target.
 */
import { credentialsOf, parseUrl, shownEndpoint } from "./replication.js";
import { isMember } from "./security.js";

/**
 * @typedef {import("./database.js").Json} Json
 *
 * @typedef {object} Trouble
 * @property {"start" | "run"} during before it has a job (state `error`) or once it runs (state `crashing`)
 * @property {string} reason
 * @property {number} after ms until the error
 * @property {boolean} [comesAndGoes] healthy periods alternate with errors
 * @property {boolean} [isExact] `after` is not varied
 *
 * @typedef {object} World this server, as seen by an endpoint
 * @property {Map<string, import("./database.js").Database>} databases
 * @property {(name: string) => void} createDatabase
 * @property {(user: string, password: string) => import("./security.js").User | null} userOf
 */

/** All errors. `endpoint` is the document's source or target. */
export const reasons = {
  /** @param {any} endpoint */
  databaseMissing: (endpoint) => `db_not_found: could not open ${shownEndpoint(endpoint)}`,
  /** @param {any} endpoint */
  forbidden: (endpoint) => `forbidden: ${shownEndpoint(endpoint)}`,
  /** @param {any} endpoint */
  unauthorized: (endpoint) => `unauthorized: unauthorized to access or create database ${shownEndpoint(endpoint)}`,
  /** @param {any} endpoint */
  wrongPassword: (endpoint) => sessionFailed(endpoint, (at, user) => `{session_request_unauthorized,${at},${user}}`),
  /** @param {any} endpoint */
  refused: (endpoint) => connectionFailed(endpoint, "{conn_failed,{error,econnrefused}}"),
  /** @param {any} endpoint */
  hostUnknown: (endpoint) => connectionFailed(endpoint, "{conn_failed,{error,nxdomain}}"),
  /** @param {any} endpoint */
  timeout: (endpoint) => connectionFailed(endpoint, "req_timedout"),
  /** @param {string} shown */
  hung: (shown) =>
    `{http_request_failed,"GET",${JSON.stringify(shown)},\n                     {error,{error,req_timedout}}}`,
  /** @param {any} endpoint */
  rateLimited: (endpoint) => badStatus(endpoint, 429),
  /** @param {any} endpoint */
  serverError: (endpoint) => badStatus(endpoint, 500),
  /** @param {any} endpoint @param {string} filter */
  filterMissing: (endpoint, filter) =>
    `Couldn't open document \`_design/${filter.split("/")[0]}\` from source database \`${shownEndpoint(endpoint)}\`: {error,<<"not_found">>}`,
  /** @param {any} endpoint @param {string} reason */
  sourceClosed: (endpoint, reason) => `Could not open source database \`${shownEndpoint(endpoint)}\`: ${reason}`,
  /** @param {string} id @param {string} docId @param {string} otherDocId @param {string} otherDatabase */
  duplicate: (id, docId, otherDocId, otherDatabase) =>
    `Replication \`${id}\` specified by document \`${docId}\` already started, triggered by document \`${otherDocId}\` from db \`${otherDatabase}\``,
  /** @param {string} id @param {string} docId */
  duplicateTransient: (id, docId) =>
    `Replication \`${id}\` specified by document \`${docId}\` already running as a transient replication, started via \`_replicate\` API endpoint`,
  /** @param {string} node */
  duplicateOnNode: (node) => `Duplicate replication running on ${node}`,
};

/** @param {any} endpoint @param {(session: string, user: string) => string} term */
function sessionFailed(endpoint, term) {
  const at = JSON.stringify(`${parseUrl(endpoint)?.origin}/_session`);
  return `{replication_auth_error,\n    ${term(at, JSON.stringify(credentialsOf(endpoint)?.user ?? "user"))}}`;
}

/** With credentials, CouchDB first requests a session, so the session fails. @param {any} endpoint @param {string} cause */
function connectionFailed(endpoint, cause) {
  if (credentialsOf(endpoint)) {
    return sessionFailed(endpoint, (at, user) => `{session_request_failed,${at},${user},\n        ${cause}}`);
  }
  const at = JSON.stringify(shownEndpoint(endpoint));
  return `{http_request_failed,"GET",${at},\n                     {error,sel_conn_closed}}`;
}

/** @param {any} endpoint @param {number} status */
function badStatus(endpoint, status) {
  if (credentialsOf(endpoint)) {
    return sessionFailed(endpoint, (at, user) => `{session_unexpected_result,"${status}",${at},${user}}`);
  }
  return `{http_error_code,${status},<<"GET ${shownEndpoint(endpoint)}">>}`;
}

/**
 * Returns the error that a replication meets at its start. URLs on the server that stores the document (`host`)
 * are its own databases; other ports of this machine refuse the connection; `.invalid` names do not resolve; every
 * other host works.
 * @param {Json} body @param {string | null} host @param {World} world
 * @returns {Trouble | null}
 */
export function troubleAhead(body, host, world) {
  const withFilter = typeof body.filter === "string" && !body.filter.startsWith("_");
  for (const side of ["source", "target"]) {
    const reason = reach(body[side], host, world, side === "target" && body.create_target === true);
    if (reason && withFilter && side === "source") {
      return { during: "start", reason: reasons.sourceClosed(body.source, reason), after: 400 };
    }
    if (reason) return { during: "run", reason, after: 400 };
  }
  const source = withFilter && databaseHere(body.source, host, world);
  if (source && !source.get(`_design/${body.filter.split("/")[0]}`)) {
    return { during: "start", reason: reasons.filterMissing(body.source, body.filter), after: 400 };
  }
  return null;
}

/** @param {any} endpoint @param {string | null} host @param {World} world @param {boolean} create */
function reach(endpoint, host, world, create) {
  const url = parseUrl(endpoint);
  if (!url) return null;
  if (url.hostname.endsWith(".invalid")) return reasons.hostUnknown(endpoint);
  if (url.host !== host) return isThisMachine(url.hostname) ? reasons.refused(endpoint) : null;
  const credentials = credentialsOf(endpoint);
  if (!credentials) return reasons.unauthorized(endpoint);
  const user = world.userOf(credentials.user, credentials.password);
  if (!user) return reasons.wrongPassword(endpoint);
  const name = databaseIn(url);
  const found = world.databases.get(name);
  if (found) return isMember(user, found.security) ? null : reasons.forbidden(endpoint);
  if (!create) return reasons.databaseMissing(endpoint);
  world.createDatabase(name);
  return null;
}

/** @param {any} endpoint @param {string | null} host @param {World} world */
export function databaseHere(endpoint, host, world) {
  const url = parseUrl(endpoint);
  return url?.host === host && url ? world.databases.get(databaseIn(url)) : undefined;
}

/** @param {URL} url */
function databaseIn(url) {
  return decodeURIComponent(url.pathname.replace(/^\/|\/$/g, ""));
}

/** @param {string} hostname */
function isThisMachine(hostname) {
  return hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.");
}
