// @ts-check
/**
 * Maps paths to responses.
 */

import { compareIds, isReplicatorName } from "../world/database.js";
import { hex } from "../world/hash.js";
import { NODE_TIMEOUT_MS } from "../world/node.js";
import { isPoisoned } from "../world/replication.js";
import { activeTasks } from "../world/tasks.js";
import { shownDocument } from "./attachments.js";
import { requireAdmin, requireMember } from "./auth.js";
import { changes } from "./changes.js";
import { documentRequest, storeDocument } from "./documents.js";
import { badRequest, HttpError, json, jsonBody, jsonText, methodNotAllowed, missing, pathParts } from "./http.js";
import { chunkedList, readWindow } from "./lists.js";
import { localDocs, localRequest, localRow } from "./locals.js";
import { nodeRoute } from "./nodes.js";
import { docsQuery, jobsInteger, statesAsked } from "./query.js";
import { bulkDocs, missingRevs, purge, revsDiff, revsLimit } from "./revisions.js";

/**
 * @typedef {import("./http.js").SimRequest} SimRequest
 * @typedef {import("./http.js").Reply} Reply
 * @typedef {import("./auth.js").UserCtx} UserCtx
 * @typedef {import("../world/database.js").Database} Database
 * @typedef {import("../world/database.js").Entry} Entry
 *
 * @typedef {object} Context everything a route can use
 * @property {import("../world/fleet.js").Fleet} fleet
 * @property {import("./auth.js").Auth} auth
 * @property {UserCtx} user the authenticated user
 * @property {SimRequest} request
 * @property {number} chunkBytes
 * @property {(rows?: number) => void} onRow called for each row that is produced, or with their number
 * @property {import("./prepared.js").Prepared | null} prepared
 */

const DEFAULT_JOBS_LIMIT = 100;
const REPLICATOR = "_replicator";

/**
 * @param {Context} context
 * @returns {Promise<Reply>}
 */
export async function route(context) {
  const { request, user, auth, fleet } = context;
  const [first, ...rest] = pathParts(request);
  switch (first) {
    case undefined:
      return onlyGet(request, () => json(WELCOME));
    case "_up":
      return onlyGet(request, () => json({ status: "ok", seeds: {} }));
    case "_session":
      return auth.session(request, user);
    case "_utils":
      return { status: 200, headers: [["Content-Type", "text/html"]], body: "<!doctype html><title>Log in</title>\n" };
    case "_scheduler":
      requireAdmin(user);
      if (rest[0] === "jobs") await waitForNodes(fleet);
      return schedulerRoute(context, rest);
    case "_active_tasks":
      requireAdmin(user);
      await waitForNodes(fleet);
      return onlyGet(request, () => json(activeTasks(fleet.scheduler, fleet.clock.now())));
    case "_membership":
      requireAdmin(user);
      return onlyGet(request, () =>
        json({ all_nodes: fleet.scheduler.pool.liveNodes(fleet.clock.now()), cluster_nodes: fleet.scheduler.nodes }),
      );
    case "_node":
      return nodeRoute(context, rest);
    case "_all_dbs":
      requireAdmin(user);
      return onlyGet(request, () => allDatabases([...fleet.databases.keys()].sort(compareIds)));
    default:
      return databaseRoute(context, first, rest);
  }
}

/** What each node is asked waits for a node that does not answer, until the others take it for gone. @param {Context["fleet"]} fleet */
async function waitForNodes({ scheduler, clock }) {
  for (const name of scheduler.nodes) {
    const lostAt = scheduler.pool.node(name)?.lostAt ?? null;
    if (lostAt === null || clock.now() >= lostAt + NODE_TIMEOUT_MS) continue;
    await clock.sleep(lostAt + NODE_TIMEOUT_MS - clock.now());
    scheduler.settle();
  }
}

const WELCOME = {
  couchdb: "Welcome",
  version: "3.5.0",
  git_sha: "11f0d36",
  uuid: "5f3a7c1e0d2b4a6c8e9f0a1b2c3d4e5f",
  features: ["quickjs", "access-ready", "partitioned", "pluggable-storage-engines", "reshard", "scheduler"],
  vendor: { name: "The Apache Software Foundation" },
};

/** @param {SimRequest} request @param {() => Reply} answer */
function onlyGet({ method }, answer) {
  if (method !== "GET" && method !== "HEAD") throw methodNotAllowed("GET,HEAD");
  return answer();
}

/** @param {string[]} names @returns {Reply} */
function allDatabases(names) {
  const text = JSON.stringify(names);
  return {
    status: 200,
    headers: [["ETag", `"${hex(text, 25).toUpperCase()}"`]],
    body: [new TextEncoder().encode(`${text}\n`)],
  };
}

// ------------------------------------------------------------------------------ /_scheduler

