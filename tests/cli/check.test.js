// @ts-check
// `check`: ranges, the verdict, the output, and what monitoring sees: one line on stdout, an exit code, at most 4 kB.

import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { failure, messageOf } from "../../pkg/cli/check/message.js";
import { alerts, readRange } from "../../pkg/cli/check/ranges.js";
import { judge, worst } from "../../pkg/cli/check/verdict.js";
import { testOfSimulator } from "../support/server.js";
import { cli, endedReplications, serverOnPort } from "./command-line.js";

const FOLDER = mkdtempSync(join(tmpdir(), "couchdb-scheduler-check-"));
after(() => rmSync(FOLDER, { recursive: true, force: true }));

describe("ranges", () => {
  /** The examples of the guidelines of the plugins. @type {[string, number[], number[]][]} */
  const cases = [
    ["10", [-1, 11], [0, 10]],
    ["10:", [9, -1], [10, 99]],
    ["~:10", [11], [-99, 10]],
    ["10:20", [9, 21], [10, 20]],
    ["@10:20", [10, 15, 20], [9, 21]],
    ["0", [1, -1], [0]],
    ["1.5:2.5", [1, 3], [2]],
  ];
  for (const [text, bad, good] of cases) {
    test(text, () => {
      const range = readRange(text, "-w");
      for (const value of bad) assert.equal(alerts(range, value), true, `${value}`);
      for (const value of good) assert.equal(alerts(range, value), false, `${value}`);
    });
  }

  for (const text of ["", "x", "20:10", "~", "@", "10:20:30", "1e3", " 1"]) {
    test(`${JSON.stringify(text)} is not one`, () =>
      assert.throws(() => readRange(text, "-w"), /-w: .* is not a range/));
  }
});

const STATES = { initializing: 0, running: 5, completed: 1, pending: 0, crashing: 0, error: 0, failed: 0 };

/** @param {Partial<typeof STATES>} [states] @returns {import("couchdb-scheduler").Summary} */
function summaryOf(states = {}) {
  const all = { ...STATES, ...states };
  const unhealthy = all.crashing + all.error + all.failed;
  const total = Object.values(all).reduce((sum, count) => sum + count, 0);
  const counters = { docs_read: 9, docs_written: 9, doc_write_failures: 0, changes_pending: null };
  return {
    database: "_replicator",
    total,
    states: all,
    unknown: 0,
    healthy: total - unhealthy,
    unhealthy,
    retrying: 0,
    ...counters,
  };
}

/** @param {[kind: string, severity: string][]} found @returns {any} */
const auditOf = (found, blind = 0) => ({
  findings: found.map(([kind, severity]) => ({ kind, severity, confirmed: severity !== "info" })),
  blind_spots: Array.from({ length: blind }, () => ({ what: "tasks", error: new Error("refused") })),
});

const none = readRange("0", "");
const DEFAULTS = { failed: { warning: none, critical: none }, crashing: { warning: none } };

describe("the verdict", () => {
  test("the worst counts", () => {
    assert.equal(worst([]), "OK");
    assert.equal(worst(["OK", "UNKNOWN"]), "UNKNOWN");
    assert.equal(worst(["UNKNOWN", "WARNING"]), "WARNING");
    assert.equal(worst(["CRITICAL", "WARNING", "OK"]), "CRITICAL");
  });

  test("of counts", () => {
    assert.equal(judge(summaryOf(), undefined, DEFAULTS).status, "OK");
    assert.equal(judge(summaryOf({ crashing: 1 }), undefined, DEFAULTS).status, "WARNING");
    assert.equal(judge(summaryOf({ crashing: 1, failed: 1 }), undefined, DEFAULTS).status, "CRITICAL");
    assert.equal(judge(summaryOf({ failed: 3 }), undefined, {}).status, "OK");
    const upTo5 = { unhealthy: { critical: readRange("5", "") } };
    assert.equal(judge(summaryOf({ failed: 5 }), undefined, upTo5).status, "OK");
    assert.equal(judge(summaryOf({ failed: 5, error: 1 }), undefined, upTo5).status, "CRITICAL");
  });

  test("what is unknown is not known to be fine, if it has a threshold", () => {
    assert.equal(
      judge(summaryOf(), undefined, { changes_pending: { warning: readRange("10", "") } }).status,
      "UNKNOWN",
    );
  });

  test("of findings: suspicions do not count", () => {
    assert.equal(judge(summaryOf(), auditOf([["stalled", "info"]]), DEFAULTS).status, "OK");
    const verdict = judge(summaryOf(), auditOf([["stalled", "warning"]]), DEFAULTS);
    assert.equal(verdict.status, "WARNING");
    assert.equal(verdict.metrics.find(({ name }) => name === "stalled")?.value, 1);
    assert.equal(judge(summaryOf(), auditOf([["stalled", "critical"]]), DEFAULTS).status, "CRITICAL");
  });

  test("a threshold of the user decides instead of the severity", () => {
    const two = { stalled: { warning: readRange("2", "") } };
    assert.equal(judge(summaryOf(), auditOf([["stalled", "critical"]]), two).status, "OK");
    assert.equal(judge(summaryOf(), auditOf([["stalled", "info"]]), two).status, "OK");
  });

  test("a crash that lasts becomes critical", () => {
    assert.equal(judge(summaryOf({ crashing: 1 }), auditOf([["crashing", "critical"]]), DEFAULTS).status, "CRITICAL");
    const own = { crashing: { critical: readRange("5", "") } };
    assert.equal(judge(summaryOf({ crashing: 1 }), auditOf([["crashing", "critical"]]), own).status, "OK");
  });

  test("a blind spot is a warning", () => {
    assert.equal(judge(summaryOf(), auditOf([], 1), DEFAULTS).status, "WARNING");
  });
});

