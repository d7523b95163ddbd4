// @ts-check
// The examples, run from the command line against the simulator on a port or a real server: their output.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readdirSync } from "node:fs";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { describe, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { wholeDoc, wholeJob } from "../support/rows.js";
import { COUCHDB_URL, simulatedOnPort, testOfSimulator } from "../support/server.js";

/** @typedef {import("node:test").TestContext} TestContext */

const FOLDER = fileURLToPath(new URL("../../examples/", import.meta.url));
const HELPERS = ["server.mjs", "table.mjs"];
const SCRIPTS = readdirSync(FOLDER).filter((file) => file.endsWith(".mjs") && !HELPERS.includes(file));

/**
 * @param {string} script
 * @param {string | undefined} url
 * @param {string[]} args
 * @returns {Promise<{ code: unknown, stdout: string, stderr: string }>}
 */
function run(script, url, ...args) {
  const { COUCHDB_URL: _, ...env } = process.env;
  if (url !== undefined) env.COUCHDB_URL = url;
  return new Promise((resolve) => {
    execFile(process.execPath, [FOLDER + script, ...args], { env, timeout: 120_000 }, (error, stdout, stderr) =>
      resolve({ code: error ? (error.code ?? error.signal) : 0, stdout, stderr }),
    );
  });
}

