// @ts-check
// audit(): what it requests, what it does without, and what it remembers.

import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { Scheduler } from "couchdb-scheduler";
import { here, ORIGIN } from "../simulator/requests.js";
import { listText } from "../support/answers.js";
import { outcomeOf } from "../support/promises.js";
import { simulated, testOfSimulator, testServer } from "../support/server.js";
import { confirmed, fleetOn, MINUTE, nameOf, SECOND } from "./audited-fleet.js";

/** @typedef {ReturnType<typeof fleetOn>} Fleet */

/** The requests of a call. @param {Fleet} fleet @param {() => Promise<unknown>} call */
async function requestsOf({ simulator }, call) {
  const before = simulator.requests.length;
  await call();
  return simulator.requests.slice(before).map(({ path }) => /** @type {string} */ (path.split("?")[0]));
}

testOfSimulator("a look at 1,000 jobs: 4 requests, and a snapshot of less than 100 bytes for each", async () => {
  const fleet = fleetOn({ maxJobs: 2000 });
  fleet.source("source", 3);
  for (let n = 0; n < 1000; n++) await fleet.replicate(`orders-${n}`, { target: `https://far.test/orders${n}` });
  fleet.pass(3 * MINUTE);
  const { findings, checked, snapshot, verdict } = await fleet.audit();
  assert.deepEqual([verdict, findings, checked], ["ok", [], { docs: 1000, jobs: 1000, tasks: 1000, nodes: 1 }]);
  fleet.pass(3 * MINUTE);
  const requests = await requestsOf(fleet, async () => {
    assert.deepEqual((await fleet.audit({ previous: snapshot })).findings, []);
  });
  // A job that starts meanwhile must not look as if it had no task.
  assert.ok(requests.indexOf("/_active_tasks") > requests.indexOf("/_scheduler/jobs"), requests.join());
  assert.deepEqual(requests.sort(), [
    "/_active_tasks",
    "/_membership",
    "/_scheduler/docs/_replicator",
    "/_scheduler/jobs",
  ]);
  const json = JSON.stringify(snapshot);
  assert.ok(json.length <= 100 * 1000, `${json.length}`);
  assert.ok(!/orders|test|replicator/.test(json), json.slice(0, 300));
});

testOfSimulator("a node that hangs is missing once the server has given up waiting for its jobs", async () => {
  const fleet = fleetOn({ nodes: ["n1", "n2"] });
  fleet.simulator.provoke.loseNode("n2");
  const audit = fleet.audit();
  assert.equal((await outcomeOf(audit)).status, "pending");
  fleet.pass(2 * MINUTE);
  assert.deepEqual((await audit).findings.map(nameOf), ["node_missing n2"]);
});

testOfSimulator("suspicions of 1,000 jobs: a snapshot of less than 100 bytes for each", async () => {
  const fleet = fleetOn({ maxJobs: 2000 });
  fleet.source("source", 3);
  for (let n = 0; n < 1000; n++) await fleet.replicate(`r${n}`, { source: here("nowhere") });
  fleet.pass(10 * MINUTE);
  const { findings, snapshot } = await fleet.audit();
  assert.equal(findings.length, 1000);
  assert.ok(JSON.stringify(snapshot).length <= 100 * 1000);
});

testOfSimulator("further requests are about suspicions only", async () => {
  const fleet = fleetOn();
  for (const source of ["source", "other"]) fleet.source(source);
  await fleet.replicate("r");
  await fleet.replicate("fine", { source: here("other") });
  fleet.pass(5 * MINUTE);
  fleet.simulator.provoke.stick("r");
  fleet.write("source");
  fleet.pass(5 * MINUTE);
  const plain = ["/_active_tasks", "/_membership", "/_scheduler/docs/_replicator", "/_scheduler/jobs"];
  assert.deepEqual((await requestsOf(fleet, () => fleet.audit())).sort(), [...plain, "/source/_changes"]);
  const limited = await requestsOf(fleet, () => fleet.audit({ maxBacklog: 9, maxSilence: 1 }));
  assert.deepEqual(limited.sort(), [
    ...plain,
    "/other/_changes",
    "/source/_changes",
    "/target-fine/_local_docs",
    "/target-r/_local_docs",
  ]);
});

