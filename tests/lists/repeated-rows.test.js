// @ts-check
// Lists that repeat rows, or are not sorted, and databases whose documents may not be read: each row once, and none is lost.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Scheduler } from "couchdb-scheduler";
import { docRows, listText } from "../support/answers.js";
import { all } from "../support/promises.js";
import { forEachSeed } from "../support/random.js";
import { listedRow } from "../support/random-fleet.js";
import { simulated, testOfSimulator } from "../support/server.js";

const IDS = Array.from({ length: 200 }, (_, i) => `doc-${String(i).padStart(4, "0")}`);
const [TEMPLATE] = docRows(1);

/** @param {{ doc_id: string | null }[]} rows */
const idsOf = (rows) => rows.map(({ doc_id }) => doc_id);

function fleet() {
  const { simulator, scheduler } = simulated({ shards: 2 });
  simulator.fleet.loadVerbatim({ _replicator: { rows: IDS.map((id) => listedRow(id, "running")) } });
  return { simulator, scheduler };
}

const FORBIDDEN = JSON.stringify({ error: "forbidden", reason: "You are not allowed to access this db." });

/** Responses to `_all_docs` that do not say where a page ends. @type {[string, { status?: number, body: string }][]} */
const NO_ENDS = [
  ["is refused", { status: 403, body: FORBIDDEN }],
  ["is refused by a proxy", { status: 403, body: "<title>Forbidden</title>" }],
  ["has a row without an id", { body: listText([{ key: "a", value: {} }], "rows") }],
  ["has a row whose id is null", { body: listText([{ id: null, key: "a", value: {} }], "rows") }],
  ["has a row whose id is empty", { body: listText([{ id: "", key: "a", value: {} }], "rows") }],
  ["has a row whose id is a number", { body: listText([{ id: 5, key: "a", value: {} }], "rows") }],
  ["goes backwards", { body: listText([{ id: IDS[0], key: IDS[0], value: {} }], "rows") }],
];

for (const [what, fault] of NO_ENDS) {
  testOfSimulator(`docs() and listDocs() return each row once if _all_docs ${what}, from any page on`, async () => {
    for (const after of [0, 1, 2, 5]) {
      for (const read of [
        (/** @type {Scheduler} */ scheduler) => all(scheduler.docs({ pageSize: 20 })),
        async (/** @type {Scheduler} */ scheduler) => (await scheduler.listDocs({ limit: 1000 })).docs,
      ]) {
        const { simulator, scheduler } = fleet();
        simulator.fail({ path: /_all_docs/, after, times: Infinity, ...fault });
        assert.deepEqual(idsOf(await read(scheduler)), IDS, `after ${after} requests`);
      }
      const { simulator, scheduler } = fleet();
      simulator.fail({ path: /_all_docs/, after, times: Infinity, ...fault });
      const { docs } = await scheduler.listDocs({ skip: 37, limit: 100 });
      assert.deepEqual(idsOf(docs), IDS.slice(37, 137), `after ${after} requests`);
    }
  });
}

// Repeated rows

/** A scheduler whose server always has these rows; documents are read in one page. @param {object[]} rows @param {"docs" | "jobs"} name */
function listing(rows, name) {
  const body = listText(rows, name);
  const fetch = async (/** @type {any} */ url) => new Response(url.includes("_all_docs") ? listText([], "rows") : body);
  return new Scheduler("http://couch.test", { retries: 0, fetch });
}

/** @param {string} id @param {object} [more] */
const doc = (id, more) => ({ ...TEMPLATE, doc_id: id, ...more });

/** @param {string} id @param {object} [more] */
const job = (id, more) => ({ id, database: "_replicator", doc_id: id, pid: null, node: "n1@h", history: [], ...more });

const UNSORTED = ["b", "a", "d", "c", "z", "B", "é", "e"];

