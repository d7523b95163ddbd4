// @ts-check
// When a node runs its jobs: its limits, and how long a job waits for a slot.
//
// At each interval, a node stops as many continuous jobs as others wait, up to `max_churn`, and starts jobs in the free slots.
// It never stops a job that is not continuous.

/**
 * The settings of `[replicator]` that decide when a job runs; times in milliseconds.
 *
 * @typedef {object} Limits
 * @property {number} max_jobs jobs that run at the same time
 * @property {number} max_churn jobs that are stopped at an interval
 * @property {number} interval
 * @property {number} health_threshold a job that has run for longer is healthy
 *
 * @typedef {object} Load jobs of a node
 * @property {number} running
 * @property {number} stoppable those of the running jobs that are continuous
 * @property {number} pending
 */

/** CouchDB's defaults. @type {Readonly<Limits>} */
export const DEFAULT_LIMITS = Object.freeze({
  max_jobs: 500,
  max_churn: 20,
  interval: 60_000,
  health_threshold: 120_000,
});

/**
 * Reads `_node/{name}/_config/replicator`, which has only the settings that were changed. CouchDB, too, uses the default of a
 * setting that is not a number.
 *
 * @param {Record<string, unknown>} config
 * @returns {Limits}
 */
export function limitsOf(config) {
  const limits = { ...DEFAULT_LIMITS };
  for (const name of /** @type {(keyof Limits)[]} */ (Object.keys(limits))) {
    const text = config[name];
    if (typeof text !== "string" || !/^\s*\d{1,12}\s*$/.test(text)) continue;
    // The only one in seconds.
    limits[name] = Number(text) * (name === "health_threshold" ? 1000 : 1);
  }
  return limits;
}

/**
 * Milliseconds that a pending job waits on average; 0 if nothing waits. null if no slot will become free: jobs that the node does
 * not stop have all of them.
 *
 * @param {Limits} limits
 * @param {Load} load
 */
export function expectedWait({ max_jobs, max_churn, interval }, { running, stoppable, pending }) {
  if (pending === 0) return 0;
  const free = Math.max(0, max_jobs - running);
  // These start at the next interval.
  if (pending <= free) return Math.round(interval / 2);
  const waiting = pending - free;
  const exchanged = Math.min(max_churn, stoppable + free, waiting);
  return exchanged > 0 ? Math.floor((waiting * interval) / exchanged) : null;
}
