// @ts-check
// Shows which incidents cause the failures, in all replicator databases: node examples/incidents.mjs

import { Scheduler } from "couchdb-scheduler";
import { options, url } from "./server.mjs";

const scheduler = new Scheduler(url, options);
const incidents = await scheduler.incidents({ database: "all", examples: 3 });

for (const { total, cause, host, message, hint, since, next_retry, doc_ids } of incidents) {
  console.log(`${total.toLocaleString("en")} × ${cause}${host ? ` at ${host}` : ""}`);
  console.log(`  ${message}\n  ${hint}`);
  if (since) console.log(`  since ${since}${next_retry ? `, next attempt at ${next_retry}` : ""}`);
  console.log(`  ${doc_ids.join(", ")}${total > doc_ids.length ? ", …" : ""}\n`);
}
const documents = incidents.reduce((sum, { total }) => sum + total, 0);
console.log(documents === 0 ? "No replication fails." : `${documents} failures, ${incidents.length} incidents`);
