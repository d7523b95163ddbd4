// @ts-check
/** Replications between two databases of the simulator: what arrives, and the checkpoints that they leave. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { createSimulator } from "../../simulator/index.js";
import { basic, get, here, put, send } from "./requests.js";

/** @typedef {import("./requests.js").Simulator} Simulator */

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** @param {number} docs @param {import("../../simulator/index.js").SimulatorOptions} [options] */
function server(docs, options) {
  const simulator = createSimulator(options);
  const source = simulator.fleet.createDatabase("source");
  for (let i = 0; i < docs; i++) source.write(`d${i}`, { n: i });
  simulator.fleet.createDatabase("target");
  return simulator;
}

/** @param {Simulator} simulator @param {string} id @param {any} [more] */
function replicate(simulator, id, more = {}) {
  return put(simulator, `/_replicator/${id}`, {
    source: here("source"),
    target: here("target"),
    continuous: true,
    ...more,
  });
}

/** @param {Simulator} simulator @param {string} path @param {unknown} body */
async function post(simulator, path, body) {
  const { text } = await send(simulator, path, { method: "POST", body });
  return JSON.parse(text);
}

/** @param {Simulator} simulator @param {string} id */
const row = (simulator, id) => get(simulator, `/_scheduler/docs/_replicator/${id}`);

/** @param {Simulator} simulator @param {string} database @param {string} jobId @returns {Promise<any>} */
const checkpoint = (simulator, database, jobId) => get(simulator, `/${database}/_local/${jobId.split("+")[0]}`);

/** What the target lacks. @param {Simulator} simulator @param {string} [target] @returns {Promise<Record<string, any>>} */
async function missing(simulator, target = "target") {
  const { results } = await get(simulator, "/source/_changes?style=all_docs");
  const leaves = results.map((/** @type {any} */ change) => [
    change.id,
    change.changes.map((/** @type {any} */ one) => one.rev),
  ]);
  return post(simulator, `/${target}/_revs_diff`, Object.fromEntries(leaves));
}

/** Keys in their order. @param {any} value @returns {any} */
function keysOf(value) {
  if (Array.isArray(value)) return value.map(keysOf);
  if (value === null || typeof value !== "object") return 0;
  return Object.entries(value).map(([key, member]) => [key, keysOf(member)]);
}

/** @param {string} name @returns {any} a recorded checkpoint */
function recorded(name) {
  const file = new URL("../recordings/beyond/30-checkpoints.json", import.meta.url);
  return JSON.parse(JSON.parse(readFileSync(file, "utf8")).find((/** @type {any} */ one) => one.name === name).body);
}

test("documents, edits, deletions, conflicts and design documents arrive, each with its revisions", async () => {
  const simulator = server(20);
  const { rev } = await put(simulator, "/source/edited", { n: 1 });
  await put(simulator, "/source/edited", { _rev: rev, n: 2 });
  const gone = await put(simulator, "/source/gone", {});
  await send(simulator, `/source/gone?rev=${gone.rev}`, { method: "DELETE" });
  await put(simulator, "/source/_design/views", { views: {} });
  const branches = ["2-aaa", "2-bbb"].map((_rev) => ({
    _id: "both",
    _rev,
    _revisions: { start: 2, ids: [_rev.slice(2), "one"] },
    at: _rev,
  }));
  assert.deepEqual(await post(simulator, "/source/_bulk_docs", { new_edits: false, docs: branches }), []);
  await replicate(simulator, "r");
  assert.equal(Object.keys(await missing(simulator)).length, 24, "nothing arrives before the job has started");
  simulator.clock.advance(5 * SECOND);
  assert.deepEqual(await missing(simulator), {});
  const { info } = await row(simulator, "r");
  assert.deepEqual([info.docs_read, info.docs_written, info.revisions_checked], [25, 25, 25]);
  assert.deepEqual((await get(simulator, "/target/both?conflicts=true"))._conflicts, ["2-aaa"]);
  assert.deepEqual(await post(simulator, "/target/_revs_diff", { edited: [rev], both: ["1-one", "3-x"] }), {
    both: { missing: ["3-x"], possible_ancestors: ["2-bbb", "2-aaa"] },
  });
  assert.equal((await send(simulator, "/target/gone")).status, 404);
  const tombstone = await get(simulator, `/target/_changes?filter=_doc_ids&doc_ids=["gone"]`);
  assert.equal(tombstone.results[0].deleted, true);
});