/** The output of a successful run. @param {string} script @param {string} url @param {string[]} args */
async function printed(script, url, ...args) {
  const { code, stdout, stderr } = await run(script, url, ...args);
  assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
  assert.doesNotMatch(stdout, /\[object|undefined|\bnull\b|NaN|Invalid|s3cret|\t/);
  assert.doesNotMatch(stdout, / $/m, "nothing hangs over at the end of a line");
  return stdout;
}

/**
 * A server with replications in all states, and its own lists for comparison.
 *
 * @param {TestContext} t
 * @param {import("../../simulator/index.js").SimulatorOptions} [options]
 */
async function fleet(t, options = { docs: 60 }) {
  const simulated = COUCHDB_URL ? undefined : await simulatedOnPort(t, options);
  const url = COUCHDB_URL ?? withAdmin(/** @type {NonNullable<typeof simulated>} */ (simulated).url);
  const { origin, username, password } = new URL(url);
  const authorization = `Basic ${btoa(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`)}`;
  /** @param {string} method @param {string} path @param {unknown} [body] @returns {Promise<any>} */
  const request = async (method, path, body) => {
    const headers = { accept: "application/json", authorization, "content-type": "application/json" };
    const response = await fetch(origin + path, { method, headers, body: body ? JSON.stringify(body) : null });
    assert(response.ok, `${method} ${path}: ${response.status}`);
    return response.json();
  };
  /** @returns {Promise<any[]>} */
  const rows = async () => (await request("GET", "/_scheduler/docs")).docs.map(wholeDoc);
  /** @param {string} id @returns {Promise<any>} */
  const row = async (id) => wholeDoc(await request("GET", `/_scheduler/docs/_replicator/${id}`));
  /** @returns {Promise<any[]>} */
  const jobs = async () => (await request("GET", "/_scheduler/jobs?limit=1000000")).jobs.map(wholeJob);
  /** The URL of a database for the server itself. @param {string} database */
  const here = (database, user = { username, password }) => Object.assign(new URL(database, origin), user).href;
  /** Waits until a replication is in one of these states and, if it runs, has counters. @param {string} id @param {...string} states */
  const reached = async (id, ...states) => {
    for (let looks = 0; looks < 300; looks++) {
      const { state: now, info } = await row(id);
      if (states.includes(now) && (now !== "running" || info !== null)) return now;
      if (simulated) simulated.simulator.clock.advance(1_000);
      else await setTimeout(200);
    }
    throw new Error(`${id} did not become ${states.join(" or ")}`);
  };
  const server = { url, origin, simulator: simulated?.simulator, request, rows, row, jobs, here, reached };
  if (COUCHDB_URL && options.docs) await bringReplications(t, server);
  return server;
}

/** Enough for several pages. */
const BROUGHT = 13;

/**
 * A real server can be empty, so the test creates running replications.
 *
 * @param {TestContext} t
 * @param {{ request: (method: string, path: string, body?: unknown) => Promise<any>, here: (database: string) => string,
 *   reached: (id: string, state: string) => Promise<void> }} server
 */
async function bringReplications(t, { request, here, reached }) {
  const name = `test-${randomBytes(5).toString("hex")}`;
  const ids = Array.from({ length: BROUGHT }, (_, i) => `${name}-${i + 10}`);
  t.after(() => remove(request, ids, [name, ...ids]));
  await request("PUT", `/${name}`);
  for (const id of ids) {
    const document = { source: here(name), target: here(id), create_target: true, continuous: true };
    await request("PUT", `/_replicator/${id}`, document);
  }
  for (const id of ids) await reached(id, "running");
}

/**
 * Removes everything that a test has created on a real server, even after a failure.
 *
 * @param {(method: string, path: string) => Promise<any>} request
 * @param {string[]} ids
 * @param {string[]} databases
 */
async function remove(request, ids, databases) {
  const unlessMissing = (/** @type {Error} */ error) => assert.match(error.message, /: 404$/);
  for (const id of ids) {
    const document = await request("GET", `/_replicator/${id}`).catch(unlessMissing);
    if (document) await request("DELETE", `/_replicator/${id}?rev=${document._rev}`);
  }
  // A running replication may not have created its target yet.
  for (const database of databases) await request("DELETE", `/${database}`).catch(unlessMissing);
}

/**
 * Replications with a known outcome, once they have reached it.
 *
 * @param {TestContext} t
 */
async function failingFleet(t) {
  const server = await fleet(t, { docs: 0 });
  const { origin, request, here, reached } = server;
  const name = `test-${randomBytes(5).toString("hex")}`;
  const refusing = new URL(await unusedAddress()).host;
  const nobody = { username: `${name}-nobody`, password: "wrong" };
  const well = { source: here(name), target: here(`${name}-copy`), create_target: true, continuous: true };
  /** @type {Record<string, { document: Record<string, unknown>, cause: string, state: string, words: string }>} */
  const known = {
    [`${name}-gone`]: {
      document: { ...well, source: here(`${name}-gone`) },
      ...{ cause: "database_missing", state: "crashing", words: `${origin}/${name}-gone/` },
    },
    [`${name}-refused`]: {
      document: { ...well, source: `http://user:secret@${refusing}/orders` },
      ...{ cause: "connection_refused", state: "crashing", words: `The source http://${refusing}/` },
    },
    [`${name}-unknown-host`]: {
      document: { ...well, target: "http://user:secret@couch.nowhere.invalid:5984/orders" },
      ...{ cause: "host_unknown", state: "crashing", words: "The target http://couch.nowhere.invalid:5984/" },
    },
    [`${name}-wrong-password`]: {
      document: { ...well, source: here(name, nobody), continuous: false },
      ...{ cause: "unauthorized", state: "crashing", words: nobody.username },
    },
    [`${name}-filter`]: {
      document: { ...well, filter: "nothing/here" },
      ...{ cause: "filter", state: "error", words: "_design/nothing" },
    },
    [`${name}-twice`]: { document: well, ...{ cause: "duplicate", state: "failed", words: `${name}-well` } },
  };
  if (COUCHDB_URL) t.after(() => remove(request, [`${name}-well`, ...Object.keys(known)], [name, `${name}-copy`]));
  await request("PUT", `/${name}`);
  await request("PUT", `/_replicator/${name}-well`, well);
  await reached(`${name}-well`, "running");
  for (const [id, { document }] of Object.entries(known)) await request("PUT", `/_replicator/${id}`, document);
  // In a cluster, the second document gets a job if another node runs the replication; that job fails, and is tried again.
  const twice = /** @type {{ state: string, words: string }} */ (known[`${name}-twice`]);
  twice.state = await reached(`${name}-twice`, "failed", "crashing");
  if (twice.state === "crashing") twice.words = "already runs on the node";
  for (const [id, { state }] of Object.entries(known)) await reached(id, state);
  return { ...server, known };
}

/** The progress of a job, computed from the server's counters. @param {any} info */
function farAs(info) {
  if (info === null) return "no counters yet";
  const { docs_written, changes_pending, revisions_checked } = info;
  const written = `${docs_written} documents written`;
  if (changes_pending === null) return `${written}, number of pending changes unknown`;
  if (changes_pending === 0) return `${written}, up to date`;
  const percent = Math.floor((100 * revisions_checked) / (revisions_checked + changes_pending));
  return `${written}, ${changes_pending} changes pending, ${percent} %`;
}

