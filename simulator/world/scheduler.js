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
import { copyHere, idHere } from "./ends.js";
import { hash32 } from "./hash.js";
import { hungTrouble } from "./hung.js";
import { crashTimes, createJob, timeToCrash } from "./job.js";
import { JobPool } from "./job-pool.js";
import { newReplication, retryDelay } from "./live.js";
import { Poison } from "./poison.js";
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
 * @typedef {import("./node.js").Node} Node
 * @typedef {import("./live.js").Replication} Replication
 */

const NOTICED_AFTER_MS = 100;
const INITIALIZING_MS = 200;
const RESTART_MS = 5_000;

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
    this.world = world;
    this.pool = new JobPool(nodes, { maxJobs, maxChurn, interval });
    /** Sources that hang. @type {import("./hung.js").HungSource[]} */
    this.hung = [];
    /** Replicator databases with a document that kills the document processor. */
    this.poison = new Poison(this);
    this.#now = clock.now();
    for (const node of this.pool.nodes()) this.#planTick(node);
  }

  /** The time of the event that is processed. */
  get now() {
    return this.#now;
  }

  /** @param {number} delay in ms @param {() => void} action */
  after(delay, action) {
    this.#queue.push(this.#now + delay, action);
  }

  /** Processes all events that are due. */
  settle() {
    const until = this.clock.now();
    for (let due = this.#queue.takeDue(until); due; due = this.#queue.takeDue(until)) {
      this.#now = due.at;
      due.item();
    }
    this.pool.copyUntil(until);
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
    const node = this.pool.nodeFor(database, entry, this.#now);
    const replication = newReplication({ database, entry, node, host, trouble, at: this.clock.now() });
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
    for (const node of this.pool.nodes()) this.#planTick(node);
    this.poison.restart(RESTART_MS);
    for (const replication of alive) this.again(replication, RESTART_MS);
    for (const job of this.pool.values()) this.#dismiss(job);
  }

  /** A replication begins again, from its checkpoint. @param {Replication} replication @param {number} [noticedAfter] */
  again({ database, entry, host, trouble, job }, noticedAfter = NOTICED_AFTER_MS) {
    const startFrom = job ? copied(job, this.#now) : 0;
    this.remove(entry);
    const after = noticedAfter + (hash32(entry.id, this.seed) % 400);
    this.add(database, entry, { host, trouble, noticedAfter: after }).startFrom = startFrom;
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
      for (const at of crashTimes(now, failures, this.pool.defaults.interval)) {
        if (at <= since) continue;
        this.pool.start(job, at - 1_000);
        this.pool.crash(job, trouble?.reason ?? "unknown", at);
      }
      return;
    }
    this.pool.start(job, since);
    if (state === "pending") this.pool.stop(job, now - (age % this.pool.defaults.interval));
    else this.planEnd(job, 5_000 + (hash32(entry.id, this.seed) % 600_000));
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
    if (this.pool.hasRoomFor(job)) this.#start(job);
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
    const id = idHere(replication, this.world);
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
    if (this.pool.hasRoomFor(job)) this.#start(job);
  }

  /** @param {Replication} replication @param {string} reason */
  #fail(replication, reason) {
    Object.assign(replication, { phase: "error", reason, errors: replication.errors + 1, updated: this.#now });
    this.#planRetry(replication);
  }

  /** @param {Replication} replication */
  #planRetry(replication) {
    this.#plan(replication, retryDelay(this.seed, replication), () => this.#initialize(replication));
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
    const job = createJob({ id: idHere(replication, this.world), node, replication, user, traits, body, at });
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
    this.pool.delete(job, this.#now);
    if (job.replication) job.replication.job = null;
  }

  /** @param {Job} job */
  #start(job) {
    this.pool.start(job, this.#now);
    this.planEnd(job);
    const copy = job.copies && job.replication ? copyHere(job, job.replication, this.world) : null;
    if (copy) this.pool.beginCopy(job, copy, this.#now);
  }

  /**
   * Plans the end of this run of a job, if it has one.
   * @param {Job} job @param {number} [delay] ms until a crash; default: a random time
   */
  planEnd(job, delay) {
    const { replication } = job;
    if (!replication) return;
    job.turn++;
    const elsewhere = this.nodes.find((node) => node !== job.node && this.pool.get(node, job.id)?.pid);
    const trouble = hungTrouble(this.hung, job) ?? this.#troubleOf(replication);
    job.copies = !trouble || trouble.comesAndGoes === true;
    if (elsewhere) this.crashAfter(job, 0, reasons.duplicateOnNode(elsewhere));
    else if (trouble?.during === "run")
      this.crashAfter(job, delay ?? timeToCrash(this.seed, job, trouble), trouble.reason);
    else if (!job.continuous) {
      this.#ofRun(job, Math.max(0, durationOf(job.traits) - job.ranBefore), () => this.#complete(job));
    }
  }

  /** After a healthy run the job starts again at once: only its history shows the crash. @param {Job} job @param {number} delay @param {string} reason */
  crashAfter(job, delay, reason) {
    this.#ofRun(job, delay, () => {
      this.pool.crash(job, reason, this.#now);
      if (this.pool.isRestartable(job, this.#now)) this.#start(job);
    });
  }

  /** Plans what happens to a run, unless it has ended by then. @param {Job} job @param {number} delay @param {() => void} action */
  #ofRun(job, delay, action) {
    const turn = ++job.turn;
    this.after(delay, () => {
      if (job.turn === turn) action();
    });
  }

  /** @param {Job} job */
  #complete(job) {
    const { replication, traits, source, startTime, copy } = job;
    if (!replication) return this.#dismiss(job);
    copy?.copyUntil(this.#now);
    if (copy && !copy.isDone) return this.#ofRun(job, 1_000, () => this.#complete(job));
    copy?.end(this.#now);
    const counters = copy?.finalInfo() ?? finalCounters(traits, source);
    const _replication_stats = { ...counters, start_time: iso8601(startTime) };
    this.#end(replication, { _replication_state: "completed", _replication_stats });
  }

  /** Once an interval: decides which jobs of a node run. @param {Node} node */
  #planTick(node) {
    this.after(node.interval, () => {
      this.#planTick(node);
      this.pool.makeRoom(node, this.#now);
      for (const job of this.pool.startable(node, this.#now)) this.#start(job);
    });
  }
}