testOfSimulator("window waits for a second look, and an abort ends the wait", async () => {
  const fleet = fleetOn();
  fleet.source("source");
  await fleet.replicate("r");
  fleet.pass(5 * MINUTE);
  fleet.simulator.provoke.stick("r");
  fleet.write("source");
  fleet.pass(5 * MINUTE);
  let looks = 0;
  /** The second look comes later by the clock of the server. @type {typeof globalThis.fetch} */
  const later = async (url, init) => {
    if (String(url).includes("/_scheduler/jobs") && ++looks === 2) fleet.pass(2 * MINUTE);
    return fleet.simulator.fetch(url, init);
  };
  const auth = { username: "admin", password: "pass" };
  const scheduler = new Scheduler(ORIGIN, { auth, fetch: later, retries: 0 });
  assert.deepEqual(confirmed(await scheduler.audit({ window: 1 })), ["stalled r"]);
  assert.equal(looks, 2);

  const controller = new AbortController();
  const audit = fleet.audit({ window: 2 ** 40, signal: controller.signal });
  await assert.doesNotReject(Promise.race([audit, fleet.scheduler.listJobs()]));
  controller.abort(new Error("enough"));
  await assert.rejects(audit, /^Error: enough$/);
});

testOfSimulator("an abort wins over the error of a request that has just failed", async () => {
  const fleet = fleetOn();
  const auth = { username: "admin", password: "pass" };
  let aborted = 0;
  for (let turns = 0; turns < 100; turns++) {
    const controller = new AbortController();
    /** @type {typeof globalThis.fetch} */
    const refusing = async (url, init) => {
      if (!String(url).includes("/_membership")) return fleet.simulator.fetch(url, init);
      (async () => {
        for (let turn = 0; turn < turns; turn++) await null;
        controller.abort(new Error("enough"));
      })();
      return Response.json({ error: "forbidden", reason: "no" }, { status: 403 });
    };
    const scheduler = new Scheduler(ORIGIN, { auth, fetch: refusing, retries: 0 });
    const reason = await scheduler.audit({ signal: controller.signal }).then(() => null, String);
    if (reason !== null) aborted++;
    assert.ok(reason === null || reason === "Error: enough", `${turns}: ${reason}`);
  }
  assert.ok(aborted > 0);
});

testOfSimulator("what cannot be read is a blind spot, and not ok", async () => {
  for (const [path, what] of [
    ["/_active_tasks", "tasks"],
    ["/_membership", "membership"],
    ["/_scheduler/docs", "documents of _replicator"],
  ]) {
    const fleet = fleetOn();
    fleet.source("source");
    await fleet.replicate("r");
    fleet.pass(5 * MINUTE);
    fleet.simulator.fail({ path, times: 1, status: 403 });
    const { verdict, findings, blind_spots } = await fleet.audit();
    assert.deepEqual([verdict, findings], ["warning", []]);
    assert.deepEqual(
      blind_spots.map((spot) => [spot.what, spot.error.name, spot.error.code]),
      [[what, "SchedulerError", "forbidden"]],
    );
  }
});

testOfSimulator("reads all documents where CouchDB ends the list of those in some states", async () => {
  const { scheduler, simulator } = simulated({ docs: 600 });
  const { findings: expected } = await scheduler.audit();
  const terminal = expected.filter(({ kind }) => kind === "failed" || kind === "error");
  assert.ok(terminal.length > 10, `${terminal.length} that a list of some states has`);
  const before = simulator.requests.length;
  simulator.fail({ path: (path) => path.includes("states="), cutAfter: 2000, times: Infinity });
  const { findings, blind_spots } = await scheduler.audit();
  const names = (/** @type {typeof findings} */ list) => list.map(({ kind, doc_id }) => `${kind} ${doc_id}`).sort();
  assert.deepEqual(names(findings), names(expected));
  assert.deepEqual(blind_spots, []);
  const [cut] = simulator.requests.slice(before).filter(({ path }) => path.includes("states="));
  assert.ok(cut, "it was asked for");
});

testOfSimulator("limits that are refused are unknown: no job starves by CouchDB's defaults", async () => {
  const fleet = fleetOn();
  fleet.source("source");
  for (const id of ["a", "b"]) await fleet.replicate(id);
  fleet.simulator.provoke.starve(1, { maxChurn: 0 });
  fleet.pass(30 * MINUTE);
  fleet.simulator.fail({ path: "/_node", times: 1, status: 404 });
  const { verdict, findings, blind_spots } = await fleet.audit();
  assert.deepEqual([verdict, findings], ["warning", []]);
  assert.deepEqual([blind_spots.length, blind_spots[0]?.what], [1, "limits of couchdb@127.0.0.1"]);
  assert.deepEqual((await fleet.audit()).findings.length, 1);
});