test("a checkpoint has the members that CouchDB writes, at both ends the same", async () => {
  const simulator = server(20);
  await replicate(simulator, "once", { continuous: undefined });
  simulator.clock.advance(300);
  const { id } = await row(simulator, "once");
  assert.equal((await checkpoint(simulator, "source", id)).error, "not_found", "none before the first");
  simulator.clock.advance(5 * SECOND);
  const [source, target] = await Promise.all(["source", "target"].map((name) => checkpoint(simulator, name, id)));
  assert.deepEqual(keysOf(source), keysOf(recorded("one-shot-completed-source")));
  assert.deepEqual(source, target);
  assert.equal(source.history[0].start_last_seq, 0);
  assert.equal(source.source_last_seq, (await row(simulator, "once")).info.checkpointed_source_seq);
  assert.match(source.history[0].start_time, /^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/);

  await replicate(simulator, "few", { continuous: undefined, doc_ids: ["d1", "d2"] });
  simulator.clock.advance(300);
  const few = (await row(simulator, "few")).id;
  simulator.clock.advance(10 * SECOND);
  const [withTotals] = recorded("doc-ids-checkpoint").rows;
  assert.deepEqual(keysOf(await checkpoint(simulator, "target", few)), keysOf(withTotals.doc));
});

test("a checkpoint is written every 30 s, only if the sequence moved, and at the stop", async () => {
  const simulator = server(3);
  const { rev } = await replicate(simulator, "r");
  simulator.clock.advance(20 * SECOND);
  const { id, info } = await row(simulator, "r");
  assert.deepEqual([info.checkpointed_source_seq, info.changes_pending], ["0", null]);
  assert.equal((await checkpoint(simulator, "target", id)).error, "not_found");
  simulator.clock.advance(15 * SECOND);
  const first = await checkpoint(simulator, "target", id);
  assert.equal(first._rev, "0-1");
  assert.equal((await row(simulator, "r")).info.changes_pending, 0);
  simulator.clock.advance(60 * MINUTE);
  assert.deepEqual(await checkpoint(simulator, "target", id), first, "idle: no heartbeat");
  await put(simulator, "/source/new", {});
  simulator.clock.advance(2 * SECOND);
  assert.deepEqual(await checkpoint(simulator, "target", id), first);
  await send(simulator, `/_replicator/r?rev=${rev}`, { method: "DELETE" });
  const last = await checkpoint(simulator, "target", id);
  assert.equal(last._rev, "0-2");
  assert.equal(last.history.length, 1, "the same session");
  assert.equal(last.history[0].docs_written, 4);
});

test("a restart resumes, counters carry over, and an idle one shows no pending and source_seq 0", async () => {
  const simulator = server(3);
  const { rev } = await replicate(simulator, "r");
  simulator.clock.advance(MINUTE);
  const before = await row(simulator, "r");
  await replicate(simulator, "r", { _rev: rev, create_target_params: {} });
  simulator.clock.advance(5 * MINUTE);
  const { id, info } = await row(simulator, "r");
  assert.equal(id, before.id);
  assert.deepEqual(info, {
    ...before.info,
    changes_pending: null,
    source_seq: "0",
    checkpointed_source_seq: before.info.through_seq,
  });
  assert.equal(
    (await checkpoint(simulator, "source", id)).history.length,
    1,
    "a session without changes leaves nothing",
  );
  await put(simulator, "/source/new", {});
  simulator.clock.advance(MINUTE);
  const { history } = await checkpoint(simulator, "source", id);
  assert.deepEqual(
    history.map((/** @type {any} */ one) => [one.docs_written, Number.parseInt(one.start_last_seq, 10)]),
    [
      [4, 3],
      [3, 0],
    ],
  );
  assert.equal((await row(simulator, "r")).info.docs_written, 4);
});

