// @ts-check
// docs() and jobs() with consumers of every kind: slow ones, impatient ones, and those that leave early.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { test } from "node:test";
import { Scheduler } from "couchdb-scheduler";
import { docRows, listText, signalOf } from "../support/answers.js";
import { stopClocks } from "../support/clock.js";
import { all, nextTurn, outcomeOf } from "../support/promises.js";
import { forEachSeed } from "../support/random.js";
import { listedRow, unlisted } from "../support/random-fleet.js";
import { simulated, simulatedOnPort, testOfSimulator } from "../support/server.js";

const COUNT = 500;
const IDS = Array.from({ length: COUNT }, (_, i) => `doc-${String(i).padStart(4, "0")}`);
const JOBS = IDS.map((id) => ({ database: null, id, pid: null, doc_id: null, node: "n", info: null, history: [] }));

/** The ways to iterate. @type {[string, (scheduler: Scheduler, signal?: AbortSignal) => AsyncIterableIterator<any>][]} */
const WAYS = [
  ["docs({ pageSize })", (scheduler, signal) => scheduler.docs({ pageSize: 40, signal })],
  ["docs({ states })", (scheduler, signal) => scheduler.docs({ states: ["running"], signal })],
  ["jobs()", (scheduler, signal) => scheduler.jobs({ signal })],
];

/** A fleet of running replications, and a scheduler whose requests can be counted. */
function observed() {
  const { simulator } = simulated({ shards: 3 });
  const rows = IDS.map((id) => listedRow(id, "running"));
  const documents = [unlisted("doc-0100-hidden"), unlisted("doc-0300-hidden")];
  simulator.fleet.loadVerbatim({ _replicator: { rows, documents, designDocs: ["_design/x"] } }, JOBS);
  /** @type {AbortSignal[]} */
  const signals = [];
  const scheduler = new Scheduler("http://couch.test", {
    retries: 0,
    auth: { username: "admin", password: "pass" },
    fetch: (url, init) => {
      signals.push(signalOf(init));
      return simulator.fetch(url, init);
    },
  });
  return { simulator, scheduler, signals };
}

/** @param {{ doc_id: string | null, id: string | null }[]} rows */
const idsOf = (rows) => rows.map(({ doc_id, id }) => doc_id ?? id);

async function settle() {
  for (let i = 0; i < 20; i++) await nextTurn();
}

for (const [name, iterate] of WAYS) {
  testOfSimulator(`${name} yields every row to a slow consumer`, async () => {
    const { scheduler } = observed();
    const rows = [];
    for await (const row of iterate(scheduler)) {
      rows.push(row);
      if (rows.length % 7 === 0) await settle();
    }
    assert.deepEqual(idsOf(rows), IDS);
  });

  testOfSimulator(`${name} yields every row to a consumer that sometimes pauses for an hour`, async (t) => {
    const { scheduler } = observed();
    stopClocks(t, { timers: true });
    const rows = [];
    for await (const row of iterate(scheduler)) {
      rows.push(row);
      if (rows.length % 30 !== 0) continue;
      await settle();
      t.mock.timers.tick(3_600_000);
    }
    assert.deepEqual(idsOf(rows), IDS);
  });

  testOfSimulator(`${name} returns different rows to concurrent next() calls, in order`, async () => {
    const { scheduler } = observed();
    const rows = iterate(scheduler);
    const results = await Promise.all(Array.from({ length: COUNT + 5 }, () => rows.next()));
    assert.deepEqual(idsOf(results.slice(0, COUNT).map(({ value }) => value)), IDS);
    for (const result of results.slice(COUNT)) assert.deepEqual(result, { done: true, value: undefined });
  });

  testOfSimulator(`${name} returns rows in the order of the next() calls, whatever runs in between`, async () => {
    const { scheduler } = observed();
    const rows = iterate(scheduler);
    /** @type {Promise<IteratorResult<any>>[]} */
    const calls = [];
    const call = () => {
      const result = rows.next();
      calls.push(result);
      return result;
    };
    const first = call().then(call).then(call);
    for (let i = 0; i < 9; i++) call().then(call);
    await first;
    await settle();
    const results = await Promise.all(calls);
    assert.equal(results.length, 21);
    assert.deepEqual(idsOf(results.map(({ value }) => value)), IDS.slice(0, 21));
  });

  testOfSimulator(`${name} yields every row to consumers that read a few at a time`, () =>
    forEachSeed(20, async (random) => {
      const { scheduler } = observed();
      const rows = iterate(scheduler);
      const ids = [];
      for (let done = false; !done; ) {
        const results = await Promise.all(Array.from({ length: random.whole(1, 30) }, () => rows.next()));
        ids.push(...idsOf(results.filter((result) => !result.done).map(({ value }) => value)));
        done = results.some((result) => result.done === true);
        if (random.chance(0.3)) await nextTurn();
      }
      assert.deepEqual(ids, IDS);
    }),
  );

  for (const [how, leave] of /** @type {[string, (rows: AsyncIterableIterator<any>) => Promise<void>][]} */ ([
    [
      "break",
      async (rows) => {
        for await (const _row of rows) break;
      },
    ],
    [
      "throw",
      async (rows) => {
        const thrown = new Error("out");
        await assert.rejects(async () => {
          for await (const _row of rows) throw thrown;
        }, thrown);
      },
    ],
    [
      "return()",
      async (rows) => {
        await rows.next();
        assert.deepEqual(await rows.return?.("value"), { done: true, value: "value" });
      },
    ],
  ])) {
    testOfSimulator(`${name} aborts its requests immediately on ${how}`, async () => {
      const { simulator, scheduler, signals } = observed();
      const rows = iterate(scheduler);
      await leave(rows);
      assert.ok(signals.length > 0 && signals.every(({ aborted }) => aborted), "a request continues");
      const cost = () => simulator.requests.map(({ rows: made }) => made);
      const then = cost();
      await settle();
      assert.deepEqual(cost(), then, "rows are produced that are never read");
      assert.deepEqual(await rows.next(), { done: true, value: undefined });
      assert.deepEqual(cost(), then);
    });
  }

  testOfSimulator(`${name} aborts its requests immediately on abort, and rejects with the reason`, async () => {
    const { simulator, scheduler, signals } = observed();
    const controller = new AbortController();
    const rows = iterate(scheduler, controller.signal);
    await rows.next();
    await settle();
    controller.abort("enough");
    assert.ok(
      signals.every(({ aborted }) => aborted),
      "a request continues",
    );
    const then = simulator.requests.length;
    /** @type {unknown} */
    let reason = "none";
    let count = 1;
    try {
      for await (const _row of rows) count++;
    } catch (error) {
      reason = error;
    }
    // A response that has already arrived needs no request, so rows in memory can still be returned.
    if (name !== "jobs()") assert.equal(reason, "enough");
    assert.ok(name === "jobs()" || count < COUNT, `${count} rows`);
    assert.equal(simulator.requests.length, then);
    assert.equal((await rows.next()).done, true);
  });

  testOfSimulator(`${name} lets the consumer modify its rows`, async () => {
    const { scheduler } = observed();
    let count = 0;
    for await (const row of iterate(scheduler)) {
      for (const key of Object.keys(row)) delete row[key];
      count++;
    }
    assert.equal(count, COUNT);
  });

  testOfSimulator(`${name} returns a new iterator each time, which is its own iterable`, async () => {
    const { scheduler } = observed();
    const [one, other] = [iterate(scheduler), iterate(scheduler)];
    assert.equal(one[Symbol.asyncIterator](), one);
    assert.deepEqual(idsOf([(await one.next()).value, (await one.next()).value]), IDS.slice(0, 2));
    assert.deepEqual(idsOf(await all(other)), IDS);
    assert.deepEqual(idsOf(await all(one)), IDS.slice(2));
  });
}