/** @param {string} url */
const withAdmin = (url) => Object.assign(new URL(url), { username: "admin", password: "pass" }).href;

/** Rows that are the same before and after: on a real server others start, end and change during the test. @param {any[]} before @param {any[]} after */
function steady(before, after) {
  const texts = new Set(after.map((row) => JSON.stringify(row)));
  return before.filter((row) => texts.has(JSON.stringify(row)));
}

/**
 * The output of a script, and the rows that did not change meanwhile; once more if all of them changed.
 *
 * @param {() => Promise<any[]>} rows
 * @param {() => Promise<string>} print
 */
async function printedWhileSteady(rows, print) {
  for (let attempt = 0; attempt < 20; attempt++) {
    const before = await rows();
    const text = await print();
    const known = steady(before, await rows());
    if (known.length > 0) return { before, text, known };
  }
  throw new Error("all rows change all the time, or there are none");
}

describe("the examples", () => {
  test("list all documents", async (t) => {
    const { url, rows } = await fleet(t);
    const { before, text, known } = await printedWhileSteady(rows, () => printed("list-documents.mjs", url));
    const lines = text.split("\n");
    const heads = ["STATE", "SINCE", "SOURCE", "TARGET"];
    const columns = heads.map((head) => lines[0].indexOf(head));
    for (const { doc_id, state, last_updated, source, target } of known) {
      const line = lines.find((line) => line.startsWith(`${doc_id}  `));
      assert(line, `${doc_id} is missing`);
      const shown = [state, last_updated, source, target].map((value) => value ?? "-");
      // The text is one character shorter for each character that takes two columns in a terminal.
      const wide = doc_id.match(/[日本語]/g)?.length ?? 0;
      for (const [i, value] of shown.entries()) {
        assert.equal(line.slice(columns[i] - wide).split("  ")[0], value, `${heads[i]} of ${line}`);
      }
    }
    assert.deepEqual(lines.slice(-3), ["", `${lines.length - 4} replication documents`, ""]);
    if (!COUCHDB_URL) assert.equal(lines.length - 4, before.length);
  });

  test("walk all documents page by page", async (t) => {
    const { url, rows } = await fleet(t);
    const before = await rows();
    assert(before.length >= BROUGHT);
    const size = Math.floor(before.length / 6.5);
    const lines = (await printed("walk-documents.mjs", url, String(size))).split("\n");
    const expected = [];
    for (let at = 0, page = 1; at < before.length; at += size, page++) {
      const docs = before.slice(at, at + size);
      expected.push(`Page ${page}: ${docs.length} documents, from ${docs[0].doc_id} to ${docs.at(-1).doc_id}`);
    }
    assert.deepEqual(lines.slice(0, -3), expected);
    assert.deepEqual(lines.slice(-3), ["", `${before.length} documents on ${expected.length} pages`, ""]);
  });

  test("list running jobs with progress and the last three events", async (t) => {
    const { url, jobs, simulator } = await fleet(t);
    simulator?.clock.advance(600_000);
    const runningJobs = async () => (await jobs()).filter(({ pid }) => pid);
    const all = (await jobs()).length;
    const { text, known: running } = await printedWhileSteady(runningJobs, () => printed("list-jobs.mjs", url));
    const blocks = text.split("\n\n");
    assert.match(blocks.at(-1) ?? "", /^\d+ of \d+ jobs are running\.\n$/);
    for (const { doc_id, database, source, target, info, history } of running) {
      const lines = [
        doc_id === null ? "A request to _replicate" : `${doc_id} in ${database}`,
        `  ${source} → ${target}`,
        `  ${farAs(info)}`,
      ];
      for (const { timestamp, type, reason } of history.slice(0, 3)) {
        const width = Math.max(...history.slice(0, 3).map((/** @type {any} */ event) => event.type.length));
        lines.push(`  ${timestamp}  ${type.padEnd(width)}  ${(reason ?? "").replace(/\s+/g, " ")}`.trimEnd());
      }
      assert(blocks.includes(lines.join("\n")), `${lines.join("\n")}\n\nis not in\n\n${blocks.join("\n\n")}`);
    }
    if (COUCHDB_URL) return;
    assert(running.some(({ history }) => history.length > 3));
    assert.equal(blocks.length - 1, running.length);
    assert.equal(blocks.at(-1), `${running.length} of ${all} jobs are running.\n`);
  });

  test("find the failing replications and their reasons", async (t) => {
    const { url, known } = await failingFleet(t);
    const groups = (await printed("failing.mjs", url)).split("\n\n");
    assert.match(groups.at(-1) ?? "", /^\d+ replications fail\.\n$/);
    for (const [id, { cause, state, words }] of Object.entries(known)) {
      const group = groups.find((group) => group.includes(`\n  ${id} `))?.split("\n");
      assert(group, `${id} is missing`);
      const [title, hint, ...rows] = group;
      assert.equal(title, `${rows.length} × ${cause}`, id);
      assert.match(hint, /^ {2}[A-Z].*\.$/);
      const row = rows.find((row) => row.startsWith(`  ${id} `)) ?? "";
      assert.deepEqual(row.split(/ {2,}/).slice(0, 3), ["", id, state]);
      assert(row.includes(words), `${words} is not in ${row}`);
      const columns = new Set(rows.map((row) => row.search(/ {2}(crashing|error|failed) /)));
      assert.equal(columns.size, 1, `aligned:\n${rows.join("\n")}`);
    }
  });

  test("the incidents that cause all failures", async (t) => {
    const { url, known } = await failingFleet(t);
    const blocks = (await printed("incidents.mjs", url)).split("\n\n");
    const [, failures, count] = /^(\d+) failures, (\d+) incidents\n$/.exec(blocks.pop() ?? "") ?? [];
    assert.equal(blocks.length, Number(count));
    const totals = blocks.map((block) => Number.parseInt(block, 10));
    assert.equal(
      totals.reduce((sum, total) => sum + total, 0),
      Number(failures),
    );
    for (const [id, { cause, state }] of Object.entries(known)) {
      const block = blocks.find((block) => block.split("\n").at(-1)?.includes(id));
      // On a server with many failures, it is not among the first three ids.
      if (block === undefined && COUCHDB_URL) continue;
      const [title, message, hint, times] = block?.split("\n") ?? [];
      assert.match(title, new RegExp(`^\\d+ × ${cause}( at .+)?$`), id);
      for (const sentence of [message, hint]) assert.match(sentence, /^ {2}[A-Z].+\.$/, id);
      assert.match(times, /^ {2}first \d{4}-.+Z/);
      if (state === "crashing") assert.match(times, /, next attempt \d{4}-.+Z$/, id);
    }
  });

  test("how far behind all replications are", async (t) => {
    const { url, here, request, reached } = await fleet(t, { docs: 0 });
    const name = `test-${randomBytes(5).toString("hex")}`;
    const elsewhere = `http://user:s3cret@${new URL(await unusedAddress()).host}/orders`;
    const ids = [name, `${name}-elsewhere`];
    if (COUCHDB_URL) t.after(() => remove(request, ids, [name, `${name}-copy`]));
    await request("PUT", `/${name}`);
    for (let n = 0; n < 3; n++) await request("PUT", `/${name}/d${n}`, { n });
    const document = { source: here(name), target: here(`${name}-copy`), create_target: true, continuous: true };
    await request("PUT", `/_replicator/${name}`, document);
    await request("PUT", `/_replicator/${name}-elsewhere`, { ...document, source: elsewhere });
    await reached(name, "running");
    await reached(`${name}-elsewhere`, "crashing");
    for (const [args, ending] of /** @type {[string[], RegExp][]} */ ([
      [[], / {2}crashing {2,}unknown +- +(unknown|beginning)$/],
      [["stored"], / {2}crashing {2,}unknown +- +unreachable: http:\/\/127\.0\.0\.1:\d+\/orders\/$/],
    ])) {
      const lines = (await printed("lag.mjs", url, ...args)).split("\n");
      assert.match(lines[0], /^DOCUMENT +STATE +BACKLOG +LATEST PROGRESS +A RESTART CONTINUES AT$/);
      const lineOf = (/** @type {string} */ id) => lines.find((line) => line.startsWith(`${id}  `)) ?? "";
      assert.match(lineOf(name), / {2}running {2,}\d+ +(-|\d{4}-.+Z) +(beginning|checkpoint)$/);
      assert.match(lineOf(`${name}-elsewhere`), ending);
      assert.deepEqual(lines.slice(-3), ["", `${lines.length - 4} replications`, ""]);
      if (!COUCHDB_URL) assert.equal(lines.length, 6);
    }
  });

  test("why jobs wait", async (t) => {
    const { url, jobs, simulator } = await fleet(t);
    simulator?.provoke.starve(3);
    simulator?.clock.advance(240_000);
    const { before, text } = await printedWhileSteady(jobs, () => printed("why-pending.mjs", url));
    const counts = (/** @type {string} */ name) =>
      [...text.matchAll(new RegExp(`^ {2}${name} +([\\d,]+)`, "gm"))].map(([, count]) =>
        Number(count.replaceAll(",", "")),
      );
    assert.ok(counts("running").length > 0, text);
    assert.match(text, /^ {2}running +[\d,]+ {2}of at most [\d,]+$/m);
    if (COUCHDB_URL) return;
    const sum = ["running", "pending", "crashing"].flatMap(counts).reduce((total, count) => total + count, 0);
    assert.equal(sum, before.length);
    assert.match(text, /^ {2}running +3 {2}of at most 3$/m);
    assert.match(text, /^ {2}pending +\d+ {2}each waits for about [\d,]+ s$/m);
    assert.match(text, /^ {2}.+ has waited longest: [\d,]+ s$/m);
  });

  test("what a target has refused", async (t) => {
    const { url, here, request, reached } = await fleet(t, { docs: 0 });
    const name = `test-${randomBytes(5).toString("hex")}`;
    if (COUCHDB_URL) t.after(() => remove(request, [name, `${name}-far`], [name, `${name}-copy`, `${name}-far`]));
    for (const database of [name, `${name}-copy`, `${name}-far`]) await request("PUT", `/${database}`);
    await request("PUT", `/${name}-copy/_design/validate`, {
      validate_doc_update: 'function (doc) { if (doc.bad) throw { forbidden: "no" }; }',
    });
    await request("PUT", `/${name}/good`, {});
    const { rev } = await request("PUT", `/${name}/refused`, { bad: true });
    await request("PUT", `/_replicator/${name}`, { source: here(name), target: here(`${name}-copy`) });
    await reached(name, "completed");
    const continuous = { source: here(name), target: here(`${name}-far`), continuous: true };
    await request("PUT", `/_replicator/${name}-far`, continuous);
    await reached(`${name}-far`, "running");
    const overview = (await printed("verify.mjs", url)).split("\n");
    assert.match(overview[0], /^REPLICATION +DOCUMENTS +REFUSED +IN FLIGHT$/);
    assert.match(overview.find((line) => line.startsWith(`${name}  `)) ?? "", / {2}2 +1 +0$/);
    const lines = (await printed("verify.mjs", url, name)).split("\n");
    assert.match(lines[1], / {2}2 +1 +0$/);
    assert.match(lines[3], /^MISSING +DOCUMENT +REVISIONS$/);
    assert.equal(lines[4].replace(/ +/g, " "), `refused refused ${rev}`);
    assert.match(lines[6], /purged at the target/);
    const { code, stderr } = await run("verify.mjs", url, "no-such-document");
    assert.equal(code, 1);
    assert.match(stderr, /^404 not_found/);
    if (COUCHDB_URL) return;
    await request("PUT", "/_replicator/unread", { source: "http://couch.nowhere.test/a", target: here(name) });
    await reached("unread", "completed");
    assert.match(await printed("verify.mjs", url), /^1 replications have an end on another server\./m);
    const stored = await printed("verify.mjs", url, "stored");
    assert.match(stored, /^unread +- +- +- +\S.*couch\.nowhere\.test/m);
  });

  test("details of one document with its error", async (t) => {
    const { url, known, row } = await failingFleet(t);
    for (const [id, { state, words }] of Object.entries(known)) {
      const text = await printed("one-document.mjs", url, id);
      const [fields, message, own] = text.split("\n\n");
      assert.match(fields, /^database +_replicator$/m);
      const lines = fields.split("\n");
      assert(lines.includes(`doc_id        ${id}`), fields);
      assert(lines.includes(`state         ${state}`), fields);
      assert(message.includes(words), message);
      assert.match(message, /^.+\.\n.+\.$/m, "what is wrong, and what to do");
      assert.equal(own, `CouchDB's own words:\n${(await row(id)).info.error}\n`);
      assert.equal(message.includes("CouchDB will retry it at"), state === "crashing");
    }
    const { code, stderr } = await run("one-document.mjs", url, "no-such-document");
    assert.equal(code, 1);
    assert.match(stderr, /^404 not_found/);
  });

  test("start a replication and follow it to its end", async (t) => {
    const { url, request } = await fleet(t, { clock: { speed: 20 } });
    const name = `test-${randomBytes(5).toString("hex")}`;
    await request("PUT", `/${name}`);
    for (let i = 0; i < 7; i++) await request("PUT", `/${name}/order-${i}`, { i });
    const lines = (await printed("start-replication.mjs", url, name, `${name}-copy`)).split("\n");
    const [title, id] = lines[0].split(", document ");
    const { _rev, source } = await request("GET", `/_replicator/${id}`);
    const { doc_count } = await request("GET", `/${name}-copy`);
    if (COUCHDB_URL) {
      await request("DELETE", `/_replicator/${id}?rev=${_rev}`);
      for (const database of [name, `${name}-copy`]) await request("DELETE", `/${database}`);
      assert.equal(doc_count, 7);
    }
    assert.equal(title, `${name} → ${name}-copy`);
    assert(JSON.stringify(source).includes(name));
    const steps = lines.slice(1, -1);
    assert.equal(steps.pop(), "completed: 7 documents written");
    for (const step of steps) assert.match(step, /^(no state yet|initializing|pending|running): \d documents written$/);
  });

  test("follow a replication that crashes", async (t) => {
    const { url, request } = await fleet(t, { clock: { speed: 20 } });
    const name = `test-${randomBytes(5).toString("hex")}`;
    const child = spawn(process.execPath, [`${FOLDER}start-replication.mjs`, name, `${name}-copy`], {
      env: { ...process.env, COUCHDB_URL: url },
    });
    t.after(() => child.kill());
    const lines = [];
    for await (const line of createInterface({ input: child.stdout })) {
      lines.push(line);
      if (line.includes("Ctrl-C")) break;
    }
    const [, id] = lines[0].split(", document ");
    if (COUCHDB_URL) {
      const { _rev } = await request("GET", `/_replicator/${id}`);
      await request("DELETE", `/_replicator/${id}?rev=${_rev}`);
    }
    const at = lines.findIndex((line) => line.startsWith("crashing: "));
    assert.match(lines[at], new RegExp(`^crashing: The source .*/${name}/ `));
    assert.match(lines[at + 1], /^ {2}\S.*\.$/);
    assert.equal(lines.length, at + 3);
  });

  testOfSimulator("restart the failing replications", async (t) => {
    const { url, rows } = await fleet(t, { docs: 60, clock: { speed: 20 } });
    const failing = (await rows()).filter(({ state }) => ["crashing", "error", "failed"].includes(state));
    const lines = (await printed("restart-failing.mjs", url)).split("\n");
    const restarted = lines.filter((line) =>
      /: was (crashing|error|failed), restarted from its checkpoint$/.test(line),
    );
    assert.ok(restarted.length > failing.length / 2, lines.join("\n"));
    assert.match(lines.at(-2) ?? "", new RegExp(`^${lines.length - 3} replications were tried again`));
    const failed = (await printed("restart-failing.mjs", url, "error")).split("\n");
    assert.ok(
      failed.slice(0, -3).every((line) => /^\S+: was \w+, restarted/.test(line)),
      failed.join("\n"),
    );
  });

  testOfSimulator("a healthy document: its counters", async (t) => {
    const { url, rows } = await fleet(t);
    const row = (await rows()).find(({ state, info }) => state === "running" && info?.changes_pending);
    const text = await printed("one-document.mjs", url, row.doc_id);
    const counters = text.split("\n\n")[1].split("\n");
    for (const [name, value] of Object.entries(row.info)) {
      assert(counters.includes(`${name.padEnd("checkpointed_source_seq".length)}  ${value}`), text);
    }
  });

  testOfSimulator("a fleet summary", async (t) => {
    const { url, rows } = await fleet(t);
    const docs = await rows();
    const lines = (await printed("summary.mjs", url)).split("\n");
    const count = (/** @type {string[]} */ ...states) => docs.filter(({ state }) => states.includes(state)).length;
    const sum = (/** @type {string} */ field) => docs.reduce((total, { info }) => total + (info?.[field] ?? 0), 0);
    const line = (/** @type {number} */ n, /** @type {string} */ text) =>
      `${n.toLocaleString("en").padStart(9)}  ${text}`;
    for (const state of ["initializing", "running", "completed", "pending", "crashing", "error", "failed"]) {
      const bar = "█".repeat(Math.ceil((40 * count(state)) / docs.length));
      assert(lines.includes(`${line(count(state), state).padEnd(34)}${bar}`), lines.join("\n"));
    }
    const unhealthy = count("crashing", "error", "failed");
    assert.deepEqual(lines.slice(8), [
      line(docs.length, "replications"),
      line(docs.length - unhealthy, "healthy"),
      line(unhealthy, "unhealthy"),
      line(
        docs.filter(({ state, error_count }) => (state === "running" || state === "pending") && error_count > 0).length,
        "retrying",
      ),
      "",
      line(sum("docs_read"), "documents read"),
      line(sum("docs_written"), "documents written"),
      line(sum("doc_write_failures"), "refused by the target"),
      line(sum("changes_pending"), "changes pending"),
      "",
    ]);
  });
});

