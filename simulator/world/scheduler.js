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
import { Copy, copyAll } from "./copy.js";
import { filterCode } from "./filters.js";
import { hash32, randomFor } from "./hash.js";
import { NODE_TIMEOUT_MS, Node } from "./node.js";
import { copied, durationOf, finalCounters, traitsHere, traitsOf } from "./progress.js";
import { Queue } from "./queue.js";
import { credentialsOf, isPoisoned, replicationId, shownEndpoint } from "./replication.js";
import { databaseHere, reasons, troubleAhead } from "./trouble.js";

/**
 * @typedef {import("./database.js").Entry} Entry
 * @typedef {import("./database.js").Database} Database
 * @typedef {import("./database.js").Json} Json
 * @typedef {import("./trouble.js").Trouble} Trouble
 * @typedef {import("./job.js").Job} Job
 *
 * @typedef {{ type: "added" | "started" | "stopped" | "crashed", at: number, reason?: string }} HistoryEvent
 *
 * @typedef {object} Job
 * @property {string} id
 * @property {string} node
 * @property {Replication | null} replication null for one that `_replicate` started
 * @property {string} source as shown
 * @property {string} target as shown
 * @property {string | null} user
 * @property {boolean} continuous
 * @property {string | null} pid while it runs
 * @property {HistoryEvent[]} history newest first
 * @property {number} lastStarted 0: never
 * @property {number} readyAt not to be started before: it has crashed
 * @property {number} startTime
 * @property {number} addedAt when the work began, restarts of the server or not
 * @property {number | null} runningSince
 * @property {number} ranBefore ms of all runs that have ended
 * @property {number} stoppedAt the end of the last of them
 * @property {number} startFrom documents copied before the counters began
 * @property {boolean} copies false where its trouble lets no document through
 * @property {number} turn counts the runs, so that what was planned for an earlier one does not happen
 * @property {import("./progress.js").Traits} traits
 * @property {Copy | null} copy where both ends are here: what it copies
 * @property {{ at: number, why: "hung" | "stuck" } | null} frozen since when nothing moves, and why
 *
 * @typedef {object} Replication a document that is alive
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
const HEALTHY_AFTER_MS = 120_000;
const MAX_HISTORY = 20;
const CONNECTION_TIMEOUT_MS = 30_000;
/** A job whose source never answers: at its start, by its connection timeout, and once it runs. */
const HUNG_START_MS = 23_400;
const HUNG_START_FACTOR = 2.32;
const HUNG_LATER_MS = 209_000;
const TAKEN_OVER_MS = 10_000;

export class Scheduler {
  /** @type {Map<string, Node>} */
  #nodes = new Map();
  /** Those that copy documents and are not frozen. @type {Map<Job, Copy>} */
  #copying = new Map();
  /** Sources that take connections and never answer. @type {Set<(source: string) => boolean>} */
  #hung = new Set();
  /** Documents that kill the document processor. @type {Set<{ database: Database, entry: Entry }>} */
  #poisoned = new Set();
  /** By node and id: two nodes can have the same work. @type {Map<string, Job>} */
  #jobs = new Map();
  /** @type {Queue<() => void>} */
  #queue = new Queue();
  #now;
  #copiedUntil = 0;
  #pids = 0;

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
    /** What a node does that was not configured. */
    this.defaults = { maxJobs, maxChurn, interval };
    this.world = world;
    this.pool = new JobPool(maxJobs, maxChurn);
    this.#now = clock.now();
    for (const name of nodes) this.#nodes.set(name, new Node(name, this.defaults));
    for (const node of this.#nodes.values()) this.#planTick(node);
  }

  /** @param {string} name */
  node(name) {
    return this.#nodes.get(name);
  }

  /** @param {Job | Replication} of */
  #nodeOf({ node }) {
    return /** @type {Node} */ (this.#nodes.get(node));
  }

