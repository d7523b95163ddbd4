// @ts-check
// `incidents`: what is wrong, by cause: three hundred failing documents are often one incident.

import { Scheduler } from "couchdb-scheduler";
import { DATABASES } from "../command.js";
import { INCIDENT } from "../fields.js";
import { referenceOf } from "../incident.js";
import { count } from "../kinds.js";
import { printJsonList } from "../output/json.js";
import { plainLine, printTable } from "../output/table.js";
import { ago, counted } from "../output/words.js";

/** @type {import("../output/table.js").Column[]} */
const COLUMNS = [
  { title: "DOCUMENTS", align: "right" },
  { title: "INCIDENT" },
  { title: "LATEST" },
  { title: "EXAMPLE", cut: "end" },
  { title: "MESSAGE", cut: "end", share: 4 },
];

/** @type {import("../command.js").Command} */
export const incidents = {
  name: "incidents",
  summary: "groups what fails by its cause",
  options: { examples: { kind: count(0), help: "ids of documents for each incident; default: 5" }, ...DATABASES },
  examples: [
    ["incidents", "one line for each cause, end and host"],
    ["incidents -d all --json message,hint,doc_ids", "of all replicator databases, with advice and ids"],
    ["restart --incident timeout@couch.example.com --yes", "tries again what an incident affects"],
  ],
  asks: "GET /_scheduler/docs/{database}, with -d all also GET /_all_dbs; the rows are counted, and not kept",
  exits: { 0: "done, also if there is none" },
  fields: INCIDENT,
  plain: "incident, total, side, since, latest, next_retry, message",
  async run({ options, fields, out, connect, signal }) {
    const { database, examples } = options;
    const onProgress = (/** @type {number} */ rows) => out.progress.show(`${counted(rows, "document")} counted`);
    const found = await new Scheduler(await connect()).incidents({ database, examples, signal, onProgress });
    if (options.json !== undefined) {
      await printJsonList(out, found, fields);
    } else if (options.plain) {
      for (const incident of found) {
        const { total, side, since, latest, next_retry, message } = incident;
        await out.line(plainLine([referenceOf(incident), total, side, since, latest, next_retry, message]));
      }
    } else {
      const rows = found.map((incident) => {
        const { total, latest, message, doc_ids } = incident;
        return [
          total,
          { text: referenceOf(incident), colour: /** @type {const} */ ("yellow") },
          ago(latest),
          doc_ids[0],
          message,
        ];
      });
      await printTable(out, COLUMNS, rows);
      if (found.length === 0) out.note("Nothing fails.");
    }
    return 0;
  },
};
