// @ts-check
// `list`: the replication documents and their states.

import { Scheduler } from "couchdb-scheduler";
import { DATABASE } from "../command.js";
import { errorOf, inAFewWords, shortUrl } from "../explain.js";
import { DOC } from "../fields.js";
import { states } from "../kinds.js";
import { printJsonList } from "../output/json.js";
import { counting, mapped } from "../output/rows.js";
import { stateCell } from "../output/states.js";
import { plainLine, printTable } from "../output/table.js";
import { ago } from "../output/words.js";

/** @typedef {import("couchdb-scheduler").ReplicationDoc} ReplicationDoc */

/** @type {import("../output/table.js").Column[]} */
const COLUMNS = [
  { title: "STATE" },
  { title: "DOCUMENT", cut: "end" },
  { title: "SOURCE", cut: "middle" },
  { title: "TARGET", cut: "middle" },
  { title: "CHANGED" },
  { title: "DETAILS", cut: "end", share: 2 },
];

/** @param {ReplicationDoc} doc */
const rowOf = (doc) => [
  stateCell(doc.state),
  doc.doc_id,
  shortUrl(doc.source),
  shortUrl(doc.target),
  { text: ago(doc.last_updated), colour: /** @type {const} */ ("gray") },
  inAFewWords(doc),
];

/** @param {ReplicationDoc} doc */
const plainOf = (doc) =>
  plainLine([doc.doc_id, doc.state, doc.source, doc.target, doc.error_count, doc.last_updated, errorOf(doc)]);

/** @type {import("../command.js").Command} */
export const list = {
  name: "list",
  summary: "lists replication documents",
  options: { state: { kind: states, short: "s", help: "only in these states: failed,crashing" }, ...DATABASE },
  examples: [
    ["list", "all documents of _replicator, in the order of their ids"],
    ["list --state crashing,error,failed", "those that have a problem"],
    ["list --state failed --plain | cut -f1", "the ids of those that failed"],
    ["list --json doc_id,state", "JSON with two fields"],
  ],
  asks: "GET /_scheduler/docs/{database} in pages, and GET /{database}/_all_docs; with --state in one stream",
  exits: { 0: "done, also if there is none" },
  fields: DOC,
  plain: "doc_id, state, source, target, error_count, last_updated, error",
  async run({ options, fields, out, connect, signal }) {
    const scheduler = new Scheduler(await connect());
    const { database, state } = options;
    const docs = counting(out, scheduler.docs({ database, states: state, signal }), "document");
    if (options.json !== undefined) {
      await printJsonList(out, docs, fields);
    } else if (options.plain) {
      for await (const doc of docs) await out.line(plainOf(doc));
    } else {
      const count = await printTable(out, COLUMNS, mapped(docs, rowOf));
      if (count === 0) out.note(state ? "No replication is in these states." : "There are no replication documents.");
    }
    return 0;
  },
};
