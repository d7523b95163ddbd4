// @ts-check
// One replication with both of its ends: its row, and its document as it was written, credentials included, which is never shown.

import { isObject } from "../runtime/checks.js";
import { pathOf } from "./call.js";
import { Documents } from "./documents.js";
import { Ends } from "./endpoints.js";
import { docOf } from "./scheduler-rows.js";
import { databaseAt } from "./stored-credentials.js";

/** @typedef {import("./endpoints.js").Side} Side */
/** A database: its path is below the URL of the client. @typedef {Extract<import("./endpoints.js").Reached, { status: "asked" }>} Database */

/**
 * @param {import("./call.js").Call} call
 * @param {string} method
 * @param {string} database
 * @param {string} id
 * @param {import("./endpoints.js").Endpoints | undefined} endpoints
 */
export async function replicationOf(call, method, database, id, endpoints) {
  const [row, { text, json: document }] = await Promise.all([
    docOf(call, id, database),
    call.read(pathOf(database, id), (json) => isObject(json) && json._id === id),
  ]);
  const { source, target } = row;
  // A row has no ends until CouchDB has read the document; Cloudant's rows have another name of the database.
  const urls = { source: source ?? addressOf(document.source), target: target ?? addressOf(document.target) };
  const whole = { ...row, ...urls, database };
  const documents = new Documents(call);
  documents.add(whole, document);
  const ends = new Ends(call, endpoints, documents);
  /** @param {Side} side @returns {Promise<Database>} */
  const end = async (side) => {
    const reached = await ends.reach(whole, side);
    if (reached.status === "asked") return reached;
    if (reached.status !== "not_asked") throw reached.error;
    throw new RangeError(
      `${method}: the ${side} of ${JSON.stringify(row.doc_id)} is on another server: the option endpoints must be "stored", to ` +
        "use the credentials in the replication document, or a function that returns a Client for it",
    );
  };
  return { row: whole, text, document, source: await end("source"), target: await end("target") };
}

/** An end in a document as rows show it. @param {any} written */
function addressOf(written) {
  const database = databaseAt(isObject(written) ? written.url : written);
  return database && database.server + database.path;
}
