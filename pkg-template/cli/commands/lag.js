// @ts-check
// `lag [DOC…]`: where replications really are.

import { Scheduler } from "couchdb-scheduler";
import { DATABASES, endpointsOf, STORED } from "../command.js";
import { LAG } from "../fields.js";
import { printJsonList } from "../output/json.js";
import { mapped } from "../output/rows.js";
import { stateCell } from "../output/states.js";
import { plainLine, printTable } from "../output/table.js";
import { ago } from "../output/words.js";

/** @typedef {import("couchdb-scheduler").Lag} Lag */

/** @type {import("../output/table.js").Column[]} */
const COLUMNS = [
  { title: "STATE" },
  { title: "DOCUMENT", cut: "end" },
  { title: "BACKLOG", align: "right" },
  { title: "PROGRESS" },
  { title: "RESUMES FROM" },
  { title: "REFUSED", align: "right" },
  { title: "NOT KNOWN BECAUSE", cut: "end", share: 3 },
];

/** What an end says instead of its checkpoint. @param {"source" | "target"} side @param {Lag["source"]} end */
function troubleOf(side, { status, error }) {
  if (status === "found" || status === "missing") return "";
  return error ? `${side}: ${error.message}` : `the ${side} is on another server: --stored asks it`;
}

/** @param {Lag} lag */
function rowOf(lag) {
  const { backlog, backlog_is_upper_bound, last_progress, resume, doc_write_failures, source, target } = lag;
  const bound = backlog_is_upper_bound && backlog !== 0 ? "≤ " : "";
  const hasJob = ["running", "pending", "crashing"].includes(lag.state ?? "");
  const troubles = [troubleOf("source", source), troubleOf("target", target)].filter(Boolean);
  return [
    stateCell(lag.state),
    lag.doc_id,
    backlog === null ? "unknown" : `${bound}${backlog.toLocaleString("en")}`,
    ago(last_progress) || "unknown",
    resume.from.replace("_", " "),
    doc_write_failures ?? "unknown",
    hasJob ? troubles.join("; ") : "it has no job",
  ];
}

/** @param {Lag} lag */
const plainOf = ({ database, doc_id, state, backlog, last_progress, resume, doc_write_failures, source, target }) =>
  plainLine([
    doc_id,
    database,
    state,
    backlog,
    last_progress,
    resume.from,
    doc_write_failures,
    source.status,
    target.status,
  ]);

/** @type {import("../command.js").Command} */
export const lag = {
  name: "lag",
  summary: "shows how far replications are behind, whatever their state is",
  args: "[DOC…]",
  count: [0, Number.POSITIVE_INFINITY],
  options: { ...STORED, ...DATABASES },
  examples: [
    ["lag", "all replications that have a job"],
    ["lag orders --stored", "one; the databases may be on other servers"],
    ["lag --json doc_id,backlog", "for programs; null is unknown"],
  ],
  notes: [
    "The backlog is the number of changes from the checkpoints, or from where a running replication is. Databases of other " +
      "servers are asked only with --stored: each credential goes to the server for which it was written, and nowhere else.",
  ],
  asks:
    "GET /_scheduler/docs/{database}, the replication documents, POST /{end}/_local_docs for the checkpoints, and " +
    "GET /{source}/_changes?limit=0; 8 requests at a time at most",
  exits: { 0: "done, also where something is unknown" },
  fields: LAG,
  plain:
    "doc_id, database, state, backlog, last_progress, resumes from, doc_write_failures, status of source, of target",
  async run({ options, args, fields, out, connect, signal }) {
    const scheduler = new Scheduler(await connect());
    const asked = { database: options.database, endpoints: endpointsOf(options), signal };
    const lags = args.length > 0 ? each(args, (id) => scheduler.lag(id, asked)) : scheduler.lags(asked);
    if (options.json !== undefined) {
      await printJsonList(out, lags, fields);
    } else if (options.plain) {
      for await (const found of lags) await out.line(plainOf(found));
    } else {
      if ((await printTable(out, COLUMNS, mapped(lags, rowOf))) === 0) out.note("No replication has a job.");
    }
    return 0;
  },
};

/** One after the other. @template T @param {string[]} ids @param {(id: string) => Promise<T>} work */
async function* each(ids, work) {
  for (const id of ids) yield await work(id);
}
