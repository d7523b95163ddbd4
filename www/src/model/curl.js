// @ts-check
// The shown replication in a shell: the request by curl, and the command line of the package. No password is in them, so that it is not
// in the shell's history: curl asks for it.

import { DEFAULT_DATABASE } from "./location.js";

/** What a terminal obeys when it is pasted, and what shows a text as another one. */
const UNSEEN = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** As one shell word. Any client can choose an id: a terminal takes a pasted control character for a pressed key. @param {string} text */
const quoted = (text) =>
  text.search(UNSEEN) >= 0
    ? `"$(printf -- '${text.replaceAll("\\", "\\\\").replaceAll("%", "%%").replaceAll("'", octal).replace(UNSEEN, octal)}')"`
    : `'${text.replaceAll("'", "'\\''")}'`;

/** Its bytes, for `printf`. @param {string} sign */
const octal = (sign) =>
  Array.from(new TextEncoder().encode(sign), (byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("");

/** As one shell word, without quotes where no shell needs them. @param {string} text */
const word = (text) => (/^[\w@%+:,./-]+$/.test(text) ? text : quoted(text));

/** @typedef {{ client: { url: string }, how: "password" | "session" | "none", username: string }} Server of a connection */

/**
 * @param {import("./row.js").Row} row
 * @param {Server} server
 */
export function curlFor({ given, key }, { client, how, username }) {
  const path =
    given.doc_id === null
      ? ["jobs", encodeURIComponent(key)]
      : ["docs", encodeURIComponent(given.database ?? DEFAULT_DATABASE), encodeURIComponent(key)];
  const who =
    how === "password"
      ? ["--user", quoted(username)]
      : how === "session"
        ? ["--cookie", quoted("AuthSession=*****")]
        : [];
  return ["curl", ...who, quoted([client.url, "_scheduler", ...path].join("/"))].join(" ");
}

/**
 * @param {"show" | "lag" | "verify"} command
 * @param {import("./row.js").Row} row
 * @param {Server | null} server null: the one of $COUCHDB_URL
 * @param {string[]} [flags]
 */
export function commandFor(command, { given, key }, server, flags = []) {
  const isJob = given.doc_id === null;
  const database = given.database ?? DEFAULT_DATABASE;
  return [
    "couchdb-scheduler",
    isJob ? "jobs" : command,
    ...(isJob || database === DEFAULT_DATABASE ? [] : ["--database", word(database)]),
    ...flags,
    ...(server ? flagsOf(server) : []),
    // An id can look like a flag.
    ...(isJob ? [] : key.startsWith("-") ? ["--", word(key)] : [word(key)]),
  ].join(" ");
}

/** @param {Server} server */
const flagsOf = ({ client, how, username }) => [
  "--url",
  word(client.url),
  ...(how === "none" ? [] : [`--user=${how === "password" ? word(username) : "NAME"}`, "--password-file", "FILE"]),
];
