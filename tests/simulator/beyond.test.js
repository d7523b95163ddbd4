// @ts-check
/**
 * The judge of the endpoints beyond the scheduler: answers recorded from Apache CouchDB 3.5.2
 * (`tests/recordings/beyond/`). The simulator stores the same documents and answers the same requests. Errors and
 * what is made from stored documents alone are equal byte for byte, but for the opaque part of sequences; everything
 * else is equal in keys, their order, and types.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { createSimulator } from "../../simulator/index.js";

/**
 * @typedef {{ name: string, method: string, path: string, status: number, headers: Record<string, string>, body: string,
 *   request: { headers: Record<string, string>, body: string | null } }} Recording
 * @typedef {ReturnType<typeof createSimulator>} Simulator
 */

const ORIGIN = "http://127.0.0.1:45984";
const FOLDER = new URL("../recordings/beyond/", import.meta.url);
/** @type {Record<string, Recording[]>} */
const recordings = Object.fromEntries(
  readdirSync(FOLDER).map((file) => [file.slice(0, -5), JSON.parse(readFileSync(new URL(file, FOLDER), "utf8"))]),
);

/** @param {string} folder @param {string} name */
function recorded(folder, name) {
  const found = recordings[folder].find((recording) => recording.name === name);
  assert(found, `${folder}/${name} is missing`);
  return found;
}

/** What is not replayed: no client asks for it, or it depends on what no stage can set. */
const NOT_REPLAYED = [
  /^30.*\/bulk-get-local$/,
  /^32.*\/since-of-another-database$/, // some number
  /^36.*\/dry-known-rev-other-body$/, // replayed by its own test
  /^37.*\/(doc-ids-|in-flight-|stemmed-)/, // tested with replications
  /^36.*\/get-attachments-without-accept$/, // compressed; tested
  /^40.*\/(post-_replicate|.*prometheus--(admin|metrics-role)$)/,
  /^34.*\/unknown-replication-state-(row|rows|jobs-[ab])$/, // tested on the clock
];

/** What is compared in shape alone. */
const LOOSELY = [
  /^32.*\/(selector-limit1|.*row|.*checkpoint|running-tasks)$/,
  /^3[345].*/,
  /^38.*(jobs|docs|tasks|stats)/,
];

/**
 * The same keys in the same order, and the same types; null stands for any. Each member of a list is like one of the
 * other list.
 * @param {any} actual @param {any} expected @param {string} at
 */
function assertSameShape(actual, expected, at) {
  if (actual === null || expected === null) return;
  assert.equal(typeof actual, typeof expected, at);
  if (typeof actual !== "object") return;
  assert.equal(Array.isArray(actual), Array.isArray(expected), at);
  if (Array.isArray(actual)) {
    for (const [i, one] of actual.entries()) {
      if (expected.length > 0 && !expected.some((/** @type {any} */ other) => isLike(one, other)))
        assertSameShape(one, expected[0], `${at}[${i}]`);
    }
    return;
  }
  assert.deepEqual(Object.keys(actual), Object.keys(expected), at);
  for (const [key, member] of Object.entries(actual)) assertSameShape(member, expected[key], `${at}.${key}`);
}

/** @param {any} actual @param {any} expected */
function isLike(actual, expected) {
  try {
    assertSameShape(actual, expected, "");
    return true;
  } catch {
    return false;
  }
}

/** Without what is opaque: tails of sequences, and the order in which shards answer. @param {string} text */
function comparable(text) {
  return text.replace(/(\d+)-g1[\w-]{20,}/g, "$1-…");
}

/** Lists and objects in one order. @param {any} value @returns {any} */
function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, member]) => [key, sorted(member)])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

const SAME_HEADERS = ["content-type", "allow", "location"];

/** @param {Simulator} simulator @param {Recording} recording */
async function ask(simulator, { method, path, request }) {
  const response = await simulator.fetch(ORIGIN + path, {
    method,
    headers: { accept: "application/json", ...request.headers },
    body: request.body,
  });
  return { response, text: await response.text() };
}

