// @ts-check
// audit(): each kind of finding once, and what looks like it and is healthy.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Scheduler } from "couchdb-scheduler";
import { get, ORIGIN, put } from "../simulator/requests.js";
import { testOfSimulator } from "../support/server.js";
import { confirmed, fleetOn, MINUTE, nameOf, SECOND } from "./audited-fleet.js";

/** @typedef {import("couchdb-scheduler").AuditOptions} AuditOptions */

/** A replication `r` that has copied everything, next to an idle one. */
async function replicating() {
  const fleet = fleetOn();
  fleet.source("source");
  fleet.source("quiet");
  await fleet.replicate("r");
  await fleet.replicate("idle", { source: "http://admin:pass@couch.test/quiet" });
  fleet.pass(5 * MINUTE);
  return fleet;
}

/** @param {Awaited<ReturnType<typeof replicating>>} fleet @param {number} gap @param {AuditOptions} [options] @param {string[]} [busy] */
async function twoLooks(fleet, gap, options, busy) {
  const first = await fleet.audit(options);
  fleet.pass(gap, busy);
  return [first, await fleet.audit({ ...options, previous: first.snapshot })];
}

testOfSimulator("a job that is stuck: suspected by one look, confirmed by two, healed by a restart", async () => {
  const fleet = await replicating();
  fleet.simulator.provoke.stick("r");
  fleet.write("source", 3);
  fleet.pass(5 * MINUTE);
  const [first, second] = await twoLooks(fleet, 2 * MINUTE);
  const { jobs } = await fleet.scheduler.listJobs();
  const job = jobs.find(({ doc_id }) => doc_id === "r");
  const stalled = {
    kind: "stalled",
    severity: "info",
    confirmed: false,
    database: "_replicator",
    doc_id: "r",
    job_id: job?.id,
    node: job?.node,
    message:
      "The job counts as running, but its task is not updated and it does not move, although 3 changes are pending.",
    hint: "Check that both ends respond, then restart the replication.",
    since: first.findings[0]?.since,
  };
  assert.deepEqual([first.verdict, first.findings], ["ok", [stalled]]);
  assert.deepEqual(
    [second.verdict, second.findings],
    ["warning", [{ ...stalled, severity: "warning", confirmed: true }]],
  );
  assert.deepEqual(second.checked, { docs: 2, jobs: 2, tasks: 2, nodes: 1 });
  const critical = await fleet.audit({ previous: first.snapshot, grace: MINUTE });
  assert.equal(critical.verdict, "critical");

  const document = await get(fleet.simulator, "/_replicator/r");
  await put(fleet.simulator, "/_replicator/r", { ...document, cancel: false });
  fleet.pass(MINUTE);
  assert.deepEqual((await fleet.audit({ previous: second.snapshot })).findings, []);
});

testOfSimulator("a job that is stuck and has nothing to do is not found", async () => {
  const fleet = await replicating();
  fleet.simulator.provoke.stick("r");
  fleet.pass(5 * MINUTE);
  const looks = await twoLooks(fleet, 5 * MINUTE);
  assert.deepEqual(
    looks.map(({ findings }) => findings),
    [[], []],
  );
});

testOfSimulator("many looks, less than two minutes apart, confirm as well", async () => {
  const fleet = await replicating();
  fleet.simulator.provoke.stick("r");
  fleet.write("source", 3);
  fleet.pass(5 * MINUTE);
  let audit = await fleet.audit();
  for (const expected of [false, true]) {
    fleet.pass(MINUTE);
    audit = await fleet.audit({ previous: audit.snapshot });
    assert.deepEqual([audit.findings.length, audit.findings[0]?.confirmed], [1, expected]);
  }
});

testOfSimulator("a job that hangs while it starts, and its source is patient", async () => {
  const fleet = await replicating();
  fleet.simulator.provoke.hang("https://slow.test/db");
  await fleet.replicate("slow", { source: "https://slow.test/db", connection_timeout: 300_000 });
  fleet.pass(3 * MINUTE);
  const [first, second] = await twoLooks(fleet, 2 * MINUTE);
  assert.deepEqual([first.findings.map(nameOf), confirmed(first)], [["no_task slow"], []]);
  assert.deepEqual(confirmed(second), ["no_task slow"]);
  assert.match(
    second.findings[0]?.message ?? "",
    /no active task and does not move, although changes can be pending\.$/,
  );
});

