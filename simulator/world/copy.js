// @ts-check
/**
 * A replication between two databases that both exist here: it copies documents, as fast as its source lets it, and
 * leaves checkpoints. `progress.js` describes all other replications, without documents, by formulas.
 */
import { checkpointBody, countersFrom, resumePoint } from "./checkpoints.js";
import { filterOf } from "./filters.js";
import { hex } from "./hash.js";
import { checkpointId, readLocal, writeLocal } from "./locals.js";
import { isKnown, leavesOf, NO_PAST } from "./revisions.js";
import { refusalOf } from "./validation.js";

/**
 * @typedef {import("./database.js").Database} Database
 * @typedef {import("./database.js").Entry} Entry
 * @typedef {import("./database.js").Json} Json
 *
 * @typedef {object} Run from a start of the job to its stop
 * @property {string} id of the session
 * @property {number} startedAt
 * @property {string | null} startSeq null: the beginning
 * @property {Json[]} history of the sessions before
 */

/** A job starts, opens its ends, and copies from then on. */
const START_MS = 1_000;
const PENDING_MS = 30_000;

export class Copy {
  /** @type {Run | null} */
  #run = null;
  #counters = countersFrom([]);
  #through = 0;
  #checkpointed = 0;
  /** The sequence of the last report with changes; null: none in this run. @type {number | null} */
  #reported = null;
  /** @type {number | null} */
  #pending = null;
  /** Until when everything has happened. */
  #until = 0;
  /** When the document that is on its way arrives. @type {number | null} */
  #nextAt = null;
  #movedAt = 0;
  #body;
  #user;
  #interval;
  #filter;

  /**
   * @param {object} options
   * @param {string} options.id of the job
   * @param {Json} options.body the replication document
   * @param {Database} options.source
   * @param {Database} options.target
   * @param {import("./security.js").User} options.user who writes at the target
   */
  constructor({ id, body, source, target, user }) {
    this.id = id;
    this.source = source;
    this.target = target;
    this.#body = body;
    this.#user = user;
    this.#interval = body.checkpoint_interval ?? 30_000;
    this.#filter = filterOf(body, source);
  }

