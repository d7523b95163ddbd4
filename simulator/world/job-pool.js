// @ts-check
/**
 * All jobs of the server: which of them run and which wait, since only `maxJobs` run at once.
 */
import { crashRun, startRun, stopRun } from "./job.js";

/** @typedef {import("./job.js").Job} Job */

export class JobPool {
  /** In the order of their starts. @type {Set<Job>} */
  #running = new Set();
  /** @type {Set<Job>} */
  #waiting = new Set();
  /** By node and id, since two nodes can have the same work. @type {Map<string, Job>} */
  #byKey = new Map();
  #pids = 0;

  /** @param {number} maxJobs @param {number} maxChurn */
  constructor(maxJobs, maxChurn) {
    this.maxJobs = maxJobs;
    this.maxChurn = maxChurn;
  }

  get hasRoom() {
    return this.#running.size < this.maxJobs;
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
    this.#waiting.add(job);
  }

  /** @param {Job} job */
  delete(job) {
    this.#running.delete(job);
    this.#waiting.delete(job);
    this.#byKey.delete(keyOf(job.node, job.id));
  }

  /** @param {Job} job @param {number} at */
  start(job, at) {
    this.#waiting.delete(job);
    this.#running.add(job);
    startRun(job, `<0.${300 + this.#pids++}.0>`, at);
  }

  /** @param {Job} job @param {number} at */
  stop(job, at) {
    this.#setWaiting(job);
    stopRun(job, at);
  }

  /** @param {Job} job @param {string} reason @param {number} at */
  crash(job, reason, at) {
    this.#setWaiting(job);
    crashRun(job, reason, at);
  }

  /** @param {Job} job */
  #setWaiting(job) {
    this.#running.delete(job);
    this.#waiting.add(job);
  }

  /** Stops excess jobs, and up to `maxChurn` more in favor of jobs that wait. @param {number} now */
  makeRoom(now) {
    const excess = Math.max(0, this.#running.size - this.maxJobs);
    const exchanged = Math.min(this.#waiting.size - this.#free, this.maxChurn);
    let count = Math.max(excess, exchanged);
    for (const job of this.#running) {
      if (count <= 0) return;
      // One-shot replications run to their end.
      if (!job.continuous) continue;
      this.stop(job, now);
      count--;
    }
  }

  /** Returns the jobs to start now, those that waited longest first. @param {number} now */
  startable(now) {
    const free = this.#free;
    if (free <= 0 || this.#waiting.size === 0) return [];
    const ready = [...this.#waiting].filter((job) => job.readyAt <= now);
    ready.sort((a, b) => a.lastStarted - b.lastStarted);
    return ready.slice(0, free);
  }

  get #free() {
    return this.maxJobs - this.#running.size;
  }
}

/** @param {string} node @param {string} id */
function keyOf(node, id) {
  return `${node}\0${id}`;
}