/** @param {Context} context @param {string[]} parts @returns {Reply} */
function schedulerRoute(context, [what, ...rest]) {
  return onlyGet(context.request, () => {
    if (what === "jobs" && rest.length === 0) return jobsList(context);
    if (what === "jobs" && rest.length === 1) return oneJob(context, rest[0]);
    if (what !== "docs") throw new HttpError(404, "not found");
    const { database, id } = docsPath(rest);
    return id === undefined ? docsList(context, database) : oneDoc(context, database, id);
  });
}

/**
 * The database can be one part or, unescaped, several: no document is called `_replicator`.
 * @param {string[]} parts
 * @returns {{ database: string, id?: string }}
 */
function docsPath(parts) {
  if (parts.length === 0) return { database: REPLICATOR };
  if (parts.length <= 2 && isReplicatorName(parts[0])) return { database: parts[0], id: parts[1] };
  const end = parts.indexOf(REPLICATOR);
  if (end < 0 || parts.length > end + 2) throw badRequest("Invalid path");
  return { database: parts.slice(0, end + 1).join("/"), id: parts[end + 1] };
}

/** @param {Context} context @param {string} name @returns {Reply} */
function docsList({ fleet, request, chunkBytes, onRow, prepared }, name) {
  const params = request.url.searchParams;
  const query = docsQuery(params);
  const states = statesAsked(params);
  const database = databaseNamed(fleet, name);
  if (fleet.scheduler.poison.isIn(database)) throw new HttpError(500, "unknown_error", "badarg");
  const { total, offset, entries } = readWindow(database, query, (entry) => {
    const state = fleet.listedState(entry);
    return state !== null && (states === null || states.has(state));
  });
  const slices = states === null && prepared?.docs(database, query, { total, offset, entries }, onRow);
  if (slices) return { status: 200, headers: [], body: slices };
  const rows = mapped(entries, (entry) => fleet.rowText(database, entry));
  return listReply(`{"total_rows":${total},"offset":${offset},"docs":[\r\n`, rows, chunkBytes, onRow);
}

/** @param {Context} context @param {string} name @param {string} id @returns {Reply} */
function oneDoc({ fleet, onRow }, name, id) {
  const database = databaseNamed(fleet, name);
  const entry = database.get(id);
  if (!entry) throw missing();
  if (isPoisoned(entry.body)) throw Object.assign(new HttpError(500, "unknown_error", "badarg"), { ref: 1012239518 });
  onRow();
  return jsonText(fleet.rowText(database, entry));
}

/** @param {Context} context @returns {Reply} */
function jobsList({ fleet, request, onRow, prepared }) {
  const params = request.url.searchParams;
  const limit = jobsInteger(params, "limit", DEFAULT_JOBS_LIMIT);
  const skip = jobsInteger(params, "skip", 0);
  if (prepared && request.method === "GET") {
    const { length, body } = prepared.jobs(skip, limit, onRow);
    return { status: 200, headers: [["Content-Length", String(length)]], body };
  }
  const jobs = fleet.jobs();
  const offset = Math.min(skip, jobs.length);
  const rows = jobs.slice(offset, offset + limit).map((job) => job.text());
  onRow(rows.length);
  return jsonText(`{"total_rows":${jobs.length},"offset":${offset},"jobs":[${rows}]}`);
}

/** @param {Context} context @param {string} id @returns {Reply} */
function oneJob({ fleet, onRow }, id) {
  // A plus sign in a path means a space; ids contain no spaces, so the server changes them back.
  const job = fleet.jobs().find((one) => one.id === id.replaceAll(" ", "+"));
  if (!job) throw missing();
  onRow();
  return jsonText(job.text());
}

// -------------------------------------------------------------------------------- databases

/** @param {Context} context @param {string} name @param {string[]} parts @returns {Promise<Reply> | Reply} */
function databaseRoute(context, name, [what, ...rest]) {
  const { fleet, user } = context;
  if (what === undefined) return wholeDatabase(context, name);
  const isList = what === "_all_docs" || what === "_changes";
  if (isList && isReplicatorName(name)) requireAdmin(user);
  const found = databaseNamed(fleet, name);
  requireMember(user, found.security);
  const ofDatabase = DATABASE_ROUTES.get(what);
  if (ofDatabase) return ofDatabase(context, found);
  const isPrefix = what === "_design" || what === "_local";
  const id = isPrefix ? [what, ...rest].join("/") : what;
  return id.startsWith("_local/") ? localRequest(context, found, id) : documentRequest(context, found, id);
}

/** @type {Map<string, (context: Context, database: Database) => Promise<Reply> | Reply>} */
const DATABASE_ROUTES = new Map(
  Object.entries({
    _all_docs: allDocs,
    _bulk_docs: bulkDocs,
    _changes: changes,
    _local_docs: localDocs,
    _missing_revs: missingRevs,
    _purge: purge,
    _revs_diff: revsDiff,
    _revs_limit: revsLimit,
    _security: security,
  }),
);

