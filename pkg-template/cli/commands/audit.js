// @ts-check
// `audit`: whether the scheduler's account is true.

import { Scheduler } from "couchdb-scheduler";
import { DATABASES, endpointsOf, STORED } from "../command.js";
import { AUDIT } from "../fields.js";
import { count, duration, text } from "../kinds.js";
import { printJson } from "../output/json.js";
import { plainLine, printTable } from "../output/table.js";
import { ago, counted } from "../output/words.js";
import { readState, writeState } from "../state-file.js";

/**
 * @typedef {import("couchdb-scheduler").Finding} Finding
 * @typedef {import("couchdb-scheduler").Audit} Audit
 */

/** @type {Record<Finding["severity"], import("../output/table.js").Cell>} */
const LOOKS = {
  info: { text: "i info", colour: "blue" },
  warning: { text: "! warning", colour: "yellow" },
  critical: { text: "✗ critical", colour: "red" },
};

/** @type {import("../output/table.js").Column[]} */
const COLUMNS = [
  { title: "SEVERITY" },
  { title: "KIND" },
  { title: "SEEN" },
  { title: "WHERE", cut: "end" },
  { title: "SINCE" },
  { title: "MESSAGE", cut: "end", share: 4 },
];

/** The document, the job or the node. @param {Finding} finding */
const whereOf = ({ doc_id, job_id, node }) => doc_id ?? job_id ?? node;

/** @param {Finding} finding */
const rowOf = (finding) => [
  LOOKS[finding.severity],
  finding.kind,
  finding.confirmed ? "confirmed" : "suspected",
  whereOf(finding),
  ago(finding.since),
  finding.message,
];

/** @param {Finding} finding */
const plainOf = ({ severity, kind, confirmed, database, doc_id, job_id, node, since, message }) =>
  plainLine([severity, kind, confirmed ? "confirmed" : "suspected", database, doc_id, job_id, node, since, message]);

/** @type {import("../command.js").Command} */
export const audit = {
  name: "audit",
  summary: "finds what the states do not show: jobs that hang, starve, crash unseen or lose documents",
  options: {
    window: {
      kind: duration,
      help: "wait for a second look, 2m or longer, which confirms what the first one suspects",
    },
    state: { kind: text("FILE"), help: "keep what this look has seen, so that the next run confirms it" },
    "max-backlog": { kind: count(0), help: "report replications with more pending changes" },
    "max-silence": {
      kind: duration,
      help: "report replications without progress for longer, while changes are pending",
    },
    grace: { kind: duration, help: "after which time a warning becomes critical; default: 10m" },
    ...STORED,
    ...DATABASES,
  },
  examples: [
    ["audit --window 2m", "looks twice, and reports what both looks have seen"],
    ["audit --state /var/tmp/audit.json", "for cron: each run confirms what the preceding one suspected"],
    ["audit -d all --json findings", "of all databases, for programs"],
  ],
  notes: ["`check --state FILE` does the same for Nagios and Icinga."],
  asks:
    "GET /_scheduler/jobs, /_active_tasks, /_scheduler/docs/{database}, /_membership; about what looks suspicious also " +
    "/_node/{node}/_config/replicator, /{source}/_changes and POST /{end}/_local_docs",
  exits: { 0: "done, whatever was found; `check` has codes for this" },
  fields: AUDIT,
  plain: "severity, kind, confirmed or suspected, database, doc_id, job_id, node, since, message",
  async run({ options, fields, out, connect, signal }) {
    const client = await connect();
    const { database, window, grace, state } = options;
    const previous = readState(state, client.url, database ?? "_replicator");
    if (window !== undefined) out.progress.show(`the second look follows in ${Math.ceil(window / 1000)} s`);
    const found = await new Scheduler(client).audit({
      database,
      previous,
      window,
      grace,
      maxBacklog: options["max-backlog"],
      maxSilence: options["max-silence"],
      endpoints: endpointsOf(options),
      signal,
    });
    writeState(state, client.url, database ?? "_replicator", found.snapshot);
    if (options.json !== undefined) {
      await printJson(out, found, fields);
      return 0;
    }
    if (options.plain) {
      for (const finding of found.findings) await out.line(plainOf(finding));
    } else {
      await printTable(out, COLUMNS, found.findings.map(rowOf));
      await printVerdict(out, found);
    }
    for (const { what, error } of found.blind_spots) out.note(`Not seen: ${what}: ${error.message}`);
    return 0;
  },
};

/** @param {import("../output/output.js").Output} out @param {Audit} found */
async function printVerdict(out, { verdict, findings, checked }) {
  const { docs, jobs, tasks, nodes } = checked;
  const seen = [counted(docs, "document"), counted(jobs, "job"), counted(tasks, "task"), counted(nodes, "node")];
  if (findings.length > 0) await out.line("");
  await out.line(`${verdict}: ${counted(findings.length, "finding")} in ${seen.join(", ")}`);
}
