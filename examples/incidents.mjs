// @ts-check
// Shows which incidents cause the failures, in all replicator databases: node examples/incidents.mjs

import { Scheduler } from "couchdb-scheduler";
import { options, url } from "./server.mjs";

const scheduler = new Scheduler(url, options);
const incidents = await scheduler.incidents({ database: "all", examples: 3 });

for (const { total, cause, host, message, hint, since, next_retry, doc_ids } of incidents) {
  console.log(`${total} × ${cause}${host ? ` at ${host}` : ""}`);
  console.log(`  ${message}\n  ${hint}`);
  if (since) console.log(`  first ${since}${next_retry ? `, next attempt ${next_retry}` : ""}`);
  console.log(`  ${doc_ids.join(", ")}${total > doc_ids.length ? ", …" : ""}\n`);
}
const failures = incidents.reduce((sum, { total }) => sum + total, 0);
console.log(failures === 0 ? "No replication fails." : `${failures} failures, ${incidents.length} incidents`);
