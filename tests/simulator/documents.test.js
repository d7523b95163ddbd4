// @ts-check
/** Writing documents and reading changes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createSimulator } from "../../simulator/index.js";
import { basic, get, here, ORIGIN, put, send, stateOf } from "./requests.js";

const REPLICATION = { source: "https://shop.test/orders", target: "https://cloud.test/orders", continuous: true };

test("a document is written, read, changed and deleted, each with its revision", async () => {
  const simulator = createSimulator();
  await put(simulator, "/things", {});
  const created = await send(simulator, "/things/a%2Fb", { method: "PUT", body: { n: 1 } });
  assert.equal(created.status, 201);
  const { id, rev } = JSON.parse(created.text);
  assert.equal(id, "a/b");
  assert.match(rev, /^1-[0-9a-f]{32}$/);
  assert.equal(created.headers.get("etag"), `"${rev}"`);
  assert.equal(created.headers.get("location"), `${ORIGIN}/things/a%2Fb`);
  assert.deepEqual(await get(simulator, "/things/a%2Fb"), { _id: "a/b", _rev: rev, n: 1 });
  assert.equal((await send(simulator, "/things/a%2Fb", { method: "PUT", body: { n: 2 } })).status, 409);
  const changed = await put(simulator, "/things/a%2Fb", { _rev: rev, n: 2 });
  assert.match(changed.rev, /^2-/);
  assert.equal((await send(simulator, "/things/a%2Fb", { method: "DELETE" })).status, 409);
  const deleted = await send(simulator, `/things/a%2Fb?rev=${changed.rev}`, { method: "DELETE" });
  assert.match(JSON.parse(deleted.text).rev, /^3-/);
  assert.deepEqual(await get(simulator, "/things/a%2Fb"), { error: "not_found", reason: "deleted" });
  const { rev: again } = await put(simulator, "/things/a%2Fb", { n: 3 });
  assert.match(again, /^4-/, "and can be created again");
  await put(simulator, "/things/a%2Fb", { _rev: again, _deleted: true });
  assert.equal((await get(simulator, "/things/a%2Fb")).reason, "deleted");
  const { doc_count, doc_del_count } = await get(simulator, "/things");
  assert.deepEqual([doc_count, doc_del_count], [0, 1]);
});

test("conflicts and refusals in CouchDB's words", async () => {
  const simulator = createSimulator();
  /** @param {string} path @param {string} method @param {unknown} [body] */
  const answer = async (path, method, body) => {
    const { status, text } = await send(simulator, path, { method, body });
    const { error, reason } = JSON.parse(text);
    return [status, error, reason];
  };
  await put(simulator, "/_replicator/x", REPLICATION);
  assert.deepEqual(await answer("/_replicator/x", "PUT", REPLICATION), [409, "conflict", "Document update conflict."]);
  assert.deepEqual(await answer("/_replicator/y", "PUT", { ...REPLICATION, _rev: "1-abc" }), [
    409,
    "conflict",
    "Document update conflict.",
  ]);
  assert.deepEqual(await answer("/_replicator/y", "DELETE"), [404, "not_found", "missing"]);
  assert.deepEqual(await answer("/nowhere/y", "PUT", {}), [404, "not_found", "Database does not exist."]);
  assert.deepEqual(await answer("/nowhere", "DELETE"), [404, "not_found", "Database does not exist."]);
  assert.deepEqual(await answer("/_replicator", "PUT"), [
    412,
    "file_exists",
    "The database could not be created, the file already exists.",
  ]);
  assert.equal((await answer("/Upper", "PUT"))[1], "illegal_database_name");
  assert.deepEqual(await answer("/_replicator/y", "PUT", "no json"), [400, "bad_request", "invalid UTF-8 JSON"]);
  assert.deepEqual(await answer("/_replicator/y", "PUT", []), [400, "bad_request", "Document must be a JSON object"]);
  assert.deepEqual(await answer("/_replicator/_y", "PUT", {}), [
    400,
    "illegal_docid",
    "Only reserved document ids may start with underscore.",
  ]);
  assert.deepEqual(await answer("/_replicator/y", "PUT", { _strange: 1 }), [
    400,
    "doc_validation",
    "Bad special document member: _strange",
  ]);
  assert.deepEqual(await answer("/_replicator/x", "PATCH", {}), [
    405,
    "method_not_allowed",
    "Only DELETE,GET,HEAD,POST,PUT,COPY allowed",
  ]);
});

