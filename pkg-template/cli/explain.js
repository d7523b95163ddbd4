// @ts-check
// What a row says, in a few words.

import { diagnose } from "couchdb-scheduler";
import { counted } from "./output/words.js";

/**
 * Why it fails, or how far it is.
 *
 * @param {import("couchdb-scheduler").ReplicationDoc | import("couchdb-scheduler").ReplicationJob} row
 */
export function inAFewWords(row) {
  const diagnosis = diagnose(row);
  if (diagnosis) return diagnosis.message;
  const info = /** @type {Partial<import("couchdb-scheduler").ReplicationInfo> | null} */ (row.info);
  if (info?.docs_written === undefined) return "";
  const parts = [`${info.docs_written.toLocaleString("en")} written`];
  if (info.changes_pending) parts.push(`${info.changes_pending.toLocaleString("en")} pending`);
  if (info.doc_write_failures) parts.push(`${counted(info.doc_write_failures, "document")} refused by the target`);
  return parts.join(", ");
}

/** The error of a row in CouchDB's own words; null if it has none. @param {import("couchdb-scheduler").ReplicationDoc} doc */
export const errorOf = ({ info }) => (info !== null && "error" in info ? info.error : null);

/** A URL for a narrow column: without its scheme and the slash at its end. @param {string | null} url */
export const shortUrl = (url) => url?.replace(/^https?:\/\//, "").replace(/\/$/, "");
