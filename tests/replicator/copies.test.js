// @ts-check
// Changes to a replication document of which the nodes of a cluster have different copies, because its replication ended a moment ago.

import assert from "node:assert/strict";
import { test } from "node:test";
import { CopiedDocument } from "../support/copied-document.js";

/** @param {CopiedDocument} document */
const revisionsOf = (document) => document.leaves().map(({ _rev, _deleted = false }) => [_rev, _deleted]);

test("updateReplication() changes the newest copy, and leaves no conflict", async () => {
  const document = new CopiedDocument();
  const { rev } = await document.replicator().updateReplication("a", { fields: { note: 1 } });
  assert.deepEqual([rev, revisionsOf(document)], ["3-b", [["3-b", false]]]);
  const [{ note, _replication_state }] = /** @type {any} */ (document.leaves());
  assert.deepEqual([note, _replication_state], [1, "completed"]);
});

test("stopReplication() deletes the newest copy: none comes back", async () => {
  const document = new CopiedDocument();
  await document.replicator().stopReplication("a");
  assert.deepEqual(revisionsOf(document), [["3-b", true]]);
});

test("restartReplication() sees a restart only where there was one, and says what ended", async () => {
  const document = new CopiedDocument();
  const { from, resumes, rev } = await document.replicator().restartReplication("a");
  assert.deepEqual([from, resumes, rev], ["completed", "checkpoint", "3-b"]);
  assert.deepEqual(revisionsOf(document), [["3-b", false]]);
  assert.equal((await document.scheduler().getDoc("a")).state, "running");
});
