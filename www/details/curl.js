// @ts-check
// The request behind what is shown, to be repeated in a shell. curl asks for the password, so that it is in no history.

/** @param {string} text as one word of a shell */
const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/**
 * @param {import("../rows/row.js").Row} row
 * @param {import("../server/connection.js").Connection} connection
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
