// @ts-check
// Tries the failing replications again, from their checkpoints: node examples/restart-failing.mjs [STATE …]
// All of them, or those in these states: crashing, error, failed.

import { Replicator, Scheduler } from "couchdb-scheduler";
import { options, url } from "./server.mjs";

/** @type {any} */
const states = process.argv.length > 2 ? process.argv.slice(2) : ["crashing", "error", "failed"];
const scheduler = new Scheduler(url, options);
const replicator = new Replicator(scheduler.client);

/** Ids as they are listed: a fleet of any size needs little memory. */
async function* failing() {
  for await (const { doc_id } of scheduler.docs({ states })) yield doc_id;
}

let count = 0;
for await (const result of replicator.restartReplications(failing())) {
  count++;
  if ("error" in result) {
    console.log(`${result.id}: not restarted. ${result.error.message}`);
  } else {
    const start = result.resumes === "checkpoint" ? "from its checkpoint" : "from the beginning";
    console.log(`${result.id}: was ${result.from}, restarted ${start}`);
  }
}
console.log(
  count === 0 ? "No replication fails." : `\n${count} replications were tried again; see examples/failing.mjs`,
);
