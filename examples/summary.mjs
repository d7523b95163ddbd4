// @ts-check
// Counts the documents in each state: node examples/summary.mjs

import { Scheduler } from "couchdb-scheduler";
import { options, url } from "./server.mjs";
import { table } from "./table.mjs";

const scheduler = new Scheduler(url, options);
const summary = await scheduler.summary();

if (summary.total === 0) {
  console.log("There are no replication documents.");
  process.exit();
}

const bar = (/** @type {number} */ count) => "█".repeat(Math.ceil((40 * count) / summary.total));
console.log(
  table([
    ...Object.entries(summary.states).map(([state, count]) => [count, state, bar(count)]),
    [],
    [summary.total, "replications"],
    [summary.healthy, "healthy"],
    [summary.unhealthy, "unhealthy"],
    [summary.retrying, "retrying"],
    [],
    [summary.docs_read, "documents read"],
    [summary.docs_written, "documents written"],
    [summary.doc_write_failures, "refused by the target"],
    [summary.changes_pending, "changes pending"],
  ]),
);
