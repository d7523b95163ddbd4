// @ts-check
/** What a changed replication document does to its replication, state by state. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createSimulator } from "../../simulator/index.js";
import { basic, get, here, put, send } from "./requests.js";

/** @typedef {import("./requests.js").Simulator} Simulator */

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** @param {import("../../simulator/index.js").SimulatorOptions} [options] */
function server(options) {
  const simulator = createSimulator(options);
  const source = simulator.fleet.createDatabase("source");
  for (let i = 0; i < 3; i++) source.write(`d${i}`, {});
  return simulator;
}

/** @param {any} [more] */
const replication = (more = {}) => ({
  source: here("source"),
  target: here("target"),
  create_target: true,
  continuous: true,
  ...more,
});

/** @param {Simulator} simulator @param {string} id */
const row = (simulator, id) => get(simulator, `/_scheduler/docs/_replicator/${id}`);

/** @param {Simulator} simulator @param {string} id @returns {Promise<any>} */
async function job(simulator, id) {
  const { jobs } = await get(simulator, "/_scheduler/jobs");
  return jobs.find((/** @type {any} */ one) => one.doc_id === id);
}

/** Writes the document again, changed. @param {Simulator} simulator @param {string} id @param {(body: any) => any} change */
async function edit(simulator, id, change) {
  const { text, status } = await send(simulator, `/_replicator/${id}`, {
    method: "PUT",
    body: change(await get(simulator, `/_replicator/${id}`)),
  });
  assert.equal(status, 201, text);
}

/** @param {any} job */
const events = ({ history }) => history.map((/** @type {any} */ event) => event.type);

const NEUTRAL = { create_target_params: {}, winning_revs_only: false, cancel: false, connection_timeout: 30_001 };

for (const [name, value] of Object.entries(NEUTRAL)) {
  test(`${name}: ${JSON.stringify(value)} restarts and keeps the id, set and taken away`, async () => {
    const simulator = server();
    await put(simulator, "/_replicator/r", replication());
    simulator.clock.advance(MINUTE);
    let before = await job(simulator, "r");
    for (const change of [
      (/** @type {any} */ body) => ({ ...body, [name]: value }),
      ({ [name]: _taken, ...body }) => body,
    ]) {
      await edit(simulator, "r", change);
      assert.equal((await row(simulator, "r")).state, null);
      simulator.clock.advance(2 * SECOND);
      const after = await job(simulator, "r");
      assert.deepEqual(events(after), ["started", "added"]);
      assert.notEqual(after.pid, before.pid);
      assert.equal(after.id, before.id);
      assert.equal(after.info.docs_written, 3, "its counters go on");
      before = after;
      simulator.clock.advance(MINUTE);
    }
  });
}

for (const [what, more] of /** @type {[string, any][]} */ ([
  ["nothing", {}],
  ["an unknown field", { x_touched: "now" }],
  ["user_ctx", { user_ctx: { name: "admin", roles: ["_admin"] } }],
  ["the owner", { owner: "bob" }],
  [
    "an option set to its default",
    { connection_timeout: 30_000, use_bulk_get: true, retries_per_request: 5, checkpoint_interval: 30_000 },
  ],
  ["a slash at the end of an address", { source: `${here("source")}/` }],
])) {
  test(`a change of ${what} does not restart`, async () => {
    const simulator = server();
    await put(simulator, "/_replicator/r", replication());
    await put(simulator, "/_replicator/lost", replication({ source: here("nowhere") }));
    simulator.clock.advance(MINUTE);
    const before = [await job(simulator, "r"), await row(simulator, "r"), await row(simulator, "lost")];
    await edit(simulator, "r", (body) => ({ ...body, ...more }));
    if (!more.source) await edit(simulator, "lost", (body) => ({ ...body, ...more }));
    assert.deepEqual([await job(simulator, "r"), await row(simulator, "r"), await row(simulator, "lost")], before);
    assert.match((await get(simulator, "/_replicator/r"))._rev, /^2-/);
  });
}