test("without a common session it begins at the beginning, reading nothing that is there", async () => {
  const simulator = server(3);
  const { rev } = await replicate(simulator, "r");
  simulator.clock.advance(MINUTE);
  const { id } = await row(simulator, "r");
  assert.equal(
    (await send(simulator, `/target/_local/${id.split("+")[0]}?rev=0-1`, { method: "DELETE" })).text,
    `{"ok":true,"id":"_local/${id.split("+")[0]}","rev":"0-0"}\n`,
  );
  await replicate(simulator, "r", { _rev: rev, connection_timeout: 30_001 });
  simulator.clock.advance(MINUTE);
  const { info } = await row(simulator, "r");
  assert.deepEqual([info.revisions_checked, info.docs_read, info.doc_write_failures], [3, 0, 0]);
  const [entry, ...rest] = (await checkpoint(simulator, "source", id)).history;
  assert.deepEqual([entry.start_last_seq, rest.length], [0, 0]);
  assert.equal((await checkpoint(simulator, "target", id))._rev, "0-1");
});

test("the newest session that both ends have is where it resumes", async () => {
  const simulator = server(3);
  const { rev } = await replicate(simulator, "r");
  simulator.clock.advance(MINUTE);
  const { id } = await row(simulator, "r");
  const target = simulator.fleet.databases.get("target");
  const old = target?.locals.get(`_local/${id.split("+")[0]}`);
  const again = await replicate(simulator, "r", { _rev: rev, cancel: false });
  await put(simulator, "/source/new", {});
  simulator.clock.advance(MINUTE);
  assert.equal((await checkpoint(simulator, "target", id)).history.length, 2);
  if (old) target?.locals.set(`_local/${id.split("+")[0]}`, old);
  await replicate(simulator, "r", { _rev: again.rev });
  simulator.clock.advance(20 * SECOND);
  const { info } = await row(simulator, "r");
  assert.equal(Number.parseInt(info.checkpointed_source_seq, 10), 3, "from the session before");
  assert.equal(Number.parseInt(info.through_seq, 10), 4);
});

test("without checkpoints there is no document at either end", async () => {
  const simulator = server(3);
  await replicate(simulator, "r", { use_checkpoints: false });
  simulator.clock.advance(10 * MINUTE);
  const { id, info } = await row(simulator, "r");
  assert.equal(info.checkpointed_source_seq, "0");
  for (const name of ["source", "target"]) assert.equal((await checkpoint(simulator, name, id)).error, "not_found");
});

test("filters: the sequence moves on without matching documents, and tombstones do not match a selector", async () => {
  const simulator = server(20);
  await put(simulator, "/source/_design/dd", {
    filters: { small: "function(doc, req) { return doc.n < Number(req.query.max); }" },
  });
  await put(simulator, "/source/a%20b", {});
  for (const [id, more] of Object.entries({
    selector: { selector: { n: { $gte: 15 } } },
    function: { filter: "dd/small", query_params: { max: "4" } },
    // CouchDB decodes these ids.
    ids: { doc_ids: ["d7", "d%38", "a+b", "absent"] },
  })) {
    await replicate(simulator, id, { target: here(id), create_target: true, ...more });
  }
  simulator.clock.advance(MINUTE);
  const ids = async (/** @type {string} */ name) =>
    (await get(simulator, `/${name}/_all_docs`)).rows.map((/** @type {any} */ one) => one.id).sort();
  assert.deepEqual(await ids("selector"), ["d15", "d16", "d17", "d18", "d19"]);
  assert.deepEqual(await ids("function"), ["d0", "d1", "d2", "d3"]);
  assert.deepEqual(await ids("ids"), ["a b", "d7", "d8"]);
  const before = (await row(simulator, "selector")).info;
  const { _rev } = await get(simulator, "/source/d19");
  await send(simulator, `/source/d19?rev=${_rev}`, { method: "DELETE" });
  for (let i = 0; i < 100; i++) await put(simulator, `/source/foreign${i}`, {});
  simulator.clock.advance(40 * SECOND);
  const { info } = await row(simulator, "selector");
  assert.equal(info.docs_read, before.docs_read);
  assert.equal(Number.parseInt(info.checkpointed_source_seq, 10), 123);
  assert.deepEqual(await ids("selector"), ["d15", "d16", "d17", "d18", "d19"], "the target keeps it");
});

