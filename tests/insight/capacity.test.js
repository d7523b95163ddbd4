// @ts-check
// capacity(): the limits and the load of each node, and how long jobs wait.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { inspect } from "node:util";
import { Scheduler } from "couchdb-scheduler";
import { listText } from "../support/answers.js";
import { errorOf, outcomeOf } from "../support/promises.js";
import { simulated, testOfSimulator, testServer } from "../support/server.js";

/** @typedef {import("../../simulator/index.js").Simulator} Simulator */

/** @type {{ name: string, body: string }[]} */
const RECORDED = JSON.parse(readFileSync(new URL("../recordings/beyond/38-capacity.json", import.meta.url), "utf8"));
const recorded = (/** @type {string} */ wanted) => RECORDED.find(({ name }) => name === wanted)?.body ?? "";

const NO_JOBS = listText([], "jobs");

/** Continuous replications of databases of the simulator. @param {Simulator} simulator @param {number} count */
async function replicate(simulator, count) {
  const headers = { authorization: `Basic ${btoa("admin:pass")}`, "content-type": "application/json" };
  const put = (/** @type {string} */ path, /** @type {unknown} */ body) =>
    simulator.fetch(`http://couch.test:5984/${path}`, { method: "PUT", headers, body: JSON.stringify(body) });
  await put("source", undefined);
  for (let n = 0; n < count; n++) {
    const end = (/** @type {string} */ name) => `http://admin:pass@couch.test:5984/${name}`;
    const document = { source: end("source"), target: end(`t${n}`), create_target: true, continuous: true };
    await put(`_replicator/r${n}`, document);
  }
}

/**
 * A server of these bodies by path; a function answers itself. Other paths are settings, none of which was set.
 *
 * @param {Record<string, string | ((init: RequestInit) => Response | Promise<Response>)>} bodies
 * @param {import("couchdb-scheduler").ClientOptions & { date?: string }} [options]
 */
function serverOf(bodies, { date, ...options } = {}) {
  /** @type {string[]} */
  const paths = [];
  /** @type {typeof globalThis.fetch} */
  const fetch = async (url, init = {}) => {
    const path = decodeURIComponent(new URL(String(url)).pathname);
    paths.push(path);
    const body = bodies[path] ?? "{}\n";
    const headers = { "content-type": "application/json", ...(date && { date }) };
    return typeof body === "string" ? new Response(body, { headers }) : body(init);
  };
  return { paths, scheduler: new Scheduler("http://couch.test:5984", { retries: 0, ...options, fetch }) };
}

const membership = (/** @type {string[]} */ ...all_nodes) => JSON.stringify({ all_nodes, cluster_nodes: all_nodes });

/** @param {number} status @param {string} error @param {string} reason */
const refusing = (status, error, reason) => () => Response.json({ error, reason }, { status });

test("capacity() counts the jobs of each node, on any server", async (t) => {
  const server = await testServer(t, { docs: 100 });
  const scheduler = server.scheduler();
  const { cluster_nodes } = await server.request("GET", "/_membership");
  // A live fleet: the test repeats until nothing changed meanwhile.
  for (let tries = 0; tries < 50; tries++) {
    const count = async () => {
      const { jobs } = await scheduler.listJobs();
      const of = (/** @type {string} */ wanted) => jobs.filter(({ state }) => state === wanted).length;
      return [of("running"), of("pending"), of("crashing")];
    };
    const before = await count();
    const { known, nodes } = await scheduler.capacity();
    if (String(before) !== String(await count())) continue;
    const sum = (/** @type {"running" | "pending" | "crashing"} */ key) =>
      nodes.reduce((total, node) => total + node[key], 0);
    assert.deepEqual([sum("running"), sum("pending"), sum("crashing")], before);
    assert.equal(known, true);
    assert.deepEqual(nodes.map(({ node }) => node).sort(), [...cluster_nodes].sort());
    for (const { node, up, max_jobs, interval } of nodes) {
      const path = `/_node/${encodeURIComponent(node)}/_config/replicator`;
      const config = await server.request("GET", path);
      assert.deepEqual(
        [up, max_jobs, interval],
        [true, Number(config.max_jobs ?? 500), Number(config.interval ?? 60_000)],
      );
    }
    return;
  }
  assert.fail("the jobs change all the time");
});

