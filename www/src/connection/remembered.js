// @ts-check
// Keeps URL and name in this browser if the user wants it, never a password.

const KEY = "couchdb-scheduler";

/** @typedef {{ url: string, how: import("./connection.js").Login["how"], username: string }} Remembered */

/** @returns {Remembered | null} */
export function recall() {
  try {
    const { url, how, username } = JSON.parse(localStorage.getItem(KEY) ?? "null");
    return { url: String(url), how: how === "session" ? how : "password", username: String(username) };
  } catch {
    // There is no entry, or the browser does not let pages store anything.
    return null;
  }
}

/** @param {Remembered | null} what null: removes it */
export function remember(what) {
  try {
    if (what === null) return localStorage.removeItem(KEY);
    const { url, how, username } = what;
    localStorage.setItem(KEY, JSON.stringify({ url, how, username }));
  } catch {
    // The page works without it.
  }
}
