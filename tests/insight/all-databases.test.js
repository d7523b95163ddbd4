// @ts-check
// database: "all" of summary() and incidents(): sums over all replicator databases.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Scheduler } from "couchdb-scheduler";
import { here, ORIGIN, send } from "../simulator/requests.js";
import { docRows, listText } from "../support/answers.js";
import { all } from "../support/promises.js";
import { simulated, testOfSimulator, testServer } from "../support/server.js";
import { fleetOn, MINUTE } from "./audited-fleet.js";

/**
 * A server with these databases: rows, or another response to the list of a database.
 *
 * @param {Record<string, object[] | (() => Response)>} databases
 * @param {() => string[]} [names]
 */
function serverOf(databases, names = () => [...Object.keys(databases), "_users", "orders"]) {
  /** @type {string[]} */
  const requests = [];
  /** @type {typeof globalThis.fetch} */
  const fetch = async (url) => {
    const { pathname, search } = new URL(String(url));
    requests.push(pathname + search);
    if (pathname === "/_all_dbs") return new Response(JSON.stringify(names()));
    const answer = databases[decodeURIComponent(pathname.replace("/_scheduler/docs/", ""))];
    return Array.isArray(answer) ? new Response(listText(answer)) : answer();
  };
  return { scheduler: new Scheduler("http://couch.test", { retries: 0, fetch }), requests };
}

const missing = () =>
  new Response('{"error":"not_found","reason":"Database does not exist."}', {
    status: 404,
    headers: { "content-type": "application/json", server: "CouchDB/3.5.2 (Erlang OTP/26)" },
  });

testOfSimulator("summary() of all databases is the sum of their summaries", async () => {
  const { scheduler } = simulated({ docs: 1000 });
  const [main, team] = await Promise.all(
    ["_replicator", "team/_replicator"].map((database) => scheduler.summary({ database })),
  );
  const all = await scheduler.summary({ database: "all" });
  assert.ok(team.total > 0);
  assert.deepEqual(Object.keys(all), Object.keys(main));
  const { database, states, ...counts } = all;
  assert.equal(database, "all");
  for (const [name, count] of Object.entries(counts)) {
    const key = /** @type {keyof typeof counts} */ (name);
    assert.equal(count, (main[key] ?? 0) + (team[key] ?? 0), name);
  }
  for (const [name, count] of Object.entries(states)) {
    const state = /** @type {keyof typeof states} */ (name);
    assert.equal(count, main.states[state] + team.states[state], name);
  }
});

test("summary() of all databases has the documents of a new one, on any server", async (t) => {
  const server = await testServer(t);
  const name = await server.createDatabase();
  const scheduler = server.scheduler();
  for (let tries = 0; ; tries++) {
    const names = await scheduler.replicatorDatabases();
    assert.ok(names.includes(name));
    const totals = await Promise.all(names.map(async (database) => (await scheduler.summary({ database })).total));
    const all = await scheduler.summary({ database: "all" });
    const sum = totals.reduce((total, one) => total + one, 0);
    // A live fleet, so the test repeats until both are equal.
    if (tries === 20) assert.equal(all.total, sum);
    if (all.total === sum) return;
  }
});

test("the databases are read one after the other, and pending changes stay unknown", async () => {
  const { scheduler, requests } = serverOf({ _replicator: docRows(3), "b/_replicator": docRows(2, "failed") });
  const summary = await scheduler.summary({ database: "all" });
  assert.deepEqual([summary.total, summary.states.failed, summary.changes_pending], [5, 2, null]);
  assert.deepEqual(requests, ["/_all_dbs", "/_scheduler/docs/_replicator", "/_scheduler/docs/b%2F_replicator"]);
  const one = serverOf({ _replicator: docRows(3) });
  await one.scheduler.summary();
  assert.deepEqual(one.requests, ["/_scheduler/docs/_replicator"]);
});

test("onProgress counts on over the databases", async () => {
  const databases = { _replicator: docRows(3), "b/_replicator": docRows(0), "c/_replicator": docRows(2, "failed") };
  const { scheduler } = serverOf(databases);
  /** @type {number[][]} */
  const reports = [];
  const onProgress = (/** @type {number[]} */ ...counts) => void reports.push(counts);
  await scheduler.summary({ database: "all", onProgress });
  assert.deepEqual(reports.splice(0), [
    [3, 3],
    [3, 3],
    [5, 5],
  ]);
  // Of incidents(), only unhealthy documents count, of all documents.
  await scheduler.incidents({ database: "all", onProgress });
  assert.deepEqual(reports, [
    [0, 3],
    [0, 3],
    [2, 5],
  ]);
});

