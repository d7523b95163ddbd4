// @ts-check
// What is kept in this browser, for those who ask for it: address and name, never a password.

const KEY = "couchdb-scheduler";

/** @typedef {{ url: string, how: import("./connection.js").Login["how"], username: string }} Remembered */

/** @returns {Remembered | null} */
export function recall() {
  try {
    const { url, how, username } = JSON.parse(localStorage.getItem(KEY) ?? "null");
    return { url: String(url), how: how === "session" ? how : "password", username: String(username) };
  } catch {
    // Nothing there, or the browser keeps pages from storing anything.
    return null;
  }
}

/** @param {Remembered | null} what null: nothing any longer */
export function remember(what) {
  try {
    if (what === null) return localStorage.removeItem(KEY);
    const { url, how, username } = what;
    localStorage.setItem(KEY, JSON.stringify({ url, how, username }));
  } catch {
    // The page works without.
  }
}
