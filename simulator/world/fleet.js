// @ts-check
/**
 * All databases of the server and the replications between them.
 */

import { isRestart } from "./changed.js";
import { compareIds, Database } from "./database.js";
import { isPoisoned, isTerminal } from "./replication.js";
import { docRow, jobRow, rowFromDocument, stateOf } from "./rows.js";
import { Scheduler } from "./scheduler.js";
import { reasons } from "./trouble.js";

/**
 * @typedef {import("./database.js").Json} Json
 * @typedef {import("./database.js").Entry} Entry
 *
 * @typedef {object} Verbatim the contents of one database
 * @property {(Json | string)[]} [rows] rows as `/_scheduler/docs` shows them, objects or text
 * @property {Json[]} [documents] documents as `GET /{db}/{id}` shows them, with or without a row. A document
 *   without a row and without a terminal state is unknown to the scheduler: missing in lists, `state: null` alone
 * @property {string[]} [designDocs] ids
 */

/** After a restart, only terminal states are known for this time. */
const UNKNOWN_AFTER_RESTART_MS = 5_000;

export class Fleet {
  /** @type {Map<string, Database>} */
  databases = new Map();
  /** Loaded job rows, which never change. @type {{ id: string, text: () => string }[]} */
  #verbatimJobs = [];
  #verbatimHiddenUntil = -Infinity;
  #maxDocumentBytes = Infinity;

  /**
   * @param {object} options
   * @param {import("./clock.js").Clock} options.clock
   * @param {number} options.seed
   * @param {number} options.shards
   * @param {string[]} options.nodes
   * @param {number} options.maxJobs
   * @param {number} options.maxChurn
   * @param {number} options.interval
   * @param {(user: string, password: string) => import("./security.js").User | null} options.userOf
   */
  constructor({ clock, seed, shards, nodes, maxJobs, maxChurn, interval, userOf }) {
    this.clock = clock;
    this.shards = shards;
    this.userOf = userOf;
    this.scheduler = new Scheduler({ clock, seed, nodes, maxJobs, maxChurn, interval, world: this });
    this.createDatabase("_replicator");
    this.createDatabase("_users");
  }

  /** @param {string} name */
  createDatabase(name) {
    const database = new Database(name, this.shards, this.clock.now());
    database.maxDocumentBytes = this.#maxDocumentBytes;
    this.databases.set(name, database);
    return database;
  }

  /** @param {number} bytes that a document may have */
  limitDocuments(bytes) {
    this.#maxDocumentBytes = bytes;
    for (const database of this.databases.values()) database.maxDocumentBytes = bytes;
  }

  /** @param {string} name */
  deleteDatabase(name) {
    const database = this.databases.get(name);
    for (const entry of database?.entries.values() ?? []) this.scheduler.remove(entry);
    this.databases.delete(name);
    for (const job of this.scheduler.pool.values()) {
      const { pid, copy, source, target } = job;
      const end = copy?.source === database ? source : copy?.target === database ? target : null;
      if (pid && end) this.scheduler.crashAfter(job, 0, reasons.databaseMissing(end));
    }
  }

  /**
   * Stores a document; in a replicator database its replication starts, or starts again.
   * @param {Database} database @param {string} id @param {Json} body
   * @param {{ deleted?: boolean, rev?: string, host?: string | null, trouble?: import("./trouble.js").Trouble | null }} [how]
   *   `rev`: the revision that it follows, if that is not the winner; `host`: the server's own, to recognize its
   *   databases in URLs; `trouble`: the error that the replication meets
   * @returns {Entry}
   */
  write(database, id, body, { deleted = false, rev, host = null, trouble = null } = {}) {
    const previous = database.entries.get(id);
    const loser =
      rev === undefined || rev === previous?.rev ? undefined : previous?.others?.find((leaf) => leaf.rev === rev);
    if (previous && loser) {
      database.extend(previous, loser, body, deleted);
      return previous;
    }
    if (previous?.replication && !deleted && !trouble && !isTerminal(body) && !isPoisoned(body)) {
      if (!isRestart(previous.body, body)) return database.write(id, body);
    }
    if (previous) this.scheduler.remove(previous);
    const entry = database.write(id, body, deleted);
    entry.frozen = null;
    if (isAlive(database, entry)) this.scheduler.add(database, entry, { host, trouble });
    else if (isReplication(database, entry) && isPoisoned(body)) this.scheduler.poison.add(database, entry);
    return entry;
  }

