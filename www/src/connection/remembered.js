// @ts-check
// Keeps URL and name in this browser if the user wants it, never a password.

import { store, stored } from "./local-storage.js";

const KEY = "couchdb-scheduler";

/** @typedef {{ url: string, how: import("./connection.js").Login["how"], username: string }} Remembered */

/** @returns {Remembered | null} */
export function recall() {
  const known = stored(KEY) ?? null;
  if (known === null) return null;
  const { url, how, username } = known;
  return { url: String(url), how: how === "session" ? how : "password", username: String(username) };
}

/** @param {Remembered | null} what null: removes it */
export function remember(what) {
  store(KEY, what && { url: what.url, how: what.how, username: what.username });
}
