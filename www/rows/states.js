// @ts-check
// The states of a replication as the page shows them: a shape and a word, with a colour besides.

import { REPLICATION_STATES } from "../couchdb-scheduler/index.js";

/**
 * @typedef {import("../couchdb-scheduler/index.js").ReplicationState} ReplicationState
 * @typedef {ReplicationState | "unknown"} ShownState
 */

/** @type {readonly ShownState[]} */
export const SHOWN_STATES = [...REPLICATION_STATES, "unknown"];

/** Those that somebody should look at. @type {readonly ShownState[]} */
export const UNHEALTHY = ["crashing", "error", "failed"];

/** @type {readonly ShownState[]} */
export const HEALTHY = ["initializing", "running", "completed", "pending"];

/** What each means, for those who are new to CouchDB. @type {Record<ShownState, string>} */
export const MEANING = {
  initializing: "the document is being read",
  running: "it replicates",
  completed: "it is done",
  pending: "it waits for its turn",
  crashing: "it stopped with an error and is tried again, later each time",
  error: "it could not be started and is tried again",
  failed: "it is wrong and is not tried again",
  unknown: "the server does not know yet",
};

/** A newer server may have states that this page has never heard of. @param {string | null} state @returns {ShownState} */
export const shown = (state) => SHOWN_STATES.find((known) => known === state) ?? "unknown";
