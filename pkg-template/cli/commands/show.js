// @ts-check
// `show DOC`: all about one replication.

import { diagnose, progress, Scheduler } from "couchdb-scheduler";
import { DATABASE } from "../command.js";
import { isSchedulerError } from "../failures.js";
import { printJson } from "../output/json.js";
import { stateCell } from "../output/states.js";
import { printTable } from "../output/table.js";
import { ago } from "../output/words.js";

/**
 * @typedef {import("couchdb-scheduler").ReplicationJob} ReplicationJob
 * @typedef {import("couchdb-scheduler").ReplicationDoc} ReplicationDoc
 */

/** Its job, for the history; null if it has none any more. @param {Scheduler} scheduler @param {string | null} id @param {AbortSignal} signal */
async function jobOf(scheduler, id, signal) {
  if (id === null) return null;
  try {
    return await scheduler.getJob(id, { signal });
  } catch (error) {
    if (isSchedulerError(error) && error.code === "not_found") return null;
    throw error;
  }
}

/** "2026-11-24T12:00:00Z (5 min ago)" @param {string | null} time */
const moment = (time) => (time === null ? "" : `${time} (${ago(time)})`);

/** @param {import("couchdb-scheduler").Progress} far @returns {[string, import("../output/table.js").Value][]} */
function rowsOfProgress(far) {
  if (far.docs_written === null) return [];
  return [
    ["documents read", far.docs_read],
    ["documents written", far.docs_written],
    ["refused by the target", far.doc_write_failures],
    ["changes pending", far.changes_pending ?? "unknown"],
    ["completed", far.fraction === null ? "" : `${Math.floor(far.fraction * 100)} %`],
  ];
}

/** @type {import("../command.js").Command} */
export const show = {
  name: "show",
  summary: "explains one replication: its state, why it fails, what happened",
  args: "DOC",
  count: [1, 1],
  options: DATABASE,
  examples: [
    ["show orders", "the replication of the document orders"],
    ["show orders --json diagnosis", "why it fails, for programs"],
  ],
  asks: "GET /_scheduler/docs/{database}/{doc}, and GET /_scheduler/jobs/{id} if it has a job",
  exits: { 0: "done, whatever the state is" },
  fields: ["doc", "diagnosis", "progress", "job"],
  async run({ options, args: [docId = ""], fields, out, connect, signal }) {
    const scheduler = new Scheduler(await connect());
    out.progress.show("waiting for the document");
    const doc = await scheduler.getDoc(docId, { database: options.database, signal });
    const job = await jobOf(scheduler, doc.id, signal);
    out.progress.end();
    const diagnosis = diagnose(doc);
    const far = progress(doc);
    if (options.json !== undefined) {
      await printJson(out, { doc, diagnosis, progress: far, job }, fields);
      return 0;
    }
    /** @type {[string, import("../output/table.js").Value][]} */
    const rows = [
      ["document", doc.doc_id],
      ["database", doc.database],
      ["state", stateCell(doc.state)],
      ["source", doc.source],
      ["target", doc.target],
      ["node", doc.node],
      ["started", moment(doc.start_time)],
      ["changed", moment(doc.last_updated)],
      ["failures", doc.error_count > 0 ? doc.error_count : null],
      ["failing since", moment(diagnosis?.since ?? null)],
      ["next attempt", moment(diagnosis?.next_retry ?? null)],
      ...rowsOfProgress(far),
    ];
    const columns = [{ title: "" }, { title: "" }];
    await printTable(
      out,
      columns,
      rows.filter(([, value]) => value !== null && value !== ""),
    );
    if (diagnosis) {
      await printTable(out, [{ title: "" }], [[""], [diagnosis.message], [diagnosis.hint]]);
    }
    await printHistory(out, job);
    return 0;
  },
};

/** @param {import("../output/output.js").Output} out @param {ReplicationJob | null} job */
async function printHistory(out, job) {
  if (!job || job.history.length === 0) return;
  await out.line("");
  const rows = job.history.map(({ timestamp, type, reason }) => [timestamp, type, reason?.replace(/\s+/g, " ")]);
  await printTable(out, [{ title: "HISTORY" }, { title: "" }, { title: "", cut: "end" }], rows);
}
