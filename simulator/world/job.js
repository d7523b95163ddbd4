// @ts-check
/**
 * One job of the scheduler: its members, its history, and how a run that starts or ends changes them.
 */
import { randomFor } from "./hash.js";
import { shownEndpoint } from "./replication.js";

/**
 * @typedef {{ type: "added" | "started" | "stopped" | "crashed", at: number, reason?: string }} HistoryEvent
 *
 * @typedef {object} Job
 * @property {string} id
 * @property {string} node
 * @property {import("./live.js").Replication | null} replication null if `_replicate` started it
 * @property {string} source as shown in rows
 * @property {string} target as shown in rows
 * @property {string | null} user
 * @property {boolean} continuous
 * @property {string | null} pid null unless it runs
 * @property {HistoryEvent[]} history newest first
 * @property {number} lastStarted 0: never
 * @property {number} readyAt the end of its back-off after a crash
 * @property {number} startTime
 * @property {number} addedAt when the work began; a restart of the server does not change it
 * @property {number | null} runningSince
 * @property {number} ranBefore total duration of all finished runs in ms
 * @property {number} stoppedAt the end of the latest finished run
 * @property {number} startFrom documents copied before the counters began
 * @property {boolean} copies false if its trouble prevents copying
 * @property {number} turn number of the current run; cancels what was planned for earlier runs
 * @property {import("./progress.js").Traits} traits
 * @property {import("./copy.js").Copy | null} copy what it copies, if both ends are databases here
 * @property {{ at: number, why: "hung" | "stuck" } | null} frozen since when nothing moves, and why
 */

const BACKOFF_MS = 30_000;
const MAX_BACKOFF_EXPONENT = 10;
const MAX_HISTORY = 20;

/** After a run of this length, earlier crashes no longer count. */
const HEALTHY_AFTER_MS = 120_000;

/**
 * Returns a job that waits for its first run.
 * @param {Pick<Job, "id" | "node" | "replication" | "user" | "traits"> & { body: import("./database.js").Json, at: number }} given
 * @returns {Job}
 */
export function createJob({ id, node, replication, user, traits, body, at }) {
  return {
    id,
    node,
    replication,
    user,
    source: /** @type {string} */ (shownEndpoint(body.source)),
    target: /** @type {string} */ (shownEndpoint(body.target)),
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
    traits,
    copy: null,
    frozen: null,
  };
}

/** @param {Job} job @param {string} pid @param {number} at */
export function startRun(job, pid, at) {
  job.pid = pid;
  job.runningSince = at;
  job.lastStarted = at;
  addEvent(job, { type: "started", at });
}

/** The scheduler stops the run, so that other jobs can run. @param {Job} job @param {number} at */
export function stopRun(job, at) {
  endRun(job, at);
  job.readyAt = at;
  addEvent(job, { type: "stopped", at });
}

/** @param {Job} job @param {string} reason @param {number} at */
export function crashRun(job, reason, at) {
  endRun(job, at, true);
  addEvent(job, { type: "crashed", at, reason });
  job.readyAt = at + backoff(crashesInARow(job.history));
}

/** @param {Job} job @param {number} at @param {boolean} [isCrash] */
function endRun(job, at, isCrash = false) {
  job.turn++;
  if (job.copies) job.ranBefore += (job.frozen?.at ?? at) - (job.runningSince ?? at);
  endCopy(job, at, isCrash);
  job.stoppedAt = at;
  job.runningSince = null;
  job.pid = null;
}

/** A run that is stopped leaves a checkpoint, a run that crashes does not. @param {Job} job @param {number} at @param {boolean} [isCrash] */
export function endCopy(job, at, isCrash = false) {
  if (!job.frozen) job.copy?.copyUntil(at);
  job.copy?.end(at, { isCrash });
  job.frozen = null;
}

/** How long a job in trouble runs before it crashes. @param {number} seed @param {Job} job @param {import("./trouble.js").Trouble} trouble */
export function timeToCrash(seed, job, trouble) {
  if (trouble.isExact) return trouble.after;
  const random = randomFor(seed, "run", job.id, job.turn);
  if (!trouble.comesAndGoes || random() < 0.5) return Math.ceil(trouble.after * (0.5 + random()));
  return HEALTHY_AFTER_MS + Math.ceil(random() * 1_800_000);
}

/** @param {Job} job @param {HistoryEvent} event */
function addEvent(job, event) {
  job.history.unshift(event);
  if (job.history.length > MAX_HISTORY) job.history.pop();
}

/** How long a crashed job waits: 30 s, 60 s, 120 s … @param {number} crashes */
function backoff(crashes) {
  return crashes === 0 ? 0 : BACKOFF_MS * 2 ** Math.min(crashes - 1, MAX_BACKOFF_EXPONENT);
}

/**
 * Returns the `error_count` of a job: its crashes since its last healthy run.
 * @param {HistoryEvent[]} history
 */
export function crashesInARow(history) {
  let count = 0;
  for (let i = 0; i < history.length; i++) {
    const preceding = history[i + 1];
    if (history[i].type === "crashed" && preceding) {
      if (history[i].at - preceding.at > HEALTHY_AFTER_MS) return count;
      count++;
    } else if (history[i].type === "stopped" && preceding?.type === "started") {
      return count;
    }
  }
  return count;
}

/**
 * Returns when a job with this number of crashes in a row crashed, oldest first.
 * @param {number} now @param {number} crashes @param {number} interval
 */
export function crashTimes(now, crashes, interval) {
  const times = [];
  let at = now - 1_000 * (1 + (crashes % 7));
  for (let n = crashes; n > 0; n--) {
    times.unshift(at);
    at -= Math.ceil(backoff(n - 1) / interval) * interval || interval;
  }
  return times;
}
