// @ts-check
// The states of a replication as the page shows them: a shape and a word, with a colour besides.

import { REPLICATION_STATES } from "./couchdb-scheduler/index.js";
import { icon, make } from "./dom.js";

/**
 * @typedef {import("./couchdb-scheduler/index.js").ReplicationState} ReplicationState
 * @typedef {import("./couchdb-scheduler/index.js").ReplicationDoc} ReplicationDoc
 * @typedef {ReplicationState | "unknown"} ShownState
 */

/** @type {readonly ShownState[]} */
export const SHOWN_STATES = [...REPLICATION_STATES, "unknown"];

/** Those that somebody should look at. */
const UNHEALTHY = new Set(["crashing", "error", "failed"]);

/** What each means, for those who are new to CouchDB. @type {Record<ShownState, string>} */
const MEANING = {
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

/** @param {ShownState} state */
export const meaning = (state) => MEANING[state];

/** @param {string | null} state */
export const isUnhealthy = (state) => UNHEALTHY.has(state ?? "");

/** @param {string | null} state */
export function stateBadge(state) {
  const known = shown(state);
  return make("span", { className: `badge ${known}`, title: MEANING[known] }, icon(known), state ?? known);
}

/**
 * @param {readonly ReplicationDoc[]} docs
 * @returns {Map<ShownState, number>} every state, in the order of a replication's life
 */
export function countStates(docs) {
  /** @type {Map<ShownState, number>} */
  const counts = new Map(SHOWN_STATES.map((state) => [state, 0]));
  for (const { state } of docs) counts.set(shown(state), (counts.get(shown(state)) ?? 0) + 1);
  return counts;
}
