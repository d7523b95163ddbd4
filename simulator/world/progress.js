// @ts-check
/**
 * The progress of a replication. Nothing is counted: every counter is a function of the run time, so that
 * a hundred thousand replications cost nothing until they are read.
 */
import { opaqueSeq, randomFor } from "./hash.js";

/**
 * @typedef {object} Traits the amount and speed of a replication's work
 * @property {number} backlog documents at the source when it was added
 * @property {number} rate documents that it can copy per second
 * @property {number} trickle new documents per second at the source
 * @property {number} lag seconds a new document waits to be copied
 * @property {number} refused the target refuses one document in this number; 0 = none
 */

const CHECKPOINT_MS = 30_000;
/** How often a job reads the number of pending changes, first after FIRST_PENDING_MS. */
const PENDING_MS = 30_000;
const FIRST_PENDING_MS = 5_000;
const FIRST_INFO_MS = 1_000;

/** @param {number} seed @param {string} id @returns {Traits} */
export function traitsOf(seed, id) {
  const random = randomFor(seed, "traits", id);
  return {
    backlog: Math.floor(20 * 1000 ** random()),
    rate: 100 + Math.floor(random() * 900),
    trickle: random() ** 4 * 5,
    lag: Math.floor(random() * 20),
    refused: random() < 0.03 ? 50 : 0,
  };
}

/** Traits of a source that is a database of this server: its documents are counted. @param {import("./database.js").Database | undefined} database @returns {Traits | undefined} */
export function traitsHere(database) {
  return (
    database && {
      get backlog() {
        return database.docCount;
      },
      rate: 1000,
      trickle: 0,
      lag: 0,
      refused: 0,
    }
  );
}

/** The duration of a one-shot replication. @param {Traits} traits */
export function durationOf({ backlog, rate }) {
  return 1_500 + Math.ceil((backlog / rate) * 1000);
}

/**
 * The counters of a job, or null if it has not reported any.
 * @param {import("./job.js").Job} job @param {number} now
 */
export function countersOf(job, now) {
  if (job.copy) return job.copy.info(now);
  const runFor = ranFor(job, now);
  if (runFor < FIRST_INFO_MS) return null;
  const done = copied(job, now);
  const checkpointed = copied(job, now, runFor % CHECKPOINT_MS);
  const seq = opaqueSeq(done, job.source);
  return {
    ...transferred(done, job.traits.refused, pendingOf(job, runFor, now)),
    checkpointed_source_seq:
      checkpointed === done ? seq : checkpointed === 0 ? "0" : opaqueSeq(checkpointed, job.source),
    source_seq: seq,
    through_seq: seq,
  };
}

/** Pending changes at the last read: the other counters have advanced since. @param {import("./job.js").Job} job @param {number} runFor @param {number} now */
function pendingOf(job, runFor, now) {
  if (runFor < FIRST_PENDING_MS) return null;
  const ago = (runFor - FIRST_PENDING_MS) % PENDING_MS;
  return Math.max(0, available(job, lastRun(job, now) - ago) - copied(job, now, ago));
}

/** The counters that CouchDB writes into a completed document. @param {Traits} traits @param {string} source */
export function finalCounters({ backlog, refused }, source) {
  return { ...transferred(backlog, refused, null), checkpointed_source_seq: opaqueSeq(backlog, source) };
}

/** @param {number} read @param {number} refused @param {number | null} pending */
function transferred(read, refused, pending) {
  const failures = refused ? Math.floor(read / refused) : 0;
  return {
    revisions_checked: read,
    missing_revisions_found: read,
    docs_read: read,
    docs_written: read - failures,
    changes_pending: pending,
    doc_write_failures: failures,
    bulk_get_docs: read,
    bulk_get_attempts: read,
  };
}

/**
 * Number of documents at the target, now or `ago` milliseconds ago.
 * @param {import("./job.js").Job} job @param {number} now @param {number} [ago]
 */
export function copied(job, now, ago = 0) {
  const possible = job.startFrom + Math.floor((job.traits.rate * (ranFor(job, now) - ago)) / 1000);
  return Math.min(possible, available(job, lastRun(job, now) - ago - job.traits.lag * 1000));
}

/** Number of documents at the source. @param {import("./job.js").Job} job @param {number} at */
function available({ traits, addedAt, continuous }, at) {
  return traits.backlog + (continuous ? Math.floor((traits.trickle * Math.max(0, at - addedAt)) / 1000) : 0);
}

/** @param {import("./job.js").Job} job @param {number} now */
function ranFor(job, now) {
  return job.ranBefore + (job.runningSince === null || !job.copies ? 0 : (job.frozen?.at ?? now) - job.runningSince);
}

/** @param {import("./job.js").Job} job @param {number} now */
function lastRun(job, now) {
  return job.runningSince === null ? job.stoppedAt : (job.frozen?.at ?? now);
}