for (const [what, body, reason] of /** @type {[string, any, string][]} */ ([
  ["a local endpoint", { source: "orders", target: REPLICATION.target }, "local_endpoints_not_supported"],
  ["no target", { source: REPLICATION.source }, "Missing replicator database"],
  [
    "an address that is none",
    { source: "http://host:port/db", target: REPLICATION.target },
    "endpoint has an invalid url",
  ],
  ["an object without an address", { source: {}, target: REPLICATION.target }, "endpoint has an invalid url"],
  [
    "a text for a boolean",
    { ...REPLICATION, continuous: "yes" },
    '{throw,{bad_request,<<"parameter `continuous` must be a boolean">>}}',
  ],
  [
    "a filter and a selector",
    { ...REPLICATION, filter: "a/b", selector: {} },
    '{throw,{bad_request,"`doc_ids`,`filter`,`selector` are mutually exclusive"}}',
  ],
  [
    "two proxies",
    { ...REPLICATION, proxy: "http://p", source_proxy: "http://q" },
    '{throw,{bad_request,"`proxy` is mutually exclusive with `source_proxy`"}}',
  ],
  [
    "a number for an object",
    { ...REPLICATION, create_target_params: 1 },
    '{throw,\n    {bad_request,<<"parameter `create_target_params` must be a JSON object">>}}',
  ],
])) {
  test(`a replication with ${what} is refused`, async () => {
    const simulator = createSimulator();
    const { status, text } = await send(simulator, "/_replicator/bad", { method: "PUT", body });
    assert.deepEqual([status, JSON.parse(text)], [403, { error: "forbidden", reason }]);
    assert.equal((await send(simulator, "/_replicator/bad")).status, 404);
  });
}

test("a document with the state failed is stored unchanged", async () => {
  const simulator = createSimulator();
  await put(simulator, "/_replicator/old", {
    source: "x",
    target: "y",
    _replication_state: "failed",
    _replication_state_reason: "told so",
    _replication_state_time: "2026-01-01T00:00:00Z",
  });
  simulator.clock.advance(10_000);
  const row = await get(simulator, "/_scheduler/docs/_replicator/old");
  assert.deepEqual(
    [row.state, row.info, row.error_count, row.start_time],
    ["failed", { error: "told so" }, 1, "2026-01-01T00:00:00Z"],
  );
});

test("POST creates an id; the owner is the writer", async () => {
  const simulator = createSimulator();
  const { id } = JSON.parse((await send(simulator, "/_replicator", { method: "POST", body: REPLICATION })).text);
  assert.match(id, /^[0-9a-f]{32}$/);
  assert.equal((await get(simulator, `/_replicator/${id}`)).owner, "admin");
  assert.equal(
    (await send(simulator, "/_replicator", { method: "POST", headers: { "content-type": "text/plain" }, body: "{}" }))
      .status,
    415,
  );
});

test("changing a document starts it again, deleting it ends its job", async () => {
  const simulator = createSimulator();
  const { rev } = await put(simulator, "/_replicator/r", REPLICATION);
  simulator.clock.advance(60_000);
  const before = await get(simulator, "/_scheduler/docs/_replicator/r");
  const changed = await put(simulator, "/_replicator/r", {
    ...REPLICATION,
    target: "https://cloud.test/other",
    _rev: rev,
  });
  assert.equal(await stateOf(simulator, "r"), null);
  simulator.clock.advance(1_000);
  const after = await get(simulator, "/_scheduler/docs/_replicator/r");
  assert.notEqual(after.id, before.id);
  assert.equal((await get(simulator, "/_scheduler/jobs")).total_rows, 1);
  await send(simulator, `/_replicator/r?rev=${changed.rev}`, { method: "DELETE" });
  assert.equal((await get(simulator, "/_scheduler/jobs")).total_rows, 0);
  assert.equal((await send(simulator, "/_scheduler/docs/_replicator/r")).status, 404);
  assert.equal((await get(simulator, "/_scheduler/docs")).total_rows, 0);
  simulator.clock.advance(3_600_000);
  assert.equal((await get(simulator, "/_scheduler/jobs")).total_rows, 0, "and nothing that was planned for it happens");
});