testOfSimulator("a part of the server that hangs costs one time limit", { timeout: 10_000 }, async () => {
  const fleet = fleetOn({}, { timeout: 50 });
  fleet.source("source");
  await fleet.replicate("r");
  fleet.pass(5 * MINUTE);
  for (const path of ["/_active_tasks", "/_membership"]) fleet.simulator.fail({ path, times: 1, delay: 10 ** 9 });
  const { blind_spots } = await fleet.audit();
  assert.deepEqual(blind_spots.map(({ what, error }) => [what, error.code]).sort(), [
    ["membership", "timeout"],
    ["tasks", "timeout"],
  ]);
});

testOfSimulator("without the jobs there is no audit", async () => {
  const fleet = fleetOn();
  fleet.simulator.fail({ path: "/_scheduler/jobs", times: 1, status: 403 });
  await assert.rejects(fleet.audit(), { code: "forbidden" });
  await assert.rejects(fleet.audit({ database: "no/_replicator" }), { code: "not_found" });
});

testOfSimulator("a source elsewhere is requested as endpoints says, a server that does not respond once", async () => {
  const fleet = fleetOn();
  fleet.source("source");
  const ids = Array.from({ length: 20 }, (_, n) => `r${n}`);
  for (const id of ids) await fleet.replicate(id);
  fleet.pass(5 * MINUTE);
  for (const id of ids) fleet.simulator.provoke.stick(id);
  fleet.write("source");
  fleet.pass(5 * MINUTE);
  /** @type {string[]} */
  const sent = [];
  /** The same server at another address, and its databases at one that does not respond. @type {typeof globalThis.fetch} */
  const elsewhere = async (url, init) => {
    const { host, pathname, search } = new URL(String(url));
    if (host === "admin.test") return fleet.simulator.fetch(ORIGIN + pathname + search, init);
    sent.push(pathname);
    throw new TypeError("fetch failed");
  };
  const auth = { username: "admin", password: "pass" };
  const scheduler = new Scheduler("http://admin.test", { auth, fetch: elsewhere, retries: 0 });
  const { blind_spots, findings } = await scheduler.audit();
  assert.deepEqual([sent, blind_spots], [[], []]);
  // Their rows knew of no change when they got stuck.
  assert.deepEqual(findings, []);
  const audit = await scheduler.audit({ endpoints: "stored" });
  assert.equal(audit.verdict, "warning");
  assert.deepEqual(
    audit.blind_spots.map(({ what, error }) => `${what} ${error.code}`).sort(),
    ids.map((id) => `backlog of ${id} network`).sort(),
  );
  // Those that were under way together.
  assert.ok(sent.length > 0 && sent.length <= 8, `${sent.length}`);
  await assert.rejects(scheduler.audit({ endpoints: () => /** @type {any} */ ("http://couch.test") }), TypeError);
});

testOfSimulator("one database, or all", async () => {
  const fleet = fleetOn();
  fleet.simulator.fleet.createDatabase("team/_replicator");
  fleet.source("source");
  await fleet.replicate("here", { source: here("nowhere") });
  await fleet.replicate("there", { source: here("nowhere") }, "team/_replicator");
  await fleet.replicate("broken", { filter: "no/no" }, "team/_replicator");
  fleet.pass(15 * MINUTE);
  const names = async (/** @type {string | undefined} */ database) =>
    (await fleet.audit({ database })).findings.map((finding) => `${finding.database} ${nameOf(finding)}`).sort();
  assert.deepEqual(await names(undefined), ["_replicator crashing here"]);
  assert.deepEqual(await names("team/_replicator"), [
    "team/_replicator crashing there",
    "team/_replicator error broken",
  ]);
  assert.deepEqual((await names("all")).length, 3);
  // Without the names, the jobs of all databases are still audited.
  fleet.simulator.fail({ path: "/_all_dbs", times: 1, status: 403 });
  const { findings, blind_spots } = await fleet.audit({ database: "all" });
  assert.deepEqual(findings.map(nameOf).sort(), ["crashing here", "crashing there"]);
  assert.deepEqual(
    blind_spots.map(({ what, error }) => [what, error.code]),
    [["databases", "forbidden"]],
  );
  // A database that is deleted meanwhile is left out.
  fleet.simulator.fail({ path: "/_scheduler/docs/team", times: 1, status: 404 });
  assert.deepEqual((await names("all")).length, 2);
});

