// @ts-check
/** Troubles that are provoked, and how they look from outside: rows, jobs, tasks, nodes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createSimulator } from "../../simulator/index.js";
import { basic, get, here, ORIGIN, put, send } from "./requests.js";

/** @typedef {import("./requests.js").Simulator} Simulator */

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** With a replication `r` that has copied three documents. @param {import("../../simulator/index.js").SimulatorOptions} [options] */
async function server(options) {
  const simulator = createSimulator(options);
  const source = simulator.fleet.createDatabase("source");
  for (let i = 0; i < 3; i++) source.write(`d${i}`, {});
  await replicate(simulator, "r", "target");
  simulator.clock.advance(5 * MINUTE);
  return simulator;
}

/** @param {Simulator} simulator @param {string} id @param {string} target @param {any} [more] */
function replicate(simulator, id, target, more = {}) {
  const body = { source: here("source"), target: here(target), create_target: true, continuous: true, ...more };
  return put(simulator, `/_replicator/${id}`, body);
}

/** @param {Simulator} simulator @param {string} [id] */
const row = (simulator, id = "r") => get(simulator, `/_scheduler/docs/_replicator/${id}`);

/** @param {Simulator} simulator @param {string} [id] @returns {Promise<any>} */
async function task(simulator, id = "r") {
  return (await get(simulator, "/_active_tasks")).find((/** @type {any} */ one) => one.doc_id === id);
}

/** @param {Simulator} simulator @param {string} [id] @returns {Promise<any>} */
async function job(simulator, id = "r") {
  return (await get(simulator, "/_scheduler/jobs")).jobs.find((/** @type {any} */ one) => one.doc_id === id);
}

/** @param {any} task @param {Simulator} simulator */
const ageOf = (task, simulator) => simulator.clock.now() / SECOND - task.updated_on;

test("a healthy task: the pid of its job, a shard for a database, never older than a checkpoint", async () => {
  const simulator = await server();
  simulator.fleet.createDatabase("team/_replicator");
  await put(simulator, "/team%2F_replicator/r2", {
    source: here("source"),
    target: here("t2"),
    create_target: true,
    continuous: true,
  });
  await put(simulator, "/_replicator/far", {
    source: "https://a.test/x",
    target: "https://b.test/x",
    continuous: true,
  });
  await replicate(simulator, "none", "t3", { use_checkpoints: false });
  await replicate(simulator, "crashing", "t4", { source: here("nowhere") });
  simulator.clock.advance(2 * SECOND);
  const tasks = await get(simulator, "/_active_tasks");
  assert.deepEqual(tasks.map((/** @type {any} */ one) => one.doc_id).sort(), ["far", "none", "r", "r2"]);
  const { jobs } = await get(simulator, "/_scheduler/jobs");
  for (const one of tasks) {
    const { pid, id, node, source } = jobs.find((/** @type {any} */ other) => other.doc_id === one.doc_id);
    assert.deepEqual([one.pid, one.replication_id, one.node, one.source], [pid, id, node, source]);
    const name = /^shards\/(00000000-7fffffff|80000000-ffffffff)\/(.+)\.\d+$/.exec(one.database)?.[2];
    assert.equal(name, one.doc_id === "r2" ? "team/_replicator" : "_replicator");
  }
  for (let i = 0; i < 50; i++) {
    simulator.clock.advance(7 * SECOND);
    for (const id of ["r", "far"]) assert(ageOf(await task(simulator, id), simulator) <= 31);
  }
  assert(ageOf(await task(simulator, "none"), simulator) > 300, "without checkpoints nothing refreshes it");
});

test("a job that has just started runs without a task", async () => {
  const simulator = await server();
  await replicate(simulator, "young", "t2");
  simulator.clock.advance(350);
  assert.equal((await row(simulator, "young")).state, "running");
  assert.equal(await task(simulator, "young"), undefined);
  simulator.clock.advance(5 * SECOND);
  assert(
    (await task(simulator, "young")).started_on >= Date.parse((await row(simulator, "young")).start_time) / SECOND,
  );
});

test("a source hangs at the start: it runs without a task, and crashes after 93 s, each time", async () => {
  const simulator = await server();
  simulator.provoke.hang("https://slow.test/db");
  await put(simulator, "/_replicator/h", {
    source: "https://slow.test/db",
    target: here("t"),
    create_target: true,
    continuous: true,
  });
  simulator.clock.advance(92 * SECOND);
  const { state, error_count, info } = await row(simulator, "h");
  assert.deepEqual([state, error_count, info], ["running", 0, null]);
  assert.equal(await task(simulator, "h"), undefined);
  simulator.clock.advance(2 * SECOND);
  const crashed = await row(simulator, "h");
  assert.equal(crashed.state, "crashing");
  assert.deepEqual(crashed.info, {
    error: '{http_request_failed,"GET","https://slow.test/db/",\n                     {error,{error,req_timedout}}}',
  });
  simulator.clock.advance(91 * SECOND);
  const again = await row(simulator, "h");
  assert.deepEqual([again.state, again.error_count], ["running", 1]);
  simulator.clock.advance(90 * SECOND);
  assert.deepEqual([(await row(simulator, "h")).error_count, await task(simulator, "h")], [2, undefined]);
});

