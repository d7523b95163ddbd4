// @ts-check
// What is different in a terminal: the width, colors, progress, Ctrl-C; and what happens when the reader goes.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { Scheduler } from "couchdb-scheduler";
import { widthOf } from "../../pkg/cli/output/text.js";
import { all } from "../support/promises.js";
import { testOfSimulator } from "../support/server.js";
import { cli, endedReplications, inTerminal, onTerminal, serverOnPort, started } from "./command-line.js";

const FOLDER = mkdtempSync(join(tmpdir(), "couchdb-scheduler-terminal-"));
after(() => rmSync(FOLDER, { recursive: true, force: true }));

const ESCAPE = "\x1b";
const SGR = new RegExp(`${ESCAPE}\\[\\d+m`, "g");

/** Without colors. @param {string} screen */
const bare = (screen) => screen.replace(SGR, "");

const RED = "\x1b[31m✗ failed\x1b[39m";

describe("in a terminal", inTerminal, () => {
  for (const columns of [60, 80, 120, 200]) {
    test(`a table is fitted to ${columns} columns`, async (t) => {
      const { env, database } = await endedReplications(t);
      const { code, screen } = await onTerminal(["list", "-d", database], { env, columns });
      assert.equal(code, 0);
      const lines = bare(screen).trimEnd().split("\n");
      assert.equal(lines.length, 4);
      for (const line of lines) assert.ok(line.length <= columns, line);
      assert.match(lines[1] ?? "", /^✗ failed .*broken/);
      // The longest text uses what there is.
      assert.ok(Math.max(...lines.map((line) => line.length)) >= Math.min(columns, 120) - 1, lines.join("\n"));
      if (columns < 120) assert.match(lines[1] ?? "", /…$/);
    });
  }

  test("states have colors and signs; --color and the environment decide", async (t) => {
    const { env, database } = await endedReplications(t);
    /** @type {[string[], NodeJS.ProcessEnv, boolean][]} */
    const cases = [
      [[], {}, true],
      [[], { NO_COLOR: "1" }, false],
      [[], { NO_COLOR: "" }, true],
      [[], { TERM: "dumb" }, false],
      [[], { FORCE_COLOR: "0" }, false],
      [["--color", "never"], { FORCE_COLOR: "1" }, false],
      [["--color", "always"], { NO_COLOR: "1" }, true],
    ];
    for (const [args, more, expected] of cases) {
      const { screen } = await onTerminal(["list", "-d", database, ...args], { env: { ...env, ...more } });
      assert.equal(screen.includes(RED), expected, JSON.stringify([args, more]));
      assert.match(bare(screen), /^✗ failed/m);
      if (!expected) assert.ok(!screen.includes("\x1b"));
    }
  });

  testOfSimulator("progress is shown on stderr after a second, and removed", async (t) => {
    const { env, simulator } = await serverOnPort(t, { docs: 3_000, clock: { speed: 1 } });
    // The rest of the list comes when the progress has been seen.
    simulator?.fail({ path: "/_scheduler/docs", delay: 1_500, after: 1 });
    const stdout = join(FOLDER, "list");
    const { code, screen } = await onTerminal(["list", "--plain"], { env, files: { stdout } });
    assert.equal(code, 0);
    assert.match(screen.replaceAll("\r\x1b[K", "<redrawn>"), /<redrawn>[\d,]+ documents/);
    assert.ok(screen.endsWith("\r\x1b[K"), JSON.stringify(screen.slice(-80)));
    assert.equal(readFileSync(stdout, "utf8").trimEnd().split("\n").length, 3_000);
  });

  testOfSimulator("each command that reads says after a second what it waits for", async (t) => {
    const { env, simulator } = await serverOnPort(t, { docs: 3, clock: { speed: 1 } });
    const [row] = await all(new Scheduler(env.COUCHDB_URL ?? "").docs());
    const doc = row?.doc_id ?? "";
    for (const [args, words] of /** @type {[string[], RegExp][]} */ ([
      [["list"], /waiting for documents/],
      [["jobs"], /waiting for jobs/],
      [["capacity"], /waiting for jobs and nodes/],
      [["show", doc], /waiting for the document/],
      [["metrics"], /waiting for documents, jobs and nodes/],
    ])) {
      simulator?.fail({ path: "/_scheduler", delay: 1_500 });
      const { code, screen } = await onTerminal(args, { env });
      assert.equal(code, 0, screen);
      const [before, ...after] = screen.split("\r\x1b[K");
      assert.equal(before, "", args[0]);
      assert.match(after[0] ?? "", words);
      assert.doesNotMatch(after.at(-1) ?? "", words);
    }
  });

  test("no progress where nobody looks on", async (t) => {
    const { env, database } = await endedReplications(t);
    const stderr = join(FOLDER, "errors");
    await onTerminal(["summary", "-d", database], { env, files: { stderr } });
    assert.equal(readFileSync(stderr, "utf8"), "");
  });

  testOfSimulator("stop asks, and does nothing without a yes", async (t) => {
    for (const [input, expected] of /** @type {const} */ ([
      ["n\n", /Nothing was changed\./],
      ["\n", /Nothing was changed\./],
      ["\x04", /Nothing was changed\./],
      ["yes\n", /✓.* broken: stopped/],
    ])) {
      const { env, database, request } = await endedReplications(t);
      const { code, screen } = await onTerminal(["stop", "broken", "-d", database], { env, input });
      assert.match(screen, /Stop broken in test\/_replicator of http:\S+\? \[y\/N\] /);
      assert.match(screen, expected);
      const isLeft = await request("GET", "/test%2F_replicator/broken").then(
        () => true,
        () => false,
      );
      assert.deepEqual([code, isLeft], input === "yes\n" ? [0, false] : [1, true]);
    }
  });

  test("start asks, without the passwords in the document", async () => {
    const document = join(FOLDER, "document.json");
    const ends = { source: "https://bob:s3cret-1@one.example/a", target: { url: "https://two.example/b?key=x" } };
    writeFileSync(document, JSON.stringify(ends));
    const env = { COUCHDB_URL: "http://admin:pass-w0rd@127.0.0.1:9" };
    const { code, screen } = await onTerminal(["start", "--document", document], { env, input: "n\n" });
    assert.match(
      screen,
      /^Start a replication from https:\/\/\S+one\.example\/a to https:\/\/two\.example\/b\?key=\S+ in _replicator of /,
    );
    assert.doesNotMatch(screen, /s3cret-1|pass-w0rd/);
    assert.equal(code, 1);
  });

  testOfSimulator("Ctrl-C while it asks", async (t) => {
    const { env, database } = await endedReplications(t);
    const { code } = await onTerminal(["stop", "broken", "-d", database], { env, input: "\x03" });
    assert.equal(code, 130);
  });
});

