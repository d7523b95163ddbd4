// @ts-check
// `npm start`, which is `serve` after a build: its output, the flags it refuses, its end, and the environment of the programs
// that scripts start.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { hashPassword } from "../../pkg/serve/password.js";
import { fromRoot } from "../../scripts/lib/paths.js";
import { couch, upstream } from "./stage.js";

/**
 * Runs a script until it ends. `until` is called with its output so far.
 *
 * @param {string} script
 * @param {Record<string, string>} env
 * @param {string[]} [args]
 * @param {(text: string, child: import("node:child_process").ChildProcess) => void} [until] by default, ends it once it runs
 * @param {string} [input]
 */
async function output(script, env, args = [], until = endOnceRunning, input = "") {
  const child = spawn(process.execPath, [fromRoot("scripts", script), ...args], {
    env: { ...process.env, COUCHDB_URL: "", ...env },
  });
  let text = "";
  let stdout = "";
  let isRunning = false;
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (/** @type {string} */ piece) => {
      text += piece;
      if (stream === child.stdout) stdout += piece;
      if (isRunning || !text.includes("Ctrl-C ends it.")) return;
      isRunning = true;
      until(text, child);
    });
  }
  child.stdin.end(input);
  const [code, signal] = await once(child, "close");
  return { code, signal, text, stdout };
}

/** By its address, as in stage.js. @param {string} text */
const urlIn = (text) => /http:\/\/localhost:\d+/.exec(text)?.[0].replace("localhost", "127.0.0.1");

/** @param {string} _ @param {import("node:child_process").ChildProcess} child */
const endOnceRunning = (_, child) => child.kill("SIGTERM");

const COUCHDB_URL = "http://admin:s3cret@127.0.0.1:1/prefix";
const ANY_PORT = ["--port", "0"];

test("prints what it shows and allows, but never the password, and ends with 0", async () => {
  const reads = await output("start.js", { COUCHDB_URL }, ANY_PORT);
  assert.match(
    reads.text,
    /Shows http:\/\/127\.0\.0\.1:1\/prefix at http:\/\/localhost:\d+\nIt is read-only.*--allow-writes/,
  );
  assert.match(reads.stdout, /^http:\/\/localhost:\d+$/m, "its URL, for programs");
  assert.equal(reads.code, 0);
  assert.doesNotMatch(reads.text, /s3cret|WARNING/);
  const open = ["--allow-writes", "--host", "0.0.0.0", "--behind-proxy"];
  const { text } = await output("start.js", { COUCHDB_URL }, [...ANY_PORT, ...open]);
  assert.match(text, /It allows changes/);
  assert.match(text, /WARNING: other machines can reach it.*read and change replications/);
  assert.doesNotMatch(text, /s3cret/);
  const demo = await output("start.js", {}, ANY_PORT);
  assert.match(demo.text, /Shows a simulated server at/);
  assert.doesNotMatch(demo.text, /WARNING|read-only/);
  const chosen = await output("start.js", { COUCHDB_URL }, [...ANY_PORT, "--demo"]);
  assert.match(chosen.text, /Shows a simulated server at/);
});

test("says who can reach it if visitors need a password", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "visitors-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "visitors");
  writeFileSync(file, `ops:${await hashPassword("pw")}\n`);
  const flags = ["serve", ...ANY_PORT, "--behind-proxy", "--auth-file", file];
  const open = await output("../pkg/cli/main.js", { COUCHDB_URL }, [...flags, "--host", "0.0.0.0"]);
  assert.match(open.text, /Other machines can reach it, with a name and a password of --auth-file/);
  assert.doesNotMatch(open.text, /WARNING/);
  const local = await output("../pkg/cli/main.js", { COUCHDB_URL }, flags);
  assert.doesNotMatch(local.text, /ther machines/);
});

test("a request that is under way is answered before it ends", async () => {
  /** @type {(text: string) => void} */
  let answer = () => {};
  const asked = new Promise((resolve) => {
    answer = resolve;
  });
  /** @type {(value: import("node:http").ServerResponse) => void} */
  let arrived = () => {};
  const arrival = new Promise((resolve) => {
    arrived = resolve;
  });
  const host = await upstream((_, response) => arrived(response));
  const end = output("start.js", { COUCHDB_URL: `http://admin:x@${host}` }, ANY_PORT, async (text, child) => {
    const url = urlIn(text);
    const response = fetch(`${url}/couchdb/_session`);
    const held = /** @type {import("node:http").ServerResponse} */ (await arrival);
    child.kill("SIGINT");
    // It listens no more, which shows that the signal has arrived.
    while (
      await fetch(`${url}/healthz`).then(
        () => true,
        () => false,
      )
    )
      await new Promise(setImmediate);
    held.end('{"ok":true,"userCtx":{"name":"admin","roles":[]}}');
    answer(await (await response).text());
  });
  assert.match(/** @type {string} */ (await asked), /"name":"admin"/);
  assert.equal((await end).code, 0);
});