for (const [when, ms] of /** @type {[string, number][]} */ ([
  ["before anybody noticed it", 0],
  ["while it is initializing", 200],
  ["while it runs", 1_000],
])) {
  test(`a one-shot replication deleted ${when} leaves nothing`, async () => {
    const simulator = createSimulator();
    await put(simulator, "/source", {});
    const { rev } = await put(simulator, "/_replicator/r", {
      source: here("source"),
      target: here("copy"),
      create_target: true,
    });
    simulator.clock.advance(ms);
    assert.equal((await send(simulator, `/_replicator/r?rev=${rev}`, { method: "DELETE" })).status, 200);
    simulator.clock.advance(60_000);
    assert.equal((await send(simulator, "/_replicator/r")).status, 404);
    assert.equal((await get(simulator, "/_scheduler/jobs")).total_rows, 0);
    assert.equal((await get(simulator, "/_replicator/_changes")).last_seq.split("-")[0], "2");
  });
}

test("deleting a database ends all its jobs", async () => {
  const simulator = createSimulator();
  await put(simulator, "/x%2F_replicator", {});
  await put(simulator, "/x%2F_replicator/r", REPLICATION);
  simulator.clock.advance(1_000);
  assert.equal((await get(simulator, "/_scheduler/jobs")).jobs[0].database, "x/_replicator");
  await send(simulator, "/x%2F_replicator", { method: "DELETE" });
  assert.equal((await get(simulator, "/_scheduler/jobs")).total_rows, 0);
  assert.deepEqual(await get(simulator, "/_all_dbs"), ["_replicator", "_users"]);
});

test("_changes: each document once, with its last change, from the given sequence", async () => {
  const simulator = createSimulator();
  for (const id of ["a", "b", "c"])
    await put(simulator, `/_replicator/${id}`, { ...REPLICATION, target: `https://cloud.test/${id}` });
  const all = await get(simulator, "/_replicator/_changes");
  assert.deepEqual(
    all.results.map((/** @type {any} */ change) => change.id),
    ["a", "b", "c"],
  );
  assert.equal(all.pending, 0);
  assert.match(all.last_seq, /^3-[\w-]{50,}$/);
  assert.deepEqual((await get(simulator, `/_replicator/_changes?since=${all.last_seq}`)).results, []);
  const { rev } = await get(simulator, "/_replicator/a").then(({ _rev }) => ({ rev: _rev }));
  await send(simulator, `/_replicator/a?rev=${rev}`, { method: "DELETE" });
  const [deleted] = (await get(simulator, `/_replicator/_changes?since=${all.last_seq}&include_docs=true`)).results;
  assert.deepEqual([deleted.id, deleted.deleted, deleted.doc._deleted], ["a", true, true]);
  const page = await get(simulator, "/_replicator/_changes?limit=1&include_docs=true");
  assert.deepEqual([page.results.length, page.results[0].id, page.pending], [1, "b", 2]);
  assert.equal(page.results[0].doc.source, REPLICATION.source);
  const rest = await get(simulator, `/_replicator/_changes?since=${page.last_seq}`);
  assert.deepEqual(
    rest.results.map((/** @type {any} */ change) => change.id),
    ["c", "a"],
  );
  assert.deepEqual((await get(simulator, "/_replicator/_changes?since=now")).results, []);
  assert.equal((await send(simulator, "/_replicator/_changes?since=garbage")).status, 400);
});

test("a terminal state is in _changes, a crash is not", async () => {
  const simulator = createSimulator();
  await put(simulator, "/source", {});
  await put(simulator, "/_replicator/once", { source: here("source"), target: here("copy"), create_target: true });
  await put(simulator, "/_replicator/lost", { source: here("nowhere"), target: here("copy"), create_target: true });
  const { last_seq } = await get(simulator, "/_replicator/_changes");
  simulator.clock.advance(50_000);
  assert.equal(await stateOf(simulator, "lost"), "crashing");
  const { results } = await get(simulator, `/_replicator/_changes?since=${last_seq}&include_docs=true`);
  assert.deepEqual(
    results.map((/** @type {any} */ change) => [change.id, change.doc._replication_state]),
    [["once", "completed"]],
  );
});

