// @ts-check
// `summary`: how many replications are in each state.

import { REPLICATION_STATES, Scheduler } from "couchdb-scheduler";
import { DATABASES } from "../command.js";
import { SUMMARY } from "../fields.js";
import { printJson } from "../output/json.js";
import { stateCell } from "../output/states.js";
import { plainLine, printTable } from "../output/table.js";
import { counted } from "../output/words.js";

/** @type {import("../command.js").Command} */
export const summary = {
  name: "summary",
  summary: "counts the replications in each state",
  options: DATABASES,
  examples: [
    ["summary", "counts the documents of _replicator"],
    ["summary -d all", "counts those of all replicator databases"],
    ["summary --json states,unhealthy", "for programs"],
  ],
  asks: "GET /_scheduler/docs/{database}; the rows are counted while they arrive, and not kept",
  exits: { 0: "done, whatever the states are; `check` has codes for these" },
  fields: SUMMARY,
  plain: "name and number, one pair per line",
  async run({ options, fields, out, connect, signal }) {
    const scheduler = new Scheduler(await connect());
    const { database } = options;
    const onProgress = (/** @type {number} */ rows, /** @type {number} */ total) =>
      out.progress.show(`${rows.toLocaleString("en")} of ${counted(total, "document")} counted`);
    const result = await scheduler.summary({ database, signal, onProgress });
    if (options.json !== undefined) {
      await printJson(out, result, fields);
      return 0;
    }
    const { states, database: _, ...numbers } = result;
    if (options.plain) {
      for (const [name, number] of Object.entries({ ...states, ...numbers })) await out.line(plainLine([name, number]));
      return 0;
    }
    const columns = [{ title: "" }, { title: "", align: /** @type {const} */ ("right") }];
    const rows = REPLICATION_STATES.map((state) => [stateCell(state), states[state]]);
    if (result.unknown > 0) rows.push([stateCell(null), result.unknown]);
    await printTable(out, columns, rows);
    await out.line("");
    await printTable(out, columns, [
      ["replications", result.total],
      ["healthy", result.healthy],
      [{ text: "unhealthy", ...(result.unhealthy > 0 ? { colour: "red" } : {}) }, result.unhealthy],
      ["retrying after a crash", result.retrying],
      ["documents read", result.docs_read],
      ["documents written", result.docs_written],
      ["refused by the targets", result.doc_write_failures],
      ["changes pending", result.changes_pending ?? "unknown"],
    ]);
    return 0;
  },
};