test("crashing: its back-off and errors are gone, and it is tried at once", async () => {
  const simulator = server();
  await put(simulator, "/_replicator/r", replication({ source: here("nowhere") }));
  simulator.clock.advance(30 * MINUTE);
  assert((await row(simulator, "r")).error_count > 3);
  await edit(simulator, "r", (body) => ({ ...body, cancel: false }));
  simulator.clock.advance(2 * SECOND);
  const { state, error_count } = await row(simulator, "r");
  assert.deepEqual([state, error_count], ["crashing", 1]);
  await put(simulator, "/nowhere", {});
  await edit(simulator, "r", ({ cancel: _cancel, ...body }) => body);
  simulator.clock.advance(2 * SECOND);
  assert.equal((await row(simulator, "r")).state, "running");
});

test("error: initializing, without errors, and tried at once", async () => {
  const simulator = server();
  await put(simulator, "/_replicator/r", replication({ filter: "dd/none" }));
  simulator.clock.advance(30 * MINUTE);
  assert((await row(simulator, "r")).error_count > 1);
  await edit(simulator, "r", (body) => ({ ...body, cancel: false }));
  simulator.clock.advance(200);
  const { state, error_count } = await row(simulator, "r");
  assert.deepEqual([state, error_count], ["initializing", 0]);
  simulator.clock.advance(2 * SECOND);
  assert.equal((await row(simulator, "r")).error_count, 1);
});

test("pending: it stays pending, and is started at the next interval, before the others", async () => {
  const simulator = server({ maxJobs: 2, maxChurn: 1 });
  for (let i = 0; i < 6; i++) await put(simulator, `/_replicator/r${i}`, replication({ target: here(`t${i}`) }));
  simulator.clock.advance(10 * MINUTE + 10 * SECOND);
  const { docs } = await get(simulator, "/_scheduler/docs");
  const pending = docs.filter((/** @type {any} */ one) => one.state === "pending");
  const times = await Promise.all(pending.map(async (/** @type {any} */ one) => [one.last_updated, one.doc_id]));
  const [, newest] = times.sort().at(-1);
  await edit(simulator, newest, (body) => ({ ...body, cancel: false }));
  simulator.clock.advance(10 * SECOND);
  assert.equal((await row(simulator, newest)).state, "pending");
  assert.deepEqual(events(await job(simulator, newest)), ["added"]);
  simulator.clock.advance(MINUTE);
  assert.equal((await row(simulator, newest)).state, "running");
});

test("running while all slots are taken: it loses its slot until the next interval", async () => {
  const simulator = server({ maxJobs: 2, maxChurn: 1 });
  for (let i = 0; i < 4; i++) await put(simulator, `/_replicator/r${i}`, replication({ target: here(`t${i}`) }));
  simulator.clock.advance(5 * MINUTE + 10 * SECOND);
  const { docs } = await get(simulator, "/_scheduler/docs");
  const { doc_id } = docs.find((/** @type {any} */ one) => one.state === "running");
  await edit(simulator, doc_id, (body) => ({ ...body, cancel: false }));
  simulator.clock.advance(10 * SECOND);
  const { state, info } = await row(simulator, doc_id);
  assert.deepEqual([state, info], ["pending", null]);
});

test("completed and failed: only without their state, then from the checkpoint", async () => {
  const simulator = server();
  await put(simulator, "/_replicator/once", replication({ continuous: undefined }));
  await put(simulator, "/_replicator/first", replication({ target: here("other") }));
  simulator.clock.advance(SECOND);
  await put(simulator, "/_replicator/second", replication({ target: here("other") }));
  simulator.clock.advance(MINUTE);
  for (const [id, state] of [
    ["once", "completed"],
    ["second", "failed"],
  ]) {
    assert.equal((await row(simulator, id)).state, state);
    await edit(simulator, id, (body) => ({ ...body, connection_timeout: 30_001 }));
    simulator.clock.advance(MINUTE);
    assert.equal((await row(simulator, id)).state, state, "the state stayed in the document: nothing happens");
  }
  await put(simulator, "/source/new", {});
  await edit(simulator, "once", ({ _replication_state: _state, ...body }) => body);
  simulator.clock.advance(MINUTE);
  const { state, info } = await row(simulator, "once");
  assert.deepEqual([state, info.docs_written, info.revisions_checked], ["completed", 4, 4]);
  const { history } = await get(
    simulator,
    `/target/_local/${(await get(simulator, "/target/_local_docs")).rows[0].id.slice(7)}`,
  );
  assert.equal(history.length, 2);
  const second = await get(simulator, "/_replicator/second");
  await put(simulator, "/_replicator/second", { ...replication({ target: here("third") }), _rev: second._rev });
  simulator.clock.advance(MINUTE);
  assert.equal((await row(simulator, "second")).state, "running");
});

