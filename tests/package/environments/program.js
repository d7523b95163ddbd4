// @ts-check
// The program that runs everywhere. It is copied as text into each project, so it must not refer to anything outside itself.

/**
 * Lists, iterates, counts, meets an error, aborts a call and frees.
 *
 * @param {Pick<typeof import("couchdb-scheduler"), "Scheduler" | "SchedulerError">} couchdbScheduler
 * @param {string} url with an admin's name and password
 */
export async function exercise({ Scheduler, SchedulerError }, url) {
  const scheduler = new Scheduler(url);

  const { docs } = await scheduler.listDocs({ states: ["crashing", "failed"], limit: 3 });
  let iterated = 0;
  for await (const doc of scheduler.docs({ pageSize: 100 })) {
    if (doc.state !== null) iterated++;
  }
  const { states } = await scheduler.summary();

  const error = await scheduler.getDoc("no-such-document").catch((reason) => reason);
  const controller = new AbortController();
  const aborted = scheduler.listDocs({ signal: controller.signal }).catch((reason) => reason);
  controller.abort("enough");

  const abortReason = await aborted;
  scheduler.free();
  let afterFree = "still in use";
  try {
    await scheduler.summary();
  } catch {
    afterFree = "refused";
  }

  return {
    listed: docs.map(({ doc_id, state }) => [doc_id, state]),
    iterated,
    states,
    error: error instanceof SchedulerError ? [error.code, error.status] : String(error),
    abortReason,
    afterFree,
  };
}