/** @param {Simulator} simulator @param {Recording} recording @param {"exactly" | "sorted" | "loosely"} how */
async function replay(simulator, recording, how) {
  const { response, text } = await ask(simulator, recording);
  const { status, headers, body } = recording;
  assert.equal(response.status, status, text);
  for (const name of SAME_HEADERS) assert.equal(response.headers.get(name), headers[name] ?? null, name);
  assert.equal(response.headers.has("etag"), "etag" in headers, "etag");
  assert.equal(response.headers.has("content-length"), "content-length" in headers, "content-length");
  if (recording.method === "HEAD") return;
  if (how === "exactly" || status >= 400) return assert.equal(comparable(text), comparable(body));
  if (how === "sorted")
    return assert.deepEqual(sorted(JSON.parse(comparable(text))), sorted(JSON.parse(comparable(body))));
  assertSameShape(JSON.parse(text), JSON.parse(body), "");
}

// ---------------------------------------------------------------------------------- stages

const SECURITY = {
  admins: { roles: ["_admin"], names: ["f_dbadmin"] },
  members: { names: ["f_reader"], roles: ["_admin"] },
};
const VALIDATE = `function(doc) {
  if (doc.type === "bad") throw({forbidden: "type bad is refused"});
  if (doc.type === "unauth") throw({unauthorized: "log in first"});
}`;

function server() {
  const users = { f_reader: "pw", f_metrics: "pw", f_nobody: "pw", f_dbadmin: "pw", f_two: "pw" };
  return createSimulator({
    users,
    roles: { f_metrics: ["_metrics"] },
    nodes: ["solo@127.0.0.1"],
    clock: { start: "2026-11-25T16:00:00Z" },
  });
}

/** @param {Simulator} simulator @param {string} name @param {number} [docs] */
function database(simulator, name, docs = 0) {
  const found = simulator.fleet.databases.get(name) ?? simulator.fleet.createDatabase(name);
  for (let i = 0; i < docs; i++) found.write(`d${i}`, { n: i });
  return found;
}

/** The database that a path names. @param {Recording} recording */
const databaseIn = ({ path }) => path.split(/[/?]/)[1];

/** Local documents as a list or one of them shows them. @param {Recording} recording @returns {any[]} */
function localsIn({ body, status, method }) {
  if (status !== 200 || method === "HEAD") return [];
  const parsed = JSON.parse(body);
  if (parsed._id) return [parsed];
  return (parsed.rows ?? [])
    .filter((/** @type {any} */ row) => row.value)
    .map((/** @type {any} */ row) => row.doc ?? { _id: row.id, _rev: row.value.rev });
}

/** @param {Recording} recording */
function localStage(recording) {
  const simulator = server();
  const name = databaseIn(recording);
  if (name.startsWith("_") || name === "nosuch") return simulator;
  const found = database(simulator, name);
  found.security = SECURITY;
  found.write("_design/nodd", { filters: { none: "function(d){return true}" } });
  if (recording.path.endsWith("_all_docs")) for (let i = 0; i < 20_000; i++) found.write(`d${i}`, {});
  const locals = [...localsIn(recording)];
  if (recording.name === "head-local") locals.push(...localsIn(recorded("30-checkpoints", "local-encoded-slash")));
  for (const { _id, _rev, ...body } of locals) found.locals.set(_id, { rev: Number(_rev.slice(2)), body });
  return simulator;
}

/** @param {Recording} recording a request with `limit=0` */
function backlogStage(recording) {
  const simulator = server();
  const since = Number(/since=(\d+)/.exec(recording.path)?.[1] ?? 0);
  const { pending = 0, last_seq = "0" } = recording.status === 200 ? JSON.parse(recording.body) : {};
  const total = recording.path.includes("since=now") ? Number.parseInt(last_seq, 10) : since + pending;
  const found = database(simulator, databaseIn(recording), total - 1);
  if (total > 0) found.write("_design/flt", { filters: { even: "function(doc) { return doc.n % 2 === 0; }" } });
  return simulator;
}

