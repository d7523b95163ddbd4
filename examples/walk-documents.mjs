// @ts-check
// Lists all documents, page by page: node examples/walk-documents.mjs [DOCUMENTS PER PAGE]
// Only one page is kept in memory. The next page is fetched while you work on the current one.

import { Scheduler } from "couchdb-scheduler";
import { options, url } from "./server.mjs";

const pageSize = Number(process.argv[2] ?? 20);
const scheduler = new Scheduler(url, options);

let pages = 0;
let documents = 0;
/** @type {string[]} */
let page = [];

function turnPage() {
  console.log(`Page ${++pages}: ${page.length} documents, from ${page[0]} to ${page.at(-1)}`);
  documents += page.length;
  page = [];
}

for await (const doc of scheduler.docs({ pageSize })) {
  page.push(doc.doc_id);
  if (page.length === pageSize) turnPage();
}
if (page.length > 0) turnPage();
console.log(pages === 0 ? "There are no replication documents." : `\n${documents} documents on ${pages} pages`);