test("a source hangs later: frozen, its task old, a crash after 209 s that no state shows", async () => {
  const simulator = await server();
  const heal = simulator.provoke.hang("source");
  await put(simulator, "/source/new", {});
  const before = await row(simulator);
  const { pid } = await job(simulator);
  const seen = new Set();
  for (let i = 0; i < 200; i++) {
    simulator.clock.advance(SECOND);
    const one = await task(simulator);
    assert.equal(one.pid, pid);
    assert(ageOf(one, simulator) <= 122);
    seen.add(one.updated_on);
  }
  assert(seen.size <= 3, `steps of at least 90 s: ${[...seen]}`);
  assert.deepEqual(await row(simulator), before);
  simulator.clock.advance(10 * SECOND);
  const { state, error_count } = await row(simulator);
  assert.deepEqual([state, error_count], ["running", 0]);
  const after = await job(simulator);
  assert.deepEqual(
    after.history.slice(0, 2).map((/** @type {any} */ event) => event.type),
    ["started", "crashed"],
  );
  assert.notEqual(after.pid, pid);
  simulator.clock.advance(94 * SECOND);
  assert.equal((await row(simulator)).state, "crashing");
  heal();
  simulator.clock.advance(3 * MINUTE);
  assert.equal((await row(simulator)).info.docs_written, 4);
});

test("a source that answers again in time: the job goes on", async () => {
  const simulator = await server();
  const heal = simulator.provoke.hang("source");
  await put(simulator, "/source/new", {});
  simulator.clock.advance(MINUTE);
  heal();
  const { pid } = await job(simulator);
  simulator.clock.advance(5 * MINUTE);
  assert.equal((await row(simulator)).info.docs_written, 4);
  assert.equal((await job(simulator)).pid, pid);
});

test("a stuck job stands still for good, its task too, until a restart", async () => {
  const simulator = await server();
  simulator.provoke.stick("r");
  await put(simulator, "/source/new", {});
  const before = [await row(simulator), await job(simulator), await task(simulator)];
  simulator.clock.advance(60 * MINUTE);
  assert.deepEqual([await row(simulator), await job(simulator), await task(simulator)], before);
  const document = await get(simulator, "/_replicator/r");
  await put(simulator, "/_replicator/r", { ...document, cancel: false });
  simulator.clock.advance(MINUTE);
  assert.equal((await row(simulator)).info.docs_written, 4);
});

test("lost tasks: counters move, no task of the node, until a job restarts", async () => {
  const simulator = await server();
  await replicate(simulator, "other", "t2");
  simulator.clock.advance(MINUTE);
  simulator.provoke.loseTasks();
  await put(simulator, "/source/new", {});
  simulator.clock.advance(MINUTE);
  assert.deepEqual(await get(simulator, "/_active_tasks"), []);
  assert.equal((await row(simulator)).info.docs_written, 4);
  const document = await get(simulator, "/_replicator/other");
  await put(simulator, "/_replicator/other", { ...document, cancel: false });
  simulator.clock.advance(MINUTE);
  assert.deepEqual(
    (await get(simulator, "/_active_tasks")).map((/** @type {any} */ one) => one.doc_id),
    ["other"],
  );
});

test("a target refuses documents until it does not", async () => {
  const simulator = await server();
  const accept = simulator.provoke.refuse("target", ({ _id }) =>
    _id.startsWith("bad") ? "bad ids are refused" : null,
  );
  for (const id of ["bad1", "good"]) await put(simulator, `/source/${id}`, {});
  simulator.clock.advance(MINUTE);
  assert.deepEqual([(await row(simulator)).info.doc_write_failures, (await row(simulator)).state], [1, "running"]);
  const document = await get(simulator, "/source/bad1?revs=true");
  const write = async () =>
    JSON.parse(
      (await send(simulator, "/target/_bulk_docs", { method: "POST", body: { new_edits: false, docs: [document] } }))
        .text,
    );
  assert.deepEqual(await write(), [
    { id: "bad1", rev: document._rev, error: "forbidden", reason: "bad ids are refused" },
  ]);
  accept();
  assert.deepEqual(await write(), []);
});