/** Replications as the recordings show them: one of each state. @param {Recording} recording */
async function replicationStage(recording) {
  const simulator = server();
  database(simulator, "f_src", 12);
  database(simulator, "f_src20k", 300);
  const endpoint = (/** @type {string} */ name, user = "admin:pass") => `http://${user}@127.0.0.1:45984/${name}`;
  const put = (/** @type {string} */ id, /** @type {any} */ body) =>
    simulator.fetch(`${ORIGIN}/_replicator/${id}`, {
      method: "PUT",
      headers: { authorization: recorded("30-checkpoints", "head-local").request.headers.authorization },
      body: JSON.stringify(body),
    });
  const replication = (/** @type {string} */ source, /** @type {string} */ target, more = {}) => ({
    source: endpoint(source),
    target: endpoint(target),
    create_target: true,
    continuous: true,
    ...more,
  });
  // The document that the request changes, at the revision that it names.
  const sent = recording.request.body === null ? {} : JSON.parse(recording.request.body);
  const docs = sent.docs ?? (recording.method === "PUT" ? [{ _id: recording.path.split("/").at(-1), ...sent }] : []);
  const { _replicator } = Object.fromEntries(simulator.fleet.databases);
  for (const { _id, _rev, ...body } of docs) {
    const isStale = recording.status === 409 || _rev?.startsWith("1-0123");
    if (_rev) _replicator.write(_id, { ...body, owner: "admin" }, false, isStale ? "9-ab" : _rev);
  }
  if (recording.name.includes("other-member")) {
    _replicator.security = { members: { names: ["f_reader"], roles: ["_admin"] }, admins: {} };
    const more = { x_touched: "now", connection_timeout: 30_002, user_ctx: { name: "admin", roles: ["_admin"] } };
    await put("f-r-run", replication("f_src", "f_t_r", more));
  }
  const running = /(f-one|f-r-run|f-neu|f-slow|f-sel|f-nocp|f-c03|f-c09|f-refc?|f-px|f-idr-\S+)$/.exec(
    recording.path,
  )?.[1];
  const isRead = recording.method === "GET";
  if (recording.name === "crashing-row") {
    await put("f-slow", { ...replication("f_src", "f_t"), source: endpoint("f_src", "admin:no") });
  } else if (isRead && running === "f-one") {
    await put(running, replication("f_src", "f_t", { continuous: undefined }));
  } else if (isRead && running === "f-ref") {
    await put(running, { source: endpoint("f_src"), target: endpoint("f_src20k") });
  } else if (isRead && running && !recording.name.includes("other-member")) {
    await put(running, replication("f_src", "f_t"));
  }
  if (/f-r-crash|f-hang/.test(recording.path))
    await put(recording.path.split("/").at(-1) ?? "", replication("f_nosuch", "f_t2"));
  if (recording.path.endsWith("f-r-err")) await put("f-r-err", replication("f_src", "f_t3", { filter: "nodd/none" }));
  if (recording.path.endsWith("f-init")) {
    const trouble = { during: /** @type {const} */ ("start"), reason: "", after: 100_000 };
    simulator.fleet.write(_replicator, "f-init", replication("f_src", "f_t3", { filter: "nodd/none" }), { trouble });
  }
  if (recording.path.endsWith("f-r-fail")) {
    await put("first", replication("f_src", "f_t3"));
    simulator.clock.advance(2_000);
    await put("f-r-fail", replication("f_src", "f_t3"));
  }
  if (!recording.path.startsWith("/_replicator")) {
    for (const id of ["f-task", "f-task2"]) await put(id, replication("f_src20k", id));
  }
  if (recording.name.startsWith("pending")) simulator.provoke.starve(1);
  const isJustStarted = /^(row-just-after|running-under-full|row-base|row-bearer|row-user|row-password)/.test(
    recording.name,
  );
  simulator.clock.advance(isJustStarted ? 900 : 2_000);
  if (recording.method === "GET") {
    simulator.fleet.countStates();
    simulator.clock.advance(isJustStarted ? 0 : 60_000);
  }
  return simulator;
}

