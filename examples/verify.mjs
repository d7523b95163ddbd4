// @ts-check
// Compares targets with their sources: node examples/verify.mjs [DOCUMENT] [stored]
// Databases on other servers are read with the credentials in the replication documents, if you add the word "stored".

import { Scheduler, SchedulerError } from "couchdb-scheduler";
import { options, url } from "./server.mjs";
import { table } from "./table.mjs";

const args = process.argv.slice(2);
/** @type {import("couchdb-scheduler").EndpointOptions} */
const how = args.includes("stored") ? { endpoints: "stored" } : {};
const [id] = args.filter((arg) => arg !== "stored");
const scheduler = new Scheduler(url, options);

if (id === undefined) await all();
else await one(id);

/** @param {string} id */
async function one(id) {
  const { checked, refused, in_flight, docs, caveats } = await scheduler.verify(id, how);
  console.log(
    table([
      ["", "DOCUMENTS", "REFUSED", "IN FLIGHT"],
      [id, checked, refused, in_flight],
    ]),
  );
  if (docs.length > 0) {
    const rows = docs.map(({ doc_id, revs, what }) => [what.replace("_", " "), doc_id, revs.join(" ")]);
    console.log(`\n${table([["MISSING", "DOCUMENT", "REVISIONS"], ...rows])}`);
  }
  for (const caveat of caveats) console.log(`\n${caveat}`);
}

async function all() {
  /** @type {(string | number)[][]} */
  const rows = [];
  let unread = 0;
  for await (const { doc_id } of scheduler.docs({ states: ["running", "completed"] })) {
    try {
      const { checked, refused, in_flight } = await scheduler.verify(doc_id, how);
      rows.push([doc_id, checked, refused, in_flight]);
    } catch (error) {
      if (error instanceof SchedulerError) rows.push([doc_id, "-", "-", "-", error.message]);
      // An end is on another server.
      else if (error instanceof RangeError) unread++;
      else throw error;
    }
  }
  if (rows.length > 0) console.log(`${table([["REPLICATION", "DOCUMENTS", "REFUSED", "IN FLIGHT"], ...rows])}\n`);
  if (unread > 0) {
    console.log(`${unread} replications have an end on another server. To use the credentials in their documents:`);
    console.log("  node examples/verify.mjs stored\n");
  }
  console.log(rows.length + unread === 0 ? "No replication runs or is completed." : `${rows.length} are compared.`);
}