test("a re-run that finds nothing writes no checkpoint", async () => {
  const simulator = server();
  await put(simulator, "/_replicator/once", replication({ continuous: undefined }));
  simulator.clock.advance(MINUTE);
  const [before] = (await get(simulator, "/target/_local_docs?include_docs=true")).rows;
  await edit(simulator, "once", ({ _replication_state: _state, ...body }) => body);
  simulator.clock.advance(MINUTE);
  assert.equal((await row(simulator, "once")).state, "completed");
  assert.deepEqual((await get(simulator, "/target/_local_docs?include_docs=true")).rows, [before]);
});

test("deleted and created again: the same id and checkpoint", async () => {
  const simulator = server();
  const { rev } = await put(simulator, "/_replicator/r", replication());
  simulator.clock.advance(MINUTE);
  const { id } = await row(simulator, "r");
  await send(simulator, `/_replicator/r?rev=${rev}`, { method: "DELETE" });
  assert.equal((await send(simulator, "/_scheduler/docs/_replicator/r")).status, 404);
  await put(simulator, "/_replicator/r", replication());
  simulator.clock.advance(MINUTE);
  const after = await row(simulator, "r");
  assert.deepEqual([after.id, after.info.source_seq, after.info.docs_written], [id, "0", 3]);
});

test("several at once, one of them with an old revision", async () => {
  const simulator = server();
  for (const id of ["a", "b"]) await put(simulator, `/_replicator/${id}`, replication({ target: here(id) }));
  simulator.clock.advance(MINUTE);
  const [a, b] = await Promise.all(["a", "b"].map((id) => get(simulator, `/_replicator/${id}`)));
  const docs = [
    { ...a, cancel: false },
    { ...b, _rev: "1-abc", cancel: false },
  ];
  const { status, text } = await send(simulator, "/_replicator/_bulk_docs", { method: "POST", body: { docs } });
  assert.equal(status, 201);
  const [done, conflict] = JSON.parse(text);
  assert.match(done.rev, /^2-/);
  assert.deepEqual(conflict, { id: "b", error: "conflict", reason: "Document update conflict." });
  simulator.clock.advance(5 * SECOND);
  assert.deepEqual(events(await job(simulator, "a")), ["started", "added"]);
  assert.notEqual((await row(simulator, "a")).start_time, (await row(simulator, "b")).start_time);
});

test("someone else's replication: read without credentials and a false revision, never written", async () => {
  const simulator = server({ users: { bob: "pw" } });
  await put(simulator, "/_replicator/_security", { members: { names: ["bob"], roles: [] } });
  await put(simulator, "/_replicator/r", replication());
  const headers = { authorization: basic("bob", "pw") };
  const shown = JSON.parse((await send(simulator, "/_replicator/r", { headers })).text);
  assert.equal(shown.source, "http://couch.test/source");
  assert.notEqual(shown._rev, (await get(simulator, "/_replicator/r"))._rev);
  for (const _rev of [shown._rev, (await get(simulator, "/_replicator/r"))._rev]) {
    const { status, text } = await send(simulator, "/_replicator/r", {
      method: "PUT",
      headers,
      body: { ...shown, _rev },
    });
    assert.deepEqual([status, JSON.parse(text).reason], [403, "Can't update replication documents from other users."]);
  }
});

