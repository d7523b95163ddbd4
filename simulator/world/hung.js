// @ts-check
/** Sources that accept connections and never respond, and jobs whose process is stuck. */
import { reasons } from "./trouble.js";

/**
 * @typedef {import("./job.js").Job} Job
 * @typedef {import("./scheduler.js").Scheduler} Scheduler
 *
 * @typedef {(shown: string) => boolean} HungSource whether an address, as rows show it, is this source
 */

const CONNECTION_TIMEOUT_MS = 30_000;
/** A job whose source never responds crashes at its start, as measured with timeouts of 5 s and 30 s … */
const START_MS = 23_400;
const START_FACTOR = 2.32;
/** … and once it runs. */
const LATER_MS = 209_000;

/** @param {Job} job */
function timeoutOf({ replication }) {
  return replication?.entry.body.connection_timeout ?? CONNECTION_TIMEOUT_MS;
}

/** The trouble of a job that starts. @param {HungSource[]} hung @param {Job} job @returns {import("./trouble.js").Trouble | null} */
export function hungTrouble(hung, job) {
  if (hung.length === 0 || !hung.some((isHung) => isHung(job.source))) return null;
  const after = START_MS + START_FACTOR * timeoutOf(job);
  return { during: "run", reason: reasons.hung(job.source), after, isExact: true };
}

/** @param {Scheduler} scheduler @param {HungSource} isHung @returns {() => void} lets the source respond again */
export function hang(scheduler, isHung) {
  const { pool } = scheduler;
  scheduler.hung.push(isHung);
  for (const job of pool.values()) {
    if (!job.pid || !job.copies || !isHung(job.source)) continue;
    pool.freeze(job, scheduler.now, "hung");
    const after = Math.ceil((timeoutOf(job) / CONNECTION_TIMEOUT_MS) * LATER_MS);
    scheduler.crashAfter(job, after, reasons.hung(job.source));
  }
  return () => {
    scheduler.hung = scheduler.hung.filter((other) => other !== isHung);
    for (const job of pool.values()) {
      if (job.frozen?.why !== "hung" || !isHung(job.source)) continue;
      pool.thaw(job, scheduler.now);
      scheduler.planEnd(job);
    }
  };
}

/** Only a restart helps. @param {Scheduler} scheduler @param {import("./database.js").Entry} entry */
export function stick(scheduler, { id, replication }) {
  const job = replication?.job;
  if (!job?.pid) throw new Error(`${id} does not run`);
  job.turn++;
  scheduler.pool.freeze(job, scheduler.now, "stuck");
}
