// @ts-check
// Apache's client. It knows no scheduler, so `request` is what it can do; its rows are taken as they come.

import nano from "nano";
import { tally } from "./rows.js";

/** @type {import("./index.js").Connect} */
export function connect(url, { username, password }) {
  // A path in the URL would be taken for a database.
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
