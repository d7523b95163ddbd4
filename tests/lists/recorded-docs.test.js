// @ts-check
// Recorded responses of CouchDB, byte by byte: every document row is complete.

import assert from "node:assert/strict";
import { test } from "node:test";
import { REPLICATION_STATES } from "couchdb-scheduler";
import { schedulerAnswered } from "../support/answers.js";
import { all } from "../support/promises.js";
import { cutAnywhere, forEachSeed } from "../support/random.js";
import { recorded } from "../support/recordings.js";
import { DOC_KEYS, wholeDoc } from "../support/rows.js";

const bytes = (/** @type {string} */ text) => new TextEncoder().encode(text);

/** A request without an id, so that the last row of a page is repeated. @param {any[]} rows */
const ids = (rows) => rows.map(({ doc_id }) => doc_id);

for (const { name, body } of recorded.docsLists) {
  const sent = JSON.parse(body);
  const expected = sent.docs.map(wholeDoc);

  test(`listDocs() reads ${name}`, async () => {
    const list = await schedulerAnswered({ body }).listDocs();
    assert.deepEqual(list, { total_rows: sent.total_rows, offset: 0, docs: expected });
    for (const doc of list.docs) assert.deepEqual(Object.keys(doc).slice(0, DOC_KEYS.length), DOC_KEYS);
  });

  test(`docs() with states reads ${name}`, async () => {
    const rows = await all(schedulerAnswered({ body }).docs({ states: REPLICATION_STATES }));
    const decided = expected.filter((/** @type {any} */ { state }) => state !== null);
    assert.deepEqual(ids(rows), ids(decided));
    assert.deepEqual(rows, decided);
  });
}

for (const { name, body } of recorded.singleDocs) {
  test(`getDoc() reads ${name}`, async () => {
    const doc = await schedulerAnswered({ body }).getDoc(JSON.parse(body).doc_id);
    assert.deepEqual(doc, wholeDoc(JSON.parse(body)));
    assert.deepEqual(Object.keys(doc), DOC_KEYS);
  });
}

test("listDocs() and getDoc() read recordings that arrive in pieces cut anywhere", () =>
  forEachSeed(40, async (random) => {
    const list = random.pick(recorded.docsLists);
    const pieces = cutAnywhere(bytes(list.body), random, random.pick([1, 3, 20, 700]));
    const { docs } = await schedulerAnswered({ body: pieces }).listDocs();
    assert.deepEqual(docs, JSON.parse(list.body).docs.map(wholeDoc), list.name);

    const one = random.pick(recorded.singleDocs);
    const { doc_id } = JSON.parse(one.body);
    const doc = await schedulerAnswered({ body: cutAnywhere(bytes(one.body), random, 9) }).getDoc(doc_id);
    assert.deepEqual(doc, wholeDoc(JSON.parse(one.body)), one.name);
  }));

test("there are recordings of documents in each state, and of lists", () => {
  const rows = [...recorded.docsLists.flatMap(({ body }) => JSON.parse(body).docs)];
  rows.push(...recorded.singleDocs.map(({ body }) => JSON.parse(body)));
  const states = new Set(rows.map(({ state }) => state));
  const named = ["completed", "crashing", "error", "failed", "initializing", "pending", "running"];
  assert.deepEqual(states, new Set([null, ...named]));
  assert.ok(recorded.docsLists.length >= 40 && recorded.singleDocs.length >= 60);
});

test("every recorded list and row is read by one of these tests", () => {
  const read = [...recorded.docsLists, ...recorded.singleDocs, ...recorded.jobsLists, ...recorded.singleJobs];
  assert.deepEqual(new Set(read), new Set(recorded.all));
  assert.equal(read.length, recorded.all.length);
});