testOfSimulator("a source that hangs: a crash that counts, also while the job attempts again", async () => {
  const fleet = await replicating();
  fleet.simulator.provoke.hang("source");
  fleet.pass(12 * MINUTE);
  let audit = await fleet.audit();
  for (let look = 0; look < 30; look++) {
    fleet.pass(125 * SECOND);
    audit = await fleet.audit({ previous: audit.snapshot });
    assert.deepEqual(confirmed(audit), ["crashing r"], `look ${look}`);
  }
  assert.match(audit.findings[0]?.message ?? "", /^The source .* did not answer in time/);
});

testOfSimulator("crashes that no state shows", async () => {
  const fleet = await replicating();
  /** Runs for more than two minutes, crashes, starts at once, and recovers. */
  const crash = async () => {
    const heal = fleet.simulator.provoke.hang("source");
    fleet.pass(210 * SECOND);
    await fleet.nodes();
    heal();
    fleet.pass(5 * MINUTE);
  };
  for (let crashes = 0; crashes < 2; crashes++) await crash();
  assert.deepEqual((await fleet.audit()).findings, []);
  await crash();
  const [first, second] = await twoLooks(fleet, 3 * MINUTE);
  assert.deepEqual([first.verdict, first.findings.map(nameOf)], ["ok", ["crashes_hidden r"]]);
  assert.deepEqual([second.verdict, confirmed(second)], ["warning", ["crashes_hidden r"]]);
  assert.match(
    second.findings[0]?.message ?? "",
    /crashed 3 times within an hour.* The source .* did not answer in time/,
  );
  fleet.pass(60 * MINUTE);
  assert.deepEqual((await fleet.audit({ previous: second.snapshot })).findings, []);
});

testOfSimulator("lost tasks are one finding of the node, without alarm", async () => {
  const fleet = await replicating();
  fleet.simulator.provoke.loseTasks();
  fleet.pass(3 * MINUTE);
  const [first, second] = await twoLooks(fleet, 2 * MINUTE, {}, ["source"]);
  for (const { verdict, findings } of [first, second]) {
    assert.deepEqual([verdict, findings.length, findings[0]?.node], ["ok", 1, "couchdb@127.0.0.1"]);
    assert.match(findings[0]?.message ?? "", /^2 running jobs of the node have no active task/);
  }
  assert.deepEqual(confirmed(second), ["no_task couchdb@127.0.0.1"]);
});

testOfSimulator("a replication that ends between the requests of a look has not lost its task", async () => {
  const fleet = fleetOn();
  fleet.source("source", 300);
  fleet.simulator.provoke.slowDown("source", 1);
  await fleet.replicate("once", { continuous: false });
  fleet.pass(200 * SECOND);
  /** @type {typeof globalThis.fetch} */
  const late = async (url, init) => {
    if (String(url).includes("/_active_tasks")) fleet.pass(200 * SECOND);
    return fleet.simulator.fetch(url, init);
  };
  const auth = { username: "admin", password: "pass" };
  const { findings, checked } = await new Scheduler(ORIGIN, { auth, fetch: late, retries: 0 }).audit();
  assert.deepEqual([findings, checked.jobs, checked.tasks], [[], 1, 0]);
});

testOfSimulator("slots that never become free, and slots that go round", async () => {
  const fleet = await replicating();
  fleet.simulator.provoke.starve(1, { interval: 10 * SECOND });
  fleet.pass(20 * MINUTE);
  assert.deepEqual((await fleet.audit()).findings, []);
  fleet.simulator.provoke.starve(1, { maxChurn: 0 });
  fleet.pass(9 * MINUTE);
  assert.deepEqual((await fleet.audit()).findings, []);
  fleet.pass(2 * MINUTE);
  const [first, second] = await twoLooks(fleet, 2 * MINUTE);
  assert.deepEqual([first.verdict, first.findings.length, confirmed(first)], ["ok", 1, []]);
  assert.deepEqual(
    [second.verdict, second.findings[0]?.kind, second.findings[0]?.confirmed],
    ["critical", "starving", true],
  );
});

