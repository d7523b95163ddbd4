// @ts-check
// The classes of the wasm, with the methods that put several responses of the server together.

import { Client, Replicator, Scheduler } from "#glue";
import { constructible } from "../runtime/constructors.js";
import { complete } from "../runtime/methods.js";

/** @typedef {(keyof typeof import("./insight.js"))[]} Names */

/** @type {Names} */
const OF_SCHEDULER = [
  "audit",
  "capacity",
  "incidents",
  "lag",
  "lags",
  "metrics",
  "replicatorDatabases",
  "summary",
  "verify",
];

/** @type {Names} */
const OF_REPLICATOR = ["restartReplication", "restartReplications", "retryRefused", "updateReplication"];

/** @param {Record<string, (...args: any[]) => any>} insight the methods of ./insight.js */
export function completeClasses(insight) {
  complete(Client, "Client", [], insight);
  complete(Scheduler, "Scheduler", OF_SCHEDULER, insight);
  complete(Replicator, "Replicator", OF_REPLICATOR, insight);
  return constructible({ Client, Replicator, Scheduler });
}