describe("in a pipe", () => {
  test("no colors, unless they are forced", async (t) => {
    const { env, database } = await endedReplications(t);
    /** @type {[string[], NodeJS.ProcessEnv, boolean][]} */
    const cases = [
      [[], {}, false],
      [["--color=always"], {}, true],
      [[], { FORCE_COLOR: "1" }, true],
      [[], { FORCE_COLOR: "1", NO_COLOR: "1" }, false],
    ];
    for (const [args, more, expected] of cases) {
      const { stdout } = await cli(["list", "-d", database, ...args], { env: { ...env, ...more } });
      assert.equal(stdout.includes(RED), expected, JSON.stringify([args, more]));
    }
  });
});

describe("signals", () => {
  for (const [signal, expected] of /** @type {const} */ ([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ])) {
    testOfSimulator(`${signal} ends the requests, quietly: ${expected}`, async (t) => {
      const { env, simulator } = await serverOnPort(t, { docs: 60, clock: { speed: 1 } });
      simulator?.fail({ path: "/_scheduler/jobs", stallAfter: 100 });
      const { child, ended } = started(["jobs"], { env });
      while (simulator?.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
      child.kill(signal);
      const { code, stderr } = await ended;
      assert.deepEqual([code, stderr], [expected, ""]);
    });
  }

  testOfSimulator("a watch ends by Ctrl-C", async (t) => {
    const { env } = await serverOnPort(t, { docs: 60 });
    const { child, ended, printed } = started(["watch"], { env });
    await printed("stdout", /\n/);
    child.kill("SIGINT");
    assert.equal((await ended).code, 130);
  });
});

describe("Ctrl-C in a terminal", inTerminal, () => {
  testOfSimulator("ends a watch: 130", async (t) => {
    const { env } = await serverOnPort(t, { docs: 60 });
    const { code, screen } = await onTerminal(["watch"], { env, input: "\x03", when: /running/ });
    assert.equal(code, 130);
    assert.doesNotMatch(screen, /[Ee]rror:|unexpected/);
  });

  test("ends serve: 0", async () => {
    const { code, screen } = await onTerminal(["serve", "--demo", "--port", "0"], {
      input: "\x03",
      when: /Ctrl-C ends it/,
    });
    assert.match(screen, /^http:\/\/localhost:\d+\nShows a simulated server at http:\S+\nCtrl-C ends it\.\n/);
    assert.equal(code, 0);
  });
});

describe("every command in a terminal", inTerminal, () => {
  const COLUMNS = 100;
  /** What is not a table has lines as long as they are. @type {[args: string[], isTable: boolean, code?: number][]} */
  const lines = [
    [["summary"], true],
    [["list"], true],
    [["jobs"], true],
    [["incidents"], true],
    [["audit"], true],
    [["lag"], true],
    [["capacity"], true],
    [["show", "own"], false],
    [["verify", "own"], false],
    [["wait", "own", "--until", "running,pending"], false],
    [["check"], false, 2],
    [["metrics"], false],
    [["completion", "bash"], false],
    [["start", "a", "b", "--dry-run"], false],
    [["stop", "own", "--dry-run"], false],
    [["restart", "own", "--dry-run"], false],
    [["update", "own", "--changes", "/nowhere", "--dry-run"], false, 2],
    [["list", "-h"], false],
  ];

  testOfSimulator("prints there what it prints elsewhere", async (t) => {
    const { env, request, simulator } = await serverOnPort(t, { docs: 60 });
    const end = (/** @type {string} */ name) => `${env.COUCHDB_URL}/${name}`;
    await request("PUT", "/own");
    await request("PUT", "/_replicator/own", {
      source: end("own"),
      target: end("own-copy"),
      create_target: true,
      continuous: true,
    });
    simulator?.clock.advance(120_000);
    for (const [args, isTable, expected = 0] of lines) {
      const elsewhere = await cli(args, { env });
      const { code, screen } = await onTerminal(args, { env, columns: COLUMNS });
      assert.deepEqual([code, elsewhere.code], [expected, expected], args.join(" "));
      const text = bare(screen).trimEnd().split("\n");
      const plain = (elsewhere.stdout + elsewhere.stderr).trimEnd().split("\n");
      assert.equal(text.length, plain.length, args.join(" "));
      assert.deepEqual(
        text.map((line) => line.slice(0, 4)),
        plain.map((line) => line.slice(0, 4)),
        args.join(" "),
      );
      if (isTable)
        assert.deepEqual(
          text.filter((line) => widthOf(line) > COLUMNS),
          [],
          args.join(" "),
        );
    }
  });
});