test("refused documents are passed and counted, and a restart does not bring them", async () => {
  const users = { carol: "pw" };
  const simulator = server(4, { users });
  const validate =
    'function(doc) { if (doc.type === "bad") throw({forbidden: "type bad is refused"}); if (doc.type === "late") throw({unauthorized: "log in first"}); }';
  const { rev: designRev } = await put(simulator, "/target/_design/rules", { validate_doc_update: validate });
  await put(simulator, "/target/_security", {
    members: { names: ["carol"], roles: [] },
    admins: { names: [], roles: ["_admin"] },
  });
  await put(simulator, "/_node/_local/_config/couchdb/max_document_size", '"400"');
  for (const [id, doc] of Object.entries({ bad: { type: "bad" }, late: { type: "late" }, "_design/dd": {} }))
    await put(simulator, `/source/${id}`, doc);
  simulator.fleet.databases.get("source")?.write("big", { text: "y".repeat(500) });
  const { rev } = await replicate(simulator, "r", { target: "http://carol:pw@couch.test/target" });
  simulator.clock.advance(MINUTE);
  const { state, error_count, info } = await row(simulator, "r");
  assert.deepEqual([state, error_count, info.doc_write_failures, info.docs_written], ["running", 0, 4, 4]);
  const absent = await missing(simulator);
  assert.deepEqual(Object.keys(absent).sort(), ["_design/dd", "bad", "big", "late"]);

  const asCarol = { authorization: basic("carol", "pw") };
  const docs = await Promise.all(
    ["bad", "late", "_design/dd"].map((id) =>
      get(simulator, `/source/${id}?revs=true&attachments=true&rev=${absent[id].missing[0]}`),
    ),
  );
  const posted = await send(simulator, "/target/_bulk_docs", {
    method: "POST",
    headers: asCarol,
    body: { new_edits: false, docs },
  });
  assert.equal(posted.status, 201);
  assert.deepEqual(
    JSON.parse(posted.text).map((/** @type {any} */ one) => [one.id, one.error, one.reason]),
    [
      ["bad", "forbidden", "type bad is refused"],
      ["late", "unauthorized", "log in first"],
      ["_design/dd", "forbidden", "You are not a db or server admin."],
    ],
  );
  const big = await send(simulator, "/target/_bulk_docs", {
    method: "POST",
    body: { new_edits: false, docs: [await get(simulator, "/source/big"), docs[0]] },
  });
  assert.deepEqual([big.status, JSON.parse(big.text)], [413, { error: "document_too_large", reason: "big" }]);

  await send(simulator, `/target/_design/rules?rev=${designRev}`, { method: "DELETE" });
  await replicate(simulator, "r", { target: "http://carol:pw@couch.test/target", _rev: rev, cancel: false });
  simulator.clock.advance(MINUTE);
  assert.equal(Object.keys(await missing(simulator)).length, 4, "they lie before the checkpoint");
  assert.deepEqual(await post(simulator, "/target/_bulk_docs", { new_edits: false, docs }), [], "written now");
  assert.deepEqual(Object.keys(await missing(simulator)), ["big"]);
});

test("attachments arrive, and are read as stubs, as data, or in several parts", async () => {
  const simulator = server(0);
  await put(simulator, "/source/with", { _attachments: { "a.txt": { content_type: "text/plain", data: btoa("hi") } } });
  await replicate(simulator, "r");
  simulator.clock.advance(5 * SECOND);
  const read = (/** @type {string} */ query, headers = {}) => send(simulator, `/target/with${query}`, { headers });
  const { "a.txt": stub } = JSON.parse((await read("")).text)._attachments;
  assert.deepEqual(
    [stub.stub, stub.length, stub.revpos, stub.content_type, stub.data],
    [true, 2, 1, "text/plain", undefined],
  );
  const { "a.txt": whole } = JSON.parse(
    (await read("?attachments=true", { accept: "application/json" })).text,
  )._attachments;
  assert.deepEqual([whole.data, whole.length], [btoa("hi"), undefined]);
  const parts = await read("?attachments=true");
  assert.match(parts.headers.get("content-type") ?? "", /^multipart\/related; boundary=/);
  assert.match(parts.text, /"follows":true/);
  const lost = { _id: "x", _rev: "1-abc", _attachments: { x: { stub: true } } };
  const refused = await send(simulator, "/target/_bulk_docs", {
    method: "POST",
    body: { new_edits: false, docs: [lost] },
  });
  assert.deepEqual([refused.status, JSON.parse(refused.text).error], [412, "missing_stub"]);
});