describe("an empty server", () => {
  /** @type {Record<string, RegExp>} */
  const said = {
    "failing.mjs": /^No replication fails\.\n$/,
    "incidents.mjs": /^No replication fails\.\n$/,
    "lag.mjs": /^There are no replications with a job\.\n$/,
    "list-documents.mjs": /^There are no replication documents\.\n$/,
    "list-jobs.mjs": /^There are no jobs\.\n$/,
    "one-document.mjs": /^No replication fails\. To see one that does not, pass its document id\.\n$/,
    "verify.mjs": /^No replication runs or is completed\.\n$/,
    "restart-failing.mjs": /^No replication fails\.\n$/,
    "summary.mjs": /^There are no replication documents\.\n$/,
    "why-pending.mjs": /^couchdb@127\.0\.0\.1\n {2}running +0 {2}of at most 500\n {2}pending +0\n {2}crashing +0\n$/,
    "walk-documents.mjs": /^There are no replication documents\.\n$/,
  };
  for (const script of SCRIPTS.filter((script) => script !== "start-replication.mjs")) {
    testOfSimulator(`${script} reports an empty list`, async (t) => {
      const { url } = await simulatedOnPort(t, { docs: 0 });
      assert.match(await printed(script, withAdmin(url)), said[script]);
    });
  }
});

