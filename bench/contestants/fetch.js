// @ts-check
// What one writes without a library: `fetch`, `json()`, and a few lines for what the rows lack.

import { tally, wholeDoc, wholeJob } from "./rows.js";

/** @type {import("./index.js").Connect} */
export function connect(url, { username, password }) {
  const headers = { accept: "application/json", authorization: `Basic ${btoa(`${username}:${password}`)}` };
  /** @param {string} path */
  const get = async (path) => (await fetch(`${url}/${path}`, { headers })).json();
  return {
    async listDocs() {
      const { docs, ...counts } = await get("_scheduler/docs/_replicator");
      return { ...counts, docs: docs.map(wholeDoc) };
    },
    async listJobs() {
      const { jobs, ...counts } = await get("_scheduler/jobs?limit=1000000000");
      return { ...counts, jobs: jobs.map(wholeJob) };
    },
    async summary() {
      return tally((await get("_scheduler/docs/_replicator")).docs);
    },
    async eachDoc(onRow) {
      for (const row of (await get("_scheduler/docs/_replicator")).docs) onRow(wholeDoc(row));
    },
  };
}
