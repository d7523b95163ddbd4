// @ts-check
// The states of a replication as the page shows them: a shape, a word and a color.

import { REPLICATION_STATES } from "couchdb-scheduler";

/**
 * @typedef {import("couchdb-scheduler").ReplicationState} ReplicationState
 * @typedef {ReplicationState | "unknown"} ShownState
 */

/** @type {readonly ShownState[]} */
export const SHOWN_STATES = [...REPLICATION_STATES, "unknown"];

/** States that need attention. @type {readonly ShownState[]} */
export const UNHEALTHY = ["crashing", "error", "failed"];

/** @type {readonly ShownState[]} */
export const HEALTHY = ["initializing", "running", "completed", "pending"];

/** What each state means, for people who are new to CouchDB. @type {Record<ShownState, string>} */
export const MEANING = {
  initializing: "CouchDB is reading the document",
  running: "it is replicating",
  completed: "it has finished",
  pending: "it is waiting for a slot",
  crashing: "it stopped with an error; CouchDB retries it after growing intervals",
  error: "it could not be started; CouchDB retries it",
  failed: "it failed permanently; CouchDB does not retry it",
  unknown: "the server does not know the state yet",
};

/** What the state of a row means. @param {Pick<import("./row.js").Row, "state" | "isRetrying">} row */
export const meaningOf = ({ state, isRetrying }) =>
  isRetrying ? "it is being retried after a failure" : MEANING[state];

/** A newer server may have states that this page does not know. @param {string | null} state @returns {ShownState} */
export const shown = (state) => SHOWN_STATES.find((known) => known === state) ?? "unknown";
