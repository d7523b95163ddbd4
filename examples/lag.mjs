// @ts-check
// Shows how far behind all replications are, the farthest first: node examples/lag.mjs [stored]
// Databases of this server only; with "stored" also those of other servers, with the credentials in
// the replication documents.

import { Scheduler } from "couchdb-scheduler";
import { options, url } from "./server.mjs";
import { table } from "./table.mjs";

const scheduler = new Scheduler(url, options);
const endpoints = process.argv[2] === "stored" ? "stored" : undefined;

const lags = [];
for await (const lag of scheduler.lags({ database: "all", endpoints })) lags.push(lag);
if (lags.length === 0) {
  console.log("There are no replications with a job.");
  process.exit();
}
lags.sort((one, other) => (other.backlog ?? -1) - (one.backlog ?? -1) || (one.doc_id < other.doc_id ? -1 : 1));

const rows = lags.map(({ doc_id, state, backlog, backlog_is_upper_bound, last_progress, resume, source, target }) => {
  const failing = [source, target].find(({ error }) => error !== null);
  return [
    doc_id,
    state ?? "-",
    backlog === null ? "unknown" : `${backlog_is_upper_bound ? "at most " : ""}${backlog}`,
    last_progress ?? "-",
    failing ? `${failing.status}: ${failing.url}` : resume.from.replace("_", " "),
  ];
});
console.log(table([["DOCUMENT", "STATE", "BACKLOG", "LATEST PROGRESS", "A RESTART CONTINUES AT"], ...rows]));
console.log(`\n${lags.length} replications`);
