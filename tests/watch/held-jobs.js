// @ts-check
// The jobs that a consumer of watchJobs() has after each batch, with checks of every rule about batches.

import assert from "node:assert/strict";

/**
 * @typedef {import("couchdb-scheduler").JobChange} JobChange
 * @typedef {import("couchdb-scheduler").ReplicationJob} ReplicationJob
 */

/** @param {ReplicationJob} job */
const keyOf = ({ id, database, doc_id, node }) => JSON.stringify([id, database, doc_id, node]);

/** @param {readonly ReplicationJob[]} jobs */
export const sortedByKey = (jobs) => jobs.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));

export class HeldJobs {
  /** @type {Map<string, ReplicationJob>} */
  jobs = new Map();

  /** @param {JobChange[]} batch */
  apply(batch) {
    const rows = batch.map(({ job, previous }) => job ?? previous);
    assert.equal(new Set(rows.map(keyOf)).size, rows.length, "each job once in a batch");
    const ids = rows.map(({ id }) => id);
    assert.deepEqual(ids, ids.toSorted(), "in the order of the ids");
    for (const { type, job, previous } of batch) {
      assert.deepEqual(previous, this.jobs.get(keyOf(job ?? previous)), `${type}: previous is the last reported row`);
      assert.notDeepEqual(job, previous, "a change that is none");
      assert.equal(type, previous === undefined ? "added" : job === undefined ? "removed" : "changed");
      if (job === undefined) {
        this.jobs.delete(keyOf(previous));
      } else {
        if (previous !== undefined) assert.equal(keyOf(job), keyOf(previous));
        this.jobs.set(keyOf(job), job);
      }
    }
  }

  /** In the order of their keys. */
  sorted() {
    return sortedByKey([...this.jobs.values()]);
  }
}
