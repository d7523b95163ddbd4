// @ts-check
// `summary`, `list`, `jobs` and `show`: what they print, for people and for programs, and what it costs.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync } from "node:fs";
import { text } from "node:stream/consumers";
import { describe, test } from "node:test";
import { wholeDoc } from "../support/rows.js";
import { endedReplication, testOfSimulator } from "../support/server.js";
import { cli, endedReplications, environment, MAIN, serverOnPort, started } from "./command-line.js";

/** @param {Awaited<ReturnType<typeof endedReplications>>} server @param {string[]} args */
async function printed({ env, database }, ...args) {
  const { code, stdout, stderr } = await cli([...args, "-d", database], { env });
  assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
  return stdout;
}

/** @param {string} text */
const lines = (text) => text.replace(/\n$/, "").split("\n");

describe("list", () => {
  test("a table", async (t) => {
    const [head, ...rows] = lines(await printed(await endedReplications(t), "list"));
    assert.match(head ?? "", /^STATE {8}DOCUMENT {2}SOURCE {15}TARGET {13}CHANGED +DETAILS$/);
    assert.equal(rows.length, 3);
    assert.match(rows[0] ?? "", /^✗ failed {5}broken {4}.* (ago|in \d+ d) {2}The /);
    assert.match(
      rows[1] ?? "",
      /^✓ completed {2}ended-1 {3}127\.0\.0\.1:5984\/from {2}127\.0\.0\.1:5984\/to .* (ago|in \d+ d) {2}3 written$/,
    );
  });

  test("--plain", async (t) => {
    const rows = lines(await printed(await endedReplications(t), "list", "--plain")).map((line) => line.split("\t"));
    const to = ["http://127.0.0.1:5984/from/", "http://127.0.0.1:5984/to/"];
    const error = "db_not_found: could not open http://127.0.0.1:5984/from/";
    assert.deepEqual(
      rows.map((row) => [row[0], row[1], row[4], row[6]]),
      [
        ["broken", "failed", "1", error],
        ["ended-1", "completed", "0", ""],
        ["ended-2", "completed", "0", ""],
      ],
    );
    assert.deepEqual(rows[1]?.slice(2, 4), to);
    assert.match(rows[1]?.[5] ?? "", /^\d{4}-.*Z$/);
  });

  test("--state, and --json with all fields or some", async (t) => {
    const server = await endedReplications(t);
    const path = `/_scheduler/docs/${encodeURIComponent(server.database)}`;
    const expected = (await server.request("GET", path)).docs.map(wholeDoc);
    assert.deepEqual(JSON.parse(await printed(server, "list", "--json")), expected);
    const some = '[\n{"doc_id":"ended-1","state":"completed"},\n{"doc_id":"ended-2","state":"completed"}\n]\n';
    assert.equal(await printed(server, "list", "--state", "completed", "--json", "doc_id,state"), some);
    assert.equal(await printed(server, "list", "--json=doc_id,state", "-s", "completed"), some);
    assert.equal(await printed(server, "list", "--state", "running", "--json"), "[]\n");
  });

  test("none", async (t) => {
    const { env, database } = await endedReplications(t);
    const { code, stdout, stderr } = await cli(["list", "-s", "running", "-d", database], { env });
    assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: "", stderr: "No replication is in these states.\n" });
  });

  test("hostile ids reach the terminal as escapes, and programs unchanged", async (t) => {
    const id = "\x1b]0;owned\x07\t\u202egnp.exe\u009b31m\u2028";
    const server = await endedReplications(t, [endedReplication(id)]);
    for (const format of [[], ["--plain"], ["--json"]]) {
      const text = await printed(server, "list", ...format);
      assert.doesNotMatch(text.replaceAll("\n", "").replaceAll("\t", ""), /[\p{Cc}\p{Cf}\p{Zl}]/u);
    }
    const escaped = "\\u001b]0;owned\\u0007\\t\\u202egnp.exe\\u009b31m\\u2028";
    assert.ok((await printed(server, "list")).includes(escaped));
    assert.equal(lines(await printed(server, "list", "--plain"))[0]?.split("\t")[0], escaped);
    assert.equal(JSON.parse(await printed(server, "list", "--json"))[0].doc_id, id);
  });
});

