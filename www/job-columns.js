// @ts-check
// What the table says of a job.

import { endpoint, localTime, number, timeElement } from "./format.js";
import { stateBadge } from "./states.js";

/** @typedef {import("./couchdb-scheduler/index.js").ReplicationJob} ReplicationJob */

/** A job that `POST /_replicate` asked for has no document. @param {ReplicationJob} job */
const name = ({ doc_id, id }) => doc_id ?? `transient ${id.slice(0, 8)}`;

/** Its last crash, while it has not come back from it. @param {ReplicationJob} job */
function crash({ state, history }) {
  const reason = state === "crashing" ? history[0]?.reason : undefined;
  return reason ?? null;
}

/** @type {import("./table.js").TableOptions<ReplicationJob>} */
export const jobsTable = {
  caption: "Jobs of the scheduler",
  // On a cluster one id can stand for two jobs.
  key: ({ node, id, database, doc_id }) => JSON.stringify([node, id, database, doc_id]),
  trouble: crash,
  columns: [
    { className: "col-state", name: "State", text: ({ state }) => state, draw: ({ state }) => stateBadge(state) },
    { className: "col-name", name: "Document", heads: true, text: name, title: ({ id }) => `job ${id}` },
    {
      className: "col-database",
      name: "Database",
      text: ({ database }) => database ?? "",
      title: ({ database }) => database ?? "",
    },
    {
      className: "col-source",
      name: "Source",
      text: ({ source }) => endpoint(source),
      title: ({ source }) => source,
    },
    {
      className: "col-target",
      name: "Target",
      text: ({ target }) => endpoint(target),
      title: ({ target }) => target,
    },
    { className: "col-kind", name: "Kind", text: ({ continuous }) => (continuous ? "continuous" : "one-shot") },
    { className: "col-written numeric", name: "Written", text: ({ docs_written }) => number(docs_written) },
    { className: "col-pending numeric", name: "Pending", text: ({ changes_pending }) => number(changes_pending) },
    {
      className: "col-time",
      name: "Started",
      text: ({ start_time }) => localTime(start_time),
      draw: ({ start_time }) => timeElement(start_time),
    },
    { className: "col-node", name: "Node", text: ({ node }) => node, title: ({ node }) => node },
  ],
};