describe("the output", () => {
  test("one line, performance data, and details without bars", () => {
    const verdict = judge(summaryOf({ failed: 2 }), auditOf([["stalled", "critical"]]), DEFAULTS);
    const [first = "", ...details] = messageOf(verdict, DEFAULTS, 8, ["2: a | b (\x1b[31mc)"]).split("\n");
    assert.match(
      first,
      /^COUCHDB REPLICATION CRITICAL - 2 failed, 1 stalled \| failed=2;0;0;0 error=0;;;0 crashing=0;0;;0 /,
    );
    assert.doesNotMatch(first, /changes_pending/, "unknown is absent");
    assert.match(first, / stalled=1;;;0 no_task=0;;;0 /);
    assert.deepEqual(details, ["2: a ¦ b (\\u001b[31mc)"]);
  });

  test("at most 4 kB, in whole lines", () => {
    const verdict = judge(summaryOf({ failed: 2 }), undefined, DEFAULTS);
    const text = messageOf(
      verdict,
      DEFAULTS,
      8,
      Array.from({ length: 100 }, (_, at) => `${at}: ${"é".repeat(100)}`),
    );
    assert.ok(Buffer.byteLength(text) < 4096);
    assert.ok(Buffer.byteLength(text) > 3800);
    assert.match(text, /é\n…$/);
    assert.ok(Buffer.byteLength(failure("UNKNOWN", `${"é|".repeat(9000)}\nmore`)) < 4096);
    assert.doesNotMatch(failure("UNKNOWN", "a|b"), /\|/);
  });
});