describe("errors are explained", () => {
  /** @type {[string, string | (() => Promise<string>), RegExp][]} */
  const wrong = [
    ["no server on the port", unusedAddress, /^cannot connect to the server: connection refused.*ECONNREFUSED/],
    ["no address", "nonsense", /^new \w+: url must be an absolute URL/],
  ];
  for (const script of SCRIPTS) {
    for (const [what, address, message] of wrong) {
      test(`${script}: ${what}`, async () => {
        const url = typeof address === "string" ? address : await address();
        const { code, stdout, stderr } = await run(script, url);
        assert.match(stderr, message);
        assert.doesNotMatch(stderr, /^ +at /m, "without a stack");
        assert.deepEqual({ code, stdout }, { code: 1, stdout: "" });
      });
    }
  }
});

test("a wrong password", async (t) => {
  const { url } = await fleet(t, { docs: 0 });
  // A separate user name: the server locks a name after five wrong passwords.
  const wrong = Object.assign(new URL(url), {
    username: `nobody-${randomBytes(4).toString("hex")}`,
    password: "wrong",
  });
  const { code, stdout, stderr } = await run("summary.mjs", wrong.href);
  assert.deepEqual({ code, stdout }, { code: 1, stdout: "" });
  assert.match(stderr, /^401 unauthorized: Name or password is incorrect/);
  assert.doesNotMatch(stderr, /:wrong/);
});

describe("without COUCHDB_URL", () => {
  for (const script of SCRIPTS) {
    test(`${script} shows a simulated server, and says so`, async () => {
      const { code, stdout, stderr } = await run(script, undefined);
      assert.deepEqual({ code, stderr: stderr.split(";")[0] }, { code: 0, stderr: "This is a simulated server" });
      assert(stdout.split("\n").length > 3);
    });
  }
});

/** @returns {Promise<string>} */
function unusedAddress() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
      server.close(() => resolve(`http://admin:pass@127.0.0.1:${port}`));
    });
  });
}
