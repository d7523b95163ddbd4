// @ts-check
// `capacity`: why jobs wait, and how long.

import { Scheduler } from "couchdb-scheduler";
import { CAPACITY } from "../fields.js";
import { printJson } from "../output/json.js";
import { plainLine, printTable } from "../output/table.js";
import { lasting } from "../output/words.js";

/** @typedef {import("couchdb-scheduler").NodeCapacity} NodeCapacity */

/** @type {import("../output/table.js").Column[]} */
const COLUMNS = [
  { title: "NODE", cut: "end" },
  { title: "RUNNING", align: "right" },
  { title: "PENDING", align: "right" },
  { title: "CRASHING", align: "right" },
  { title: "MAX JOBS", align: "right" },
  { title: "EXPECTED WAIT" },
  { title: "LONGEST WAIT", cut: "end" },
];

/** @param {NodeCapacity} node */
const rowOf = ({ node, up, running, pending, crashing, max_jobs, expected_wait, longest_wait }) => [
  up ? node : { text: `${node} (not connected)`, colour: /** @type {const} */ ("red") },
  running,
  pending,
  crashing,
  max_jobs,
  expected_wait === null ? "no slot becomes free" : expected_wait === 0 ? "" : lasting(expected_wait),
  longest_wait ? `${lasting(longest_wait.ms)}: ${longest_wait.doc_id ?? longest_wait.job_id}` : "",
];

/** @param {NodeCapacity} node */
const plainOf = ({ node, up, running, pending, crashing, max_jobs, max_churn, interval, expected_wait }) =>
  plainLine([node, up ? "up" : "down", running, pending, crashing, max_jobs, max_churn, interval, expected_wait]);

/** @type {import("../command.js").Command} */
export const capacity = {
  name: "capacity",
  summary: "shows why jobs wait and how long: limits and load of each node",
  options: {},
  examples: [
    ["capacity", "one line per node"],
    ["capacity --json nodes", "all limits, for programs; times are milliseconds"],
  ],
  asks: "GET /_membership, GET /_node/{node}/_config/replicator, GET /_scheduler/jobs",
  exits: { 0: "done" },
  fields: CAPACITY,
  plain: "node, up or down, running, pending, crashing, max_jobs, max_churn, interval, expected_wait",
  async run({ options, fields, out, connect, signal }) {
    const scheduler = new Scheduler(await connect());
    out.progress.show("waiting for jobs and nodes");
    const found = await scheduler.capacity({ signal });
    out.progress.end();
    if (options.json !== undefined) {
      await printJson(out, found, fields);
      return 0;
    }
    if (options.plain) for (const node of found.nodes) await out.line(plainOf(node));
    else await printTable(out, COLUMNS, found.nodes.map(rowOf));
    if (!found.known) out.note("The server does not show the limits of each node; CouchDB's defaults are assumed.");
    return 0;
  },
};