/** A server whose responses have this header `Date`, or none. @param {Fleet} fleet @param {string | null} date @returns {typeof globalThis.fetch} */
const dated = (fleet, date) => async (url, init) => {
  const { status, headers, body } = await fleet.simulator.fetch(url, init);
  const others = new Headers(headers);
  if (date === null) others.delete("date");
  else others.set("date", date);
  return new Response(body, { status, headers: others });
};

testOfSimulator("where the header Date cannot be read, the newest row is the time", async () => {
  const fleet = fleetOn();
  for (const source of ["source", "other"]) fleet.source(source);
  await fleet.replicate("r");
  await fleet.replicate("fine", { source: here("other") });
  fleet.pass(5 * MINUTE);
  fleet.simulator.provoke.stick("r");
  fleet.write("source");
  fleet.pass(5 * MINUTE);
  const auth = { username: "admin", password: "pass" };
  const scheduler = new Scheduler(ORIGIN, { auth, fetch: dated(fleet, null), retries: 0 });
  const first = await scheduler.audit();
  const now = fleet.simulator.clock.now();
  assert.ok(first.snapshot.at <= now && now - first.snapshot.at < 32 * SECOND, `${now - first.snapshot.at}`);
  for (const date of ["garbage", "Wed, 25 Nov 2026 99:00:00 GMT", "Thu, 01 Jan 1960 00:00:00 GMT"]) {
    const scheduler = new Scheduler(ORIGIN, { auth, fetch: dated(fleet, date), retries: 0 });
    assert.equal((await scheduler.audit()).snapshot.at, first.snapshot.at, date);
  }
  fleet.pass(3 * MINUTE);
  assert.deepEqual(confirmed(await scheduler.audit({ previous: first.snapshot })), ["stalled r"]);
});

testOfSimulator("without the header Date and without rows, the clock of this machine is the time", async () => {
  const fleet = fleetOn({ nodes: ["n1", "n2"] });
  fleet.simulator.provoke.loseNode("n2");
  fleet.pass(5 * MINUTE);
  const auth = { username: "admin", password: "pass" };
  const scheduler = new Scheduler(ORIGIN, { auth, fetch: dated(fleet, null), retries: 0 });
  const before = Date.now();
  const { findings, snapshot } = await scheduler.audit();
  assert.deepEqual(findings.map(nameOf), ["node_missing n2"]);
  for (const time of [snapshot.at, Date.parse(findings[0]?.since ?? "")]) {
    assert.ok(time >= before && time <= Date.now(), `${time}`);
  }
  fleet.source("source");
  await fleet.replicate("r");
  fleet.pass(MINUTE);
  // The clock of the server is behind this one.
  assert.deepEqual(confirmed(await scheduler.audit({ previous: snapshot })), []);
});

testOfSimulator("long histories and long snapshots are read", async () => {
  const fleet = fleetOn();
  fleet.source("source");
  await fleet.replicate("r");
  fleet.pass(5 * MINUTE);
  const { snapshot } = await fleet.audit();
  const rows = snapshot.rows.map((row) => [...row.slice(0, 6), ...Array(400_000).fill(1)]);
  assert.deepEqual((await fleet.audit({ previous: { ...snapshot, rows } })).findings, []);
  const events = JSON.stringify(Array(150_000).fill({ type: "started", timestamp: "2026-01-01T00:00:00Z" }));
  /** @type {typeof globalThis.fetch} */
  const long = async (url, init) => {
    const response = await fleet.simulator.fetch(url, init);
    if (!String(url).includes("/_scheduler/jobs")) return response;
    return new Response(
      (await response.text()).replace(/"history":\[.*?\]/, () => `"history":${events}`),
      response,
    );
  };
  const auth = { username: "admin", password: "pass" };
  const { findings, checked } = await new Scheduler(ORIGIN, { auth, fetch: long, retries: 0 }).audit();
  assert.deepEqual([findings, checked.jobs], [[], 1]);
});