  get #hasCheckpoints() {
    return this.#body.use_checkpoints !== false;
  }

  /** The job starts, and resumes from what both ends know. @param {number} at */
  begin(at) {
    const id = checkpointId(this.id);
    const { seq, history } = resumePoint(readLocal(this.source, id), readLocal(this.target, id));
    const startSeq = seq ?? this.#body.since_seq ?? null;
    this.#run = { id: hex(`session ${this.id} ${at}`), startedAt: at, startSeq, history };
    this.#counters = countersFrom(history);
    this.#through = Number.parseInt(startSeq ?? "0", 10);
    this.#checkpointed = seq === null ? 0 : this.#through;
    this.#reported = null;
    this.#pending = null;
    this.#until = at;
    this.#nextAt = null;
    this.#movedAt = at;
  }

  /** The job stops, and writes a last checkpoint. @param {number} at @param {{ isCrash?: boolean }} [how] */
  end(at, { isCrash = false } = {}) {
    if (!this.#run) return;
    if (!isCrash) this.#checkpoint(at);
    this.#run = null;
  }

  /** Lets everything happen that is due. @param {number} to */
  copyUntil(to) {
    if (!this.#run || to <= this.#until) return;
    let time = Math.max(this.#until, this.#run.startedAt + START_MS);
    for (;;) {
      const change = this.source.nextChange(this.#through);
      if (!change) break;
      const leaves = this.#wanted(change);
      this.#nextAt ??= time + (leaves.length === 0 ? 0 : 1000 / this.source.rate);
      if (this.#nextAt > to) break;
      time = this.#nextAt;
      this.#nextAt = null;
      this.#tick(time);
      for (const leaf of leaves) this.#transfer(change, leaf);
      this.#through = change.seq;
      this.#reported = change.seq;
      this.#movedAt = time;
    }
    this.#tick(to);
  }

  /** Nothing happened until now: the source did not answer. @param {number} now */
  skipTo(now) {
    this.#until = Math.max(this.#until, now);
    this.#nextAt = null;
  }

  get isDone() {
    return this.source.nextChange(this.#through) === undefined;
  }

  /** @param {Entry} change */
  #wanted(change) {
    const leaves = this.#body.winning_revs_only === true ? [change] : leavesOf(change);
    const filter = this.#filter;
    return filter ? leaves.filter((leaf) => filter(change.id, leaf)) : leaves;
  }

  /** @param {Entry} entry @param {import("./revisions.js").Leaf} leaf */
  #transfer({ id }, { rev, past, deleted, body }) {
    const counters = this.#counters;
    counters.checked++;
    const there = this.target.entries.get(id);
    if (there && isKnown(there, rev)) return;
    counters.found++;
    counters.read++;
    const document = { _id: id, _rev: rev, ...(deleted && { _deleted: true }), ...body };
    if (isTooLarge(this.target, document) || refusalOf(this.target, document, this.#user)) counters.failures++;
    else {
      this.target.merge(id, [rev, ...(past ?? NO_PAST)], { deleted, body });
      counters.written++;
    }
  }

  /** Checkpoints and questions for what is left, as far as they are due until `time`. @param {number} time */
  #tick(time) {
    const { startedAt } = /** @type {Run} */ (this.#run);
    const checkpointAt = startedAt + (Math.floor((this.#until - startedAt) / this.#interval) + 1) * this.#interval;
    if (checkpointAt <= time) this.#checkpoint(checkpointAt);
    const asked = Math.floor((time - startedAt) / PENDING_MS);
    if (asked > Math.floor((this.#until - startedAt) / PENDING_MS) && this.#reported !== null) {
      this.#pending = this.isDone ? 0 : this.source.changesSince(this.#through).length;
    }
    this.#until = time;
  }

  /** Nothing has moved, nothing is written: an idle replication has an old checkpoint. @param {number} at */
  #checkpoint(at) {
    const run = this.#run;
    if (!run || !this.#hasCheckpoints || this.#through === this.#checkpointed) return;
    this.#checkpointed = this.#through;
    const body = checkpointBody({
      ...run,
      at,
      seq: this.source.seqText(this.#through),
      counters: this.#counters,
      hasTotals: Array.isArray(this.#body.doc_ids),
    });
    const id = checkpointId(this.id);
    writeLocal(this.source, id, body);
    writeLocal(this.target, id, body);
  }

  /** The counters of a row; null: none were reported yet. @param {number} now @returns {Json | null} */
  info(now) {
    if (this.#run && now < this.#run.startedAt + START_MS) return null;
    return {
      ...this.#transferred(this.#pending),
      checkpointed_source_seq: this.#seqText(this.#checkpointed),
      source_seq: this.#seqText(this.#reported ?? 0),
      through_seq: this.#seqText(this.#through),
    };
  }

  /** The counters that CouchDB writes into a completed document. @returns {Json} */
  finalInfo() {
    return { ...this.#transferred(null), checkpointed_source_seq: this.#seqText(this.#checkpointed) };
  }

  /** When the task was last written: at a change, or with each look whether a checkpoint is due. @param {number} now */
  updatedAt(now) {
    if (!this.#run || !this.#hasCheckpoints) return this.#movedAt;
    const { startedAt } = this.#run;
    return Math.max(this.#movedAt, now - ((now - startedAt) % this.#interval));
  }

  /** @param {number | null} pending */
  #transferred(pending) {
    const { checked, found, read, written, failures } = this.#counters;
    return {
      revisions_checked: checked,
      missing_revisions_found: found,
      docs_read: read,
      docs_written: written,
      changes_pending: pending,
      doc_write_failures: failures,
      bulk_get_docs: read,
      bulk_get_attempts: read,
    };
  }

  /** @param {number} seq */
  #seqText(seq) {
    return seq === 0 ? "0" : this.source.seqText(seq);
  }
}

/** @param {Database} database @param {Json} document */
export function isTooLarge({ maxDocumentBytes }, document) {
  return maxDocumentBytes !== Infinity && JSON.stringify(document).length > maxDocumentBytes;
}

const SLICE_MS = 1_000;
const MAX_SLICES = 1_000;

/**
 * Lets all of them copy. In slices, because the target of one may be the source of another; once all are done, the
 * rest of the time passes at once.
 * @param {Copy[]} copies @param {number} from @param {number} to
 */
export function copyAll(copies, from, to) {
  const slice = Math.max(SLICE_MS, (to - from) / MAX_SLICES);
  for (let time = from + slice; time < to && copies.some(({ isDone }) => !isDone); time += slice) {
    for (const copy of copies) copy.copyUntil(time);
  }
  for (const copy of copies) copy.copyUntil(to);
}