test("a slow source: what is in flight is in the changes since the checkpoint", async () => {
  const simulator = server(100);
  simulator.provoke.slowDown("source", 1);
  await replicate(simulator, "r", { checkpoint_interval: 5_000 });
  simulator.clock.advance(36_400);
  const { id, info } = await row(simulator, "r");
  assert.equal(info.docs_written, 35);
  const { source_last_seq } = await checkpoint(simulator, "source", id);
  assert.equal(Number.parseInt(source_last_seq, 10), 33);
  const { pending } = await get(simulator, `/source/_changes?since=${source_last_seq}&limit=0`);
  assert.equal(pending, 67);
  const { results } = await get(simulator, `/source/_changes?since=${source_last_seq}`);
  const later = new Set(results.map((/** @type {any} */ change) => change.id));
  for (const lacking of Object.keys(await missing(simulator))) assert(later.has(lacking));
  simulator.clock.advance(2 * MINUTE);
  assert.deepEqual(await missing(simulator), {});
});

test("steps or one leap: the same documents, counters and checkpoints, over a chain of replications", async () => {
  const run = async (/** @type {number} */ steps) => {
    const simulator = server(2_500);
    await put(simulator, "/last", {});
    await put(simulator, "/_replicator/second", { source: here("target"), target: here("last"), continuous: true });
    await replicate(simulator, "first");
    for (let i = 0; i < steps; i++) {
      simulator.clock.advance((2 * MINUTE) / steps);
      simulator.fleet.countStates();
    }
    assert.equal((await get(simulator, "/last")).doc_count, 2_500);
    const { id, info } = await row(simulator, "first");
    return [info, (await row(simulator, "second")).info, await checkpoint(simulator, "source", id)];
  };
  assert.deepEqual(await run(240), await run(1));
});

test("purged at the target: reported as missing, and no replication brings it", async () => {
  const simulator = server(3);
  await replicate(simulator, "r");
  simulator.clock.advance(MINUTE);
  simulator.provoke.purge("target", ["d1"]);
  simulator.clock.advance(MINUTE);
  assert.deepEqual(Object.keys(await missing(simulator)), ["d1"]);
  const { rev } = await put(simulator, "/source/gone", {});
  const purged = await send(simulator, "/source/_purge", { method: "POST", body: { gone: [rev] } });
  assert.deepEqual([purged.status, JSON.parse(purged.text)], [201, { purge_seq: null, purged: { gone: [rev] } }]);
  assert.deepEqual(Object.keys(await missing(simulator)), ["d1"], "purged at the source: no longer in its changes");
});

test("a target that keeps few revisions calls an old one missing", async () => {
  const simulator = server(1);
  await replicate(simulator, "r");
  simulator.clock.advance(MINUTE);
  assert.equal((await send(simulator, "/target/_revs_limit", { method: "PUT", body: "1" })).status, 200);
  for (let i = 0; i < 3; i++) {
    const { _rev } = await get(simulator, "/target/d0");
    await put(simulator, "/target/d0", { _rev, i });
  }
  assert.deepEqual(Object.keys(await missing(simulator)), ["d0"]);
});

test("a database that is deleted lets its replications crash until it is there again", async () => {
  const simulator = server(3);
  await replicate(simulator, "r");
  simulator.clock.advance(MINUTE);
  await send(simulator, "/source", { method: "DELETE" });
  simulator.clock.advance(5 * SECOND);
  const { state, info } = await row(simulator, "r");
  assert.deepEqual([state, info], ["crashing", { error: "db_not_found: could not open http://couch.test/source/" }]);
  await put(simulator, "/source", {});
  await put(simulator, "/source/again", {});
  simulator.clock.advance(10 * MINUTE);
  assert.equal((await row(simulator, "r")).state, "running");
  assert.equal((await send(simulator, "/target/again")).status, 200);
});