testOfSimulator("previous must be a snapshot; that of another version is not used", async () => {
  const fleet = fleetOn();
  fleet.source("source");
  await fleet.replicate("r", { source: here("nowhere") });
  fleet.pass(15 * MINUTE);
  const { snapshot } = await fleet.audit();
  fleet.pass(5 * MINUTE);
  assert.deepEqual(confirmed(await fleet.audit({ previous: JSON.parse(JSON.stringify(snapshot)) })), ["crashing r"]);
  const other = { ...snapshot, version: 2, rows: /** @type {any} */ ("unknown") };
  assert.deepEqual(confirmed(await fleet.audit({ previous: other })), []);
  const before = fleet.simulator.requests.length;
  for (const garbage of [
    null,
    [],
    {},
    "",
    JSON.stringify(snapshot),
    { ...snapshot, version: "1" },
    { ...snapshot, at: null },
    { ...snapshot, at: -1 },
    { ...snapshot, at: Number.MAX_SAFE_INTEGER },
    { ...snapshot, nodes: {} },
    { ...snapshot, nodes: [[1, 0, 0, 0, 0, 0]] },
    { ...snapshot, rows: [["a", 0, 0, 0, 0, 0]] },
    { ...snapshot, rows: [[1, 0, 0, 0, 0]] },
    { ...snapshot, rows: [[1, 0, 0, 0, 0, 0, 0]] },
    { ...snapshot, rows: [[1, 0, 0, 0, 0, 0, 99, 0]] },
    { ...snapshot, rows: [[1, 0, 0, 0, 0, 0, 2, Number.MAX_SAFE_INTEGER]] },
    { ...snapshot, rows: [[1, 0, 0, 0, 0, 0.5]] },
    { ...snapshot, rows: [[1, 0, 0, 0, 0, Number.NaN]] },
  ]) {
    await assert.rejects(fleet.audit({ previous: /** @type {any} */ (garbage) }), (error) => {
      const expected =
        /^audit: previous must be the snapshot of an earlier audit: audit\.snapshot, or the parsed JSON of it/;
      return error instanceof TypeError && expected.test(error.message);
    });
  }
  assert.equal(fleet.simulator.requests.length, before);
});

test("odd rows, and a snapshot of them", async () => {
  const jobs = [
    { id: "a" },
    { id: "b", history: null, info: null, pid: 5, node: null, source: null },
    { id: "c", history: [{}], info: { through_seq: [1], doc_write_failures: "x", changes_pending: -1 } },
    { id: "d", history: [{ type: "crashed", timestamp: "no" }], database: 7, doc_id: {} },
    { id: "e", info: { revisions_checked: 1e300, docs_written: 2 ** 53 - 1, checkpointed_source_seq: "1e99" } },
    { id: "f", pid: "<0.1.0>", history: [{ type: "started", timestamp: "2026-11-25T12:00:00Z" }], info: {} },
    { id: "g", info: { revisions_checked: 2 ** 53 - 1, docs_written: 2 ** 53 - 1 } },
  ];
  const docs = [
    { database: "_replicator", doc_id: "x", state: "failed" },
    { database: "_replicator", doc_id: "y", state: "completed", info: "text" },
    { doc_id: "z", state: "error", info: { error: 5 }, last_updated: 5 },
  ];
  const tasks = [{ type: "replication", replication_id: "q", updated_on: -1 }, { type: "other" }];
  /** @param {string | URL | Request} url */
  const respond = async (url) => {
    const { pathname } = new URL(String(url));
    if (pathname === "/_scheduler/jobs") return new Response(listText(jobs, "jobs"));
    if (pathname === "/_active_tasks") return new Response(JSON.stringify(tasks));
    if (pathname === "/_membership") return new Response('{"all_nodes":[],"cluster_nodes":[]}');
    return new Response(listText(docs));
  };
  const scheduler = new Scheduler(ORIGIN, { fetch: respond, retries: 0 });
  const { findings, snapshot } = await scheduler.audit({ maxBacklog: 1 });
  assert.deepEqual(findings.map(nameOf), ["failed x", "error z"]);
  const second = await scheduler.audit({ previous: JSON.parse(JSON.stringify(snapshot)) });
  assert.deepEqual(second.findings.map(nameOf), ["failed x", "error z"]);
});

