// @ts-check
/** One node of the cluster: its jobs, its configuration, its counters. */
import { replicationsOn } from "./live.js";

/**
 * @typedef {import("./job.js").Job} Job
 *
 * @typedef {object} JobCounts since the node started
 * @property {number} adds
 * @property {number} starts
 * @property {number} stops
 * @property {number} crashes
 * @property {number} removes
 * @property {number} scans of replicator databases
 */

/** How long the others wait for a node that is gone before they answer without it. */
export const NODE_TIMEOUT_MS = 60_000;

export class Node {
  /** In the order of their starts. @type {Set<Job>} */
  running = new Set();
  /** Pending and crashing ones. @type {Set<Job>} */
  waiting = new Set();
  /** @type {JobCounts} */
  counts = { adds: 0, starts: 0, stops: 0, crashes: 0, removes: 0, scans: 0 };
  /** Tasks of jobs that started earlier are lost. */
  tasksLostAt = -Infinity;
  /** @type {number | null} */
  lostAt = null;
  /** Values as `_config` shows them, by section and key. @type {Map<string, Map<string, string>>} */
  config = new Map();
  /** Values of the section `replicator` that apply: to delete a key does not bring its default back. @type {Map<string, number>} */
  #applied = new Map();

  /** @param {string} name @param {{ maxJobs: number, maxChurn: number, interval: number }} defaults of what was never set */
  constructor(name, defaults) {
    this.name = name;
    this.defaults = defaults;
  }

  get maxJobs() {
    return this.#applied.get("max_jobs") ?? this.defaults.maxJobs;
  }

  get maxChurn() {
    return this.#applied.get("max_churn") ?? this.defaults.maxChurn;
  }

  get interval() {
    return this.#applied.get("interval") ?? this.defaults.interval;
  }

  /** @param {string} section @param {string} key @param {string} value @returns {string} the previous one, or "" */
  configure(section, key, value) {
    const values = this.config.get(section) ?? new Map();
    const previous = values.get(key) ?? "";
    values.set(key, value);
    this.config.set(section, values);
    if (section === "replicator") this.#applied.set(key, Number(value));
    return previous;
  }

  /** @param {string} section @param {string} key @returns {string | undefined} the value it had */
  forget(section, key) {
    const previous = this.config.get(section)?.get(key);
    this.config.get(section)?.delete(key);
    return previous;
  }

  /** Whether the other nodes have noticed that it is gone. @param {number} now */
  isGone(now) {
    return this.lostAt !== null && now - this.lostAt >= NODE_TIMEOUT_MS;
  }
}

const TAKEN_OVER_MS = 10_000;

/** A node does not respond; a minute later the others notice it, and take its documents over. @param {import("./scheduler.js").Scheduler} scheduler @param {string} name */
export function loseNode(scheduler, name) {
  const { pool, nodes } = scheduler;
  const node = pool.node(name);
  if (!node || nodes.length < 2) throw new Error(`${name} is not one of several nodes`);
  node.lostAt = scheduler.now;
  scheduler.after(NODE_TIMEOUT_MS, () => {
    if (!node.isGone(scheduler.now)) return;
    for (const replication of replicationsOn(scheduler.world.databases.values(), name))
      scheduler.again(replication, TAKEN_OVER_MS);
    for (const job of pool.values()) if (job.node === name) pool.delete(job, scheduler.now);
  });
}
