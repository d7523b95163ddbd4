// @ts-check
// Shows one document, and why it fails: node examples/one-document.mjs [DOCUMENT]

import { diagnose, Scheduler } from "couchdb-scheduler";
import { options, url } from "./server.mjs";
import { table } from "./table.mjs";

const scheduler = new Scheduler(url, options);
const doc = await scheduler.getDoc(process.argv[2] ?? (await aFailingOne()));

const { info, ...fields } = doc;
show(fields);

const diagnosis = diagnose(doc);
if (diagnosis) {
  console.log(`\n${diagnosis.message}\n${diagnosis.hint}`);
  if (diagnosis.next_retry) console.log(`CouchDB will retry it at ${diagnosis.next_retry} or later.`);
}
if (info && "error" in info) console.log(`\nCouchDB's own words:\n${info.error}`);
else if (info) {
  console.log();
  show(info);
}

/** @param {object} object */
function show(object) {
  console.log(table(Object.entries(object).map(([name, value]) => [name, value?.toString()])));
}

async function aFailingOne() {
  const { docs } = await scheduler.listDocs({ states: ["crashing", "error", "failed"], limit: 1 });
  if (docs[0]) return docs[0].doc_id;
  console.log("No replication fails. To see one that does not, pass its document id.");
  process.exit();
}
