// @ts-check
// Code without a library: `fetch`, `json()`, and a few lines that normalize the rows.

import { incidentsOf, tally, wholeDoc, wholeJob } from "./rows.js";

/**
 * Made for rows: each value is a plain value, or an `info` of plain values.
 *
 * @param {any} one
 * @param {any} other
 */
function isSame(one, other) {
  if (one === other) return true;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return false;
  for (const key in other) if (one[key] !== other[key] && !isSame(one[key], other[key])) return false;
  return true;
}

/** Compares each list with the one that precedes it. */
export function comparing() {
  /** @type {Map<string, object>} */
  let known = new Map();
  return (/** @type {any[]} */ docs) => {
    const rows = new Map();
    let changes = 0;
    for (const row of docs) {
      const doc = wholeDoc(row);
      if (!isSame(known.get(doc.doc_id), doc)) changes++;
      rows.set(doc.doc_id, doc);
    }
    for (const id of known.keys()) if (!rows.has(id)) changes++;
    known = rows;
    return { total: rows.size, changes };
  };
}

/** @type {import("./index.js").Connect} */
export function connect(url, { username, password }, entry) {
  const headers = { accept: "application/json", authorization: `Basic ${btoa(`${username}:${password}`)}` };
  /** @param {string} path */
  const get = async (path) => (await fetch(`${url}/${path}`, { headers })).json();
  const compare = comparing();
  return {
    tick: async () => compare((await get("_scheduler/docs/_replicator")).docs),
    async listDocs() {
      const { docs, ...counts } = await get("_scheduler/docs/_replicator");
      return { ...counts, docs: docs.map(wholeDoc) };
    },
    async listJobs() {
      const { jobs, ...counts } = await get("_scheduler/jobs?limit=1000000000");
      return { ...counts, jobs: jobs.map(wholeJob) };
    },
    async firstJobs() {
      return { jobs: (await get("_scheduler/jobs?limit=1000000000")).jobs.map(wholeJob) };
    },
    async summary() {
      return tally((await get("_scheduler/docs/_replicator")).docs);
    },
    async incidents() {
      const { diagnose } = await import(entry);
      const { docs } = await get("_scheduler/docs/_replicator?states=crashing,error,failed");
      return incidentsOf(docs, diagnose);
    },
    async eachDoc(onRow) {
      for (const row of (await get("_scheduler/docs/_replicator")).docs) onRow(wholeDoc(row));
    },
  };
}
