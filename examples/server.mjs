// @ts-check
// The server of the examples: COUCHDB_URL=http://user:password@host:5984, or else a simulated one in
// this process. Your own program does not need this file:
// new Scheduler("https://user:password@couch.example.com").

import { SchedulerError } from "couchdb-scheduler";
import { createSimulator } from "../simulator/index.js";

const { COUCHDB_URL } = process.env;

/** Contains user name and password; the client removes them from the URL immediately. */
export const url = COUCHDB_URL || "http://admin:pass@simulated-couchdb:5984";

/** A real server needs none. */
export const options = COUCHDB_URL ? {} : { fetch: simulated() };

/** Replaces the network: sixty replications in all states, ten times as fast as real ones. */
function simulated() {
  console.error("This is a simulated server; set COUCHDB_URL=http://user:password@host:5984 to see your own.\n");
  const { fetch, fleet } = createSimulator({ docs: 60, interval: 5_000, clock: { speed: 10 } });
  const orders = fleet.databases.get("orders");
  for (let i = 0; i < 20_000; i++) orders?.write(`order-${i}`, {});
  return fetch;
}

// Users need the message of an error, not its stack.
process.on("uncaughtException", (/** @type {NodeJS.ErrnoException} */ error) => {
  if (error.code === "EPIPE") process.exit(); // for example: node examples/list-documents.mjs | head
  const hasMessage = error instanceof SchedulerError || error instanceof TypeError || error instanceof RangeError;
  console.error(hasMessage ? error.message : error);
  let first = error;
  while (first.cause instanceof Error) first = first.cause;
  if (hasMessage && first !== error) console.error(`  ${first.message || first.code}`);
  process.exit(1);
});
