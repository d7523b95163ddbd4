// @ts-check
// Recorded responses of CouchDB, byte by byte: every job is complete.

import assert from "node:assert/strict";
import { test } from "node:test";
import { schedulerAnswered } from "../support/answers.js";
import { all } from "../support/promises.js";
import { cutAnywhere, forEachSeed } from "../support/random.js";
import { recorded, windowOf } from "../support/recordings.js";
import { JOB_COUNTERS, JOB_KEYS, wholeJob } from "../support/rows.js";

const ALL_KEYS = [...JOB_KEYS, "continuous", "state", ...JOB_COUNTERS];

for (const { name, body } of recorded.jobsLists) {
  const sent = JSON.parse(body);
  const expected = sent.jobs.map(wholeJob);

  test(`listJobs() reads ${name}`, async () => {
    const list = await schedulerAnswered({ body }).listJobs(windowOf(sent));
    assert.deepEqual(list, { total_rows: sent.total_rows, offset: sent.offset, jobs: expected });
    for (const job of list.jobs) assert.deepEqual(Object.keys(job), ALL_KEYS);
  });

  if (windowOf(sent) !== undefined) continue;
  test(`jobs() reads ${name}`, async () => {
    assert.deepEqual(await all(schedulerAnswered({ body }).jobs()), expected);
  });
}

for (const { name, body } of recorded.singleJobs) {
  test(`getJob() reads ${name}`, async () => {
    const job = await schedulerAnswered({ body }).getJob(JSON.parse(body).id);
    assert.deepEqual(job, wholeJob(JSON.parse(body)));
    assert.deepEqual(Object.keys(job), ALL_KEYS);
  });
}

test("listJobs() and getJob() read recordings that arrive in pieces cut anywhere", () =>
  forEachSeed(40, async (random) => {
    const bytes = (/** @type {string} */ text) => new TextEncoder().encode(text);
    const list = random.pick(recorded.jobsLists);
    const pieces = cutAnywhere(bytes(list.body), random, random.pick([1, 3, 20, 700]));
    const sent = JSON.parse(list.body);
    const { jobs } = await schedulerAnswered({ body: pieces }).listJobs(windowOf(sent));
    assert.deepEqual(jobs, sent.jobs.map(wholeJob), list.name);

    const one = random.pick(recorded.singleJobs);
    const { id } = JSON.parse(one.body);
    const job = await schedulerAnswered({ body: cutAnywhere(bytes(one.body), random, 9) }).getJob(id);
    assert.deepEqual(job, wholeJob(JSON.parse(one.body)), one.name);
  }));

test("there are recordings of jobs in each state", () => {
  const rows = recorded.jobsLists.flatMap(({ body }) => JSON.parse(body).jobs).map(wholeJob);
  assert.deepEqual(new Set(rows.map(({ state }) => state)), new Set(["running", "pending", "crashing"]));
  assert.deepEqual(new Set(rows.map(({ continuous }) => continuous)), new Set([true, false]));
  assert.ok(rows.some(({ info }) => info === null) && rows.some(({ info }) => info !== null));
});
