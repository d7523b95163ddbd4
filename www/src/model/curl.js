// @ts-check
// The request for the shown row as a shell command. curl asks for the password, so that it is not in the shell's history.

/** @param {string} text as one shell word */
const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/**
 * @param {import("./row.js").Row} row
 * @param {import("../connection/connection.js").Connection} connection
 */
export function curlFor({ given, key }, { client, how, username }) {
  const path =
    given.doc_id === null
      ? ["jobs", encodeURIComponent(key)]
      : ["docs", encodeURIComponent(given.database ?? "_replicator"), encodeURIComponent(key)];
  const who =
    how === "password"
      ? ["--user", quoted(username)]
      : how === "session"
        ? ["--cookie", quoted("AuthSession=*****")]
        : [];
  return ["curl", ...who, quoted([client.url, "_scheduler", ...path].join("/"))].join(" ");
}
