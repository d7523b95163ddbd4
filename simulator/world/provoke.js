// @ts-check
/** Troubles to provoke, as they meet real servers. Each starts at once; what can end returns how. */
import { hang, stick } from "./hung.js";
import { checkpointId } from "./locals.js";
import { loseNode } from "./node.js";
import { leavesOf } from "./revisions.js";

/**
 * @typedef {import("./fleet.js").Fleet} Fleet
 * @typedef {import("./database.js").Json} Json
 */

export class Provoke {
  #fleet;

  /** @param {Fleet} fleet */
  constructor(fleet) {
    this.#fleet = fleet;
  }

  /**
   * A source takes connections and never answers. Jobs that run stand still, and crash after 209 s; jobs that start
   * have no task, and crash after 93 s.
   * @param {string} source the name of a database here, or an address as rows show it
   * @returns {() => void} lets it answer again
   */
  hang(source) {
    this.#fleet.scheduler.settle();
    return hang(this.#fleet.scheduler, (shown) => isAddressOf(shown, source));
  }

  /** The process of a job is stuck: it says it runs, and never moves again until a restart. @param {string} docId @param {string} [database] */
  stick(docId, database) {
    stick(this.#fleet.scheduler, this.#entry(docId, database));
  }

  /** All tasks of a node are lost; each is there again when its job has restarted. @param {string} [node] */
  loseTasks(node) {
    this.#node(node).tasksLostAt = this.#fleet.clock.now();
  }

  /**
   * A database refuses documents, as a validate function does.
   * @param {string} database @param {(document: Json) => string | null} reasonFor null: this one is accepted
   * @returns {() => void} accepts everything again
   */
  refuse(database, reasonFor) {
    const target = this.#database(database);
    target.refuse = reasonFor;
    return () => {
      target.refuse = null;
    };
  }

  /** A replication begins at the beginning: its checkpoint at the target is lost, and it restarts. @param {string} docId @param {string} [database] */
  rewind(docId, database) {
    const { replication } = this.#entry(docId, database);
    if (!replication?.job) throw new Error(`${docId} has no job`);
    const { job, entry } = replication;
    this.#fleet.scheduler.again(replication);
    job.copy?.target.locals.delete(checkpointId(job.id));
    if (entry.replication) entry.replication.startFrom = 0;
  }

  /** There are fewer slots than jobs. @param {number} maxJobs @param {{ node?: string, maxChurn?: number, interval?: number }} [limits] */
  starve(maxJobs, { node, maxChurn, interval } = {}) {
    const settings = { max_jobs: maxJobs, max_churn: maxChurn, interval };
    for (const [key, value] of Object.entries(settings)) {
      if (value !== undefined) this.#node(node).configure("replicator", key, String(value));
    }
  }

  /** A document gets a state that CouchDB does not know: its node restarts all jobs, again and again. @param {string} docId @param {string} [database] */
  poison(docId, database = "_replicator") {
    const found = this.#database(database);
    this.#fleet.write(found, docId, { ...found.get(docId)?.body, _replication_state: null });
  }

  /** A node does not answer. @param {string} node @returns {() => void} lets it answer again */
  loseNode(node) {
    const lost = this.#node(node);
    loseNode(this.#fleet.scheduler, node);
    return () => {
      lost.lostAt = null;
    };
  }

  /** Documents are purged, all of their revisions. @param {string} database @param {string[]} ids */
  purge(database, ids) {
    const found = this.#database(database);
    for (const id of ids) {
      const entry = found.entries.get(id);
      const revs = entry ? leavesOf(entry).map(({ rev }) => rev) : [];
      if (entry) found.purge(entry, revs);
    }
  }

  /** A source is slow. @param {string} database @param {number} rate documents a second */
  slowDown(database, rate) {
    this.#database(database).rate = rate;
  }

  /** As it is at this moment. @param {string} name */
  #database(name) {
    this.#fleet.scheduler.settle();
    const found = this.#fleet.databases.get(name);
    if (!found) throw new Error(`There is no database ${name}`);
    return found;
  }

  /** @param {string} docId @param {string} [database] */
  #entry(docId, database = "_replicator") {
    const entry = this.#database(database).get(docId);
    if (!entry) throw new Error(`There is no document ${docId} in ${database}`);
    return entry;
  }

  /** @param {string} [name] default: the first */
  #node(name = this.#fleet.scheduler.nodes[0]) {
    this.#fleet.scheduler.settle();
    const node = this.#fleet.scheduler.pool.node(name);
    if (!node) throw new Error(`There is no node ${name}`);
    return node;
  }
}

/** @param {string} shown @param {string} source */
function isAddressOf(shown, source) {
  const bare = shown.replace(/\/$/, "");
  return (
    bare === source.replace(/\/$/, "") || bare.endsWith(`/${encodeURIComponent(source)}`) || bare.endsWith(`/${source}`)
  );
}
