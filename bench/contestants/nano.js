// @ts-check
// Apache's client. It has no scheduler API, so it uses `request`; its rows stay as they are.

import nano from "nano";
import { tally } from "./rows.js";

/** @type {import("./index.js").Connect} */
export function connect(url, { username, password }) {
  // nano reads a path in the URL as a database.
  const server = nano({ url: url.replace("://", `://${username}:${password}@`), parseUrl: false });
  const docs = () => server.request({ path: "_scheduler/docs/_replicator" });
  return {
    listDocs: docs,
    listJobs: () => server.request({ path: "_scheduler/jobs", qs: { limit: 1_000_000_000 } }),
    summary: async () => tally((await docs()).docs),
    async eachDoc(onRow) {
      for (const row of (await docs()).docs) onRow(row);
    },
  };
}
