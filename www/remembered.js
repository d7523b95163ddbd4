// @ts-check
// What survives a reload of this tab: the address and the name, never the password.

const KEY = "couchdb-scheduler";

/** @typedef {{ url: string, username: string }} Remembered */

/** @returns {Remembered | null} */
export function recall() {
  try {
    const { url, username } = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
    return { url: String(url), username: String(username) };
  } catch {
    // Nothing there, or the browser keeps pages from storing anything.
    return null;
  }
}

/** @param {Remembered} what */
export function remember({ url, username }) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ url, username }));
  } catch {
    // The page works without.
  }
}
