// @ts-check
// The credentials in a replication document, as options of a client of the server that they were written for.

import { isObject } from "../runtime/checks.js";
import { attempt } from "../runtime/http.js";

/** @typedef {{ server: string, path: string, username: string, password: string }} Database */

/** Takes the URL of a database apart. @param {unknown} url @returns {Database | null} null if it is not one */
export function databaseAt(url) {
  // A password with a raw slash ends the host: its "@" follows the slash. URLs here take a backslash for a slash, and complete a
  // beginning such as "http:"; CouchDB does neither.
  if (typeof url !== "string" || !/^https?:\/\/[^\\]*$/i.test(url) || /^[^/]*\/\/[^/?#]*[/?#].*@/s.test(url))
    return null;
  if (!URL.canParse(url)) return null;
  const { origin, pathname, search, hash, username, password } = new URL(url);
  const [, base, path] = /^(.*)(\/[^/]+)\/*$/.exec(pathname) ?? [];
  if (search || hash || base === undefined || path === undefined) return null;
  return { server: origin + base.replace(/\/+$/, ""), path, username, password };
}

/**
 * The options of a client with the credentials that CouchDB would use at this end, in its order: `auth`, then the URL, then
 * the headers.
 *
 * @param {any} written a URL, or an object with one
 * @param {string} url without credentials: they are for this address only
 * @returns {Record<string, unknown> | null} null if the document has another address, or credentials of an unknown kind
 */
export function storedOptions(written, url) {
  const isDescribed = isObject(written);
  const database = databaseAt(isDescribed ? written.url : written);
  if (database === null || database.server + database.path !== url) return null;
  const auth = authOf(isDescribed ? written.auth : undefined, database);
  if (auth === null) return null;
  const headers = Object.entries((isDescribed && written.headers) || {}).filter(
    ([name]) => auth === undefined || name.toLowerCase() !== "authorization",
  );
  // A page would send the browser's cookies for this server.
  return { auth, headers: Object.fromEntries(headers), credentials: "omit" };
}

/** @param {any} auth of the document @param {Database} database @returns {Record<string, unknown> | null | undefined} null for an unknown kind */
function authOf(auth, { username, password }) {
  if (isObject(auth?.basic)) return { username: auth.basic.username, password: auth.basic.password };
  if (isObject(auth?.iam)) return { type: "iam", apiKey: auth.iam.api_key };
  if (isObject(auth) && Object.keys(auth).length > 0) return null;
  if (username === "" && password === "") return undefined;
  // Not every user info in a URL is UTF-8.
  return attempt(() => ({ username: decodeURIComponent(username), password: decodeURIComponent(password) })) ?? null;
}