testOfSimulator("capacity() shows what starves, and how long", async () => {
  // The time is the server's, which differs from that of this machine.
  const { simulator, scheduler } = simulated({ clock: { start: Date.now() - 86_400_000 } });
  await replicate(simulator, 10);
  simulator.clock.advance(60_000);
  simulator.provoke.starve(3, { maxChurn: 20, interval: 10_000 });
  simulator.clock.advance(120_000);
  const { known, nodes } = await scheduler.capacity();
  assert.equal(known, true);
  assert.equal(nodes.length, 1);
  const [{ longest_wait, ...node }] = nodes;
  assert.deepEqual(node, {
    node: "couchdb@127.0.0.1",
    up: true,
    max_jobs: 3,
    max_churn: 20,
    interval: 10_000,
    health_threshold: 120_000,
    running: 3,
    pending: 7,
    crashing: 0,
    expected_wait: 23_333,
  });
  const { jobs } = await scheduler.listJobs();
  const waiting = jobs.filter(({ state }) => state === "pending");
  const since = Math.min(...waiting.map(({ history }) => Date.parse(history[0].timestamp)));
  assert.ok(longest_wait);
  const { doc_id, database, job_id, ms } = longest_wait;
  const job = waiting.find(({ id }) => id === job_id);
  assert.deepEqual([doc_id, database], [job?.doc_id, job?.database]);
  assert.equal(Date.parse(job?.history[0].timestamp ?? ""), since);
  assert.ok(Math.abs(simulator.clock.now() - since - ms) < 1000, `${ms}`);
});

test("capacity() of recorded jobs: those that wait have waited since they were stopped", async () => {
  const { scheduler } = serverOf(
    {
      "/_scheduler/jobs": recorded("pending-jobs"),
      "/_membership": recorded("membership"),
      "/_node/solo@127.0.0.1/_config/replicator": '{"interval":"10000","max_jobs":"3"}\n',
    },
    { date: "Wed, 25 Nov 2026 16:27:56 GMT" },
  );
  assert.deepEqual(await scheduler.capacity(), {
    known: true,
    nodes: [
      {
        node: "solo@127.0.0.1",
        up: true,
        max_jobs: 3,
        max_churn: 20,
        interval: 10_000,
        health_threshold: 120_000,
        running: 3,
        pending: 7,
        crashing: 0,
        expected_wait: 23_333,
        longest_wait: {
          database: "_replicator",
          doc_id: "f-c09",
          job_id: "3ec075c81ed5c074a89e536cf64e92ac+continuous+create_target",
          ms: 65_000,
        },
      },
    ],
  });
});

test("capacity() of recorded jobs: a crashing job does not wait for a slot", async () => {
  const jobs = recorded("healthy-jobs-churned-by-crashing-ones");
  const { scheduler } = serverOf({ "/_scheduler/jobs": jobs, "/_membership": recorded("membership") });
  const [{ running, pending, crashing, expected_wait, longest_wait }] = (await scheduler.capacity()).nodes;
  assert.deepEqual([running, pending, crashing, expected_wait, longest_wait], [3, 0, 1, 0, null]);
});

testOfSimulator("capacity() shows a node that is down, and asks only the others", async () => {
  const { simulator, scheduler } = simulated({ docs: 50, nodes: ["c@h", "b@h", "a@h"] });
  simulator.provoke.loseNode("b@h");
  simulator.clock.advance(120_000);
  simulator.requests.length = 0;
  const { known, nodes } = await scheduler.capacity();
  assert.deepEqual(
    nodes.map(({ node, up }) => [node, up]),
    [
      ["a@h", true],
      ["b@h", false],
      ["c@h", true],
    ],
  );
  assert.equal(known, true);
  assert.deepEqual(simulator.requests.map(({ path }) => decodeURIComponent(path.replace(/\?.*/, ""))).sort(), [
    "/_membership",
    "/_node/a@h/_config/replicator",
    "/_node/c@h/_config/replicator",
    "/_scheduler/jobs",
  ]);
});