testOfSimulator("healthy jobs that are restarted because others crash", async () => {
  const fleet = fleetOn({ maxJobs: 3, interval: 10 * SECOND });
  fleet.simulator.provoke.starve(3, { interval: 10 * SECOND });
  fleet.source("source");
  for (const id of ["a", "b", "c"]) await fleet.replicate(id);
  await fleet.replicate("x", { source: "http://admin:pass@couch.test/nowhere" });
  fleet.pass(10 * MINUTE);
  const [, second] = await twoLooks(fleet, 2 * MINUTE);
  assert.ok(confirmed(second).includes("churned_by_crashes couchdb@127.0.0.1"), `${second.findings.map(nameOf)}`);
});

testOfSimulator("documents that the target refuses: news only while they become more", async () => {
  const fleet = await replicating();
  fleet.simulator.provoke.refuse("target-r", () => "refused");
  fleet.write("source", 2);
  fleet.pass(MINUTE);
  const first = await fleet.audit();
  assert.deepEqual([first.verdict, first.findings.map(nameOf)], ["ok", ["write_failures r"]]);
  fleet.write("source", 1);
  fleet.pass(MINUTE);
  const second = await fleet.audit({ previous: first.snapshot });
  assert.deepEqual([second.verdict, confirmed(second)], ["warning", ["write_failures r"]]);
  assert.match(second.findings[0]?.message ?? "", /refused 3 documents/);
  fleet.pass(2 * MINUTE);
  const third = await fleet.audit({ previous: second.snapshot });
  assert.deepEqual([third.verdict, confirmed(third)], ["ok", ["write_failures r"]]);
});

testOfSimulator("documents that the target of a completed replication refused", async () => {
  const fleet = fleetOn();
  fleet.source("source", 3);
  fleet.simulator.fleet.createDatabase("target-once");
  fleet.simulator.provoke.refuse("target-once", ({ _id }) => (_id === "d2" ? "refused" : null));
  await fleet.replicate("once", { continuous: false });
  fleet.pass(MINUTE);
  const { verdict, findings, checked } = await fleet.audit();
  assert.deepEqual([verdict, findings.map(nameOf), checked.docs], ["ok", ["write_failures once"], 1]);
  assert.match(findings[0]?.message ?? "", /refused 1 document since/);
});

for (const isSlow of [true, false]) {
  testOfSimulator(`a rewind that ${isSlow ? "goes on" : "is over"}`, async () => {
    const fleet = fleetOn();
    fleet.source("source", 500);
    await fleet.replicate("r");
    fleet.pass(5 * MINUTE);
    const first = await fleet.audit();
    if (isSlow) fleet.simulator.provoke.slowDown("source", 1);
    fleet.simulator.provoke.rewind("r");
    fleet.pass(isSlow ? 20 * SECOND : 3 * MINUTE);
    const second = await fleet.audit({ previous: first.snapshot });
    assert.deepEqual([second.verdict, confirmed(second)], ["warning", ["rewound r"]]);
    fleet.pass(MINUTE);
    assert.deepEqual((await fleet.audit({ previous: second.snapshot })).findings, []);
  });
}

testOfSimulator("a rewind, although looks follow before it has written a checkpoint", async () => {
  const fleet = fleetOn();
  fleet.source("source", 500);
  await fleet.replicate("r");
  fleet.pass(5 * MINUTE);
  let audit = await fleet.audit();
  fleet.simulator.provoke.rewind("r");
  for (let look = 0; look < 2; look++) {
    fleet.pass(2 * SECOND);
    audit = await fleet.audit({ previous: audit.snapshot });
    assert.deepEqual(audit.findings, []);
  }
  fleet.pass(3 * MINUTE);
  audit = await fleet.audit({ previous: audit.snapshot });
  assert.deepEqual([audit.verdict, confirmed(audit)], ["warning", ["rewound r"]]);
  fleet.pass(MINUTE);
  assert.deepEqual((await fleet.audit({ previous: audit.snapshot })).findings, []);
});

testOfSimulator("a backlog and a silence beyond the limits of the caller", async () => {
  const fleet = await replicating();
  fleet.simulator.provoke.slowDown("source", 1);
  fleet.write("source", 400);
  fleet.pass(10 * SECOND);
  assert.deepEqual((await fleet.audit()).findings, []);
  assert.deepEqual((await fleet.audit({ maxBacklog: 500 })).findings, []);
  const [first, second] = await twoLooks(fleet, 2 * MINUTE, { maxBacklog: 200 });
  assert.deepEqual([first.verdict, first.findings.map(nameOf)], ["ok", ["lagging r"]]);
  assert.deepEqual([second.verdict, confirmed(second)], ["warning", ["lagging r"]]);
  // It moves, so it is not silent.
  assert.deepEqual((await fleet.audit({ maxSilence: MINUTE })).findings, []);
  fleet.simulator.provoke.stick("r");
  fleet.pass(2 * MINUTE);
  assert.deepEqual((await fleet.audit({ maxSilence: MINUTE })).findings.map(nameOf), ["lagging r"]);
});