/** @param {import("../world/fleet.js").Fleet} fleet @param {string} name */
function databaseNamed(fleet, name) {
  const found = fleet.databases.get(name);
  if (!found) throw new HttpError(404, "not_found", "Database does not exist.");
  return found;
}

/** @param {Context} context @param {string} name @returns {Promise<Reply> | Reply} */
function wholeDatabase({ fleet, request, user }, name) {
  switch (request.method) {
    case "GET":
    case "HEAD": {
      const found = databaseNamed(fleet, name);
      requireMember(user, found.security);
      return json(databaseInfo(found));
    }
    case "PUT":
      requireAdmin(user);
      return createDatabase(fleet, name);
    case "DELETE":
      requireAdmin(user);
      databaseNamed(fleet, name);
      fleet.deleteDatabase(name);
      return json({ ok: true });
    case "POST": {
      const found = databaseNamed(fleet, name);
      requireMember(user, found.security);
      return storeDocument({ fleet, request, user }, found);
    }
    default:
      throw methodNotAllowed("DELETE,GET,HEAD,POST,PUT");
  }
}

/** @param {import("../world/fleet.js").Fleet} fleet @param {string} name */
function createDatabase(fleet, name) {
  if (
    !/^(_replicator|_users|_global_changes|([a-z][a-z0-9_$()+/-]*\/)?_replicator|[a-z][a-z0-9_$()+/-]*)$/.test(name)
  ) {
    const rule =
      "Only lowercase characters (a-z), digits (0-9), and any of the characters _, $, (, ), +, -, and / are allowed. Must begin with a letter.";
    throw new HttpError(400, "illegal_database_name", `Name: '${name}'. ${rule}`);
  }
  if (fleet.databases.has(name)) {
    throw new HttpError(412, "file_exists", "The database could not be created, the file already exists.");
  }
  fleet.createDatabase(name);
  return json({ ok: true }, 201);
}

/** @param {Database} database */
function databaseInfo(database) {
  const { entries, docCount } = database;
  return {
    instance_start_time: String(Math.floor(database.createdAt / 1000)),
    db_name: database.name,
    purge_seq: database.seqText(0),
    update_seq: database.seqText(database.seq),
    sizes: { file: 8522 + docCount * 1024, external: docCount * 400, active: docCount * 600 },
    props: {},
    doc_del_count: entries.size - docCount,
    doc_count: docCount,
    disk_format_version: 8,
    compact_running: false,
    cluster: { q: database.shardCount, n: 1, w: 1, r: 1 },
  };
}

/** @param {Context} context @param {Database} found @returns {Promise<Reply>} */
async function security({ request, user }, found) {
  if (request.method === "GET" || request.method === "HEAD") return json(found.security);
  if (request.method !== "PUT") throw methodNotAllowed("GET,HEAD,PUT");
  requireAdmin(user);
  found.security = await jsonBody(request);
  return json({ ok: true });
}

/** @param {Context} context @param {Database} found @returns {Promise<Reply>} */
async function allDocs(context, found) {
  const { request, chunkBytes, onRow } = context;
  if (request.method === "POST") return docsByKeys(context, found, await jsonBody(request));
  if (request.method !== "GET" && request.method !== "HEAD") throw methodNotAllowed("GET,HEAD,POST");
  const query = docsQuery(request.url.searchParams);
  const { total, offset, entries } = readWindow(found, query, () => true);
  const rows = mapped(entries, (entry) => docRow(entry, query.includeDocs));
  return listReply(`{"total_rows":${total},"offset":${offset},"rows":[\r\n`, rows, chunkBytes, onRow);
}

/** @param {Entry} entry @param {boolean} includeDocs */
function docRow(entry, includeDocs) {
  const { id, rev, deleted } = entry;
  const doc = deleted ? null : shownDocument(id, entry);
  return JSON.stringify({ id, key: id, value: { rev, ...(deleted && { deleted }) }, ...(includeDocs && { doc }) });
}

/** @param {Context} context @param {Database} found @param {{ keys: string[] }} body @returns {Reply} */
function docsByKeys({ request, chunkBytes, onRow }, found, { keys }) {
  const { includeDocs } = docsQuery(request.url.searchParams);
  const rows = mapped(keys, (key) => {
    if (key.startsWith("_local/")) return localRow(found, key, includeDocs);
    const entry = found.entries.get(key);
    return entry ? docRow(entry, includeDocs) : JSON.stringify({ key, error: "not_found" });
  });
  return listReply(`{"total_rows":${found.docCount},"offset":null,"rows":[\r\n`, rows, chunkBytes, onRow);
}

/** @param {string} head @param {Iterable<string>} rows @param {number} chunkBytes @param {() => void} onRow @returns {Reply} */
function listReply(head, rows, chunkBytes, onRow) {
  return { status: 200, headers: [], body: chunkedList(head, rows, "\r\n]}\n", chunkBytes, onRow) };
}

/** @template T @param {Iterable<T>} items @param {(item: T) => string} text */
function* mapped(items, text) {
  for (const item of items) yield text(item);
}
