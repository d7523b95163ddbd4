// @ts-check
/**
 * The replication scheduler: takes documents through their states as its clock advances.
 *
 * The scheduler does not know a new document at first. Then the document is `initializing` while its replication id
 * is computed (or `error`, with a retry later, or `failed` if another document describes the same replication).
 * Then it has a job: `running`, `crashing` between two attempts, or `pending` while `maxJobs` others run. Future
 * events are in a queue; `settle` processes those that are due, whenever the state is read.
 */
import { iso8601 } from "./clock.js";
import { hash32, randomFor } from "./hash.js";
import { crashTimes, createJob, HEALTHY_AFTER_MS } from "./job.js";
import { JobPool } from "./job-pool.js";
import { copied, durationOf, finalCounters, traitsHere, traitsOf } from "./progress.js";
import { Queue } from "./queue.js";
import { replicationId } from "./replication.js";
import { databaseHere, reasons, troubleAhead } from "./trouble.js";

/**
 * @typedef {import("./database.js").Entry} Entry
 * @typedef {import("./database.js").Database} Database
 * @typedef {import("./database.js").Json} Json
 * @typedef {import("./trouble.js").Trouble} Trouble
 * @typedef {import("./job.js").Job} Job
 *
 * @typedef {object} Replication a document whose replication has not ended
 * @property {Database} database
 * @property {Entry} entry
 * @property {"unseen" | "initializing" | "error" | "scheduled"} phase
 * @property {string} node
 * @property {number} startTime
 * @property {number} updated
 * @property {number} errors
 * @property {string | null} reason
 * @property {Job | null} job
 * @property {Trouble | null} trouble the error it meets; null: its URLs decide
 * @property {string | null} host the server that it was stored at
 * @property {number} turn number of the latest plan; cancels earlier plans
 * @property {number} startFrom documents copied before a restart
 */

const NOTICED_AFTER_MS = 100;
const INITIALIZING_MS = 200;
const RESTART_MS = 5_000;
const ERROR_BACKOFF_SECONDS = 64;
const MAX_ERROR_EXPONENT = 12;

export class Scheduler {
  /** @type {Queue<() => void>} */
  #queue = new Queue();
  #now;

  /**
   * @param {object} options
   * @param {import("./clock.js").Clock} options.clock
   * @param {number} options.seed
   * @param {string[]} options.nodes
   * @param {number} options.maxJobs maximum number of running jobs
   * @param {number} options.maxChurn maximum number of jobs that are exchanged in an interval
   * @param {number} options.interval ms between two decisions about which jobs run
   * @param {import("./trouble.js").World} options.world
   */
  constructor({ clock, seed, nodes, maxJobs, maxChurn, interval, world }) {
    this.clock = clock;
    this.seed = seed;
    this.nodes = nodes;
    this.interval = interval;
    this.world = world;
    this.pool = new JobPool(maxJobs, maxChurn);
    this.#now = clock.now();
    this.#queue.push(this.#now + interval, () => this.#tick());
  }

  /** Processes all events that are due. */
  settle() {
    const until = this.clock.now();
    for (let due = this.#queue.takeDue(until); due; due = this.#queue.takeDue(until)) {
      this.#now = due.at;
      due.item();
    }
    this.#now = until;
  }

  /** @returns {Job[]} sorted by id */
  jobs() {
    return [...this.pool.values()].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  }

  /**
   * A replication document was written.
   * @param {Database} database @param {Entry} entry @param {{ host?: string | null, trouble?: Trouble | null, noticedAfter?: number }} [how]
   * @returns {Replication}
   */
  add(database, entry, { host = null, trouble = null, noticedAfter = NOTICED_AFTER_MS } = {}) {
    const replication = this.#adopt(database, entry, host, trouble);
    this.#plan(replication, noticedAfter, () => this.#initialize(replication));
    return replication;
  }