testOfSimulator("what the server itself reports: failed, error, crashing, duplicate", async () => {
  const fleet = await replicating();
  await fleet.replicate("crashing", { source: "http://admin:pass@couch.test/nowhere" });
  await fleet.replicate("failed", { _replication_state: "failed", _replication_state_reason: "wrong" });
  await fleet.replicate("error", { filter: "none/none" });
  await fleet.replicate("duplicate", { target: "http://admin:pass@couch.test/target-r" });
  fleet.pass(MINUTE);
  const [first, second] = await twoLooks(fleet, 15 * MINUTE);
  assert.equal(first.verdict, "warning");
  assert.deepEqual(confirmed(first), []);
  const expected = ["crashing crashing", "duplicate duplicate", "error error", "failed failed"];
  assert.deepEqual(confirmed(second), expected);
  assert.equal(second.verdict, "critical");
  for (const { doc_id, message, hint, since } of second.findings) {
    const diagnosis = /** @type {any} */ (await fleet.scheduler.getDoc(doc_id ?? ""));
    assert.ok(message.endsWith(".") && hint.endsWith(".") && Date.parse(since ?? "") > 0, `${doc_id} ${message}`);
    assert.equal(diagnosis.state, doc_id === "duplicate" ? "failed" : doc_id);
  }
  const metrics = await fleet.scheduler.metrics({ audit: second });
  assert.match(metrics, /^couchdb_scheduler_findings\{kind="crashing"\} 1$/m);
});

testOfSimulator("a poisoned document: no look suspects, two confirm", async () => {
  const fleet = await replicating();
  await fleet.replicate("poisoned");
  fleet.simulator.provoke.poison("poisoned");
  fleet.pass(MINUTE);
  const [first, second] = await twoLooks(fleet, 2 * MINUTE);
  assert.deepEqual([first.verdict, first.findings], ["warning", []]);
  assert.deepEqual([second.verdict, confirmed(second)], ["critical", ["poisoned_document couchdb@127.0.0.1"]]);
  assert.deepEqual(
    second.blind_spots.map(({ what, error }) => [what, error.code]),
    [["documents of _replicator", "server_error"]],
  );
});

testOfSimulator("a restart of the server is not a poisoned document", async () => {
  const fleet = await replicating();
  fleet.simulator.restart();
  fleet.pass(8 * SECOND);
  assert.deepEqual((await fleet.audit()).findings, []);
});

testOfSimulator("a node that is gone", async () => {
  const fleet = fleetOn({ nodes: ["n1", "n2"] });
  fleet.source("source");
  for (let n = 0; n < 6; n++) await fleet.replicate(`r${n}`);
  fleet.pass(5 * MINUTE);
  const back = fleet.simulator.provoke.loseNode("n2");
  fleet.pass(5 * MINUTE);
  const [first, second] = await twoLooks(fleet, 2 * MINUTE);
  assert.deepEqual([first.verdict, first.findings.map(nameOf)], ["warning", ["node_missing n2"]]);
  assert.deepEqual([second.verdict, confirmed(second)], ["warning", ["node_missing n2"]]);
  back();
  fleet.pass(MINUTE);
  assert.deepEqual(confirmed(await fleet.audit({ previous: second.snapshot })), []);
});

/** Bodies that a real server sent, by their names. @param {string} file */
function recordedIn(file) {
  const url = new URL(`../recordings/beyond/${file}.json`, import.meta.url);
  /** @type {{ name: string, body: string }[]} */
  const all = JSON.parse(readFileSync(url, "utf8"));
  return new Map(all.map(({ name, body }) => [name, body]));
}