test("a rewind: its session began at the beginning, and its counters at 0", async () => {
  const simulator = await server();
  simulator.provoke.rewind("r");
  simulator.clock.advance(MINUTE);
  const { info, id } = await row(simulator);
  assert.deepEqual([info.docs_read, info.revisions_checked], [0, 3]);
  const { history } = await get(simulator, `/source/_local/${id.split("+")[0]}`);
  assert.deepEqual(
    history.map((/** @type {any} */ one) => one.start_last_seq),
    [0],
  );
});

test("a poisoned document restarts every job of its node every five seconds, until it goes", async () => {
  const simulator = await server();
  const scans = async () => (await get(simulator, "/_node/_local/_stats/couch_replicator/db_scans")).value;
  const { rev } = await put(simulator, "/_replicator/bad", {
    source: here("source"),
    target: here("t"),
    _replication_state: null,
  });
  /** @type {Set<string>} */
  const starts = new Set();
  const before = await scans();
  for (let i = 0; i < 30; i++) {
    simulator.clock.advance(SECOND);
    const one = await job(simulator);
    if (one) starts.add(one.start_time);
  }
  assert(starts.size >= 5 && starts.size <= 8, `${[...starts]}`);
  assert((await scans()) - before >= 5);
  for (const path of ["/_scheduler/docs/_replicator/bad", "/_scheduler/docs"]) {
    const { status, text } = await send(simulator, path);
    assert.equal(status, 500);
    assert.equal(JSON.parse(text).reason, "badarg");
  }
  await send(simulator, `/_replicator/bad?rev=${rev}`, { method: "DELETE" });
  simulator.clock.advance(10 * SECOND);
  const settled = await row(simulator);
  simulator.clock.advance(10 * MINUTE);
  assert.deepEqual(await row(simulator), settled);
  simulator.provoke.poison("r");
  assert.equal((await send(simulator, "/_scheduler/docs/_replicator/r")).status, 500);
});

for (const state of ["triggered", "error"]) {
  test(`the state ${state} in a document harms nobody`, async () => {
    const simulator = await server();
    await replicate(simulator, "x", "t", { _replication_state: state });
    simulator.clock.advance(MINUTE);
    assert.equal((await row(simulator, "x")).state, "running");
  });
}

test("too few slots: the longest wait goes by the formula, and crashing jobs churn healthy ones", async () => {
  const simulator = createSimulator();
  simulator.fleet.createDatabase("source");
  simulator.provoke.starve(3, { interval: 10 * SECOND });
  assert.deepEqual(await get(simulator, "/_node/_local/_config/replicator"), {
    max_jobs: "3",
    interval: "10000",
  });
  for (let i = 0; i < 10; i++) await replicate(simulator, `c${i}`, `t${i}`);
  simulator.clock.advance(5 * MINUTE);
  const { running, pending, total } = await get(simulator, "/_node/_local/_stats/couch_replicator/jobs");
  assert.deepEqual([running.value, pending.value, total.value], [3, 7, 10]);
  const { jobs } = await get(simulator, "/_scheduler/jobs");
  const waits = jobs.flatMap((/** @type {any} */ { history }) =>
    history.flatMap((/** @type {any} */ event, /** @type {number} */ i) =>
      event.type === "started" && history[i + 1]?.type === "stopped"
        ? [(Date.parse(event.timestamp) - Date.parse(history[i + 1].timestamp)) / SECOND]
        : [],
    ),
  );
  const mean = waits.reduce((/** @type {number} */ sum, /** @type {number} */ wait) => sum + wait, 0) / waits.length;
  assert(Math.abs(mean - 23.3) < 2, `mean ${mean}`);
});

test("slots full and one crashing: healthy continuous jobs are stopped and started at every interval", async () => {
  const simulator = createSimulator({ maxJobs: 3, interval: 10 * SECOND });
  simulator.fleet.createDatabase("source");
  for (let i = 0; i < 3; i++) await replicate(simulator, `h${i}`, `t${i}`);
  await replicate(simulator, "x", "t", { source: here("nowhere") });
  simulator.clock.advance(10 * MINUTE);
  const { jobs } = await get(simulator, "/_scheduler/jobs");
  const stops = jobs.flatMap((/** @type {any} */ { history }) =>
    history.filter((/** @type {any} */ event) => event.type === "stopped"),
  );
  assert(stops.length > 15, `${stops.length}`);
});

