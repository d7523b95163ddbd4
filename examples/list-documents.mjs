// @ts-check
// Lists all replication documents: node examples/list-documents.mjs

import { Scheduler } from "couchdb-scheduler";
import { options, url } from "./server.mjs";
import { table } from "./table.mjs";

const scheduler = new Scheduler(url, options);
const { docs } = await scheduler.listDocs();

if (docs.length === 0) console.log("There are no replication documents.");
else {
  const rows = docs.map((doc) => [doc.doc_id, doc.state, doc.last_updated, doc.source, doc.target]);
  console.log(table([["DOCUMENT", "STATE", "SINCE", "SOURCE", "TARGET"], ...rows]));
  console.log(`\n${docs.length} replication documents`);
}
