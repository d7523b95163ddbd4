// @ts-check
// Lists the running jobs with their progress and latest three events: node examples/list-jobs.mjs

import { progress, Scheduler } from "couchdb-scheduler";
import { options, url } from "./server.mjs";
import { table } from "./table.mjs";

const scheduler = new Scheduler(url, options);
const { jobs } = await scheduler.listJobs();
const running = jobs.filter(({ state }) => state === "running");

for (const job of running) {
  console.log(job.doc_id ? `${job.doc_id} in ${job.database}` : "A request to _replicate");
  console.log(`  ${job.source} → ${job.target}`);
  console.log(`  ${howFar(progress(job))}`);
  const events = job.history.slice(0, 3);
  console.log(`${table(events.map(({ timestamp, type, reason }) => ["", timestamp, type, reason ?? ""]))}\n`);
}
console.log(jobs.length === 0 ? "There are no jobs." : `${running.length} of ${jobs.length} jobs are running.`);

/** @param {import("couchdb-scheduler").Progress} progress */
function howFar({ docs_written, changes_pending, fraction }) {
  if (docs_written === null) return "no counters yet";
  if (changes_pending === null) return `${docs_written} documents written, number of pending changes unknown`;
  if (changes_pending === 0) return `${docs_written} documents written, up to date`;
  return `${docs_written} documents written, ${changes_pending} changes pending, ${Math.floor(100 * (fraction ?? 0))} %`;
}