test("docs() yields the first row long before the last has arrived", async () => {
  const text = listText(docRows(1000, "failed"));
  let sent = 0;
  const fetch = async () =>
    new Response(
      new ReadableStream(
        {
          pull(controller) {
            controller.enqueue(new TextEncoder().encode(text.slice(sent, sent + 2000)));
            sent += 2000;
            if (sent >= text.length) controller.close();
          },
        },
        { highWaterMark: 0 },
      ),
    );
  const rows = new Scheduler("http://couch.test", { retries: 0, fetch }).docs({ states: ["failed"] });
  assert.equal((await rows.next()).value?.doc_id, "doc-000000");
  await settle();
  assert.ok(sent < 20_000, `${sent} of ${text.length} bytes were read for one row`);
  await rows.return();
});

testOfSimulator("leaving docs() over a socket stops the list on the server", async (t) => {
  const { simulator, scheduler } = await simulatedOnPort(t, { docs: 3000, chunkBytes: 65_536 });
  for await (const _row of scheduler.docs({ states: ["running", "completed"] })) break;
  assert.ok(simulator.requests[0].rows < 3000);
  assert.equal((await all(scheduler.docs({ pageSize: 500 }))).length, (await scheduler.listDocs()).docs.length);
});

test("docs() and listDocs() close the connection when they are aborted", async (t) => {
  /** @type {Promise<unknown>[]} */
  const closed = [];
  const server = createServer((request, response) => {
    request.socket.on("error", () => {});
    closed.push(new Promise((resolve) => request.socket.on("close", resolve)));
    response.write('{"total_rows":9,"offset":0,"docs":[\r\n{"doc_id":"a","state":"failed"}');
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const scheduler = new Scheduler(`http://127.0.0.1:${port}`);

  for await (const row of scheduler.docs({ states: ["failed"] })) {
    assert.equal(row.doc_id, "a");
    break;
  }
  await closed[0];
  const controller = new AbortController();
  const list = scheduler.listDocs({ signal: controller.signal });
  list.catch(() => {});
  while (closed.length < 2) await nextTurn();
  controller.abort("enough");
  await assert.rejects(list, (reason) => reason === "enough");
  await closed[1];
});

test("docs() and listDocs() do not loop on a server that ignores startkey", async () => {
  let requests = 0;
  const body = listText(docRows(20));
  const fetch = async () => {
    // Enough for any sensible walk; then the server disconnects, so that the test ends.
    if (++requests > 100) throw new TypeError("fetch failed");
    return new Response(body);
  };
  const scheduler = new Scheduler("http://couch.test", { retries: 0, fetch });
  for (const rows of [
    () => all(scheduler.docs({ pageSize: 5 })),
    async () => (await scheduler.listDocs({ limit: 10 })).docs,
  ]) {
    requests = 0;
    const outcome = await outcomeOf(rows(), 500);
    assert.ok(requests <= 10, `${requests} requests`);
    if (outcome.status === "fulfilled") {
      const ids = idsOf(outcome.value);
      assert.equal(new Set(ids).size, ids.length, "rows came twice");
    } else {
      assert.equal(outcome.status === "rejected" && outcome.reason.code, "invalid_response");
    }
  }
});