for (const path of ["/_scheduler/docs/team%2F_replicator", "/team%2F_replicator/_all_docs"]) {
  testOfSimulator(`lags() of all databases leaves out one that is deleted before ${path}`, async () => {
    const { simulator, ...fleet } = fleetOn();
    simulator.fleet.createDatabase("team/_replicator");
    fleet.source("source");
    await fleet.replicate("a");
    await fleet.replicate("b", { target: here("target-b") }, "team/_replicator");
    fleet.pass(MINUTE);
    let deletions = 0;
    /** @type {typeof globalThis.fetch} */
    const deleting = async (url, init) => {
      if (String(url).includes(path) && deletions++ === 0) {
        await send(simulator, "/team%2F_replicator", { method: "DELETE" });
      }
      return simulator.fetch(url, init);
    };
    const auth = { username: "admin", password: "pass" };
    const scheduler = new Scheduler(ORIGIN, { auth, fetch: deleting, retries: 0 });
    const lags = await all(scheduler.lags({ database: "all" }));
    assert.deepEqual([lags.map(({ doc_id }) => doc_id), deletions], [["a"], 1]);
    await assert.rejects(all(scheduler.lags({ database: "team/_replicator" })), { code: "not_found" });
  });
}

for (const call of /** @type {const} */ (["summary", "incidents"])) {
  /** @param {Scheduler} scheduler */
  const total = async (scheduler) => {
    const result = await scheduler[call]({ database: "all" });
    return Array.isArray(result) ? result.reduce((sum, incident) => sum + incident.total, 0) : result.total;
  };
  const rows = docRows(2, "failed");

  test(`${call}() of all databases leaves out one that is deleted after it was listed`, async () => {
    const lists = [
      ["_replicator", "gone/_replicator", "z/_replicator"],
      ["_replicator", "z/_replicator"],
    ];
    const databases = { _replicator: rows, "gone/_replicator": missing, "z/_replicator": rows };
    const { scheduler, requests } = serverOf(databases, () => /** @type {string[]} */ (lists.shift()));
    assert.equal(await total(scheduler), 4);
    assert.equal(requests.filter((path) => path === "/_all_dbs").length, 2);
  });

  test(`${call}() of all databases rejects with every other error`, async () => {
    // A server without a scheduler: the database is still there.
    const without = serverOf({ _replicator: rows, "a/_replicator": missing });
    await assert.rejects(total(without.scheduler), { code: "not_found" });
    const failing = () => new Response('{"error":"internal_server_error","reason":"x"}', { status: 500 });
    await assert.rejects(total(serverOf({ "a/_replicator": failing }).scheduler), { code: "server_error" });
    const refused = serverOf({ _replicator: rows }, () => /** @type {any} */ ("no names"));
    await assert.rejects(total(refused.scheduler), { code: "invalid_response" });
  });

  test(`${call}() of a server without replicator databases counts nothing`, async () => {
    assert.equal(await total(serverOf({}).scheduler), 0);
  });

  test(`${call}() of all databases ends with its signal`, async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    const aborting = () => {
      controller.abort(reason);
      return new Response(listText(rows));
    };
    const { scheduler, requests } = serverOf({ "a/_replicator": aborting, "b/_replicator": rows });
    const { signal } = controller;
    await assert.rejects(scheduler[call]({ database: "all", signal }), (error) => error === reason);
    assert.equal(requests.length, 2);
  });
}

test("lags() of all databases leaves out those that are deleted meanwhile", async () => {
  const rows = docRows(2, "pending").map((row) => ({ ...row, id: "0a", source: null, target: null }));
  const lists = [
    ["_replicator", "gone/_replicator", "z/_replicator"],
    ["_replicator", "z/_replicator"],
  ];
  const documents = rows.map(({ doc_id }) => ({ key: doc_id, doc: { _id: doc_id } }));
  const { scheduler, requests } = serverOf(
    {
      _replicator: rows,
      "/_replicator/_all_docs": () => Response.json({ rows: documents }),
      "gone/_replicator": missing,
      "z/_replicator": rows,
      // Deleted when its list has been read.
      "/z/_replicator/_all_docs": missing,
    },
    () => /** @type {string[]} */ (lists.shift()),
  );
  const found = await all(scheduler.lags({ database: "all" }));
  assert.deepEqual(
    found.map(({ doc_id }) => doc_id),
    rows.map(({ doc_id }) => doc_id),
  );
  assert.equal(requests.filter((path) => path === "/_all_dbs").length, 2);
  const without = serverOf({ "a/_replicator": missing });
  await assert.rejects(all(without.scheduler.lags({ database: "all" })), { code: "not_found" });
});
