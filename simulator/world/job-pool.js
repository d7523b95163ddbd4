// @ts-check
/**
 * All jobs of the server: which of them run and which wait, since only `max_jobs` run at once on a node.
 */
import { copyAll } from "./copy.js";
import { hash32 } from "./hash.js";
import { crashRun, endCopy, startRun, stopRun } from "./job.js";
import { Node } from "./node.js";

/**
 * @typedef {import("./copy.js").Copy} Copy
 * @typedef {import("./job.js").Job} Job
 */

export class JobPool {
  /** By node and id, since two nodes can have the same work. @type {Map<string, Job>} */
  #byKey = new Map();
  /** @type {Map<string, Node>} */
  #nodes = new Map();
  /** Jobs that copy documents, unless frozen. @type {Map<Job, Copy>} */
  #copying = new Map();
  #copiedUntil = 0;
  #pids = 0;

  /** @param {string[]} nodes @param {{ maxJobs: number, maxChurn: number, interval: number }} defaults of a node that is not configured */
  constructor(nodes, defaults) {
    this.defaults = defaults;
    for (const name of nodes) this.#nodes.set(name, new Node(name, defaults));
  }

  /** @param {string} name */
  node(name) {
    return this.#nodes.get(name);
  }

  nodes() {
    return this.#nodes.values();
  }

  /** @param {number} now @returns {string[]} the nodes that the others see */
  liveNodes(now) {
    return [...this.#nodes.values()].filter((node) => !node.isGone(now)).map(({ name }) => name);
  }

  /** The node that takes care of a document. @param {{ name: string }} database @param {{ id: string }} entry @param {number} now */
  nodeFor({ name }, { id }, now) {
    const live = this.#nodes.size === 1 ? [...this.#nodes.keys()] : this.liveNodes(now);
    return live[hash32(`${name}/${id}`) % live.length];
  }

  /** @param {Job} job */
  #nodeOf({ node }) {
    return /** @type {Node} */ (this.#nodes.get(node));
  }

  /** Whether a new job starts at once: all jobs of its node could run. @param {Job} job */
  hasRoomFor(job) {
    const { running, waiting, maxJobs } = this.#nodeOf(job);
    return running.size + waiting.size < maxJobs;
  }

  /** Whether a job that crashed after a healthy run starts again at once. @param {Job} job @param {number} now */
  isRestartable(job, now) {
    const { running, maxJobs } = this.#nodeOf(job);
    return job.readyAt <= now && running.size < maxJobs;
  }

  /** @param {string} node @param {string} id */
  get(node, id) {
    return this.#byKey.get(keyOf(node, id));
  }

  values() {
    return this.#byKey.values();
  }

  /** @param {Job} job */
  add(job) {
    this.#byKey.set(keyOf(job.node, job.id), job);
    const { waiting, counts } = this.#nodeOf(job);
    waiting.add(job);
    counts.adds++;
  }

  /** @param {Job} job @param {number} at */
  delete(job, at) {
    endCopy(job, at);
    this.#copying.delete(job);
    this.#byKey.delete(keyOf(job.node, job.id));
    const { running, waiting, counts } = this.#nodeOf(job);
    running.delete(job);
    waiting.delete(job);
    counts.removes++;
  }

  /** @param {Job} job @param {number} at */
  start(job, at) {
    const { running, waiting, counts } = this.#nodeOf(job);
    waiting.delete(job);
    running.add(job);
    counts.starts++;
    startRun(job, `<0.${300 + this.#pids++}.0>`, at);
  }

  /** @param {Job} job @param {number} at */
  stop(job, at) {
    this.#setWaiting(job).stops++;
    stopRun(job, at);
  }

  /** @param {Job} job @param {string} reason @param {number} at */
  crash(job, reason, at) {
    this.#setWaiting(job).crashes++;
    crashRun(job, reason, at);
  }

  /** @param {Job} job @returns {import("./node.js").JobCounts} */
  #setWaiting(job) {
    this.#copying.delete(job);
    const { running, waiting, counts } = this.#nodeOf(job);
    running.delete(job);
    waiting.add(job);
    return counts;
  }

  /** Stops excess jobs, and up to `max_churn` more in favor of jobs that wait. @param {Node} node @param {number} now */
  makeRoom({ running, waiting, maxJobs, maxChurn }, now) {
    const excess = Math.max(0, running.size - maxJobs);
    const exchanged = Math.min(waiting.size - (maxJobs - running.size), maxChurn);
    let count = Math.max(excess, exchanged);
    for (const job of running) {
      if (count <= 0) return;
      // One-shot replications run to their end.
      if (!job.continuous) continue;
      this.stop(job, now);
      count--;
    }
  }

  /** Returns the jobs to start now, those that waited longest first. @param {Node} node @param {number} now */
  startable({ running, waiting, maxJobs }, now) {
    const free = maxJobs - running.size;
    if (free <= 0 || waiting.size === 0) return [];
    const ready = [...waiting].filter((job) => job.readyAt <= now);
    ready.sort((a, b) => a.lastStarted - b.lastStarted);
    return ready.slice(0, free);
  }

  // ------------------------------------------------------------------------- documents that move

  /** @param {Job} job @param {Copy} copy @param {number} at */
  beginCopy(job, copy, at) {
    job.copy = copy;
    copy.begin(at);
    this.#copying.set(job, copy);
  }

  /** @param {number} to */
  copyUntil(to) {
    if (this.#copying.size > 0 && to > this.#copiedUntil) copyAll([...this.#copying.values()], this.#copiedUntil, to);
    this.#copiedUntil = to;
  }

  /** Nothing of a job moves from now on. @param {Job} job @param {number} at @param {"hung" | "stuck"} why */
  freeze(job, at, why) {
    job.copy?.copyUntil(at);
    job.frozen = { at, why };
    this.#copying.delete(job);
  }

  /** @param {Job} job @param {number} at */
  thaw(job, at) {
    job.frozen = null;
    job.copy?.skipTo(at);
    if (job.copy) this.#copying.set(job, job.copy);
  }
}

/** @param {string} node @param {string} id */
function keyOf(node, id) {
  return `${node}\0${id}`;
}
