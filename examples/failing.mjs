// @ts-check
// Lists the failing replications by cause: node examples/failing.mjs

import { diagnose, Scheduler } from "couchdb-scheduler";
import { options, url } from "./server.mjs";
import { table } from "./table.mjs";

const scheduler = new Scheduler(url, options);

// Groups those with the same cause and the same hint.
/** @type {Map<string, (string | null)[][]>} */
const groups = new Map();
let count = 0;

for await (const doc of scheduler.docs({ states: ["crashing", "error", "failed"] })) {
  const diagnosis = diagnose(doc);
  if (!diagnosis) continue;
  const { cause, hint, message } = diagnosis;
  const title = `${cause}\n  ${hint}`;
  groups.set(title, [...(groups.get(title) ?? []), ["", doc.doc_id, doc.state, message]]);
  count++;
}

for (const [title, rows] of [...groups].sort(([, a], [, b]) => b.length - a.length)) {
  console.log(`${rows.length} × ${title}\n${table(rows)}\n`);
}
console.log(count === 0 ? "No replication fails." : `${count} replications fail.`);
