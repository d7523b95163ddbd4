// @ts-check
// The measured client.

import { countedIncidents } from "./rows.js";

/** @type {import("./index.js").Connect} */
export async function connect(url, auth, entry) {
  /** @type {typeof import("couchdb-scheduler")} */
  const { Scheduler } = await import(entry);
  const scheduler = new Scheduler(url, { auth });
  return {
    tick: ticking(Scheduler, url, auth),
    listDocs: () => scheduler.listDocs(),
    listJobs: () => scheduler.listJobs(),
    async firstJobs() {
      for await (const changes of scheduler.watchJobs()) {
        return { jobs: changes.flatMap(({ job }) => job ?? []) };
      }
      return { jobs: [] };
    },
    summary: () => scheduler.summary(),
    incidents: async () => countedIncidents(await scheduler.incidents()),
    async eachDoc(onRow) {
      for await (const row of scheduler.docs()) onRow(row);
    },
  };
}

/**
 * A tick waits for its interval, which is not measured: it takes from its first request to its batch.
 *
 * @param {typeof import("couchdb-scheduler").Scheduler} Scheduler
 * @param {string} url
 * @param {{ username: string, password: string }} auth
 */
function ticking(Scheduler, url, auth) {
  let began = 0;
  let total = 0;
  /** @type {AsyncIterableIterator<import("couchdb-scheduler").Change[]> | undefined} */
  let watch;
  const next = async () => {
    began = 0;
    const { value: batch } = (await watch?.next()) ?? {};
    for (const { type } of batch) total += type === "added" ? 1 : type === "removed" ? -1 : 0;
    return { total, changes: batch.length, time: performance.now() - began };
  };
  return async () => {
    if (watch === undefined) {
      const scheduler = new Scheduler(url, {
        auth,
        fetch: (url, init) => {
          began ||= performance.now();
          return fetch(url, init);
        },
      });
      watch = scheduler.watch({ interval: 1 });
    }
    return next();
  };
}
