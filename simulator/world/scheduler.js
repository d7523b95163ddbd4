// @ts-check
/**
 * The replication scheduler: takes documents through their states as its clock goes by.
 *
 * A document that was written is not known at first; then `initializing` while its id is worked out (or `error`,
 * tried again after a while, or `failed` where another document does the same work); then a job: `running`,
 * `crashing` between two attempts, `pending` where more jobs want to run than may. What has a time is in a queue
 * and happens when somebody next looks (`settle`).
 */
import { iso8601 } from "./clock.js";
import { hash32, randomFor } from "./hash.js";
import { copied, durationOf, finalCounters, traitsHere, traitsOf } from "./progress.js";
import { Queue } from "./queue.js";
import { replicationId, shownEndpoint } from "./replication.js";
import { databaseHere, reasons, troubleAhead } from "./trouble.js";

/**
 * @typedef {import("./database.js").Entry} Entry
 * @typedef {import("./database.js").Database} Database
 * @typedef {import("./trouble.js").Trouble} Trouble
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
 * @property {Trouble | null} trouble what it is fated to meet; null: what its addresses say
 * @property {string | null} host the server it was stored at
 * @property {number} turn counts what is planned, as in a job
 * @property {number} startFrom documents copied before a restart
 */

const NOTICED_AFTER_MS = 100;
const INITIALIZING_MS = 200;
const RESTART_MS = 5_000;
const BACKOFF_MS = 30_000;
const MAX_BACKOFF_EXPONENT = 10;
const ERROR_BACKOFF_SECONDS = 64;
const MAX_ERROR_EXPONENT = 12;
const HEALTHY_AFTER_MS = 120_000;
const MAX_HISTORY = 20;

export class Scheduler {
  /** @type {Set<Job>} */
  #running = new Set();
  /** @type {Set<Job>} */
  #waiting = new Set();
  /** By node and id: two nodes can have the same work. @type {Map<string, Job>} */
  #jobs = new Map();
  /** @type {Queue<() => void>} */
  #queue = new Queue();
  #now;
  #pids = 0;

  /**
   * @param {object} options
   * @param {import("./clock.js").Clock} options.clock
   * @param {number} options.seed
   * @param {string[]} options.nodes
   * @param {number} options.maxJobs how many jobs may run at once
   * @param {number} options.maxChurn how many may be exchanged for others each interval
   * @param {number} options.interval ms between two looks at what should run
   * @param {import("./trouble.js").World} options.world
   */
  constructor({ clock, seed, nodes, maxJobs, maxChurn, interval, world }) {
    this.clock = clock;
    this.seed = seed;
    this.nodes = nodes;
    this.maxJobs = maxJobs;
    this.maxChurn = maxChurn;
    this.interval = interval;
    this.world = world;
    this.#now = clock.now();
    this.#queue.push(this.#now + interval, () => this.#tick());
  }

  /** Lets everything happen that is due. */
  settle() {
    const until = this.clock.now();
    for (let due = this.#queue.takeDue(until); due; due = this.#queue.takeDue(until)) {
      this.#now = due.at;
      due.item();
    }
    this.#now = until;
  }

  /** @returns {Job[]} in the order of their ids */
  jobs() {
    return [...this.#jobs.values()].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
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

  /** The server forgets all jobs, and finds its documents again after some seconds. @param {Iterable<Database>} databases */
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
    for (const job of this.#jobs.values()) this.#dismiss(job);
  }

  /**
   * Puts a document straight into a state it might have reached long ago, with the history that goes with it.
   * @param {Database} database @param {Entry} entry
   * @param {"initializing" | "running" | "pending" | "crashing" | "error"} state
   * @param {{ age: number, failures?: number, trouble?: Trouble | null }} past `age` in ms; failures in a row
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
        this.#run(job, at - 1_000);
        this.#crash(job, trouble?.reason ?? "unknown", at);
      }
      return;
    }
    this.#run(job, since);
    if (state === "pending") this.#stop(job, now - (age % this.interval));
    else this.#planEnd(job, 5_000 + (hash32(entry.id, this.seed) % 600_000));
  }

  /**
   * A job that `_replicate` started: no document knows of it.
   * @param {import("./database.js").Json} body @param {string | null} user
   */
  addTransient(body, user) {
    const id = replicationId(body);
    const node = this.nodes[hash32(id) % this.nodes.length];
    const job = this.#createJob({ id, node, body, user, name: id, replication: null, at: this.#now });
    if (this.#running.size < this.maxJobs) this.#start(job);
  }

  // ------------------------------------------------------------------ before there is a job

  /** @param {Replication} replication @param {number} delay @param {() => void} what */
  #plan(replication, delay, what) {
    const turn = ++replication.turn;
    this.#queue.push(this.#now + delay, () => {
      if (replication.turn === turn) what();
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
    if (this.#running.size < this.maxJobs) this.#start(job);
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

  /** The end of a replication is written into its document. @param {Replication} replication @param {import("./database.js").Json} fields */
  #end({ database, entry }, { _replication_state, ...fields }) {
    this.remove(entry);
    const { _replication_stats: _stats, _replication_state_reason: _reason, ...body } = entry.body;
    const _replication_state_time = iso8601(this.#now);
    database.write(entry.id, { ...body, _replication_state, _replication_state_time, ...fields });
  }

  // ----------------------------------------------------------------------------------- jobs

  /** @param {Replication} replication @param {number} at */
  #addJob(replication, at) {
    const { entry, node, database } = replication;
    replication.phase = "scheduled";
    replication.errors = 0;
    const user = entry.body.user_ctx?.name ?? null;
    const name = `${database.name}/${entry.id}`;
    const job = this.#createJob({ id: replicationId(entry.body), node, body: entry.body, user, name, replication, at });
    job.startTime = replication.startTime;
    job.startFrom = Math.min(replication.startFrom, job.traits.backlog);
    replication.job = job;
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
    });
    this.#jobs.set(keyOf(node, id), job);
    this.#waiting.add(job);
    return job;
  }

  /** @param {Job} job */
  #dismiss(job) {
    job.turn++;
    this.#running.delete(job);
    this.#waiting.delete(job);
    this.#jobs.delete(keyOf(job.node, job.id));
    if (job.replication) job.replication.job = null;
  }