testOfSimulator("no secret of a replication is shown", async () => {
  const secret = "s3cret-of-the-end";
  const fleet = fleetOn();
  for (const source of ["source", "other"]) fleet.source(source);
  const at = (/** @type {string} */ name) => `http://admin:${secret}@far.test/${name}?token=${secret}`;
  await fleet.replicate("crashing", { source: `http://admin:${secret}@couch.test/source` });
  await fleet.replicate("failed", {
    source: at("a"),
    _replication_state: "failed",
    _replication_state_reason: `failed at ${at("a")}`,
  });
  await fleet.replicate("error", { source: at("b"), filter: "no/no" });
  await fleet.replicate("stuck", {
    source: { url: "http://far.test/c", auth: { basic: { username: "u", password: secret } } },
  });
  fleet.pass(5 * MINUTE);
  fleet.simulator.provoke.stick("stuck");
  fleet.pass(10 * MINUTE);
  const first = await fleet.audit({ endpoints: "stored", maxBacklog: 0 });
  fleet.pass(5 * MINUTE);
  const second = await fleet.audit({ endpoints: "stored", maxBacklog: 0, previous: first.snapshot });
  assert.ok(second.findings.length >= 3 && second.blind_spots.length > 0);
  for (const audit of [first, second]) {
    const shown = JSON.stringify(audit) + inspect(audit, { depth: 9 });
    assert.ok(!shown.includes(secret), shown.slice(shown.indexOf(secret) - 200, shown.indexOf(secret) + 50));
  }
});

test("the audit of a real fleet: what is healthy, refused and broken", async (t) => {
  const server = await testServer(t, { clock: { speed: 20 } });
  const database = await server.createDatabase();
  const name = database.replace("/_replicator", "");
  const { username, password } = server.auth;
  const end = (/** @type {string} */ db) =>
    `${server.url.replace("://", `://${username}:${password}@`)}/${encodeURIComponent(db)}`;
  for (const db of [`${name}_s`, `${name}_t`]) {
    await server.request("PUT", `/${encodeURIComponent(db)}`);
    t.after(() => server.request("DELETE", `/${encodeURIComponent(db)}`));
  }
  await server.request("PUT", `/${name}_s/a`, {});
  await server.write(database, [
    { _id: "fine", source: end(`${name}_s`), target: end(`${name}_t`), continuous: true },
    { _id: "broken", source: end(`${name}_missing`), target: end(`${name}_t`), continuous: true },
  ]);
  const scheduler = server.scheduler();
  await scheduler.waitFor("fine", { database, until: ["running"] });
  await scheduler.waitFor("broken", { database, until: ["crashing"] });
  const { findings, checked, blind_spots } = await scheduler.audit({ database });
  assert.deepEqual(findings.filter(({ doc_id }) => doc_id !== null).map(nameOf), ["crashing broken"]);
  assert.deepEqual(blind_spots, []);
  assert.ok(checked.docs >= 2 && checked.jobs >= 2, inspect(checked));
});

test("the rows of Cloudant have another name of the database", async () => {
  const job = (/** @type {string} */ doc_id) => ({
    database: "account/_replicator",
    doc_id,
    id: `${doc_id}+continuous`,
    node: "n",
    pid: null,
    history: [{ type: "crashed", timestamp: "2026-11-25T12:00:00Z", reason: "{error,nxdomain}" }],
    info: null,
    source: "http://a.test/a/",
    target: "http://b.test/b/",
  });
  const row = { database: "account/_replicator", doc_id: "r", id: "r+continuous", state: "crashing", info: null };
  /** @param {string | URL | Request} url */
  const respond = async (url) => {
    const { pathname, search } = new URL(String(url));
    if (pathname === "/_scheduler/jobs") return new Response(listText([job("r")], "jobs"));
    if (pathname === "/_active_tasks") return new Response("[]");
    if (pathname === "/_membership") return new Response('{"all_nodes":["n"],"cluster_nodes":["n"]}');
    return new Response(listText(search.includes("crashing") && pathname.endsWith("s/_replicator") ? [row] : []));
  };
  const scheduler = new Scheduler("http://couch.test", { fetch: respond, retries: 0 });
  assert.deepEqual((await scheduler.audit()).findings.map(nameOf), ["crashing r"]);
  // A database of CouchDB that has no jobs.
  assert.deepEqual((await scheduler.audit({ database: "team/_replicator" })).findings, []);
});
