// @ts-check
// The one that is measured.

/** @type {import("./index.js").Connect} */
export async function connect(url, auth, entry) {
  /** @type {typeof import("couchdb-scheduler")} */
  const { Scheduler } = await import(entry);
  const scheduler = new Scheduler(url, { auth });
  return {
    listDocs: () => scheduler.listDocs(),
    listJobs: () => scheduler.listJobs(),
    summary: () => scheduler.summary(),
    async eachDoc(onRow) {
      for await (const row of scheduler.docs()) onRow(row);
    },
  };
}