  /** @param {Job} job */
  #start(job) {
    this.#run(job, this.#now);
    this.#planEnd(job);
  }

  /** @param {Job} job @param {number} at */
  #run(job, at) {
    this.#waiting.delete(job);
    this.#running.add(job);
    job.pid = `<0.${300 + this.#pids++}.0>`;
    job.runningSince = at;
    job.lastStarted = at;
    remember(job, { type: "started", at });
  }

  /** @param {Job} job @param {number} at */
  #halt(job, at) {
    job.turn++;
    if (job.copies) job.ranBefore += at - (job.runningSince ?? at);
    job.stoppedAt = at;
    job.runningSince = null;
    job.pid = null;
    this.#running.delete(job);
    this.#waiting.add(job);
  }

  /** @param {Job} job @param {number} at */
  #stop(job, at) {
    this.#halt(job, at);
    job.readyAt = at;
    remember(job, { type: "stopped", at });
  }

  /** @param {Job} job @param {string} reason @param {number} at */
  #crash(job, reason, at) {
    this.#halt(job, at);
    remember(job, { type: "crashed", at, reason });
    job.readyAt = at + backoff(crashesInARow(job.history));
  }

  /**
   * Plans how this run of a job ends, if it does.
   * @param {Job} job @param {number} [delay] how long it goes well still, where that is known
   */
  #planEnd(job, delay) {
    const { replication } = job;
    if (!replication) return;
    const turn = ++job.turn;
    const at = (/** @type {number} */ ms, /** @type {() => void} */ what) =>
      this.#queue.push(this.#now + ms, () => {
        if (job.turn === turn) what();
      });
    const elsewhere = this.nodes.find((node) => node !== job.node && this.#jobs.get(keyOf(node, job.id))?.pid);
    const trouble = this.#troubleOf(replication);
    job.copies = !trouble || trouble.comesAndGoes === true;
    if (elsewhere) at(0, () => this.#crash(job, reasons.duplicateOnNode(elsewhere), this.#now));
    else if (trouble?.during === "run")
      at(delay ?? this.#goodTime(job, trouble), () => this.#crash(job, trouble.reason, this.#now));
    else if (!job.continuous) at(Math.max(0, durationOf(job.traits) - job.ranBefore), () => this.#complete(job));
  }

  /** How long a job in trouble runs before it crashes. @param {Job} job @param {Trouble} trouble */
  #goodTime(job, trouble) {
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

  // --------------------------------------------------------------------------- what may run

  /** Once an interval: too many are stopped, some are exchanged for those that wait. */
  #tick() {
    this.#queue.push(this.#now + this.interval, () => this.#tick());
    const excess = Math.max(0, this.#running.size - this.maxJobs);
    const free = this.maxJobs - this.#running.size;
    const exchanged = Math.min(this.#waiting.size - free, this.maxChurn);
    this.#stopLongest(Math.max(excess, exchanged));
    this.#startWaiting();
  }

  /** Only continuous ones give way to others; the set has them in the order they were started. @param {number} count */
  #stopLongest(count) {
    for (const job of this.#running) {
      if (count <= 0) return;
      if (!job.continuous) continue;
      this.#stop(job, this.#now);
      count--;
    }
  }

  #startWaiting() {
    const free = this.maxJobs - this.#running.size;
    if (free <= 0 || this.#waiting.size === 0) return;
    const ready = [...this.#waiting].filter((job) => job.readyAt <= this.#now);
    ready.sort((a, b) => a.lastStarted - b.lastStarted);
    for (const job of ready.slice(0, free)) this.#start(job);
  }
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
