// @ts-check
// Explains why jobs wait for a slot, and how long: node examples/why-pending.mjs

import { Scheduler } from "couchdb-scheduler";
import { options, url } from "./server.mjs";
import { table } from "./table.mjs";

const scheduler = new Scheduler(url, options);
const { known, nodes } = await scheduler.capacity();

const seconds = (/** @type {number} */ ms) => `${Math.round(ms / 1000).toLocaleString("en")} s`;

for (const node of nodes) {
  console.log(`${node.node}${node.up ? "" : " (down)"}`);
  console.log(
    table([
      ["running", node.running, `of at most ${node.max_jobs.toLocaleString("en")}`],
      ["pending", node.pending, waitOf(node)],
      ["crashing", node.crashing, ""],
    ]).replace(/^/gm, "  "),
  );
  const longest = node.longest_wait;
  if (longest) console.log(`  ${longest.doc_id ?? longest.job_id} has waited longest: ${seconds(longest.ms)}`);
}
if (!known) console.log("The server does not show its settings; the limits are CouchDB's defaults.");

/** @param {import("couchdb-scheduler").NodeCapacity} node */
function waitOf({ pending, expected_wait }) {
  if (pending === 0) return "";
  return expected_wait === null ? "no slot becomes free" : `each waits for about ${seconds(expected_wait)}`;
}