test("capacity() of a node that has just gone down, which the others do not know yet", async () => {
  const { scheduler } = serverOf({
    "/_scheduler/jobs": NO_JOBS,
    "/_membership": membership("a@h", "b@h"),
    "/_node/b@h/_config/replicator": refusing(412, "nodedown", "b@h is down"),
  });
  const { known, nodes } = await scheduler.capacity();
  assert.deepEqual([known, nodes.map(({ up }) => up)], [true, [true, false]]);
});

test("capacity() of a node that hangs: the time limit ends the wait, and the others are shown", async () => {
  const hangs = (/** @type {RequestInit} */ { signal }) =>
    /** @type {Promise<Response>} */ (
      new Promise((_, reject) => signal?.addEventListener("abort", () => reject(new Error("aborted"))))
    );
  const { scheduler } = serverOf(
    {
      "/_scheduler/jobs": NO_JOBS,
      "/_membership": membership("a@h", "b@h"),
      "/_node/a@h/_config/replicator": hangs,
      "/_node/b@h/_config/replicator": '{"max_jobs":"7"}',
    },
    { timeout: 50 },
  );
  const { known, nodes } = await scheduler.capacity();
  const shown = nodes.map(({ node, up, max_jobs }) => [node, up, max_jobs]);
  assert.deepEqual(
    [known, shown],
    [
      false,
      [
        ["a@h", true, 500],
        ["b@h", true, 7],
      ],
    ],
  );
});

testOfSimulator("capacity() has CouchDB's defaults where the configuration cannot be read", async () => {
  for (const [path, status] of /** @type {const} */ ([
    ["/_node", 403],
    ["/_node", 404],
    ["/_node", 503],
    ["/_membership", 401],
    ["/_membership", 404],
  ])) {
    const { simulator, scheduler } = simulated({ docs: 50, maxJobs: 7 });
    const body = JSON.stringify({ error: status === 404 ? "not_found" : "forbidden", reason: "no" });
    simulator.fail({ path, status, body });
    const { known, nodes } = await scheduler.capacity();
    assert.equal(known, false, path);
    const [{ node, up, max_jobs, max_churn, interval, running }] = nodes;
    assert.deepEqual([node, up, max_jobs, max_churn, interval], ["couchdb@127.0.0.1", true, 500, 20, 60_000]);
    assert.ok(running > 0);
  }
});

test("capacity() does not expect that replications which are not continuous are stopped", async () => {
  const jobs = [
    ["0a", "<0.1.0>"],
    ["0b", "<0.2.0>"],
    ["0c+continuous", null],
  ].map(([id, pid]) => ({ id, pid, node: "n@h", history: [{ timestamp: "2026-11-25T16:00:00Z", type: "added" }] }));
  const waits = async (/** @type {unknown[]} */ jobs) => {
    const { scheduler } = serverOf({
      "/_scheduler/jobs": listText(jobs, "jobs"),
      "/_membership": membership("n@h"),
      "/_node/n@h/_config/replicator": '{"max_jobs":"2"}',
    });
    return (await scheduler.capacity()).nodes.map(({ expected_wait }) => expected_wait);
  };
  assert.deepEqual(await waits(jobs), [null]);
  assert.deepEqual(await waits([{ ...jobs[0], id: "0a+continuous" }, ...jobs.slice(1)]), [60_000]);
});

test("capacity() does not believe settings or nodes that are not CouchDB's", async () => {
  for (const body of ['["a"]', '{"max_jobs":3}', '"no"', "null", "<html>"]) {
    const { scheduler } = serverOf({
      "/_scheduler/jobs": NO_JOBS,
      "/_membership": membership("a@h"),
      "/_node/a@h/_config/replicator": body,
    });
    const { known, nodes } = await scheduler.capacity();
    assert.deepEqual([known, nodes[0].max_jobs], [false, 500], body);
  }
  for (const body of ["{}", "[]", '{"all_nodes":["a"]}', '{"all_nodes":[1],"cluster_nodes":[]}', "<html>"]) {
    const { scheduler } = serverOf({ "/_scheduler/jobs": NO_JOBS, "/_membership": body });
    await assert.rejects(scheduler.capacity(), { name: "SchedulerError", code: "invalid_response" }, body);
  }
});