test("each change is a line of JSON on standard error", async () => {
  const { withAdmin } = await couch();
  const { text } = await output(
    "start.js",
    { COUCHDB_URL: withAdmin },
    [...ANY_PORT, "--allow-writes"],
    (text, child) => {
      const url = urlIn(text);
      const body = JSON.stringify({ source: "http://u:s3cret@a.example/x", target: "http://b.example/x" });
      const headers = { "Content-Type": "application/json" };
      fetch(`${url}/couchdb/_replicator/new`, { method: "PUT", body, headers }).finally(() => child.kill("SIGTERM"));
    },
  );
  const line = JSON.parse(text.split("\n").find((line) => line.startsWith("{")) ?? "");
  assert.ok(Date.parse(line.time) <= Date.now());
  assert.deepEqual(
    { ...line, time: "" },
    {
      time: "",
      event: "change",
      method: "PUT",
      database: "_replicator",
      doc_id: "new",
      status: 201,
      visitor: null,
      address: line.address,
    },
  );
  assert.match(line.address, /^(::ffff:)?127\.0\.0\.1$|^::1$/);
  assert.doesNotMatch(text, /s3cret/);
});

test("refuses invalid options, without showing a password", async () => {
  for (const [env, words, args = []] of /** @type {[Record<string, string>, RegExp, string[]?][]} */ ([
    [{ COUCHDB_URL: "admin:s3cret@localhost" }, /COUCHDB_URL must be a URL/],
    [{ COUCHDB_URL: "http://admin:s3c/s3cret@localhost:5984" }, /COUCHDB_URL must be a URL/],
    [
      { COUCHDB_URL: "http://admin:12/s3cret@localhost:5984" },
      /COUCHDB_URL must be a URL whose password is percent-encoded: \/ as %2F/,
    ],
    [
      { COUCHDB_URL: "http://admin:12?s3cret@localhost:5984" },
      /COUCHDB_URL must be a URL whose password is percent-encoded: \/ as %2F/,
    ],
    [
      { COUCHDB_URL: "http://admin:12#s3cret@localhost:5984" },
      /COUCHDB_URL must be a URL whose password is percent-encoded: \/ as %2F/,
    ],
    [{}, /--port: "65536" is not a whole number from 0 to 65535/, ["--port", "65536"]],
    [{}, /--port: "x" is not a whole number from 0 to 65535/, ["--port", "x"]],
    [{}, /--allow-write\b.*--allow-writes/s, ["--allow-write"]],
    [{}, /--host 0\.0\.0\.0 is open to other machines: it needs --auth-file.*--behind-proxy/, ["--host", "0.0.0.0"]],
    [{}, /The password is empty/, ["--hash-password"]],
  ])) {
    const { code, text } = await output("start.js", env, args);
    assert.notEqual(code, 0);
    assert.match(text, words);
    assert.doesNotMatch(text, /s3c|\n {4}at /);
  }
});

/** Instead of starting a program, prints its environment. */
const SPY = `
import childProcess from "node:child_process";
import { syncBuiltinESMExports } from "node:module";
childProcess.spawn = (_, __, options) => {
  const names = Object.keys(options?.env ?? process.env).filter((name) => /^COUCHDB_/i.test(name));
  process.stdout.write("would know: [" + names + "]\\n", () => process.exit(0));
  throw new Error("nothing is started");
};
syncBuiltinESMExports();
`;

for (const [script, ...args] of [["setup.js"], ["test.js", "lint"], ["build-www.js"], ["docs.js"]]) {
  test(`the programs that ${script} starts do not get COUCHDB_URL`, async () => {
    const env = {
      COUCHDB_URL,
      COUCHDB_PASSWORD: "s3cret",
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(SPY)}`,
    };
    const { text } = await output(script ?? "", env, args);
    assert.match(text, /would know: \[\]/);
  });
}
