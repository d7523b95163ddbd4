// @ts-check
// The classes of the wasm, with the methods that put several responses of the server together.

import { Client, Replicator, Scheduler } from "#glue";
import { constructible } from "../runtime/constructors.js";
import { complete } from "../runtime/methods.js";

/**
 * @typedef {typeof import("./insight.js")} Insight
 *
 * @param {Pick<Insight, "audit" | "capacity" | "incidents" | "lag" | "metrics" | "replicatorDatabases" | "summary" | "verify" |
 *   "restartReplication" | "updateReplication">} promises
 * @param {Pick<Insight, "lags" | "restartReplications" | "retryRefused">} iterators
 */
export function completeClasses(promises, iterators) {
  const { audit, capacity, incidents, lag, metrics, replicatorDatabases, summary, verify } = promises;
  const { restartReplication, updateReplication } = promises;
  const { lags, restartReplications, retryRefused } = iterators;
  complete(Client, "Client");
  complete(Scheduler, "Scheduler", {
    promises: { audit, capacity, incidents, lag, metrics, replicatorDatabases, summary, verify },
    iterators: { lags },
  });
  complete(Replicator, "Replicator", {
    promises: { restartReplication, updateReplication },
    iterators: { restartReplications, retryRefused },
  });
  return constructible({ Client, Replicator, Scheduler });
}
