// @ts-check
// `jobs`: what the scheduler runs, or will run again.

import { Scheduler } from "couchdb-scheduler";
import { inAFewWords, shortUrl } from "../explain.js";
import { JOB } from "../fields.js";
import { printJsonList } from "../output/json.js";
import { counting, mapped } from "../output/rows.js";
import { stateCell } from "../output/states.js";
import { plainLine, printTable } from "../output/table.js";
import { ago } from "../output/words.js";

/** @typedef {import("couchdb-scheduler").ReplicationJob} ReplicationJob */

/** @type {import("../output/table.js").Column[]} */
const COLUMNS = [
  { title: "STATE" },
  { title: "DOCUMENT", cut: "end" },
  { title: "DATABASE", cut: "middle" },
  { title: "SOURCE", cut: "middle" },
  { title: "TARGET", cut: "middle" },
  { title: "NODE", cut: "end" },
  { title: "STARTED" },
  { title: "DETAILS", cut: "end", share: 2 },
];

/** @param {ReplicationJob} job @returns {import("../output/table.js").Value[]} */
const rowOf = (job) => [
  stateCell(job.state),
  job.doc_id ?? { text: job.id, colour: "gray" },
  job.database ?? { text: "(transient)", colour: "gray" },
  shortUrl(job.source),
  shortUrl(job.target),
  job.node,
  { text: ago(job.start_time), colour: "gray" },
  inAFewWords(job),
];

/** @param {ReplicationJob} job */
const plainOf = (job) =>
  plainLine([
    job.id,
    job.database,
    job.doc_id,
    job.state,
    job.node,
    job.source,
    job.target,
    job.docs_written,
    job.changes_pending,
  ]);

/** @type {import("../command.js").Command} */
export const jobs = {
  name: "jobs",
  summary: "lists the jobs of the scheduler, on all nodes and of all databases",
  options: {},
  examples: [
    ["jobs", "all jobs, also those that POST /_replicate started"],
    ["jobs --json id,doc_id,history", "with what happened to each"],
  ],
  asks: "GET /_scheduler/jobs",
  exits: { 0: "done, also if there is none" },
  fields: JOB,
  plain: "id, database, doc_id, state, node, source, target, docs_written, changes_pending",
  async run({ options, fields, out, connect, signal }) {
    const rows = counting(out, new Scheduler(await connect()).jobs({ signal }), "job");
    if (options.json !== undefined) {
      await printJsonList(out, rows, fields);
    } else if (options.plain) {
      for await (const job of rows) await out.line(plainOf(job));
    } else {
      const count = await printTable(out, COLUMNS, mapped(rows, rowOf));
      if (count === 0) out.note("There are no jobs.");
    }
    return 0;
  },
};
