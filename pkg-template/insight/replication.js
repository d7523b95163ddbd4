// @ts-check
// One replication: its row, and its document as it was written, credentials included, which is never shown.

import { isObject } from "../runtime/checks.js";
import { documentPath, segment } from "./call.js";
import { Documents } from "./documents.js";
import { Ends } from "./endpoints.js";
import { docOf } from "./scheduler-rows.js";
import { databaseAt } from "./stored-credentials.js";

/**
 * @param {import("./call.js").Call} call
 * @param {string} database
 * @param {string} id
 * @param {import("./endpoints.js").Endpoints | undefined} endpoints
 */
export async function replicationOf(call, database, id, endpoints) {
  const [row, text] = await Promise.all([
    docOf(call, id, database),
    call.text(`/${segment(database)}/${documentPath(id)}`, (json) => isObject(json) && json._id === id),
  ]);
  const document = JSON.parse(text);
  const { source, target } = row;
  // A row has no ends until CouchDB has read the document; Cloudant's rows have another name of the database.
  const urls = { source: source ?? addressOf(document.source), target: target ?? addressOf(document.target) };
  const whole = { ...row, ...urls, database };
  const documents = new Documents(call);
  documents.add(whole, document);
  return { row: whole, text, document, ends: new Ends(call, endpoints, documents) };
}

/** An end in a document as rows show it. @param {any} written */
function addressOf(written) {
  const database = databaseAt(isObject(written) ? written.url : written);
  return database && database.server + database.path;
}
