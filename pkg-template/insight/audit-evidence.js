// @ts-check
// What decides about the suspicions of an audit: limits of nodes, backlogs and checkpoints of jobs.

import { timeOf } from "./audit-rows.js";
import { backlogOf } from "./backlog.js";
import { concurrently } from "./call.js";
import { checkpointAt } from "./checkpoints.js";
import { Ends } from "./endpoints.js";
import { expectedWait } from "./expected-wait.js";
import { limitsAt } from "./nodes.js";
import { latestOf } from "./resume.js";

/**
 * @typedef {import("../runtime/scheduler-error.js").SchedulerError} SchedulerError
 * @typedef {import("./call.js").Call} Call
 * @typedef {import("./audit-numbers.js").Needed} Needed
 * @typedef {import("./audit-numbers.js").Node} Node
 * @typedef {import("./audit-rows.js").JobRow} JobRow
 * @typedef {import("./endpoints.js").Side} Side
 * @typedef {{ client: import("./call.js").Client, path: string }} End
 */

/** Requests at a time. */
const MAX_REQUESTS = 8;

/** Errors of a server that does not respond. Its other databases are not requested: each would take a time limit. */
const UNREACHABLE = ["network", "timeout"];

/** Adds to nodes and jobs what is found out; what is not becomes a blind spot. */
export class Evidence {
  #call;
  #ends;
  /** For jobs without a document, which has no credentials. */
  #endsOfTransient;
  #databases;
  #blindSpots;
  /** @type {Map<import("./call.js").Client, SchedulerError>} */
  #unreachable = new Map();
  /** @type {WeakMap<JobRow, Promise<any>>} */
  #checkpoints = new WeakMap();

  /**
   * @param {Call} call
   * @param {import("./endpoints.js").Endpoints | undefined} endpoints
   * @param {import("./audited-databases.js").AuditedDatabases} databases
   * @param {import("../index.js").Audit["blind_spots"]} blindSpots
   */
  constructor(call, endpoints, databases, blindSpots) {
    this.#call = call;
    this.#databases = databases;
    this.#ends = new Ends(call, endpoints);
    this.#endsOfTransient = endpoints === "stored" ? new Ends(call, undefined) : this.#ends;
    this.#blindSpots = blindSpots;
  }

  /** @param {Needed[]} needs @param {Node[]} nodes @param {JobRow[]} jobs */
  async collect(needs, nodes, jobs) {
    const found = concurrently(MAX_REQUESTS, needs, async ({ list, at, need }) => {
      const [node, job] = list === "nodes" ? [nodes[at], undefined] : [undefined, jobs[at]];
      const what = `${need} of ${node?.name ?? job?.doc_id ?? job?.job_id}`;
      try {
        if (node) await this.#limits(node, at, jobs);
        if (job && need === "backlog") job.numbers.backlog = await this.#backlog(job);
        if (job && need === "checkpoint") Object.assign(job.numbers, sessionOf(await this.#checkpoint(job)));
      } catch (error) {
        this.#blindSpots.push({ what, error: this.#call.failureOf(error) });
      }
    });
    for await (const _ of found);
  }

  /** @param {Node} node @param {number} at @param {JobRow[]} jobs */
  async #limits(node, at, jobs) {
    const limits = await limitsAt(this.#call, node.name);
    const load = { running: 0, stoppable: 0, pending: 0, crashing: 0 };
    for (const { numbers } of jobs) {
      if (numbers.node !== at) continue;
      load[numbers.state]++;
      if (numbers.state === "running" && numbers.isContinuous) load.stoppable++;
    }
    node.limits = { ...limits, expected_wait: expectedWait(limits, load) };
  }

  /** Changes of the source that follow the position of a job; NaN if its source is not requested. @param {JobRow} job */
  async #backlog(job) {
    const since = job.position ?? (await this.#checkpoint(job))?.source_last_seq ?? 0;
    return this.#at(job, "source", (end) => backlogOf(this.#call, end, since), NaN);
  }

  /** The checkpoint of a job at the end that has one; null if there is none. @param {JobRow} job */
  #checkpoint(job) {
    const checkpoint = this.#checkpoints.get(job) ?? this.#readCheckpoint(job);
    this.#checkpoints.set(job, checkpoint);
    return checkpoint;
  }

  /** @param {JobRow} job */
  async #readCheckpoint(job) {
    const read = async (/** @type {End} */ end) => {
      const found = await checkpointAt(this.#call, end, job.job_id ?? "");
      if ("error" in found) throw found.error;
      return found.status === "found" ? found.checkpoint : null;
    };
    return (await this.#at(job, "target", read, null)) ?? this.#at(job, "source", read, null);
  }

  /**
   * @template T
   * @param {JobRow} job
   * @param {Side} side
   * @param {(end: End) => Promise<T>} work
   * @param {T} otherwise if the end is not requested
   */
  async #at(job, side, work, otherwise) {
    const ends = job.database === null ? this.#endsOfTransient : this.#ends;
    const reached = await ends.reach(/** @type {any} */ (this.#databases.requested(job)), side);
    if (reached.status === "not_asked") return otherwise;
    if (reached.status !== "asked") throw reached.error;
    const { client } = reached;
    const error = this.#unreachable.get(client);
    if (error) throw error;
    try {
      return await work(reached);
    } catch (error) {
      const { code } = /** @type {any} */ (error);
      if (UNREACHABLE.includes(code)) this.#unreachable.set(client, /** @type {SchedulerError} */ (error));
      throw error;
    }
  }
}

/** When a checkpoint last moved, and when its session began, if at the beginning. @param {any} checkpoint */
function sessionOf(checkpoint) {
  const { start_last_seq, start_time } = checkpoint?.history?.[0] ?? {};
  const progress = timeOf(latestOf([checkpoint]).last_progress);
  return { progress, began: start_last_seq === 0 || start_last_seq === "0" ? timeOf(start_time) : NaN };
}
