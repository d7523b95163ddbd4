// @ts-check
// Where the examples find their server: COUCHDB_URL=http://user:password@host:5984, or else a simulated one in this
// process. A program of your own needs nothing of this file: new Scheduler("https://user:password@couch.example.com").

import { SchedulerError } from "couchdb-scheduler";
import { createSimulator } from "../simulator/index.js";

const { COUCHDB_URL } = process.env;

/** With user name and password, which leave the URL for a header at once. */
export const url = COUCHDB_URL || "http://admin:pass@simulated-couchdb:5984";

/** None that a real server needs. */
export const options = COUCHDB_URL ? {} : { fetch: simulated() };

/** What answers instead of the network: sixty replications in all states, ten times as fast as real ones. */
function simulated() {
  console.error("This is a simulated server; set COUCHDB_URL=http://user:password@host:5984 to see your own.\n");
  const { fetch, fleet } = createSimulator({ docs: 60, interval: 5_000, clock: { speed: 10 } });
  const orders = fleet.databases.get("orders");
  for (let i = 0; i < 20_000; i++) orders?.write(`order-${i}`, {});
  return fetch;
}

// A person wants to know what is wrong with the server, and not where in the code it came out.
process.on("uncaughtException", (/** @type {NodeJS.ErrnoException} */ error) => {
  if (error.code === "EPIPE") process.exit(); // as of: node examples/list-documents.mjs | head
  const told = error instanceof SchedulerError || error instanceof TypeError || error instanceof RangeError;
  console.error(told ? error.message : error);
  let first = error;
  while (first.cause instanceof Error) first = first.cause;
  if (told && first !== error) console.error(`  ${first.message || first.code}`);
  process.exit(1);
});
