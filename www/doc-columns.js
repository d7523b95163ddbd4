// @ts-check
// What the table says of a replication document.

import { make } from "./dom.js";
import { endpoint, localTime, NOTHING, number, timeElement } from "./format.js";
import { stateBadge } from "./states.js";

/** @typedef {import("./couchdb-scheduler/index.js").ReplicationDoc} ReplicationDoc */

/**
 * `info` is either the counters or an error.
 *
 * @param {ReplicationDoc} doc
 * @param {"docs_written" | "changes_pending"} name
 */
const counter = ({ info }, name) => number(info && name in info ? Reflect.get(info, name) : null);

/** @param {ReplicationDoc} doc */
const errorCount = ({ error_count }) =>
  make("span", { className: error_count > 0 ? "some" : "none" }, number(error_count));

/** CouchDB's own words. @param {ReplicationDoc} doc */
function errorOf({ info }) {
  return info && "error" in info ? info.error : null;
}

/** @type {import("./table.js").TableOptions<ReplicationDoc>} */
export const docsTable = {
  caption: "Replication documents",
  key: ({ database, doc_id }) => JSON.stringify([database, doc_id]),
  trouble: errorOf,
  columns: [
    {
      className: "col-state",
      name: "State",
      text: ({ state }) => state ?? "unknown",
      draw: ({ state }) => stateBadge(state),
    },
    {
      className: "col-name",
      name: "Document",
      heads: true,
      text: ({ doc_id }) => doc_id,
      title: ({ doc_id }) => doc_id,
    },
    {
      className: "col-database",
      name: "Database",
      text: ({ database }) => database,
      title: ({ database }) => database,
    },
    {
      className: "col-source",
      name: "Source",
      text: ({ source }) => endpoint(source),
      title: ({ source }) => source ?? "",
    },
    {
      className: "col-target",
      name: "Target",
      text: ({ target }) => endpoint(target),
      title: ({ target }) => target ?? "",
    },
    { className: "col-written numeric", name: "Written", text: (doc) => counter(doc, "docs_written") },
    {
      className: "col-pending numeric",
      name: "Pending",
      text: (doc) => counter(doc, "changes_pending"),
      title: (doc) => (counter(doc, "changes_pending") === NOTHING ? "not known" : ""),
    },
    {
      className: "col-errors numeric",
      name: "Errors",
      text: ({ error_count }) => number(error_count),
      draw: errorCount,
    },
    {
      className: "col-time",
      name: "Last change",
      text: ({ last_updated }) => localTime(last_updated),
      draw: ({ last_updated }) => timeElement(last_updated),
    },
  ],
};