describe("the command", () => {
  test("CRITICAL for a failed replication, with its cause", async (t) => {
    const { env, database } = await endedReplications(t);
    const { code, stdout, stderr } = await cli(["check", "-d", database], { env });
    assert.deepEqual([code, stderr], [2, ""]);
    const [first = "", ...details] = stdout.trimEnd().split("\n");
    assert.match(first, /^COUCHDB REPLICATION CRITICAL - 1 failed \| failed=1;0;0;0 error=0;0;;0 crashing=0;0;;0 /);
    assert.match(details.join("\n"), /^1: The source .* \(broken\)$/);
  });

  test("thresholds", async (t) => {
    const { env, database } = await endedReplications(t);
    /** @type {[string[], number, RegExp][]} */
    const cases = [
      [["-w", "1", "-c", "2"], 0, / OK - 3 replications, nothing to report \| .*unhealthy=1;1;2;0/],
      [["-w", "0", "-c", "2"], 1, / WARNING - 1 unhealthy \|/],
      [["-c", "failed=1"], 0, / OK - /],
      [["-c", "failed=1", "-w", "completed=@2:5"], 1, / WARNING - 2 completed \|/],
      [["-c", "failed=1", "-w", "changes_pending=5"], 3, / UNKNOWN - changes_pending unknown \|/],
    ];
    for (const [args, expected, line] of cases) {
      const { code, stdout } = await cli(["check", "-d", database, ...args], { env });
      assert.match(stdout, line);
      assert.equal(code, expected);
    }
  });

  test("all that fails is on stdout, with the code of the plugins", async (t) => {
    const { env, url } = await serverOnPort(t);
    const nobody = url.replace("//", "//nobody-at-all:wrong@");
    /** @type {[string[], NodeJS.ProcessEnv, number, RegExp][]} */
    const cases = [
      [[], {}, 3, /^COUCHDB REPLICATION UNKNOWN - No server is named/],
      [["--warnin", "5"], env, 3, /UNKNOWN - check: unknown option --warnin; did you mean --warning\?/],
      [["-w", "x"], env, 3, /UNKNOWN - -w: "x" is not a range/],
      [["-w", "faild=1"], env, 3, /UNKNOWN - -w: unknown metric "faild"; did you mean failed\?/],
      [["-d", "nowhere/_replicator"], env, 3, /UNKNOWN - 404 not_found/],
      [[], { COUCHDB_URL: nobody }, 3, /UNKNOWN - 401 unauthorized/],
      [[], { COUCHDB_URL: "http://127.0.0.1:9" }, 2, /CRITICAL - cannot connect to the server|CRITICAL - .*bad port/],
    ];
    for (const [args, each, expected, line] of cases) {
      const { code, stdout, stderr } = await cli(["check", ...args], { env: each });
      assert.match(stdout, line);
      assert.deepEqual([code, stderr], [expected, ""], stdout);
    }
  });

  testOfSimulator("a server that does not respond in time", async (t) => {
    const { env, simulator } = await serverOnPort(t, { docs: 60, clock: { speed: 1 } });
    simulator?.fail({ path: "/_scheduler/docs", stallAfter: 100, times: Number.POSITIVE_INFINITY });
    const { code, stdout } = await cli(["check", "-t", "1"], { env });
    assert.deepEqual([code, stdout], [2, "COUCHDB REPLICATION CRITICAL - no result within 1 s\n"]);
  });

  testOfSimulator("never builds rows: memory is level, and the output short", async (t) => {
    const { env } = await serverOnPort(t, { docs: 10_000 });
    for (const command of ["summary", "check"]) {
      const { code, stdout, stderr } = await cli([command], { env, node: ["--max-old-space-size=16"] });
      assert.deepEqual([code, stderr], [command === "check" ? 2 : 0, ""]);
      assert.ok(Buffer.byteLength(stdout) < 4096);
    }
  });
});

describe("--state", () => {
  testOfSimulator("one look suspects, and the next one confirms", async (t) => {
    const { env, simulator, request } = await serverOnPort(t, { docs: 0 });
    await request("PUT", "/orders");
    await request("PUT", "/_replicator/copy", {
      source: `${env.COUCHDB_URL}/orders`,
      target: `${env.COUCHDB_URL}/copy`,
      create_target: true,
      continuous: true,
    });
    simulator?.clock.advance(120_000);
    const state = join(FOLDER, "state.json");
    const check = () => cli(["check", "--state", state], { env });
    assert.equal((await check()).code, 0);
    assert.equal(statSync(state).mode & 0o777, 0o600);
    simulator?.provoke.stick("copy");
    for (let at = 0; at < 5; at++) await request("PUT", `/orders/new-${at}`, {});
    simulator?.clock.advance(10 * 60_000);
    const suspected = await check();
    assert.equal(suspected.code, 0, suspected.stdout);
    simulator?.clock.advance(5 * 60_000);
    const confirmed = await check();
    assert.notEqual(confirmed.code, 0);
    assert.match(confirmed.stdout, /- 1 stalled \|[\s\S]*\nstalled copy: /);
  });

  testOfSimulator("a file of something else is not overwritten; one of another server begins anew", async (t) => {
    const { env } = await serverOnPort(t, { docs: 0 });
    const foreign = join(FOLDER, "foreign.json");
    writeFileSync(foreign, '{ "important": true }');
    const { code, stdout } = await cli(["check", "--state", foreign], { env });
    assert.match(stdout, /UNKNOWN - --state: .* is not a file that this program wrote/);
    assert.equal(code, 3);
    assert.equal(readFileSync(foreign, "utf8"), '{ "important": true }');
    const other = join(FOLDER, "other.json");
    writeFileSync(
      other,
      JSON.stringify({ server: "http://elsewhere", database: "_replicator", snapshot: { version: 0 } }),
    );
    assert.equal((await cli(["check", "--state", other], { env })).code, 0);
    assert.match(readFileSync(other, "utf8"), /127\.0\.0\.1/);
    const device = await cli(["check", "--state", "/dev/null"], { env });
    assert.match(device.stdout, /UNKNOWN - --state: .*\/dev\/null is not a file/);
    const missing = await cli(["check", "--state", "/nowhere/at/all.json"], { env });
    assert.match(missing.stdout, /UNKNOWN - --state: cannot write the file/);
    assert.ok(!existsSync("/nowhere"));
  });
});