  /** @param {Database} database @param {Entry} entry @param {string | null} host @param {Trouble | null} trouble @returns {Replication} */
  #adopt(database, entry, host, trouble) {
    const node = this.nodes[hash32(`${database.name}/${entry.id}`) % this.nodes.length];
    const now = this.clock.now();
    const replication = /** @type {Replication} */ ({
      database,
      entry,
      phase: "unseen",
      node,
      startTime: now,
      updated: now,
      errors: 0,
      reason: null,
      job: null,
      trouble,
      host,
      turn: 0,
      startFrom: 0,
    });
    entry.replication = replication;
    return replication;
  }

  /** The document was changed or deleted: its job ends. @param {Entry} entry */
  remove(entry) {
    const { replication } = entry;
    if (!replication) return;
    replication.turn++;
    if (replication.job) this.#dismiss(replication.job);
    entry.replication = null;
  }

  /** The server forgets all jobs, and finds its documents again after a few seconds. @param {Iterable<Database>} databases */
  restart(databases) {
    this.settle();
    const alive = [];
    for (const database of databases) {
      for (const { replication } of database.entries.values()) if (replication) alive.push(replication);
    }
    this.#queue.clear();
    this.#queue.push(this.#now + this.interval, () => this.#tick());
    for (const { database, entry, host, trouble, job } of alive) {
      const startFrom = job ? copied(job, this.#now) : 0;
      this.remove(entry);
      const noticedAfter = RESTART_MS + (hash32(entry.id, this.seed) % 400);
      this.add(database, entry, { host, trouble, noticedAfter }).startFrom = startFrom;
    }
    for (const job of this.pool.values()) this.#dismiss(job);
  }

  /**
   * Puts a document into a state directly, with a matching history.
   * @param {Database} database @param {Entry} entry
   * @param {"initializing" | "running" | "pending" | "crashing" | "error"} state
   * @param {{ age: number, failures?: number, trouble?: Trouble | null }} past `age` in ms; `failures` in a row
   */
  place(database, entry, state, { age, failures = 1, trouble = null }) {
    const replication = this.#adopt(database, entry, null, trouble);
    const now = this.clock.now();
    const since = now - age;
    replication.startTime = since;
    if (state === "initializing" || state === "error") {
      Object.assign(replication, {
        phase: state,
        updated: since,
        errors: state === "error" ? failures : 0,
        reason: trouble?.reason ?? null,
      });
      if (state === "error") this.#planRetry(replication);
      else this.#plan(replication, trouble?.after ?? INITIALIZING_MS, () => this.#initialized(replication));
      return;
    }
    const job = this.#addJob(replication, since);
    job.copies = !trouble || trouble.comesAndGoes === true;
    if (state === "crashing") {
      for (const at of crashTimes(now, failures, this.interval)) {
        if (at <= since) continue;
        this.pool.start(job, at - 1_000);
        this.pool.crash(job, trouble?.reason ?? "unknown", at);
      }
      return;
    }
    this.pool.start(job, since);
    if (state === "pending") this.pool.stop(job, now - (age % this.interval));
    else this.#planEnd(job, 5_000 + (hash32(entry.id, this.seed) % 600_000));
  }

  /**
   * Adds a job that `_replicate` started: it has no document.
   * @param {Json} body @param {string | null} user
   */
  addTransient(body, user) {
    const id = replicationId(body);
    const node = this.nodes[hash32(id) % this.nodes.length];
    const traits = this.#traitsOf(body, null, id);
    const job = createJob({ id, node, replication: null, user, traits, body, at: this.#now });
    this.pool.add(job);
    if (this.pool.hasRoom) this.#start(job);
  }

  // ------------------------------------------------------------------ documents without a job

  /** @param {Replication} replication @param {number} delay @param {() => void} action */
  #plan(replication, delay, action) {
    const turn = ++replication.turn;
    this.#queue.push(this.#now + delay, () => {
      if (replication.turn === turn) action();
    });
  }

  /** @param {Replication} replication */
  #initialize(replication) {
    if (replication.phase === "unseen") replication.startTime = this.#now;
    replication.phase = "initializing";
    replication.updated = this.#now;
    const trouble = this.#troubleOf(replication);
    const delay = trouble?.during === "start" ? trouble.after : INITIALIZING_MS;
    this.#plan(replication, delay, () => this.#initialized(replication));
  }

  /** @param {Replication} replication */
  #initialized(replication) {
    const trouble = this.#troubleOf(replication);
    if (trouble?.during === "start") return this.#fail(replication, trouble.reason);
    const { entry } = replication;
    const id = replicationId(entry.body);
    const same = this.pool.get(replication.node, id);
    if (same && !same.replication) return this.#fail(replication, reasons.duplicateTransient(id, entry.id));
    if (same?.replication) {
      const other = same.replication;
      return this.#end(replication, {
        _replication_state: "failed",
        _replication_state_reason: reasons.duplicate(id, entry.id, other.entry.id, other.database.name),
      });
    }
    const job = this.#addJob(replication, this.#now);
    if (this.pool.hasRoom) this.#start(job);
  }

  /** @param {Replication} replication @param {string} reason */
  #fail(replication, reason) {
    Object.assign(replication, { phase: "error", reason, errors: replication.errors + 1, updated: this.#now });
    this.#planRetry(replication);
  }

  /** @param {Replication} replication */
  #planRetry(replication) {
    const { entry, errors } = replication;
    const random = randomFor(this.seed, "retry", entry.id, errors);
    const seconds = 1 + Math.floor(random() * ERROR_BACKOFF_SECONDS * 2 ** Math.min(errors, MAX_ERROR_EXPONENT));
    this.#plan(replication, seconds * 1000, () => this.#initialize(replication));
  }

  /** @param {Replication} replication */
  #troubleOf({ trouble, entry, host }) {
    return trouble ?? troubleAhead(entry.body, host, this.world);
  }

  /** Writes a terminal state into the document. @param {Replication} replication @param {Json} fields */
  #end({ database, entry }, { _replication_state, ...fields }) {
    this.remove(entry);
    const { _replication_stats: _stats, _replication_state_reason: _reason, ...body } = entry.body;
    const _replication_state_time = iso8601(this.#now);
    database.write(entry.id, { ...body, _replication_state, _replication_state_time, ...fields });
  }

  // ----------------------------------------------------------------------------------- jobs

  /** @param {Replication} replication @param {number} at */
  #addJob(replication, at) {
    const { entry, node, database, host } = replication;
    const { body } = entry;
    replication.phase = "scheduled";
    replication.errors = 0;
    const user = body.user_ctx?.name ?? null;
    const traits = this.#traitsOf(body, host, `${database.name}/${entry.id}`);
    const job = createJob({ id: replicationId(body), node, replication, user, traits, body, at });
    job.startTime = replication.startTime;
    job.startFrom = Math.min(replication.startFrom, traits.backlog);
    replication.job = job;
    this.pool.add(job);
    return job;
  }

  /** @param {Json} body @param {string | null} host @param {string} name the seed of its random numbers */
  #traitsOf(body, host, name) {
    return traitsHere(databaseHere(body.source, host, this.world)) ?? traitsOf(this.seed, name);
  }

  /** @param {Job} job */
  #dismiss(job) {
    job.turn++;
    this.pool.delete(job);
    if (job.replication) job.replication.job = null;
  }

  /** @param {Job} job */
  #start(job) {
    this.pool.start(job, this.#now);
    this.#planEnd(job);
  }

  /**
   * Plans the end of this run of a job, if it has one.
   * @param {Job} job @param {number} [delay] ms until a crash; default: a random time
   */
  #planEnd(job, delay) {
    const { replication } = job;
    if (!replication) return;
    const turn = ++job.turn;
    const at = (/** @type {number} */ ms, /** @type {() => void} */ action) =>
      this.#queue.push(this.#now + ms, () => {
        if (job.turn === turn) action();
      });
    const elsewhere = this.nodes.find((node) => node !== job.node && this.pool.get(node, job.id)?.pid);
    const trouble = this.#troubleOf(replication);
    job.copies = !trouble || trouble.comesAndGoes === true;
    if (elsewhere) at(0, () => this.pool.crash(job, reasons.duplicateOnNode(elsewhere), this.#now));
    else if (trouble?.during === "run")
      at(delay ?? this.#timeToCrash(job, trouble), () => this.pool.crash(job, trouble.reason, this.#now));
    else if (!job.continuous) at(Math.max(0, durationOf(job.traits) - job.ranBefore), () => this.#complete(job));
  }

  /** How long a job in trouble runs before it crashes. @param {Job} job @param {Trouble} trouble */
  #timeToCrash(job, trouble) {
    const random = randomFor(this.seed, "run", job.id, job.turn);
    if (!trouble.comesAndGoes || random() < 0.5) return Math.ceil(trouble.after * (0.5 + random()));
    return HEALTHY_AFTER_MS + Math.ceil(random() * 1_800_000);
  }

  /** @param {Job} job */
  #complete(job) {
    const { replication, traits, source, startTime } = job;
    if (!replication) return this.#dismiss(job);
    const _replication_stats = { ...finalCounters(traits, source), start_time: iso8601(startTime) };
    this.#end(replication, { _replication_state: "completed", _replication_stats });
  }

  /** Once an interval: decides which jobs run. */
  #tick() {
    this.#queue.push(this.#now + this.interval, () => this.#tick());
    this.pool.makeRoom(this.#now);
    for (const job of this.pool.startable(this.#now)) this.#start(job);
  }
}