  /**
   * Stores a document with a past, in any of the seven states.
   * @param {Database} database @param {string} id @param {Json} body
   * @param {Parameters<Scheduler["place"]>[2]} [state] omitted if the body has a terminal state
   * @param {Parameters<Scheduler["place"]>[3]} [past]
   */
  place(database, id, body, state, past) {
    const entry = database.write(id, body);
    if (state && past) this.scheduler.place(database, entry, state, past);
    return entry;
  }

  /**
   * Loads rows and documents exactly as given; the clock never changes them.
   * @param {Record<string, Verbatim>} databases by name
   * @param {(Json | string)[]} [jobs] rows as `/_scheduler/jobs` shows them
   */
  loadVerbatim(databases, jobs = []) {
    for (const [name, { rows = [], documents = [], designDocs = [] }] of Object.entries(databases)) {
      const database = this.databases.get(name) ?? this.createDatabase(name);
      for (const { _id, _rev, ...body } of documents) database.write(_id, body, false, _rev);
      for (const given of rows) {
        const { doc_id, state, source = null, target = null } = parsed(given);
        const entry = database.get(doc_id) ?? database.write(doc_id, { source, target });
        entry.frozen = { state, source, target, text: textOf(given) };
      }
      for (const id of designDocs) database.write(id, { language: "javascript" });
    }
    for (const given of jobs) {
      const text = textOf(given);
      this.#verbatimJobs.push({ id: parsed(given).id, text: () => text });
    }
  }

  restart() {
    this.#verbatimHiddenUntil = this.clock.now() + UNKNOWN_AFTER_RESTART_MS;
    this.scheduler.restart(this.databases.values());
  }

  /** The state in a list; null: the document is not in lists. @param {Entry} entry */
  listedState(entry) {
    if (entry.id.startsWith("_design/")) return null;
    const state = stateOf(entry);
    return entry.frozen && this.#isUnknown(state) ? null : state;
  }

  /** The row as sent; a list shows it if `listedState` is not null. @param {Database} database @param {Entry} entry */
  rowText(database, entry) {
    if (!entry.frozen) return JSON.stringify(docRow(database.name, entry, this.clock.now()));
    if (this.#isUnknown(entry.frozen.state)) return JSON.stringify(rowFromDocument(database.name, entry));
    return entry.frozen.text;
  }

  /** @param {string | null} state */
  #isUnknown(state) {
    return this.clock.now() < this.#verbatimHiddenUntil && state !== "completed" && state !== "failed";
  }

  /** All jobs, sorted by id. @returns {{ id: string, text: () => string }[]} */
  jobs() {
    const isHidden = this.clock.now() < this.#verbatimHiddenUntil;
    const verbatim = isHidden ? [] : this.#verbatimJobs;
    const live = this.scheduler
      .jobs()
      .map((job) => ({ id: job.id, text: () => JSON.stringify(jobRow(job, this.clock.now())) }));
    return [...verbatim, ...live].sort((a, b) => compareIds(a.id, b.id));
  }

  /** Counts the documents in each state, over all replicator databases. @returns {Record<string, number>} */
  countStates() {
    this.scheduler.settle();
    /** @type {Record<string, number>} */
    const counts = {};
    for (const database of this.databases.values()) {
      if (!database.isReplicator) continue;
      for (const entry of database.entries.values()) {
        const state = entry.deleted ? null : this.listedState(entry);
        if (state) counts[state] = (counts[state] ?? 0) + 1;
      }
    }
    return counts;
  }
}

/** @param {Database} database @param {Entry} entry */
function isAlive(database, entry) {
  return isReplication(database, entry) && !isTerminal(entry.body) && !isPoisoned(entry.body);
}

/** @param {Database} database @param {Entry} entry */
function isReplication(database, { deleted, id }) {
  return database.isReplicator && !deleted && !id.startsWith("_design/");
}

/** @param {Json | string} row @returns {Json} */
function parsed(row) {
  return typeof row === "string" ? JSON.parse(row) : row;
}

/** @param {Json | string} row */
function textOf(row) {
  return typeof row === "string" ? row : JSON.stringify(row);
}