const IDENTITY = /** @type {[string, any, any][]} */ ([
  ["same", { source: "http://u:one@h/s" }, { source: "http://u:two@h/s" }],
  [
    "same",
    { source: "http://u:p@h/s" },
    { source: { url: "http://h/s", auth: { basic: { username: "u", password: "p" } } } },
  ],
  [
    "same",
    { source: "http://u:p@h/s" },
    { source: { url: "http://h/s", headers: { authorization: `Basic ${btoa("u:p")}` } } },
  ],
  ["same", { source: "http://h/s" }, { source: { url: "http://h/s/" } }],
  ["same", { source: "http://h/s" }, { source: "http://h:5984/s" }],
  ["same", { source: "http://h/s" }, { source: "http://h:80/s" }],
  ["same", { source: "https://h/s" }, { source: "https://h:443/s" }],
  ["same", { source: "http://h:81/s" }, { source: "https://h:81/s" }],
  ["same", { source: "http://h/s" }, { source: { url: "http://h/s", auth: { iam: "x" } } }],
  ["same", { source: "http://h/s" }, { source: { url: "http://h/s", headers: { Accept: "application/json" } } }],
  ["same", {}, { worker_processes: 1, use_checkpoints: false, owner: "x", create_target_params: {}, since: 1 }],
  ["same", { doc_ids: ["a", "b"] }, { doc_ids: ["b", "a", "a"] }],
  ["same", {}, { doc_ids: null }],
  ["same", {}, { query_params: { a: 1 } }],
  ["same", {}, { winning_revs_only: false }],
  ["new", { source: "http://u:p@h/s" }, { source: "http://v:p@h/s" }],
  ["new", { source: "http://u:p@h/s" }, { source: "http://h/s" }],
  [
    "new",
    { source: { url: "http://h/s", headers: { a: "1" } } },
    { source: { url: "http://h/s", headers: { a: "2" } } },
  ],
  [
    "new",
    { source: { url: "http://h/s", headers: { a: "1" } } },
    { source: { url: "http://h/s", headers: { A: "1" } } },
  ],
  ["new", { source: "http://h/s" }, { source: "http://h:6984/s" }],
  ["new", { source: "https://h/s" }, { source: "https://h:5984/s" }],
  ["new", { source: "http://h/s" }, { source: "http://H/s" }],
  ["new", { source: "http://localhost/s" }, { source: "http://127.0.0.1/s" }],
  ["new", { source: "http://h/s" }, { source: "http://h/s?x=1" }],
  ["new", { source: "http://h/a-b" }, { source: "http://h/a%2Db" }],
  ["new", { filter: "a/b", query_params: { a: 1, b: 2 } }, { filter: "a/b", query_params: { b: 2, a: 1 } }],
  ["new", { selector: { a: 1, b: 2 } }, { selector: { b: 2, a: 1 } }],
  ["new", {}, { selector: {} }],
  ["new", {}, { doc_ids: ["a"] }],
  ["new", {}, { since_seq: 0 }],
  ["new", {}, { since_seq: null }],
  ["new", {}, { winning_revs_only: true }],
]);

for (const [what, one, other] of IDENTITY) {
  test(`${what} id: ${JSON.stringify(one)} and ${JSON.stringify(other)}`, async () => {
    const { replicationId } = await import("../../simulator/world/replication.js");
    const common = { source: "http://h/s", target: "http://h/t" };
    const ids = [one, other].map((more) => replicationId({ ...common, ...more }));
    assert.equal(ids[0] === ids[1], what === "same", `${ids}`);
  });
}

test("the code of a filter is part of the id, its name is not", async () => {
  const simulator = server();
  const code = "function(doc) { return true; }";
  await put(simulator, "/source/_design/dd", {
    filters: { one: code, two: code, three: code.replace("true", " true") },
  });
  for (const filter of ["one", "two", "three"]) {
    await put(simulator, `/_replicator/${filter}`, replication({ filter: `dd/${filter}` }));
    simulator.clock.advance(2 * SECOND);
  }
  assert.equal((await row(simulator, "two")).state, "failed", "the same work as the first");
  assert.equal((await row(simulator, "three")).state, "running");
});