/** Lists and their rows. @type {[string, string[], string[]][]} */
const LISTS = [
  ["a row after itself", ["a", "b", "b", "c"], ["a", "b", "c"]],
  ["an earlier row at its end", ["a", "b", "a"], ["a", "b"]],
  ["itself", ["a", "b", "c", "a", "b", "c"], ["a", "b", "c"]],
  ["a row many times", Array(50).fill("a"), ["a"]],
  ["a page", [...IDS.slice(0, 100), ...IDS.slice(50)], IDS],
  ["rows out of order", [...UNSORTED, "a", "z", "é"], UNSORTED],
  ["no row, in no order", UNSORTED, UNSORTED],
  ["no row, in reverse", IDS.toReversed(), IDS.toReversed()],
];

for (const [what, ids, once] of LISTS) {
  test(`a list that repeats ${what} returns each row once`, async () => {
    const docs = ids.map((id) => doc(id));
    const jobs = ids.map((id) => job(id));
    for (const read of [
      async () => (await listing(docs, "docs").listDocs()).docs,
      async () => (await listing(docs, "docs").listDocs({ limit: 1000 })).docs,
      async () => (await listing(docs, "docs").listDocs({ states: ["completed"] })).docs,
      () => all(listing(docs, "docs").docs()),
      () => all(listing(docs, "docs").docs({ states: ["completed"] })),
      async () => (await listing(jobs, "jobs").listJobs()).jobs,
      () => all(listing(jobs, "jobs").jobs()),
    ]) {
      assert.deepEqual(idsOf(await read()), once, String(read));
    }
    const { states, total } = await listing(docs, "docs").summary();
    assert.equal(states.completed, once.length);
    assert.equal(total, once.length);
  });
}

test("skip and limit count each row once", async () => {
  const docs = ["a", "a", "b", "c", "b", "c", "d"].map((id) => doc(id));
  const scheduler = listing(docs, "docs");
  for (const states of /** @type {const} */ ([undefined, ["completed"]])) {
    const options = { skip: 1, limit: 2, ...(states && { states: [...states] }) };
    assert.deepEqual(idsOf((await scheduler.listDocs(options)).docs), ["b", "c"]);
  }
});

test("of repeated rows, the first is returned", async () => {
  const docs = [doc("a", { error_count: 1 }), doc("a", { error_count: 2 })];
  assert.equal((await listing(docs, "docs").listDocs()).docs[0].error_count, 1);
});

test("jobs with one id on two nodes are both returned, each once", async () => {
  const [one, two] = [job("0a"), job("0a", { node: "n2@h" })];
  for (const rows of [
    [one, two],
    [one, two, one, two],
    [one, one, two, two],
  ]) {
    for (const jobs of [(await listing(rows, "jobs").listJobs()).jobs, await all(listing(rows, "jobs").jobs())]) {
      assert.deepEqual(
        jobs.map(({ id, node }) => [id, node]),
        [
          ["0a", "n1@h"],
          ["0a", "n2@h"],
        ],
      );
    }
  }
});

test("lists in any order, with any repetitions, lose nothing and return nothing twice", () =>
  forEachSeed(100, async (random) => {
    const wanted = IDS.slice(0, random.whole(1, 200));
    const repeated = Array.from({ length: random.whole(0, 100) }, () => random.pick(wanted));
    const shuffled = random.chance(0.5);
    const ids = [...wanted, ...repeated];
    if (shuffled) ids.sort(() => random.whole(-1, 1));
    const once = [...new Set(ids)];
    const docs = ids.map((id) => doc(id));
    const jobs = ids.map((id) => job(id));
    assert.deepEqual(idsOf((await listing(docs, "docs").listDocs()).docs), once);
    assert.deepEqual(idsOf(await all(listing(docs, "docs").docs({ states: ["completed"] }))), once);
    assert.deepEqual(idsOf((await listing(jobs, "jobs").listJobs()).jobs), once);
    assert.equal((await listing(docs, "docs").summary()).states.completed, once.length);
  }));