test("capacity() of a server without jobs and nodes knows nothing", async () => {
  const { scheduler } = serverOf({
    "/_scheduler/jobs": NO_JOBS,
    "/_membership": refusing(403, "forbidden", "no"),
  });
  assert.deepEqual(await scheduler.capacity(), { known: false, nodes: [] });
});

test("capacity() rejects if the jobs or the nodes cannot be read, and the other request ends", async () => {
  for (const [broken, other] of [
    ["/_scheduler/jobs", "/_membership"],
    ["/_membership", "/_scheduler/jobs"],
  ]) {
    /** @type {AbortSignal | null | undefined} */
    let signal;
    const { scheduler } = serverOf({
      [broken]: refusing(503, "service_unavailable", "no"),
      [other]: (init) => {
        signal = init.signal;
        return new Promise(() => {});
      },
    });
    await assert.rejects(scheduler.capacity(), { name: "SchedulerError", code: "server_error", status: 503 });
    assert.equal(signal?.aborted, true, other);
  }
});

test("capacity() shows no secret of a node's configuration", async () => {
  const { scheduler } = serverOf({
    "/_scheduler/jobs": NO_JOBS,
    "/_membership": membership("a@h"),
    "/_node/a@h/_config/replicator": '{"ssl_certificate_password":"S3CR3T","max_jobs":"S3CR3T"}',
  });
  const found = await scheduler.capacity();
  assert.ok(!inspect(found, { depth: 9 }).includes("S3CR3T"));
  assert.deepEqual([found.known, found.nodes[0].max_jobs], [true, 500]);
});

test("capacity() rejects with the signal's reason while a node is asked", async () => {
  const ofAnotherCall = await errorOf(serverOf({ "/": "<html>" }).scheduler.client.info());
  for (const reason of ["enough", ofAnotherCall]) {
    const controller = new AbortController();
    const { scheduler } = serverOf({
      "/_scheduler/jobs": NO_JOBS,
      "/_membership": membership("n"),
      "/_node/n/_config/replicator": () => {
        queueMicrotask(() => controller.abort(reason));
        return new Promise(() => {});
      },
    });
    const call = scheduler.capacity({ signal: controller.signal });
    assert.deepEqual(await outcomeOf(call), { status: "rejected", reason });
  }
});

test("capacity() of many nodes has at most 8 requests at a time", async () => {
  const names = Array.from({ length: 50 }, (_, n) => `n${n}@h`);
  let [now, most] = [0, 0];
  /** @type {(() => void)[]} */
  const waiting = [];
  const answer = async (/** @type {string} */ body) => {
    most = Math.max(most, ++now);
    // Answers come as late as possible: when no further request is sent.
    await new Promise((resolve) => {
      waiting.push(() => resolve(undefined));
      setImmediate(() => setImmediate(() => waiting.shift()?.()));
    });
    now--;
    return new Response(body);
  };
  const bodies = Object.fromEntries(names.map((name) => [`/_node/${name}/_config/replicator`, () => answer("{}")]));
  const { scheduler, paths } = serverOf({
    ...bodies,
    "/_scheduler/jobs": () => answer(NO_JOBS),
    "/_membership": () => answer(membership(...names)),
  });
  const { known, nodes } = await scheduler.capacity();
  assert.deepEqual([known, nodes.length, paths.length], [true, 50, 52]);
  assert.ok(most >= 7 && most <= 8, `${most}`);
});

test("an error of capacity() has the caller's line, whichever request fails", async () => {
  for (const path of ["/_scheduler/jobs", "/_membership"]) {
    const { scheduler } = serverOf({ "/_scheduler/jobs": NO_JOBS, [path]: refusing(503, "service_unavailable", "no") });
    const error = await scheduler.capacity().catch((error) => error);
    assert.match(error.stack, /capacity\.test\.js/, path);
    assert.doesNotMatch(error.stack, /addJobs|addNodes/, path);
  }
});