describe("summary", () => {
  test("of ended replications", async (t) => {
    const server = await endedReplications(t);
    const text = await printed(server, "summary");
    assert.match(text, /^✓ completed {5}2$/m);
    assert.match(text, /^✗ failed {8}1$/m);
    assert.match(text, /^replications +3\n/m);
    assert.match(text, /^unhealthy +1\n/m);
    assert.match(text, /^changes pending +unknown\n/m);
    const plain = Object.fromEntries(
      lines(await printed(server, "summary", "--plain")).map((line) => line.split("\t")),
    );
    const { states, database, ...numbers } = JSON.parse(await printed(server, "summary", "--json"));
    assert.equal(database, server.database);
    assert.deepEqual(
      plain,
      Object.fromEntries(Object.entries({ ...states, ...numbers }).map(([name, value]) => [name, String(value ?? "")])),
    );
    assert.deepEqual([states.completed, states.failed, numbers.total], [2, 1, 3]);
    assert.equal(await printed(server, "summary", "--json", "unhealthy"), '{\n  "unhealthy": 1\n}\n');
  });

  testOfSimulator("is one request", async (t) => {
    const { env, simulator } = await serverOnPort(t, { docs: 300 });
    await cli(["summary"], { env });
    assert.deepEqual(
      simulator?.requests.map(({ path }) => path.split("?")[0]),
      ["/_scheduler/docs/_replicator"],
    );
  });

  test("a missing database: exit code 5", async (t) => {
    const { env } = await serverOnPort(t);
    const { code, stdout, stderr } = await cli(["summary", "-d", "nowhere/_replicator"], { env });
    assert.match(stderr, /404 not_found/);
    assert.deepEqual([code, stdout], [5, ""]);
  });
});

describe("jobs", () => {
  testOfSimulator("as a table, plain and JSON", async (t) => {
    const { env, request } = await serverOnPort(t, { docs: 60 });
    const { jobs } = await request("GET", "/_scheduler/jobs?limit=1000");
    const ids = jobs.map((/** @type {any} */ { id }) => id);
    const table = await cli(["jobs"], { env });
    assert.match(table.stdout, /^STATE {6,}DOCUMENT .*DATABASE .*SOURCE .*TARGET .*NODE .*STARTED .*DETAILS\n/);
    assert.match(table.stdout, /\(transient\)/);
    assert.equal(lines(table.stdout).length, jobs.length + 1);
    const plain = await cli(["jobs", "--plain"], { env });
    assert.deepEqual(
      lines(plain.stdout).map((line) => line.split("\t")[0]),
      ids,
    );
    const json = await cli(["jobs", "--json", "id,history"], { env });
    assert.deepEqual(
      JSON.parse(json.stdout).map((/** @type {any} */ { id }) => id),
      ids,
    );
    assert.deepEqual(Object.keys(JSON.parse(json.stdout)[0]), ["id", "history"]);
  });

  testOfSimulator("none", async (t) => {
    const { env } = await serverOnPort(t);
    assert.deepEqual(await cli(["jobs"], { env }), { code: 0, stdout: "", stderr: "There are no jobs.\n" });
  });
});