  /** Processes all events that are due. */
  settle() {
    const until = this.clock.now();
    for (let due = this.#queue.takeDue(until); due; due = this.#queue.takeDue(until)) {
      this.#now = due.at;
      due.item();
    }
    if (this.#copying.size > 0) copyAll([...this.#copying.values()], this.#copiedUntil, until);
    this.#copiedUntil = until;
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
    const node = this.nodeFor(database, entry);
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

  /** The node that takes care of a document. @param {Database} database @param {Entry} entry */
  nodeFor(database, entry) {
    const live = this.liveNodes();
    return live[hash32(`${database.name}/${entry.id}`) % live.length];
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
    for (const node of this.#nodes.values()) this.#planTick(node);
    for (const node of new Set([...this.#poisoned].map((one) => this.nodeFor(one.database, one.entry))))
      this.#queue.push(this.#now + RESTART_MS, () => this.#processDocuments(node));
    for (const replication of alive) this.#again(replication, RESTART_MS);
    for (const job of this.#jobs.values()) this.#dismiss(job);
  }

  /** A replication begins again, from its checkpoint. @param {Replication} replication @param {number} noticedAfter */
  #again({ database, entry, host, trouble, job }, noticedAfter) {
    const startFrom = job ? copied(job, this.#now) : 0;
    this.remove(entry);
    const after = noticedAfter + (hash32(entry.id, this.seed) % 400);
    this.add(database, entry, { host, trouble, noticedAfter: after }).startFrom = startFrom;
  }

  // -------------------------------------------------------------------- what is done to it

  /** A document has a state that CouchDB does not know. @param {Database} database @param {Entry} entry */
  poison(database, entry) {
    this.#poisoned.add({ database, entry });
    this.#queue.push(this.#now + NOTICED_AFTER_MS, () => this.#processDocuments(this.nodeFor(database, entry)));
  }

  /** @param {Database} database */
  hasPoison(database) {
    return [...this.#poisoned].some((one) => one.database === database && isStillPoisoned(one.entry));
  }

  /**
   * The document processor of a node dies of a poisoned document, finds all documents again, and dies again.
   * @param {string} node
   */
  #processDocuments(node) {
    for (const one of this.#poisoned) if (!isStillPoisoned(one.entry)) this.#poisoned.delete(one);
    const mine = [...this.#poisoned].filter(({ database, entry }) => this.nodeFor(database, entry) === node);
    if (mine.length === 0) return;
    for (const { replication } of this.#documentsOn(node)) if (replication) this.#again(replication, NOTICED_AFTER_MS);
    const { counts } = /** @type {Node} */ (this.#nodes.get(node));
    counts.scans += new Set(mine.map(({ database }) => database)).size;
    this.#queue.push(this.#now + RESTART_MS, () => this.#processDocuments(node));
  }

  /** @param {string} node @returns {Entry[]} */
  #documentsOn(node) {
    const found = [];
    for (const database of this.world.databases.values()) {
      if (!database.isReplicator) continue;
      for (const entry of database.entries.values()) if (entry.replication?.node === node) found.push(entry);
    }
    return found;
  }

  /**
   * A source hangs: it takes connections and never answers.
   * @param {(source: string) => boolean} isHung @returns {() => void} lets it answer again
   */
  hang(isHung) {
    this.#hung.add(isHung);
    for (const job of this.#jobs.values()) {
      if (job.pid && job.copies && isHung(job.source)) {
        this.#freeze(job, "hung");
        const timeout = job.replication?.entry.body.connection_timeout ?? CONNECTION_TIMEOUT_MS;
        const after = Math.ceil((timeout / CONNECTION_TIMEOUT_MS) * HUNG_LATER_MS);
        this.#later(job, after, () => this.#crash(job, reasons.hung(job.source), this.#now));
      }
    }
    return () => {
      this.#hung.delete(isHung);
      for (const job of this.#jobs.values()) if (job.frozen?.why === "hung" && isHung(job.source)) this.#thaw(job);
    };
  }

  /** The process of a job is stuck: only a restart helps. @param {Entry} entry */
  stick(entry) {
    const job = entry.replication?.job;
    if (!job?.pid) throw new Error(`${entry.id} does not run`);
    job.turn++;
    this.#freeze(job, "stuck");
  }

  /** @param {Job} job @param {"hung" | "stuck"} why */
  #freeze(job, why) {
    job.copy?.copyUntil(this.#now);
    job.frozen = { at: this.#now, why };
    this.#copying.delete(job);
  }

  /** @param {Job} job */
  #thaw(job) {
    job.frozen = null;
    job.copy?.skipTo(this.#now);
    if (job.copy) this.#copying.set(job, job.copy);
    this.#planEnd(job);
  }

  /** A replication loses its checkpoint and restarts. @param {Entry} entry @param {(job: Job) => void} forget the checkpoint */
  rewind({ replication }, forget) {
    if (!replication?.job) throw new Error("It has no job");
    const { job, entry } = replication;
    this.#again(replication, NOTICED_AFTER_MS);
    forget(job);
    if (entry.replication) entry.replication.startFrom = 0;
  }

  /** @param {number} [now] @returns {string[]} the nodes that the others see */
  liveNodes(now = this.#now) {
    return this.nodes.filter((name) => !this.#nodes.get(name)?.isGone(now));
  }

  /** A node is gone; a minute later the others notice it, and take its documents over. @param {string} name */
  loseNode(name) {
    const node = this.#nodes.get(name);
    if (!node || this.nodes.length < 2) throw new Error(`${name} is not one of several nodes`);
    node.lostAt = this.#now;
    this.#queue.push(this.#now + NODE_TIMEOUT_MS, () => {
      if (!node.isGone(this.#now)) return;
      for (const { replication } of this.#documentsOn(name)) if (replication) this.#again(replication, TAKEN_OVER_MS);
      for (const job of this.#jobs.values()) if (job.node === name) this.#dismiss(job);
    });
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
      for (const at of crashTimes(now, failures, this.#nodeOf(job).interval)) {
        if (at <= since) continue;
        this.pool.start(job, at - 1_000);
        this.pool.crash(job, trouble?.reason ?? "unknown", at);
      }
      return;
    }
    this.#run(job, since);
    if (state === "pending") this.#stop(job, now - (age % this.#nodeOf(job).interval));
    else this.#planEnd(job, 5_000 + (hash32(entry.id, this.seed) % 600_000));
  }

  /**
   * Adds a job that `_replicate` started: it has no document.
   * @param {Json} body @param {string | null} user
   */
  addTransient(body, user) {
    const id = replicationId(body);
    const node = this.nodes[hash32(id) % this.nodes.length];
    const job = this.#createJob({ id, node, body, user, name: id, replication: null, at: this.#now });
    this.#startNew(job);
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
    const id = this.#idOf(replication);
    const same = this.#jobs.get(keyOf(replication.node, id));
    if (same && !same.replication) return this.#fail(replication, reasons.duplicateTransient(id, entry.id));
    if (same?.replication) {
      const other = same.replication;
      return this.#end(replication, {
        _replication_state: "failed",
        _replication_state_reason: reasons.duplicate(id, entry.id, other.entry.id, other.database.name),
      });
    }
    const job = this.#addJob(replication, this.#now);
    this.#startNew(job);
  }

  /** @param {Replication} replication */
  #idOf({ entry: { body }, host }) {
    const isNamed = typeof body.filter === "string" && !body.filter.startsWith("_");
    return replicationId(
      body,
      isNamed ? filterCode(databaseHere(body.source, host, this.world), body.filter) : undefined,
    );
  }

  /** A new job need not wait for the next interval while there is room. @param {Job} job */
  #startNew(job) {
    const { running, waiting, maxJobs } = this.#nodeOf(job);
    if (running.size + waiting.size < maxJobs) this.#start(job);
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
    const user = entry.body.user_ctx?.name ?? null;
    const name = `${database.name}/${entry.id}`;
    const job = this.#createJob({ id: this.#idOf(replication), node, body: entry.body, user, name, replication, at });
    job.startTime = replication.startTime;
    job.startFrom = Math.min(replication.startFrom, traits.backlog);
    replication.job = job;
    this.pool.add(job);
    return job;
  }

  /** @param {{ id: string, node: string, body: import("./database.js").Json, user: string | null, name: string, replication: Replication | null, at: number }} what @returns {Job} */
  #createJob({ id, node, body, user, name, replication, at }) {
    const job = /** @type {Job} */ ({
      id,
      node,
      replication,
      user,
      source: shownEndpoint(body.source),
      target: shownEndpoint(body.target),
      continuous: body.continuous === true,
      pid: null,
      history: [{ type: "added", at }],
      lastStarted: 0,
      readyAt: 0,
      startTime: at,
      addedAt: at,
      runningSince: null,
      ranBefore: 0,
      stoppedAt: at,
      startFrom: 0,
      copies: true,
      turn: 0,
      traits: traitsHere(databaseHere(body.source, replication?.host ?? null, this.world)) ?? traitsOf(this.seed, name),
      copy: null,
      frozen: null,
    });
    this.#jobs.set(keyOf(node, id), job);
    const { waiting, counts } = this.#nodeOf(job);
    waiting.add(job);
    counts.adds++;
    return job;
  }

  /** @param {Job} job */
  #dismiss(job) {
    job.turn++;
    this.#endCopy(job, this.#now);
    const { running, waiting, counts } = this.#nodeOf(job);
    running.delete(job);
    waiting.delete(job);
    counts.removes++;
    this.#jobs.delete(keyOf(job.node, job.id));
    if (job.replication) job.replication.job = null;
  }

  /** @param {Job} job */
  #start(job) {
    this.pool.start(job, this.#now);
    this.#planEnd(job);
    if (job.copies && job.pid) this.#beginCopy(job);
  }

  /** @param {Job} job */
  #beginCopy(job) {
    const { replication, id } = job;
    if (!replication) return;
    const { body } = replication.entry;
    const source = databaseHere(body.source, replication.host, this.world);
    const target = source && databaseHere(body.target, replication.host, this.world);
    if (!source || !target) return;
    const { user, password } = credentialsOf(body.target) ?? { user: "", password: "" };
    const who = this.world.userOf(user, password) ?? { name: null, roles: [] };
    job.copy = new Copy({ id, body, source, target, user: who });
    job.copy.begin(this.#now);
    this.#copying.set(job, job.copy);
  }

  /** @param {Job} job @param {number} at @param {boolean} [isCrash] */
  #endCopy(job, at, isCrash = false) {
    if (job.copy && !job.frozen) job.copy.copyUntil(at);
    job.copy?.end(at, { isCrash });
    job.frozen = null;
    this.#copying.delete(job);
  }

  /** @param {Job} job @param {number} at */
  #run(job, at) {
    const { running, waiting, counts } = this.#nodeOf(job);
    waiting.delete(job);
    running.add(job);
    counts.starts++;
    job.pid = `<0.${300 + this.#pids++}.0>`;
    job.runningSince = at;
    job.lastStarted = at;
    remember(job, { type: "started", at });
  }

  /** @param {Job} job @param {number} at @param {boolean} [isCrash] */
  #halt(job, at, isCrash = false) {
    job.turn++;
    if (job.copies) job.ranBefore += (job.frozen?.at ?? at) - (job.runningSince ?? at);
    this.#endCopy(job, at, isCrash);
    job.stoppedAt = at;
    job.runningSince = null;
    job.pid = null;
    const { running, waiting } = this.#nodeOf(job);
    running.delete(job);
    waiting.add(job);
  }

  /** @param {Job} job @param {number} at */
  #stop(job, at) {
    this.#halt(job, at);
    this.#nodeOf(job).counts.stops++;
    job.readyAt = at;
    remember(job, { type: "stopped", at });
  }

  /** @param {Job} job @param {string} reason @param {number} at */
  #crash(job, reason, at) {
    this.#halt(job, at, true);
    const node = this.#nodeOf(job);
    node.counts.crashes++;
    remember(job, { type: "crashed", at, reason });
    const wait = backoff(crashesInARow(job.history));
    job.readyAt = at + wait;
    // After a good time it starts again at once: nothing but its history shows the crash.
    if (wait === 0 && node.running.size < node.maxJobs) this.#start(job);
  }

  /**
   * Plans the end of this run of a job, if it has one.
   * @param {Job} job @param {number} [delay] ms until a crash; default: a random time
   */
  #planEnd(job, delay) {
    const { replication } = job;
    if (!replication) return;
    const at = (/** @type {number} */ ms, /** @type {() => void} */ what) => this.#later(job, ms, what);
    job.turn++;
    const elsewhere = this.nodes.find((node) => node !== job.node && this.#jobs.get(keyOf(node, job.id))?.pid);
    const trouble = this.#hungTrouble(job) ?? this.#troubleOf(replication);
    job.copies = !trouble || trouble.comesAndGoes === true;
    if (elsewhere) at(0, () => this.pool.crash(job, reasons.duplicateOnNode(elsewhere), this.#now));
    else if (trouble?.during === "run")
      at(delay ?? this.#timeToCrash(job, trouble), () => this.pool.crash(job, trouble.reason, this.#now));
    else if (!job.continuous) at(Math.max(0, durationOf(job.traits) - job.ranBefore), () => this.#complete(job));
  }

  /** What happens unless the run has ended by then. @param {Job} job @param {number} ms @param {() => void} what */
  #later(job, ms, what) {
    const turn = ++job.turn;
    this.#queue.push(this.#now + ms, () => {
      if (job.turn === turn) what();
    });
  }

  /** @param {Job} job @returns {Trouble | null} */
  #hungTrouble({ source, replication }) {
    if (![...this.#hung].some((isHung) => isHung(source))) return null;
    const timeout = replication?.entry.body.connection_timeout ?? CONNECTION_TIMEOUT_MS;
    return {
      during: "run",
      reason: reasons.hung(source),
      after: HUNG_START_MS + HUNG_START_FACTOR * timeout,
      isExact: true,
    };
  }

  /** How long a job in trouble runs before it crashes. @param {Job} job @param {Trouble} trouble */
  #goodTime(job, trouble) {
    if (trouble.isExact) return trouble.after;
    const random = randomFor(this.seed, "run", job.id, job.turn);
    if (!trouble.comesAndGoes || random() < 0.5) return Math.ceil(trouble.after * (0.5 + random()));
    return HEALTHY_AFTER_MS + Math.ceil(random() * 1_800_000);
  }

  /** @param {Job} job */
  #complete(job) {
    const { replication, traits, source, startTime, copy } = job;
    if (!replication) return this.#dismiss(job);
    copy?.copyUntil(this.#now);
    if (copy && !copy.isDone) return this.#later(job, 1_000, () => this.#complete(job));
    copy?.end(this.#now);
    const _replication_stats = {
      ...(copy?.finalInfo() ?? finalCounters(traits, source)),
      start_time: iso8601(startTime),
    };
    this.#end(replication, { _replication_state: "completed", _replication_stats });
  }

  // --------------------------------------------------------------------------- what may run

  /** @param {Node} node */
  #planTick(node) {
    this.#queue.push(this.#now + node.interval, () => this.#tick(node));
  }

  /** Once an interval: too many are stopped, some are exchanged for those that wait. @param {Node} node */
  #tick(node) {
    this.#planTick(node);
    const excess = Math.max(0, node.running.size - node.maxJobs);
    const free = node.maxJobs - node.running.size;
    const exchanged = Math.min(node.waiting.size - free, node.maxChurn);
    this.#stopLongest(node, Math.max(excess, exchanged));
    this.#startWaiting(node);
  }

  /** Only continuous ones give way to others; the set has them in the order they were started. @param {Node} node @param {number} count */
  #stopLongest({ running }, count) {
    for (const job of running) {
      if (count <= 0) return;
      if (!job.continuous) continue;
      this.#stop(job, this.#now);
      count--;
    }
  }

  /** @param {Node} node */
  #startWaiting({ running, waiting, maxJobs }) {
    const free = maxJobs - running.size;
    if (free <= 0 || waiting.size === 0) return;
    const ready = [...waiting].filter((job) => job.readyAt <= this.#now);
    ready.sort((a, b) => a.lastStarted - b.lastStarted);
    for (const job of ready.slice(0, free)) this.#start(job);
  }
}

/** @param {Entry} entry */
function isStillPoisoned({ deleted, body }) {
  return !deleted && isPoisoned(body);
}

/** @param {string} node @param {string} id */
function keyOf(node, id) {
  return `${node}\0${id}`;
}

/** @param {Job} job @param {HistoryEvent} event */
function remember(job, event) {
  job.history.unshift(event);
  if (job.history.length > MAX_HISTORY) job.history.pop();
}

/** A job that crashed waits 30 s, 60 s, 120 s … @param {number} crashes */
function backoff(crashes) {
  return crashes === 0 ? 0 : BACKOFF_MS * 2 ** Math.min(crashes - 1, MAX_BACKOFF_EXPONENT);
}

/**
 * The `error_count` of a job: crashes soon after whatever came before them, back to a time when it went well.
 * @param {HistoryEvent[]} history
 */
export function crashesInARow(history) {
  let count = 0;
  for (let i = 0; i < history.length; i++) {
    const before = history[i + 1];
    if (history[i].type === "crashed" && before) {
      if (history[i].at - before.at > HEALTHY_AFTER_MS) return count;
      count++;
    } else if (history[i].type === "stopped" && before?.type === "started") {
      return count;
    }
  }
  return count;
}

/** When a job that has crashed so often would have done so, oldest first. @param {number} now @param {number} crashes @param {number} interval */
function crashTimes(now, crashes, interval) {
  const times = [];
  let at = now - 1_000 * (1 + (crashes % 7));
  for (let n = crashes; n > 0; n--) {
    times.unshift(at);
    at -= Math.ceil(backoff(n - 1) / interval) * interval || interval;
  }
  return times;
}
