// @ts-check
// Where a source or target is.

const URL_PARTS = /^[^:/?#]+:\/\/(?:[^/?#\\]*@)?([^/?#\\@]+)[/\\]*([^?#]*)/;

/** Host and port, without user info; null for a name without a server. @param {string | null} url */
export const hostOf = (url) => URL_PARTS.exec(url ?? "")?.[1] ?? null;

/**
 * A server, or one of its databases, as text: `couch.example.com:6984`, `couch.example.com/orders`. The server that runs the
 * replications has no host: `""`, `/orders`.
 *
 * @typedef {string} End
 */

/** @param {string} url of a source or target @returns {{ host: End, database: End }} */
export function endsOf(url) {
  const [, host = "", path = url] = URL_PARTS.exec(url) ?? [];
  return { host, database: `${host}/${decoded(path.replace(/\/+$/, ""))}` };
}

/** A part of a URL; unchanged if it is not encoded as it should be. @param {string} part */
export function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The server of an end. @param {End} end */
export const serverOf = (end) => end.split("/", 1)[0] ?? "";

/** @param {End} end */
export const isDatabase = (end) => end.includes("/");

/** @param {End} end */
export const nameOfEnd = (end) => {
  const host = serverOf(end);
  return end === host ? host || "this server" : `${host || "this server"}/${end.slice(host.length + 1)}`;
};

/**
 * The server whose databases are shown; null: all servers.
 *
 * @param {import("./filter.js").Ends | null} ends
 */
export function zoomOf(ends) {
  const database = [ends?.either, ends?.source, ends?.target].find((end) => end !== undefined && isDatabase(end));
  return database === undefined ? (ends?.either ?? null) : serverOf(database);
}

/** Whether a source or target is there. @param {string | null} url @param {End} end */
export function isAt(url, end) {
  if (url === null) return false;
  const { host, database } = endsOf(url);
  return end === host || end === database;
}
