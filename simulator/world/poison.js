// @ts-check
/**
 * Documents with a state that CouchDB does not know. The document processor of their node dies of them, finds all
 * documents again, which restarts every job of the node, and dies again.
 */
import { replicationsOn } from "./live.js";
import { isPoisoned } from "./replication.js";

/**
 * @typedef {import("./database.js").Database} Database
 * @typedef {import("./database.js").Entry} Entry
 */

const NOTICED_AFTER_MS = 100;
const RESTART_MS = 5_000;

export class Poison {
  /** @type {{ database: Database, entry: Entry }[]} */
  #documents = [];
  #scheduler;

  /** @param {import("./scheduler.js").Scheduler} scheduler */
  constructor(scheduler) {
    this.#scheduler = scheduler;
  }

  /** @param {Database} database @param {Entry} entry */
  add(database, entry) {
    this.#documents.push({ database, entry });
    this.#process(this.#nodeOf({ database, entry }), NOTICED_AFTER_MS);
  }

  /** @param {Database} database */
  isIn(database) {
    return this.#documents.some((one) => one.database === database && isStillThere(one.entry));
  }

  /** The server has restarted. @param {number} delay */
  restart(delay) {
    const nodes = this.#documents.map((one) => this.#nodeOf(one));
    for (const node of new Set(nodes)) this.#process(node, delay);
  }

  /** @param {{ database: Database, entry: Entry }} document */
  #nodeOf({ database, entry }) {
    return this.#scheduler.pool.nodeFor(database, entry, this.#scheduler.now);
  }

  /** @param {string} node @param {number} delay */
  #process(node, delay) {
    const scheduler = this.#scheduler;
    scheduler.after(delay, () => {
      this.#documents = this.#documents.filter(({ entry }) => isStillThere(entry));
      const mine = this.#documents.filter((one) => this.#nodeOf(one) === node);
      if (mine.length === 0) return;
      for (const replication of replicationsOn(scheduler.world.databases.values(), node)) scheduler.again(replication);
      const counts = scheduler.pool.node(node)?.counts;
      if (counts) counts.scans += new Set(mine.map(({ database }) => database)).size;
      this.#process(node, RESTART_MS);
    });
  }
}

/** @param {Entry} entry */
function isStillThere({ deleted, body }) {
  return !deleted && isPoisoned(body);
}