/** @param {Recording} recording */
function refusedStage(recording) {
  const simulator = server();
  const found = database(simulator, databaseIn(recording));
  found.security = { members: { names: ["f_reader"], roles: [] }, admins: { names: [], roles: ["_admin"] } };
  if (!/accepted-now|^find/.test(recording.name)) found.write("_design/vdu", { validate_doc_update: VALIDATE });
  if (recording.name === "dry-stale-rev") for (const id of ["ok0", "ok1"]) found.write(id, { type: "ok" });
  if (recording.name === "dry-if-match") found.write("dry8", {});
  if (
    recording.method === "GET" &&
    recording.status === 200 &&
    recording.headers["content-type"] === "application/json"
  ) {
    const { _id, _rev, _revisions: _ids, _attachments, results, ...body } = JSON.parse(recording.body);
    if (_id) found.write(_id, _attachments ? { ...body, _attachments } : body, false, _rev);
    for (const { id, changes, deleted } of results ?? []) {
      for (const { rev } of changes) found.merge(id, [rev], { deleted: deleted === true, body: {} });
    }
  }
  if (recording.name === "find-revs-diff-0") {
    const missing = JSON.parse(recording.body);
    for (const [id, revs] of Object.entries(JSON.parse(recording.request.body ?? "{}"))) {
      for (const rev of revs)
        if (!missing[id]?.missing.includes(rev)) found.merge(id, [rev], { deleted: false, body: {} });
    }
  }
  return simulator;
}

/** @type {Record<string, (recording: Recording) => Promise<Simulator> | Simulator>} */
const stages = {
  "30-checkpoints": (recording) =>
    /^\/(_scheduler|_active|_replicator)/.test(recording.path) ? replicationStage(recording) : localStage(recording),
  "31-rights": localStage,
  "32-backlog": (recording) => {
    if (recording.path.includes("_changes") && recording.name !== "selector-limit1") return backlogStage(recording);
    if (recording.path.includes("/_local/")) return localStage(recording);
    const simulator = server();
    database(simulator, "f_src");
    database(simulator, "f_src20k", 19_001);
    return recording.path.startsWith("/f_") ? simulator : replicationStage(recording);
  },
  "33-tasks": replicationStage,
  "34-restart": replicationStage,
  "35-identity": replicationStage,
  "36-refused": (recording) =>
    recording.path.includes("/_local/")
      ? localStage(recording)
      : /^\/_/.test(recording.path)
        ? replicationStage(recording)
        : refusedStage(recording),
  "37-verify": (recording) => {
    const simulator = server();
    const found = database(simulator, databaseIn(recording));
    found.write("p5", {}, false, "1-b9c18ffcd26518133f1f0c69992dd76a");
    for (const id of ["p0", "p6"]) found.write(id, {}, false, "1-2ed7cec82ea3dbafe459915983c62412");
    return simulator;
  },
  "38-capacity": (recording) => {
    if (!recording.path.startsWith("/_node/")) return replicationStage(recording);
    const simulator = server();
    const node = simulator.fleet.scheduler.pool.node("solo@127.0.0.1");
    if (recording.name === "config-shares") node?.configure("replicator.shares", "f_x/_replicator", "1000");
    return simulator;
  },
  "40-security": localStage,
};

/** @param {string} name @param {Recording} recording @returns {"exactly" | "sorted" | "loosely"} */
function howTo(name, recording) {
  if (LOOSELY.some((pattern) => pattern.test(name)) || recording.path.startsWith("/_scheduler")) return "loosely";
  if (/^40|^31/.test(name) && recording.status === 200 && !/^\/f_\w+\/_local|^\/_up$/.test(recording.path))
    return "loosely";
  if (/_bulk_docs|_revs_diff|_changes\?style/.test(recording.path)) return "sorted";
  if (recording.path === "/_up") return "sorted";
  return /^\/_(replicator|active_tasks)/.test(recording.path) ? "loosely" : "exactly";
}

let replayed = 0;

for (const [folder, list] of Object.entries(recordings)) {
  test(`recordings ${folder}`, async (t) => {
    for (const recording of list) {
      const name = `${folder}/${recording.name}`;
      if (NOT_REPLAYED.some((pattern) => pattern.test(name))) continue;
      await t.test(recording.name, async () => {
        await replay(await stages[folder](recording), recording, howTo(name, recording));
      });
      replayed++;
    }
  });
}

test("enough was replayed", (t) => {
  t.diagnostic(`${replayed} recordings replayed`);
  assert(replayed >= 280, `only ${replayed}`);
});