describe("show", () => {
  test("a failed replication", async (t) => {
    const server = await endedReplications(t);
    const text = await printed(server, "show", "broken");
    assert.match(text, /^document {7}broken\n/);
    assert.match(text, /^state {10}✗ failed$/m);
    assert.match(
      text,
      /^failing since {2}2026-11-22T10:00:00Z \(\d+ d ago\)$|^failing since {2}2026-11-22T10:00:00Z \(in /m,
    );
    assert.match(text, /\n\nThe source http:\/\/127\.0\.0\.1:5984\/from\/? .*\.\n\S/);
    assert.doesNotMatch(text, /undefined|null|NaN/);
    const { doc, diagnosis, progress, job } = JSON.parse(await printed(server, "show", "broken", "--json"));
    assert.deepEqual(
      [doc.doc_id, diagnosis.cause, progress.docs_read, job],
      ["broken", "database_missing", null, null],
    );
    // The next argument is taken as fields only if it is one.
    assert.deepEqual(Object.keys(JSON.parse(await printed(server, "show", "--json", "broken"))), [
      "doc",
      "diagnosis",
      "progress",
      "job",
    ]);
    assert.equal(JSON.parse(await printed(server, "show", "broken", "--json", "diagnosis")).diagnosis.permanent, true);
  });

  testOfSimulator("a crashing replication, with its history", async (t) => {
    const { env } = await serverOnPort(t, { docs: 60 });
    const [id = ""] = (await cli(["list", "-s", "crashing", "--plain"], { env })).stdout.split("\t");
    const { code, stdout } = await cli(["show", id], { env });
    assert.equal(code, 0);
    assert.match(stdout, /^next attempt {3}\S+Z \(/m);
    assert.match(stdout, /\n\nHISTORY\n\S+Z {2}crashed {2}\S.*\n\S+Z {2}started\n/);
  });

  test("a missing document: exit code 5", async (t) => {
    const { env, database } = await endedReplications(t);
    const { code, stdout, stderr } = await cli(["show", "nothing", "-d", database], { env });
    assert.match(stderr, /404 not_found/);
    assert.deepEqual([code, stdout], [5, ""]);
  });
});

describe("ten thousand documents", () => {
  testOfSimulator("list --plain prints all, and begins after the first page", async (t) => {
    const { env, simulator } = await serverOnPort(t, { docs: 10_000 });
    const { printed, ended, child } = started(["list", "--plain"], { env });
    await printed("stdout", /\n/);
    // What was asked when the first line came: a few pages at most.
    const pages = simulator?.requests.filter(({ path }) => path.startsWith("/_scheduler/docs")).length ?? 0;
    assert.ok(pages <= 3, `${pages} pages`);
    child.stdout.resume();
    const { code, stdout } = await ended;
    assert.deepEqual([code, lines(stdout).length], [0, 10_000]);
  });

  testOfSimulator("list | head -1 ends at once: quietly, with the pages that were under way", async (t) => {
    for (const format of ["--plain", "--json", "--color=never"]) {
      const { env, simulator } = await serverOnPort(t, { docs: 10_000 });
      const { child, ended, printed, output } = started(["list", format], { env });
      await printed("stdout", /\n/);
      child.stdout.destroy();
      const { code } = await ended;
      assert.deepEqual([code, output.stderr], [0, ""]);
      const rows = simulator?.requests.reduce((sum, request) => sum + request.rows, 0) ?? 0;
      assert.ok(rows < 5_000, `${format}: ${rows} rows`);
    }
  });

  const isDiskFull = existsSync("/dev/full") ? {} : { skip: "there is no /dev/full" };

  testOfSimulator("a disk that is full ends the command with its error", isDiskFull, async (t) => {
    const { env } = await serverOnPort(t, { docs: 10_000 });
    const full = openSync("/dev/full", "w");
    t.after(() => closeSync(full));
    for (const format of ["--plain", "--json"]) {
      const child = spawn(process.execPath, [MAIN, "list", format], {
        env: environment(env),
        stdio: ["ignore", full, "pipe"],
      });
      const [stderr, [code]] = await Promise.all([text(/** @type {any} */ (child.stderr)), once(child, "close")]);
      assert.match(stderr, /^couchdb-scheduler: ENOSPC: no space left on device, write\n$/, format);
      assert.equal(code, 1);
    }
  });

  testOfSimulator("memory is level", async (t) => {
    // With 24 MB for objects, 10,000 rows at once do not fit; a table and JSON are printed while they arrive, too.
    const { env } = await serverOnPort(t, { docs: 10_000 });
    for (const format of ["--plain", "--json", "--color=never"]) {
      const { code, stderr } = await cli(["list", format], { env, node: ["--max-old-space-size=24"] });
      assert.deepEqual([code, stderr], [0, ""], format);
    }
  });
});