test("_all_docs: ranges and documents; lists of replicators are for admins", async () => {
  const simulator = createSimulator({ docs: 30, users: { bob: "b" } });
  const { rows, total_rows } = await get(simulator, "/_replicator/_all_docs?limit=5&include_docs=true");
  assert.deepEqual([rows.length, total_rows], [5, 31]);
  for (const row of rows) assert.deepEqual([row.doc._id, row.doc._rev, row.key], [row.id, row.value.rev, row.id]);
  const next = await get(
    simulator,
    `/_replicator/_all_docs?startkey=${encodeURIComponent(JSON.stringify(rows[4].id))}&skip=1&limit=100`,
  );
  assert.equal(next.rows.length, 26);
  for (const path of ["/_replicator/_all_docs", "/_replicator/_changes"]) {
    assert.equal((await send(simulator, path, { headers: { authorization: basic("bob", "b") } })).status, 401);
  }
});

test("members of _security read documents without their credentials", async () => {
  const simulator = createSimulator({ users: { bob: "b" } });
  await put(simulator, "/_replicator/r", {
    source: { url: "https://shop.test/a", headers: { Authorization: "x" } },
    target: "https://user:secret@cloud.test/a",
  });
  const headers = { authorization: basic("bob", "b") };
  assert.equal((await send(simulator, "/_replicator/r", { headers })).status, 403);
  await put(simulator, "/_replicator/_security", { members: { names: ["bob"], roles: [] } });
  const { text } = await send(simulator, "/_replicator/r", { headers });
  assert.deepEqual(
    [JSON.parse(text).source, JSON.parse(text).target],
    [{ url: "https://shop.test/a" }, "https://cloud.test/a"],
  );
  assert.match((await send(simulator, "/_replicator/r")).text, /secret/);
});

for (const [what, source, reason] of /** @type {[string, any, RegExp][]} */ ([
  [
    "an unknown host",
    "http://user:x@nowhere.invalid/a",
    /\{replication_auth_error,\n {4}\{session_request_failed,"http:\/\/nowhere.invalid\/_session","user",\n {8}\{conn_failed,\{error,nxdomain\}\}\}\}/,
  ],
  [
    "a port without a server",
    "http://127.0.0.1:9/a?key=1",
    /\{http_request_failed,"GET","http:\/\/127.0.0.1:9\/a\?key=1",\n {21}\{error,sel_conn_closed\}\}/,
  ],
  [
    "a wrong password",
    "http://admin:no@couch.test/a",
    /session_request_unauthorized,"http:\/\/couch.test\/_session","admin"/,
  ],
  [
    "no password",
    "http://couch.test/a",
    /^unauthorized: unauthorized to access or create database http:\/\/couch.test\/a\/$/,
  ],
  [
    "a wrong header",
    { url: "http://couch.test/a", headers: { authorization: basic("admin", "no") } },
    /session_request_unauthorized/,
  ],
  [
    "a wrong auth object",
    { url: "http://couch.test/a", auth: { basic: { username: "ann", password: "no" } } },
    /session_request_unauthorized,.*"ann"/,
  ],
])) {
  test(`a source with ${what} crashes with this reason`, async () => {
    const simulator = createSimulator();
    await put(simulator, "/a", {});
    await put(simulator, "/_replicator/r", { source, target: "https://cloud.test/a", continuous: true });
    simulator.clock.advance(10_000);
    const { state, info } = await get(simulator, "/_scheduler/docs/_replicator/r");
    assert.equal(state, "crashing");
    assert.match(info.error, reason);
  });
}

test("passwords of proxies are masked", async () => {
  const simulator = createSimulator();
  await put(simulator, "/_replicator/r", { ...REPLICATION, proxy: "http://user:secret@proxy.test:8080" });
  await put(simulator, "/_replicator/s", {
    ...REPLICATION,
    target: "https://cloud.test/2",
    source_proxy: "socks5://proxy.test:1080",
  });
  simulator.clock.advance(1_000);
  const r = await get(simulator, "/_scheduler/docs/_replicator/r");
  assert.deepEqual(
    [r.source_proxy, r.target_proxy],
    ["http://user:*****@proxy.test:8080", "http://user:*****@proxy.test:8080"],
  );
  const s = await get(simulator, "/_scheduler/docs/_replicator/s");
  assert.deepEqual([s.source_proxy, s.target_proxy], ["socks5://proxy.test:1080", null]);
});