test("the configuration: only what was set, and a deleted key stays in force", async () => {
  const simulator = createSimulator({ nodes: ["n1", "n2"] });
  const config = "/_node/_local/_config/replicator";
  assert.deepEqual(await get(simulator, config), {});
  assert.equal((await send(simulator, `${config}/max_jobs`)).status, 404);
  const set = async (/** @type {string} */ value) =>
    (await send(simulator, `${config}/max_jobs`, { method: "PUT", body: JSON.stringify(value) })).text;
  assert.equal(await set("2"), '""\n');
  assert.equal(await set("3"), '"2"\n');
  assert.deepEqual(await get(simulator, "/_node/n1/_config/replicator"), { max_jobs: "3" });
  assert.deepEqual(await get(simulator, "/_node/n2/_config/replicator"), {}, "another node");
  assert.deepEqual(await get(simulator, "/_node/n1/_config"), { replicator: { max_jobs: "3" } });
  assert.equal((await send(simulator, `${config}/max_jobs`, { method: "DELETE" })).text, '"3"\n');
  assert.deepEqual(await get(simulator, config), {});
  assert.equal(simulator.fleet.scheduler.pool.node("n1")?.maxJobs, 3);
  assert.equal((await send(simulator, `${config}/max_jobs`, { method: "DELETE" })).status, 404);
  assert.deepEqual(await get(simulator, "/_node/nobody"), { error: "not_found", reason: "no such node: nobody" });
});

test("each node has its own slots", async () => {
  const simulator = createSimulator({ nodes: ["n1", "n2"] });
  simulator.fleet.createDatabase("source");
  simulator.provoke.starve(2, { node: "n1" });
  for (let i = 0; i < 20; i++) await replicate(simulator, `r${i}`, `t${i}`);
  simulator.clock.advance(3 * MINUTE);
  const { jobs } = await get(simulator, "/_scheduler/jobs");
  const running = (/** @type {string} */ name) =>
    jobs.filter((/** @type {any} */ one) => one.node === name && one.pid).length;
  const all = (/** @type {string} */ name) => jobs.filter((/** @type {any} */ one) => one.node === name).length;
  assert.equal(running("n1"), 2);
  assert(all("n1") > 2);
  assert.equal(running("n2"), all("n2"));
});

test("a lost node: a minute of silence, answers without it, then its documents are taken over", async () => {
  const nodes = ["n1", "n2", "n3"];
  const simulator = createSimulator({ nodes });
  simulator.fleet.createDatabase("source");
  for (let i = 0; i < 12; i++) await replicate(simulator, `r${i}`, `t${i}`);
  simulator.clock.advance(MINUTE);
  const { jobs } = await get(simulator, "/_scheduler/jobs");
  const lost = jobs.filter((/** @type {any} */ one) => one.node === "n2").map((/** @type {any} */ one) => one.doc_id);
  assert(lost.length > 0);
  const find = simulator.provoke.loseNode("n2");
  assert.equal((await send(simulator, "/_up")).status, 200);
  assert.deepEqual(await get(simulator, "/_membership"), { all_nodes: nodes, cluster_nodes: nodes });
  const paths = ["/_active_tasks", "/_scheduler/jobs"];
  const headers = { authorization: basic("admin", "pass") };
  let answered = 0;
  const waiting = paths.map(async (path) => {
    const response = await simulator.fetch(ORIGIN + path, { headers });
    answered++;
    return response.json();
  });
  simulator.clock.advance(59 * SECOND);
  await new Promise(setImmediate);
  assert.equal(answered, 0);
  assert.equal((await send(simulator, "/source")).status, 200, "nothing else hangs");
  const down = simulator.fetch(`${ORIGIN}/_node/n2/_config`, { headers });
  simulator.clock.advance(SECOND);
  const [tasks, rows] = await Promise.all(waiting);
  assert.deepEqual(await get(simulator, "/_membership"), { all_nodes: ["n1", "n3"], cluster_nodes: nodes });
  for (const one of [...tasks, ...rows.jobs]) assert.notEqual(one.node, "n2");
  assert.equal((await row(simulator, lost[0])).state, null);
  simulator.clock.advance(30 * SECOND);
  const response = await down;
  assert.deepEqual([response.status, await response.json()], [412, { error: "nodedown", reason: "n2 is down" }]);
  const taken = await row(simulator, lost[0]);
  assert.equal(taken.state, "running");
  assert.notEqual(taken.node, "n2");
  find();
  assert.deepEqual((await get(simulator, "/_membership")).all_nodes, nodes);
});

test("a demo fleet has a task for each job that runs and copies", async () => {
  const simulator = createSimulator({ docs: 300 });
  simulator.clock.advance(MINUTE);
  const [tasks, { jobs }] = [
    await get(simulator, "/_active_tasks"),
    await get(simulator, "/_scheduler/jobs?limit=1000"),
  ];
  const byId = new Map(jobs.map((/** @type {any} */ one) => [one.id, one]));
  assert(tasks.length > 50);
  for (const one of tasks) assert.equal(one.pid, byId.get(one.replication_id)?.pid);
});
