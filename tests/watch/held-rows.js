// @ts-check
// The rows that a consumer of watch() has after each batch, with checks of every rule about batches.

import assert from "node:assert/strict";

/**
 * @typedef {import("couchdb-scheduler").Change} Change
 * @typedef {import("couchdb-scheduler").ReplicationDoc} ReplicationDoc
 */

export class Held {
  /** @type {Map<string, ReplicationDoc>} */
  rows = new Map();

  /** @param {Change[]} batch */
  apply(batch) {
    const ids = batch.map(({ doc, previous, doc_id, database }) => {
      const row = doc ?? previous;
      assert.ok(row);
      assert.deepEqual([database, doc_id], [row.database, row.doc_id], "it says which document it is about");
      return doc_id;
    });
    assert.deepEqual(ids, [...new Set(ids)].sort(byBytes), "each document once in a batch, in the order of the ids");
    for (const change of batch) {
      if (change.type === "added") {
        assert.ok(!this.rows.has(change.doc.doc_id), `${change.doc.doc_id} was added twice`);
        this.rows.set(change.doc.doc_id, change.doc);
        continue;
      }
      assert.deepEqual(change.previous, this.rows.get(change.previous.doc_id), "previous is the last reported row");
      if (change.type === "removed") {
        this.rows.delete(change.previous.doc_id);
      } else {
        assert.notDeepEqual(change.doc, change.previous, "a change that is none");
        this.rows.set(change.doc.doc_id, change.doc);
      }
    }
  }

  /** In the order of a list. */
  sorted() {
    return [...this.rows.values()].sort((a, b) => byBytes(a.doc_id, b.doc_id));
  }
}

/** @param {string} a @param {string} b */
const byBytes = (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b));