/** A server that responds with these bodies, by path. Its time is that of the newest row. @param {Record<string, string | undefined>} bodies */
function recordedServer(bodies) {
  const node = "solo@127.0.0.1";
  const all = {
    "/_membership": JSON.stringify({ all_nodes: [node], cluster_nodes: [node] }),
    "/_active_tasks": "[]",
    "/_scheduler/docs/_replicator": '{"total_rows":0,"offset":0,"docs":[\r\n\r\n]}\n',
    ...bodies,
  };
  /** @param {string | URL | Request} url */
  const respond = async (url) => {
    const body = /** @type {Record<string, string | undefined>} */ (all)[
      decodeURIComponent(new URL(String(url)).pathname)
    ];
    return new Response(body ?? '{"error":"not_found","reason":"missing"}', { status: body === undefined ? 404 : 200 });
  };
  return new Scheduler(ORIGIN, { fetch: respond, retries: 0 });
}

test("recorded jobs that are healthy give no finding", async () => {
  const hung = recordedIn("33-tasks");
  const pending = recordedIn("38-capacity");
  for (const [jobs, tasks] of [
    [hung.get("started-without-task-jobs"), hung.get("started-without-task-tasks")],
    [pending.get("pending-jobs"), pending.get("pending-tasks")],
  ]) {
    const { findings, checked } = await recordedServer({ "/_scheduler/jobs": jobs, "/_active_tasks": tasks }).audit();
    assert.deepEqual(findings, []);
    assert.ok(checked.jobs > 0 && checked.tasks > 0);
  }
});

test("recorded jobs of which some crash", async () => {
  const hung = recordedIn("33-tasks");
  const [jobs, tasks] = [hung.get("hung-source-jobs"), hung.get("hung-source-tasks")];
  const scheduler = recordedServer({ "/_scheduler/jobs": jobs, "/_active_tasks": tasks });
  const { findings } = await scheduler.audit();
  // f-hang5 attempts again, and has no task.
  assert.deepEqual(findings.map(nameOf).sort(), ["crashing f-hang", "crashing f-hang5"]);
});

test("recorded jobs that a poisoned document restarts", async () => {
  const [first, second] = ["a", "b"].map(
    (look) => recordedIn("34-restart").get(`unknown-replication-state-jobs-${look}`) ?? "",
  );
  // The second look, three minutes later.
  const later = (second ?? "").replace(/"\d{4}-\d\d-\d\dT[\d:]+Z"/g, (time) =>
    JSON.stringify(new Date(Date.parse(JSON.parse(time)) + 3 * MINUTE).toISOString().replace(".000Z", "Z")),
  );
  const { snapshot, findings } = await recordedServer({ "/_scheduler/jobs": first }).audit();
  assert.deepEqual(findings, []);
  const audit = await recordedServer({ "/_scheduler/jobs": later }).audit({ previous: snapshot });
  assert.deepEqual([audit.verdict, confirmed(audit)], ["critical", ["poisoned_document solo@127.0.0.1"]]);
});

test("recorded jobs of a node that restarts healthy ones because others crash", async () => {
  const jobs = recordedIn("38-capacity").get("healthy-jobs-churned-by-crashing-ones");
  const found = async (/** @type {string} */ max_jobs) => {
    const limits = JSON.stringify({ max_jobs, interval: "10000" });
    const scheduler = recordedServer({ "/_scheduler/jobs": jobs, "/_node/solo@127.0.0.1/_config/replicator": limits });
    return (await scheduler.audit()).findings.map(nameOf).filter((name) => name.startsWith("churned"));
  };
  assert.deepEqual(await found("3"), ["churned_by_crashes solo@127.0.0.1"]);
  assert.deepEqual(await found("4"), []);
});

test("a task without a job, in two looks", async () => {
  const hung = recordedIn("33-tasks");
  const none = '{"total_rows":0,"offset":0,"jobs":[\r\n\r\n]}\n';
  const [task] = JSON.parse(hung.get("first-task") ?? "");
  const at = (/** @type {number} */ later) =>
    recordedServer({
      "/_scheduler/jobs": none,
      "/_active_tasks": JSON.stringify([
        { ...task, updated_on: task.updated_on + later },
        { type: "indexer", node: "n" },
      ]),
    });
  const first = await at(0).audit();
  assert.deepEqual([first.verdict, first.findings, first.checked.tasks], ["ok", [], 1]);
  const { findings } = await at(120).audit({ previous: first.snapshot });
  assert.deepEqual(
    findings.map(({ kind, severity, confirmed, database, doc_id, job_id }) => [
      kind,
      severity,
      confirmed,
      database,
      doc_id,
      job_id,
    ]),
    [["orphan_task", "warning", true, "_replicator", task.doc_id, task.replication_id]],
  );
});
